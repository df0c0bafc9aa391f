import { keptBands } from '../../core/cube/bandRanges';
import { gridFor, gridNamed } from '../../core/cube/gridChoice';
import { coveredBands, gridRange, type SpectralGrid } from '../../core/cube/grids';
import { pick } from '../../core/cube/window';
import type { Notice } from '../../state/notice';
import { activePaneOf, codecOf } from '../../state/panes';
import { LEAST_SIDE, PATCH_SIZES, type PatchChoice } from '../../state/patch';
import { useStudio } from '../../state/react';
import type { StudioState } from '../../state/store';
import { isTuned } from '../../state/tuningSettings';
import { Field, NoticeBox, Panel, ProgressBar } from '../../ui/blocks';
import { Button, Select } from '../../ui/controls';
import { saveFile } from '../../ui/download';
import { bytes, fixed, timeLeft } from '../../ui/format';
import { NumberEntry } from '../../ui/NumberEntry';
import { useTimeLeft } from '../../ui/useTimeLeft';
import { firstSentence, useCodecChoices, withoutRate } from '../codecs';
import { BandQuestionBox } from './BandQuestionBox';
import './coding.css';
import { RateSlider } from './RateSlider';

/** The codec of the active pane. */
const activeCodec = (state: StudioState) => codecOf(state, activePaneOf(state));
const activeRate = (state: StudioState) => activePaneOf(state).rate;

function PatchField() {
  const cube = useStudio((state) => state.cube);
  const size = useStudio((state) => state.patchSize);
  const patch = useStudio((state) => state.patch);
  const setSize = useStudio((state) => state.setPatchSize);
  const resize = useStudio((state) => state.resizePatch);
  if (!cube || !patch) return null;
  const choices = [
    ...PATCH_SIZES.map((side) => ({ value: String(side), label: `${side} × ${side} pixels` })),
    { value: 'whole', label: 'Whole scene' },
    { value: 'custom', label: 'Other size', detail: 'By its corner in the scene, or typed' },
  ];
  const toChoice = (value: string) =>
    (value === 'whole' || value === 'custom' ? value : Number(value)) as PatchChoice;
  return (
    <Field label="Patch">
      <Select
        label="Patch size"
        value={String(size)}
        choices={choices}
        onChange={(value) => setSize(toChoice(value))}
      />
      {size === 'custom' && (
        <div className="coding__size">
          <Side
            label="Width of the patch"
            value={patch.width}
            onChange={(to) => resize(to, patch.height)}
          />
          ×
          <Side
            label="Height of the patch"
            value={patch.height}
            onChange={(to) => resize(patch.width, to)}
          />
        </div>
      )}
    </Field>
  );
}

/** One side of the patch in pixels. */
function Side(props: { label: string; value: number; onChange(to: number): void }) {
  const { label, value, onChange } = props;
  return (
    <NumberEntry
      label={label}
      text={`${value} px`}
      value={String(value)}
      onCommit={(to) => {
        const good = Number.isInteger(to) && to >= LEAST_SIDE;
        if (good) onChange(to);
        return good;
      }}
    />
  );
}

function CodecField() {
  const codecs = useStudio((state) => state.codecs);
  const choices = useCodecChoices();
  const codecId = useStudio((state) => activePaneOf(state).codecId);
  const useOriginal = useStudio((state) => state.useOriginal);
  const setCodec = useStudio((state) => state.setCodec);
  const starting = useStudio((state) => state.backendStarting);
  const chosen = codecs.find(({ id }) => id === codecId);
  if (codecs.length === 0) {
    return <p className="muted">{starting ? 'Loading codecs…' : 'No codec is installed.'}</p>;
  }
  return (
    <Field label="Codec">
      <Select label="Codec" value={codecId} choices={choices} onChange={setCodec} />
      {chosen && isTuned(chosen.id) ? (
        <>
          <p className="muted small codec-text">
            Weights tuned on this machine.{' '}
            <button type="button" className="how" onClick={() => useOriginal(chosen.id)}>
              Back to the original weights
            </button>
          </p>
          <CarriedField />
        </>
      ) : (
        chosen && (
          <p className="muted small codec-text" title={chosen.description}>
            {firstSentence(chosen.description)}
          </p>
        )
      )}
    </Field>
  );
}

/** How files of tuned weights decode elsewhere. */
function CarriedField() {
  const carries = useStudio((state) => state.carriesWeights);
  const set = useStudio((state) => state.setCarriesWeights);
  return (
    <>
      <label className="check">
        <input type="checkbox" checked={carries} onChange={(event) => set(event.target.checked)} />
        Carry the change of the weights
      </label>
      <p className="muted small">
        {carries
          ? 'The file decodes with the shipped weights alone; the change counts in its bytes.'
          : 'Where the file is to be decoded, these weights have to be installed.'}
      </p>
    </>
  );
}

