import { HscError } from '../errors';
import { ByteReader, ByteWriter } from './bytes';
import { Crc24 } from './crc24';
import { formatHeader, type HificHeader, parseHeader } from './header';
import { HSC_LIMITS } from './limits';
import type { HscMetadata } from './metadata';
import { formatMetadata, parseMetadata } from './metadataSection';
import { tileCount } from './tiles';

/** `HP`, then the version of this form. */
const MAGIC = Uint8Array.of(0x48, 0x50, 1);

/** How an image is coded, of which a part file holds some tiles. */
export interface PartHead {
  readonly header: HificHeader;
  readonly metadata: HscMetadata | undefined;
  /** How much of its worth a bit weighs in the choice of symbols. */
  readonly bitShare: number;
  /** Bytes that the whole file may take. */
  readonly budget: number;
}

export interface Part {
  readonly head: PartHead;
  /** The head as it stands in the file: parts of one image have the same. */
  readonly headBytes: Uint8Array;
  /** Payloads by the tile's number, views of the file. */
  readonly tiles: ReadonlyMap<number, Uint8Array>;
  /** Bytes up to the end of the last whole tile: a process that was killed may leave a piece of one. */
  readonly wholeBytes: number;
}

/** Throws `bad-argument` for a file that is to carry changes of weights, which parts do not. */
export function formatPartHead({ header, metadata, bitShare, budget }: PartHead): Uint8Array {
  if (header.model.delta) {
    throw new HscError(
      'bad-argument',
      'A file that carries changed weights is written in one go: leave out the change, or the parts.',
    );
  }
  const writer = new ByteWriter();
  writer.bytes(MAGIC);
  writer.f64(bitShare);
  writer.f64(budget);
  writer.bytes(formatHeader(header, metadata !== undefined));
  if (metadata) writer.bytes(formatMetadata(metadata, header.bands));
  return checked(writer.finish());
}

/** One tile, to be appended to a part file. */
export function formatPartTile(index: number, payload: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  writer.varint(index);
  writer.varint(payload.length);
  writer.bytes(payload);
  return checked(writer.finish());
}

function checked(bytes: Uint8Array): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(bytes);
  writer.u24(new Crc24().bytes(bytes).value);
  return writer.finish();
}

/**
 * Takes a part file apart. What stands after the last whole tile is left out. Throws `bitstream`,
 * `truncated` or `check-failed` where not even the head is whole.
 */
export function parsePart(file: Uint8Array): Part {
  if (file.length > HSC_LIMITS.fileBytes) {
    throw new HscError('limit', 'The part file is larger than 2 GiB.');
  }
  const reader = new ByteReader(file);
  if (!MAGIC.every((byte, i) => file[i] === byte)) {
    throw new HscError('bitstream', 'This is not a part of a .hsc file.');
  }
  reader.bytes(MAGIC.length);
  const [bitShare, budget] = [reader.f64(), reader.f64()];
  const { header, hasMetadata } = parseHeader(reader);
  if (header.family !== 'hific') {
    throw new HscError('bitstream', `A file of another codec has no parts.`);
  }
  const metadata = hasMetadata ? parseMetadata(reader, header.bands) : undefined;
  const headBytes = file.subarray(0, reader.position);
  if (reader.u24() !== new Crc24().bytes(headBytes).value) {
    throw new HscError('check-failed', 'The part file is damaged: its check does not match.');
  }
  const count = tileCount(header.width, header.height);
  const tiles = new Map<number, Uint8Array>();
  let wholeBytes = reader.position;
  for (let tile = nextTile(reader, count); tile; tile = nextTile(reader, count)) {
    tiles.set(tile.index, tile.payload);
    wholeBytes = reader.position;
  }
  return { head: { header, metadata, bitShare, budget }, headBytes, tiles, wholeBytes };
}

/** Nothing where the bytes that follow are no whole tile. */
function nextTile(reader: ByteReader, count: number) {
  const start = reader.position;
  try {
    const index = reader.varint();
    const payload = reader.bytes(reader.varint());
    const own = reader.data.subarray(start, reader.position);
    return index < count && reader.u24() === new Crc24().bytes(own).value
      ? { index, payload }
      : undefined;
  } catch (error) {
    if (error instanceof HscError) return undefined;
    throw error;
  }
}
