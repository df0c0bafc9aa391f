import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import {
  type ScaleHyperprior,
  scaleHyperpriorFromTensors,
} from '../../core/entropy/scaleHyperprior';
import { HscError } from '../../core/errors';
import { parseSafetensors, type Tensor } from '../../core/safetensors';
import { DeviceWeights } from '../deviceWeights';
import { readFinite } from '../finite';
import { hyperAnalysis } from '../hyper';
import { conv, convTransposed } from '../layers';
import { digestOf, sha256Of } from '../modelFile';
import type { Weights } from '../network';
import type { ParameterShapes } from '../parameters';
import type { LatentValues, Windowed } from './autoencoder';
import { expectTensor, FeaturesSchema, parseField } from './weightsFile';

const FORMAT = 'hsc-hyperprior-1';

/** Brightness is standardised as for HiFiC. */
const [MEAN, STD] = [0.25, 0.2];

const SpecSchema = v.object({
  bands: FeaturesSchema,
  /** Neighbouring bands that are coded as one image. */
  group: FeaturesSchema,
  filters: FeaturesSchema,
  latentChannels: FeaturesSchema,
  lambdas: v.pipe(v.array(v.pipe(v.number(), v.gtValue(0))), v.minLength(1), v.maxLength(5)),
});
const ShiftsSchema = v.array(v.number());

export type HyperpriorSpec = v.InferOutput<typeof SpecSchema>;

const LAYERS = 4;

/**
 * A scale hyperprior without a GAN: groups of bands, each an image of its own to the same networks of four 5 × 5
 * layers with generalised divisive normalisation between (Ballé et al. 2018, figure 4).
 */
export class HyperpriorModel implements Windowed {
  readonly id = 'hyperprior';
  readonly network = { stride: 16, halo: 2, core: 12 };
  private weights: DeviceWeights | undefined;

  constructor(
    readonly spec: HyperpriorSpec,
    readonly grid: string,
    readonly entropy: ScaleHyperprior,
    /** [targets, latents] */
    readonly logGains: Float32Array,
    private readonly parameters: ReadonlyMap<string, Tensor>,
    /** What files name the weights by: the first 4 bytes of their SHA-256, hexadecimal. */
    readonly digest: string,
  ) {}

  get bands(): number {
    return this.spec.bands;
  }

  get groups(): number {
    return this.spec.bands / this.spec.group;
  }

  /** Latents at every position, group after group. */
  get components(): number {
    return this.groups * this.spec.latentChannels;
  }

  /**
   * Latents, not scaled, of an image [height, width, bands] in 0..1, whose sides are multiples of 16. Throws
   * `device` where the backend computes no numbers.
   */
  analyse(image: Float32Array, height: number, width: number): Promise<Float32Array> {
    return readFinite(
      tf.tidy(() => {
        const x = apart(tf.tensor3d(image, [height, width, this.bands]), this.groups);
        return together(analysis(this.device(), tf.div<tf.Tensor4D>(tf.sub(x, MEAN), STD)));
      }),
    );
  }

  /** The image, 0..1 but for overshoot, of latents [height, width, components]. Throws as {@link analyse}. */
  synthesise(latents: LatentValues, height: number, width: number): Promise<Float32Array> {
    return readFinite(
      tf.tidy(() => {
        const values = Float32Array.from(latents);
        const y = apart(tf.tensor3d(values, [height, width, this.components]), this.groups);
        return together(tf.add<tf.Tensor4D>(tf.mul(synthesis(this.device(), y), STD), MEAN));
      }),
    );
  }

  /** Hyper-latents, not rounded, of one group's scaled latents [height, width, latents]. Throws as {@link analyse}. */
  hyperAnalyse(scaled: Float32Array, height: number, width: number): Promise<Float32Array> {
    return readFinite(
      tf.tidy(() => {
        const s = tf.tensor4d(scaled, [1, height, width, this.spec.latentChannels]);
        return hyperAnalysis({ weights: this.device() }, tf.abs(s));
      }),
    );
  }

  /** Frees the device's memory; the weights are uploaded anew when next used. */
  release(): void {
    this.weights?.dispose();
    this.weights = undefined;
  }

  private device(): DeviceWeights {
    this.weights ??= new DeviceWeights(this.parameters);
    return this.weights;
  }
}

/** [h, w, groups · c] → [groups, h, w, c]. */
function apart(image: tf.Tensor3D, groups: number): tf.Tensor4D {
  const [height, width, channels] = image.shape;
  const split = tf.reshape<tf.Rank.R4>(image, [height, width, groups, channels / groups]);
  return tf.transpose<tf.Tensor4D>(split, [2, 0, 1, 3]);
}

/** [groups, h, w, c] → [h, w, groups, c]. */
function together(groups: tf.Tensor4D): tf.Tensor4D {
  return tf.transpose<tf.Tensor4D>(groups, [1, 2, 0, 3]);
}

