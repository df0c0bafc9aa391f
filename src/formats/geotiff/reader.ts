import type { ImageFileDirectory } from 'geotiff';
import type { CubeInfo, CubeSource } from '../../core/cube/types';
import { assertWindow } from '../../core/cube/window';
import { HscError, isHscError } from '../../core/errors';
import { stemOf } from '../bytes';
import { sampleTypeOf } from '../samples';
import { hasTiffSignature } from '../signatures';
import type { ByteSource, CubeCandidate, FormatReader, OpenedFile } from '../types';
import { resolveBands } from '../window';
import { describeBands } from './bandInfo';
import { readDirectories } from './directories';
import { enmapBands } from './enmap';
import { parseGdalMetadata } from './gdalMetadata';
import { readGeoReference } from './georeference';
import { parseImage, type TiffImage } from './image';
import { BlockReader, type Plane } from './read';

/** One or more images of a TIFF that make a cube: a multi-band image, or pages of one band each. */
interface TiffCube {
  readonly id: string;
  readonly label: string;
  readonly pages: readonly TiffPage[];
}

interface TiffPage {
  readonly number: number;
  readonly directory: ImageFileDirectory;
  readonly image: TiffImage;
  readonly reduced: boolean;
}

/** NewSubfileType: bit 0 marks an overview, bit 2 a mask. */
const REDUCED = 1;
const MASK = 4;

/**
 * GeoTIFF, BigTIFF and plain TIFF: strips and tiles, band- or pixel-interleaved, uncompressed,
 * LZW, Deflate, PackBits, LERC or ZSTD, both byte orders. Reads only the blocks a window meets.
 */
export const geotiffReader: FormatReader = {
  id: 'geotiff',
  label: 'GeoTIFF',
  async sniff(_file, head) {
    return hasTiffSignature(head);
  },
  async open(file, files, options) {
    const cubes = await listCubes(file);
    const wanted = options.candidate;
    const cube = wanted === undefined ? largest(cubes) : cubes.find(({ id }) => id === wanted);
    if (!cube) {
      const ids = cubes.map(({ id }) => id).join(', ');
      throw new HscError('bad-argument', `${file.name} has no image "${wanted}"; it has ${ids}.`);
    }
    return openCube(file, files, cubes, cube);
  },
};

async function openCube(
  file: ByteSource,
  files: readonly ByteSource[],
  cubes: readonly TiffCube[],
  cube: TiffCube,
): Promise<OpenedFile> {
  const planes = planesOf(cube);
  const info = await describe(file, files, cube, planes);
  return {
    format: 'GeoTIFF',
    candidates: cubes.map(candidateOf),
    chosen: cube.id,
    cube: cubeSource(file, info, planes),
  };
}

function cubeSource(file: ByteSource, info: CubeInfo, planes: readonly Plane[]): CubeSource {
  const reader = new BlockReader(file, planes, info.noDataValue ?? 0);
  return {
    info,
    async readWindow(window, options) {
      assertWindow(window, info.width, info.height);
      return reader.read(window, resolveBands(info.bands, options?.bands), options?.signal);
    },
    async close() {
      reader.forget();
    },
  };
}

/** The cubes of a file, those of full resolution first. Throws if there is none to open. */
async function listCubes(file: ByteSource): Promise<TiffCube[]> {
  const { littleEndian, directories } = await readDirectories(file);
  const pages: TiffPage[] = [];
  let refused: HscError | undefined;
  for (const [index, directory] of directories.entries()) {
    const kind = await subfileType(directory);
    if (kind & MASK) continue;
    try {
      const image = await parseImage(directory, littleEndian, file);
      pages.push({ number: index + 1, directory, image, reduced: (kind & REDUCED) !== 0 });
    } catch (error) {
      // A page that is merely unsupported, such as a JPEG thumbnail, must not hide the others.
      if (!isHscError(error) || error.code !== 'unsupported') throw error;
      refused ??= error;
    }
  }
  if (pages.length === 0) {
    throw refused ?? new HscError('bad-file', `${file.name} holds masks only, no image.`);
  }
  const full = pages.filter(({ reduced }) => !reduced);
  const overviews = pages.filter(({ reduced }) => reduced);
  return [...groupPages(full), ...overviews.map((page) => single(page))];
}

