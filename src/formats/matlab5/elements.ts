import { HscError } from '../../core/errors';
import { requireBytes } from '../bytes';
import { adler32, type Deflated, inflateStart } from '../inflate';
import type { ByteSource } from '../types';

/** Element types of a MAT-file ("MAT-File Format", MathWorks, table 1-1). */
export const MI = { int8: 1, int32: 5, uint32: 6, matrix: 14, compressed: 15 } as const;

/** Enough of a matrix for its flags, dimensions and a name of 63 characters. */
const HEAD_BYTES = 1024;
const FILE_HEADER_BYTES = 128;

export interface Tag {
  readonly type: number;
  /** Bytes of data, without padding. */
  readonly length: number;
  /** Where the data start, and where the next element starts. */
  readonly data: number;
  readonly next: number;
}

/** A variable as it is stored: in the file itself, or in a compressed element of it. */
export interface MatrixElement {
  /** Its first bytes, inflated. */
  readonly head: DataView;
  /** All its bytes, inflated, tag included. */
  readonly size: number;
  /** Where an uncompressed one starts in the file. */
  readonly offset: number;
  readonly deflated?: Deflated;
}

/** Reads a tag; up to four bytes of data fit into the tag itself ("small element"). */
export function readTag(view: DataView, at: number, littleEndian: boolean): Tag {
  const word = view.getUint32(at, littleEndian);
  const small = word >>> 16;
  if (small > 0) return { type: word & 0xffff, length: small, data: at + 4, next: at + 8 };
  const length = view.getUint32(at + 4, littleEndian);
  // Compressed elements alone are not padded.
  const padded = word === MI.compressed ? length : Math.ceil(length / 8) * 8;
  return { type: word, length, data: at + 8, next: at + 8 + padded };
}

/** The variables of the file in order. Throws `truncated`, `bad-file`. */
export async function* matrixElements(
  file: ByteSource,
  littleEndian: boolean,
): AsyncGenerator<MatrixElement> {
  for (let at = FILE_HEADER_BYTES; at < file.size; ) {
    requireBytes(file, at, 8, `a variable at byte ${at}`);
    const tag = readTag(viewOf(await file.read(at, 8)), 0, littleEndian);
    requireBytes(file, at + tag.data, tag.length, `the variable at byte ${at}`);
    if (tag.type === MI.compressed) {
      yield await compressedMatrix(file, at + tag.data, tag.length, littleEndian);
    } else if (tag.type === MI.matrix) {
      const size = tag.data + tag.length;
      const head = viewOf(await file.read(at, Math.min(size, HEAD_BYTES)));
      yield { head, size, offset: at };
    } else {
      throw new HscError(
        'bad-file',
        `${file.name} is damaged: byte ${at} starts no variable (element type ${tag.type}).`,
      );
    }
    at += tag.next;
  }
}

async function compressedMatrix(
  file: ByteSource,
  offset: number,
  length: number,
  littleEndian: boolean,
): Promise<MatrixElement> {
  const what = `A compressed variable of ${file.name}`;
  const zlib = length >= 6 ? viewOf(await file.read(offset, 2)).getUint16(0) : 0;
  // RFC 1950: method 8 (DEFLATE), no preset dictionary, the header divisible by 31.
  if (zlib % 31 !== 0 || (zlib & 0x0f20) !== 0x0800) {
    throw new HscError('bad-file', `${what} is damaged: it is no zlib stream.`);
  }
  const stated = viewOf(await file.read(offset + length - 4, 4)).getUint32(0);
  const deflated = {
    source: file,
    offset: offset + 2,
    length: length - 6,
    what,
    checksum: { stated, of: adler32 },
  };
  const head = viewOf(await inflateStart(deflated, HEAD_BYTES));
  const tag = head.byteLength >= 8 ? readTag(head, 0, littleEndian) : undefined;
  if (tag?.type !== MI.matrix) {
    throw new HscError('bad-file', `${what} is damaged: it does not inflate to a variable.`);
  }
  return { head, size: tag.data + tag.length, offset: 0, deflated };
}

function viewOf(bytes: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
