import { HscError } from '../../core/errors';
import type { MemoryOrder } from '../axes';
import { type StoredType, storedBytes } from '../samples';
import { startsWith } from '../signatures';

/** An `.npy` header (NumPy Enhancement Proposal 1). */
export interface NpyHeader {
  readonly dims: readonly number[];
  readonly type: StoredType;
  readonly littleEndian: boolean;
  readonly order: MemoryOrder;
  /** Where the samples start, and how many bytes they take. */
  readonly offset: number;
  readonly length: number;
}

const TYPES: Readonly<Record<string, StoredType>> = {
  b1: 'uint8',
  u1: 'uint8',
  i1: 'int8',
  u2: 'uint16',
  i2: 'int16',
  u4: 'uint32',
  i4: 'int32',
  u8: 'uint64',
  i8: 'int64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
};

const MAX_HEADER_BYTES = 2 ** 20;
/** NumPy itself has no arrays of more dimensions. */
const MAX_DIMENSIONS = 64;

export function isNpy(head: Uint8Array): boolean {
  return startsWith(head, '\x93NUMPY');
}

/**
 * Reads a header through `start`, which gives the first bytes of the file or member.
 * Throws `truncated`, `bad-file`, and `unsupported` for what is no real number.
 */
export async function readNpyHeader(
  what: string,
  start: (length: number) => Promise<Uint8Array>,
): Promise<NpyHeader> {
  const truncated = () =>
    new HscError('truncated', `${what} ends too early: its NumPy header is incomplete.`);
  const lead = await start(12);
  if (lead.length < 12) throw truncated();
  if (!isNpy(lead)) throw new HscError('bad-file', `${what} is damaged: it is no NumPy array.`);
  const view = new DataView(lead.buffer, lead.byteOffset, lead.byteLength);
  const textAt = lead[6] === 1 ? 10 : 12;
  const length = lead[6] === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (lead[6] < 1 || lead[6] > 3) {
    throw new HscError('unsupported', `${what} has version ${lead[6]} of the NumPy format.`);
  }
  if (length > MAX_HEADER_BYTES) {
    throw new HscError('bad-file', `${what} is damaged: its header claims ${length} bytes.`);
  }
  const offset = textAt + length;
  const bytes = await start(offset);
  if (bytes.length < offset) throw truncated();
  return interpret(what, new TextDecoder().decode(bytes.subarray(textAt)), offset);
}

function interpret(what: string, text: string, offset: number): NpyHeader {
  const descr = /'descr'\s*:\s*(\[|'([<>|=]?)([^']*)')/.exec(text);
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text);
  const shape = /'shape'\s*:\s*\(([\d,L\s]*)\)/.exec(text);
  if (!descr || !fortran || !shape) {
    throw new HscError('bad-file', `${what} is damaged: its NumPy header makes no sense.`);
  }
  const type = TYPES[descr[3]];
  if (!type) {
    throw new HscError(
      'unsupported',
      `${what} holds ${kindOf(descr[1])}; a cube must hold integers or floats of at most 64 bits.`,
    );
  }
  const dims = (shape[1].match(/\d+/g) ?? []).map(Number);
  if (dims.length > MAX_DIMENSIONS) {
    throw new HscError('bad-file', `${what} is damaged: it states ${dims.length} dimensions.`);
  }
  return {
    dims,
    type,
    littleEndian: descr[2] !== '>',
    order: fortran[1] === 'True' ? 'column-major' : 'row-major',
    offset,
    length: dims.reduce((product, axis) => product * axis, storedBytes(type)),
  };
}

function kindOf(descr: string): string {
  if (descr === '[') return 'records with named fields';
  if (/c\d/.test(descr)) return 'complex numbers';
  return /O/.test(descr) ? 'Python objects' : `values of NumPy type ${descr}`;
}
