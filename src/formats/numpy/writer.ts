import type { CubeInfo, SampleType } from '../../core/cube/types';
import { encodeSamples, typeOfSamples } from '../samples';
import type { FormatWriter, StreamedFile, WrittenFile } from '../types';
import { sidecarText } from './sidecar';

const DESCR: Readonly<Record<SampleType, string>> = {
  uint8: '|u1',
  int8: '|i1',
  uint16: '<u2',
  int16: '<i2',
  uint32: '<u4',
  int32: '<i4',
  float32: '<f4',
  float64: '<f8',
};

/** An array of height × width × bands, and a JSON sidecar with its wavelengths. */
export const numpyWriter: FormatWriter = {
  id: 'numpy',
  label: 'NumPy',
  streamed,
  async write(cube, baseName) {
    const { name, head: header } = streamed(
      { ...cube, sampleType: typeOfSamples(cube.data) },
      baseName,
    );
    const samples = encodeSamples(cube.data);
    const bytes = new Uint8Array(header.length + samples.length);
    bytes.set(header);
    bytes.set(samples, header.length);
    return [{ name, bytes }, sidecarFile(cube, baseName)];
  },
};

function streamed(info: CubeInfo, baseName: string): StreamedFile {
  const { height, width, bands, sampleType } = info;
  return {
    name: `${baseName}.npy`,
    head: npyHeader(DESCR[sampleType], [height, width, bands]),
    others: [sidecarFile(info, baseName)],
  };
}

function sidecarFile(info: CubeInfo, baseName: string): WrittenFile {
  return { name: `${baseName}.json`, bytes: new TextEncoder().encode(sidecarText(info)) };
}

/** Version 1.0, padded so that the samples start at a multiple of 64 bytes. */
function npyHeader(descr: string, dims: readonly number[]): Uint8Array<ArrayBuffer> {
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims.join(', ')}), }`;
  const length = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const text = `${dict.padEnd(length - 11)}\n`;
  const header = new Uint8Array(length);
  header.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0]);
  new DataView(header.buffer).setUint16(8, text.length, true);
  header.set(new TextEncoder().encode(text), 10);
  return header;
}
