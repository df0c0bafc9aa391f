import { HscError, isHscError } from '../../core/errors';
import { openArrays, type StoredArray } from '../arrays';
import { bytesSource, readHead, requireBytes } from '../bytes';
import { inflateAll, inflateStart } from '../inflate';
import { startsWith } from '../signatures';
import type { ByteSource, FormatReader } from '../types';
import { isNpy, type NpyHeader, readNpyHeader } from './npy';
import { readSidecar } from './sidecar';
import { deflatedMember, memberData, type ZipMember, zipMembers } from './zip';

/** After an array there is nothing; a short list must not cost what its member inflates to. */
const MAX_SURPLUS_BYTES = 64 * 1024;

/** NumPy arrays: `.npy`, or `.npz` with several, beside an optional JSON sidecar. */
export const numpyReader: FormatReader = {
  id: 'numpy',
  label: 'NumPy',

  async sniff(file, head) {
    return isNpy(head) || isNpz(file, head);
  },

  async open(file, files, options) {
    const head = await readHead(file, 6);
    const arrays = isNpy(head) ? [await singleArray(file)] : await memberArrays(file);
    return openArrays('NumPy', file, arrays, options, await readSidecar(file, files));
  },
};

/** A ZIP archive whose first member is an array; an empty or a renamed one by its name. */
function isNpz(file: ByteSource, head: Uint8Array): boolean {
  const isZip = startsWith(head, 'PK\x03\x04') || startsWith(head, 'PK\x05\x06');
  if (!isZip || head.length < 30) return isZip;
  const nameLength = head[26] | (head[27] << 8);
  const first = new TextDecoder().decode(head.subarray(30, 30 + nameLength));
  return /\.npy$/i.test(first) || /\.npz$/i.test(file.name);
}

async function singleArray(file: ByteSource): Promise<StoredArray> {
  const header = await readNpyHeader(file.name, (length) => readHead(file, length));
  requireBytes(file, header.offset, header.length, `an array of ${header.dims.join(' × ')}`);
  return storedArray('array', header, async () => ({ source: file, offset: header.offset }));
}

async function memberArrays(file: ByteSource): Promise<StoredArray[]> {
  const members = (await zipMembers(file)).filter(({ name }) => /\.npy$/i.test(name));
  const arrays: StoredArray[] = [];
  const refused: HscError[] = [];
  for (const member of members) {
    try {
      arrays.push(await memberArray(file, member));
    } catch (error) {
      // Text or objects beside a cube are common; they matter only if nothing else is there.
      if (!isHscError(error) || error.code !== 'unsupported') throw error;
      refused.push(error);
    }
  }
  if (arrays.length === 0) {
    throw (
      refused[0] ?? new HscError('bad-file', `${file.name} is an archive without NumPy arrays.`)
    );
  }
  return arrays;
}

async function memberArray(file: ByteSource, member: ZipMember): Promise<StoredArray> {
  const what = `${member.name} in ${file.name}`;
  const name = member.name.replace(/\.npy$/i, '');
  const start = await memberData(file, member);
  const checked = (header: NpyHeader): NpyHeader => {
    const surplus = member.size - header.offset - header.length;
    if (surplus > MAX_SURPLUS_BYTES) {
      throw new HscError(
        'bad-file',
        `${what} is damaged: an array of ${header.dims.join(' × ')} cannot hold the ${member.size} bytes that it states.`,
      );
    }
    if (!(surplus >= 0)) {
      throw new HscError(
        'bad-file',
        `${what} is damaged: an array of ${header.dims.join(' × ')} does not fit into it.`,
      );
    }
    return header;
  };
  if (member.method === 0) {
    const header = checked(
      await readNpyHeader(what, (length) => file.read(start, Math.min(length, member.size))),
    );
    return storedArray(name, header, async () => ({ source: file, offset: start + header.offset }));
  }
  const deflated = await deflatedMember(file, member);
  const header = checked(await readNpyHeader(what, (length) => inflateStart(deflated, length)));
  return storedArray(name, header, async () => ({
    source: bytesSource(await inflateAll(deflated, member.size), what),
    offset: header.offset,
  }));
}

function storedArray(
  name: string,
  { dims, type, order, littleEndian }: NpyHeader,
  locate: () => Promise<{ source: ByteSource; offset: number }>,
): StoredArray {
  return {
    name,
    dims,
    type,
    order,
    open: async () => ({ ...(await locate()), littleEndian }),
  };
}
