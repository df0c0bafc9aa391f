import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Tensor } from '../safetensors';
import { codeInContext } from './contextModel';
import { hyperSize, hyperSynthesis } from './hyperSynthesis';
import { entropyModelFromTensors } from './model';
import { randomIntegers, TEST_SHIFTS, TEST_SPEC, testTensors } from './testModel';

const C = TEST_SPEC.latentChannels;
const { slices, width: H, sliceWidth: U } = TEST_SPEC.context;

const clampBig = (v: bigint, low: bigint, high: bigint) => (v < low ? low : v > high ? high : v);
const root = (v: bigint) => BigInt(Math.floor(Math.sqrt(Number(16n * (v < 0n ? -v : v)))));

/** The definition in BigInt: every layer as a whole matrix, inputs not yet known being zero. */
function naive(
  tensors: ReadonlyMap<string, Tensor>,
  zq: Int32Array,
  size: { height: number; width: number },
  rate: number,
  q: Int32Array,
) {
  const model = entropyModelFromTensors(tensors, TEST_SPEC, TEST_SHIFTS);
  const hyper = hyperSynthesis(model, zq, size);
  const data = (name: string) => Array.from(tensors.get(name)!.data as Int32Array, BigInt);
  const norm = data('context.norm');
  const gain = data('context.gain');
  const layer = (name: string, index: number, low: bigint) => {
    const weight = data(`context.${name}.weight`);
    const bias = data(`context.${name}.bias`);
    const shift = BigInt(TEST_SHIFTS.context[index]);
    return (a: bigint[], o: number) => {
      const sum = a.reduce((s, v, i) => s + v * weight[i * bias.length + o], bias[o]);
      return clampBig((sum + (1n << (shift - 1n))) >> shift, low, 32767n);
    };
  };
  const [into, hidden, out] = [
    layer('in', 0, 0n),
    layer('hidden', 1, 0n),
    layer('out', 2, -32767n),
  ];
  const count = size.height * size.width * C;
  const linear = Array.from({ length: count }, () => 0n);
  const roots = linear.slice();
  const mean: number[] = [];
  const scaleIndex: number[] = [];
  const scaled = (v: bigint, c: number) => clampBig((v * norm[c]) >> 16n, -32767n, 32767n);
  const at = (values: bigint[], y: number, x: number) =>
    y < 0 || x < 0 || x >= size.width
      ? Array.from({ length: C }, () => 0n)
      : values.slice((y * size.width + x) * C, (y * size.width + x + 1) * C);
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const here = (y * size.width + x) * C;
      const m = Array.from(hyper.mean.subarray(here, here + C), BigInt);
      const s = Array.from(hyper.scale.subarray(here, here + C), BigInt);
      const near = [
        [y, x - 1],
        [y - 1, x],
        [y - 1, x - 1],
        [y - 1, x + 1],
      ].flatMap(([v, u]) => [...at(linear, v, u), ...at(roots, v, u)]);
      const seen = [...near, ...m.map(scaled), ...s, BigInt(64 * rate)];
      const a = Array.from({ length: H }, (_, o) => into(seen, o));
      for (let slice = 0; slice < slices; slice++) {
        const inputs = [...a, ...at(linear, y, x), ...at(roots, y, x)];
        const b = Array.from({ length: U }, (_, o) => hidden(inputs, slice * U + o));
        const from = Math.floor((slice * C) / slices);
        const to = Math.floor(((slice + 1) * C) / slices);
        for (let c = from; c < to; c++) {
          const mu = clampBig(m[c] + ((out(b, c) * gain[c]) >> 16n), -32767n, 32767n);
          mean.push(Number(mu));
          scaleIndex.push(Number(clampBig((s[c] + out(b, C + c) + 32n) >> 6n, 0n, 63n)));
          const value = 64n * BigInt(q[here + c]) + mu;
          linear[here + c] = scaled(value, c);
          roots[here + c] = root(value);
        }
      }
    }
  }
  return { mean, scaleIndex };
}

