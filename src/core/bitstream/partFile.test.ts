import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HscError } from '../errors';
import type { HificHeader } from './header';
import { formatPartHead, formatPartTile, type PartHead, parsePart } from './partFile';

const header: HificHeader = {
  family: 'hific',
  width: 400,
  height: 300,
  bands: 3,
  sampleType: 'uint16',
  mapping: 'wavelength',
  range: { low: 0, high: 1024 },
  model: { digest: '00112233', rate: 120, frame: Uint8Array.of(7, 8, 9) },
};
const head: PartHead = {
  header,
  metadata: { wavelengthsNm: [400, 500, 600] },
  bitShare: 0.7,
  budget: 9000,
};

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const payloads = fc.uniqueArray(
  fc.tuple(fc.integer({ min: 0, max: 11 }), fc.uint8Array({ maxLength: 300 })),
  { selector: ([index]) => index, maxLength: 12 },
);

describe('a part file', () => {
  it('gives back its head and tiles', () => {
    fc.assert(
      fc.property(payloads, (tiles) => {
        const file = joined([
          formatPartHead(head),
          ...tiles.map((tile) => formatPartTile(...tile)),
        ]);
        const part = parsePart(file);
        expect(part.head).toEqual(head);
        expect([...part.tiles]).toEqual(tiles.map(([index, bytes]) => [index, bytes]));
        expect(part.wholeBytes).toBe(file.length);
      }),
    );
  });

  it('cut anywhere keeps all whole tiles, and where they end', () => {
    const tiles = [0, 1, 2].map((index) => formatPartTile(index, new Uint8Array(40).fill(index)));
    const start = formatPartHead(head);
    const file = joined([start, ...tiles]);
    for (let length = 0; length < file.length; length++) {
      if (length < start.length) {
        expect(() => parsePart(file.slice(0, length))).toThrow(HscError);
        continue;
      }
      const { tiles: kept, wholeBytes } = parsePart(file.slice(0, length));
      const ends = tiles.map((_, i) => joined([start, ...tiles.slice(0, i + 1)]).length);
      const whole = ends.filter((end) => end <= length);
      expect(kept.size).toBe(whole.length);
      expect(wholeBytes).toBe(whole.at(-1) ?? start.length);
    }
  });

  it('leaves out a tile whose bytes have changed, and all after it', () => {
    const tiles = [0, 1, 2].map((index) => formatPartTile(index, new Uint8Array(40).fill(index)));
    const start = formatPartHead(head);
    const file = joined([start, ...tiles]);
    for (let at = start.length + tiles[0].length; at < start.length + 2 * tiles[0].length; at++) {
      const changed = file.slice();
      changed[at] ^= 1;
      expect([...parsePart(changed).tiles.keys()]).toEqual([0]);
    }
  });

  it('refuses changed heads and other bytes by a typed error', () => {
    const start = formatPartHead(head);
    for (let at = 0; at < start.length; at++) {
      const changed = start.slice();
      changed[at] ^= 4;
      expect(() => parsePart(changed)).toThrow(HscError);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => parsePart(bytes)).toThrow(HscError);
      }),
    );
  });

  it('is refused for files that carry changed weights', () => {
    const model = { ...header.model, delta: Uint8Array.of(1) };
    expect(() => formatPartHead({ ...head, header: { ...header, model } })).toThrow(
      expect.objectContaining({ code: 'bad-argument' }),
    );
  });
});
