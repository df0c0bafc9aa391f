import { type CsvCell, csvTable } from '../core/csv';
import type { Measurement } from './measure';

/** The figures of a point, with a column for each section of the file. */
function flat({ sections, ...figures }: Measurement): Record<string, CsvCell> {
  const parts = Object.entries(sections).map(([name, bytes]) => [`${name}Bytes`, bytes] as const);
  return { ...figures, ...Object.fromEntries(parts) };
}

/** One row a point under a header of the figures' names. */
export function csv(points: readonly Measurement[]): string {
  return csvTable(points.map(flat));
}
