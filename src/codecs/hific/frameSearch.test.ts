import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame } from '../../core/entropy/frameCoder';
import type { Rows } from '../../core/linear/matrix';
import { type FrameAxes, parseModelFile } from '../../nn/modelFile';
import { goldenBytes, relativeError } from '../../nn/testing';
import { frameOfSymbols } from './frame';
import { FrameBasis } from './frameBasis';
import { searchFrame, theoreticalRate } from './frameSearch';
import { FrameSurvey, totalCovariance, varianceAlong } from './frameStatistics';

const { entropy, frame, spec } = await parseModelFile(goldenBytes('tiny-hific-opt'));
const basis = new FrameBasis(frame as FrameAxes, spec);
const { components, bands } = basis;
const PIXELS = 4096;

/** Blocks of an image that varies along one direction of the coordinates, smoothly in space. */
function blocks(direction: Float64Array, offset: number): Float32Array[] {
  return Array.from({ length: 9 }, (_, block) => {
    const samples = new Float32Array(256 * bands);
    for (let pixel = 0; pixel < 256; pixel++) {
      const [x, y] = [(block % 3) * 16 + (pixel % 16), Math.floor(block / 3) * 16 + (pixel >> 4)];
      const place = offset + Math.sin(x / 7) * Math.cos(y / 11 + x / 23);
      for (let b = 0; b < bands; b++) {
        const along = direction.map((value, k) => value * basis.synthesis[k * bands + b]);
        samples[pixel * bands + b] = place * along.reduce((a, v) => a + v, 0);
      }
    }
    return samples;
  });
}

function surveyed(images: readonly Float32Array[]) {
  const survey = new FrameSurvey(basis);
  for (const image of images) survey.add(image);
  return survey.statistics();
}

/** Half of the variance along the first axis, half along the last. */
const OBLIQUE = Float64Array.from({ length: components }, (_, k) =>
  k === 0 || k === components - 1 ? Math.SQRT1_2 * 4 : 0,
);

describe('FrameSurvey', () => {
  it('finds the mean and, over all zones, the covariance of the pixels', () => {
    const images = blocks(OBLIQUE, 0.4);
    const { mean, zones } = surveyed(images);
    const c = new Float64Array(components);
    const direct = new Float64Array(components);
    const products: Rows = Array.from({ length: components }, () => new Float64Array(components));
    const pixels = images.length * 256;
    for (const image of images) {
      for (let pixel = 0; pixel < 256; pixel++) {
        basis.coordinates(image, pixel * bands, c);
        for (let i = 0; i < components; i++) {
          direct[i] += c[i] / pixels;
          for (let j = 0; j < components; j++) products[i][j] += (c[i] * c[j]) / pixels;
        }
      }
    }
    expect(relativeError(mean, direct)).toBeLessThan(1e-9);
    expect(zones.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    const covariance = totalCovariance({ mean, zones }).flatMap((row) => [...row]);
    const expected = products.flatMap((row, i) => [
      ...row.map((value, j) => value - direct[i] * direct[j]),
    ]);
    expect(relativeError(covariance, expected)).toBeLessThan(1e-9);
  });
});

describe('searchFrame', () => {
  const model = entropy.frame ?? expect.fail('the tiny model has a frame');

  it('turns the main axis of an image onto one of the model’s, where bits allow it', () => {
    const statistics = surveyed(blocks(OBLIQUE, 0.4));
    const symbols = searchFrame(entropy, statistics, 0.01, PIXELS) ?? expect.fail('no frame');
    expect(symbols.precision.length).toBeGreaterThan(1);
    expect(symbols.precision.length).toBeLessThanOrEqual(1 + model.rows);
    expect(decodeFrame(entropy, encodeFrame(entropy, symbols))).toEqual(symbols);
    const { rotation, shift } = frameOfSymbols(entropy, symbols);
    expect(relativeError(shift, statistics.mean)).toBeLessThan(0.2);
    const variances = rotation.map((row) => varianceAlong(totalCovariance(statistics), row));
    const total = variances.reduce((sum, value) => sum + value, 0);
    expect(Math.max(...variances) / total).toBeGreaterThan(0.95);
    // The pivot of the row has a positive element.
    expect(rotation.every((row, axis) => row[axis] > 0 || Math.abs(row[axis]) < 1e-9)).toBe(true);
  });

  it('sends none where bits are dear', () => {
    const statistics = surveyed(blocks(OBLIQUE, 0.4));
    expect(searchFrame(entropy, statistics, 1e6, PIXELS)).toBeUndefined();
  });

  it('is finer the more pixels an image has', () => {
    const statistics = surveyed(blocks(OBLIQUE, 0.4));
    const precision = (pixels: number) =>
      searchFrame(entropy, statistics, 0.3, pixels)?.precision.reduce((a, b) => a + b, 0) ?? -1;
    expect(precision(1e6)).toBeGreaterThan(precision(2000));
  });

  it('copes with images that do not vary', () => {
    const statistics = surveyed(blocks(new Float64Array(components), 0));
    expect(() => searchFrame(entropy, statistics, 0.1, PIXELS)).not.toThrow();
  });
});

it('theoretical rates fall as bits grow dearer', () => {
  const statistics = surveyed(blocks(OBLIQUE, 0.4));
  const rates = [0.01, 0.1, 1, 10].map((lambda) => theoreticalRate(statistics, lambda));
  expect(rates).toEqual([...rates].sort((a, b) => b - a));
  expect(rates[0]).toBeGreaterThan(rates[3]);
});
