import type { PixelWindow } from '../../core/cube/types';
import { activePaneOf, currentResult } from '../../state/panes';
import { useStudio } from '../../state/react';
import { ORIGINAL } from '../../ui/chartPalette';
import { Button } from '../../ui/controls';
import { FilePicker } from '../../ui/FilePicker';
import { count } from '../../ui/format';
import { Pane } from '../stage/Pane';
import { PaneCaption, PaneProblem } from '../stage/PaneParts';
import type { usePicture } from '../stage/usePicture';
import { PaneColourBar } from '../view/PaneColourBar';
import { PaneStretch } from '../view/PaneStretch';
import { KEYS } from './CodecFigure';
import type { LinkedProps } from './useLinkedPanes';
import { ORIGINAL_PANE } from './useOriginal';

interface OriginalFigureProps {
  readonly window: PixelWindow;
  readonly linked: LinkedProps;
  readonly original: ReturnType<typeof usePicture>;
}

export function OriginalFigure({ window, linked, original }: OriginalFigureProps) {
  return (
    <figure className="figure">
      <PaneCaption
        title="Original"
        swatch={ORIGINAL}
        detail={<OriginalDetail window={window} />}
        aside={<PaneStretch paneKey={ORIGINAL_PANE} name="original" />}
      />
      <Pane {...linked} label={`Original. ${KEYS}`} testId="original" picture={original.picture}>
        <PaneProblem notice={original.notice} />
        <PaneColourBar picture={original.picture} />
        <NoOriginal />
      </Pane>
    </figure>
  );
}

function OriginalDetail({ window }: { window: PixelWindow }) {
  const cube = useStudio((state) => state.cube);
  const placed = useStudio((state) => {
    const result = currentResult(state);
    return !result || result.original !== undefined;
  });
  if (!cube) return 'not open';
  if (!placed) return 'not compared yet';
  const whole = cube.info.width === window.width && cube.info.height === window.height;
  const where = whole ? 'pixels, the whole scene' : `at (${window.x}, ${window.y})`;
  return `${count(window.width)} × ${count(window.height)} ${where}`;
}

/** The way to an original while a file is shown without one. */
function NoOriginal() {
  const cube = useStudio((state) => state.cube);
  const alone = useStudio((state) => {
    const { result } = activePaneOf(state);
    return result !== undefined && !result.original;
  });
  const comparing = useStudio((state) => state.comparing);
  const compare = useStudio((state) => state.compareWithCube);
  const openFiles = useStudio((state) => state.openFiles);
  if (!alone) return null;
  return (
    <div className="pane__middle">
      <p className="muted">
        {cube
          ? `Find the decoded image in ${cube.info.name} and compare.`
          : 'Open the original to compare it with the decoded image.'}
      </p>
      {cube ? (
        <Button disabled={comparing} onClick={compare}>
          {comparing ? 'Comparing…' : `Compare with ${cube.info.name}`}
        </Button>
      ) : (
        <FilePicker label="The original of the decoded image" onFiles={openFiles}>
          Compare with…
        </FilePicker>
      )}
    </div>
  );
}
