import { MAX_RATE, MIN_RATE } from '../../state/coding';
import { PATCH_SIZES, type PatchSize } from '../../state/patch';
import { useStudio } from '../../state/react';
import { Field, NoticeBox, Panel, ProgressBar } from '../../ui/blocks';
import { Button, Segmented, Select, Slider } from '../../ui/controls';
import { bytes, fixed } from '../../ui/format';
import './coding.css';

function PatchField() {
  const cube = useStudio((state) => state.cube);
  const size = useStudio((state) => state.patchSize);
  const patch = useStudio((state) => state.patch);
  const setSize = useStudio((state) => state.setPatchSize);
  if (!cube || !patch) return null;
  const choices = [
    ...PATCH_SIZES.map((side) => ({ value: String(side), label: `${side} × ${side} pixels` })),
    { value: 'whole', label: 'Whole scene' },
  ];
  return (
    <Field label="Patch">
      <Select
        label="Patch size"
        value={String(size)}
        choices={choices}
        onChange={(value) => setSize((value === 'whole' ? value : Number(value)) as PatchSize)}
      />
    </Field>
  );
}

/** The description's first sentence; the citation follows in the tooltip of a later page. */
function firstSentence(text: string): string {
  return text.match(/^.*?[.](?=\s|$)/)?.[0] ?? text;
}

function ModelField() {
  const codecs = useStudio((state) => state.codecs);
  const codecId = useStudio((state) => state.codecId);
  const setCodec = useStudio((state) => state.setCodec);
  const starting = useStudio((state) => state.backendStarting);
  const chosen = codecs.find(({ id }) => id === codecId);
  if (codecs.length === 0) {
    return <p className="muted">{starting ? 'Loading models…' : 'No model is installed.'}</p>;
  }
  return (
    <Field label="Model">
      <Segmented
        label="Model"
        value={codecId}
        choices={codecs.map(({ id, label }) => ({ value: id, label }))}
        onChange={setCodec}
      />
      {chosen && <p className="muted small model-text">{firstSentence(chosen.description)}</p>}
    </Field>
  );
}

function RateField() {
  const rate = useStudio((state) => state.rate);
  const setRate = useStudio((state) => state.setRate);
  const patch = useStudio((state) => state.patch);
  const codec = useStudio((state) => state.codecs.find(({ id }) => id === state.codecId));
  const target = patch && (rate * patch.width * patch.height) / 8;
  return (
    <Field
      label="Target rate"
      value={
        <>
          {fixed(rate, 2)} bpp
          {target !== undefined && <span className="muted"> · {bytes(target)} for the patch</span>}
        </>
      }
    >
      <Slider
        label="Target rate in bits per pixel"
        value={rate}
        min={MIN_RATE}
        max={MAX_RATE}
        step={0.01}
        valueText={`${fixed(rate, 2)} bits per pixel`}
        ticks={codec?.targetRates ?? []}
        onChange={setRate}
      />
    </Field>
  );
}

function BandQuestion() {
  const question = useStudio((state) => state.bandQuestion);
  const answer = useStudio((state) => state.answerBands);
  if (!question) return null;
  const { total, inside, startNm, endNm } = question;
  return (
    <NoticeBox
      kind="question"
      actions={
        <>
          <Button variant="primary" onClick={() => answer('covered')}>
            Encode the {inside} inside
          </Button>
          <Button onClick={() => answer('cancel')}>Cancel</Button>
        </>
      }
    >
      {total - inside} of {total} bands lie outside {startNm}–{endNm} nm, which this model covers.
    </NoticeBox>
  );
}

function JobBox() {
  const job = useStudio((state) => state.job);
  const cancel = useStudio((state) => state.cancel);
  if (!job) return null;
  return (
    <div className="job" aria-live="polite">
      <div className="job__text">
        <span className="truncate">{job.cancelling ? 'Cancelling…' : sentence(job.label)}</span>
        <span className="muted">{Math.round(100 * job.done)} %</span>
      </div>
      <ProgressBar done={job.done} label={job.label} />
      <Button wide large disabled={job.cancelling} onClick={cancel}>
        Cancel <kbd>Esc</kbd>
      </Button>
    </div>
  );
}

const sentence = (label: string) => label.charAt(0).toUpperCase() + label.slice(1);

/** What is encoded, with which model, at which rate. */
export function CodingPanel() {
  const ready = useStudio((state) => Boolean(state.cube && state.codecId && state.backend));
  const busy = useStudio((state) => state.job !== undefined);
  const asked = useStudio((state) => state.bandQuestion !== undefined);
  const encode = useStudio((state) => state.encode);
  const metadata = useStudio((state) => state.metadata);
  const setMetadata = useStudio((state) => state.setMetadata);
  const notice = useStudio((state) => state.codingNotice);
  const dismiss = useStudio((state) => state.dismissCodingNotice);
  const hasCube = useStudio((state) => state.cube !== undefined);
  if (!hasCube && !busy && !notice) return null;
  return (
    <Panel title="Encode">
      {hasCube && (
        <>
          <ModelField />
          <RateField />
          <div className="coding__pair">
            <PatchField />
            <Field label="Metadata in the file">
              <Select
                label="Metadata in the file"
                value={metadata}
                choices={[
                  { value: 'spectral', label: 'Wavelengths' },
                  { value: 'all', label: 'All', detail: 'Name, sensor, units, map coordinates' },
                ]}
                onChange={setMetadata}
              />
            </Field>
          </div>
        </>
      )}
      <BandQuestion />
      {notice && <NoticeBox onClose={dismiss}>{notice.message}</NoticeBox>}
      {busy ? (
        <JobBox />
      ) : (
        hasCube &&
        !asked && (
          <Button
            variant="primary"
            wide
            large
            disabled={!ready}
            data-testid="encode"
            onClick={encode}
          >
            Encode
          </Button>
        )
      )}
    </Panel>
  );
}
