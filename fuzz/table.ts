import type { Figures } from './types';

interface Row {
  readonly name: string;
  readonly figures: Figures;
}

/** Figures of all targets, a line each. */
export function table(rows: readonly Row[]): string {
  const cells = [
    ['target', 'inputs', 'accepted', 'failed', 'slowest ms', 'growth MiB', 'refused, by code'],
    ...rows.map(({ name, figures }) => [
      name,
      String(figures.inputs),
      String(figures.accepted),
      String(figures.failures),
      figures.slowestMs.toFixed(0),
      (figures.growth / 2 ** 20).toFixed(0),
      Object.entries(figures.refused)
        .sort(([, a], [, b]) => b - a)
        .map(([code, count]) => `${code} ${count}`)
        .join(', '),
    ]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((row) => row[column].length)));
  const last = widths.length - 1;
  return cells
    .map((row) =>
      row
        .map((cell, i) => {
          if (i === last) return cell;
          return i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]);
        })
        .join('  '),
    )
    .join('\n');
}
