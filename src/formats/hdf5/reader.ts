import type { CubeInfo, CubeSource, PixelWindow } from '../../core/cube/types';
import { assertWindow } from '../../core/cube/window';
import { HscError, throwIfAborted } from '../../core/errors';
import type { CubeAxes } from '../axes';
import { readHead, stemOf } from '../bytes';
import { newSamples, type StoredType, sampleTypeOf, storedBytes } from '../samples';
import { hasHdf5Signature } from '../signatures';
import type { ByteSource, FormatReader, OpenedFile, OpenOptions } from '../types';
import { resolveBands } from '../window';
import { Contents } from './contents';
import { describeCube } from './describe';
import { Hdf5File } from './file';
import { neonCube } from './neon';
import { axesOf, describeOffer, type Offer, rankOffers } from './offers';
import { prismaCube } from './prisma';
import { planSlabs, scatter } from './slabs';

/** As much as a file's signature and the name that MATLAB writes before it need. */
const HEAD_BYTES = 8192;
/** No sensor has more; an axis that claims more is spatial or damaged. */
const MAX_BANDS = 65_535;
/** Deflate shrinks to a 1032nd at best; chunks never written take no room at all. */
const MAX_EXPANSION = 1032;

/**
 * HDF5, NetCDF4 and MATLAB v7.3, through the HDF5 library: layouts of NEON, PRISMA and EMIT,
 * and any array of three dimensions. Reads windows only.
 */
export const hdf5Reader: FormatReader = {
  id: 'hdf5',
  label: 'HDF5, NetCDF4 and MATLAB v7.3',
  async sniff(_file, head) {
    return hasHdf5Signature(head);
  },
  async open(source, _files, options) {
    const head = await readHead(source, HEAD_BYTES);
    if (!hasHdf5Signature(head)) {
      throw new HscError(
        source.size === 0 ? 'truncated' : 'bad-file',
        source.size === 0
          ? `${source.name} is empty (0 bytes).`
          : `${source.name} is not an HDF5 file: it has no HDF5 signature.`,
      );
    }
    const file = await Hdf5File.open(source);
    try {
      return await openCube(source, await Contents.of(file, head), options);
    } catch (error) {
      await file.close();
      throw error;
    }
  },
};

async function openCube(
  source: ByteSource,
  contents: Contents,
  options: OpenOptions,
): Promise<OpenedFile> {
  const offers = await rankOffers(contents);
  const offer = chooseOffer(source, contents, offers, options.candidate);
  const known = (await prismaCube(contents, offer)) ?? (await neonCube(contents, offer));
  const axes = await axesOf(contents, offer, options.axes ?? known?.axes);
  if (!axes) {
    throw new HscError(
      'choice-needed',
      `${offer.id} in ${source.name} is ${offer.dims.join(' × ')} and nothing tells its rows and columns; state them, e.g. axes b(yx):95x95 for bands × pixels of 95 rows and 95 columns.`,
    );
  }
  assertPlausible(source, offer, axes);
  // What is known of a layout's bands holds for its own axes only.
  const fits = !options.axes || options.axes === known?.axes;
  const bandOrder = (fits && known?.bandOrder) || resolveBands(axes.shape.bands, undefined);
  const described = await describeCube(contents, offer, bandOrder.length, fits ? known : undefined);
  const info: CubeInfo = {
    name: stemOf(source.name),
    ...axes.shape,
    ...described,
    bands: bandOrder.length,
    notes: [...(axes.note ? [axes.note] : []), ...(described.notes ?? [])],
  };
  return {
    format: await formatOf(contents),
    candidates: offers.map(describeOffer),
    chosen: offer.id,
    cube: cubeSource(contents.file, offer, axes, info, bandOrder),
  };
}

async function formatOf(contents: Contents): Promise<string> {
  if (contents.matlab) return 'MATLAB v7.3';
  return (await contents.text('/', '_NCProperties')) ? 'NetCDF4' : 'HDF5';
}

function chooseOffer(
  source: ByteSource,
  contents: Contents,
  offers: readonly Offer[],
  wanted: string | undefined,
): Offer {
  const offer = wanted === undefined ? offers[0] : offers.find(({ id }) => id === wanted);
  if (offer) return offer;
  if (wanted !== undefined) {
    const ids = offers.map(({ id }) => id).join(', ');
    throw new HscError('bad-argument', `${source.name} has no cube "${wanted}"; it has ${ids}.`);
  }
  const held = contents.datasets.map(({ path, dims }) => `${path} (${dims.join(' × ')})`);
  const some = held.slice(0, 20).join(', ') + (held.length > 20 ? ', …' : '');
  throw new HscError(
    'bad-file',
    `${source.name} has no array that can be a cube; it holds ${some || 'no dataset'}.`,
  );
}

function assertPlausible(source: ByteSource, { id, dataset }: Offer, { shape }: CubeAxes): void {
  const stated = dataset.dims.reduce(
    (product, length) => product * length,
    storedBytes(dataset.type as StoredType),
  );
  const most = source.size * (dataset.chunks ? MAX_EXPANSION : 1);
  if (shape.bands > MAX_BANDS || stated > most) {
    throw new HscError(
      'bad-file',
      `${id} in ${source.name} states ${dataset.dims.join(' × ')} samples, ${stated} bytes; the file of ${source.size} bytes cannot hold them.`,
    );
  }
}

function cubeSource(
  file: Hdf5File,
  offer: Offer,
  axes: CubeAxes,
  info: CubeInfo,
  bandOrder: readonly number[],
): CubeSource {
  const { dataset } = offer;
  const stored = dataset.type as StoredType;
  const read = async (window: PixelWindow, bands: readonly number[], signal?: AbortSignal) => {
    const into = newSamples(sampleTypeOf(stored), window.width * window.height * bands.length);
    const inFile = bands.map((band) => bandOrder[band]);
    for (const slab of planSlabs(offer, axes, window, inFile, storedBytes(stored))) {
      // The library blocks; an abort arrives between blocks only.
      await new Promise((resolve) => setTimeout(resolve));
      throwIfAborted(signal);
      scatter(await file.slab(dataset, slab.start, slab.count), slab, into);
    }
    return into;
  };
  return {
    info,
    async readWindow(window, options) {
      assertWindow(window, info.width, info.height);
      return read(window, resolveBands(info.bands, options?.bands), options?.signal);
    },
    close: () => file.close(),
  };
}
