/** Optical sensors in nm or µm; counts of bands and widths seldom fall in here all the way. */
const PLAUSIBLE: readonly (readonly [number, number])[] = [
  [100, 30_000],
  [0.1, 30],
];

/**
 * The numbers of a pasted column, of a line, or of the column of a table (CSV, tab, spaces) that
 * can be wavelengths of that many bands. Undefined where there are no numbers.
 */
export function parseNumberList(text: string, bands: number): number[] | undefined {
  const rows = text
    .split(/\r?\n/)
    .map((line) => line.split(/[\s,;{}]+/).filter((cell) => cell !== ''))
    .map((cells) => cells.map(Number))
    .filter((cells) => cells.some(Number.isFinite));
  if (rows.length === 0) return undefined;
  if (rows.length === 1 || rows.every((row) => row.length === 1)) return numbers(rows.flat());
  const width = Math.max(...rows.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, column) =>
    numbers(rows.map((row) => row[column])),
  );
  const fitting = columns.filter((column) => column.length === bands);
  // Lists that are broken into lines have as many numbers as bands in all and in no column.
  const all = numbers(rows.flat());
  if (fitting.length === 0 && all.length === bands) return all;
  return (fitting.length > 0 ? fitting : columns).find(plausible) ?? fitting[0] ?? all;
}

const numbers = (cells: readonly (number | undefined)[]) =>
  cells.filter((cell): cell is number => cell !== undefined && Number.isFinite(cell));

/** Within a range of wavelengths, and no count of the bands. */
function plausible(column: readonly number[]): boolean {
  const counted = column.every((value, i) => i === 0 || value === column[i - 1] + 1);
  return (
    !counted &&
    PLAUSIBLE.some(([low, high]) => column.every((value) => value >= low && value <= high))
  );
}
