import type { ImageFileDirectory } from 'geotiff';
import { HscError } from '../../core/errors';
import { type StoredType, storedBytes } from '../samples';
import type { ByteSource } from '../types';

/** How one image of a TIFF lies in the file. A block is a tile or a strip. */
export interface TiffImage {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly type: StoredType;
  readonly littleEndian: boolean;
  /** Every block holds one band only (band-sequential). */
  readonly planar: boolean;
  readonly blockWidth: number;
  readonly blockHeight: number;
  /** Blocks from left to right and from top to bottom, of one band if planar. */
  readonly across: number;
  readonly down: number;
  /** File offset and length in bytes of every block; length 0 for a block without data. */
  readonly offsets: ArrayLike<number>;
  readonly lengths: ArrayLike<number>;
  readonly compression: Compression;
  readonly predictor: 1 | 2 | 3;
  readonly lercParameters?: ArrayLike<number>;
  /** Strips end with the image; tiles are padded to full size. */
  readonly tiled: boolean;
}

export type Compression = 'none' | 'lzw' | 'deflate' | 'packbits' | 'lerc' | 'zstd';

const COMPRESSIONS: Record<number, Compression> = {
  1: 'none',
  5: 'lzw',
  8: 'deflate',
  32946: 'deflate',
  32773: 'packbits',
  34887: 'lerc',
  50000: 'zstd',
};

const TYPES: Record<string, StoredType> = {
  '1/8': 'uint8',
  '1/16': 'uint16',
  '1/32': 'uint32',
  '1/64': 'uint64',
  '2/8': 'int8',
  '2/16': 'int16',
  '2/32': 'int32',
  '2/64': 'int64',
  '3/16': 'float16',
  '3/32': 'float32',
  '3/64': 'float64',
};

const MAX_SAMPLES = 65_535;
/** Beyond this much above the best compression there is, the stated size is a mistake. */
const SPARSE_BYTES = 2 ** 28;
const BEST_EXPANSION = 4096;
/** A decoded block is held in memory as a whole. */
const MAX_BLOCK_BYTES = 2 ** 30;
/**
 * No stream of these codecs decodes to more than so many times its length: LZW writes at most
 * 4094 bytes per 9-bit code, deflate 258 bytes per 2 bits, PackBits 128 bytes per 2.
 */
const MAX_EXPANSION: Partial<Record<Compression, number>> = {
  none: 1,
  lzw: 3640,
  deflate: 1032,
  packbits: 64,
};

/** Checks everything that a later read relies on. Throws `bad-file`, `unsupported`, `limit`. */
export async function parseImage(
  directory: ImageFileDirectory,
  littleEndian: boolean,
  file: ByteSource,
): Promise<TiffImage> {
  const tags = new Tags(directory, file.name);
  const width = await tags.positive('ImageWidth');
  const height = await tags.positive('ImageLength');
  const samples = await tags.positive('SamplesPerPixel', 1);
  if (samples > MAX_SAMPLES) tags.fail(`it states ${samples} bands`);
  const tiled = !directory.hasTag('StripOffsets');
  const blockWidth = tiled ? await tags.positive('TileWidth') : width;
  const rows = tiled
    ? await tags.positive('TileLength')
    : await tags.positive('RowsPerStrip', height);
  const blockHeight = tiled ? rows : Math.min(rows, height);
  const planarConfiguration = await tags.positive('PlanarConfiguration', 1);
  if (planarConfiguration > 2) tags.fail(`planar configuration ${planarConfiguration}`);
  const planar = planarConfiguration === 2 && samples > 1;
  const image = {
    width,
    height,
    samples,
    type: await sampleType(tags, samples),
    littleEndian,
    planar,
    tiled,
    blockWidth,
    blockHeight,
    across: Math.ceil(width / blockWidth),
    down: Math.ceil(height / blockHeight),
    compression: await compressionOf(tags),
    predictor: await predictorOf(tags),
    lercParameters: await tags.numbers('LercParameters'),
  };
  return { ...image, ...(await blockTable(tags, image, file)) };
}

/** Bytes of a decoded block; strips at the lower edge are shorter. */
export function blockBytes(
  image: Pick<TiffImage, 'blockWidth' | 'planar' | 'samples' | 'type'>,
  rows: number,
): number {
  return image.blockWidth * rows * (image.planar ? 1 : image.samples) * storedBytes(image.type);
}

/** Rows that a block of block row `by` holds in the file. */
export function blockRows(
  image: Pick<TiffImage, 'tiled' | 'height' | 'blockHeight'>,
  by: number,
): number {
  return image.tiled
    ? image.blockHeight
    : Math.min(image.blockHeight, image.height - by * image.blockHeight);
}

