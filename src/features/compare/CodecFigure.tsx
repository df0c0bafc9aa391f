import type { PixelWindow } from '../../core/cube/types';
import type { Picture } from '../../engine/api';
import { fitsWindow } from '../../state/canvas';
import { activePaneOf, type CodecPane } from '../../state/panes';
import { useStudio } from '../../state/react';
import { Button } from '../../ui/controls';
import { LostTiles } from '../stage/LostTiles';
import { Pane } from '../stage/Pane';
import { PaneProblem } from '../stage/PaneParts';
import { usePictureView } from '../stage/pictureView';
import { usePicture } from '../stage/usePicture';
import { PaneColourBar } from '../view/PaneColourBar';
import { CodecCaption } from './CodecCaption';
import { Outcome } from './Outcome';
import { useDifference } from './useDifference';
import type { LinkedProps } from './useLinkedPanes';
import { type Look, sourceOf } from './useWindow';

interface CodecFigureProps {
  readonly pane: CodecPane;
  readonly number: number;
  readonly window: PixelWindow;
  readonly linked: LinkedProps;
  readonly look: Look;
  /** Shown in place of everything while it is there. */
  readonly instead: Picture | undefined;
}

export const KEYS = 'Arrow keys move the pinned pixel.';

/** What a pane of a codec shows: its picture, or its differences from the original. */
export function usePaneView(pane: CodecPane, window: PixelWindow, look: Look) {
  const pictureView = usePictureView();
  const shown = useStudio((state) => state.shown);
  const fits = useStudio((state) => fitsWindow(pane, window, state.cube?.id));
  const alone = !pane.result?.original;
  const kind = alone || !fits ? 'picture' : shown;
  const source = fits ? sourceOf(pane, pictureView) : undefined;
  const picture = usePicture(source && { ...source, ...look.of(pane.id) });
  const difference = useDifference(pane, window, kind);
  // The picture stays until the map has come.
  const mapped = kind !== 'picture' && (difference.picture || difference.notice);
  return { fits, kind, view: mapped ? difference : picture };
}

/** A codec's pane with its settings above. */
export function CodecFigure(props: CodecFigureProps) {
  const { pane, number, window, linked, look, instead } = props;
  const active = useStudio((state) => activePaneOf(state).id === pane.id);
  const activate = useStudio((state) => state.activatePane);
  const { fits, kind, view } = usePaneView(pane, window, look);
  const label = pane.result?.reconstruction.codecLabel ?? 'Reconstruction';
  return (
    <figure
      className={`figure codec-figure${active ? ' codec-figure--active' : ''}`}
      onPointerDownCapture={() => activate(pane.id)}
      onFocusCapture={() => activate(pane.id)}
    >
      <CodecCaption pane={pane} number={number} />
      <Pane
        {...linked}
        label={`${label}, pane ${number}. ${KEYS}`}
        testId={active ? 'reconstruction' : `reconstruction-${number}`}
        picture={fits ? (instead ?? view.picture) : undefined}
        overlay={(placement) => (
          <>
            {fits && !instead && pane.result && (
              <LostTiles reconstruction={pane.result.reconstruction} placement={placement} />
            )}
            {linked.overlay?.(placement)}
          </>
        )}
      >
        <PaneProblem notice={view.notice} />
        {kind === 'picture' && <PaneColourBar picture={view.picture} />}
        {fits ? <Outcome pane={pane} /> : <Missing pane={pane} />}
      </Pane>
    </figure>
  );
}

/** What stands where a pane has nothing of this patch to show. */
function Missing({ pane }: { pane: CodecPane }) {
  const job = useStudio((state) => state.job);
  const own = useStudio((state) => state.encodingPane === pane.id);
  const ready = useStudio((state) => Boolean(state.cube && state.backend) && !state.job);
  const encode = useStudio((state) => state.encodePane);
  if (job && own) {
    return (
      <div className="pane__middle">
        <p className="muted">{job.label}</p>
      </div>
    );
  }
  return (
    <div className="pane__middle">
      <p className="muted">
        {pane.result
          ? 'Made from another patch.'
          : 'Encode the patch: its bytes, decoded, are shown here.'}
      </p>
      <Button disabled={!ready} onClick={() => encode(pane.id)}>
        Encode here
      </Button>
    </div>
  );
}
