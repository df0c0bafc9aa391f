import { HscError, messageOf } from '../src/core/errors';
import type { Accepted, FailureKind, Seed, Target } from './types';

/** What an input led to. */
export interface Verdict {
  /** Equal for inputs that took, as far as can be told, the same way through the code. */
  readonly signature: string;
  /** Of a refusal. */
  readonly code?: string;
  readonly failure?: { readonly kind: FailureKind; readonly message: string };
}

/** A sentence has room for names and numbers, not for the file. */
const MOST_CHARACTERS = 2000;

export function verdictOfError(target: Target, error: unknown): Verdict {
  if (!(error instanceof HscError)) {
    return failed('untyped error', error instanceof Error ? `${error.stack}` : String(error));
  }
  const { code, message } = error;
  const signature = `${code}: ${shapeOf(message)}`;
  const caught = caughtByRegistry(error);
  if (caught) return failed('untyped error', caught);
  if (!target.codes.includes(code)) {
    return { code, ...failed('wrong code', `${code}: ${error.stack}`) };
  }
  const sentence =
    message.length >= 15 && message.length <= MOST_CHARACTERS && /[.:]$/.test(message);
  if (!sentence) {
    return { code, ...failed('no sentence', `${code}: ${message.slice(0, MOST_CHARACTERS)}`) };
  }
  return { signature, code };
}

export function verdictOfResult(
  target: Target,
  { digest, shape }: Accepted,
  seed: Seed,
  repaired: boolean,
  known: ReadonlySet<string>,
): Verdict {
  // What damaged inputs with valid checksums hold is known to nobody, nor what comes of them.
  const covered = target.checked && !repaired && digest !== undefined && seed.digest !== undefined;
  // Spliced inputs may be another seed as a whole.
  if (covered && digest !== seed.digest && !known.has(digest)) {
    return failed(
      'corrupt result',
      `Accepted as ${shape}, though a checksum covers what is damaged.`,
    );
  }
  return { signature: `accepted ${shape}` };
}

function failed(kind: FailureKind, message: string): Verdict {
  return { signature: `${kind}: ${shapeOf(message)}`, failure: { kind, message } };
}

/** The registry of readers gives any error a type, as a net: what falls into it is a reader's fault. */
function caughtByRegistry({ message, cause }: HscError): string | undefined {
  if (!/ could not be read as /.test(message) || !(cause instanceof Error)) return undefined;
  return `${messageOf(cause)}\n${cause.stack}`;
}

/** A message without the numbers and names that differ from input to input. */
export function shapeOf(message: string): string {
  return message
    .split('\n', 3)
    .join(' ')
    .replace(/"[^"]*"|'[^']*'|“[^”]*”/g, '“”')
    .replace(/[\d.,×\-+e]*\d[\d.,×\-+e]*/g, '#')
    .replace(/[^\x20-\x7e“”…]/g, '')
    .replace(/(# ?)+/g, '#')
    .slice(0, 120);
}
