import { HscError } from '../../core/errors';
import { startsWith } from '../signatures';

const SIGNATURE = 'GCOL';
/** Of a heap and of each of its objects, whatever the size of lengths ("HDF5 File Format", III.E). */
const HEADER_BYTES = 16;
const ALIGNMENT = 8;

/**
 * The HDF5 library never comes back from a global heap with free space of no length, nor can it be
 * interrupted. Throws `bad-file` where bytes that it has read are a whole heap whose objects do not lead
 * from one to the next. `lengthBytes`: size of lengths in the file.
 */
export function checkGlobalHeap(bytes: Uint8Array, lengthBytes: number, fileName: string): void {
  if (bytes.length < HEADER_BYTES || !startsWith(bytes, SIGNATURE)) return;
  const size = lengthAt(bytes, 8, lengthBytes);
  // The library reads the beginning first to learn the size.
  if (size > bytes.length) return;
  for (let at = HEADER_BYTES; at + HEADER_BYTES <= size; ) {
    const index = bytes[at] | (bytes[at + 1] << 8);
    const length = lengthAt(bytes, at + 8, lengthBytes);
    // Free space, of index 0, counts its header.
    const step = index === 0 ? length : HEADER_BYTES + ALIGNMENT * Math.ceil(length / ALIGNMENT);
    if (step < HEADER_BYTES || at + step > size) {
      throw new HscError(
        'bad-file',
        `${fileName} is damaged: its texts and lists of variable length lead nowhere.`,
      );
    }
    at += step;
  }
}

/** Size of lengths as the superblock states it, 8 where there is none to be seen. */
export function lengthBytesOf(superblock: Uint8Array): number {
  // Version, then in the older two five more bytes, before the sizes of offsets and of lengths.
  const stated = superblock[8] < 2 ? superblock[14] : superblock[10];
  return stated === 2 || stated === 4 ? stated : 8;
}

/** Little-endian; beyond 2^53 not exact, which no file reaches. */
function lengthAt(bytes: Uint8Array, at: number, lengthBytes: number): number {
  let value = 0;
  for (let i = lengthBytes - 1; i >= 0; i--) value = value * 256 + bytes[at + i];
  return value;
}
