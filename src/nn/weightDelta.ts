import {
  DELTA_LIMITS,
  decodeWeightDelta,
  encodeWeightDelta,
  type TensorDelta,
} from '../core/bitstream/weightDelta';
import { HscError } from '../core/errors';
import type { Tensor } from '../core/safetensors';
import { sameNumbers } from '../core/same';
import type { ModelFile } from './modelFile';

/**
 * Beginnings of the names of what only a decoder's picture hangs on: files may change these of their
 * model's parameters (docs/bitstream.md, section 16).
 */
const DECODER_SIDE = ['bypass.synthesis.', 'generator.', 'log_gains'];
/** What float16 holds, and with it a weights file. */
const LARGEST_VALUE = 65504;
export function isDecoderSide(name: string): boolean {
  return DECODER_SIDE.some((start) => name.startsWith(start));
}

/** Tensors that a file may change, in the order in which it counts them. */
function targetsOf({ parameters }: ModelFile): readonly (readonly [string, Tensor])[] {
  return [...parameters]
    .filter(([name]) => isDecoderSide(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * What tuned weights change of the decoder of others, for a file to carry; undefined where that is
 * nothing. Each tensor's changes are rounded to a power of two of its own. Throws `bad-argument` for
 * weights of another architecture or with other spectral axes.
 */
export function weightDelta(
  base: ModelFile,
  tuned: ModelFile,
): Uint8Array<ArrayBuffer> | undefined {
  if (!sameStructure(base, tuned)) {
    throw new HscError(
      'bad-argument',
      'These weights are of another architecture than those that shipped: name them in the file and ' +
        'hand their weights file on.',
    );
  }
  const targets = targetsOf(base);
  const changes = targets.flatMap(([name, { data }], tensor): TensorDelta[] => {
    const goal = tuned.parameters.get(name)?.data ?? data;
    const change = Float64Array.from(data, (value, i) => goal[i] - value);
    const rms = Math.sqrt(change.reduce((sum, c) => sum + c * c, 0) / change.length);
    if (rms === 0) return [];
    const exponent = exponentFor(rms, change);
    const steps = Int32Array.from(change, (c) => Math.round(c / 2 ** exponent));
    return steps.some((step) => step !== 0) ? [{ tensor, exponent, steps }] : [];
  });
  if (changes.length === 0) return undefined;
  return encodeWeightDelta(
    changes,
    targets.map(([, tensor]) => tensor),
  );
}

/**
 * Of the step of changes of that size: about their root mean square, coarser where the largest would
 * take too many. Finer steps cost more bytes and brought no more on a scene (docs/decisions.md).
 */
function exponentFor(rms: number, change: Float64Array): number {
  const { low, high } = DELTA_LIMITS.exponent;
  const wanted = Math.round(Math.log2(rms));
  const most = change.reduce((largest, c) => Math.max(largest, Math.abs(c)), 0);
  const least = Math.ceil(Math.log2(most / (DELTA_LIMITS.step - 1)));
  return Math.min(high, Math.max(low, wanted, least));
}

/** True where both have the same architecture and spectral axes. */
function sameStructure(a: ModelFile, b: ModelFile): boolean {
  const same = (of: (file: ModelFile) => ArrayLike<number> | undefined) =>
    sameNumbers(of(a) ?? [], of(b) ?? []);
  return (
    JSON.stringify(a.spec) === JSON.stringify(b.spec) &&
    same(({ frame }) => frame?.basis) &&
    same(({ frame }) => frame?.mean) &&
    same(({ entropy }) => entropy.frame?.index) &&
    same(({ entropy }) => entropy.frame?.step)
  );
}

/**
 * The parameters of a model as a file changes them, in binary64 and then rounded to binary32. Throws
 * `bitstream` or `truncated` for what no encoder could have written.
 */
export function changedParameters(base: ModelFile, delta: Uint8Array): ReadonlyMap<string, Tensor> {
  const targets = targetsOf(base);
  const parameters = new Map(base.parameters);
  const changes = decodeWeightDelta(
    delta,
    targets.map(([, tensor]) => tensor),
  );
  for (const { tensor, exponent, steps } of changes) {
    const [name, { shape, data }] = targets[tensor];
    const changed = Float32Array.from(data, (value, i) => value + steps[i] * 2 ** exponent);
    if (!changed.every((value) => Math.abs(value) <= LARGEST_VALUE)) {
      throw new HscError(
        'bitstream',
        `The .hsc file changes ${name} beyond measure: it is damaged.`,
      );
    }
    parameters.set(name, { dtype: 'F32', shape, data: changed });
  }
  return parameters;
}
