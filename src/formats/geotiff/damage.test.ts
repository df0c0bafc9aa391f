import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHscError } from '../../core/errors';
import { bytesSource } from '../bytes';
import { goldenFile, goldenNames, SHAPE, synthetic } from './golden.fixture';
import { geotiffReader } from './reader';

const files = [...goldenNames(), 'described.tif', 'pages.tif', 'sparse_overview.tif'].map(
  (name) => ({ name, bytes: new Uint8Array(readFileSync(goldenFile(name))) }),
);

/** Opens and reads at most 64 × 64 pixels of all bands. */
async function readSome(bytes: Uint8Array) {
  const file = bytesSource(bytes, 'damaged.tif');
  const { cube } = await geotiffReader.open(file, [file], {});
  const width = Math.min(64, cube.info.width);
  const height = Math.min(64, cube.info.height);
  return cube.readWindow({ x: 0, y: 0, width, height });
}

/** Runs to an end or to a typed error with a sentence; anything else fails. */
async function survives(bytes: Uint8Array): Promise<void> {
  try {
    await readSome(bytes);
  } catch (error) {
    if (!isHscError(error)) throw error;
    expect(error.message).toMatch(/\.$/);
  }
}

describe('damaged TIFF files', () => {
  it.each(files)(
    '$name cut short is truncated or damaged, never a wrong picture',
    async ({ name, bytes }) => {
      const expected = synthetic(name);
      for (let length = 0; length < bytes.length; length += 1 + (length >> 4)) {
        const error: unknown = await readSome(bytes.subarray(0, length)).then(
          (samples) => {
            // What is missing at the end may be a key that the samples do not need.
            expect(samples.length).toBe(SHAPE.width * SHAPE.height * SHAPE.bands);
            if (/int\d|float\d/.test(name)) expect(Array.from(samples)).toEqual(expected);
            return undefined;
          },
          (reason: unknown) => reason,
        );
        if (error === undefined) continue;
        expect(isHscError(error) && error.code).toMatch(/^(truncated|bad-file)$/);
      }
    },
  );

  it('flipped bytes give an error or a picture', async () => {
    const flips = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), flips, fc.boolean(), async (file, at, early) => {
        const bytes = file.bytes.slice();
        const reach = early ? Math.min(300, bytes.length) : bytes.length;
        for (const [place, value] of at) bytes[Math.floor(place * (reach - 1))] = value;
        await survives(bytes);
      }),
      { numRuns: 1500 },
    );
  });

  it.each([
    ['an empty file', 0, 'truncated'],
    ['a header alone', 8, 'truncated'],
  ])('%s', async (_what, length, code) => {
    await expect(readSome(files[0].bytes.subarray(0, length))).rejects.toMatchObject({ code });
  });

  it('names what is wrong with another file', async () => {
    const error = await readSome(new TextEncoder().encode('ENVI\nsamples = 4\n'.repeat(99))).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'bad-file' });
    expect(String(error)).toContain('damaged.tif is not a readable TIFF file');
  });

  it('follows no loop of directories', async () => {
    const { bytes } = files.find(({ name }) => name === 'pixel_uint16.tif')!;
    const looped = bytes.slice();
    const view = new DataView(looped.buffer);
    const directory = view.getUint32(4, true);
    const entries = view.getUint16(directory, true);
    view.setUint32(directory + 2 + entries * 12, directory, true);
    await expect(readSome(looped)).rejects.toMatchObject({
      code: 'bad-file',
      message: expect.stringContaining('loop'),
    });
  });

  it('states which compression is not supported', async () => {
    const { bytes } = files.find(({ name }) => name === 'pixel_uint16.tif')!;
    const jpeg = withTag(bytes, 259, 7);
    await expect(readSome(jpeg)).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('JPEG'),
    });
    const complex = withTag(bytes, 259, 34712);
    await expect(readSome(complex)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('allocates nothing for a size that the file cannot hold', async () => {
    const { bytes } = files.find(({ name }) => name === 'pixel_uint16.tif')!;
    const huge = withTag(withTag(bytes, 256, 60_000), 257, 60_000);
    await expect(readSome(huge)).rejects.toMatchObject({
      code: expect.stringMatching(/^(truncated|bad-file)$/),
    });
  });
});

/** The file with the (inline) value of one tag changed. */
function withTag(bytes: Uint8Array, tag: number, value: number): Uint8Array {
  const changed = bytes.slice();
  const view = new DataView(changed.buffer);
  const directory = view.getUint32(4, true);
  for (let i = 0; i < view.getUint16(directory, true); i++) {
    const entry = directory + 2 + i * 12;
    if (view.getUint16(entry, true) === tag) view.setUint16(entry + 8, value, true);
  }
  return changed;
}
