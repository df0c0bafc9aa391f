import { version } from '../../../package.json';
import type { CodecMeta } from '../../codecs/types';
import { type CsvCell, csvTable } from '../../core/csv';
import type { Sweep } from '../../state/sweep';
import type { SweepPoint } from '../../state/sweepRun';
import { count, significant } from '../../ui/format';
import { codecText } from '../figureCaption';

/** Points as files for other programs, and the settings that belong to them. */

/** Every figure of a point under a name with its unit. */
function row(sweep: Sweep, cube: string, point: SweepPoint): Record<string, CsvCell> {
  const { window } = sweep.targets[point.target];
  const { figures, rate } = point;
  return {
    cube,
    window_x_px: window.x,
    window_y_px: window.y,
    window_width_px: window.width,
    window_height_px: window.height,
    bands: sweep.bands?.length ?? sweep.info.bands,
    codec: point.codec,
    codec_name: point.label,
    target_rate_bpp: point.targetRate,
    file_bytes: rate.bytes,
    rate_bpp: rate.bpp,
    rate_bpppc: rate.bpppc,
    compression_ratio: rate.ratio,
    psnr_db: figures.psnr,
    ssim: figures.ssim,
    gmsd: figures.gmsd,
    sam_mean_deg: figures.samDegrees,
    sam_max_deg: figures.samMaxDegrees,
    rmse_cube_units: figures.rmse,
    max_error_cube_units: figures.maxError,
    clipped_share: figures.clippedShare,
    encode_ms: point.encodeMs,
    decode_ms: point.decodeMs,
    backend: point.backend,
    measured_before: String(point.cached),
  };
}

/** By target, codec and rate, however they were measured. */
function inOrder({ points, codecs }: Sweep): SweepPoint[] {
  const rank = (point: SweepPoint) => codecs.findIndex(({ id }) => id === point.codec);
  return [...points].sort(
    (a, b) => a.target - b.target || rank(a) - rank(b) || (a.targetRate ?? 0) - (b.targetRate ?? 0),
  );
}

/** One row a file, after RFC 4180; figures that do not exist are empty, infinite ones `inf`. */
export function toCsv(sweep: Sweep): string {
  return csvTable(
    inOrder(sweep).map((point) => row(sweep, sweep.info.name, point)),
    '\r\n',
  );
}

/** The points with everything that is needed to measure them again. */
export function toJson(sweep: Sweep): string {
  const { info, targets, bands, surveys, codecs, failures } = sweep;
  const { name, width, height, sampleType, wavelengthsNm, noDataValue, units, sensor } = info;
  const content = {
    generator: `HSI Compression Studio ${version}`,
    cube: { name, width, height, bands: info.bands, sampleType, noDataValue, units, sensor },
    wavelengthsNm,
    codedBands: bands ?? 'all',
    targets: targets.map(({ window }, i) => ({
      window,
      samplesSha256: surveys[i]?.digest,
      normalisationRange: surveys[i]?.range,
    })),
    codecs: codecs.map(({ id, label, version }) => ({ id, label, version })),
    metadataInFiles: 'none',
    points: inOrder(sweep).map((point) => row(sweep, name, point)),
    failures: failures.map(({ codec, targetRate, target, message }) => ({
      codec,
      targetRate,
      target,
      message,
    })),
  };
  const text = (_: string, value: unknown) => (value === Number.POSITIVE_INFINITY ? 'inf' : value);
  return `${JSON.stringify(content, text, 2)}\n`;
}

/** What a drawing was made of, for its caption. */
export function settingsOf(sweep: Sweep, codecs: readonly CodecMeta[]): string[] {
  const { info, targets, bands, surveys } = sweep;
  const learned = codecs.filter(
    ({ id, family }) => family === 'hific' && sweep.points.some(({ codec }) => codec === id),
  );
  const [{ window }] = targets;
  const whole = window.width === info.width && window.height === info.height;
  const size = `${window.width} × ${window.height} pixels`;
  const place =
    targets.length > 1
      ? `mean of ${targets.length} patches of ${size}`
      : `${whole ? 'whole scene' : `patch at (${window.x}, ${window.y})`}, ${size}`;
  const coded = bands ? `${bands.length} of ${info.bands} bands` : `${info.bands} bands`;
  const range = surveys[0]?.range;
  const ends = range && `; ${significant(range.low)} and ${significant(range.high)} become 0 and 1`;
  return [
    `${info.name}: ${place}, ${coded}, ${info.sampleType}.`,
    `Whole files without optional metadata, decoded and compared at the native bands${targets.length === 1 && ends ? ends : ''}.`,
    ...(learned.length > 0 ? [`Weights: ${learned.map(codecText).join('; ')}.`] : []),
    `Pictures in true colour; ${count(sweep.points.length)} files measured.`,
  ];
}
