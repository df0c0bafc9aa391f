import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFile } from '../../core/bitstream/container';
import { readOpaquePayload, writeOpaqueFile } from '../../core/bitstream/opaqueFile';
import { type HyperspectralCube, SAMPLE_ARRAYS, type SampleType } from '../../core/cube/types';
import { isHscError } from '../../core/errors';
import type { EncodeOptions } from '../types';
import { LosslessCodec } from './codec';
import { inspectPayload } from './payload';
import { arrayOf, bytesOf, cubeOf, noise, smoothCube } from './testing';

const OPTIONS: EncodeOptions = { rate: 0, bandPolicy: 'refuse', metadata: 'none' };
const codec = new LosslessCodec();

async function expectRestored(cube: HyperspectralCube): Promise<Uint8Array> {
  const { file } = await codec.encode(cube, OPTIONS);
  const decoded = await codec.decode(file);
  expect(decoded.cube.sampleType).toBe(cube.sampleType);
  expect([decoded.cube.width, decoded.cube.height, decoded.cube.bands]).toEqual([
    cube.width,
    cube.height,
    cube.bands,
  ]);
  expect(bytesOf(decoded.cube.data)).toEqual(bytesOf(cube.data));
  return file;
}

const TYPES = Object.keys(SAMPLE_ARRAYS) as SampleType[];

const shapes = fc.record({
  width: fc.integer({ min: 1, max: 9 }),
  height: fc.integer({ min: 1, max: 9 }),
  bands: fc.integer({ min: 1, max: 25 }),
});
type Shape = typeof shapes extends fc.Arbitrary<infer T> ? T : never;

function cubeFromBytes(type: SampleType, shape: Shape, byteAt: (i: number) => number) {
  const Samples = SAMPLE_ARRAYS[type];
  const size = shape.width * shape.height * shape.bands * Samples.BYTES_PER_ELEMENT;
  const bytes = Uint8Array.from({ length: size }, (_, i) => byteAt(i));
  return cubeOf(new Samples(bytes.buffer), shape);
}

describe.each(TYPES)('lossless %s', (type) => {
  it('restores random bits, every NaN and subnormal among them', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.integer(), async (shape, seed) => {
        const random = noise(seed);
        await expectRestored(cubeFromBytes(type, shape, () => random() * 256));
      }),
      { numRuns: 40 },
    );
  });

  it('restores few distinct values, extremes of the type among them', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.integer(), fc.integer({ min: 1, max: 6 }), async (...args) => {
        const [shape, seed, count] = args;
        const random = noise(seed);
        const pick = (extreme: number) => extreme * Math.floor(random() * count);
        const patterns = [0, 255, 127, 128, 1, 254];
        const size = SAMPLE_ARRAYS[type].BYTES_PER_ELEMENT;
        let pattern = 0;
        await expectRestored(
          cubeFromBytes(type, shape, (i) => {
            if (i % size === 0) pattern = patterns[pick(1)];
            return i % size === size - 1 || pattern !== 127 ? pattern : 255;
          }),
        );
      }),
      { numRuns: 40 },
    );
  });

  it('restores smooth images', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.integer({ min: 0, max: 40 }), async (shape, roughness) => {
        await expectRestored(smoothCube(type, shape, roughness));
      }),
      { numRuns: 20 },
    );
  });
});

/** Samples of a shape by place. */
function filled(
  type: SampleType,
  shape: Shape,
  value: (x: number, y: number, b: number) => number,
): HyperspectralCube {
  const { width, height, bands } = shape;
  const data = arrayOf(type, width * height * bands);
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / bands);
    data[i] = value(pixel % width, Math.floor(pixel / width), i % bands);
  }
  return cubeOf(data, shape);
}