/** For codecs that are trained for looks. */
function PerceptualField() {
  const codec = useStudio(activeCodec);
  const fit = useStudio((state) => activePaneOf(state).perceptualFit ?? false);
  const setFit = useStudio((state) => state.setPerceptualFit);
  if (!codec?.perceptual) return null;
  return (
    <div>
      <label className="check">
        <input type="checkbox" checked={fit} onChange={(event) => setFit(event.target.checked)} />
        Perceptual fit
      </label>
      <p className="muted small">
        Chooses symbols by what a perceptual network sees of the decoded image. Details look more
        like the original; encoding takes about ten times as long.
      </p>
    </div>
  );
}

/** For codecs with weights for more than one spectral range. */
function RangeField() {
  const codec = useStudio(activeCodec);
  const info = useStudio((state) => state.cube?.info);
  const grid = useStudio((state) => activePaneOf(state).grid);
  const setGrid = useStudio((state) => state.setGrid);
  const grids = codec?.grids ?? [];
  if (!codec || !info?.wavelengthsNm || grids.length < 2) return null;
  const fitting = gridFor(codec, info, undefined);
  const chosen = grids.find((name) => name === grid);
  const kept = pick(info.wavelengthsNm, keptBands(info)) ?? [];
  const words = (own: SpectralGrid) =>
    `${gridRange(own)}: ${coveredBands(own, kept).length} of ${info.bands} bands`;
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
  const codec = useStudio(activeCodec);
  const rate = useStudio(activeRate);
  const setRate = useStudio((state) => state.setRate);
  const patch = useStudio((state) => state.patch);
  const target = patch && (rate * patch.width * patch.height) / 8;
  if (codec && !codec.rateRange) {
    const { short, sentence } = withoutRate(codec);
    return (
      <Field label="Target rate" value={short}>
        <p className="muted small">{sentence}</p>
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
      {codec && (
        <RateSlider
          label="Target rate in bits per pixel"
          codec={codec}
          rate={rate}
          ticked
          onChange={setRate}
        />
      )}
    </Field>
  );
}

/** Whether panes follow their sliders. */
function LiveField() {
  const live = useStudio((state) => state.live);
  const setLive = useStudio((state) => state.setLive);
  return (
    <label className="check small">
      <input type="checkbox" checked={live} onChange={() => setLive(!live)} />
      Encode again as settings change
    </label>
  );
}

function BandQuestion() {
  const question = useStudio((state) => state.bandQuestion);
  const answer = useStudio((state) => state.answerBands);
  if (!question) return null;
  return <BandQuestionBox question={question} verb="Encode" onAnswer={answer} />;
}

function JobBox() {
  const job = useStudio((state) => state.job);
  const cancel = useStudio((state) => state.cancel);
  const pause = useStudio((state) => state.pauseJob);
  const left = timeLeft(useTimeLeft(job?.done ?? 0, job?.paused));
  if (!job) return null;
  return (
    <div className="job" aria-live="polite">
      <div className="job__text">
        <span className="truncate">
          {job.cancelling
            ? 'Cancelling…'
            : sentence(job.paused ? `paused: ${job.label}` : job.label)}
        </span>
        <span className="muted job__left">
          {!job.paused && left && `${left}, `}
          {Math.round(100 * job.done)} %
        </span>
      </div>
      <ProgressBar done={job.done} label={job.label} />
      <div className="job__actions">
        {job.tiles && (
          <Button wide large disabled={job.cancelling} onClick={() => pause(!job.paused)}>
            {job.paused ? 'Continue' : 'Pause'}
          </Button>
        )}
        <Button wide large disabled={job.cancelling} onClick={cancel}>
          Cancel <kbd>Esc</kbd>
        </Button>
      </div>
      {job.tiles && (
        <p className="muted small">
          What is coded is kept. After Cancel or a closed tab, encoding the same again goes on from
          there.
        </p>
      )}
    </div>
  );
}

/** A file that is complete although something else failed. */
function SaveMade({ file }: { file: NonNullable<Notice['file']> }) {
  return (
    <Button icon="save" onClick={() => saveFile(file.name, file.bytes)}>
      Save .hsc
    </Button>
  );
}

const sentence = (label: string) => label.charAt(0).toUpperCase() + label.slice(1);

/** What is encoded, with which codec, at which rate. */
export function CodingPanel() {
  const ready = useStudio((state) =>
    Boolean(state.cube && activePaneOf(state).codecId && state.backend),
  );
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
          <PerceptualField />
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
      {hasCube && <LiveField />}
      <BandQuestion />
      {notice && (
        <NoticeBox onClose={dismiss} actions={notice.file && <SaveMade file={notice.file} />}>
          {notice.message}
        </NoticeBox>
      )}
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
