import { useState } from 'react';
import { batchCodec, isBusy } from '../../state/batch';
import { batchRates } from '../../state/batchPlan';
import { PATCH_SIZES, type PatchSize } from '../../state/patch';
import { useStudio } from '../../state/react';
import { parseRates } from '../../state/sweepPlan';
import { Field } from '../../ui/blocks';
import { Select } from '../../ui/controls';
import { TextField } from '../../ui/TextField';
import { useCodecChoices, withoutRate } from '../codecs';

const WINDOWS = [
  { value: 'whole', label: 'Whole scene' },
  ...PATCH_SIZES.map((side) => ({
    value: String(side),
    label: `${side} × ${side} pixels in the middle`,
  })),
];
const METADATA = [
  { value: 'all', label: 'All', detail: 'Name, sensor, units, map coordinates' },
  { value: 'spectral', label: 'Wavelengths' },
] as const;
const POLICIES = [
  { value: 'covered', label: 'Left out' },
  { value: 'refuse', label: 'Fail the image' },
] as const;

/** Settings that hold for every image of the batch. */
export function BatchChoices() {
  const choice = useStudio((state) => state.batchChoice);
  const setBatch = useStudio((state) => state.setBatch);
  const codecs = useStudio((state) => state.codecs);
  const choices = useCodecChoices();
  const codecId = useStudio(batchCodec);
  const busy = useStudio((state) => isBusy(state.batch));
  const [rates, setRates] = useState(choice.rates?.join(', ') ?? '');
  const codec = codecs.find(({ id }) => id === codecId);
  const wrong = rates.trim() !== '' && parseRates(rates) === undefined;
  const served = codec && !wrong ? batchRates(codec, parseRates(rates)) : [];
  const range = codec?.rateRange;
  const fault = wrong
    ? 'Write rates with commas between, for example 0.2, 0.5.'
    : range && served.length === 0
      ? `This codec serves ${range[0]} to ${range[1]} bpp.`
      : undefined;
  return (
    <fieldset className="batch__choices" disabled={busy}>
      <legend className="visually-hidden">Settings</legend>
      <Field label="Codec">
        <Select
          label="Codec of the batch"
          value={codecId}
          choices={choices}
          onChange={(next) => setBatch({ codecId: next })}
        />
      </Field>
      {range ? (
        <TextField
          label="Target rates, bpp"
          value={rates}
          placeholder={String(codec ? (batchRates(codec, undefined)[0] ?? '') : '')}
          fault={fault}
          onChange={(next) => {
            setRates(next);
            // What is no list of rates asks for no file, and nothing can be started.
            setBatch({ rates: next.trim() === '' ? undefined : (parseRates(next) ?? []) });
          }}
        />
      ) : (
        <Field label="Target rates">
          <span className="muted batch__norate">{codec ? withoutRate(codec).short : ''}</span>
        </Field>
      )}
      <Field label="Part">
        <Select
          label="Part of each image"
          value={String(choice.window)}
          choices={WINDOWS}
          onChange={(size) =>
            setBatch({ window: (size === 'whole' ? size : Number(size)) as PatchSize })
          }
        />
      </Field>
      <Field label="Bands outside its range">
        <Select
          label="Bands outside the codec’s range"
          value={choice.bandPolicy}
          choices={POLICIES}
          onChange={(bandPolicy) => setBatch({ bandPolicy })}
        />
      </Field>
      <Field label="Metadata in the files">
        <Select
          label="Metadata in the files"
          value={choice.metadata}
          choices={METADATA}
          onChange={(metadata) => setBatch({ metadata })}
        />
      </Field>
    </fieldset>
  );
}