describe('special content', () => {
  const shape = { width: 33, height: 17, bands: 24 };

  it.each(TYPES)('a constant %s cube costs next to nothing', async (type) => {
    const file = await expectRestored(filled(type, shape, () => 77));
    expect(file.length).toBeLessThan(60);
  });

  it.each([
    ['int32', -(2 ** 31), 2 ** 31 - 1],
    ['uint32', 0, 2 ** 32 - 1],
    ['float64', -Number.MAX_VALUE, Number.MIN_VALUE],
    ['float32', Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    ['float32', -0, 0],
    ['float64', -0, Number.NaN],
    ['uint16', 0, 65535],
  ] as const)('checkerboards of %s %d and %d', async (type, black, white) => {
    await expectRestored(filled(type, shape, (x, y, b) => ((x + y + b) % 2 ? black : white)));
  });

  it('outliers that the predictor learns from as little as possible', async () => {
    const random = noise(5);
    const value = () => (random() < 0.01 ? 2 ** 31 * (random() - 0.5) : random() * 3);
    await expectRestored(filled('int32', shape, value));
  });

  it('no-data pixels, and a cube without any valid sample', async () => {
    const cube = filled('float32', shape, (x, y) => (x > y ? Number.NaN : -9999));
    await expectRestored({ ...cube, noDataValue: -9999 });
  });

  it('views into larger buffers', async () => {
    const whole = Float64Array.from({ length: 100 }, (_, i) => Math.sin(i));
    await expectRestored(cubeOf(whole.subarray(10, 70), { width: 3, height: 4, bands: 5 }));
  });
});

describe('floats made of integers', () => {
  const shape = { width: 40, height: 30, bands: 12 };
  const whole = smoothCube('uint16', shape, 30);

  async function sizeOf(type: SampleType, scale: (value: number) => number): Promise<number> {
    const data = arrayOf(type, whole.data.length);
    for (let i = 0; i < data.length; i++) data[i] = scale(whole.data[i]);
    return (await expectRestored(cubeOf(data, shape))).length;
  }

  it('cost what the integers cost, whatever scaled them', async () => {
    const plain = (await expectRestored(whole)).length;
    const scales: readonly ((value: number) => number)[] = [
      (value) => value,
      (value) => value / 1402,
      (value) => value / 10000,
      (value) => value * Math.fround(0.0001),
      (value) => value * 0.01,
      (value) => value / 4096,
      (value) => value * 20,
    ];
    for (const scale of scales) {
      expect(await sizeOf('float32', scale)).toBeLessThan(plain + 30);
      expect(await sizeOf('float64', scale)).toBeLessThan(plain + 30);
    }
  });

  it('cost a palette more where NaN marks gaps', async () => {
    const coarse = (value: number) => value & ~15;
    const plain = await sizeOf('uint16', coarse);
    const gaps = await sizeOf('float32', (value) =>
      value % 200 === 3 ? Number.NaN : coarse(value) / 977,
    );
    expect(gaps).toBeLessThan(1.5 * plain);
  });

  it('integers with a common factor cost what they cost without', async () => {
    const plain = (await expectRestored(whole)).length;
    expect(await sizeOf('uint32', (value) => 7 + 16 * value)).toBeLessThan(plain + 30);
    expect(await sizeOf('int32', (value) => 1e6 * (value - 1000))).toBeLessThan(plain + 30);
  });
});

describe('the file', () => {
  const cube: HyperspectralCube = {
    ...smoothCube('int16', { width: 20, height: 10, bands: 6 }, 8),
    name: 'field',
    wavelengthsNm: [400, 500, 600, 700, 800, 900],
    noDataValue: -1,
  };

  it('has sections that add up, and what its payload says of itself', async () => {
    const { file, sections, codedBands, estimatedBits } = await codec.encode(cube, OPTIONS);
    const { header, metadata, sideInformation, latents } = sections;
    expect(header + metadata + sideInformation + latents).toBe(file.length);
    expect(estimatedBits).toBe(8 * (sideInformation + latents));
    expect(codedBands).toEqual([0, 1, 2, 3, 4, 5]);
    const payload = readOpaquePayload(parseFile(file));
    expect(inspectPayload(payload)).toEqual({ sideInformation, latents });
  });

  it('carries metadata where asked for, else takes band centres from outside', async () => {
    const all = await codec.encode(cube, { ...OPTIONS, metadata: 'all' });
    const { data: _, ...info } = (await codec.decode(all.file)).cube;
    expect(info).toMatchObject({ name: 'field', noDataValue: -1, sampleType: 'int16' });
    expect(info.wavelengthsNm).toEqual(cube.wavelengthsNm);
    const { file } = await codec.encode(cube, OPTIONS);
    const from = await codec.decode(file, { bandsFrom: cube.wavelengthsNm });
    expect(from.cube.wavelengthsNm).toEqual(cube.wavelengthsNm);
    await expect(codec.decode(file, { bandsFrom: [1, 2] })).rejects.toMatchObject({
      code: 'bad-argument',
    });
  });

  it('reports progress, gives up the thread and stops when told', async () => {
    const large = smoothCube('uint16', { width: 200, height: 150, bands: 20 }, 30);
    const done: number[] = [];
    await codec.encode(large, OPTIONS, { onProgress: (value) => done.push(value) });
    expect(done.length).toBeGreaterThan(2);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    const abort = new AbortController();
    const job = { signal: abort.signal, onProgress: () => abort.abort() };
    await expect(codec.encode(large, OPTIONS, job)).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('damage', () => {
  const cube = smoothCube('uint16', { width: 12, height: 9, bands: 5 }, 12);

  async function outcome(file: Uint8Array): Promise<string> {
    try {
      await codec.decode(file);
      return 'decoded';
    } catch (error) {
      if (isHscError(error)) return error.code;
      throw error;
    }
  }

  it('is found wherever it lies', async () => {
    const { file } = await codec.encode(cube, OPTIONS);
    for (let at = 0; at < file.length; at++) {
      expect(await outcome(file.subarray(0, at))).not.toBe('decoded');
      const damaged = file.slice();
      damaged[at] ^= 1 << (at % 8);
      expect(await outcome(damaged)).not.toBe('decoded');
    }
  });

  it('ends in a typed error, or other samples, where the check was made to match', async () => {
    const { header, tiles } = parseFile((await codec.encode(cube, OPTIONS)).file);
    if (header.family === 'hific') throw new Error('not a lossless file');
    const [{ payload }] = tiles;
    const codes = new Set<string>();
    for (let at = 0; at < payload.length; at++) {
      for (const change of [1, 128, 255]) {
        const forged = payload.slice();
        forged[at] ^= change;
        codes.add(await outcome(writeOpaqueFile(header, forged).file));
      }
      codes.add(await outcome(writeOpaqueFile(header, payload.subarray(0, at)).file));
    }
    const known = ['decoded', 'bitstream', 'truncated'];
    expect([...codes].filter((code) => !known.includes(code))).toEqual([]);
    expect(codes).toContain('bitstream');
    expect(codes).toContain('truncated');
  });

  it('refuses random payloads', async () => {
    const { header } = parseFile((await codec.encode(cube, OPTIONS)).file);
    if (header.family === 'hific') throw new Error('not a lossless file');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (payload) => {
        const code = await outcome(writeOpaqueFile(header, payload).file);
        expect(['bitstream', 'truncated', 'decoded']).toContain(code);
      }),
      { numRuns: 300 },
    );
  });

  it('refuses dimensions beyond its limit before it allocates', async () => {
    const { header } = parseFile((await codec.encode(cube, OPTIONS)).file);
    if (header.family === 'hific') throw new Error('not a lossless file');
    const huge = { ...header, width: 65536, height: 4096, bands: 16384 };
    expect(await outcome(writeOpaqueFile(huge, new Uint8Array(9)).file)).toBe('limit');
  });
});
