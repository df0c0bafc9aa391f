import { HscError } from '../../core/errors';
import { openArrays, type StoredArray } from '../arrays';
import { bytesSource, requireBytes } from '../bytes';
import { inflateAll } from '../inflate';
import { startsWith } from '../signatures';
import type { ByteSource, FormatReader } from '../types';
import { type MatrixElement, matrixElements } from './elements';
import { parseVariable } from './variable';
import { looksLikeVersion4 } from './version4';

const TEXT = 'MATLAB 5.0 MAT-file';

/** MATLAB v5 files (`save` without `-v7.3`), plain or compressed, of either byte order. */
export const matlab5Reader: FormatReader = {
  id: 'matlab5',
  label: 'MATLAB v5',

  async sniff(file, head) {
    return byteOrder(head) !== undefined || startsWith(head, TEXT) || looksLikeVersion4(file, head);
  },

  async open(file, _files, options) {
    const head = await file.read(0, Math.min(file.size, 128));
    if (looksLikeVersion4(file, head)) {
      throw new HscError(
        'unsupported',
        `${file.name} is a MATLAB v4 file, which holds no cubes; save it again with save -v7.`,
      );
    }
    requireBytes(file, 0, 128, 'the header of a MATLAB v5 file');
    const littleEndian = byteOrder(head);
    if (littleEndian === undefined) {
      throw new HscError('bad-file', `${file.name} is damaged: its header names no byte order.`);
    }
    const { arrays, others } = await readVariables(file, littleEndian);
    if (arrays.length === 0) {
      throw new HscError(
        'bad-file',
        others.length === 0
          ? `${file.name} holds no variables.`
          : `${file.name} holds no array of real numbers, only ${others.join(', ')}; save the cube as a variable of its own.`,
      );
    }
    return openArrays('MATLAB v5', file, arrays, options);
  },
};

/** Whether the file is little-endian; undefined unless its header is that of version 5. */
function byteOrder(head: Uint8Array): boolean | undefined {
  const mark = head.subarray(124);
  if (startsWith(mark, '\x00\x01IM')) return true;
  return startsWith(mark, '\x01\x00MI') ? false : undefined;
}

async function readVariables(file: ByteSource, littleEndian: boolean) {
  const arrays: StoredArray[] = [];
  const others: string[] = [];
  for await (const element of matrixElements(file, littleEndian)) {
    const { name, dims, samples, kind } = parseVariable(element, littleEndian, file.name);
    if (name === '') continue;
    if (!samples) {
      others.push(`${name} (${kind})`);
      continue;
    }
    arrays.push({
      name,
      dims,
      type: samples.type,
      order: 'column-major',
      open: async () => ({ ...(await bytesOf(file, element, samples.offset)), littleEndian }),
    });
  }
  return { arrays, others };
}

async function bytesOf(file: ByteSource, element: MatrixElement, samplesAt: number) {
  if (!element.deflated) return { source: file, offset: element.offset + samplesAt };
  const bytes = await inflateAll(element.deflated, element.size);
  return { source: bytesSource(bytes, file.name), offset: samplesAt };
}
