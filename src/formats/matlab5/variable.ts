import { HscError } from '../../core/errors';
import { type StoredType, storedBytes } from '../samples';
import { type MatrixElement, MI, readTag, type Tag } from './elements';

/** What the head of a matrix element says. */
export interface Variable {
  readonly name: string;
  readonly dims: readonly number[];
  /** Where a real numeric array keeps its samples, counted from the start of the element. */
  readonly samples?: { readonly type: StoredType; readonly offset: number };
  /** What it is where it is no real numeric array, e.g. `struct`. */
  readonly kind?: string;
}

const SAMPLE_TYPES: Readonly<Record<number, StoredType>> = {
  1: 'int8',
  2: 'uint8',
  3: 'int16',
  4: 'uint16',
  5: 'int32',
  6: 'uint32',
  7: 'float32',
  9: 'float64',
  12: 'int64',
  13: 'uint64',
};

/** mxDOUBLE_CLASS to mxUINT64_CLASS hold plain numbers. */
const FIRST_NUMERIC_CLASS = 6;
const LAST_NUMERIC_CLASS = 15;
const OTHER_CLASSES: Readonly<Record<number, string>> = {
  1: 'cell array',
  2: 'struct',
  3: 'object',
  4: 'text',
  5: 'sparse matrix',
};
const COMPLEX_FLAG = 0x0800;
/** Programs write a handful; more are damage. */
const MAX_DIMENSIONS = 32;

/**
 * Parses flags, dimensions, name and the tag of the samples. MATLAB stores whole numbers of
 * class double in the smallest type that holds them; that type is kept.
 * Throws `bad-file` where the parts contradict each other.
 */
export function parseVariable(
  { head, size }: MatrixElement,
  littleEndian: boolean,
  fileName: string,
): Variable {
  const damaged = (why: string) =>
    new HscError('bad-file', `${fileName} is damaged: a variable ${why}.`);
  const tagAt = (at: number, type: number | undefined, what: string): Tag => {
    if (at + 8 > head.byteLength) throw damaged(`ends before its ${what}`);
    const tag = readTag(head, at, littleEndian);
    if (type !== undefined && (tag.type !== type || tag.data + tag.length > head.byteLength)) {
      throw damaged(`has no valid ${what}`);
    }
    return tag;
  };
  if (size === 8) return { name: '', dims: [], kind: 'empty' };

  const flags = tagAt(8, MI.uint32, 'flags');
  if (flags.length < 8) throw damaged('has no valid flags');
  const flagWord = head.getUint32(flags.data, littleEndian);
  const arrayClass = flagWord & 0xff;
  const numeric = arrayClass >= FIRST_NUMERIC_CLASS && arrayClass <= LAST_NUMERIC_CLASS;
  const kind = OTHER_CLASSES[arrayClass] ?? 'object';
  if (!numeric && !(arrayClass in OTHER_CLASSES)) return { name: '', dims: [], kind };

  const dimsTag = tagAt(flags.next, MI.int32, 'dimensions');
  if (dimsTag.length > 4 * MAX_DIMENSIONS) throw damaged('has no valid dimensions');
  const dims = Array.from({ length: dimsTag.length / 4 }, (_, i) =>
    head.getInt32(dimsTag.data + 4 * i, littleEndian),
  );
  if (dims.length < 2 || dims.some((length) => length < 0)) {
    throw damaged('has no valid dimensions');
  }
  const nameTag = tagAt(dimsTag.next, MI.int8, 'name');
  const name = new TextDecoder().decode(
    new Uint8Array(head.buffer, head.byteOffset + nameTag.data, nameTag.length),
  );
  if (!numeric) return { name, dims, kind };
  if (flagWord & COMPLEX_FLAG) return { name, dims, kind: 'complex array' };

  const samples = tagAt(nameTag.next, undefined, 'samples');
  const type = SAMPLE_TYPES[samples.type];
  const count = dims.reduce((product, length) => product * length, 1);
  if (
    !type ||
    samples.length !== count * storedBytes(type) ||
    samples.data + samples.length > size
  ) {
    throw damaged(`("${name}") does not hold the ${dims.join(' × ')} samples that it states`);
  }
  return { name, dims, samples: { type, offset: samples.data } };
}
