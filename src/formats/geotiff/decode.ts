import { unzlibSync } from 'fflate';
import type { SampleArray } from '../../core/cube/types';
import { HscError } from '../../core/errors';
import { adler32 } from '../inflate';
import { decodeSamples, storedBytes, swapBytes } from '../samples';
import { blockBytes, type Compression, type TiffImage } from './image';
import { decodeLzw } from './lzw';

/** geotiff's numbers of the codecs taken from it. */
const CODES = { deflate: 8, packbits: 32773, lerc: 34887 } as const;

/** Samples of a block of `rows` rows from its bytes, which stay as they are. */
export type BlockDecoder = (bytes: Uint8Array<ArrayBuffer>, rows: number) => Promise<SampleArray>;

type Decompressor = (bytes: Uint8Array<ArrayBuffer>, expected: number) => Promise<Bytes>;
type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Decodes the blocks of an image to `blockWidth` pixels a row, band-interleaved by pixel (one
 * band if planar). Throws `bad-file` for a damaged stream.
 */
export function blockDecoder(image: TiffImage): BlockDecoder {
  const decompress = decompressor(image);
  // LERC carries numbers, not bytes, and the floating-point predictor orders its bytes itself.
  const ordered = image.littleEndian || image.compression === 'lerc' || image.predictor === 3;
  return async (bytes, rows) => {
    const expected = blockBytes(image, rows);
    const decoded = await decompress(bytes, expected);
    if (decoded.length < expected) {
      throw new HscError(
        'bad-file',
        `A block of the TIFF holds ${decoded.length} bytes instead of ${expected}; the file is damaged.`,
      );
    }
    const exact = decoded.subarray(0, expected);
    if (!ordered) swapBytes(exact, storedBytes(image.type));
    undoPredictor(exact, image, rows);
    return decodeSamples(exact, image.type, true);
  };
}

function decompressor(image: TiffImage): Decompressor {
  const { compression } = image;
  if (compression === 'none') {
    // What follows works in place, and files may use the same bytes for two blocks.
    const asIs = image.littleEndian && image.predictor === 1;
    return async (bytes) => (asIs ? bytes : new Uint8Array(bytes));
  }
  const decode = codecOf(image, compression);
  return async (bytes, expected) => {
    try {
      return await decode(bytes, expected);
    } catch (cause) {
      throw new HscError(
        'bad-file',
        `A block of the TIFF cannot be decoded (${compression}); the file is damaged.`,
        { cause },
      );
    }
  };
}

function codecOf(image: TiffImage, compression: Exclude<Compression, 'none'>): Decompressor {
  if (compression === 'lzw') return async (bytes, expected) => decodeLzw(bytes, expected);
  if (compression === 'zstd') return zstdDecoder();
  const library = geotiffDecoder(image, CODES[compression]);
  if (compression !== 'deflate') return library;
  // Ten times faster on short strips; a stream that is padded or longer than its block has its
  // checksum elsewhere and is left to the library.
  return async (bytes, expected) => {
    const out = unzlibSync(bytes, { out: new Uint8Array(expected) });
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return view.getUint32(bytes.length - 4) === adler32(out) ? out : library(bytes, expected);
  };
}

/** Into a buffer of known length: without one the library never ends on a damaged stream. */
function zstdDecoder(): Decompressor {
  const load = async () => {
    const { ZSTDDecoder } = await import('zstddec');
    const decoder = new ZSTDDecoder();
    await decoder.init();
    return decoder;
  };
  let decoder: ReturnType<typeof load> | undefined;
  return async (bytes, expected) => {
    decoder ??= load();
    return new Uint8Array((await decoder).decode(bytes, expected));
  };
}

function geotiffDecoder(image: TiffImage, code: number): Decompressor {
  const load = async () => {
    const { getDecoder } = await import('geotiff');
    const parameters = {
      tileWidth: image.blockWidth,
      tileHeight: image.blockHeight,
      // Its own predictors are wrong for big-endian files and refuse 64-bit samples.
      predictor: 1,
      bitsPerSample: 8 * storedBytes(image.type),
      planarConfiguration: image.planar ? 2 : 1,
      LercParameters: image.lercParameters,
    };
    return getDecoder(code, parameters);
  };
  let decoder: ReturnType<typeof load> | undefined;
  return async (bytes) => {
    decoder ??= load();
    return new Uint8Array(
      (await (await decoder).decode(new Uint8Array(bytes).buffer)) as ArrayBuffer,
    );
  };
}

function undoPredictor(bytes: Uint8Array<ArrayBuffer>, image: TiffImage, rows: number): void {
  if (image.predictor === 1) return;
  const size = storedBytes(image.type);
  const step = image.planar ? 1 : image.samples;
  const rowBytes = image.blockWidth * step * size;
  for (let row = 0; row < rows; row++) {
    const line = bytes.subarray(row * rowBytes, (row + 1) * rowBytes);
    if (image.predictor === 2) undoDifferences(line, size, step);
    else undoFloatDifferences(line, size, step);
  }
}

/** Predictor 2: every sample is stored as the difference to the one `step` before. */
function undoDifferences(line: Uint8Array<ArrayBuffer>, size: number, step: number): void {
  const { buffer, byteOffset } = line;
  const length = line.length / size;
  if (size === 8) {
    const wide = new BigUint64Array(buffer, byteOffset, length);
    for (let i = step; i < length; i++) wide[i] += wide[i - step];
    return;
  }
  const Samples = size === 1 ? Uint8Array : size === 2 ? Uint16Array : Uint32Array;
  const samples = new Samples(buffer, byteOffset, length);
  for (let i = step; i < length; i++) samples[i] += samples[i - step];
}

/** Predictor 3: byte differences over byte planes, the most significant plane first. */
function undoFloatDifferences(line: Uint8Array, size: number, step: number): void {
  for (let i = step; i < line.length; i++) line[i] += line[i - step];
  const planes = line.slice();
  const samples = line.length / size;
  for (let i = 0; i < samples; i++) {
    for (let byte = 0; byte < size; byte++) {
      line[i * size + byte] = planes[(size - 1 - byte) * samples + i];
    }
  }
}
