import { parseFile } from '../core/bitstream/container';
import { readOpaquePayload } from '../core/bitstream/opaqueFile';
import type { HyperspectralCube } from '../core/cube/types';
import type { ModelStore } from '../nn/models';
import { familyOf } from './families';
import { type LatentBits, latentBitsOf } from './hific/bitMap';
import { cubeOfLatents, decodeLatents, openFile } from './hific/decoding';
import { editLatents, type LatentEdit } from './hific/latentEdits';
import { lostWindows } from './hific/lostTiles';
import type { FileFacts } from './inspect';
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
    const { componentBytes: bytesOf, noMap } = familyOf(header);
    const componentBytes = bytesOf?.(readOpaquePayload(parsed), header.bands);
    return { bits: { bytes, sections, componentBytes, noMap } };
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
