import type { CubeInfo } from '../../core/cube/types';
import { COLUMNS_NAME, MASK_NAME, ROWS_NAME } from '../arrays';
import { type CubeAxes, cubeAxes, type MemoryOrder } from '../axes';
import { sampleTypeOf } from '../samples';
import { type Contents, leafOf, numbersIn, parentOf } from './contents';
import type { Hdf5Dataset } from './file';
import { bandCounts, listsNear } from './lists';
import { isPrismaVnir } from './prisma';

/** An array that may be a cube: a dataset, or one entry along the first of four dimensions. */
export interface Offer {
  readonly id: string;
  readonly dataset: Hdf5Dataset;
  /** The dataset's dimensions that make the cube, in the file's order; the others stay at `fixed`. */
  readonly free: readonly number[];
  readonly fixed: readonly number[];
  /** Their lengths as the writing program shows them: reversed for MATLAB. */
  readonly dims: readonly number[];
  readonly order: MemoryOrder;
}

/** A cube whose file says more than its lists do. */
export interface KnownCube {
  readonly axes?: string;
  /** Band of the file for each band of the cube; as many as the file has otherwise. */
  readonly bandOrder?: readonly number[];
  readonly info: Partial<CubeInfo>;
}

/** Entries of a four-dimensional array that are offered. */
const MAX_ENTRIES = 64;
const BESIDE_NAME = /err(or)?_?matrix|uncert|quality|flags?$|glt|loc$|lat(itude)?$|lon(gitude)?$/i;

/** Arrays that can be cubes, the likeliest first: the larger, but masks and errors last. */
export async function rankOffers(contents: Contents): Promise<Offer[]> {
  const offers: Offer[] = [];
  for (const dataset of contents.datasets) {
    if (await isArray(contents, dataset)) offers.push(...offersIn(dataset, contents.matlab));
  }
  const whole: Offer[] = [];
  for (const offer of offers) {
    // Bands × pixels without rows and columns count only where there is nothing else.
    if (offer.dims.length === 3 || (await axesOf(contents, offer))) whole.push(offer);
  }
  const listed = whole.length > 0 ? whole : offers;
  return listed.sort((a, b) => weight(b) - weight(a));
}

/** How an offer's dimensions are read; undefined for bands × pixels without rows and columns. */
export async function axesOf(
  contents: Contents,
  offer: Offer,
  axes?: string,
): Promise<CubeAxes | undefined> {
  if (axes) return cubeAxes(offer.dims, offer.order, undefined, axes);
  const named = await axesByScales(contents, offer);
  if (named) return cubeAxes(offer.dims, offer.order, undefined, named);
  const lists = await listsNear(contents, offer.dataset);
  return cubeAxes(offer.dims, offer.order, {
    bandCounts: bandCounts(lists),
    images: [...(await statedSizes(contents)), ...imagesBeside(contents, offer)],
  });
}

export function describeOffer({ id, dims, dataset }: Offer) {
  return {
    id,
    label: `${id} (${dims.join(' × ')})`,
    shape: dims,
    sampleType: String(dataset.type),
  };
}

async function isArray(contents: Contents, { path, dims, type }: Hdf5Dataset): Promise<boolean> {
  if (type === undefined || type === 'text' || dims.length < 2) return false;
  if (!contents.matlab) return true;
  const kind = await contents.text(path, 'MATLAB_class');
  const empty = await contents.number(path, 'MATLAB_empty');
  return kind !== 'char' && kind !== 'cell' && !empty;
}

function offersIn(dataset: Hdf5Dataset, matlab: boolean): Offer[] {
  const all = dataset.dims.map((_, axis) => axis);
  const free = all.length > 3 ? all.filter((axis) => dataset.dims[axis] !== 1) : all;
  const flat = free.length === 2 && free.some((axis) => dataset.dims[axis] === 1);
  if (free.some((axis) => dataset.dims[axis] < 1) || flat) return [];
  const fixed = all.map(() => 0);
  // A MATLAB variable goes by its name.
  const id = matlab ? dataset.path.slice(1) : dataset.path;
  if (free.length === 2 || free.length === 3) return [offerOf(dataset, id, free, fixed, matlab)];
  if (free.length !== 4) return [];
  const [first, ...rest] = free;
  const entries = Math.min(MAX_ENTRIES, dataset.dims[first]);
  return Array.from({ length: entries }, (_, entry) => {
    const at = fixed.map((index, axis) => (axis === first ? entry : index));
    return offerOf(dataset, `${id}[${entry}]`, rest, at, matlab);
  });
}

function offerOf(
  dataset: Hdf5Dataset,
  id: string,
  free: readonly number[],
  fixed: readonly number[],
  matlab: boolean,
): Offer {
  const lengths = free.map((axis) => dataset.dims[axis]);
  return matlab
    ? { id, dataset, free, fixed, dims: lengths.toReversed(), order: 'column-major' }
    : { id, dataset, free, fixed, dims: lengths, order: 'row-major' };
}

function weight({ dims, dataset: { path, type } }: Offer): number {
  const samples = dims.reduce((product, length) => product * length, 1);
  const name = leafOf(path);
  const beside = MASK_NAME.test(name) || BESIDE_NAME.test(name);
  const integers8 = type !== undefined && type !== 'text' && sampleTypeOf(type) === 'uint8';
  // The visible part of PRISMA's two cubes is the smaller one and the one to show first.
  return samples * (isPrismaVnir(path) ? 1e6 : 1) * (beside ? 1e-9 : 1) * (integers8 ? 0.5 : 1);
}

const SCALE_NAMES: readonly [string, RegExp][] = [
  ['b', /band|wave|spectr|lambda|channel/i],
  ['x', /^(x|lon(gitude)?|cols?|columns?|samples?|cross_?track|easting)$/i],
  ['y', /^(y|lat(itude)?|rows?|lines?|(down|along)_?track|northing)$/i],
];

/** Axes by the names that NetCDF gives its dimensions, where each has a different meaning. */
async function axesByScales(contents: Contents, offer: Offer): Promise<string | undefined> {
  if (offer.dims.length !== 3 || contents.matlab) return undefined;
  const scales = await contents.file.scales(offer.dataset);
  const letters = offer.free.map((axis) => {
    const name = leafOf(scales[axis] ?? '');
    return SCALE_NAMES.find(([, pattern]) => pattern.test(name))?.[0] ?? '';
  });
  return letters.toSorted().join('') === 'bxy' ? letters.join('') : undefined;
}

/** Rows and columns that a MATLAB file states as numbers. */
async function statedSizes(contents: Contents): Promise<[number, number][]> {
  const number = async (pattern: RegExp) => {
    const found = contents.datasets.find(
      ({ path, dims }) => pattern.test(leafOf(path)) && dims.every((length) => length === 1),
    );
    return found && numbersIn(await contents.file.list(found))?.[0];
  };
  const [rows, columns] = [await number(ROWS_NAME), await number(COLUMNS_NAME)];
  return rows !== undefined && columns !== undefined ? [[rows, columns]] : [];
}

function imagesBeside(contents: Contents, { dataset, order }: Offer): [number, number][] {
  return contents.datasets
    .filter(
      (other) =>
        other !== dataset &&
        parentOf(other.path) === parentOf(dataset.path) &&
        other.dims.length === 2 &&
        Math.min(...other.dims) > 1,
    )
    .map(({ dims: [first, second] }) =>
      order === 'row-major' ? [first, second] : [second, first],
    );
}
