import { useMemo } from 'react';
import { paintValues } from '../../core/cube/colourMaps';
import type { Reconstruction } from '../../engine/api';
import type { Difference, EditedImage, LatentPosition } from '../../engine/bits';
import type { BitsView } from '../../state/bits';
import { useStudio, useStudioStore } from '../../state/react';
import type { Result } from '../../state/result';
import { ProgressBar } from '../../ui/blocks';
import { Button, Segmented } from '../../ui/controls';
import { unitOf } from '../figureCaption';
import { LostTiles } from '../stage/LostTiles';
import { Pane } from '../stage/Pane';
import { PaneProblem } from '../stage/PaneParts';
import { BlockMark } from './BlockMark';
import { bandOf, endsOf, limitsOf, planeOf, tableOf } from './differences';
import { EffectExport } from './EffectExport';
import { Legend } from './Legend';
import { useBitsOfFile, useDecodedPicture } from './useBits';
import type { useJob } from './useJob';
import { valueText } from './words';

type Running<T> = ReturnType<typeof useJob<T>>;

interface EffectFigureProps {
  readonly result: Result;
  readonly edited: Running<EditedImage>;
  readonly footprint: Running<Difference>;
}

/** How far the decode is, over the picture of the one before. */
function Progress({ job }: { job: Running<unknown> }) {
  if (!job.progress) return null;
  return (
    <div className="bits-figure__progress">
      <ProgressBar done={job.progress.done} label="Decoding" />
      <Button variant="quiet" onClick={job.cancel}>
        Cancel
      </Button>
    </div>
  );
}

/** What latents do to the image: the footprint of a block, or the image with edits. */
export function EffectFigure({ result, edited, footprint }: EffectFigureProps) {
  const { reconstruction } = result;
  const store = useStudioStore();
  const view = useStudio((state) => state.bitsView);
  const { block, edits } = useBitsOfFile(reconstruction.id);
  const { setBitsView } = store.getState();
  const job = view.effect === 'footprint' ? footprint : edited;
  const difference = view.effect === 'footprint' ? footprint.value : edited.value?.difference;
  const empty = view.effect === 'footprint' ? !block : edits.length === 0;
  return (
    <figure className="figure bits-figure">
      <figcaption className="caption">
        <Segmented
          label="What the right picture shows"
          value={view.effect}
          choices={[
            { value: 'footprint', label: 'Footprint' },
            { value: 'edited', label: 'Edited' },
            { value: 'difference', label: 'Difference' },
          ]}
          onChange={(effect) => setBitsView({ effect })}
        />
        <span className="caption__aside">
          <EffectExport
            result={result}
            difference={empty ? undefined : difference}
            block={view.effect === 'footprint' ? block : undefined}
            disabled={empty || job.value === undefined}
          />
        </span>
      </figcaption>
      {view.effect === 'edited' ? (
        <EditedPane reconstruction={reconstruction} id={edited.value?.id}>
          <State job={job} empty={empty} effect={view.effect} />
        </EditedPane>
      ) : (
        <DifferencePane
          reconstruction={reconstruction}
          difference={empty ? undefined : difference}
          view={view}
          block={view.effect === 'footprint' ? block : undefined}
        >
          <State job={job} empty={empty} effect={view.effect} />
        </DifferencePane>
      )}
      <div className="bits-figure__foot">
        {view.effect !== 'edited' && (
          <DifferenceScale
            result={result}
            difference={empty ? undefined : difference}
            view={view}
          />
        )}
      </div>
    </figure>
  );
}

const INVITATIONS: Readonly<Record<BitsView['effect'], string>> = {
  footprint: 'Click a block: what its latents add to the image is shown here.',
  edited: 'Change a channel: the file, decoded with it, is shown here.',
  difference: 'Change a channel: edited less unedited is shown here.',
};

