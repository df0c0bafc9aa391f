import type { ByteSource } from '../types';

const SAMPLE_BYTES = [8, 4, 4, 2, 2, 1];

/**
 * Version 4 has no signature; its first matrix must have a head that makes sense throughout
 * ("MAT-File Format", MathWorks, chapter 2) and fit into the file.
 */
export function looksLikeVersion4(file: ByteSource, head: Uint8Array): boolean {
  if (head.length < 21) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  return [true, false].some((littleEndian) => {
    const [type, rows, columns, imaginary, nameLength] = [0, 4, 8, 12, 16].map((at) =>
      view.getUint32(at, littleEndian),
    );
    const [machine, zero, samples, matrix] = [
      Math.floor(type / 1000),
      Math.floor(type / 100) % 10,
      Math.floor(type / 10) % 10,
      type % 10,
    ];
    const coded = machine === (littleEndian ? 0 : 1) && zero === 0 && samples <= 5 && matrix <= 2;
    if (!coded || imaginary > 1 || nameLength < 2 || nameLength > 64) return false;
    const name = String.fromCharCode(...head.subarray(20, 20 + nameLength));
    const bytes = rows * columns * SAMPLE_BYTES[samples] * (1 + imaginary);
    return /^[A-Za-z]\w*\0$/.test(name) && bytes > 0 && 20 + nameLength + bytes <= file.size;
  });
}