function analysis(weights: Weights, image: tf.Tensor4D): tf.Tensor4D {
  let x = conv(weights, 'encoder.conv0', image, { stride: 2 });
  for (let i = 1; i < LAYERS; i++) {
    const scale = tf.rsqrt(energy(weights, `encoder.norm${i - 1}`, x));
    x = conv(weights, `encoder.conv${i}`, tf.mul(x, scale), { stride: 2 });
  }
  return x;
}

function synthesis(weights: Weights, latents: tf.Tensor4D): tf.Tensor4D {
  let x = convTransposed(weights, 'decoder.conv0', latents);
  for (let i = 1; i < LAYERS; i++) {
    const scale = tf.sqrt(energy(weights, `decoder.norm${i - 1}`, x));
    x = convTransposed(weights, `decoder.conv${i}`, tf.mul(x, scale));
  }
  return x;
}

/** What generalised divisive normalisation divides by, squared: β + γ x² (Ballé, Laparra and Simoncelli 2016). */
function energy(weights: Weights, name: string, x: tf.Tensor4D): tf.Tensor4D {
  const [gamma] = weights.derived(`${name}.taps`, () => {
    const matrix = weights.get<tf.Rank.R2>(`${name}.gamma`);
    return [tf.reshape(matrix, [1, 1, ...matrix.shape]) as tf.Tensor4D];
  });
  return tf.add(tf.conv2d(tf.square(x), gamma, 1, 'valid'), weights.get(`${name}.beta`));
}

/** Float parameters of the weights file. */
export function hyperpriorShapes({
  group,
  filters,
  latentChannels: latents,
  lambdas,
}: HyperpriorSpec) {
  const shapes: [string, readonly number[]][] = [['log_gains', [lambdas.length, latents]]];
  const layer = (name: string, kernel: readonly number[], outputs: number) => {
    shapes.push([`${name}.kernel`, kernel], [`${name}.bias`, [outputs]]);
  };
  const ends = [group, latents];
  for (const [part, [first, last]] of [
    ['encoder', ends],
    ['decoder', ends.toReversed()],
  ] as const) {
    for (let i = 0; i < LAYERS; i++) {
      const inputs = i === 0 ? first : filters;
      const outputs = i < LAYERS - 1 ? filters : last;
      const order = part === 'encoder' ? [inputs, outputs] : [outputs, inputs];
      layer(`${part}.conv${i}`, [5, 5, ...order], outputs);
      if (i === LAYERS - 1) continue;
      shapes.push([`${part}.norm${i}.gamma`, [filters, filters]]);
      shapes.push([`${part}.norm${i}.beta`, [filters]]);
    }
  }
  layer('hyper_analysis.conv0', [3, 3, latents, filters], filters);
  for (const i of [1, 2]) layer(`hyper_analysis.conv${i}`, [5, 5, filters, filters], filters);
  return new Map(shapes) satisfies ParameterShapes;
}

/**
 * Reads and checks a weights file (hsc-hyperprior-1). Throws `bad-file` naming what is missing, of the wrong shape
 * or not finite, `limit`, and what the container throws.
 */
export async function parseHyperprior(bytes: Uint8Array<ArrayBuffer>): Promise<HyperpriorModel> {
  const { tensors, metadata } = parseSafetensors(bytes);
  if (metadata.format !== FORMAT) {
    throw new HscError('bad-file', `The weights file is not of format ${FORMAT}.`);
  }
  const spec = parseField(SpecSchema, metadata.spec, 'specification');
  const shifts = parseField(ShiftsSchema, metadata.shifts, 'shifts');
  if (spec.bands % spec.group !== 0) {
    throw new HscError('bad-file', 'The weights file’s groups do not fill its bands.');
  }
  const { latentChannels, filters: hyperFilters } = spec;
  const counts = { latentChannels, hyperFilters, targets: spec.lambdas.length };
  const entropy = scaleHyperpriorFromTensors(tensors, counts, shifts);
  const parameters = new Map<string, Tensor>();
  for (const [name, shape] of hyperpriorShapes(spec)) {
    parameters.set(name, expectTensor(name, shape, tensors.get(name)));
  }
  checkNormalisation(parameters);
  const logGains = Float32Array.from(parameters.get('log_gains')?.data ?? []);
  parameters.delete('log_gains');
  const digest = digestOf(await sha256Of(bytes));
  return new HyperpriorModel(spec, metadata.grid ?? '', entropy, logGains, parameters, digest);
}

/** Throws `bad-file` where a normalisation could divide by nothing or take the root of less. */
function checkNormalisation(parameters: ReadonlyMap<string, Tensor>): void {
  for (const [name, { data }] of parameters) {
    const least = name.endsWith('.beta') ? Number.MIN_VALUE : 0;
    if (!/\.(beta|gamma)$/.test(name) || data.every((value) => value >= least)) continue;
    throw new HscError('bad-file', `Tensor ${name} of the weights file holds negative values.`);
  }
}
