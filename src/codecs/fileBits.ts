import { type HscFile, parseFile } from '../core/bitstream/container';
import type { OpaqueHeader } from '../core/bitstream/header';
import { readOpaquePayload } from '../core/bitstream/opaqueFile';
import type { HyperspectralCube } from '../core/cube/types';
import type { ModelStore } from '../nn/models';
import { type LatentBits, latentBitsOf } from './hific/bitMap';
import { cubeOfLatents, decodeLatents, openFile } from './hific/decoding';
import { editLatents, type LatentEdit } from './hific/latentEdits';
import { lostWindows } from './hific/lostTiles';
import type { FileFacts } from './inspect';
import { readPayload as readKltPayload } from './klt-jpeg2000/coder';
import { readPayload as readPcaPayload } from './pca-jpeg2000/coder';
import { share } from './progress';
import type { JobContext, SectionBytes } from './types';

/**
 * Where the bits of a file go. Of damaged tiles nothing is known: they count nowhere but in `bytes` and
 * `sections`.
 */
export interface FileBits {
  readonly bytes: number;
  readonly sections: SectionBytes;
  /** What the range coder wrote, against what its probability tables promised. */
  readonly coded?: { readonly bytes: number; readonly estimatedBits: number };
  /** Bytes of the spectral frame, a part of the side information that belongs to no position. */
  readonly frameBytes?: number;
  readonly latents?: LatentBits;
  /** Bytes of each spectral component, for codecs that code them one by one. */
  readonly componentBytes?: readonly number[];
  /** Why there is no map over the image, as a sentence. */
  readonly noMap?: string;
}

/** A file taken apart once, so that its latents can be edited and decoded again and again. */
export interface BitFile {
  readonly bits: FileBits;
  /** Decodes with edits; absent for codecs without latents. Throws as {@link editLatents}. */
  decode?(edits: readonly LatentEdit[], job: JobContext): Promise<HyperspectralCube>;
}

const NO_MAP: Readonly<Record<OpaqueHeader['family'], string>> = {
  jpeg2000:
    'JPEG 2000 codes wavelet coefficients bit plane by bit plane over the whole image, so its bytes belong to no place in it.',
  'klt-jpeg2000':
    'Each spectral component is one JPEG 2000 code stream over the whole image, so bytes belong to components but to no place in the image.',
  'pca-jpeg2000':
    'Each principal component is one JPEG 2000 code stream over the whole image, so bytes belong to components but to no place in the image.',
  lossless:
    'The lossless coder adapts from sample to sample and writes one stream, so only its length as a whole is known.',
};

/**
 * Takes a file apart, of which `inspectFile` has told the sections; no network is run. `bandsFrom`
 * as in `Codec.decode`, for later decodes. Throws what parsing throws, `model-missing`, and
 * `aborted`.
 */
export async function openBits(
  file: Uint8Array,
  { sections }: Pick<FileFacts, 'sections'>,
  models: ModelStore,
  bandsFrom: readonly number[] | undefined,
  job: JobContext,
): Promise<BitFile> {
  const parsed = parseFile(file);
  const { header, tiles } = parsed;
  const bytes = file.byteLength;
  if (header.family !== 'hific') {
    const componentBytes = componentBytesOf(parsed, header);
    return { bits: { bytes, sections, componentBytes, noMap: NO_MAP[header.family] } };
  }
  const open = await openFile(file, models, share(job, 0, 0.3));
  const decoded = await decodeLatents(open, { bandsFrom, damaged: 'mark' }, share(job, 0.3, 1));
  const latents = latentBitsOf(decoded);
  const lost = lostWindows(header, decoded.lost);
  const coded = {
    bytes: [...decoded.tiles.keys()].reduce((sum, index) => sum + tiles[index].payload.length, 0),
    estimatedBits: totalOf(latents.latentBits) + totalOf(latents.sideBits),
  };
  return {
    bits: {
      bytes,
      sections,
      coded,
      frameBytes: header.model.frame.length,
      latents,
    },
    decode: (edits, job) =>
      cubeOfLatents(decoded, editLatents(decoded.latents, edits), job, undefined, lost),
  };
}

function totalOf(bits: Float64Array): number {
  return bits.reduce((sum, own) => sum + own, 0);
}

function componentBytesOf(file: HscFile, { family, bands }: OpaqueHeader): number[] | undefined {
  const read = {
    'klt-jpeg2000': (payload: Uint8Array) => readKltPayload(payload).stored,
    'pca-jpeg2000': (payload: Uint8Array) => readPcaPayload(payload, bands).stored,
  };
  if (family !== 'klt-jpeg2000' && family !== 'pca-jpeg2000') return undefined;
  return read[family](readOpaquePayload(file)).components.map(({ packets }) => packets.length);
}
