import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isHscError } from '../../core/errors';
import { bytesSource } from '../bytes';
import { readAll } from '../testData';
import { damagedBytes, expectTypedFailure } from '../testFiles';
import { makeEmit, makeFile, makeNeon, makePrisma, put, samplesIn, shapeIn } from './made.fixture';
import { hdf5Reader } from './reader';

function openBytes(bytes: Uint8Array) {
  const file = bytesSource(bytes, 'damaged.h5');
  return hdf5Reader.open(file, [file], {});
}

async function errorOf(bytes: Uint8Array) {
  try {
    const { cube } = await openBytes(bytes);
    await readAll(cube);
    await cube.close();
  } catch (error) {
    if (isHscError(error)) return error;
    throw error;
  }
  return expect.fail('opened');
}

describe('damaged HDF5 files', () => {
  it('name what is wrong', async () => {
    const whole = await makeEmit();
    expect(await errorOf(new Uint8Array(0))).toMatchObject({
      code: 'truncated',
      message: expect.stringContaining('empty'),
    });
    const cut = await errorOf(whole.subarray(0, whole.length - 100));
    expect(cut).toMatchObject({ code: 'truncated' });
    expect(cut.message).toContain(`states ${whole.length} bytes and has ${whole.length - 100}`);
    expect(await errorOf(new TextEncoder().encode('a text'.repeat(2000)))).toMatchObject({
      code: 'bad-file',
      message: expect.stringContaining('no HDF5 signature'),
    });
  });

  it('cut anywhere are truncated or damaged', async () => {
    const whole = await makePrisma();
    for (let length = 1; length < whole.length; length += Math.ceil(whole.length / 25)) {
      expect((await errorOf(whole.subarray(0, length))).code).toMatch(/^(truncated|bad-file)$/);
    }
  });

  it('with flipped bytes give a typed error or a picture', { timeout: 120_000 }, async () => {
    const files = await Promise.all([makeEmit(), makePrisma()]);
    const damaged = fc.oneof(...files.map(damagedBytes));
    await fc.assert(
      fc.asyncProperty(damaged, (bytes) => expectTypedFailure(() => openBytes(bytes))),
      { numRuns: 60 },
    );
    // The library is as good as before.
    const { cube } = await openBytes(await makeEmit());
    expect(Array.from(await readAll(cube))).toEqual(samplesIn('yxb'));
    await cube.close();
  });

  it('an open cube survives a read that fails', async () => {
    const bytes = await makeFile((file) => {
      put(file, '/cube', Float32Array.from(samplesIn('yxb')), shapeIn('yxb'), {
        chunks: [6, 5, 2],
        compression: 'gzip',
      });
    });
    const original = bytes.slice();
    const source = bytesSource(bytes, 'cube.h5');
    // What the reader holds is this very array, as a file that is overwritten would be.
    const { cube } = await hdf5Reader.open({ ...source, read: async () => bytes as never }, [], {});
    const start = bytes.findIndex((byte, i) => byte === 0x78 && bytes[i + 1] === 0x5e);
    bytes.fill(0xff, start, start + 30);
    await expect(readAll(cube)).rejects.toMatchObject({ code: 'bad-file' });
    await expect(readAll(cube)).rejects.toMatchObject({ code: 'bad-file' });
    bytes.set(original);
    expect(Array.from(await readAll(cube))).toEqual(samplesIn('yxb'));
    await cube.close();
  });

  it('with groups that hold each other end, and show every dataset once', async () => {
    const bytes = await makeFile((file) => {
      put(file, '/a/b/cube', new Uint8Array(60), [3, 4, 5]);
      for (const link of ['x', 'y', 'z']) file.create_hard_link('/a', `/a/b/${link}`);
      file.create_soft_link('/a', '/a/b/soft');
      file.create_soft_link('/nowhere', '/broken');
    });
    const { cube, candidates } = await openBytes(bytes);
    expect(candidates.map(({ id }) => id)).toEqual(['/a/b/cube']);
    await cube.close();
  });

  it('with a heap of texts that leads nowhere do not keep the library busy for ever', async () => {
    const bytes = await makeNeon();
    const heap = Buffer.from(bytes).indexOf('GCOL');
    const first = 16 + new DataView(bytes.buffer).getUint32(heap + 16 + 8, true);
    bytes.fill(0, heap + 16 + 8 * Math.ceil(first / 8), heap + 4096);
    expect(await errorOf(bytes)).toMatchObject({
      code: 'bad-file',
      message: expect.stringMatching(/texts and lists of variable length lead nowhere\.$/),
    });
  });

  it('state no more samples than the file can hold', async () => {
    const bytes = await makeFile((file) => {
      const cube = put(file, '/cube', new Float32Array(8), [2, 2, 2], { chunks: [2, 2, 2] });
      cube.create_attribute('wavelength', [400, 500]);
    });
    const view = new DataView(bytes.buffer);
    for (let at = 0; at + 24 <= bytes.length; at++) {
      const isShape = [0, 8, 16].every((step) => view.getBigUint64(at + step, true) === 2n);
      if (isShape) view.setBigUint64(at, 2n ** 40n, true);
    }
    const error = await errorOf(bytes);
    expect(error.code).toMatch(/bad-file|limit/);
  });
});
