import type { HyperspectralCube, SampleType } from '../../core/cube/types';
import { HscError } from '../../core/errors';
import { encodeSamples } from '../samples';
import type { FormatWriter } from '../types';
import { formatGdalMetadata } from './gdalMetadata';
import { geoFields } from './geokeys';
import { encodeDirectory, type Field } from './tags';

/** Readers fetch a strip at a time; about this long is read well by all. */
const STRIP_BYTES = 64 * 1024;
/** Classic TIFF addresses 4 GiB; the directory takes a little of it. */
const MAX_SAMPLE_BYTES = 2 ** 32 - 2 ** 26;
const MAX_BANDS = 65_535;

const FORMATS: Record<SampleType, 1 | 2 | 3> = {
  uint8: 1,
  uint16: 1,
  uint32: 1,
  int8: 2,
  int16: 2,
  int32: 2,
  float32: 3,
  float64: 3,
};

/**
 * One pixel-interleaved, uncompressed, little-endian image in strips of about 64 KiB. Band
 * centres, widths, names and bad bands go into GDAL's metadata, as GDAL writes those of ENVI
 * files; EPSG code and transform into the GeoTIFF keys.
 *
 * geotiff's own writer is not used: it keeps all tags in 1000 bytes and writes one strip.
 */
export const geotiffWriter: FormatWriter = {
  id: 'geotiff',
  label: 'GeoTIFF',
  async write(cube, baseName) {
    assertWritable(cube);
    return [{ name: `${baseName}.tif`, bytes: encodeTiff(cube) }];
  },
};

function encodeTiff(cube: HyperspectralCube): Uint8Array<ArrayBuffer> {
  const samples = encodeSamples(cube.data);
  const rowBytes = samples.length / cube.height;
  const rows = Math.max(1, Math.min(cube.height, Math.floor(STRIP_BYTES / rowBytes)));
  const lengths = stripLengths(cube.height, rows, rowBytes);
  const fields = baseFields(cube, rows);
  // The directory's length does not depend on the offsets' values.
  fields.set(279, { type: 'long', values: lengths });
  fields.set(273, { type: 'long', values: lengths });
  const start = align(encodeDirectory(fields).length);
  fields.set(273, { type: 'long', values: lengths.map((_, i) => start + i * rows * rowBytes) });
  const out = new Uint8Array(start + samples.length);
  out.set(encodeDirectory(fields));
  out.set(samples, start);
  return out;
}

function baseFields(cube: HyperspectralCube, rowsPerStrip: number): Map<number, Field> {
  const { bands } = cube;
  const short = (values: readonly number[]): Field => ({ type: 'short', values });
  const perBand = (value: number, count = bands) => short(new Array<number>(count).fill(value));
  const fields = new Map<number, Field>([
    [256, { type: 'long', values: [cube.width] }],
    [257, { type: 'long', values: [cube.height] }],
    [258, perBand(8 * cube.data.BYTES_PER_ELEMENT)],
    [259, short([1])],
    // Minisblack: one grey band, the others are extra samples of no stated meaning.
    [262, short([1])],
    [277, short([bands])],
    [278, { type: 'long', values: [rowsPerStrip] }],
    [284, short([1])],
    [339, perBand(FORMATS[cube.sampleType])],
    ...geoFields(cube.geo),
  ]);
  const metadata = metadataOf(cube);
  if (metadata.image.size > 0 || metadata.bands.some(({ size }) => size > 0)) {
    fields.set(42112, { type: 'ascii', text: formatGdalMetadata(metadata) });
  }
  if (bands > 1) fields.set(338, perBand(0, bands - 1));
  if (cube.noDataValue !== undefined) {
    fields.set(42113, { type: 'ascii', text: formatNoData(cube.noDataValue) });
  }
  return fields;
}

function metadataOf(cube: HyperspectralCube) {
  const image = new Map<string, string>();
  if (cube.sensor) image.set('sensor', cube.sensor);
  const bad = new Set(cube.badBands);
  const bands = Array.from({ length: cube.bands }, (_, band) => {
    const items = new Map<string, string>();
    const centre = cube.wavelengthsNm?.[band];
    const width = cube.fwhmNm?.[band];
    const name = cube.bandNames?.[band];
    if (centre !== undefined) {
      items.set('wavelength', String(centre));
      items.set('wavelength_units', 'Nanometers');
    }
    if (width !== undefined) items.set('fwhm', String(width));
    if (bad.size > 0) items.set('bbl', bad.has(band) ? '0' : '1');
    if (name) items.set('description', name);
    if (cube.units) items.set('unittype', cube.units);
    return items;
  });
  return { image, bands };
}

function stripLengths(height: number, rowsPerStrip: number, rowBytes: number): number[] {
  const strips = Math.ceil(height / rowsPerStrip);
  return Array.from(
    { length: strips },
    (_, i) => Math.min(rowsPerStrip, height - i * rowsPerStrip) * rowBytes,
  );
}

/** Samples of every type start where they can be mapped. */
function align(offset: number): number {
  return Math.ceil(offset / 16) * 16;
}

function formatNoData(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  return Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf';
}

function assertWritable(cube: HyperspectralCube): void {
  const { width, height, bands, data } = cube;
  if (data.length !== width * height * bands || data.length === 0) {
    throw new HscError(
      'bad-argument',
      `The cube states ${width}×${height} pixels and ${bands} bands but holds ${data.length} samples.`,
    );
  }
  if (bands > MAX_BANDS || data.byteLength > MAX_SAMPLE_BYTES) {
    throw new HscError(
      'limit',
      `GeoTIFF holds up to ${MAX_BANDS} bands and 4 GiB; this cube has ${bands} bands and ${data.byteLength} bytes. Save it as ENVI.`,
    );
  }
}
