import type { JobContext } from '../codecs/types';
import { HscError, type HscErrorCode, memoryFault, messageOf } from '../core/errors';

/** Exit codes of the command line. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** A command used wrongly; answered with the sentence and the usage, exit code 2. */
export class UsageError extends Error {}

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  return error instanceof HscError && error.code === 'aborted' ? EXIT.interrupted : EXIT.failed;
}

/** One sentence, and what lay underneath where that says more. */
export function explain(thrown: unknown): string {
  const error = memoryFault(thrown) ?? thrown;
  const cause = error instanceof Error ? error.cause : undefined;
  const under = cause instanceof Error && cause.message ? ` (${cause.message})` : '';
  const hint = error instanceof HscError ? (HINTS[error.code] ?? '') : '';
  return `${messageOf(error)}${under}${hint}`;
}

/** How the command line offers a choice that the studio asks for. */
const HINTS: Partial<Record<HscErrorCode, string>> = {
  'band-range': ' (--bands covered encodes those inside.)',
  'choice-needed': ' (--variable and --axes name it.)',
};

/**
 * A progress line on stderr: redrawn in place on a terminal, one line a finished job elsewhere,
 * so that stdout stays clean for data.
 */
export class ProgressLine {
  private readonly live = process.stderr.isTTY === true;
  private shown = '';

  update(job: string, done: number, label: string): void {
    if (!this.live) return;
    const text = `${job}  ${String(Math.round(done * 100)).padStart(3)} %  ${label}`;
    if (text === this.shown) return;
    this.shown = text;
    process.stderr.write(`\r\x1b[2K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
  }

  /** What tells of a job on this line and stops it. */
  job(name: string, signal: AbortSignal): JobContext {
    return { signal, onProgress: (done, label) => this.update(name, done, label) };
  }

  /** Replaces the progress line with a line that stays. */
  print(line: string): void {
    process.stderr.write(`${this.live && this.shown ? '\r\x1b[2K' : ''}${line}\n`);
    this.shown = '';
  }
}

/** Rows under a header, columns aligned: text to the left, numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  const numeric = header.map((_, column) => rows.every((row) => /^[-+–\d.∞]*$/.test(row[column])));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        numeric[column] ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
      )
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map(line)].join('\n');
}
