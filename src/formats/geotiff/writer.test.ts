import { describe, expect, it } from 'vitest';
import type { HyperspectralCube, SampleArray } from '../../core/cube/types';
import { bytesSource } from '../bytes';
import { typeOfSamples } from '../samples';
import { readAll } from '../testData';
import { geotiffReader } from './reader';
import { geotiffWriter } from './writer';

function cubeOf(data: SampleArray, extra: Partial<HyperspectralCube> = {}): HyperspectralCube {
  return {
    name: 'made',
    width: 5,
    height: 4,
    bands: 3,
    sampleType: typeOfSamples(data),
    data,
    ...extra,
  };
}

async function writeAndRead(cube: HyperspectralCube) {
  const [file] = await geotiffWriter.write(cube, 'made');
  expect(file.name).toBe('made.tif');
  const source = bytesSource(file.bytes, file.name);
  return geotiffReader.open(source, [source], {});
}

const ramp = Array.from({ length: 60 }, (_, i) => i);

describe('GeoTIFF writer', () => {
  it.each([
    Uint8Array.from(ramp),
    Int8Array.from(ramp, (v) => v - 30),
    Uint16Array.from(ramp, (v) => v * 1000),
    Int16Array.from(ramp, (v) => v * 1000 - 30_000),
    Uint32Array.from(ramp, (v) => v * 7e7),
    Int32Array.from(ramp, (v) => v * 7e7 - 2e9),
    Float32Array.from(ramp, (v) => v / 7),
    Float64Array.from(ramp, (v) => v / 7),
  ])('keeps samples as they are ($constructor.name)', async (data) => {
    const { cube } = await writeAndRead(cubeOf(data));
    expect(cube.info).toMatchObject({
      width: 5,
      height: 4,
      bands: 3,
      sampleType: typeOfSamples(data),
    });
    expect(await readAll(cube)).toEqual(data);
  });

  it('carries wavelengths, widths, names, bad bands, units, sensor and no-data value', async () => {
    const extra = {
      wavelengthsNm: [450.25, 550, 2400.1],
      fwhmNm: [5, 5.5, 10],
      bandNames: ['blue & <co>', 'grün', 'SWIR "2"'],
      badBands: [2],
      units: 'reflectance × 10000',
      sensor: 'EnMAP',
      noDataValue: Number.NaN,
    };
    const { cube } = await writeAndRead(cubeOf(Float32Array.from(ramp), extra));
    expect(cube.info).toMatchObject(extra);
  });

  it.each([
    { epsg: 32633, transform: [365055, 30, 0, 5807085, 0, -30] as const },
    { epsg: 4326, transform: [13.25, 0.001, 0, 52.5, 0, -0.001] as const },
    { epsg: 4647, transform: [32365055, 3, 0, 5807085, 0, -3] as const },
    { epsg: 25832, transform: [365055, 2, 0.5, 5807085, 0.5, -2] as const },
    { transform: [726499, 1, 0, 4699073, 0, -1] as const },
    { epsg: 32618 },
  ])('carries the georeference $epsg $transform', async (geo) => {
    const { cube } = await writeAndRead(cubeOf(Uint8Array.from(ramp), { geo }));
    expect(cube.info.geo).toEqual({ epsg: undefined, transform: undefined, ...geo });
  });

  it('writes nothing it does not know', async () => {
    const { cube } = await writeAndRead(cubeOf(Uint8Array.from(ramp)));
    const { wavelengthsNm, geo, noDataValue, badBands, bandNames } = cube.info;
    expect([wavelengthsNm, geo, noDataValue, badBands, bandNames]).toEqual(
      Array(5).fill(undefined),
    );
  });

  it('refuses what does not fit', async () => {
    const short = cubeOf(new Uint8Array(59));
    await expect(geotiffWriter.write(short, 'x')).rejects.toMatchObject({ code: 'bad-argument' });
    const many = { ...cubeOf(new Uint8Array(70_000)), width: 1, height: 1, bands: 70_000 };
    await expect(geotiffWriter.write(many, 'x')).rejects.toMatchObject({ code: 'limit' });
  });

  // Were it the square, this would meet the time limit of every test.
  it('takes a time that grows with the cube, not with its square', async () => {
    const bands = 100;
    const big = { ...cubeOf(new Uint16Array(512 * 1024 * bands)), width: 512, height: 1024, bands };
    const [{ bytes }] = await geotiffWriter.write(big, 'big');
    expect(bytes.length).toBeGreaterThan(100e6);
  });
});
