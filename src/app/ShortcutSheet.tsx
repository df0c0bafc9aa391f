import { Dialog } from '../ui/blocks';
import { SHORTCUTS } from './shortcuts';

const ON_PICTURES = [
  ['Arrows', 'Move the patch (scene), the last pin (compare), the part held back (tune)'],
  ['Shift + arrows', 'The same by 16 pixels'],
  ['Drag, wheel', 'Pan and zoom both pictures; so do two fingers'],
  ['Click', 'Pin a pixel; click again to release it'],
  ['Shift + drag', 'Draw a region: its mean spectrum and spread'],
  ['L, then clicks', 'Draw a polygon; Enter or a double click closes it, Esc cancels'],
  ['Double click', 'Centre the patch there'],
  ['Arrows, Enter', 'Go from point to point of the curves, open a point’s file'],
  ['Tab, arrows', 'Go to an edge of the part held back, pull it (tune)'],
  ['Arrows, Return', 'Go from channel to channel of the gates, mute one'],
] as const;

export function ShortcutSheet(props: { open: boolean; onOpenChange(open: boolean): void }) {
  return (
    <Dialog title="Keyboard and mouse" {...props}>
      <div className="sheet">
        <dl className="sheet__list">
          {SHORTCUTS.map(({ shown, text }) => (
            <div key={shown}>
              <dt>
                <kbd>{shown}</kbd>
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
        <div>
          <h3 className="sheet__title">On the pictures and curves</h3>
          <dl className="sheet__list sheet__list--pictures">
            {ON_PICTURES.map(([keys, text]) => (
              <div key={keys}>
                <dt>{keys}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </div>
      </div>
    </Dialog>
  );
}
