import { expect, test } from 'vitest';
import type { Tensor } from '../safetensors';
import { type EntropySpec, entropyModelFromTensors, type HyperShifts } from './model';
import { TEST_SHIFTS, TEST_SPEC, testTensors } from './testModel';

function codeOf(
  change: (tensors: Map<string, Tensor>) => void,
  spec: EntropySpec = TEST_SPEC,
  shifts: HyperShifts = TEST_SHIFTS,
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
        tensors.set(name, { dtype: 'F32', shape, data: Float32Array.from(data) });
      }),
    ).toBe('bad-file');
  }
  const wider: EntropySpec = { ...TEST_SPEC, latentChannels: 7 };
  expect(codeOf(nothing, wider)).toBe('bad-file');
});

test('shifts and sizes are validated', () => {
  const mean = [9, 10, 8];
  expect(codeOf(nothing, TEST_SPEC, { mean, scale: [1, 2] })).toBe('bad-file');
  expect(codeOf(nothing, TEST_SPEC, { mean, scale: [1, 2, 0] })).toBe('bad-file');
  expect(codeOf(nothing, TEST_SPEC, { mean, scale: [1, 2, 41] })).toBe('bad-file');
  expect(codeOf(nothing, { ...TEST_SPEC, hyperFilters: 0 })).toBe('limit');
  expect(codeOf(nothing, { ...TEST_SPEC, latentChannels: 1e9 })).toBe('limit');
  expect(codeOf(nothing, { ...TEST_SPEC, targetRates: [1, 2, 3, 4, 5, 6] })).toBe('limit');
});
