import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AdaptiveIntegers } from '../entropy/adaptiveIntegers';
import { WritingPort } from '../entropy/bitPort';
import { RangeEncoder } from '../entropy/rangeCoder';
import { HscError } from '../errors';
import { ByteWriter } from './bytes';
import {
  DELTA_LIMITS,
  decodeWeightDelta,
  encodeWeightDelta,
  type TensorDelta,
} from './weightDelta';

const targets = [{ shape: [7] }, { shape: [3, 4] }, { shape: [2, 2, 3, 5] }, { shape: [1] }];
const sizes = targets.map(({ shape }) => shape.reduce((a, b) => a * b));

const changes: fc.Arbitrary<TensorDelta[]> = fc
  .tuple(
    ...sizes.map((length, tensor) =>
      fc.option(
        fc.record({
          tensor: fc.constant(tensor),
          exponent: fc.integer({ min: -30, max: 10 }),
          steps: fc
            .array(
              fc.oneof(
                fc.integer({ min: -3, max: 3 }),
                fc.integer({ min: 1 - DELTA_LIMITS.step, max: DELTA_LIMITS.step - 1 }),
              ),
              { minLength: length, maxLength: length },
            )
            .map((steps) => Int32Array.from(steps)),
        }),
        { nil: undefined },
      ),
    ),
  )
  .map((all) => all.filter((own) => own !== undefined))
  .filter((all) => all.length > 0);

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (!(error instanceof HscError)) throw error;
    return error.code;
  }
}

/** A beginning of a delta with these tensors (numbers as stored, exponents), without steps. */
function head(count: number, ...tensors: readonly (readonly [number, number])[]): Uint8Array {
  const writer = new ByteWriter();
  writer.varint(count);
  for (const [skip, exponent] of tensors) {
    writer.varint(skip);
    writer.zigzag(exponent);
  }
  return writer.finish();
}

describe('weight delta', () => {
  test('round trips', () => {
    fc.assert(
      fc.property(changes, (own) => {
        const bytes = encodeWeightDelta(own, targets);
        expect(decodeWeightDelta(bytes, targets)).toEqual(own);
      }),
    );
  });

  test('costs little where little changes', () => {
    const target = [{ shape: [3, 3, 64, 64] }];
    const steps = new Int32Array(3 * 3 * 64 * 64);
    for (let i = 0; i < steps.length; i += 100) steps[i] = 1;
    const bytes = encodeWeightDelta([{ tensor: 0, exponent: -12, steps }], target);
    expect(8 * bytes.length).toBeLessThan(0.15 * steps.length);
  });

  test('refuses to write what does not fit', () => {
    const steps = (length: number, value = 1) => new Int32Array(length).fill(value);
    const wrong: TensorDelta[][] = [
      [{ tensor: 0, exponent: 0, steps: steps(6) }],
      [{ tensor: 4, exponent: 0, steps: steps(1) }],
      [{ tensor: -1, exponent: 0, steps: steps(7) }],
      [{ tensor: 0, exponent: 11, steps: steps(7) }],
      [{ tensor: 0, exponent: 0.5, steps: steps(7) }],
      [{ tensor: 0, exponent: 0, steps: steps(7, DELTA_LIMITS.step) }],
      [1, 0].map((tensor) => ({ tensor, exponent: 0, steps: steps(sizes[tensor]) })),
      [0, 0].map((tensor) => ({ tensor, exponent: 0, steps: steps(7) })),
    ];
    for (const own of wrong) {
      expect(codeOf(() => encodeWeightDelta(own, targets))).toBe('bad-argument');
    }
  });

  test('refuses tensors that there are not, impossible steps and streams that do not end', () => {
    const whole = encodeWeightDelta([{ tensor: 3, exponent: 0, steps: Int32Array.of(5) }], targets);
    const longer = Uint8Array.from([...whole, 1, 2, 3, 4]);
    const coder = new RangeEncoder();
    new AdaptiveIntegers(1).code(new WritingPort(coder), 0, DELTA_LIMITS.step);
    const hostile = [
      head(0),
      head(5),
      head(2 ** 40),
      head(1, [4, 0]),
      head(1, [2 ** 48, 0]),
      head(1, [0, 11]),
      head(1, [0, -31]),
      head(2, [3, 0], [0, 0]),
      Uint8Array.from([...head(1, [3, 0]), ...coder.finish()]),
      Uint8Array.from([...head(1, [3, 0]), ...new Uint8Array(40).fill(255)]),
      longer,
    ];
    for (const bytes of hostile) {
      expect(codeOf(() => decodeWeightDelta(bytes, targets))).toBe('bitstream');
    }
    expect(codeOf(() => decodeWeightDelta(new Uint8Array(0), targets))).toBe('truncated');
    expect(codeOf(() => decodeWeightDelta(head(1), targets))).toBe('truncated');
  });

  test('reads any bytes, or says in a typed error why not', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect([undefined, 'bitstream', 'truncated']).toContain(
          codeOf(() => decodeWeightDelta(bytes, targets)),
        );
      }),
      { numRuns: 2000 },
    );
  });
});
