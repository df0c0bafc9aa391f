import type { CubeInfo } from '../core/cube/types';
import { HscError } from '../core/errors';
import { type CubeAxes, cubeAxes, type MemoryOrder, type ShapeEvidence } from './axes';
import { stemOf } from './bytes';
import { decodeSamples, type StoredType, sampleTypeOf, storedBytes } from './samples';
import type { ByteSource, CubeCandidate, OpenedFile, OpenOptions } from './types';
import { looksLikeWavelengths, statedWavelengths } from './wavelengths';
import { type CubeShape, stridedCube } from './window';

/** A numeric array of a file that holds several, such as a MATLAB variable or a member of an .npz. */
export interface StoredArray {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type: StoredType;
  readonly order: MemoryOrder;
  /** Where its samples lie; inflates them where they are compressed. */
  open(): Promise<ArrayBytes>;
}

export interface ArrayBytes {
  readonly source: ByteSource;
  readonly offset: number;
  readonly littleEndian: boolean;
}

/** What a sidecar tells of the cube. */
export interface Sidecar {
  readonly info: Partial<Omit<CubeInfo, keyof CubeShape | 'sampleType'>>;
  readonly shape?: Partial<CubeShape>;
}

interface Vector {
  readonly name: string;
  readonly values: readonly number[];
}

interface Offer {
  readonly array: StoredArray;
  readonly axes: CubeAxes | undefined;
}

/** Longer lists are not band tables; what lists and arrays are by their names. */
const MAX_VECTOR = 10_000;
export const WAVELENGTH_NAME = /wave|lambda|^wl|wvl|^nm$|band_?cent(er|re)s?/i;
export const FWHM_NAME = /fwhm|bandwidth/i;
export const ROWS_NAME = /row|line|height|^h$/i;
export const COLUMNS_NAME = /col|sample|width|^w$/i;
export const MASK_NAME =
  /^(gt|map|mask|labels?|truth|classes)$|_(gt|map|mask|labels?)$|ground_?truth/i;

/** Everything that the choice of the cube rests on. */
interface Contents {
  readonly file: ByteSource;
  readonly arrays: readonly StoredArray[];
  readonly vectors: readonly Vector[];
  readonly sidecar: Sidecar;
}

/**
 * Finds the cube among a file's arrays: the one asked for, or the largest that can be a cube.
 * The short lists beside it give wavelengths and the size of the image.
 * Throws `bad-file` where no array can be a cube, `choice-needed` for bands × pixels without
 * rows and columns, `bad-argument` for a candidate that does not exist.
 */
export async function openArrays(
  format: string,
  file: ByteSource,
  arrays: readonly StoredArray[],
  options: OpenOptions,
  sidecar: Sidecar = { info: {} },
): Promise<OpenedFile> {
  const contents = { file, arrays, vectors: await readVectors(arrays), sidecar };
  const offers = rankOffers(contents);
  const { array, axes } = choose(contents, offers, options);
  const { source, offset, littleEndian } = await array.open();
  const { shape, strides } = axes;
  const described = describeBands(contents, shape.bands);
  const info: CubeInfo = {
    name: stemOf(file.name),
    ...described,
    ...shape,
    sampleType: sampleTypeOf(array.type),
    notes: [...optional(axes.note), ...typeNotes(array.type), ...(described.notes ?? [])],
  };
  return {
    format,
    candidates: offers.map((offer) => candidateOf(offer.array)),
    chosen: array.name,
    cube: {
      ...stridedCube(source, { type: array.type, littleEndian, offset, strides }, info),
      heldBytes: source.blob || source.path ? 0 : source.size,
    },
  };
}

function samplesIn(dims: readonly number[]): number {
  return dims.reduce((product, length) => product * length, 1);
}

/** The lists and single numbers beside a cube. */
async function readVectors(arrays: readonly StoredArray[]): Promise<Vector[]> {
  const vectors: Vector[] = [];
  for (const array of arrays) {
    const length = samplesIn(array.dims);
    if (mayBeCube(array) || length === 0 || length > MAX_VECTOR) continue;
    const { source, offset, littleEndian } = await array.open();
    const bytes = await source.read(offset, length * storedBytes(array.type));
    const values = [...decodeSamples(bytes, array.type, littleEndian)];
    vectors.push({ name: array.name, values });
  }
  return vectors;
}

function isWavelengthList({ name, values }: Vector): boolean {
  if (FWHM_NAME.test(name) || values.length < 2) return false;
  return WAVELENGTH_NAME.test(name) || looksLikeWavelengths(values, values.length);
}

function evidenceFor(array: StoredArray, { arrays, vectors, sidecar }: Contents): ShapeEvidence {
  const scalar = (name: RegExp) =>
    vectors.find((vector) => vector.values.length === 1 && name.test(vector.name))?.values[0];
  const rows = scalar(ROWS_NAME);
  const columns = scalar(COLUMNS_NAME);
  const stated: [number, number][] =
    rows !== undefined && columns !== undefined ? [[rows, columns]] : [];
  const images = arrays
    .filter((other) => other !== array && other.dims.length === 2 && Math.min(...other.dims) > 1)
    .map(({ dims }): [number, number] => [dims[0], dims[1]]);
  const { height, width, bands = sidecar.info.wavelengthsNm?.length } = sidecar.shape ?? {};
  return {
    bandCounts: bands
      ? [bands]
      : vectors.filter(isWavelengthList).map(({ values }) => values.length),
    images: height && width ? [[height, width]] : [...stated, ...images],
  };
}

