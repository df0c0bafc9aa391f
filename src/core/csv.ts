/** Tables as text after RFC 4180. */

export type CsvCell = string | number | undefined;

/** A field; figures that do not exist are empty, an infinite one `inf`. */
export function csvCell(value: CsvCell): string {
  if (value === undefined || Number.isNaN(value)) return '';
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * One line a row under a header of the names in all rows; what does not exist is empty, what is
 * infinite `inf`; nothing where there are no rows. Lines end as the command line writes them, or as
 * the standard has it for spreadsheets: `\r\n`.
 */
export function csvTable(
  rows: readonly Readonly<Record<string, CsvCell>>[],
  lineEnd: '\n' | '\r\n' = '\n',
): string {
  if (rows.length === 0) return '';
  const columns = [...new Set(rows.flatMap(Object.keys))];
  const lines = rows.map((row) => columns.map((name) => csvCell(row[name])).join(','));
  return [columns.map(csvCell).join(','), ...lines, ''].join(lineEnd);
}

/** The rows of a table by the names in its header; every cell a text. */
export function parseCsv(text: string): Record<string, string>[] {
  const [header = [], ...rows] = csvLines(text);
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name, row[i] ?? ''])));
}

function csvLines(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match) break;
    const [, quoted, plain, end] = match;
    line.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    lines.push(line);
    line = [];
  }
  if (line.length > 0) lines.push(line);
  return lines;
}
