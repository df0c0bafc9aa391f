import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HscError } from '../errors';
import {
  decodeFrame,
  encodeFrame,
  type FrameSymbols,
  frameBits,
  frameValues,
  PRECISION_RATIO,
} from './frameCoder';
import { TEST_SPEC, testModel } from './testModel';

const model = testModel(8);
const frames: fc.Arbitrary<FrameSymbols> = fc
  .array(
    fc.tuple(
      fc.nat(7),
      fc.array(fc.integer({ min: -900, max: 900 }), { minLength: 5, maxLength: 5 }),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((rows) => ({
    precision: rows.map(([p]) => p),
    symbols: rows.map(([, row]) => Int32Array.from(row)),
  }));

test('any frame round trips, within a byte or two of its estimate', () => {
  fc.assert(
    fc.property(frames, (frame) => {
      const bytes = encodeFrame(model, frame);
      expect(decodeFrame(model, bytes)).toEqual(frame);
      expect(bytes.length).toBeLessThanOrEqual((frameBits(model, frame) / 8) * 1.001 + 2);
    }),
  );
});

test('values are symbols times the step of their row and precision', () => {
  const frame = {
    precision: [0, 2],
    symbols: [Int32Array.of(1, 0, 0, 0, -2), new Int32Array(5).fill(3)],
  };
  const [mean, axis] = frameValues(model, frame);
  const { step } = model.frame!;
  expect([...mean]).toEqual([step[0], 0, 0, 0, -2 * step[0]]);
  expect(axis[0]).toBeCloseTo((3 * step[1]) / PRECISION_RATIO ** 2, 12);
});

test('no bytes are no frame, and no frame is no bytes', () => {
  expect(decodeFrame(model, new Uint8Array(0))).toBeUndefined();
  // The first entry of every table, hence a code of zeros, which the range coder leaves away.
  const lowest = [...model.frame!.index.subarray(0, 5)].map((index) => -3 * (1 + (index >> 2)));
  const frame = { precision: [0], symbols: [Int32Array.from(lowest)] };
  const bytes = encodeFrame(model, frame);
  expect([...bytes]).toEqual([0]);
  expect(decodeFrame(model, bytes)).toEqual(frame);
});

test('random bytes never cause anything but an HscError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (bytes) => {
      try {
        decodeFrame(model, bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(HscError);
      }
    }),
    { numRuns: 500 },
  );
});

test('what the model cannot hold is refused', () => {
  const bad = expect.objectContaining({ code: 'bad-argument' });
  const row = new Int32Array(TEST_SPEC.frame!.components);
  const frame = (precision: number[], symbols: Int32Array[]) => () =>
    encodeFrame(model, { precision, symbols });
  expect(frame([], [])).toThrow(bad);
  expect(frame([8], [row])).toThrow(bad);
  expect(frame([0, 0], [row])).toThrow(bad);
  expect(frame([0], [row.slice(1)])).toThrow(bad);
  expect(frame([0, 0, 0, 0, 0], [row, row, row, row, row])).toThrow(bad);
  const without = { ...model, frame: null };
  expect(() => decodeFrame(without, Uint8Array.of(1))).toThrow(
    expect.objectContaining({ code: 'model-mismatch' }),
  );
});
