import { describe, expect, it } from 'vitest';
import { evenly, smoothCube, tinyStore } from './hific/testing';
import { inspectFile } from './inspect';
import { fileAround, installedCodec } from './testing';

const IDS = ['klt-jpeg2000', 'pca-jpeg2000', 'jpeg2000', 'lossless'] as const;
const TRANSFORMS = ['wavelet-3d', 'dct-3d', 'dpcm-dct'] as const;

describe.each([...IDS, ...TRANSFORMS])('a file of %s', (id) => {
  it('tells its codec and where its bytes go, as the encoder does', async () => {
    const codec = await installedCodec(id);
    const cube = smoothCube(24, 20, evenly(10));
    const options = { rate: 2, bandPolicy: 'refuse', metadata: 'spectral' } as const;
    const { file, sections, codedBands } = await codec.encode(cube, options);
    const facts = await inspectFile(file, await tinyStore());
    expect(facts.codec).toBe(id);
    expect(facts.sections).toEqual(sections);
    expect(facts.sections.sideInformation).toBeGreaterThan(0);
    expect(facts.codedBands).toEqual(codedBands);
    expect(facts.storedType).toBe('uint16');
  });
});

it('refuses the file of a codec that is not known here', async () => {
  const file = fileAround(31, new Uint8Array(9), { width: 4, height: 4, bands: 2 });
  await expect(inspectFile(file, await tinyStore())).rejects.toMatchObject({
    code: 'bitstream-version',
    message: expect.stringContaining('number 31'),
  });
});
