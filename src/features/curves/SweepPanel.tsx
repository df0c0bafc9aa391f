import { useId, useState } from 'react';
import { useStudio } from '../../state/react';
import { sweptCodecs } from '../../state/sweep';
import { parseRates, type SweepScope, scopeWindows } from '../../state/sweepPlan';
import { Field, Panel } from '../../ui/blocks';
import { byHeading } from '../../ui/codecHeadings';
import { Hint, Select } from '../../ui/controls';
import { firstSentence, underVariants } from '../codecs';
import { CodecMark } from './CodecMark';
import './curves.css';
import { SweepFailures } from './SweepFailures';
import { SweepRunner } from './SweepRunner';

/** What is measured: codecs, rates, and where. */
export default function SweepPanel() {
  return (
    <Panel title="Rate–distortion">
      <p className="muted small">
        How much quality each codec keeps at which file size, on your own image: every point is a
        real file, decoded and compared.
      </p>
      <CodecChecks />
      <RatesField />
      <ScopeField />
      <SweepRunner />
      <SweepFailures />
    </Panel>
  );
}

function CodecChecks() {
  const codecs = useStudio((state) => state.codecs);
  const chosen = useStudio((state) => state.sweepCodecs);
  const setSweep = useStudio((state) => state.setSweep);
  const ids = sweptCodecs({ codecs, sweepCodecs: chosen }).map(({ id }) => id);
  const toggle = (id: string) => {
    const next = ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id];
    setSweep({ sweepCodecs: next });
  };
  return (
    <div className="checks">
      {byHeading(underVariants(codecs)).map(({ heading, members }) => (
        <fieldset key={heading} className="checks__group">
          <legend>{heading}</legend>
          {members.map((codec) => (
            <Hint key={codec.id} text={firstSentence(codec.description)}>
              <label className="check">
                <input
                  type="checkbox"
                  checked={ids.includes(codec.id)}
                  onChange={() => toggle(codec.id)}
                />
                <CodecMark codec={codec.id} />
                {codec.label}
              </label>
            </Hint>
          ))}
        </fieldset>
      ))}
    </div>
  );
}

/** The codecs' own rates, where all of one list have the same. */
function useOwnRates(): string {
  return useStudio((state) => {
    const lists = sweptCodecs(state)
      .filter(({ targetRates }) => targetRates.length > 0)
      .map(({ targetRates }) => targetRates.join(', '));
    return new Set(lists).size === 1 ? lists[0] : 'each codec’s own';
  });
}

function RatesField() {
  const own = useOwnRates();
  const rates = useStudio((state) => state.sweepRates);
  const setSweep = useStudio((state) => state.setSweep);
  const [text, setText] = useState(rates?.join(', ') ?? '');
  const id = useId();
  const wrong = text.trim() !== '' && parseRates(text) === undefined;
  const change = (next: string) => {
    setText(next);
    setSweep({ sweepRates: parseRates(next) });
  };
  return (
    <div className="field">
      <div className="field__label">
        <label htmlFor={id}>Target rates, bpp</label>
        {text !== '' && (
          <button type="button" className="how" onClick={() => change('')}>
            Reset
          </button>
        )}
      </div>
      <input
        id={id}
        className="text-input"
        inputMode="decimal"
        autoComplete="off"
        value={text}
        placeholder={own}
        aria-invalid={wrong}
        aria-describedby={`${id}-note`}
        onChange={(event) => change(event.currentTarget.value)}
      />
      <p id={`${id}-note`} className="muted small rates-note">
        {wrong ? 'Write rates above 0 with commas between, for example 0.2, 0.5, 1.' : <LeftOut />}
      </p>
    </div>
  );
}

/** Rates that some codecs do not serve: one sentence a range. */
function LeftOut() {
  return useStudio((state) => {
    const { sweepRates } = state;
    const limited = new Map<string, string[]>();
    for (const { label, rateRange } of sweptCodecs(state)) {
      if (!sweepRates || !rateRange) continue;
      const [low, high] = rateRange;
      if (sweepRates.every((rate) => rate >= low && rate <= high)) continue;
      const range = `${low}–${high} bpp`;
      limited.set(range, [...(limited.get(range) ?? []), label]);
    }
    return [...limited].map(([range, labels]) => `${labels.join(', ')}: ${range} only.`).join(' ');
  });
}

const SCOPE_LABELS: Readonly<Record<SweepScope, string>> = {
  patch: 'The patch',
  'patches-4': '4 patches over the scene',
  'patches-9': '9 patches over the scene',
  scene: 'Whole scene',
};

function ScopeField() {
  const cube = useStudio((state) => state.cube);
  const patch = useStudio((state) => state.patch);
  const scope = useStudio((state) => state.sweepScope);
  const setSweep = useStudio((state) => state.setSweep);
  if (!cube || !patch) return null;
  const choices = (Object.keys(SCOPE_LABELS) as SweepScope[]).map((value) => {
    const [first] = scopeWindows(value, patch, cube.info);
    const size = first && `${first.width} × ${first.height} pixels`;
    const place = value === 'patch' ? `${size} at (${patch.x}, ${patch.y})` : size;
    return {
      value,
      label: SCOPE_LABELS[value],
      detail: place ?? 'The scene is too small for patches that do not overlap',
      disabled: first === undefined,
    };
  });
  return (
    <Field label="Measured on" value={choices.find(({ value }) => value === scope)?.detail}>
      <Select
        label="Measured on"
        value={scope}
        choices={choices}
        onChange={(sweepScope) => setSweep({ sweepScope })}
      />
    </Field>
  );
}
