import { useState } from 'react';
import { formatBandRanges } from '../../core/cube/bandRanges';
import { type BandStatistics, noisyBands } from '../../core/cube/bandStatistics';
import type { EditableField } from '../../core/cube/overrides';
import { NoticeBox } from '../../ui/blocks';
import { Button } from '../../ui/controls';
import { TextField } from '../../ui/TextField';
import { Origin, originOf } from './Origin';
import type { MetadataFieldProps } from './WavelengthField';

const UNITS = [
  'reflectance',
  'reflectance × 10000',
  'radiance, W/(m² sr µm)',
  'radiance, µW/(cm² sr nm)',
  'digital numbers',
];

interface BandFieldsProps extends MetadataFieldProps {
  readonly statistics: BandStatistics | undefined;
}

/** Everything but the wavelengths. */
export function BandFields({ stated, draft, reading, statistics, onChange }: BandFieldsProps) {
  const { faults, overrides } = reading;
  const origin = (field: EditableField) => <Origin text={originOf(field, stated, overrides)} />;
  return (
    <div className="metadata__pairs">
      <div>
        <TextField
          label="Bad bands, counted from 1"
          value={draft.badBands}
          placeholder="1-4, 107-112"
          fault={faults.badBands}
          note={coded(stated.bands, reading.bad.length, draft.leaveOut)}
          aside={origin('badBands')}
          onChange={(badBands) =>
            // Who lists bad bands wants them out of the file; the box says otherwise.
            onChange({ badBands, leaveOut: draft.badBands.trim() === '' ? true : draft.leaveOut })
          }
        />
        <div className="metadata__bad">
          <label className="check">
            <input
              type="checkbox"
              checked={draft.leaveOut}
              onChange={(event) => onChange({ leaveOut: event.currentTarget.checked })}
            />
            Leave them out of coding
          </label>
          <NoisyBands
            statistics={statistics}
            onTake={(bands) => onChange({ badBands: formatBandRanges(bands), leaveOut: true })}
          />
        </div>
      </div>
      <TextField
        label="Shown first: red, green, blue band"
        value={draft.defaultBands}
        placeholder="By wavelength"
        fault={faults.defaultBands}
        note="Counted from 1."
        aside={origin('defaultBands')}
        onChange={(defaultBands) => onChange({ defaultBands })}
      />
      <TextField
        label="Unit of the samples"
        value={draft.units}
        placeholder="Not stated"
        aside={origin('units')}
        suggestions={UNITS}
        onChange={(units) => onChange({ units })}
      />
      <TextField
        label="No-data value"
        value={draft.noData}
        placeholder="None"
        fault={faults.noDataValue}
        aside={origin('noDataValue')}
        onChange={(noData) => onChange({ noData })}
      />
    </div>
  );
}

function coded(bands: number, bad: number, leaveOut: boolean): string {
  if (bad === 0) return 'None.';
  return leaveOut
    ? `${bad} left out; files hold ${bands - bad} of ${bands} bands.`
    : `${bad} marked; files hold all ${bands} bands.`;
}

/** Proposes the bands that are mostly noise. */
function NoisyBands(props: {
  statistics: BandStatistics | undefined;
  onTake(bands: readonly number[]): void;
}) {
  const { statistics, onTake } = props;
  const [found, setFound] = useState<readonly number[]>();
  if (!found || !statistics) {
    return (
      <Button
        variant="quiet"
        disabled={!statistics}
        onClick={() => statistics && setFound(noisyBands(statistics))}
      >
        Find noisy bands
      </Button>
    );
  }
  if (found.length === 0) {
    return <span className="muted small">Every band agrees with a neighbour.</span>;
  }
  return (
    <NoticeBox
      kind="question"
      onClose={() => setFound(undefined)}
      actions={
        <Button
          onClick={() => {
            onTake(found);
            setFound(undefined);
          }}
        >
          Mark these {found.length}
        </Button>
      }
    >
      Bands {formatBandRanges(found)} are constant or agree with no neighbour.
    </NoticeBox>
  );
}