async function blockTable(
  tags: Tags,
  image: Omit<TiffImage, 'offsets' | 'lengths'>,
  file: ByteSource,
): Promise<Pick<TiffImage, 'offsets' | 'lengths'>> {
  const { across, down, tiled, compression } = image;
  if (blockBytes(image, image.blockHeight) > MAX_BLOCK_BYTES && compression !== 'none') {
    throw new HscError(
      'limit',
      `${file.name} has compressed ${tiled ? 'tiles' : 'strips'} of more than 1 GiB; rewrite it with smaller ones, e.g. gdal_translate -co TILED=YES.`,
    );
  }
  const stored = image.width * image.height * image.samples * storedBytes(image.type);
  if (stored > file.size * BEST_EXPANSION + SPARSE_BYTES) {
    tags.fail(`it states ${stored} bytes of samples in a file of ${file.size} bytes`);
  }
  const blocks = across * down * (image.planar ? image.samples : 1);
  const offsets = (await tags.numbers(tiled ? 'TileOffsets' : 'StripOffsets')) ?? [];
  const stated = await tags.numbers(tiled ? 'TileByteCounts' : 'StripByteCounts');
  if (offsets.length < blocks || (stated && stated.length < blocks)) {
    tags.fail(
      `it lists ${Math.min(offsets.length, stated?.length ?? blocks)} of ${blocks} ${tiled ? 'tiles' : 'strips'}`,
    );
  }
  if (!stated && compression !== 'none') tags.fail('the lengths of its strips are missing');
  const lengths = new Float64Array(blocks);
  for (let i = 0; i < blocks; i++) {
    const by = Math.floor(i / across) % down;
    const decoded = blockBytes(image, blockRows(image, by));
    // Writers disagree on the stated length of uncompressed blocks; their real one is known.
    const sparse = stated?.[i] === 0 || offsets[i] === 0;
    lengths[i] = sparse ? 0 : compression === 'none' ? decoded : stated![i];
    // A damaged field may have a type that knows signs and fractions.
    if (![offsets[i], lengths[i]].every((one) => Number.isSafeInteger(one) && one >= 0)) {
      tags.fail(`${lengths[i]} bytes at ${offsets[i]} are no place of a block`);
    }
    if (offsets[i] + lengths[i] > file.size) {
      throw new HscError(
        'truncated',
        `${file.name} ends too early: ${tiled ? 'tile' : 'strip'} ${i + 1} of ${blocks} needs ${offsets[i] + lengths[i]} bytes, the file has ${file.size}.`,
      );
    }
    const expansion = MAX_EXPANSION[compression];
    if (!sparse && expansion && decoded > expansion * lengths[i] + 1024) {
      tags.fail(`${lengths[i]} bytes of ${compression} cannot hold the ${decoded} of a block`);
    }
  }
  return { offsets, lengths };
}

async function sampleType(tags: Tags, samples: number): Promise<StoredType> {
  const bits = await uniform(tags, 'BitsPerSample', samples, 1);
  const format = await uniform(tags, 'SampleFormat', samples, 1);
  // Format 4, "undefined", is how some writers mark plain unsigned integers.
  const type = TYPES[`${format === 4 ? 1 : format}/${bits}`];
  if (!type) {
    const kind = ['', 'unsigned integers', 'signed integers', 'floats', '', 'complex integers'];
    throw new HscError(
      'unsupported',
      `${tags.file} holds ${kind[format] ?? 'complex numbers'} of ${bits} bits, which is not supported; save it as 8-, 16- or 32-bit integers or as floats.`,
    );
  }
  return type;
}

/** The one value that a per-band tag has for all bands. */
async function uniform(
  tags: Tags,
  tag: 'BitsPerSample' | 'SampleFormat',
  samples: number,
  fallback: number,
): Promise<number> {
  const values = (await tags.numbers(tag)) ?? [];
  const first = values[0] ?? fallback;
  for (let i = 1; i < Math.min(values.length, samples); i++) {
    if (values[i] !== first) {
      throw new HscError('unsupported', `${tags.file} mixes sample types between its bands.`);
    }
  }
  return first;
}

async function compressionOf(tags: Tags): Promise<Compression> {
  const code = await tags.positive('Compression', 1);
  const compression = COMPRESSIONS[code];
  if (!compression) {
    const name = { 6: 'JPEG', 7: 'JPEG', 34712: 'JPEG 2000', 50001: 'WebP' }[code];
    throw new HscError(
      'unsupported',
      `${tags.file} is compressed with ${name ?? `method ${code}`}, which is not supported; rewrite it, e.g. with gdal_translate -co COMPRESS=DEFLATE.`,
    );
  }
  return compression;
}

async function predictorOf(tags: Tags): Promise<1 | 2 | 3> {
  const predictor = await tags.positive('Predictor', 1);
  if (predictor !== 1 && predictor !== 2 && predictor !== 3) {
    throw new HscError('unsupported', `${tags.file} uses TIFF predictor ${predictor}.`);
  }
  return predictor;
}

type TagName = Parameters<ImageFileDirectory['hasTag']>[0];

/** Tag values as numbers, whatever their TIFF type. */
class Tags {
  constructor(
    private readonly directory: ImageFileDirectory,
    readonly file: string,
  ) {}

  async numbers(tag: TagName): Promise<ArrayLike<number> | undefined> {
    const value: unknown = await this.directory.loadValue(tag);
    if (typeof value === 'number') return [value];
    if (Array.isArray(value) || ArrayBuffer.isView(value)) return value as ArrayLike<number>;
    return undefined;
  }

  async positive(tag: TagName, fallback?: number): Promise<number> {
    const value = (await this.numbers(tag))?.[0] ?? fallback;
    if (value === undefined || !Number.isInteger(value) || value < 1 || value >= 2 ** 32) {
      return this.fail(`${tag} is ${value ?? 'missing'}`);
    }
    return value;
  }

  fail(reason: string): never {
    throw new HscError('bad-file', `${this.file} is not a readable TIFF file: ${reason}.`);
  }
}
