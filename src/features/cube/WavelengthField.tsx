import { useId } from 'react';
import { fittingPresets, SENSOR_PRESETS } from '../../core/cube/sensors';
import type { CubeInfo } from '../../core/cube/types';
import { Segmented, Select } from '../../ui/controls';
import { FilePicker } from '../../ui/FilePicker';
import { count } from '../../ui/format';
import { TextField } from '../../ui/TextField';
import type { Draft, DraftReading, WavelengthMode } from './draft';
import { Origin, originOf } from './Origin';

export interface MetadataFieldProps {
  readonly stated: CubeInfo;
  readonly draft: Draft;
  readonly reading: DraftReading;
  onChange(part: Partial<Draft>): void;
}

const UNITS = [
  { value: 'auto', label: 'nm or µm by size' },
  { value: 'nm', label: 'nm' },
  { value: 'µm', label: 'µm' },
] as const;

/** Five ways to say where the bands lie. */
export function WavelengthField(props: MetadataFieldProps) {
  const { stated, draft, reading, onChange } = props;
  const modes: { value: WavelengthMode; label: string; disabled?: boolean }[] = [
    { value: 'file', label: stated.wavelengthsNm ? 'As in the file' : 'As in the file: none' },
    { value: 'preset', label: 'Sensor' },
    { value: 'linear', label: 'First and last' },
    { value: 'list', label: 'List' },
    ...(stated.wavelengthsNm ? [{ value: 'none', label: 'None' } as const] : []),
  ];
  return (
    <section className="metadata__wavelengths" aria-label="Wavelengths">
      <div className="field__label">
        <span>Wavelengths of {count(stated.bands)} bands</span>
        <Origin text={originOf('wavelengths', stated, reading.overrides)} />
      </div>
      <Segmented
        label="Where the wavelengths come from"
        value={draft.mode}
        choices={modes}
        onChange={(mode) =>
          onChange({ mode, preset: draft.preset ?? fittingPresets(stated)[0]?.id })
        }
      />
      <div className="metadata__way">
        {draft.mode === 'preset' && <PresetChoice {...props} />}
        {draft.mode === 'linear' && <Ends {...props} />}
        {draft.mode === 'list' && <List {...props} />}
      </div>
      <p className={`field__told small${reading.faults.wavelengths ? '' : ' muted'}`}>
        {reading.faults.wavelengths ?? hint(props)}
      </p>
    </section>
  );
}

function hint({ stated, draft, reading }: MetadataFieldProps): string {
  if (draft.mode === 'preset') {
    const preset = SENSOR_PRESETS.find(({ id }) => id === draft.preset);
    return preset ? `${preset.origin}.` : '';
  }
  const { nm } = reading;
  if (!nm) {
    const fitting = fittingPresets(stated).map(({ label }) => label);
    if (fitting.length > 0) return `As many bands as: ${fitting.join('; ')}.`;
    return 'Codecs that work by wavelength then spread the bands evenly over their range.';
  }
  if (nm.some((value, band) => band > 0 && value < nm[band - 1])) {
    return 'Not in ascending order, as where detectors overlap; the bands stay in the file’s order.';
  }
  return '';
}

function PresetChoice({ stated, draft, onChange }: MetadataFieldProps) {
  const fitting = fittingPresets(stated);
  const others = SENSOR_PRESETS.filter((preset) => !fitting.includes(preset));
  const fits = `As many bands as this image (${stated.bands})`;
  return (
    <Select
      label="Sensor"
      placeholder="Choose a sensor"
      value={draft.preset}
      choices={[
        ...fitting.map(({ id, label, origin }) => ({
          value: id,
          label,
          detail: origin,
          group: fits,
        })),
        ...others.map(({ id, label, nm }) => ({
          value: id,
          label,
          detail: `${nm.length} bands`,
          disabled: true,
          group: 'Other numbers of bands',
        })),
      ]}
      onChange={(preset) => onChange({ preset })}
    />
  );
}

function UnitChoice({ draft, onChange }: MetadataFieldProps) {
  return (
    <Select
      label="Unit of the wavelengths"
      value={draft.unit}
      choices={UNITS}
      onChange={(unit) => onChange({ unit })}
    />
  );
}

function Ends(props: MetadataFieldProps) {
  const { draft, onChange } = props;
  return (
    <div className="metadata__ends">
      <TextField
        label="First band"
        value={draft.first}
        placeholder="400"
        onChange={(first) => onChange({ first })}
      />
      <TextField
        label="Last band"
        value={draft.last}
        placeholder="2500"
        onChange={(last) => onChange({ last })}
      />
      <UnitChoice {...props} />
    </div>
  );
}

function List(props: MetadataFieldProps) {
  const { stated, draft, onChange } = props;
  const id = useId();
  const take = async ([file]: readonly File[]) => {
    if (file) onChange({ list: await file.text(), listSource: file.name });
  };
  return (
    <div className="metadata__list">
      <label className="visually-hidden" htmlFor={id}>
        Wavelengths, one a band
      </label>
      <textarea
        id={id}
        className="text-input"
        spellCheck={false}
        value={draft.list}
        placeholder={`Paste ${stated.bands} numbers, or drop a text or CSV file`}
        onChange={(event) => onChange({ list: event.currentTarget.value, listSource: undefined })}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          take([...event.dataTransfer.files]);
        }}
      />
      <div className="metadata__ways">
        <FilePicker single label="Text or CSV file of wavelengths" icon="file" onFiles={take}>
          From a file
        </FilePicker>
        <UnitChoice {...props} />
      </div>
    </div>
  );
}
