import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseFile } from '../../core/bitstream/container';
import { valueRange } from '../../core/cube/normalize';
import type { HyperspectralCube } from '../../core/cube/types';
import { presetSpec } from '../../nn/spec';
import { relativeError, useBackend } from '../../nn/testing';
import { inspectFile } from '../inspect';
import { openJpegFromPackage } from '../openjpeg/openjpegNode';
import { createCodecs } from '../registry';
import type { Codec } from '../types';
import { lambdaAt } from './rate';
import { evenly, OPTIONS, smoothCube, tinyCodec, tinyStore } from './testing';

const NATIVE = evenly(24, 410, 990);

describe.each(['cpu', 'wasm'] as const)('HiFiC codecs on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(['hific-opt', 'hific-se', 'hific-3d'])('%s: cube → file → cube', async (id) => {
    const codec = await tinyCodec(id);
    const cube = smoothCube(50, 37, NATIVE);
    const encoded = await codec.encode(cube, OPTIONS);
    const { header, metadata, sideInformation, latents } = encoded.sections;
    expect(header + metadata + sideInformation + latents).toBeCloseTo(encoded.file.length, 6);
    expect(encoded.codedBands).toHaveLength(24);
    const decoded = await codec.decode(encoded.file);
    expect(decoded.codec).toBe(id);
    expect(decoded.symbolDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(decoded.cube).toMatchObject({ width: 50, height: 37, bands: 24, sampleType: 'float32' });
    expect(decoded.cube.data).toHaveLength(cube.data.length);
    expect(relativeError(decoded.cube.wavelengthsNm ?? [], NATIVE)).toBeLessThan(1e-6);
    expect(within(decoded.cube, cube)).toBe(true);
  });

  it.each([
    [1, 1],
    [1, 40],
    [33, 1],
    [16, 16],
    [17, 31],
  ])('codes an image of %i × %i pixels', async (width, height) => {
    const codec = await tinyCodec('hific-3d');
    const { file } = await codec.encode(smoothCube(width, height, NATIVE), OPTIONS);
    const { cube } = await codec.decode(file);
    expect([cube.width, cube.height, cube.data.length]).toEqual([
      width,
      height,
      width * height * 24,
    ]);
  });
});

