import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLzw } from './lzw';

/** TIFF 6.0, section 13, as libtiff writes it: a clear code first and whenever the table is full. */
function encodeLzw(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  let [bits, held, width] = [0, 0, 9];
  let table = new Map<string, number>();
  const put = (code: number) => {
    bits = (bits << width) | code;
    held += width;
    for (; held >= 8; held -= 8) out.push((bits >> (held - 8)) & 0xff);
    bits &= (1 << held) - 1;
  };
  const codeOf = (text: string) => (text.length === 1 ? text.charCodeAt(0) : table.get(text)!);
  put(256);
  let prefix = '';
  for (const byte of bytes) {
    const next = prefix + String.fromCharCode(byte);
    if (next.length === 1 || table.has(next)) {
      prefix = next;
      continue;
    }
    put(codeOf(prefix));
    table.set(next, 258 + table.size);
    if (table.size + 258 === 4095) {
      put(256);
      [table, width] = [new Map(), 9];
    } else if (table.size + 258 === 1 << width) width++;
    prefix = String.fromCharCode(byte);
  }
  if (prefix) put(codeOf(prefix));
  put(257);
  if (held > 0) out.push((bits << (8 - held)) & 0xff);
  return Uint8Array.from(out);
}

describe('LZW', () => {
  it('decodes what was encoded, over many tables', () => {
    const noise = Uint8Array.from({ length: 60_000 }, (_, i) => (i * i * 7919) >> 5);
    const flat = new Uint8Array(200_000);
    const text = fc.uint8Array({ maxLength: 3000, max: 3 });
    for (const bytes of [noise, flat]) {
      expect(decodeLzw(encodeLzw(bytes), bytes.length)).toEqual(bytes);
    }
    fc.assert(
      fc.property(text, (bytes) => {
        expect(decodeLzw(encodeLzw(bytes), bytes.length)).toEqual(bytes);
      }),
    );
  });

  it('returns no more than was asked for, and less where the stream ends', () => {
    const bytes = Uint8Array.from({ length: 5000 }, (_, i) => i >> 3);
    const encoded = encodeLzw(bytes);
    expect(decodeLzw(encoded, 100)).toEqual(bytes.subarray(0, 100));
    const half = decodeLzw(encoded.slice(0, encoded.length >> 1), 5000);
    expect(half.length).toBeLessThan(5000);
    expect(half).toEqual(bytes.subarray(0, half.length));
  });

  it('ends on any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (bytes) => {
        try {
          expect(decodeLzw(Uint8Array.from(bytes), 4000).length).toBeLessThanOrEqual(4000);
        } catch (error) {
          expect(String(error)).toMatch(/LZW code/);
        }
      }),
    );
  });
});
