import type { Part } from './types';

/** Parts of an input in one piece, behind its number: what a process is busy with, for others to read. */
export class InputRecord {
  private buffer = Buffer.alloc(1 << 20);

  /** The bytes of a record; a view that the next call overwrites. */
  of(index: number, parts: readonly Part[]): Uint8Array {
    const names = parts.map(({ name }) => Buffer.from(name));
    const length = parts.reduce((sum, { bytes }, i) => sum + 8 + names[i].length + bytes.length, 8);
    if (length > this.buffer.length) this.buffer = Buffer.alloc(2 * length);
    const { buffer } = this;
    let at = buffer.writeInt32LE(index, 0);
    at = buffer.writeUint32LE(parts.length, at);
    for (const [i, { bytes }] of parts.entries()) {
      at = buffer.writeUint32LE(names[i].length, at);
      at = buffer.writeUint32LE(bytes.length, at);
      buffer.set(names[i], at);
      buffer.set(bytes, at + names[i].length);
      at += names[i].length + bytes.length;
    }
    return buffer.subarray(0, length);
  }
}

export function indexOf(record: Uint8Array): number {
  return record.length < 4 ? -1 : Buffer.from(record).readInt32LE(0);
}

export function partsOf(record: Uint8Array): Part[] {
  const buffer = Buffer.from(record);
  const parts: Part[] = [];
  let at = 8;
  for (let left = buffer.readUint32LE(4); left > 0; left--) {
    const [nameLength, length] = [buffer.readUint32LE(at), buffer.readUint32LE(at + 4)];
    const name = buffer.toString('utf8', at + 8, at + 8 + nameLength);
    at += 8 + nameLength;
    parts.push({ name, bytes: new Uint8Array(buffer.subarray(at, at + length)) });
    at += length;
  }
  return parts;
}
