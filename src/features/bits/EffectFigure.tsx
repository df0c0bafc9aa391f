import { useMemo } from 'react';
import type { Reconstruction } from '../../engine/api';
import type { Difference, EditedImage, LatentPosition } from '../../engine/bits';
import { bandAxis, bandLabel } from '../../state/bands';
import type { BitsView } from '../../state/bits';
import { useStudio, useStudioStore } from '../../state/react';
import type { Result } from '../../state/result';
import { ProgressBar } from '../../ui/blocks';
import { Button, Segmented } from '../../ui/controls';
import { Pane } from '../stage/Pane';
import { PaneProblem } from '../stage/PaneParts';
import { BlockMark } from './BlockMark';
import { DIVERGING, paint, SEQUENTIAL } from './colours';
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
            reconstruction={reconstruction}
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
    >
      <PaneProblem notice={notice} />
      {children}
    </Pane>
  );
}

/** Ends of the colour map for a difference: even to both sides of zero where it has a sign. */
function limitsOf({ signed, rms }: Difference, plane: BitsView['plane']): [number, number] {
  const values = plane === 'signed' ? signed : rms;
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  return [plane === 'signed' ? -most : 0, most];
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
    const { width, height, stride, signed, rms } = difference;
    return paint(
      { width, height, stride },
      view.plane === 'signed' ? signed : rms,
      limitsOf(difference, view.plane),
      view.plane === 'signed' ? DIVERGING : SEQUENTIAL,
    );
  }, [difference, view.plane]);
  return (
    <Pane
      {...shared}
      label={view.effect === 'footprint' ? 'Footprint of the latents' : 'Edited less unedited'}
      testId="difference"
      image={reconstruction.info}
      picture={picture}
      overlay={(placement) => block && <BlockMark block={block} placement={placement} />}
    >
      {children}
    </Pane>
  );
}

function DifferenceScale({ reconstruction, difference, view }: DifferenceProps) {
  const { setBitsView } = useStudioStore().getState();
  const { info, codedBands } = reconstruction;
  const unit = info.units ? ` ${info.units}` : '';
  const [low, high] = difference ? limitsOf(difference, view.plane) : [0, 0];
  const axis = bandAxis(info, codedBands);
  const at = difference ? bandLabel(axis, axis.bands[difference.band]) : 'One band';
  return (
    <>
      <div className="bits-figure__row">
        <Segmented
          label="What of the difference is shown"
          value={view.plane}
          choices={[
            { value: 'signed', label: difference ? `At ${at}` : at },
            { value: 'rms', label: 'RMS of all bands' },
          ]}
          onChange={(plane) => setBitsView({ plane })}
        />
        <span className="small muted" data-testid="difference-rmse">
          {difference && `RMS ${valueText(difference.rmse)}${unit}`}
        </span>
      </div>
      <Legend
        map={view.plane === 'signed' ? DIVERGING : SEQUENTIAL}
        label="Scale of the difference"
        ends={difference ? [valueText(low), `${valueText(high)}${unit}`] : ['', '']}
      />
    </>
  );
}
