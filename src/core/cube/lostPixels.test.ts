import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareOf, withoutPixels } from './lostPixels';
import { SAMPLE_ARRAYS } from './types';

const SHAPE = { width: 9, height: 7, bands: 2 };
const window = fc
  .record({ x: fc.nat(8), y: fc.nat(6), width: fc.nat(9), height: fc.nat(7) })
  .map(({ x, y, width, height }) => ({
    x,
    y,
    width: Math.min(width, SHAPE.width - x),
    height: Math.min(height, SHAPE.height - y),
  }));

test('pixels of windows lose their data and no others, whole or thinned, in any type', () => {
  const types = fc.constantFrom(...Object.values(SAMPLE_ARRAYS));
  fc.assert(
    fc.property(window, types, fc.integer({ min: 1, max: 4 }), (lost, Samples, stride) => {
      const [width, height] = [SHAPE.width, SHAPE.height].map((side) => Math.ceil(side / stride));
      const samples = new Samples(width * height * SHAPE.bands);
      for (let i = 0; i < samples.length; i++) samples[i] = i % 100;
      const hidden = withoutPixels(samples, { width, bands: SHAPE.bands, stride }, [lost]);
      expect([...samples]).toEqual(Array.from({ length: samples.length }, (_, i) => i % 100));
      for (const [i, value] of hidden.entries()) {
        const pixel = Math.floor(i / SHAPE.bands);
        const [x, y] = [(pixel % width) * stride, Math.floor(pixel / width) * stride];
        const inside =
          x >= lost.x && x < lost.x + lost.width && y >= lost.y && y < lost.y + lost.height;
        expect(value).toBe(inside ? Number.NaN : samples[i]);
      }
    }),
  );
});

test('wide integers and doubles stay exact, and without windows nothing is copied', () => {
  const wide = Uint32Array.of(2 ** 32 - 1, 5);
  const rows = { width: 2, bands: 1 };
  const lost = { x: 1, y: 0, width: 1, height: 1 };
  expect([...withoutPixels(wide, rows, [lost])]).toEqual([2 ** 32 - 1, Number.NaN]);
  expect([...withoutPixels(Float64Array.of(0.1, 1), rows, [lost])]).toEqual([0.1, Number.NaN]);
  expect(withoutPixels(wide, rows, [])).toBe(wide);
  expect(shareOf([lost], { width: 2, height: 1 })).toBe(0.5);
});
