import { gridFor, gridNamed } from '../../core/cube/gridChoice';
import { gridCenters, type SpectralGrid } from '../../core/cube/grids';
import { resampleMatrix } from '../../core/cube/resample';
import type { CubeInfo } from '../../core/cube/types';
import { HscError } from '../../core/errors';
import type { ModelStore } from '../../nn/models';
import type { AutoencoderModel } from '../../nn/neighbours/file';
import { type NativeBands, nativeBands, planBands } from '../bands';
import { declareFamily, type OpaqueFamily } from '../families';
import { share } from '../progress';
import type { CodedImage, CodedPayload, DecodedSamples, SampleCoder } from '../sampleCodec';
import type { CodecMeta, EncodeOptions, JobContext } from '../types';
import {
  decodeLatents,
  encodeLatents,
  parsePayload,
  SYMBOL_LIMITS,
  sideInformationOf,
} from './payload';
import { analyse, synthesise } from './transforms';
import { latentSize } from './windows';

/** What sets one autoencoder apart for people and in files. */
export interface AutoencoderFacts {
  readonly meta: Pick<CodecMeta, 'id' | 'label' | 'description'>;
  readonly family: OpaqueFamily;
}

/** Makes the codec's number in files known. */
export function autoencoder(number: number, meta: AutoencoderFacts['meta']): AutoencoderFacts {
  const family = declareFamily({
    number,
    id: meta.id,
    noMap:
      'The latents are predicted from those before and beside them and written as one stream, so only its length as a whole is known.',
    sideInformation: sideInformationOf,
  });
  return { meta, family };
}

/**
 * A published convolutional autoencoder: the network maps an image on the spectral grid to a fixed
 * number of latents, which are rounded by its own quantiser steps and coded without loss.
 */
export class AutoencoderCoder implements SampleCoder {
  readonly meta: CodecMeta;
  readonly family: OpaqueFamily;
  private readonly grid: SpectralGrid;

  constructor(
    { meta, family }: AutoencoderFacts,
    grid: string,
    private readonly load: () => Promise<AutoencoderModel>,
  ) {
    this.meta = { ...meta, family: 'autoencoder', targetRates: [], grids: [grid], onRequest: true };
    this.family = family;
    this.grid = gridNamed(grid);
  }

  plan(info: CubeInfo, { bandPolicy, grid }: Pick<EncodeOptions, 'bandPolicy' | 'grid'>) {
    return planBands(gridFor(this.meta, info, grid), info, bandPolicy);
  }

  bands(...[header, wavelengthsNm]: Parameters<SampleCoder['bands']>): NativeBands {
    return nativeBands(this.grid, header, wavelengthsNm, undefined);
  }

  async encode(
    samples: Float32Array<ArrayBuffer>,
    image: CodedImage,
    _budget: number,
    job: JobContext,
  ): Promise<CodedPayload> {
    const model = await this.load();
    const toGrid = resampleMatrix(image.bands.positionsNm, gridCenters(this.grid));
    const latents = await analyse(model, samples, image, toGrid, share(job, 0, 0.3));
    const [least, most] = SYMBOL_LIMITS;
    const symbols = Int32Array.from(latents, (value) =>
      Math.min(most, Math.max(least, Math.round(value))),
    );
    const shape = shapeOf(model, image);
    const coded = await encodeLatents(model.digest, symbols, shape, share(job, 0.3, 0.6));
    const decoded = await this.reconstruct(model, symbols, image, share(job, 0.6, 1));
    const error = samples.reduce((sum, value, i) => sum + (value - decoded[i]) ** 2, 0);
    return { ...coded, error };
  }

  async decode(payload: Uint8Array, image: CodedImage, job: JobContext): Promise<DecodedSamples> {
    const model = await this.load();
    const { digest } = parsePayload(payload);
    if (digest !== model.digest) {
      throw new HscError(
        'model-missing',
        `The file was made with weights ${digest} of ${this.meta.label}, which are not installed here: open ` +
          'it with the version of the studio that wrote it.',
      );
    }
    const symbols = await decodeLatents(payload, shapeOf(model, image), share(job, 0, 0.4));
    const samples = await this.reconstruct(model, symbols, image, share(job, 0.4, 1));
    return { samples, symbols: [Int16Array.from(symbols)] };
  }

  private reconstruct(
    model: AutoencoderModel,
    symbols: Int32Array,
    image: CodedImage,
    job: JobContext,
  ): Promise<Float32Array<ArrayBuffer>> {
    const toNative = resampleMatrix(gridCenters(this.grid), image.bands.positionsNm);
    return synthesise(model, symbols, image, toNative, job);
  }
}

function shapeOf({ network, steps }: AutoencoderModel, image: CodedImage) {
  return { ...latentSize(image, network), bands: steps.length };
}

/** The codec, where its weights are installed. */
export async function createAutoencoder(
  facts: AutoencoderFacts,
  models: ModelStore,
): Promise<AutoencoderCoder | undefined> {
  const { id } = facts.meta;
  const grid = await models.autoencoderGrid(id);
  if (grid === undefined) return undefined;
  return new AutoencoderCoder(facts, grid, () => models.autoencoder(id));
}