function State(props: { job: Running<unknown>; empty: boolean; effect: BitsView['effect'] }) {
  const { job, empty, effect } = props;
  if (job.notice) return <PaneProblem notice={job.notice} />;
  if (job.cancelled) {
    return (
      <div className="pane__middle">
        <Button onClick={job.retry}>Decode again</Button>
      </div>
    );
  }
  if (!empty) return <Progress job={job} />;
  return (
    <div className="pane__middle">
      <p className="muted">{INVITATIONS[effect]}</p>
    </div>
  );
}

interface PaneProps {
  readonly reconstruction: Reconstruction;
  readonly children: React.ReactNode;
}

function useSharedCamera() {
  const store = useStudioStore();
  const camera = useStudio((state) => state.compareCamera);
  const { setCamera } = store.getState();
  return {
    camera,
    onCamera: (next: typeof camera) => setCamera('compare', next),
    onHover: () => {},
    onClick: () => {},
    onArrow: () => {},
  };
}

/** In the colours of the unedited picture, so that what changed is the image. */
function EditedPane(props: PaneProps & { id: string | undefined }) {
  const { reconstruction, id, children } = props;
  const unedited = useDecodedPicture(reconstruction, reconstruction.id, undefined);
  const shared = useSharedCamera();
  const { picture, notice } = useDecodedPicture(
    reconstruction,
    unedited.picture && id,
    unedited.picture?.stretch,
  );
  return (
    <Pane
      {...shared}
      label="Edited image"
      testId="edited"
      image={reconstruction.info}
      picture={picture}
      overlay={(placement) => <LostTiles reconstruction={reconstruction} placement={placement} />}
    >
      <PaneProblem notice={notice} />
      {children}
    </Pane>
  );
}

interface DifferenceProps {
  readonly reconstruction: Reconstruction;
  readonly difference: Difference | undefined;
  readonly view: BitsView;
}

function DifferencePane(
  props: DifferenceProps & PaneProps & { block: LatentPosition | undefined },
) {
  const { reconstruction, difference, view, block, children } = props;
  const shared = useSharedCamera();
  const picture = useMemo(() => {
    if (!difference) return undefined;
    const { width, height, stride } = difference;
    const [low, high] = limitsOf(difference, view.plane);
    const values = planeOf(difference, view.plane);
    const rgba = paintValues(values, [low, high], tableOf(view.plane));
    return { width, height, stride, rgba, stretch: [{ low, high }] };
  }, [difference, view.plane]);
  return (
    <Pane
      {...shared}
      label={view.effect === 'footprint' ? 'Footprint of the latents' : 'Edited less unedited'}
      testId="difference"
      image={reconstruction.info}
      picture={picture}
      overlay={(placement) => (
        <>
          <LostTiles reconstruction={reconstruction} placement={placement} />
          {block && <BlockMark block={block} placement={placement} />}
        </>
      )}
    >
      {children}
    </Pane>
  );
}

interface ScaleProps extends Pick<DifferenceProps, 'difference' | 'view'> {
  readonly result: Result;
}

function DifferenceScale({ result, difference, view }: ScaleProps) {
  const { reconstruction } = result;
  const { setBitsView } = useStudioStore().getState();
  const unit = useStudio((state) => unitOf(state, result));
  const ends = difference && endsOf(difference, view.plane, unit);
  return (
    <>
      <div className="bits-figure__row">
        <Segmented
          label="What of the difference is shown"
          value={view.plane}
          choices={[
            {
              value: 'signed',
              label: difference ? `At ${bandOf(reconstruction, difference)}` : 'One band',
            },
            { value: 'rms', label: 'RMS of all bands' },
          ]}
          onChange={(plane) => setBitsView({ plane })}
        />
        <span className="small muted" data-testid="difference-rmse">
          {difference && `RMS ${valueText(difference.rmse)}`}
        </span>
      </div>
      <Legend
        table={tableOf(view.plane)}
        label="Scale of the difference"
        ends={ends ? [ends.low, ends.high] : ['', '']}
      />
    </>
  );
}