function randomTile(seed: number, height: number, width: number, reach: number) {
  const random = randomIntegers(seed);
  const hyper = hyperSize({ height, width });
  const fill = (length: number) => Int32Array.from({ length }, () => random(-reach, reach));
  return {
    zq: fill(hyper.height * hyper.width * TEST_SPEC.hyperFilters),
    q: fill(height * width * C),
  };
}

test('equals the definition evaluated in BigInt, for any size, rate and symbols', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 0, max: 240 }),
      fc.nat(1e6),
      fc.constantFrom(1, 30, 32767),
      (height, width, rate, seed, reach) => {
        const tensors = testTensors(seed);
        const model = entropyModelFromTensors(tensors, TEST_SPEC, TEST_SHIFTS);
        const { zq, q } = randomTile(seed, height, width, reach);
        const coded = codeInContext(model, zq, { height, width }, rate, (at) => q[at]);
        expect(coded.q).toEqual(q);
        const expected = naive(tensors, zq, { height, width }, rate, q);
        expect([...coded.prior.mean]).toEqual(expected.mean);
        expect([...coded.prior.scaleIndex]).toEqual(expected.scaleIndex);
      },
    ),
    { numRuns: 30 },
  );
});

test('a symbol changes what comes after it in coding order, and nothing before or beside it', () => {
  const model = entropyModelFromTensors(testTensors(3), TEST_SPEC, TEST_SHIFTS);
  const size = { height: 3, width: 4 };
  const { zq, q } = randomTile(9, 3, 4, 3);
  const before = codeInContext(model, zq, size, 100, (at) => q[at]).prior;
  const changed = (1 * 4 + 1) * C + 2;
  const other = q.slice();
  other[changed] += 30;
  const after = codeInContext(model, zq, size, 100, (at) => other[at]).prior;
  const moved = [...before.mean.keys()].filter(
    (i) => before.mean[i] !== after.mean[i] || before.scaleIndex[i] !== after.scaleIndex[i],
  );
  const slice = Math.floor((2 * slices) / C);
  const next = changed - 2 + Math.floor(((slice + 1) * C) / slices);
  expect(Math.min(...moved)).toBeGreaterThanOrEqual(next);
  expect(moved.some((i) => i < changed - 2 + C)).toBe(true);
  expect(moved.some((i) => Math.floor(i / C) === 1 * 4 + 2)).toBe(true);
});

test('stays exact at the largest weights, factors and symbols', () => {
  const tensors = testTensors(4);
  for (const [name, { data }] of tensors) {
    if (name.startsWith('context.') && name.endsWith('weight')) (data as Int16Array).fill(32767);
    if (name === 'context.norm' || name === 'context.gain') (data as Int32Array).fill(2 ** 24);
  }
  const model = entropyModelFromTensors(tensors, TEST_SPEC, TEST_SHIFTS);
  const size = { height: 2, width: 3 };
  const { zq } = randomTile(1, 2, 3, 32767);
  const q = Int32Array.from({ length: 6 * C }, (_, i) => (i % 5 === 0 ? -32767 : 32767));
  const { prior } = codeInContext(model, zq, size, 240, (at) => q[at]);
  const expected = naive(tensors, zq, size, 240, q);
  expect([...prior.mean]).toEqual(expected.mean);
  expect([...prior.scaleIndex]).toEqual(expected.scaleIndex);
});

test('the rate matters', () => {
  const model = entropyModelFromTensors(testTensors(3), TEST_SPEC, TEST_SHIFTS);
  const { zq, q } = randomTile(9, 2, 2, 3);
  const means = [0, 240].map((rate) =>
    codeInContext(model, zq, { height: 2, width: 2 }, rate, (at) => q[at]).prior.mean.join(),
  );
  expect(means[0]).not.toBe(means[1]);
});
