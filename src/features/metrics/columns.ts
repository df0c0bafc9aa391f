import type { CsvCell } from '../../core/csv';
import type { CodecPane } from '../../state/panes';
import type { Result } from '../../state/result';
import { bytes, fixed, milliseconds, significant, small } from '../../ui/format';

/** A figure of the metrics table. */
export interface Column {
  readonly id: string;
  readonly label: string;
  /** Whether more or less is better; neither for what is no merit. */
  readonly better?: 'more' | 'less';
  value(result: Result): number | undefined;
  text(value: number): string;
}

export const COLUMNS: readonly Column[] = [
  {
    id: 'bpp',
    label: 'bpp',
    value: ({ rate }) => rate.bpp,
    text: small,
  },
  {
    id: 'ratio',
    label: 'Ratio',
    value: ({ rate }) => rate.ratio,
    text: (value) => `${fixed(value, value < 100 ? 1 : 0)} : 1`,
  },
  {
    id: 'psnr',
    label: 'PSNR, dB',
    better: 'more',
    value: ({ distortion }) => distortion?.psnr,
    text: (value) => fixed(value, 2),
  },
  {
    id: 'sam',
    label: 'SAM, °',
    better: 'less',
    value: ({ distortion }) => distortion?.samDegrees,
    text: (value) => fixed(value, 2),
  },
  {
    id: 'sam-max',
    label: 'SAM max, °',
    better: 'less',
    value: ({ distortion }) => distortion?.samMaxDegrees,
    text: (value) => fixed(value, 1),
  },
  {
    id: 'rmse',
    label: 'RMSE',
    better: 'less',
    value: ({ distortion }) => distortion?.rmse,
    text: (value) => significant(value),
  },
  {
    id: 'max',
    label: 'Max error',
    better: 'less',
    value: ({ distortion }) => distortion?.maxError,
    text: (value) => significant(value),
  },
  {
    id: 'coded',
    label: 'Coded',
    value: ({ rate }) => rate.bytes,
    text: bytes,
  },
  {
    id: 'estimated',
    label: 'Estimated',
    value: ({ reconstruction }) =>
      reconstruction.estimatedBits === undefined ? undefined : reconstruction.estimatedBits / 8,
    text: (value) => bytes(Math.round(value)),
  },
  {
    id: 'encode',
    label: 'Encode',
    better: 'less',
    value: ({ report }) => report?.encodeMs,
    text: milliseconds,
  },
  {
    id: 'decode',
    label: 'Decode',
    better: 'less',
    value: ({ reconstruction }) => reconstruction.decodeMs,
    text: milliseconds,
  },
];

/** Every figure of a pane under a name with its unit. */
export function metricsRow(number: number, result: Result): Record<string, CsvCell> {
  const { reconstruction, rate, distortion, report, madeBy, original } = result;
  return {
    pane: number,
    codec: reconstruction.codec,
    file: result.fileName,
    window_x_px: original?.window.x,
    window_y_px: original?.window.y,
    width_px: reconstruction.info.width,
    height_px: reconstruction.info.height,
    bands: reconstruction.info.bands,
    target_rate_bpp: madeBy?.rate,
    file_bytes: rate.bytes,
    rate_bpp: rate.bpp,
    rate_bpppc: rate.bpppc,
    compression_ratio: rate.ratio,
    psnr_db: distortion?.psnr,
    sam_mean_deg: distortion?.samDegrees,
    sam_max_deg: distortion?.samMaxDegrees,
    rmse_cube_units: distortion?.rmse,
    max_error_cube_units: distortion?.maxError,
    clipped_share: distortion?.clippedShare,
    estimated_bits: reconstruction.estimatedBits,
    encode_ms: report?.encodeMs,
    decode_ms: reconstruction.decodeMs,
    backend: reconstruction.backend,
  };
}

/** Ids of the panes that are best in a column; none where there is nothing to compare. */
export function bestOf(column: Column, panes: readonly CodecPane[]): ReadonlySet<string> {
  const { better } = column;
  const known = panes.flatMap(({ id, result }) => {
    const value = result && column.value(result);
    return value === undefined || Number.isNaN(value) ? [] : [{ id, value }];
  });
  if (!better || known.length < 2) return new Set();
  const values = known.map(({ value }) => value);
  const best = better === 'more' ? Math.max(...values) : Math.min(...values);
  const winners = known.filter(({ value }) => value === best);
  return winners.length === known.length ? new Set() : new Set(winners.map(({ id }) => id));
}
