import { lazy, Suspense, useState } from 'react';
import { fittingPresets } from '../../core/cube/sensors';
import type { CubeInfo } from '../../core/cube/types';
import { SAMPLE_BYTES } from '../../core/metrics/rate';
import type { OpenedCube } from '../../engine/api';
import { useStudio } from '../../state/react';
import { Button } from '../../ui/controls';
import { megabytes } from '../../ui/format';
import { Origin, originOf } from './Origin';

const MetadataDialog = lazy(() => import('./MetadataDialog'));

/** Opens the dialog in which metadata are corrected, and says where the wavelengths come from. */
export function EditMetadata({ cube }: { cube: OpenedCube }) {
  const [editing, setEditing] = useState(false);
  const stated = cube.stated ?? cube.info;
  return (
    <>
      <div className="cube-edit">
        <WavelengthWord cube={cube} stated={stated} />
        <Button aria-label="Edit metadata" data-testid="edit-meta" onClick={() => setEditing(true)}>
          Edit…
        </Button>
      </div>
      {editing && (
        <Suspense>
          <MetadataDialog cube={cube} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </>
  );
}

function WavelengthWord({ cube, stated }: { cube: OpenedCube; stated: CubeInfo }) {
  const { wavelengthsNm } = cube.info;
  const presets = wavelengthsNm ? 0 : fittingPresets(stated).length;
  if (presets > 0) {
    const sensors = presets === 1 ? '1 sensor has' : `${presets} sensors have`;
    return <span className="muted small">{sensors} as many bands</span>;
  }
  if (!wavelengthsNm) return <span className="muted small">Bands by their number</span>;
  const origin = originOf('wavelengths', stated, cube.overrides ?? {});
  return (
    <span className="muted small" data-testid="wavelength-origin">
      Wavelengths <Origin text={origin} />
    </span>
  );
}

/** Rows of the panel: bands left out, the no-data value, what of the image is in memory. */
export function MoreFacts({ cube }: { cube: OpenedCube }) {
  const held = useStudio((state) => state.memory?.byCube?.[cube.id]);
  const { info } = cube;
  const { bands, badBands, leftOutBands, noDataValue } = info;
  const whole = info.width * info.height * bands * SAMPLE_BYTES[info.sampleType];
  const bad = leftOutBands?.length
    ? `${leftOutBands.length} of ${bands} left out`
    : badBands?.length
      ? `${badBands.length} of ${bands} marked`
      : undefined;
  return (
    <>
      {bad && (
        <>
          <dt>Bad bands</dt>
          <dd data-testid="bad-bands">{bad}</dd>
        </>
      )}
      {noDataValue !== undefined && (
        <>
          <dt>No data</dt>
          <dd>{String(noDataValue)}</dd>
        </>
      )}
      {held !== undefined && (
        <>
          <dt>In memory</dt>
          <dd data-testid="cube-memory">
            {held >= whole ? megabytes(held) : `${megabytes(held)}, file of ${megabytes(whole)}`}
          </dd>
        </>
      )}
    </>
  );
}
