import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHscError } from '../../core/errors';
import { noise } from '../lossless/testing';
import {
  decodeLatents,
  encodeLatents,
  parsePayload,
  SYMBOL_LIMITS,
  sideInformationOf,
} from './payload';
import { mirrored } from './windows';

const DIGEST = '01ab0f9c';
const [LEAST, MOST] = SYMBOL_LIMITS;

const shapes = fc.record({
  width: fc.integer({ min: 1, max: 7 }),
  height: fc.integer({ min: 1, max: 7 }),
  bands: fc.integer({ min: 1, max: 20 }),
});

describe('latents in a payload', () => {
  it('come back, the largest too', async () => {
    const spread = fc.constantFrom(0, 3, 200, MOST);
    await fc.assert(
      fc.asyncProperty(shapes, spread, fc.integer(), async (shape, most, seed) => {
        const random = noise(seed);
        const count = shape.width * shape.height * shape.bands;
        const symbols = Int32Array.from({ length: count }, () =>
          Math.max(LEAST, Math.round((2 * random() - 1) * (most + 1))),
        ).map((symbol) => Math.min(MOST, symbol));
        const { payload, sideInformation } = await encodeLatents(DIGEST, symbols, shape, {});
        expect(await decodeLatents(payload, shape, {})).toEqual(symbols);
        expect(parsePayload(payload).digest).toBe(DIGEST);
        expect(sideInformationOf(payload)).toBe(sideInformation);
      }),
      { numRuns: 60 },
    );
  });

  it('end in a typed error or other latents where they are damaged', async () => {
    const shape = { width: 6, height: 5, bands: 9 };
    const random = noise(7);
    const symbols = Int32Array.from({ length: 270 }, () => Math.round(20 * random()));
    const { payload } = await encodeLatents(DIGEST, symbols, shape, {});
    const changes = fc.array(fc.tuple(fc.nat(payload.length - 1), fc.nat(255)), { maxLength: 5 });
    const mutated = fc.tuple(changes, fc.nat(payload.length)).map(([list, length]) => {
      const bytes = payload.slice();
      for (const [at, value] of list) bytes[at] = value;
      return bytes.subarray(0, length);
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 40 }), mutated), async (bytes) => {
        const outcome = await decodeLatents(bytes, shape, {}).catch((error: unknown) => error);
        if (isHscError(outcome)) expect(['bitstream', 'truncated']).toContain(outcome.code);
        else expect(outcome).toHaveLength(270);
      }),
      { numRuns: 300 },
    );
  });
});

describe('mirrored edges', () => {
  it('repeat the last pixels backwards, then forwards', () => {
    const places = Array.from({ length: 9 }, (_, at) => mirrored(at, 3));
    expect(places).toEqual([0, 1, 2, 2, 1, 0, 0, 1, 2]);
    expect(mirrored(5, 1)).toBe(0);
  });
});
