import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { HscError } from '../../core/errors';
import { parseSafetensors, type Tensor } from '../../core/safetensors';
import { DeviceWeights } from '../deviceWeights';
import { readFinite } from '../finite';
import { digestOf, sha256Of } from '../modelFile';
import type { Architecture, Autoencoder, LatentValues, Windowed } from './autoencoder';
import { CAE_1D } from './cae1d';
import { CAE_3D } from './cae3d';
import { SSCNET } from './sscnet';
import { expectTensor, FeaturesSchema, parseField } from './weightsFile';

const FORMAT = 'hsc-autoencoder-1';

/** The networks by the codecs that they are of. */
export const AUTOENCODERS = { 'cae-1d': CAE_1D, sscnet: SSCNET, 'cae-3d': CAE_3D } as const;
export type AutoencoderId = keyof typeof AUTOENCODERS;

const WidthsSchema = v.object({ hidden: v.array(FeaturesSchema), latents: FeaturesSchema });

/** Trained weights of an autoencoder, uploaded to the device when first run. */
export class AutoencoderModel implements Windowed {
  private weights: DeviceWeights | undefined;

  constructor(
    readonly id: AutoencoderId,
    readonly architecture: Architecture,
    /** The spectral grid whose bands its images have. */
    readonly grid: string,
    /** Of each component of the latents. */
    readonly steps: Float32Array,
    private readonly parameters: ReadonlyMap<string, Tensor>,
    /** What files name the weights by: the first 4 bytes of their SHA-256, hexadecimal. */
    readonly digest: string,
  ) {}

  get network(): Autoencoder {
    return AUTOENCODERS[this.id];
  }

  get bands(): number {
    return this.architecture.bands;
  }

  get components(): number {
    return this.steps.length;
  }

  /**
   * Latents in quantiser steps, not rounded, of an image [height, width, bands] in 0..1, whose sides are multiples
   * of the stride. Throws `device` where the backend computes no numbers.
   */
  async analyse(image: Float32Array, height: number, width: number): Promise<Float32Array> {
    const { bands } = this;
    const latents = tf.tidy(() => {
      const x = tf.tensor4d(image, [1, height, width, bands]);
      return tf.div(this.network.analyse(this.device(), x), tf.tensor1d(this.steps));
    });
    return readFinite(latents);
  }

  /** The image, 0..1 but for overshoot, of rounded latents [height, width, components]. Throws as {@link analyse}. */
  async synthesise(symbols: LatentValues, height: number, width: number): Promise<Float32Array> {
    const image = tf.tidy(() => {
      const shape: [number, number, number, number] = [1, height, width, this.steps.length];
      const y = tf.mul<tf.Tensor4D>(tf.tensor4d(symbols, shape), tf.tensor1d(this.steps));
      return this.network.synthesise(this.device(), y, this.architecture);
    });
    return readFinite(image);
  }

  /** The parameters on the current backend. */
  device(): DeviceWeights {
    this.weights ??= new DeviceWeights(this.parameters);
    return this.weights;
  }

  /** Frees the device's memory; `device` uploads anew. */
  release(): void {
    this.weights?.dispose();
    this.weights = undefined;
  }
}

/**
 * Reads and checks a weights file (hsc-autoencoder-1). Throws `bad-file` naming what is missing, of the
 * wrong shape or not finite, and what the container throws.
 */
export async function parseAutoencoder(bytes: Uint8Array<ArrayBuffer>): Promise<AutoencoderModel> {
  const { tensors, metadata } = parseSafetensors(bytes);
  const { format, codec = '', bands: count } = metadata;
  if (format !== FORMAT || !Object.hasOwn(AUTOENCODERS, codec)) {
    throw new HscError('bad-file', `The weights file is not of format ${FORMAT}.`);
  }
  const id = codec as AutoencoderId;
  const network = AUTOENCODERS[id];
  const [widths, bands] = [parseField(WidthsSchema, metadata.widths, 'widths'), Number(count)];
  if (widths.hidden.length !== network.depth || !(bands > 0 && bands % 4 === 0)) {
    throw new HscError('bad-file', `The weights file's architecture is none of ${codec}.`);
  }
  const architecture = { widths, bands };
  const shapes = new Map([
    ...network.shapes(architecture),
    ['steps', [network.components(architecture)]] as const,
  ]);
  for (const [name, shape] of shapes) expectTensor(name, shape, tensors.get(name));
  for (const name of tensors.keys()) {
    if (shapes.has(name)) continue;
    throw new HscError('bad-file', `The architecture has no place for the tensor ${name}.`);
  }
  const { steps, ...parameters } = Object.fromEntries(tensors);
  if (!steps.data.every((step: number) => step > 0)) {
    throw new HscError('bad-file', 'The weights file’s quantiser steps are not positive.');
  }
  const digest = digestOf(await sha256Of(bytes));
  const [own, named] = [Float32Array.from(steps.data), new Map(Object.entries(parameters))];
  return new AutoencoderModel(id, architecture, metadata.grid ?? '', own, named, digest);
}
