import type { Layout, Shown } from '../../state/canvas';
import { MOST_PANES } from '../../state/panes';
import { useStudio, useStudioStore } from '../../state/react';
import { gradientOf } from '../../ui/ColourBar';
import { Button, Segmented, Select } from '../../ui/controls';
import { DIFFERENCE_MAP } from './heat';
import { useComparedWindow } from './useWindow';

const LAYOUTS: readonly { value: Layout; label: string }[] = [
  { value: 'grid', label: 'Side by side' },
  { value: 'swipe', label: 'Swipe' },
];

const SHOWN: readonly { value: Shown; label: string; detail?: string }[] = [
  { value: 'picture', label: 'Picture' },
  { value: 'shown', label: 'Error, bands shown', detail: 'Mean absolute error at these bands' },
  { value: 'all', label: 'Error, all bands', detail: 'Root mean square error over all bands' },
  { value: 'sam', label: 'Spectral angle', detail: 'Over all bands, in degrees' },
];

const ERROR_LIMITS = [0.02, 0.05, 0.1, 0.2, 0.5];
const ANGLE_LIMITS = [2, 5, 10, 20, 45];

/** How the panes stand, and what they show. */
export function CompareBar() {
  const layout = useStudio((state) => state.layout);
  const shown = useStudio((state) => state.shown);
  const setCanvas = useStudio((state) => state.setCanvas);
  return (
    <div className={shown === 'picture' ? 'compare-bar' : 'compare-bar compare-bar--scaled'}>
      <Segmented
        label="Layout of the panes"
        value={layout}
        choices={LAYOUTS}
        onChange={(next) => setCanvas({ layout: next })}
      />
      <Select
        label="What the panes show"
        value={shown}
        choices={SHOWN}
        onChange={(next) => setCanvas({ shown: next })}
      />
      {shown !== 'picture' && <Scale shown={shown} />}
      <span className="compare-bar__space" />
      <Flicker />
      <CloseUpButton />
      <AddPane />
    </div>
  );
}

/** The colours of the map; its full scale is chosen. */
function Scale({ shown }: { shown: Shown }) {
  const error = useStudio((state) => state.errorLimit);
  const angle = useStudio((state) => state.angleLimit);
  const setCanvas = useStudio((state) => state.setCanvas);
  const angles = shown === 'sam';
  const limits = angles ? ANGLE_LIMITS : ERROR_LIMITS;
  const words = (limit: number) => (angles ? `${limit}°` : `${Math.round(100 * limit)} % of range`);
  return (
    <span className="scale">
      0
      <span
        className="scale__bar"
        style={{ background: gradientOf(DIFFERENCE_MAP) }}
        aria-hidden="true"
      />
      <Select
        label="Full scale of the map"
        value={String(angles ? angle : error)}
        choices={limits.map((limit) => ({ value: String(limit), label: words(limit) }))}
        onChange={(value) =>
          setCanvas(angles ? { angleLimit: Number(value) } : { errorLimit: Number(value) })
        }
      />
    </span>
  );
}

function Flicker() {
  const flicker = useStudio((state) => state.flicker);
  const setCanvas = useStudio((state) => state.setCanvas);
  const release = () => setCanvas({ flicker: false });
  return (
    <Button
      variant="quiet"
      aria-label="Hold for the original in every pane"
      aria-pressed={flicker}
      onPointerDown={() => setCanvas({ flicker: true })}
      onPointerUp={release}
      onPointerLeave={release}
      onKeyDown={(event) => event.key === ' ' && setCanvas({ flicker: true })}
      onKeyUp={release}
    >
      <span className="compare-bar__words">Hold for original</span> <kbd>F</kbd>
    </Button>
  );
}

/** Pins the surroundings of the pinned pixel, else of the middle. */
function CloseUpButton() {
  const store = useStudioStore();
  const window = useComparedWindow();
  return (
    <Button
      variant="quiet"
      disabled={!window}
      aria-label="Pin a close-up"
      onClick={() => store.getState().addCloseUp(store.getState().pinned)}
    >
      <span className="compare-bar__words">Close-up</span> <kbd>C</kbd>
    </Button>
  );
}

function AddPane() {
  const full = useStudio((state) => state.panes.length >= MOST_PANES);
  const add = useStudio((state) => state.addPane);
  return (
    <Button icon="plus" disabled={full} data-testid="add-pane" onClick={add}>
      Add pane
    </Button>
  );
}