describe('HificCodec', () => {
  let codec: Codec;
  beforeAll(async () => {
    await useBackend('wasm');
    codec = await tinyCodec('hific-opt');
  });

  it('gives the same bytes and the same samples twice, and leaves no tensors', async () => {
    const cube = smoothCube(40, 40, NATIVE);
    await codec.decode((await codec.encode(cube, OPTIONS)).file);
    const tensors = tf.memory().numTensors;
    const [one, two] = [await codec.encode(cube, OPTIONS), await codec.encode(cube, OPTIONS)];
    expect(two.file).toEqual(one.file);
    expect((await codec.decode(one.file)).cube).toEqual((await codec.decode(two.file)).cube);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('codes several tiles in several windows', async () => {
    const cube = smoothCube(300, 200, NATIVE);
    const { file } = await codec.encode(cube, OPTIONS);
    expect(parseFile(file).tiles).toHaveLength(6);
    const decoded = await codec.decode(file);
    expect(decoded.cube.data).toHaveLength(cube.data.length);
    expect(within(decoded.cube, cube)).toBe(true);
  });

  it('restores an image without band centres at all its bands', async () => {
    const cube = { ...smoothCube(20, 20, NATIVE), wavelengthsNm: undefined };
    const { file } = await codec.encode(cube, { ...OPTIONS, metadata: 'none' });
    const decoded = await codec.decode(file);
    expect(decoded.cube.bands).toBe(24);
    expect(decoded.cube.wavelengthsNm).toBeUndefined();
  });

  it('takes band centres from outside, else shows the grid and says so', async () => {
    const cube = smoothCube(20, 20, NATIVE);
    const { file } = await codec.encode(cube, { ...OPTIONS, metadata: 'none' });
    const given = await codec.decode(file, { bandsFrom: NATIVE });
    const stored = await codec.decode((await codec.encode(cube, OPTIONS)).file);
    // Files round wavelengths to a picometre.
    expect(relativeError(given.cube.data, stored.cube.data)).toBeLessThan(1e-4);
    const bare = await codec.decode(file);
    expect(bare.cube.bands).toBe(16);
    expect(bare.cube.notes?.join()).toMatch(/no band centres/);
    await expect(codec.decode(file, { bandsFrom: [500, 600] })).rejects.toMatchObject({
      code: 'bad-argument',
    });
  });

  it('keeps a cube on the model’s own grid without storing its wavelengths', async () => {
    const cube = smoothCube(20, 20, evenly(16));
    const { file } = await codec.encode(cube, { ...OPTIONS, metadata: 'none' });
    const decoded = await codec.decode(file);
    expect(decoded.cube.wavelengthsNm).toEqual(evenly(16));
    expect(decoded.cube.notes).toBeUndefined();
  });

  it('refuses bands outside the grid, or codes those inside and says which', async () => {
    const cube = smoothCube(20, 20, evenly(25, 400, 1600));
    await expect(codec.encode(cube, OPTIONS)).rejects.toMatchObject({
      code: 'band-range',
      message: expect.stringMatching(/^12 of 25 bands lie outside 400–1000 nm.*13 bands inside/),
    });
    const covered = await codec.encode(cube, { ...OPTIONS, bandPolicy: 'covered' });
    expect(covered.codedBands).toEqual(Array.from({ length: 13 }, (_, i) => i));
    expect(covered.notes).toEqual(['The file holds 13 of 25 bands.']);
    const { cube: decoded } = await codec.decode(covered.file);
    expect(decoded.bands).toBe(13);
    expect(decoded.wavelengthsNm?.at(-1)).toBeCloseTo(1000, 2);
    const infrared = smoothCube(20, 20, evenly(9, 1200, 2400));
    await expect(
      codec.encode(infrared, { ...OPTIONS, bandPolicy: 'covered' }),
    ).rejects.toMatchObject({ code: 'band-range' });
  });

  it('fills pixels without data, keeps them out of the range and says so', async () => {
    const cube = smoothCube(40, 40, NATIVE);
    const holes = { ...cube, noDataValue: 65535, data: cube.data.slice() };
    holes.data.fill(65535, 0, 100 * 24);
    holes.data[200 * 24 + 3] = 65535;
    const { file, notes } = await codec.encode(holes, { ...OPTIONS, metadata: 'all' });
    expect(notes?.join()).toMatch(/^101 of 1600 pixels had samples without data/);
    const decoded = await codec.decode(file);
    expect(decoded.cube.notes).toEqual(notes);
    expect(Math.max(...decoded.cube.data)).toBeLessThanOrEqual(valueRange(cube).high * 1.01);
    const blank = { ...cube, data: new Float32Array(cube.data.length).fill(Number.NaN) };
    await expect(codec.encode(blank, OPTIONS)).rejects.toMatchObject({ code: 'bad-file' });
  });

  it('codes constant and zero images', async () => {
    for (const value of [0, 7]) {
      const cube = smoothCube(20, 20, NATIVE);
      const flat = { ...cube, data: new Uint16Array(cube.data.length).fill(value) };
      const decoded = await codec.decode((await codec.encode(flat, OPTIONS)).file);
      expect(decoded.cube.data.every(Number.isFinite)).toBe(true);
    }
  });

  it('never takes a damaged file for a good one', async () => {
    const cube = smoothCube(200, 40, NATIVE);
    const { file } = await codec.encode(cube, { ...OPTIONS, metadata: 'all' });
    const good = await codec.decode(file);
    let refused = 0;
    for (let at = 0; at < file.length; at += 1 + Math.floor(file.length / 60)) {
      const damaged = file.slice();
      damaged[at] ^= 0x10;
      // The last bits of a tile's range coder can change and mean the same.
      const result = await codec.decode(damaged).catch((error) => error);
      if (result.name === 'HscError') refused++;
      else expect(result.symbolDigest, `byte ${at}`).toBe(good.symbolDigest);
    }
    expect(refused).toBeGreaterThan(50);
    for (const length of [0, 5, 20, file.length - 1]) {
      await expect(codec.decode(file.slice(0, length))).rejects.toMatchObject({ name: 'HscError' });
    }
    expect((await codec.decode(file)).symbolDigest).toBe(good.symbolDigest);
  });

  it('names missing weights, and reads the files of its sisters', async () => {
    const cube = smoothCube(20, 20, NATIVE);
    const sister = await tinyCodec('hific-se');
    const { file } = await sister.encode(cube, OPTIONS);
    expect((await codec.decode(file)).codec).toBe('hific-se');
    const unknown = file.slice();
    const at = findDigest(file, parseFile(file).header);
    unknown[at] ^= 0xff;
    await expect(codec.decode(unknown)).rejects.toMatchObject({ code: 'model-missing' });
  });

  it('tells progress that rises to the end, and stops when asked', async () => {
    const cube = smoothCube(300, 40, NATIVE);
    const seen: number[] = [];
    const labels = new Set<string>();
    await codec.encode(cube, OPTIONS, {
      onProgress: (done, label) => {
        seen.push(done);
        labels.add(label);
      },
    });
    expect(seen.every((done, i) => done >= (seen[i - 1] ?? 0) && done <= 1)).toBe(true);
    expect([...labels]).toEqual([
      'reading the image',
      'analysis transform',
      'hyperprior',
      'entropy coding',
      'checking the file',
    ]);
    const tensors = tf.memory().numTensors;
    const controller = new AbortController();
    const stopped = codec.encode(cube, OPTIONS, {
      signal: controller.signal,
      onProgress: (done) => done > 0.3 && controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('lets timers run during a long job', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 1);
    await codec.encode(smoothCube(300, 200, NATIVE), OPTIONS);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(5);
  });

  it('fills the budget of every rate, its metadata apart', async () => {
    const cube = smoothCube(96, 96, NATIVE);
    const sizes: number[] = [];
    for (const rate of [0.12, 0.14, 0.17]) {
      const encoded = await codec.encode(cube, { ...OPTIONS, rate });
      const size = encoded.file.length - encoded.sections.metadata;
      const budget = (rate * 96 * 96) / 8;
      expect(size).toBeLessThanOrEqual(budget);
      expect(size).toBeGreaterThan(0.85 * budget);
      sizes.push(size);
    }
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  });

  it('fills the budget of an image of many tiles', async () => {
    const cube = smoothCube(400, 390, NATIVE);
    const rate = 0.1;
    const { file, sections } = await codec.encode(cube, { ...OPTIONS, rate });
    expect(parseFile(file).tiles).toHaveLength(16);
    const size = file.length - sections.metadata;
    const budget = (rate * 400 * 390) / 8;
    expect(size).toBeLessThanOrEqual(budget);
    expect(size).toBeGreaterThan(0.95 * budget);
  });

  it.each([
    ['lowest', 0.001],
    ['highest', 8],
  ])('says what the %s rate is where the one asked for is beyond', async (end, rate) => {
    const cube = smoothCube(96, 96, NATIVE);
    const { file, notes, sections } = await codec.encode(cube, { ...OPTIONS, rate });
    const bpp = (8 * (file.length - sections.metadata)) / 96 ** 2;
    expect(notes).toEqual([
      `The ${end} rate of this model for this image is ${bpp.toFixed(3)} bpp.`,
    ]);
  });

  it('takes no rate that is not positive', async () => {
    const cube = smoothCube(16, 16, NATIVE);
    for (const rate of [0, -1, Number.NaN]) {
      await expect(codec.encode(cube, { ...OPTIONS, rate })).rejects.toMatchObject({
        code: 'bad-argument',
      });
    }
  });

  it('spends at most 25 bytes beside the frame and the coded symbols of one patch', async () => {
    const cube = smoothCube(96, 96, NATIVE);
    const encoded = await codec.encode(cube, { ...OPTIONS, metadata: 'none' });
    const { header } = parseFile(encoded.file);
    const frame = header.family === 'hific' ? header.model.frame.length : 0;
    expect(encoded.sections.header).toBeLessThanOrEqual(25 + frame);
    const symbols = (encoded.estimatedBits / 8) * 1.005;
    expect(encoded.file.length).toBeLessThanOrEqual(symbols + 25 + frame);
  });
});

describe('inspectFile', () => {
  it('tells codec, rate, sections and bands without running a network', async () => {
    await useBackend('wasm');
    const store = await tinyStore();
    const [codec] = await createCodecs(store, openJpegFromPackage);
    const encoded = await codec.encode(smoothCube(40, 40, NATIVE), { ...OPTIONS, rate: 0.7 });
    const facts = await inspectFile(encoded.file, store);
    expect(facts.codec).toBe('hific-opt');
    const { header } = parseFile(encoded.file);
    const position = header.family === 'hific' ? header.model.rate : -1;
    expect(facts.quality).toMatchObject({ position, of: 240 });
    const { lambdas } = presetSpec('tiny', 'hific-opt');
    expect(facts.quality?.lambda).toBeCloseTo(lambdaAt(lambdas, position), 10);
    expect(facts.sections).toEqual(encoded.sections);
    expect(facts.estimatedBits).toBe(encoded.estimatedBits);
    expect(facts.codedBands).toHaveLength(24);
    expect(facts.storedType).toBe('uint16');
  });
});

/** True where the decoded samples stay within the original's value range. */
function within(decoded: HyperspectralCube, cube: HyperspectralCube): boolean {
  const { low, high } = valueRange(cube);
  const slack = 0.01 * (high - low);
  return decoded.data.every((value) => value >= low - slack && value <= high + slack);
}

function findDigest(file: Uint8Array, header: ReturnType<typeof parseFile>['header']): number {
  if (header.family !== 'hific') throw new Error('not a HiFiC file');
  const digits = Array.from(file, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.indexOf(header.model.digest) / 2;
}
