import type { ModelStore } from '../../nn/models';
import { type AutoencoderModel, parseAutoencoder } from '../../nn/neighbours/file';
import { declareFamily, type OpaqueFamily } from '../families';
import { share } from '../progress';
import type { CodedImage, CodedPayload, DecodedSamples, SampleCoder } from '../sampleCodec';
import { squaredError } from '../squaredError';
import type { CodecMeta, JobContext } from '../types';
import { GridCoder } from './gridCoder';
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
export class AutoencoderCoder extends GridCoder implements SampleCoder {
  readonly family: OpaqueFamily;

  constructor(
    { meta, family }: AutoencoderFacts,
    grid: string,
    private readonly load: () => Promise<AutoencoderModel>,
  ) {
    super({ ...meta, family: 'autoencoder', targetRates: [], onRequest: true }, grid);
    this.family = family;
  }

  async encode(
    samples: Float32Array<ArrayBuffer>,
    image: CodedImage,
    _budget: number,
    job: JobContext,
  ): Promise<CodedPayload> {
    const model = await this.load();
    const latents = await analyse(model, samples, image, this.toGrid(image), share(job, 0, 0.3));
    const [least, most] = SYMBOL_LIMITS;
    const symbols = Int32Array.from(latents, (value) =>
      Math.min(most, Math.max(least, Math.round(value))),
    );
    const shape = shapeOf(model, image);
    const coded = await encodeLatents(model.digest, symbols, shape, share(job, 0.3, 0.6));
    const decoded = await this.reconstruct(model, symbols, image, share(job, 0.6, 1));
    return { ...coded, error: squaredError(samples, decoded) };
  }

  async decode(payload: Uint8Array, image: CodedImage, job: JobContext): Promise<DecodedSamples> {
    const model = await this.load();
    this.checkWeights(model.digest, parsePayload(payload).digest);
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
    return synthesise(model, symbols, image, this.toNative(image), job);
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
  const grid = await models.neighbourGrid(id);
  if (grid === undefined) return undefined;
  return new AutoencoderCoder(facts, grid, () => models.neighbour(id, parseAutoencoder));
}
