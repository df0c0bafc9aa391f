import { HscError, isHscError, messageOf } from '../core/errors';
import { readHead } from './bytes';
import { isHeaderName, mayBeDataName, missingHeader } from './envi/pairs';
import { enviReader } from './envi/reader';
import { enviBipWriter, enviBsqWriter } from './envi/writer';
import { matlab5Reader } from './matlab5/reader';
import { isMetaName, metaAlone, withMeta } from './meta';
import { numpyReader } from './numpy/reader';
import { numpyWriter } from './numpy/writer';
import { hasHdf5Signature, hasTiffSignature, refusalFor } from './signatures';
import type { ByteSource, FormatReader, FormatWriter, OpenedFile, OpenOptions } from './types';

/** Enough for every signature, the user block of a MATLAB v7.3 file included. */
const HEAD_BYTES = 8192;

// The libraries behind these two load only once a file needs them.
const geotiffReader: FormatReader = {
  id: 'geotiff',
  label: 'GeoTIFF',
  sniff: async (_file, head) => hasTiffSignature(head),
  open: async (...args) => (await import('./geotiff/reader')).geotiffReader.open(...args),
};

const hdf5Reader: FormatReader = {
  id: 'hdf5',
  label: 'HDF5, NetCDF4 and MATLAB v7.3',
  sniff: async (_file, head) => hasHdf5Signature(head),
  open: async (...args) => (await import('./hdf5/reader')).hdf5Reader.open(...args),
};

const geotiffWriter: FormatWriter = {
  id: 'geotiff',
  label: 'GeoTIFF',
  write: async (...args) => (await import('./geotiff/writer')).geotiffWriter.write(...args),
};

/** In the order in which they are tried: those with a signature before ENVI, which has a name. */
export const readers: readonly FormatReader[] = [
  hdf5Reader,
  geotiffReader,
  matlab5Reader,
  numpyReader,
  enviReader,
];

export const writers: readonly FormatWriter[] = [
  enviBipWriter,
  enviBsqWriter,
  geotiffWriter,
  numpyWriter,
];

/**
 * Opens the cube in files that were dropped together, in any order: a header and its data, a
 * cube and its sidecar. The first file whose content a reader knows is opened; closing the cube
 * closes all files. Throws `unknown-format` naming what was tried, `missing-companion` for half
 * a pair, and what the reader throws.
 */
export async function openFiles(
  files: readonly ByteSource[],
  options: OpenOptions = {},
): Promise<OpenedFile> {
  const closeAll = async () => {
    await Promise.all(files.map((file) => file.close?.()));
  };
  try {
    const data = files.filter(({ name }) => !isMetaName(name));
    if (data.length < files.length && data.length === 0) throw metaAlone(files[0]);
    const { file, reader } = await recognise(data);
    const opened = await openWith(reader, file, data, options);
    const { cube, overrides } = await withMeta(opened.cube, file, files, options.overrides);
    return {
      ...opened,
      overrides,
      stated: opened.cube.info,
      cube: {
        ...cube,
        readWindow: (window, readOptions) => cube.readWindow(window, readOptions),
        async close() {
          await cube.close();
          await closeAll();
        },
      },
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function recognise(
  files: readonly ByteSource[],
): Promise<{ file: ByteSource; reader: FormatReader }> {
  if (files.length === 0) throw new HscError('bad-argument', 'No file was given.');
  for (const file of files) {
    const head = await readHead(file, HEAD_BYTES);
    for (const reader of readers) {
      if (await reader.sniff(file, head, files)) return { file, reader };
    }
  }
  throw await unrecognised(files);
}

async function openWith(
  reader: FormatReader,
  file: ByteSource,
  files: readonly ByteSource[],
  options: OpenOptions,
): Promise<OpenedFile> {
  try {
    return await reader.open(file, files, options);
  } catch (cause) {
    if (isHscError(cause)) throw cause;
    throw new HscError(
      'bad-file',
      `${file.name} could not be read as ${reader.label}: ${messageOf(cause)}`,
      { cause },
    );
  }
}

async function unrecognised(files: readonly ByteSource[]): Promise<HscError> {
  const empty = files.find((file) => file.size === 0);
  if (empty) return new HscError('truncated', `${empty.name} is empty (0 bytes).`);
  const [file] = files;
  const refusal = refusalFor(await readHead(file, 8));
  if (refusal) return new HscError('unsupported', `${file.name} is ${refusal}.`);
  const header = files.find(({ name }) => isHeaderName(name));
  if (header) {
    return new HscError(
      'bad-file',
      `${header.name} is no ENVI header: it neither starts with ENVI nor states samples, lines and bands.`,
    );
  }
  const half = files.find(({ name }) => mayBeDataName(name));
  if (half) return missingHeader(half);
  const tried = readers.map(({ label }) => label).join(', ');
  return new HscError(
    'unknown-format',
    `${files.map(({ name }) => name).join(', ')}: none of the formats that can be read (tried ${tried}).`,
  );
}
