import { AdaptiveIntegers } from '../entropy/adaptiveIntegers';
import { type BitPort, ReadingPort, WritingPort } from '../entropy/bitPort';
import { RangeDecoder, RangeEncoder } from '../entropy/rangeCoder';
import { HscError } from '../errors';
import { ByteReader, ByteWriter } from './bytes';

/** A tensor that a file may change: what its values are counted and modelled by. */
export interface DeltaTarget {
  readonly shape: readonly number[];
}

/** What a file adds to one tensor of its model: steps times 2 ** exponent. */
export interface TensorDelta {
  /** Place among the tensors that a file may change. */
  readonly tensor: number;
  readonly exponent: number;
  readonly steps: Int32Array<ArrayBuffer>;
}

export const DELTA_LIMITS = { exponent: { low: -30, high: 10 }, step: 2 ** 24 } as const;

/** Models of the steps: of vectors, of matrices, of kernels. */
const MODELS = 3;

/**
 * Codes changes of tensors, in ascending order, without empty ones (docs/bitstream.md, section 16).
 * Throws `bad-argument` for what does not fit the targets or the limits.
 */
export function encodeWeightDelta(
  changes: readonly TensorDelta[],
  targets: readonly DeltaTarget[],
): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter();
  writer.varint(changes.length);
  let next = 0;
  for (const { tensor, exponent, steps } of changes) {
    const fits =
      tensor >= next &&
      tensor < targets.length &&
      steps.length === sizeOf(targets[tensor]) &&
      isExponent(exponent) &&
      steps.every(isStep);
    if (!fits) throw new HscError('bad-argument', 'The change of weights does not fit the model.');
    writer.varint(tensor - next);
    writer.zigzag(exponent);
    next = tensor + 1;
  }
  const coder = new RangeEncoder();
  codeSteps(new WritingPort(coder), changes, targets);
  writer.bytes(coder.finish());
  return writer.finish();
}

/**
 * Decodes what {@link encodeWeightDelta} wrote. Throws `bitstream` or `truncated` for what no encoder
 * could have written.
 */
export function decodeWeightDelta(
  bytes: Uint8Array,
  targets: readonly DeltaTarget[],
): TensorDelta[] {
  const reader = new ByteReader(bytes);
  const count = reader.varint();
  if (count < 1 || count > targets.length) throw impossible();
  const changes: TensorDelta[] = [];
  let next = 0;
  for (let i = 0; i < count; i++) {
    const tensor = next + reader.varint();
    const exponent = reader.zigzag();
    if (tensor >= targets.length || !isExponent(exponent)) throw impossible();
    changes.push({ tensor, exponent, steps: new Int32Array(sizeOf(targets[tensor])) });
    next = tensor + 1;
  }
  const coder = new RangeDecoder(reader.bytes(reader.remaining));
  codeSteps(new ReadingPort(coder), changes, targets);
  coder.finish();
  return changes;
}

/** One walk for both directions: what is read takes the place of what stands in the arrays. */
function codeSteps(
  port: BitPort,
  changes: readonly TensorDelta[],
  targets: readonly DeltaTarget[],
): void {
  const models = new AdaptiveIntegers(MODELS);
  for (const { tensor, steps } of changes) {
    const model = Math.min(Math.max(targets[tensor].shape.length, 1), MODELS) - 1;
    for (let i = 0; i < steps.length; i++) {
      const step = models.code(port, model, steps[i]);
      if (!isStep(step)) throw impossible();
      steps[i] = step;
    }
  }
}

function sizeOf({ shape }: DeltaTarget): number {
  return shape.reduce((size, own) => size * own, 1);
}

function isExponent(exponent: number): boolean {
  const { low, high } = DELTA_LIMITS.exponent;
  return Number.isInteger(exponent) && exponent >= low && exponent <= high;
}

function isStep(step: number): boolean {
  return Math.abs(step) < DELTA_LIMITS.step;
}

function impossible(): HscError {
  return new HscError(
    'bitstream',
    'The .hsc file changes weights in an impossible way: it is damaged.',
  );
}
