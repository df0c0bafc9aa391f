import { expect, test } from 'vitest';
import type { Tensor } from '../safetensors';
import {
  type EntropyShifts,
  type EntropySpec,
  entropyModelFromTensors,
  targetOfRate,
} from './model';
import { TEST_SHIFTS, TEST_SPEC, testTensors } from './testModel';

function codeOf(
  change: (tensors: Map<string, Tensor>) => void,
  spec: EntropySpec = TEST_SPEC,
  shifts: EntropyShifts = TEST_SHIFTS,
): string {
  const tensors = testTensors(1);
  change(tensors);
  try {
    entropyModelFromTensors(tensors, spec, shifts);
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

const nothing = () => {};

test('reads the integer tensors and swaps the channels of transposed kernels', () => {
  const tensors = testTensors(1);
  const model = entropyModelFromTensors(tensors, TEST_SPEC, TEST_SHIFTS);
  const stored = tensors.get('hyper_mean.conv1.weight')!.data;
  const layer = model.mean[1];
  const [ky, kx, output, input] = [3, 1, 2, 0];
  const tap = ky * 5 + kx;
  expect(layer.weight[(tap * 4 + input) * 4 + output]).toBe(stored[(tap * 4 + output) * 4 + input]);
  expect(model.mean[2].weight).toEqual(tensors.get('hyper_mean.conv2.weight')!.data);
  expect(model.zTables.count).toBe(20);
  expect(model.yTables.count).toBe(64);
});

test('a missing tensor, a wrong type or a wrong shape is a bad file', () => {
  expect(codeOf(nothing)).toBe('none');
  for (const name of testTensors(1).keys()) {
    expect(codeOf((tensors) => tensors.delete(name))).toBe('bad-file');
    expect(
      codeOf((tensors) => {
        const { shape, data } = tensors.get(name)!;
        tensors.set(name, { dtype: 'F64', shape, data: Float64Array.from(data) });
      }),
    ).toBe('bad-file');
  }
  const wider: EntropySpec = { ...TEST_SPEC, latentChannels: 7 };
  expect(codeOf(nothing, wider)).toBe('bad-file');
});

test('shifts and sizes are validated', () => {
  const shifted = (changes: Partial<EntropyShifts>) =>
    codeOf(nothing, TEST_SPEC, { ...TEST_SHIFTS, ...changes });
  expect(shifted({ scale: [1, 2] })).toBe('bad-file');
  expect(shifted({ scale: [1, 2, 0] })).toBe('bad-file');
  expect(shifted({ scale: [1, 2, 41] })).toBe('bad-file');
  expect(shifted({ context: [1, 2] })).toBe('bad-file');
  expect(shifted({ context: [1, 2, 3, 4] })).toBe('bad-file');
  expect(shifted({ context: [1, 2, 0] })).toBe('bad-file');
  expect(codeOf(nothing, { ...TEST_SPEC, hyperFilters: 0 })).toBe('limit');
  const slices = { ...TEST_SPEC.context, slices: 7 };
  expect(codeOf(nothing, { ...TEST_SPEC, context: slices })).toBe('limit');
  expect(codeOf(nothing, { ...TEST_SPEC, frame: { components: 5, rows: 6 } })).toBe('limit');
  expect(codeOf(nothing, { ...TEST_SPEC, latentChannels: 1e9 })).toBe('limit');
  expect(codeOf(nothing, { ...TEST_SPEC, targetRates: [1, 2, 3, 4, 5, 6] })).toBe('limit');
});

test('values of the context model and the frame are validated', () => {
  const set = (name: string, value: number) => (tensors: Map<string, Tensor>) => {
    (tensors.get(name)!.data as Int32Array)[0] = value;
  };
  expect(codeOf(set('context.norm', 0))).toBe('bad-file');
  expect(codeOf(set('context.gain', -1))).toBe('bad-file');
  expect(codeOf(set('context.gain', 2 ** 24 + 1))).toBe('bad-file');
  expect(codeOf(set('frame.index', 64))).toBe('bad-file');
  expect(codeOf(set('frame.step', 0))).toBe('bad-file');
  expect(codeOf(set('frame.step', Number.NaN))).toBe('bad-file');
  expect(codeOf(set('frame.step', Number.POSITIVE_INFINITY))).toBe('bad-file');
  expect(codeOf(nothing, { ...TEST_SPEC, frame: null })).toBe('none');
});

test('the target nearest to a stored rate, halves up', () => {
  expect([0, 29, 30, 89, 90, 210, 240].map(targetOfRate)).toEqual([0, 0, 1, 1, 2, 4, 4]);
});
