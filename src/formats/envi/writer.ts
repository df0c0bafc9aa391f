import type { CubeInfo, SampleArray, SampleType } from '../../core/cube/types';
import { emptyLike } from '../../core/cube/window';
import { encodeSamples, typeOfSamples } from '../samples';
import type { FormatWriter, WrittenFile } from '../types';
import { mapInfoOf } from './geo';
import { ENVI_TYPES } from './header';

/** ENVI pairs, little-endian. ENVI has no signed byte: int8 is written as int16. */
function enviWriter(interleave: 'bip' | 'bsq'): FormatWriter {
  return {
    id: interleave === 'bip' ? 'envi' : 'envi-bsq',
    label: `ENVI (${interleave.toUpperCase()})`,
    streamed:
      interleave === 'bip'
        ? (info, baseName) => ({
            name: `${baseName}.img`,
            head: new Uint8Array(0),
            others: [headerFile(info, info.sampleType, interleave, baseName)],
          })
        : undefined,
    async write(cube, baseName) {
      const widened = cube.data instanceof Int8Array ? Int16Array.from(cube.data) : cube.data;
      const ordered = interleave === 'bip' ? widened : bandSequential(widened, cube.bands);
      return [
        headerFile(cube, typeOfSamples(widened), interleave, baseName),
        { name: `${baseName}.img`, bytes: encodeSamples(ordered) },
      ];
    },
  };
}

export const enviBipWriter = enviWriter('bip');
export const enviBsqWriter = enviWriter('bsq');

function bandSequential(samples: SampleArray, bands: number): SampleArray {
  const out = emptyLike(samples, samples.length);
  const pixels = samples.length / bands;
  for (let band = 0; band < bands; band++) {
    const plane = band * pixels;
    for (let pixel = 0; pixel < pixels; pixel++) out[plane + pixel] = samples[pixel * bands + band];
  }
  return out;
}

function headerFile(
  info: CubeInfo,
  type: SampleType,
  interleave: string,
  baseName: string,
): WrittenFile {
  const bytes = new TextEncoder().encode(headerText(info, type, interleave));
  return { name: `${baseName}.hdr`, bytes };
}

function headerText(cube: CubeInfo, type: SampleType, interleave: string): string {
  const code = Object.entries(ENVI_TYPES).find(([, name]) => name === type)![0];
  const { wavelengthsNm, fwhmNm, bandNames, badBands, noDataValue, sensor, geo } = cube;
  const bad = new Set(badBands);
  const flags = Array.from({ length: cube.bands }, (_, band) => (bad.has(band) ? 0 : 1));
  const fields: [string, string | undefined][] = [
    ['description', `{${plain(cube.name)}}`],
    ['samples', String(cube.width)],
    ['lines', String(cube.height)],
    ['bands', String(cube.bands)],
    ['header offset', '0'],
    ['file type', 'ENVI Standard'],
    ['data type', code],
    ['interleave', interleave],
    ['sensor type', sensor && plain(sensor)],
    ['byte order', '0'],
    ['data ignore value', noDataValue === undefined ? undefined : String(noDataValue)],
    ...unitFields(cube.units),
    ['map info', list(geo && mapInfoOf(geo))],
    ['coordinate system string', geo?.wkt && `{${geo.wkt}}`],
    ['default bands', list(cube.defaultBands?.map((band) => band + 1))],
    ['wavelength units', wavelengthsNm && 'Nanometers'],
    ['wavelength', list(wavelengthsNm)],
    ['fwhm', wavelengthsNm && list(fwhmNm)],
    ['band names', list(bandNames?.map(plain))],
    ['bbl', badBands && list(flags)],
  ];
  const lines = fields.flatMap(([key, value]) => (value ? [`${key} = ${value}`] : []));
  return `ENVI\n${lines.join('\n')}\n`;
}

function unitFields(units: string | undefined): [string, string | undefined][] {
  const scale = /^reflectance × ([\d.e+]+)$/.exec(units ?? '')?.[1];
  return scale ? [['reflectance scale factor', scale]] : [['data units', units && plain(units)]];
}

function list(values: readonly (string | number)[] | undefined): string | undefined {
  return values && values.length > 0 ? `{${values.join(', ')}}` : undefined;
}

/** Text that cannot break the header: no line ends, braces or commas. */
function plain(text: string): string {
  return text.replace(/[\r\n{},]+/g, ' ').trim();
}
