import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pathSources } from './bytesNode';
import { openFiles } from './registry';
import { DATA_FOLDER, describeWithData, type GoldenCube, readAll, sha256Of } from './testData';

function golden(folder: string): [string, GoldenCube][] {
  return Object.entries(
    JSON.parse(readFileSync(`src/formats/${folder}/golden/data.json`, 'utf8')) as Record<
      string,
      GoldenCube
    >,
  );
}

async function compare(path: string, expected: GoldenCube) {
  const { cube, format } = await openFiles(await pathSources(path));
  const { height, width, bands, sampleType, wavelengthsNm } = cube.info;
  expect([height, width, bands]).toEqual(expected.shape);
  expect(sampleType).toBe(expected.dtype);
  expect(wavelengthsNm?.length).toBe(expected.wavelengths ? bands : undefined);
  if (expected.wavelengths && wavelengthsNm) {
    expect(wavelengthsNm[0]).toBeCloseTo(expected.wavelengths[0], 5);
    expect(wavelengthsNm[bands - 1]).toBeCloseTo(expected.wavelengths[1], 5);
  }
  expect(sha256Of(await readAll(cube))).toBe(expected.sha256);
  await cube.close();
  return format;
}

describeWithData('real ENVI files are read as GDAL reads them', () => {
  it.each(golden('envi'))('%s', async (name, expected) => {
    expect(await compare(join(DATA_FOLDER, 'formats', name), expected)).toBe('ENVI');
  });
});

describeWithData('real MATLAB v5 files are read as SciPy reads them', () => {
  it.each(golden('matlab5'))('%s', async (name, expected) => {
    expect(await compare(join(DATA_FOLDER, 'formats', name), expected)).toBe('MATLAB v5');
  });
});

describeWithData('real NumPy archives are read as NumPy reads them', () => {
  it.each(golden('numpy'))('%s', async (name, expected) => {
    expect(await compare(join(DATA_FOLDER, 'cubes/test', name), expected)).toBe('NumPy');
  });
});

describeWithData('Samson as MATLAB file and as archive', () => {
  it('is the same picture, the same way up', async () => {
    const [mat, npz] = await Promise.all(
      ['formats/matv5_2d_bands_x_pixels_samson.mat', 'cubes/test/samson.npz'].map(async (name) => {
        const { cube } = await openFiles(await pathSources(join(DATA_FOLDER, name)));
        const samples = await readAll(cube);
        await cube.close();
        return samples;
      }),
    );
    expect(mat.length).toBe(npz.length);
    let worst = 0;
    for (let i = 0; i < mat.length; i++) worst = Math.max(worst, Math.abs(mat[i] - npz[i]));
    expect(worst).toBeLessThan(1e-6);
  });
});