async function subfileType(directory: ImageFileDirectory): Promise<number> {
  const value: unknown = await directory.loadValue('NewSubfileType');
  return typeof value === 'number' ? value : 0;
}

/** Pages of one band each and of one shape are the bands of one cube. */
function groupPages(pages: readonly TiffPage[]): TiffCube[] {
  const groups = new Map<string, TiffPage[]>();
  for (const page of pages) {
    const { width, height, samples, type } = page.image;
    const key = samples === 1 ? `${width}×${height}/${type}` : `page ${page.number}`;
    groups.set(key, [...(groups.get(key) ?? []), page]);
  }
  return [...groups.values()].map((group) => (group.length > 1 ? stack(group) : single(group[0])));
}

function stack(pages: readonly TiffPage[]): TiffCube {
  const { width, height } = pages[0].image;
  return {
    id: `pages-${pages[0].number}`,
    label: `${pages.length} pages of ${width} × ${height}, one band each`,
    pages,
  };
}

function single(page: TiffPage): TiffCube {
  const { width, height, samples } = page.image;
  const what = page.reduced ? 'Overview' : 'Image';
  return {
    id: `image-${page.number}`,
    label: `${what} ${page.number}: ${width} × ${height}, ${samples} bands`,
    pages: [page],
  };
}

function planesOf(cube: TiffCube): Plane[] {
  return cube.pages.flatMap(({ image }) =>
    Array.from({ length: image.samples }, (_, sample) => ({ image, sample })),
  );
}

function samplesIn(cube: TiffCube): number {
  const { width, height } = cube.pages[0].image;
  return width * height * planesOf(cube).length;
}

/** The image with most samples; an RGB quicklook beside a cube must lose. */
function largest(cubes: readonly TiffCube[]): TiffCube {
  return cubes.reduce((best, cube) => (samplesIn(cube) > samplesIn(best) ? cube : best));
}

function candidateOf(cube: TiffCube): CubeCandidate {
  const { width, height, type } = cube.pages[0].image;
  return {
    id: cube.id,
    label: cube.label,
    shape: [height, width, planesOf(cube).length],
    sampleType: type,
  };
}

async function describe(
  file: ByteSource,
  files: readonly ByteSource[],
  cube: TiffCube,
  planes: readonly Plane[],
): Promise<CubeInfo> {
  const [{ directory, image }] = cube.pages;
  const bands = planes.length;
  const { notes, ...described } = describeBands(await bandMetadata(cube, bands));
  const enmap = described.wavelengthsNm ? undefined : await enmapBands(file, files, bands);
  return {
    name: stemOf(file.name),
    width: image.width,
    height: image.height,
    bands,
    sampleType: sampleTypeOf(image.type),
    ...described,
    ...enmap,
    noDataValue: await noDataValue(directory, image),
    geo: await readGeoReference(directory),
    notes: enmap ? ['The wavelengths come from the EnMAP metadata file.'] : notes,
  };
}

/** GDAL's items of an image, or of every page as one band. */
async function bandMetadata(cube: TiffCube, bands: number) {
  const texts = await Promise.all(
    cube.pages.map(async ({ directory }) => {
      const text: unknown = await directory.loadValue('GDAL_METADATA');
      return typeof text === 'string' ? text : '';
    }),
  );
  if (texts.length === 1) return parseGdalMetadata(texts[0], bands);
  const pages = texts.map((text) => parseGdalMetadata(text, 1));
  return {
    image: pages[0].image,
    bands: pages.map((page) => new Map([...page.image, ...page.bands[0]])),
  };
}

async function noDataValue(
  directory: ImageFileDirectory,
  image: TiffImage,
): Promise<number | undefined> {
  const text: unknown = await directory.loadValue('GDAL_NODATA');
  if (typeof text !== 'string') return undefined;
  const digits = text.replace(/\0.*$/s, '').trim();
  if (/^[+-]?nan$/i.test(digits)) return Number.NaN;
  const value = digits === '' ? Number.NaN : Number(digits.replace(/^([+-]?)inf$/i, '$1Infinity'));
  if (Number.isNaN(value)) return undefined;
  // The text has fewer digits than the samples it stands for, e.g. -3.4e+38.
  return sampleTypeOf(image.type) === 'float32' ? Math.fround(value) : value;
}
