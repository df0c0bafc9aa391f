import { HscError } from '../../core/errors';
import { requireBytes } from '../bytes';
import { crc32, type Deflated } from '../inflate';
import type { ByteSource } from '../types';

/** A file inside a ZIP archive (APPNOTE.TXT 6.3, zip64 included). */
export interface ZipMember {
  readonly name: string;
  /** Bytes once inflated. */
  readonly size: number;
  readonly compressedSize: number;
  /** 0: stored as is, 8: DEFLATE. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  /** Where its local header starts. */
  readonly header: number;
}

const END_BYTES = 22;
const MAX_COMMENT = 65_535;
const MAX_DIRECTORY_BYTES = 64 * 2 ** 20;

/** The members that the archive's directory lists. Throws `truncated`, `bad-file`. */
export async function zipMembers(file: ByteSource): Promise<ZipMember[]> {
  const { offset, size } = await findDirectory(file);
  if (size > MAX_DIRECTORY_BYTES) throw damaged(file, 'its directory is too long');
  requireBytes(file, offset, size, 'the directory of the archive');
  const view = viewOf(await file.read(offset, size));
  const members: ZipMember[] = [];
  for (let at = 0; at + 46 <= size; ) {
    if (view.getUint32(at, true) !== 0x02014b50) break;
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      view.getUint16(at + field, true),
    );
    const next = at + 46 + nameLength + extraLength + commentLength;
    if (next > size) throw damaged(file, 'its directory is cut off');
    members.push(readEntry(view, at, nameLength, extraLength));
    at = next;
  }
  return members;
}

/** Where a member's bytes start. Throws `bad-file`, `truncated`, `unsupported`. */
export async function memberData(file: ByteSource, member: ZipMember): Promise<number> {
  const { name, header, method, encrypted, compressedSize, size } = member;
  if (encrypted || (method !== 0 && method !== 8)) {
    throw new HscError(
      'unsupported',
      `${name} in ${file.name} is ${encrypted ? 'encrypted' : `compressed by method ${method}`}; save it with numpy.savez.`,
    );
  }
  requireBytes(file, header, 30, `the member ${name}`);
  const view = viewOf(await file.read(header, 30));
  if (view.getUint32(0, true) !== 0x04034b50 || (method === 0 && compressedSize !== size)) {
    throw damaged(file, `${name} is not where the directory says`);
  }
  const start = header + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  requireBytes(file, start, compressedSize, `the member ${name}`);
  return start;
}

/** The DEFLATE stream of a compressed member. */
export async function deflatedMember(file: ByteSource, member: ZipMember): Promise<Deflated> {
  return {
    source: file,
    offset: await memberData(file, member),
    length: member.compressedSize,
    what: `${member.name} in ${file.name}`,
    checksum: { stated: member.crc, of: crc32 },
  };
}

function readEntry(view: DataView, at: number, nameLength: number, extraLength: number): ZipMember {
  const nameBytes = new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength);
  const sizes = {
    size: view.getUint32(at + 24, true),
    compressedSize: view.getUint32(at + 20, true),
    header: view.getUint32(at + 42, true),
  };
  widenSizes(view, at + 46 + nameLength, extraLength, sizes);
  return {
    name: new TextDecoder().decode(nameBytes),
    ...sizes,
    method: view.getUint16(at + 10, true),
    encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
    crc: view.getUint32(at + 16, true),
  };
}

/** Fields that are full of ones stand, in this order, as 64-bit numbers in the zip64 extra. */
function widenSizes(
  view: DataView,
  start: number,
  length: number,
  sizes: { size: number; compressedSize: number; header: number },
): void {
  for (let at = start; at + 4 <= start + length; ) {
    const [id, bytes] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    const end = Math.min(at + 4 + bytes, start + length);
    if (id === 1) {
      let field = at + 4;
      for (const key of ['size', 'compressedSize', 'header'] as const) {
        if (sizes[key] !== 0xffffffff || field + 8 > end) continue;
        sizes[key] = Number(view.getBigUint64(field, true));
        field += 8;
      }
    }
    at += 4 + bytes;
  }
}

async function findDirectory(file: ByteSource): Promise<{ offset: number; size: number }> {
  const length = Math.min(file.size, END_BYTES + MAX_COMMENT);
  const tailAt = file.size - length;
  const tail = viewOf(await file.read(tailAt, length));
  for (let at = length - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== 0x06054b50) continue;
    if (at + END_BYTES + tail.getUint16(at + 20, true) !== length) continue;
    const size = tail.getUint32(at + 12, true);
    const offset = tail.getUint32(at + 16, true);
    if (size !== 0xffffffff && offset !== 0xffffffff) return { offset, size };
    return findDirectory64(file, tailAt + at);
  }
  throw new HscError(
    'truncated',
    `${file.name} ends too early: the directory at the end of the archive is missing.`,
  );
}

async function findDirectory64(file: ByteSource, end: number) {
  const locatorAt = end - 20;
  const locator = locatorAt >= 0 ? viewOf(await file.read(locatorAt, 20)) : undefined;
  if (locator?.getUint32(0, true) !== 0x07064b50) throw damaged(file, 'its directory is missing');
  const at = Number(locator.getBigUint64(8, true));
  requireBytes(file, at, 56, 'the directory of the archive');
  const record = viewOf(await file.read(at, 56));
  if (record.getUint32(0, true) !== 0x06064b50) throw damaged(file, 'its directory is missing');
  return {
    size: Number(record.getBigUint64(40, true)),
    offset: Number(record.getBigUint64(48, true)),
  };
}

function damaged(file: ByteSource, why: string): HscError {
  return new HscError('bad-file', `${file.name} is damaged: ${why}.`);
}

function viewOf(bytes: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
