import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { EXAMPLE } from '../features/start/example';
import { makeExample } from './example';
import { png } from './png';

/** The rows of a PNG as they were before deflating, which differs between versions of zlib. */
function rows(file: Uint8Array): Buffer {
  const bytes = Buffer.from(file);
  const at = bytes.indexOf('IDAT', 0, 'latin1');
  return inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)));
}

describe('the example on the start page', () => {
  it('is what the codec makes of the sample', async () => {
    const { example, original, restored } = await makeExample();
    expect(EXAMPLE).toEqual(example);
    for (const [name, { width, height, rgba }] of Object.entries({ original, restored })) {
      const path = new URL(`../../public/example/${name}.png`, import.meta.url);
      const shown = rows(await readFile(fileURLToPath(path)));
      expect(shown.equals(rows(png(width, height, rgba)))).toBe(true);
    }
  });
});
