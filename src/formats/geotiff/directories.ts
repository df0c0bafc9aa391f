import type { ImageFileDirectory } from 'geotiff';
import { HscError } from '../../core/errors';
import type { ByteSource } from '../types';

/** The image file directories (IFDs) of a TIFF, first to last, all their tags read. */
export interface TiffDirectories {
  readonly littleEndian: boolean;
  readonly directories: readonly ImageFileDirectory[];
}

/** geotiff asks for headers in windows of fixed length that may pass the end of the file. */
const HEADER_WINDOW_BYTES = 64 * 1024;
/** Multi-page files hold one band a page; no sensor has more bands than this. */
const MAX_DIRECTORIES = 4096;

/**
 * Follows the chain of directories without touching samples.
 * Throws `truncated` where the file ends inside its directories, `bad-file` where they make
 * no sense, `limit` beyond 4096 directories.
 */
export async function readDirectories(file: ByteSource): Promise<TiffDirectories> {
  const { GeoTIFF } = await import('geotiff');
  try {
    const tiff = await GeoTIFF.fromSource(headerSource(file));
    // Arrays that geotiff loads later are read as little-endian whatever the file's byte order.
    tiff.parser.eager = true;
    const directories: ImageFileDirectory[] = [];
    const seen = new Set<number>();
    for (let offset = tiff.firstIFDOffset; offset !== 0; ) {
      if (seen.has(offset)) throw new Error('its directories form a loop');
      if (seen.size === MAX_DIRECTORIES) {
        throw new HscError('limit', `${file.name} has more than ${MAX_DIRECTORIES} images.`);
      }
      seen.add(offset);
      const directory = await tiff.parser.parseFileDirectoryAt(offset);
      directories.push(directory);
      offset = directory.nextIFDByteOffset;
    }
    if (directories.length === 0) throw new Error('it has no directory');
    return { littleEndian: tiff.littleEndian, directories };
  } catch (cause) {
    throw directoryError(file.name, cause);
  }
}

/** A ByteSource as geotiff wants it. */
function headerSource(file: ByteSource) {
  async function fetchSlice({ offset, length }: { offset: number; length: number }) {
    const short = length <= HEADER_WINDOW_BYTES && offset < file.size;
    const bytes = await file.read(offset, short ? Math.min(length, file.size - offset) : length);
    return { offset, length, data: new Uint8Array(bytes).buffer };
  }
  return {
    fetchSlice,
    fetch: (slices: { offset: number; length: number }[]) =>
      Promise.all(slices.map(async (slice) => (await fetchSlice(slice)).data)),
    fileSize: file.size,
    close: async () => {},
  };
}

function directoryError(name: string, cause: unknown): HscError {
  if (cause instanceof HscError) return cause;
  // DataView throws RangeError for a read behind the last byte.
  if (cause instanceof RangeError) {
    return new HscError(
      'truncated',
      `${name} ends inside its TIFF directory, or the directory is damaged.`,
      { cause },
    );
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HscError('bad-file', `${name} is not a readable TIFF file: ${reason}.`, { cause });
}
