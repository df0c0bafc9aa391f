import type { HscErrorCode } from '../src/core/errors';

/** One of the files that are handed over together. */
export interface Part {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** It can be read as text, and is damaged as such. */
  readonly text?: boolean;
}

/** A valid input, or one that is hostile by its making. */
export interface Seed {
  readonly name: string;
  readonly parts: readonly Part[];
  /**
   * What accepting it gives (`Accepted.digest`); undefined where it need not be accepted. Set by the
   * runner for seeds of targets with checks.
   */
  readonly digest?: string;
  /** It takes so long, or is so hostile, that it is picked seldom and not damaged at every bit. */
  readonly slow?: boolean;
}

/** A way into what a checksum or a compression guards. */
export interface Shell {
  /** What is inside; undefined where the bytes have no such inside. */
  open(bytes: Uint8Array): { readonly inside: Uint8Array; readonly text?: boolean } | undefined;
  /** The same file around another inside, with valid checksums. */
  close(inside: Uint8Array, bytes: Uint8Array): Uint8Array;
}

export interface Accepted {
  /** Equal for equal content; compared where `Target.checked`. */
  readonly digest?: string;
  /** What kind of content it was: a new one makes an input worth damaging further. */
  readonly shape: string;
}

/** Something that takes bytes from outside. */
export interface Target {
  readonly name: string;
  /** Share of the inputs, relative to the other targets. */
  readonly weight: number;
  /** Errors that an input of any kind may give. */
  readonly codes: readonly HscErrorCode[];
  /** A checksum covers everything: what is damaged behind its back must not be accepted. */
  readonly checked?: boolean;
  readonly shells?: readonly Shell[];
  /** The bytes with valid checksums, as far as they make sense. Their content is no longer the seed's. */
  repair?(bytes: Uint8Array): Uint8Array;
  seeds(): Promise<readonly Seed[]>;
  /** Takes an input. Throws `HscError`; anything else is a failure. */
  run(parts: readonly Part[]): Promise<Accepted>;
}

export type FailureKind =
  | 'untyped error'
  | 'wrong code'
  | 'no sentence'
  | 'corrupt result'
  | 'hang'
  | 'memory'
  | 'crash';

export interface Failure {
  readonly target: string;
  readonly kind: FailureKind;
  readonly message: string;
  /** Where the input was saved. */
  readonly path?: string;
}

/** Figures of a run of inputs; they add up. */
export interface Figures {
  inputs: number;
  accepted: number;
  readonly refused: Record<string, number>;
  slowestMs: number;
  /** Growth of the process' largest resident memory within one input, bytes. */
  growth: number;
  failures: number;
}

export function noFigures(): Figures {
  return { inputs: 0, accepted: 0, refused: {}, slowestMs: 0, growth: 0, failures: 0 };
}

export function addFigures(sum: Figures, more: Figures): void {
  sum.inputs += more.inputs;
  sum.accepted += more.accepted;
  sum.failures += more.failures;
  sum.slowestMs = Math.max(sum.slowestMs, more.slowestMs);
  sum.growth = Math.max(sum.growth, more.growth);
  for (const [code, count] of Object.entries(more.refused)) {
    sum.refused[code] = (sum.refused[code] ?? 0) + count;
  }
}
