import { FWHM_NAME, WAVELENGTH_NAME } from '../arrays';
import { looksLikeWavelengths, statedWavelengths } from '../wavelengths';
import { type Contents, leafOf, numbersIn, parentOf } from './contents';
import type { Hdf5Dataset } from './file';

/** A list of numbers that may describe the bands of a cube. */
export interface NearbyList {
  readonly name: string;
  readonly values: readonly number[];
  readonly unit?: string;
  /** Steps through the tree of groups from the cube to the list. */
  readonly distance: number;
}

export interface SpectralInfo {
  readonly wavelengthsNm?: number[];
  readonly wavelengthsGuessed?: boolean;
  readonly fwhmNm?: number[];
  readonly badBands?: number[];
  readonly notes: string[];
}

/** 1 or 0 a band: EMIT's `good_wavelengths`, ENVI's `bbl`. */
const GOOD_NAME = /good|^bbl$/i;
const UNIT_NAMES = ['units', 'unit'];
const UNIT_OF_LIST = /wave.*unit|unit.*wave/i;

/** Lists as long as one of the cube's dimensions, the nearest first. */
export async function listsNear(contents: Contents, dataset: Hdf5Dataset): Promise<NearbyList[]> {
  const lists = [
    ...(await listsInAttributes(contents, dataset)),
    ...(await listsInDatasets(contents, dataset)),
  ];
  return lists.sort((a, b) => a.distance - b.distance);
}

/** How many bands a cube may have, by the wavelengths near it. */
export function bandCounts(lists: readonly NearbyList[]): number[] {
  return lists.filter(isWavelengthList).map(({ values }) => values.length);
}

/** Centres, widths and good bands of a cube from the lists near it. */
export function spectralInfo(lists: readonly NearbyList[], bands: number): SpectralInfo {
  const fitting = lists.filter(({ values }) => values.length === bands);
  const named = fitting.filter((list) => WAVELENGTH_NAME.test(list.name) && isWavelengthList(list));
  const tried = [...named, ...fitting.filter(isWavelengthList)].map((list) => ({
    list,
    ...statedWavelengths(list.values, bands, list.unit),
  }));
  const found = tried.find(({ nm }) => nm) ?? tried[0];
  const good = fitting.find(
    ({ name, values }) => GOOD_NAME.test(name) && values.every((v) => v === 0 || v === 1),
  );
  const bad = good?.values.flatMap((value, band) => (value === 0 ? [band] : []));
  return {
    wavelengthsNm: found?.nm,
    wavelengthsGuessed: found?.guessed,
    fwhmNm: found?.toNm ? widthsInNm(fitting, found.toNm) : undefined,
    badBands: bad?.length ? bad : undefined,
    notes: [
      found?.note ?? (found?.nm || bands < 2 ? '' : 'The file states no wavelengths for the cube.'),
    ].filter((note) => note !== ''),
  };
}

function widthsInNm(lists: readonly NearbyList[], toNm: number): number[] | undefined {
  const widths = lists.find(({ name }) => FWHM_NAME.test(name));
  return widths?.values.map((width) => Number((width * toNm).toPrecision(12)));
}

function isWavelengthList({ name, values }: NearbyList): boolean {
  if (FWHM_NAME.test(name) || GOOD_NAME.test(name) || values.length < 2) return false;
  return WAVELENGTH_NAME.test(name) || looksLikeWavelengths(values, values.length);
}

function isSpectralName(name: string): boolean {
  return WAVELENGTH_NAME.test(name) || FWHM_NAME.test(name) || GOOD_NAME.test(name);
}

async function listsInAttributes(contents: Contents, dataset: Hdf5Dataset): Promise<NearbyList[]> {
  const lists: NearbyList[] = [];
  let path = dataset.path;
  for (let distance = 0; ; distance++) {
    const attributes = await contents.attributes(path);
    const unitName = [...attributes.keys()].find((name) => UNIT_OF_LIST.test(name));
    const unit = unitName && String(attributes.get(unitName)?.[0] ?? '');
    for (const [name, value] of attributes) {
      const values = numbersIn(value);
      if (!values || !dataset.dims.includes(values.length) || !isSpectralName(name)) continue;
      lists.push({ name, values, unit, distance });
    }
    if (path === '/') return lists;
    path = parentOf(path);
  }
}

async function listsInDatasets(contents: Contents, cube: Hdf5Dataset): Promise<NearbyList[]> {
  const lists: NearbyList[] = [];
  for (const dataset of contents.datasets) {
    const name = leafOf(dataset.path);
    const length = lengthOfList(dataset);
    // In MATLAB a list beside the cube may have any name; elsewhere it may be a coordinate.
    const wanted = isSpectralName(name) || contents.matlab;
    if (dataset === cube || !wanted || length < 2 || !cube.dims.includes(length)) continue;
    const values = numbersIn(await contents.file.list(dataset));
    if (!values) continue;
    const unit = await contents.text(dataset.path, ...UNIT_NAMES);
    lists.push({ name, values, unit, distance: stepsBetween(cube.path, dataset.path) });
  }
  return lists;
}

/** Length of a list of numbers, in MATLAB one row or one column; 0 for anything else. */
function lengthOfList({ dims, type }: Hdf5Dataset): number {
  if (type === undefined || type === 'text') return 0;
  const long = dims.filter((length) => length !== 1);
  return dims.length <= 2 && long.length === 1 ? long[0] : 0;
}

function stepsBetween(a: string, b: string): number {
  const [from, to] = [a.split('/'), b.split('/')];
  let common = 0;
  while (common < Math.min(from.length, to.length) && from[common] === to[common]) common++;
  return from.length - common + (to.length - common);
}
