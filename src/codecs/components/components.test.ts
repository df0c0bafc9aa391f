import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { isHscError } from '../../core/errors';
import { OpenJpeg } from '../openjpeg/openJpeg';
import { openJpegFromPackage } from '../openjpeg/openjpegNode';
import { allocate, efficient, type RatePoint } from './allocation';
import {
  readComponents,
  type StoredComponent,
  sideInformationOf,
  writeComponents,
} from './payload';
import { codeComponent, decodeStream, dequantise } from './streams';
import { analyse, energy, synthesise } from './transform';

const point = fc.record({ bytes: fc.nat(30), error: fc.nat(1000) });
const component = fc
  .tuple(fc.array(point, { maxLength: 5 }), fc.nat(2000))
  .map(([points, unknownError]) => ({
    points: efficient([{ bytes: 0, error: 1000 }, ...points]),
    unknownError,
  }));

/** The least error by trying everything. */
function byForce(
  components: readonly { points: readonly RatePoint[]; unknownError: number }[],
  budget: number,
  overhead: readonly number[],
): number {
  const unknown = (from: number) =>
    components.slice(from).reduce((sum, { unknownError }) => sum + unknownError, 0);
  const walk = (k: number, count: number, left: number): number => {
    if (left < 0) return Number.POSITIVE_INFINITY;
    if (k === count) return unknown(count);
    const errors = components[k].points.map(
      ({ bytes, error }) => error + walk(k + 1, count, left - bytes),
    );
    return Math.min(...errors);
  };
  const counts = components.map((_, k) => walk(0, k + 1, budget - overhead[k + 1]));
  return Math.min(unknown(0), ...counts);
}

describe('allocate', () => {
  it('finds the least error that any choice has', () => {
    fc.assert(
      fc.property(
        fc.array(component, { maxLength: 4 }),
        fc.nat(60),
        fc.nat(6),
        (components, budget, each) => {
          const overhead = [0, 1, 2, 3, 4].map((k) => k * each);
          const { picks, error } = allocate(components, budget, overhead);
          expect(error).toBe(byForce(components, budget, overhead));
          const bytes = picks.reduce((sum, pick) => sum + pick.bytes, 0);
          if (picks.length > 0) expect(bytes + overhead[picks.length]).toBeLessThanOrEqual(budget);
        },
      ),
    );
  });

  it('keeps within large budgets, where bytes count in units', () => {
    const points = Array.from({ length: 200 }, (_, i) => ({
      bytes: i * 997,
      error: 1e6 / (i + 1),
    }));
    const components = [1, 2, 3].map(() => ({ points, unknownError: 2e6 }));
    const budget = 300_000;
    const { picks } = allocate(components, budget, [0, 3, 6, 9]);
    const bytes = picks.reduce((sum, pick) => sum + pick.bytes, 0);
    expect(bytes).toBeLessThanOrEqual(budget);
    expect(bytes).toBeGreaterThan(0.95 * budget);
  });
});

const stored: fc.Arbitrary<StoredComponent> = fc.record({
  offset: fc.integer({ min: -300, max: 300 }),
  bits: fc.integer({ min: 9, max: 16 }),
  levels: fc.integer({ min: 0, max: 6 }),
  packets: fc.uint8Array({ minLength: 1, maxLength: 40 }),
});

describe('payload', () => {
  it('gives back what was written', () => {
    fc.assert(
      fc.property(fc.array(stored, { maxLength: 12 }), fc.nat(255), (components, stepCode) => {
        const { payload, sideInformation } = writeComponents({ stepCode, components }, () => {});
        expect(readComponents(payload, () => {})).toEqual({ stepCode, components });
        expect(sideInformationOf(payload)).toBe(sideInformation);
        const packets = components.reduce((sum, one) => sum + one.packets.length, 0);
        expect(payload.length).toBe(sideInformation + packets);
      }),
    );
  });

  it('answers any bytes with components or a typed error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          readComponents(bytes, () => {});
        } catch (error) {
          expect(error).toSatisfy(isHscError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('codeComponent', () => {
  const size = { width: 40, height: 33 };
  const wave = Float32Array.from(
    { length: size.width * size.height },
    (_, i) => 3.2 + Math.sin((i % size.width) / 5) + (i > 700 ? 0.7 : 0),
  );
  let openJpeg: OpenJpeg;
  beforeAll(async () => {
    openJpeg = await OpenJpeg.load(openJpegFromPackage);
  });

  it('lists code streams with their true errors, better the larger', async () => {
    const step = 2 ** -6;
    const bounds = { bytes: 400, gain: 0 };
    const coded = await codeComponent(openJpeg, wave, size, step, bounds, {});
    expect(coded.offset * 0.1).toBeCloseTo(wave.reduce((a, b) => a + b) / wave.length, 1);
    expect(coded.points.length).toBeGreaterThan(10);
    for (const [i, one] of coded.points.entries()) {
      const samples = dequantise(decodeStream(openJpeg, one, size), { step, offset: coded.offset });
      const error = samples.reduce((sum, value, k) => sum + (value - wave[k]) ** 2, 0);
      expect(one.error).toBeCloseTo(error, 3);
      expect(one.bytes).toBe(one.packets.length);
      if (i > 0) expect(one.error).toBeLessThan(coded.points[i - 1].error);
    }
  });

  it('spends nothing on a constant, and stops when asked', async () => {
    const flat = new Float32Array(wave.length).fill(2.5);
    const coded = await codeComponent(openJpeg, flat, size, 0.01, { bytes: 400, gain: 1e-6 }, {});
    expect(coded.points.map(({ bytes }) => bytes)).toEqual([0]);
    const signal = AbortSignal.abort();
    const stopped = codeComponent(openJpeg, wave, size, 0.01, { bytes: 9, gain: 0 }, { signal });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('spectral transform', () => {
  it('is undone by its transpose, and keeps energy', () => {
    const s = Math.SQRT1_2;
    const basis = {
      mean: Float64Array.of(0.5, 0.25),
      vectors: [Float64Array.of(s, s), Float64Array.of(s, -s)],
    };
    const samples = Float32Array.of(0.1, 0.9, 0.4, 0.3, 0.7, 0.2);
    const planes = analyse(samples, basis);
    const restored = synthesise(planes, basis, 3);
    for (const [i, value] of samples.entries()) expect(restored[i]).toBeCloseTo(value, 6);
    const total = planes.flatMap((plane) => [...plane]).reduce((sum, c) => sum + c * c, 0);
    expect(total).toBeCloseTo(energy(samples, basis.mean), 6);
  });
});
