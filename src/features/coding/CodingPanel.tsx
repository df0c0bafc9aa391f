import { gridFor, gridNamed } from '../../core/cube/gridChoice';
import { coveredBands, gridRange, type SpectralGrid } from '../../core/cube/grids';
import { isWide } from '../../state/coding';
import { PATCH_SIZES, type PatchSize } from '../../state/patch';
import { useStudio } from '../../state/react';
import { Field, NoticeBox, Panel, ProgressBar } from '../../ui/blocks';
import { Button, Select, Slider } from '../../ui/controls';
import { bytes, fixed } from '../../ui/format';
import { codecGroup, firstSentence } from '../codecs';
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

function CodecField() {
  const codecs = useStudio((state) => state.codecs);
  const codecId = useStudio((state) => state.codecId);
  const setCodec = useStudio((state) => state.setCodec);
  const starting = useStudio((state) => state.backendStarting);
  const chosen = codecs.find(({ id }) => id === codecId);
  if (codecs.length === 0) {
    return <p className="muted">{starting ? 'Loading codecs…' : 'No codec is installed.'}</p>;
  }
  return (
    <Field label="Codec">
      <Select
        label="Codec"
        value={codecId}
        choices={codecs.map((codec) => ({
          value: codec.id,
          label: codec.label,
          group: codecGroup(codec),
        }))}
        onChange={setCodec}
      />
      {chosen && (
        <p className="muted small codec-text" title={chosen.description}>
          {firstSentence(chosen.description)}
        </p>
      )}
    </Field>
  );
}

/** For codecs with weights for more than one spectral range. */
function RangeField() {
  const codec = useStudio((state) => state.codecs.find(({ id }) => id === state.codecId));
  const info = useStudio((state) => state.cube?.info);
  const grid = useStudio((state) => state.grid);
  const setGrid = useStudio((state) => state.setGrid);
  const grids = codec?.grids ?? [];
  if (!codec || !info?.wavelengthsNm || grids.length < 2) return null;
  const fitting = gridFor(codec, info, undefined);
  const chosen = grids.find((name) => name === grid);
  const words = (own: SpectralGrid) =>
    `${gridRange(own)}: ${coveredBands(own, info.wavelengthsNm ?? []).length} of ${info.bands} bands`;
  return (
    <Field label="Spectral range">
      <Select
        label="Spectral range"
        value={chosen ?? FITTING}
        choices={[
          { value: FITTING, label: 'What fits the image', detail: words(fitting) },
          ...grids.map((name) => ({
            value: name,
            label: GRID_LABELS[name] ?? name,
            detail: words(gridNamed(name)),
          })),
        ]}
        onChange={(value) => setGrid(value === FITTING ? undefined : value)}
      />
      <p className="muted small">{words(chosen ? gridNamed(chosen) : fitting)}</p>
    </Field>
  );
}

/** The choice of the grid that fits. */
const FITTING = 'fitting';
const GRID_LABELS: Readonly<Record<string, string>> = {
  'vnir-128': 'Visible and near infrared',
  'vswir-200': 'Visible to short-wave infrared',
};

function RateField() {
  const range = useStudio(
    (state) => state.codecs.find(({ id }) => id === state.codecId)?.rateRange,
  );
  const chosen = useStudio((state) => state.codecId !== undefined);
  const rate = useStudio((state) => state.rate);
  const patch = useStudio((state) => state.patch);
  const target = patch && (rate * patch.width * patch.height) / 8;
  if (chosen && !range) {
    return (
      <Field label="Target rate" value="Lossless: no rate to choose">
        <p className="muted small">Every sample is restored exactly; the size follows from them.</p>
      </Field>
    );
  }
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
      {range && <RateSlider range={range} />}
    </Field>
  );
}

/** Even steps over a narrow range, even ratios over a wide one. */
function RateSlider({ range }: { range: readonly [number, number] }) {
  const rate = useStudio((state) => state.rate);
  const setRate = useStudio((state) => state.setRate);
  const targets = useStudio(
    (state) => state.codecs.find(({ id }) => id === state.codecId)?.targetRates ?? NO_RATES,
  );
  const wide = isWide(range);
  const place = wide ? Math.log10 : (value: number) => value;
  const ticks = wide ? DECADES.filter((one) => one >= range[0] && one <= range[1]) : targets;
  return (
    <Slider
      label="Target rate in bits per pixel"
      value={place(rate)}
      min={place(range[0])}
      max={place(range[1])}
      step={0.01}
      valueText={`${fixed(rate, 2)} bits per pixel`}
      ticks={ticks.map((value) => ({
        value: place(value),
        label: value < 0.1 || wide ? String(value) : value.toFixed(1),
      }))}
      onChange={(at) => setRate(wide ? 10 ** at : at)}
    />
  );
}

const NO_RATES: readonly number[] = [];
/** Ticks of a wide slider. */
const DECADES = [0.01, 0.1, 1, 10, 100];

function BandQuestion() {
  const question = useStudio((state) => state.bandQuestion);
  const answer = useStudio((state) => state.answerBands);
  if (!question) return null;
  const { total, inside, outside, range } = question;
  const between = total - inside - outside;
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
      {outside} of {total} bands lie outside {range}, which this codec covers
      {between > 0 && `; the ${between} in between are left out in any case (water vapour)`}.
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

/** What is encoded, with which codec, at which rate. */
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
          <CodecField />
          <RangeField />
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
