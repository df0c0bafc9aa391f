import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHscError } from '../core/errors';
import { Dct3dCoder } from './dct-3d/coder';
import { DpcmDctCoder } from './dpcm-dct/coder';
import type { CodedImage, SampleCoder } from './sampleCodec';
import { squaredError } from './squaredError';
import { Wavelet3dCoder } from './wavelet-3d/coder';

interface Size {
  readonly width: number;
  readonly height: number;
  readonly bands: number;
}

function imageOf({ width, height, bands }: Size): CodedImage {
  const positionsNm = Array.from({ length: bands }, (_, band) => 400 + band);
  return { width, height, bands: { positionsNm, substituted: false } };
}

/** Waves of light over two materials, and noise. */
function sceneOf({ width, height, bands }: Size, grain: number): Float32Array<ArrayBuffer> {
  let state = 11;
  return Float32Array.from({ length: width * height * bands }, (_, i) => {
    const [band, pixel] = [i % bands, Math.floor(i / bands)];
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    state = (state * 16807) % 2147483647;
    const soil = 0.5 + 0.4 * Math.sin(x / 5 + y / 7);
    const spectrum = soil * (0.2 + 0.01 * band) + (1 - soil) * (0.6 + 0.2 * Math.sin(band / 3));
    return Math.fround(0.8 * spectrum + grain * (state / 2147483647 - 0.5));
  });
}

/** What head and mean of the smallest payloads take. */
const LEAST = 16;

const side = fc.integer({ min: 1, max: 20 });
const size = fc.record({ width: side, height: side, bands: fc.integer({ min: 1, max: 24 }) });

describe.each<[string, SampleCoder]>([
  ['wavelet-3d', new Wavelet3dCoder()],
  ['dct-3d', new Dct3dCoder()],
  ['dpcm-dct', new DpcmDctCoder()],
])('%s', (_, coder) => {
  it('keeps to its budget and decodes to the error that it states', async () => {
    const grain = fc.constantFrom(0, 0.02, 0.5);
    await fc.assert(
      fc.asyncProperty(size, fc.integer({ min: 0, max: 900 }), grain, async (of, budget, noise) => {
        const image = imageOf(of);
        const samples = sceneOf(of, noise);
        const { payload, error, sideInformation } = await coder.encode(samples, image, budget, {});
        expect(payload.length).toBeLessThanOrEqual(Math.max(LEAST, budget));
        expect(sideInformation).toBeLessThanOrEqual(payload.length);
        expect(coder.family.sideInformation(payload)).toBe(sideInformation);
        const decoded = await coder.decode(payload, image, {});
        expect(decoded.samples).toHaveLength(samples.length);
        const own = squaredError(samples, decoded.samples);
        expect(Math.abs(own - error)).toBeLessThanOrEqual(1e-6 * error + 1e-9);
      }),
      // Levels that are predicted far off at the finest steps.
      { numRuns: 60, examples: [[{ width: 18, height: 12, bands: 1 }, 596, 0.5]] },
    );
  }, 60_000);

  it('errs less at higher rates, in the end hardly at all', async () => {
    const of = { width: 24, height: 19, bands: 21 };
    const samples = sceneOf(of, 0.05);
    let before = Number.POSITIVE_INFINITY;
    for (const budget of [30, 60, 120, 250, 500, 1000, 2000, 4000, 16000]) {
      const { error } = await coder.encode(samples, imageOf(of), budget, {});
      expect(error).toBeLessThanOrEqual(before);
      before = error;
    }
    expect(Math.sqrt(before / samples.length)).toBeLessThan(1e-3);
  });

  it('uses its budget up where there is enough to say', async () => {
    const of = { width: 32, height: 32, bands: 30 };
    for (const budget of [500, 1777, 5000]) {
      const { payload } = await coder.encode(sceneOf(of, 0.1), imageOf(of), budget, {});
      expect(payload.length).toBeGreaterThan(0.97 * budget);
    }
  });

  it('answers damaged payloads with a typed error or an image', async () => {
    const of = { width: 17, height: 9, bands: 11 };
    const image = imageOf(of);
    const { payload } = await coder.encode(sceneOf(of, 0.2), image, 400, {});
    const outcome = async (bytes: Uint8Array) => {
      const result = await coder.decode(bytes, image, {}).catch((error: unknown) => error);
      if (!isHscError(result)) {
        expect(result).toHaveProperty('samples.length', of.width * of.height * of.bands);
        return;
      }
      expect(['bitstream', 'truncated']).toContain(result.code);
    };
    for (let length = 0; length < payload.length; length += 7) {
      await outcome(payload.subarray(0, length));
    }
    for (let bit = 0; bit < 8 * payload.length; bit += 5) {
      const damaged = payload.slice();
      damaged[bit >> 3] ^= 1 << (bit & 7);
      await outcome(damaged);
    }
  }, 60_000);
});

it('the wavelet does not suffer from constant bands among others', async () => {
  const of = { width: 20, height: 20, bands: 24 };
  const broken = { ...of, bands: 30 };
  const own = sceneOf(of, 0.02);
  const samples = new Float32Array(400 * 30);
  for (let i = 0; i < samples.length; i++) {
    const [band, pixel] = [i % 30, Math.floor(i / 30)];
    samples[i] = band % 5 === 2 ? 0.1 : own[pixel * 24 + band - Math.floor((band + 2) / 5)];
  }
  const coder = new Wavelet3dCoder();
  const whole = await coder.encode(own, imageOf(of), 600, {});
  const { error, payload } = await coder.encode(samples, imageOf(broken), 610, {});
  expect(error).toBeLessThan(1.05 * whole.error);
  expect((await coder.decode(payload, imageOf(broken), {})).samples).toHaveLength(12_000);
});
