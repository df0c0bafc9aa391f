const CLEAR = 256;
const END = 257;
const FIRST_FREE = 258;
const TABLE_SIZE = 4096;

/**
 * TIFF's LZW (TIFF 6.0, section 13): codes of 9 to 12 bits, most significant bit first, which
 * grow one code early. Returns up to `length` bytes, fewer where the stream ends before.
 * geotiff's decoder keeps a JavaScript number a byte and runs out of memory on long strips.
 * Throws `Error` for a code that cannot occur.
 */
export function decodeLzw(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(length);
  // Entry i stands for the `lengths[i]` bytes of the output that end before `ends[i]`.
  const ends = new Uint32Array(TABLE_SIZE);
  const lengths = new Uint32Array(TABLE_SIZE);
  let free = FIRST_FREE;
  let width = 9;
  let previous = 0;
  let written = 0;
  let bits = 0;
  let held = 0;
  let next = 0;
  while (written < length) {
    while (held < width) {
      if (next === bytes.length) return out.subarray(0, written);
      bits = ((bits & 0xffff) << 8) | bytes[next++];
      held += 8;
    }
    held -= width;
    const code = (bits >>> held) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      free = FIRST_FREE;
      width = 9;
      previous = 0;
      continue;
    }
    if (previous > 0 && free < TABLE_SIZE) {
      ends[free] = written + 1;
      lengths[free++] = previous + 1;
    }
    if (code < CLEAR) {
      out[written++] = code;
      previous = 1;
    } else {
      if (code >= free) throw new Error(`LZW code ${code} is not in the table of ${free}`);
      previous = lengths[code];
      const from = ends[code] - previous;
      const count = Math.min(previous, length - written);
      // Byte by byte: the newest entry overlaps what is being written.
      for (let i = 0; i < count; i++) out[written + i] = out[from + i];
      written += count;
    }
    if (free + 1 >= 1 << width && width < 12) width++;
  }
  return out.subarray(0, written);
}
