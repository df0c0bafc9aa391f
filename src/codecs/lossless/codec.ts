import { parseFile } from '../../core/bitstream/container';
import type { OpaqueHeader } from '../../core/bitstream/header';
import { checkDimensions } from '../../core/bitstream/limits';
import { metadataOf } from '../../core/bitstream/metadata';
import { readOpaquePayload, writeOpaqueFile } from '../../core/bitstream/opaqueFile';
import { storedRange } from '../../core/bitstream/storedRange';
import { isDataSample, type ValueRange, valueRange } from '../../core/cube/normalize';
import type { HyperspectralCube, SampleArray } from '../../core/cube/types';
import { withBands } from '../../core/cube/window';
import { HscError, throwIfAborted } from '../../core/errors';
import { sameNumbers } from '../../core/same';
import { allBands, ownBands } from '../bands';
import { bandNotes, restoredInfo } from '../coded';
import { checkFamily, declareFamily } from '../families';
import { share } from '../progress';
import { Turns } from '../turn';
import type {
  Codec,
  CodecMeta,
  DecodeOptions,
  DecodeResult,
  EncodeOptions,
  EncodeResult,
  JobContext,
} from '../types';
import { checkSize, decodeCube, encodeCube } from './cubeCoder';
import { inspectPayload } from './payload';

export const LOSSLESS_META: CodecMeta = {
  id: 'lossless',
  label: 'Lossless',
  family: 'lossless',
  description:
    'Restores every sample bit by bit: each is predicted from the bands before it and its ' +
    'neighbours, and the prediction error is range coded adaptively. In the spirit of CCSDS ' +
    '123.0-B-2 (Klimesh, “Low-Complexity Lossless Compression of Hyperspectral Imagery via ' +
    'Adaptive Filtering”, 2005; Kiely et al., “The New CCSDS Standard for Low-Complexity ' +
    'Lossless and Near-Lossless Multispectral and Hyperspectral Image Compression”, 2018).',
  targetRates: [],
  payload: { latents: 'Samples', sideInformation: 'Parameters' },
};

/** Stored where a cube has no value range of its own: no valid sample, or none that files hold. */
const NO_RANGE: ValueRange = { low: 0, high: 1 };

/** Of a job, coding and then decoding to check it. */
const CODED = 0.6;

const FAMILY = declareFamily({
  number: 3,
  id: LOSSLESS_META.id,
  noMap:
    'The lossless coder adapts from sample to sample and writes one stream, so only its length as a whole is known.',
  sideInformation: (payload) => inspectPayload(payload).sideInformation,
});

/** Predictive lossless coding of any sample type; takes no rate. */
export class LosslessCodec implements Codec {
  readonly meta = LOSSLESS_META;

  /**
   * `estimatedBits` are 8 × the payload's bytes: the adaptive models' own figure differs by less
   * than the streams' ends. Throws `limit`, `bad-argument`, `aborted`, and `check-failed` where
   * the written file does not decode to the cube.
   */
  async encode(
    whole: HyperspectralCube,
    options: EncodeOptions,
    job: JobContext = {},
  ): Promise<EncodeResult> {
    const start = performance.now();
    const { codedBands, mapping } = allBands(whole);
    const cube = codedBands.length < whole.bands ? withBands(whole, codedBands) : whole;
    const { width, height, bands, sampleType, data } = cube;
    checkDimensions(width, height, bands);
    checkSize(cube);
    if (data.length !== width * height * bands) {
      throw new HscError('bad-argument', 'The samples do not fill the cube’s dimensions.');
    }
    const range = rangeOf(cube);
    await new Turns(job, 'preparing').take(0);
    const header: OpaqueHeader = {
      family: 'opaque',
      number: FAMILY.number,
      width,
      height,
      bands,
      sampleType,
      mapping,
      range,
    };
    const payload = await encodeCube(data, cube, share(job, 0, CODED));
    const notes = bandNotes(whole, codedBands);
    const info = { ...whole, notes: [...(whole.notes ?? []), ...notes] };
    const metadata = metadataOf(notes.length > 0 ? info : whole, codedBands, options.metadata);
    const { file, sections } = writeOpaqueFile(header, payload, metadata);
    await verify(file, cube, share(job, CODED, 1));
    return {
      file,
      estimatedBits: 8 * payload.length,
      sections: {
        header: sections.header,
        metadata: sections.metadata,
        ...inspectPayload(payload),
      },
      codedBands,
      notes,
      milliseconds: performance.now() - start,
    };
  }

  /**
   * The cube in its own sample type; the digest is that of its samples' little-endian bytes, BIP.
   * Throws what parsing throws, `bitstream`, `truncated`, `check-failed`, `limit`, `aborted`.
   */
  async decode(
    file: Uint8Array,
    options: DecodeOptions = {},
    job: JobContext = {},
  ): Promise<DecodeResult> {
    const start = performance.now();
    const { header, metadata, data } = await read(file, job);
    const given = header.mapping === 'wavelength' ? options.bandsFrom : undefined;
    const bands = ownBands(header, metadata?.wavelengthsNm ?? given);
    return {
      cube: { ...restoredInfo(header, metadata, bands, header.sampleType), data },
      codec: LOSSLESS_META.id,
      symbolDigest: await digestOf(data),
      milliseconds: performance.now() - start,
    };
  }
}

async function read(file: Uint8Array, job: JobContext) {
  const parsed = parseFile(file);
  const { header, metadata } = parsed;
  checkFamily(header, FAMILY);
  checkSize(header);
  throwIfAborted(job.signal);
  try {
    const data = await decodeCube(readOpaquePayload(parsed), header, job);
    return { header, metadata, data };
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new HscError('limit', 'The image is too large for the memory of this machine.', {
      cause,
    });
  }
}

/** Throws `check-failed` unless the file decodes to the cube's own bytes. */
async function verify(file: Uint8Array, cube: HyperspectralCube, job: JobContext): Promise<void> {
  const { data } = await read(file, job);
  if (sameNumbers(bytesOf(cube.data), bytesOf(data))) return;
  throw new HscError(
    'check-failed',
    'The written file does not decode to what was encoded; please report this.',
  );
}

function rangeOf(cube: HyperspectralCube): ValueRange {
  const valid = cube.data.some((value: number) => isDataSample(value, cube.noDataValue));
  if (!valid) return NO_RANGE;
  try {
    return storedRange(valueRange(cube));
  } catch (error) {
    if (error instanceof HscError && error.code === 'bad-argument') return NO_RANGE;
    throw error;
  }
}

/** As they lie in memory. */
function bytesOf({ buffer, byteOffset, byteLength }: SampleArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

async function digestOf(data: SampleArray): Promise<string> {
  const bytes = bytesOf(data).slice();
  const size = data.BYTES_PER_ELEMENT;
  for (let at = 0; !LITTLE_ENDIAN && at < bytes.length; at += size) {
    bytes.subarray(at, at + size).reverse();
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
