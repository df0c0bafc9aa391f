import type { ReactNode } from 'react';
import { useStudio } from '../../state/react';
import type { Result } from '../../state/result';
import { ProgressBar } from '../../ui/blocks';
import { Button } from '../../ui/controls';
import { useDecodedPicture } from '../bits/useBits';
import { lostText } from '../lostText';
import { LostTiles } from '../stage/LostTiles';
import { Pane } from '../stage/Pane';
import { PaneCaption, PaneProblem } from '../stage/PaneParts';
import type { RunningOutcome } from './useDamage';

function useSharedCamera() {
  const camera = useStudio((state) => state.compareCamera);
  const setCamera = useStudio((state) => state.setCamera);
  return {
    camera,
    onCamera: (next: typeof camera) => setCamera('compare', next),
    onHover: () => {},
    onClick: () => {},
    onArrow: () => {},
  };
}

/** The file as it was written beside its damaged copy, in the same colours. */
export function DamageFigures({ result, running }: { result: Result; running: RunningOutcome }) {
  const { reconstruction } = result;
  const { id, info } = reconstruction;
  const shared = useSharedCamera();
  const before = useDecodedPicture(reconstruction, id, undefined);
  const failed = running.notice !== undefined || running.cancelled === true;
  const image = failed ? undefined : running.value?.restored?.image;
  const after = useDecodedPicture(
    reconstruction,
    before.picture && image?.id,
    before.picture?.stretch,
  );
  return (
    <>
      <figure className="figure bits-figure">
        <PaneCaption title="The file" detail={lostText(reconstruction)} />
        <Pane
          {...shared}
          label="The file as it is"
          testId="undamaged"
          image={info}
          picture={before.picture}
          overlay={(placement) => (
            <LostTiles reconstruction={reconstruction} placement={placement} />
          )}
        >
          <PaneProblem notice={before.notice} />
        </Pane>
      </figure>
      <figure className="figure bits-figure">
        <PaneCaption
          title="Damaged copy"
          detail={image ? lostText(image) || 'no tile damaged' : ''}
        />
        <Pane
          {...shared}
          label="The damaged copy"
          testId="damaged"
          image={info}
          picture={image && after.picture}
          overlay={(placement) =>
            image && <LostTiles reconstruction={image} placement={placement} />
          }
        >
          <PaneProblem notice={after.notice} />
          <State running={running} />
        </Pane>
      </figure>
    </>
  );
}

function State({ running }: { running: RunningOutcome }) {
  const { value, progress, notice, cancelled, cancel, retry } = running;
  if (notice) return <PaneProblem notice={notice} />;
  if (cancelled) {
    return (
      <Middle>
        <Button onClick={retry}>Read the copy again</Button>
      </Middle>
    );
  }
  if (progress) {
    return (
      <div className="bits-figure__progress">
        <ProgressBar done={progress.done} label="Reading the damaged copy" />
        <Button variant="quiet" onClick={cancel}>
          Cancel
        </Button>
      </div>
    );
  }
  if (value?.restored) return null;
  return (
    <Middle>
      <p className="muted">
        {value?.refusal
          ? 'The copy is refused: there is nothing to show.'
          : 'Damage the copy: what can be restored of it is shown here.'}
      </p>
    </Middle>
  );
}

function Middle({ children }: { children: ReactNode }) {
  return <div className="pane__middle">{children}</div>;
}
