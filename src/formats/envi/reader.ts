import { HscError, isHscError } from '../../core/errors';
import { decodeText } from '../bytes';
import type { ByteSource, CubeCandidate, FormatReader } from '../types';
import { interleaveStrides, stridedCube } from '../window';
import { isEnviText, readHeader } from './header';
import { infoOf } from './info';
import { dataBytes, dataFileOf, headersAmong, namesMatch, pairOf } from './pairs';

/** ENVI: a text header `.hdr` and a data file of any extension or none. */
export const enviReader: FormatReader = {
  id: 'envi',
  label: 'ENVI',

  async sniff(file, head, files) {
    if (isEnviText(decodeText(head))) return true;
    const headers = await headersAmong(files);
    return headers.some((header) => namesMatch(header.name, file.name));
  },

  async open(file, files, options) {
    const wanted = options.candidate
      ? files.find((other) => other.name === options.candidate)
      : file;
    if (!wanted) {
      throw new HscError('bad-argument', `There is no header named ${options.candidate}.`);
    }
    const { headerFile, header, data } = await pairOf(wanted, files);
    const { shape, type, littleEndian, offset, interleave } = header;
    const strides = interleaveStrides(interleave, shape);
    const info = infoOf(header, data.name);
    const surplus = data.size - dataBytes(header);
    const notes = [
      ...(info.notes ?? []),
      ...(surplus > 0
        ? [`${data.name} has ${surplus} bytes more than its header describes; check its shape.`]
        : []),
      ...(namesMatch(headerFile.name, data.name)
        ? []
        : [
            `${headerFile.name} was taken for the header of ${data.name}, though the names differ.`,
          ]),
    ];
    return {
      format: 'ENVI',
      candidates: await candidatesIn(files),
      chosen: headerFile.name,
      cube: stridedCube(data, { type, littleEndian, offset, strides }, { ...info, notes }),
    };
  },
};

/** The complete pairs among files dropped together. */
async function candidatesIn(files: readonly ByteSource[]): Promise<CubeCandidate[]> {
  const found: CubeCandidate[] = [];
  for (const headerFile of await headersAmong(files)) {
    try {
      const header = await readHeader(headerFile);
      const data = dataFileOf(headerFile, header, files);
      const { height, width, bands } = header.shape;
      found.push({
        id: headerFile.name,
        label: data.name,
        shape: [height, width, bands],
        sampleType: header.type,
      });
    } catch (error) {
      // A broken neighbour is no reason to refuse the pair that was asked for.
      if (!isHscError(error)) throw error;
    }
  }
  return found;
}
