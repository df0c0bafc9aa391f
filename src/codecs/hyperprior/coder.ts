import type { ModelStore } from '../../nn/models';
import { type HyperpriorModel, parseHyperprior } from '../../nn/neighbours/hyperprior';
import { GridCoder } from '../autoencoders/gridCoder';
import { analyse, synthesise } from '../autoencoders/transforms';
import { latentSize } from '../autoencoders/windows';
import { rateNote } from '../coded';
import { declareFamily } from '../families';
import { highestRate } from '../hific/rate';
import { share } from '../progress';
import type { CodedImage, CodedPayload, DecodedSamples, SampleCoder } from '../sampleCodec';
import { squaredError } from '../squaredError';
import { lastFitting } from '../stepSearch';
import type { CodecMeta, JobContext } from '../types';
import { formatPayload, MOST_HEAD_BYTES, parsePayload, sideInformationOf } from './payload';
import {
  bitsOf,
  decodeSymbols,
  dequantise,
  encodeSymbols,
  type GroupSymbols,
  quantise,
} from './symbols';

const META: CodecMeta = {
  id: 'hyperprior',
  label: 'Hyperprior',
  family: 'hyperprior',
  description:
    'A learned transform of 32 neighbouring bands at a time, its latents range coded with scales that a hyperprior ' +
    'tells, trained for squared error without a GAN. Ballé, Minnen, Singh, Hwang and Johnston, “Variational image ' +
    'compression with a scale hyperprior”, 2018.',
  targetRates: [0.5, 1, 2, 4, 8],
  rateRange: [0.5, 8],
  onRequest: true,
};

const FAMILY = declareFamily({
  number: 12,
  id: META.id,
  noMap:
    'The hyperprior’s groups of bands are written one after the other in one stream, so only its length as a whole is known.',
  sideInformation: sideInformationOf,
});

/** Last bytes of two range coders, beyond what the tables charge. */
const FLUSH_BYTES = 8;

/** Scale hyperprior of each group of bands; the gains of its latents meet the budget. */
export class HyperpriorCoder extends GridCoder implements SampleCoder {
  readonly family = FAMILY;

  constructor(
    grid: string,
    private readonly load: () => Promise<HyperpriorModel>,
  ) {
    super(META, grid);
  }

  async encode(
    samples: Float32Array<ArrayBuffer>,
    image: CodedImage,
    budget: number,
    job: JobContext,
  ): Promise<CodedPayload> {
    const model = await this.load();
    const size = latentSize(image, model.network);
    const latents = await analyse(model, samples, image, this.toGrid(image), share(job, 0, 0.3));
    const bits = 8 * (budget - MOST_HEAD_BYTES - FLUSH_BYTES);
    const highest = highestRate(model.spec.lambdas.length);
    const rate = await lastFitting(
      highest + 1,
      async (choice, part) =>
        bitsOf(model, await quantise(model, latents, size, choice, part), size, choice) <= bits,
      share(job, 0.3, 0.7),
    );
    const symbols = await quantise(model, latents, size, rate, share(job, 0.7, 0.7));
    const streams = await encodeSymbols(model, symbols, size, rate, share(job, 0.7, 0.8));
    const decoded = await this.reconstruct(model, symbols, rate, image, share(job, 0.8, 1));
    const { digest } = model;
    const formatted = formatPayload({ digest, rate, ...streams });
    const note = rateNote(formatted.payload.length, budget, rate === highest, image);
    const notes = note ? [`${note}.`] : [];
    return { ...formatted, notes, error: squaredError(samples, decoded) };
  }

  async decode(payload: Uint8Array, image: CodedImage, job: JobContext): Promise<DecodedSamples> {
    const model = await this.load();
    const fields = parsePayload(payload, highestRate(model.spec.lambdas.length));
    this.checkWeights(model.digest, fields.digest);
    const size = latentSize(image, model.network);
    const { rate } = fields;
    const symbols = await decodeSymbols(model, fields, size, rate, share(job, 0, 0.4));
    const samples = await this.reconstruct(model, symbols, rate, image, share(job, 0.4, 1));
    return { samples, symbols: symbols.flatMap(({ zq, q }) => [zq, q]) };
  }

  private reconstruct(
    model: HyperpriorModel,
    symbols: readonly GroupSymbols[],
    rate: number,
    image: CodedImage,
    job: JobContext,
  ): Promise<Float32Array<ArrayBuffer>> {
    const latents = dequantise(model, symbols, rate);
    return synthesise(model, latents, image, this.toNative(image), job);
  }
}

/** The codec, where its weights are installed. */
export async function createHyperprior(models: ModelStore): Promise<HyperpriorCoder | undefined> {
  const grid = await models.neighbourGrid(META.id);
  if (grid === undefined) return undefined;
  return new HyperpriorCoder(grid, () => models.neighbour(META.id, parseHyperprior));
}
