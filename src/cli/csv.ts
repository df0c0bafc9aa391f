import type { Measurement } from './measure';

type Cell = string | number | undefined;

/** The figures of a point, with a column for each section of the file. */
function flat({ sections, ...figures }: Measurement): Record<string, Cell> {
  const parts = Object.entries(sections).map(([name, bytes]) => [`${name}Bytes`, bytes] as const);
  return { ...figures, ...Object.fromEntries(parts) };
}

function cell(value: Cell): string {
  if (value === undefined || Number.isNaN(value)) return '';
  if (value === Infinity) return 'inf';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * One row a point under a header of the figures' names, after RFC 4180 with line feeds; figures
 * that do not exist are empty, infinite ones `inf`.
 */
export function csv(points: readonly Measurement[]): string {
  const rows = points.map(flat);
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const lines = rows.map((row) => columns.map((name) => cell(row[name])).join(','));
  return [columns.join(','), ...lines, ''].join('\n');
}
