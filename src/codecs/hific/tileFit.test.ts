import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Tile } from '../../core/bitstream/tiles';
import { MEAN_UNIT } from '../../core/entropy/model';
import { type ModelFile, parseModelFile } from '../../nn/modelFile';
import { goldenBytes } from '../../nn/testing';
import { KernelGrams } from './kernelGrams';
import { SymbolChoice } from './symbolChoice';
import { TileFit } from './tileFit';

const BLOCK = 16;

let file: ModelFile;
let grams: KernelGrams;
let choice: SymbolChoice;
beforeAll(async () => {
  file = await parseModelFile(goldenBytes('tiny-hific-opt'));
  grams = KernelGrams.of(file) ?? expect.fail('no bypass');
  choice = new SymbolChoice(file.entropy.yTables);
});

const kernelAt = (y: number, x: number, channel: number) =>
  file.parameters.get('bypass.synthesis.kernel')?.data[(y * BLOCK + x) * 6 + channel] as number;

/** Inner product of two kernels over a block's first pixels. */
function product(a: number, b: number, rows: number, columns: number): number {
  let sum = 0;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) sum += kernelAt(y, x, a) * kernelAt(y, x, b);
  }
  return sum;
}

describe('KernelGrams', () => {
  it.each([
    [16, 16],
    [16, 3],
    [1, 16],
    [5, 9],
  ])('over %i × %i pixels', (rows, columns) => {
    const components = grams.over(rows, columns);
    expect(components.map(({ first, count }) => [first, count])).toEqual([
      [0, 3],
      [3, 2],
      [5, 1],
      [6, 0],
    ]);
    for (const { first, count, products } of components) {
      for (let i = 0; i < count * count; i++) {
        const [a, b] = [first + Math.floor(i / count), first + (i % count)];
        expect(products[i]).toBeCloseTo(product(a, b, rows, columns), 10);
      }
    }
    expect(grams.over(rows, columns)).toBe(components);
  });
});

/** A tile of 1 × 2 latents of 12 channels, in an image that ends inside its blocks. */
const TILE: Tile = { x: 1, y: 0, width: 2, height: 1 };
const IMAGE = { width: 34, height: 1 };
const CHANNELS = 12;
const COUNT = 2 * CHANNELS;
const visible = (position: number) => [1, position === 0 ? 16 : 2] as const;

/** Latents that reproduce an image exactly, as targets. */
function targetsOf(latents: ArrayLike<number>): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: latents.length }, (_, at) => {
    const channel = at % CHANNELS;
    const own = grams.over(...visible(Math.floor(at / CHANNELS)));
    const gram = own.find(({ first, count }) => channel >= first && channel < first + count);
    if (!gram) return 0;
    const row = (channel - gram.first) * gram.count;
    let sum = 0;
    for (let i = 0; i < gram.count; i++) {
      sum += gram.products[row + i] * latents[at - channel + gram.first + i];
    }
    return sum;
  });
}

/** Evenly spread: doubles of fast-check are mostly tiny. */
const numbers = (spread: number) =>
  fc
    .array(fc.integer({ min: -1000, max: 1000 }), { minLength: COUNT, maxLength: COUNT })
    .map((values) => Float32Array.from(values, (value) => (spread * value) / 1000));

const gains = (gain: number) => new Float64Array(CHANNELS).fill(gain);

/** Codes all latents in order with mean 0; the decoded latents. */
function fitAll(start: Float32Array, target: Float32Array, gain: number, weight: number) {
  const image = { grams, ...IMAGE };
  const fit = new TileFit(image, TILE, start, target, gains(gain), choice);
  return Array.from(start, (_, at) => fit.symbol(at, 0, 30, weight) / gain);
}

/** Squared error over the visible pixels, but for what no latent can change. */
function error(latents: readonly number[], wanted: ArrayLike<number>): number {
  const off = latents.map((value, at) => value - wanted[at]);
  return targetsOf(off).reduce((sum, value, at) => sum + value * off[at], 0);
}

describe('TileFit', () => {
  it('is nearest rounding where the steps are fine and bits cost nothing', () => {
    fc.assert(
      fc.property(numbers(3), (wanted) => {
        const found = fitAll(wanted, targetsOf(wanted), 1000, 0);
        // Later latents mend earlier ones' rounding, so single ones may be some steps away.
        expect(error(found, wanted)).toBeLessThan(COUNT * 1e-6);
      }),
    );
  });

  it('misses the image by less than rounding each latent by itself, as a rule', () => {
    let [fitted, alone] = [0, 0];
    fc.assert(
      fc.property(numbers(4), (wanted) => {
        const rounded = Array.from(wanted, (value) => Math.floor(value + 0.5));
        alone += error(rounded, wanted);
        fitted += error(fitAll(wanted, targetsOf(wanted), 1, 0), wanted);
      }),
      { numRuns: 300, seed: 1 },
    );
    expect(fitted / alone).toBeLessThan(0.98);
  });

  it('starts anywhere, and finds back where steps are fine', () => {
    fc.assert(
      fc.property(numbers(2), numbers(2), (wanted, start) => {
        const image = { grams, ...IMAGE };
        const fit = new TileFit(image, TILE, start, targetsOf(wanted), gains(200), choice);
        let found: number[] = [];
        for (let round = 0; round < 60; round++) {
          found = Array.from(start, (_, at) => fit.symbol(at, 0, 30, 0) / 200);
        }
        const unfitted = (at: number) => at % CHANNELS >= 6;
        const near = found.map((value, at) => (unfitted(at) ? wanted[at] : value));
        expect(error(near, wanted)).toBeLessThan(0.3);
        for (const [at, value] of found.entries()) {
          if (unfitted(at))
            expect(Math.abs(value - start[at])).toBeLessThanOrEqual(0.5 / 200 + 1e-9);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('takes the mean into account and pays for bits', () => {
    const wanted = new Float32Array(COUNT).fill(0.4);
    const image = { grams, ...IMAGE };
    const fit = new TileFit(image, TILE, wanted, targetsOf(wanted), gains(1), choice);
    // 0.4 is nearer to 0 + 0.375 than to 0 - 0.625 or 0 + 1.375.
    expect(fit.symbol(0, 0.375 * MEAN_UNIT, 30, 0)).toBe(0);
    const threes = new Float32Array(COUNT).fill(3);
    const dear = fitAll(threes, targetsOf(threes), 1, 50);
    expect(dear.every((value) => value === 0)).toBe(true);
  });
});
