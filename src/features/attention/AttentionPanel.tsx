import { attentionCodec, attentionStale } from '../../state/attention';
import { PATCH_SIZES, type PatchChoice } from '../../state/patch';
import { useStudio } from '../../state/react';
import { Field, NoticeBox, Panel, ProgressBar } from '../../ui/blocks';
import { Button, Select, Slider } from '../../ui/controls';
import { fixed } from '../../ui/format';
import { BandQuestionBox } from '../coding/BandQuestionBox';
import './attention.css';
import { ComparePanel } from './ComparePanel';
import { EditPanel } from './EditPanel';
import { PopulationPanel } from './PopulationPanel';

/** Of what the gates are read, what is changed in them, and what they are compared with. */
export default function AttentionPanel() {
  return (
    <>
      <ReadingPanel />
      <EditPanel />
      <ComparePanel />
      <PopulationPanel />
    </>
  );
}

const SIZE_LABELS: Readonly<Record<string, string>> = {
  whole: 'Whole scene',
  custom: 'Own size',
};

function ReadingPanel() {
  const codecs = useStudio((state) => state.codecs);
  const codec = useStudio(attentionCodec);
  const size = useStudio((state) => state.patchSize);
  const rate = useStudio((state) => state.attentionRate);
  const setCodec = useStudio((state) => state.setAttentionCodec);
  const setSize = useStudio((state) => state.setPatchSize);
  const setRate = useStudio((state) => state.setAttentionRate);
  const able = codecs.filter(({ attention }) => attention);
  const [low, high] = codec?.rateRange ?? [0, 1];
  const own = size === 'whole' || size === 'custom' ? [size] : [];
  const sizes: PatchChoice[] = [...PATCH_SIZES, ...own];
  return (
    <Panel title="Attention">
      <div className="attention-pair">
        <Field label="Codec">
          <Select
            label="Codec with channel attention"
            value={codec?.id}
            choices={able.map(({ id, label }) => ({ value: id, label }))}
            onChange={setCodec}
          />
        </Field>
        <Field label="Patch">
          <Select
            label="Patch size"
            value={String(size)}
            choices={sizes.map((side) => ({
              value: String(side),
              label: SIZE_LABELS[side] ?? `${side} × ${side}`,
            }))}
            onChange={(value) =>
              setSize((own.find((side) => side === value) ?? Number(value)) as PatchChoice)
            }
          />
        </Field>
      </div>
      <Field label="Target rate" value={`${fixed(rate, 2)} bpp`}>
        <Slider
          label="Target rate in bits per pixel"
          value={rate}
          min={low}
          max={high}
          step={0.05}
          valueText={`${fixed(rate, 2)} bits per pixel`}
          onChange={setRate}
        />
      </Field>
      <BandQuestion />
      <Trouble />
      <Progress />
    </Panel>
  );
}

/** Its place stays when nothing runs, so that the panels below do not jump. */
function Progress() {
  const job = useStudio((state) => state.attentionJob);
  const stale = useStudio(attentionStale);
  const retry = useStudio((state) => state.retryAttention);
  const cancel = useStudio((state) => state.cancelAttention);
  const asked = useStudio((state) => state.attentionQuestion !== undefined);
  const starting = useStudio((state) => !state.backend);
  const label = job?.cancelling ? 'cancelling…' : job?.label;
  return (
    <div className="attention-progress">
      <span className="truncate small muted" data-testid="attention-state">
        {job
          ? `${label}, ${Math.round(100 * job.done)} %`
          : stale
            ? starting
              ? 'The engine is starting.'
              : 'The gates are not those of this patch.'
            : 'Gates, file and pictures are of this patch.'}
      </span>
      {job ? (
        <Button variant="quiet" disabled={job.cancelling} onClick={() => cancel()}>
          Cancel
        </Button>
      ) : (
        stale && !asked && !starting && <Button onClick={() => retry()}>Read</Button>
      )}
      {job && <ProgressBar done={job.done} label={job.label} />}
    </div>
  );
}

function Trouble() {
  const notice = useStudio((state) => state.attentionNotice);
  const dismiss = useStudio((state) => state.dismissAttentionNotice);
  return notice ? <NoticeBox onClose={dismiss}>{notice.message}</NoticeBox> : null;
}

function BandQuestion() {
  const question = useStudio((state) => state.attentionQuestion);
  const answer = useStudio((state) => state.answerAttentionBands);
  if (!question) return null;
  return <BandQuestionBox question={question} verb="Read" onAnswer={answer} />;
}