function axesOf(array: StoredArray, contents: Contents, axes?: string): CubeAxes | undefined {
  const { dims, order } = array;
  const used = dims.length > 3 ? dims.filter((length) => length !== 1) : dims;
  return cubeAxes(used, order, evidenceFor(array, contents), axes);
}

/**
 * Arrays that can be cubes, the likeliest first: the larger, but masks and single images last.
 * Bands × pixels without rows and columns are offered only where there is nothing else, since
 * every mask would be one.
 */
function rankOffers(contents: Contents): Offer[] {
  const offers = contents.arrays
    .filter(mayBeCube)
    .map((array) => ({ array, axes: axesOf(array, contents) }));
  const whole = offers.filter(({ axes }) => axes);
  const weight = ({ array, axes }: Offer) => {
    const secondary = MASK_NAME.test(array.name) || axes?.shape.bands === 1;
    return samplesIn(array.dims) * (secondary ? 1e-6 : 1);
  };
  const listed = whole.length > 0 ? whole : offers.filter(({ array }) => array.dims.length === 2);
  return listed.sort((a, b) => weight(b) - weight(a));
}

/** Lists and single numbers are one-dimensional, or two-dimensional in MATLAB. */
function mayBeCube({ dims }: StoredArray): boolean {
  return samplesIn(dims) > 0 && (dims.length > 2 || (dims.length === 2 && Math.min(...dims) > 1));
}

function choose(
  contents: Contents,
  offers: readonly Offer[],
  options: OpenOptions,
): { array: StoredArray; axes: CubeAxes } {
  const { file, arrays } = contents;
  const array =
    options.candidate === undefined
      ? offers[0]?.array
      : arrays.find((other) => other.name === options.candidate && mayBeCube(other));
  if (!array) {
    const held = arrays.map(({ name, dims }) => `${name} (${dims.join(' × ')})`).join(', ');
    throw options.candidate === undefined
      ? new HscError(
          'bad-file',
          `${file.name} has no array that can be a cube; it holds ${held || 'no numeric array'}.`,
        )
      : new HscError(
          'bad-argument',
          `${file.name} has no cube named "${options.candidate}"; it holds ${held}.`,
        );
  }
  const axes = axesOf(array, contents, options.axes);
  if (!axes) {
    const dims = array.dims.join(' × ');
    throw new HscError(
      'choice-needed',
      array.dims.length === 2
        ? `${array.name} in ${file.name} is ${dims} and nothing tells its rows and columns; state them, e.g. axes b(xy):95x95 for bands × pixels of 95 rows and 95 columns.`
        : `${array.name} in ${file.name} has ${array.dims.length} dimensions (${dims}); a cube has three.`,
    );
  }
  return { array, axes };
}

function candidateOf({ name, dims, type }: StoredArray): CubeCandidate {
  return { id: name, label: `${name} (${dims.join(' × ')})`, shape: dims, sampleType: type };
}

function typeNotes(type: StoredType): string[] {
  return type === sampleTypeOf(type)
    ? []
    : [
        `The samples are stored as ${type} and were read as ${sampleTypeOf(type)}, value for value.`,
      ];
}

/** Wavelengths and widths of the bands: from the sidecar, or else from the lists beside the cube. */
function describeBands({ vectors, sidecar }: Contents, bands: number): Sidecar['info'] {
  const info = fittingInfo(sidecar.info, bands);
  if (info.wavelengthsNm) return info;
  const lists = vectors.filter((vector) => vector.values.length === bands);
  const list =
    lists.find((vector) => WAVELENGTH_NAME.test(vector.name) && isWavelengthList(vector)) ??
    lists.find(isWavelengthList);
  if (!list) return info;
  const { nm, toNm, note, guessed } = statedWavelengths(list.values, bands);
  const widths = lists.find((vector) => FWHM_NAME.test(vector.name));
  const origin = nm && `The wavelengths come from "${list.name}" in the file.`;
  return {
    ...info,
    wavelengthsNm: nm,
    wavelengthsGuessed: guessed,
    fwhmNm: toNm && widths ? widths.values.map((width) => width * toNm) : undefined,
    notes: [...(info.notes ?? []), ...optional(origin), ...optional(note)],
  };
}

/** Without the per-band lists that do not fit the cube, which a note then says. */
function fittingInfo(info: Sidecar['info'], bands: number): Sidecar['info'] {
  const fits = <T>(list: readonly T[] | undefined) => (list?.length === bands ? list : undefined);
  const exists = (band: number) => Number.isInteger(band) && band >= 0 && band < bands;
  const stated = info.wavelengthsNm?.length ?? bands;
  const misfit =
    stated === bands
      ? undefined
      : `The sidecar lists ${stated} wavelengths for ${bands} bands; they were left out.`;
  return {
    ...info,
    wavelengthsNm: fits(info.wavelengthsNm),
    fwhmNm: fits(info.fwhmNm),
    bandNames: fits(info.bandNames),
    badBands: info.badBands?.filter(exists),
    defaultBands: info.defaultBands?.every(exists) ? info.defaultBands : undefined,
    notes: [...(info.notes ?? []), ...optional(misfit)],
  };
}

function optional(note: string | undefined): string[] {
  return note ? [note] : [];
}
