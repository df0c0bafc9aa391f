import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tensor } from '../safetensors';
import { hyperSize, hyperSynthesis } from './hyperSynthesis';
import { type EntropyShifts, entropyModelFromTensors } from './model';
import { randomIntegers, TEST_SHIFTS, TEST_SPEC, testModel, testTensors } from './testModel';

interface Grid {
  readonly height: number;
  readonly width: number;
  /** `[height][width][channel]`. */
  readonly at: (y: number, x: number, channel: number) => bigint;
}

/** The definition, in BigInt and from the tensors as stored: the output's own sum of its inputs. */
function naiveLayer(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  shift: number,
  input: Grid,
  size: { height: number; width: number },
  clamp: [bigint, bigint],
): Grid {
  const { data: weight, shape } = tensors.get(`${name}.weight`)!;
  const { data: bias } = tensors.get(`${name}.bias`)!;
  const transposed = shape[0] === 5;
  const [kernel, , first, second] = shape;
  const [inputs, outputs] = transposed ? [second, first] : [first, second];
  const pad = (kernel - 1) / 2;
  const values: bigint[] = [];
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      for (let o = 0; o < outputs; o++) {
        let sum = BigInt(bias[o]);
        for (let ky = 0; ky < kernel; ky++) {
          for (let kx = 0; kx < kernel; kx++) {
            const row = transposed ? (y + pad - ky) / 2 : y + ky - pad;
            const column = transposed ? (x + pad - kx) / 2 : x + kx - pad;
            if (!Number.isInteger(row) || !Number.isInteger(column)) continue;
            if (row < 0 || column < 0 || row >= input.height || column >= input.width) continue;
            for (let i = 0; i < inputs; i++) {
              const [p, q] = transposed ? [o, i] : [i, o];
              const w = weight[((ky * kernel + kx) * first + p) * second + q];
              sum += BigInt(w) * input.at(row, column, i);
            }
          }
        }
        // A right shift of a BigInt rounds towards minus infinity.
        const scaled = (sum + (1n << BigInt(shift - 1))) >> BigInt(shift);
        values.push(scaled < clamp[0] ? clamp[0] : scaled > clamp[1] ? clamp[1] : scaled);
      }
    }
  }
  const at = (y: number, x: number, o: number) => values[(y * size.width + x) * outputs + o];
  return { ...size, at };
}

function naive(
  tensors: ReadonlyMap<string, Tensor>,
  shifts: EntropyShifts,
  zq: Int32Array,
  size: { height: number; width: number },
  head: 'mean' | 'scale',
): number[] {
  const { height, width } = hyperSize(size);
  const hf = TEST_SPEC.hyperFilters;
  let grid: Grid = { height, width, at: (y, x, c) => BigInt(zq[(y * width + x) * hf + c]) };
  for (const layer of [0, 1]) {
    const doubled = { height: grid.height * 2, width: grid.width * 2 };
    const name = `hyper_${head}.conv${layer}`;
    grid = naiveLayer(tensors, name, shifts[head][layer], grid, doubled, [0n, 32767n]);
  }
  const out = naiveLayer(tensors, `hyper_${head}.conv2`, shifts[head][2], grid, size, [
    -32767n,
    32767n,
  ]);
  const flat: number[] = [];
  for (let y = 0; y < size.height; y++)
    for (let x = 0; x < size.width; x++)
      for (let c = 0; c < TEST_SPEC.latentChannels; c++) flat.push(Number(out.at(y, x, c)));
  return flat;
}

test('equals the definition evaluated in BigInt, for any size and any hyper-latents', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 11 }),
      fc.integer({ min: 1, max: 11 }),
      fc.nat(1e6),
      fc.constantFrom(2, 40, 32767),
      (height, width, seed, reach) => {
        const tensors = testTensors(seed);
        const model = entropyModelFromTensors(tensors, TEST_SPEC, TEST_SHIFTS);
        const size = { height, width };
        const random = randomIntegers(seed);
        const hyper = hyperSize(size);
        const zq = Int32Array.from(
          { length: hyper.height * hyper.width * TEST_SPEC.hyperFilters },
          () => random(-reach, reach),
        );
        const prior = hyperSynthesis(model, zq, size);
        expect([...prior.mean]).toEqual(naive(tensors, TEST_SHIFTS, zq, size, 'mean'));
        expect([...prior.scale]).toEqual(naive(tensors, TEST_SHIFTS, zq, size, 'scale'));
      },
    ),
    { numRuns: 15 },
  );
});

test('stays exact at the largest weights and activations', () => {
  const tensors = testTensors(7);
  for (const { data } of tensors.values()) if (data instanceof Int16Array) data.fill(32767);
  const shifts = { mean: [1, 16, 18], scale: [1, 20, 19], context: TEST_SHIFTS.context };
  const model = entropyModelFromTensors(tensors, TEST_SPEC, shifts);
  const size = { height: 5, width: 6 };
  const zq = new Int32Array(2 * 2 * TEST_SPEC.hyperFilters).fill(32767);
  const prior = hyperSynthesis(model, zq, size);
  expect([...prior.mean]).toEqual(naive(tensors, shifts, zq, size, 'mean'));
  expect([...prior.scale]).toEqual(naive(tensors, shifts, zq, size, 'scale'));
});

test('the hyper-latents are a quarter of the latents a side, rounded up twice', () => {
  const sides = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11].map((side) =>
    hyperSize({ height: side, width: 1 }),
  );
  expect(sides.map(({ height }) => height)).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3]);
});

test('refuses hyper-latents of another size', () => {
  expect(() => hyperSynthesis(testModel(1), new Int32Array(3), { height: 6, width: 6 })).toThrow(
    expect.objectContaining({ code: 'bad-argument' }),
  );
});
