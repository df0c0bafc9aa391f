import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReadingPort, WritingPort } from '../../core/entropy/bitPort';
import { RangeDecoder, RangeEncoder } from '../../core/entropy/rangeCoder';
import { blockTree, spectralOrder } from './blocks';
import { analyseLines, synthesiseLines } from './lifting';
import { codeMean, meanBeside, restoreMean } from './meanCoding';
import { analyse, levelsOf, synthesise } from './transform';

const side = fc.integer({ min: 1, max: 21 });
const volume = fc.record({ width: side, height: side, bands: fc.integer({ min: 1, max: 40 }) });

/** Numbers of 0 … 1 that are no pattern. */
function noise(length: number): Float32Array<ArrayBuffer> {
  let state = 7;
  return Float32Array.from({ length }, () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  });
}

describe('the 9/7 wavelet', () => {
  it('is undone, whatever the length', () => {
    for (let length = 1; length < 40; length++) {
      const data = noise(length);
      const line = { start: 0, length, stride: 1, count: 1, spacing: 0 };
      const back = data.slice();
      analyseLines(back, line);
      synthesiseLines(back, line);
      for (const [i, value] of back.entries()) expect(value).toBeCloseTo(data[i], 5);
    }
  });

  it('puts nothing of a cubic into the high-pass coefficients', () => {
    const data = Float32Array.from({ length: 64 }, (_, i) => ((i - 30) / 32) ** 3);
    analyseLines(data, { start: 0, length: 64, stride: 1, count: 1, spacing: 0 });
    for (let i = 5; i < 59; i += 2) expect(Math.abs(data[i])).toBeLessThan(1e-6);
  });

  it('nearly keeps energy', () => {
    const data = noise(1 << 12).map((value) => value - 0.5);
    const energy = (of: Float32Array) => of.reduce((sum, value) => sum + value ** 2, 0);
    const before = energy(data);
    analyseLines(data, { start: 0, length: data.length, stride: 1, count: 1, spacing: 0 });
    expect(energy(data) / before).toBeGreaterThan(0.95);
    expect(energy(data) / before).toBeLessThan(1.05);
  });
});

describe('the transform of a cube', () => {
  it('is undone, with any mean', () => {
    fc.assert(
      fc.property(volume, fc.boolean(), (size, flat) => {
        const samples = noise(size.width * size.height * size.bands);
        const mean = Float64Array.from({ length: size.bands }, (_, b) => (flat ? 0 : 0.2 + b / 50));
        const back = synthesise(analyse(samples, size, mean), size, mean);
        for (const [i, value] of back.entries()) expect(value).toBeCloseTo(samples[i], 4);
      }),
      { numRuns: 60 },
    );
  });

  it('gathers pixels that differ in brightness alone in one plane', () => {
    const size = { width: 8, height: 8, bands: 16 };
    const mean = Float64Array.from({ length: 16 }, (_, b) => 0.3 + 0.2 * Math.sin(b));
    const light = noise(64).map((value) => value - 0.5);
    const samples = Float32Array.from({ length: 64 * 16 }, (_, i) => {
      return mean[i % 16] * (1 + light[Math.floor(i / 16)]);
    });
    const planes = analyse(samples, size, mean);
    const rest = planes.subarray(0, 16 * 64).map(Math.abs);
    expect(Math.max(...rest)).toBeLessThan(1e-5);
    expect(Math.max(...planes.subarray(16 * 64).map(Math.abs))).toBeGreaterThan(0.1);
  });
});

describe('the blocks of a plane', () => {
  it('hold every coefficient once, below the root', () => {
    fc.assert(
      fc.property(volume, ({ width, height, bands }) => {
        const size = { width, height };
        const tree = blockTree(size, levelsOf({ ...size, bands }).spatial, bands);
        const samples = Array.from(tree.leaves, (leaf) => tree.sample[leaf]).sort((a, b) => a - b);
        expect(samples).toEqual(Array.from({ length: width * height }, (_, i) => i));
        const reached = new Set<number>();
        const descend = (node: number) => {
          reached.add(node);
          for (let i = tree.firstChild[node]; i < tree.firstChild[node + 1]; i++) {
            expect(tree.children[i]).toBeLessThan(node);
            descend(tree.children[i]);
          }
        };
        descend(tree.root);
        expect(Array.from(tree.leaves).every((leaf) => reached.has(leaf))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('refuse what memory would not hold', () => {
    const large = { width: 16384, height: 16384 };
    expect(() => blockTree(large, 6, 2)).toThrowError(expect.objectContaining({ code: 'limit' }));
  });
});

it('spectral coefficients are ordered each once, after their parents', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), (bands) => {
      const order = spectralOrder(bands, Math.ceil(Math.log2(bands)));
      const planes = order.map(({ plane }) => plane).sort((a, b) => a - b);
      expect(planes).toEqual(Array.from({ length: bands + 1 }, (_, i) => i));
      for (const [i, { parent }] of order.entries()) {
        expect(parent < i || parent === bands + 1).toBe(true);
      }
    }),
  );
});

it('a mean spectrum comes back as near as its step', () => {
  const mean = Float64Array.from({ length: 77 }, (_, b) => 0.4 + 0.3 * Math.sin(b / 9));
  for (const step of [1, 0.1, 0.001]) {
    const { quantised, bytes } = meanBeside(mean, step, 100);
    const decoder = new RangeDecoder(bytes);
    const read = codeMean(new ReadingPort(decoder), 77);
    decoder.finish();
    expect(read).toEqual(quantised);
    for (const [b, value] of restoreMean(read).entries()) {
      expect(Math.abs(value - mean[b])).toBeLessThan(0.2 * step);
    }
  }
  const encoder = new RangeEncoder();
  const one = { stepCode: 4, coefficients: Int32Array.of(-9) };
  codeMean(new WritingPort(encoder), 1, one);
  expect(codeMean(new ReadingPort(new RangeDecoder(encoder.finish())), 1)).toEqual(one);
});
