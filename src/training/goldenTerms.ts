/** For tests: loss terms and gradients of tiny codecs beside PyTorch's (`training/hsc_training/golden_training.py`). */
import * as tf from '@tensorflow/tfjs-core';
import type { SpectralFrame } from '../codecs/hific/frame';
import { parseSafetensors, type Tensor } from '../core/safetensors';
import type { DeviceWeights } from '../nn/deviceWeights';
import { type ArchitectureSpec, presetSpec, type Variant } from '../nn/spec';
import { analysisTransform, standardised, standardisedSynthesis } from '../nn/transforms';
import { uploadTripletNet } from '../nn/tripletNet';
import { DiscriminatorWeights } from './discriminatorWeights';
import { type RateDraws, rateOfLatents } from './entropy';
import { coreStep, fidelityStep } from './fidelity';
import type { FloatTensor } from './floatCodec';
import {
  codedSamples,
  discriminatorStep,
  disposeSamples,
  GAN_WEIGHTS,
  type GanDraws,
  type GanSamples,
  generatorStep,
} from './gan';
import { type Look, stretchOf } from './looks';
import { attentionPenalty, squaredError } from './objective';
import { disposeStep, type Step, stepOf } from './step';
import { TrainingWeights, trainingShapes } from './trainingWeights';

/** As in the Python file. */
const POSITIONS = [1.3, 3] as const;
const WIDTHS = [4, 6, 8, 10];
const SSIM_BANDS = [1, 4, 5, 11];
const LOOKS: readonly Omit<Look, 'low' | 'high'>[] = [
  { bands: [12, 7, 2], turns: 1, enlarged: 1.25, top: 3, left: 0, mirrored: false },
  { bands: [0, 6, 9], turns: 2, enlarged: 1.7, top: 0, left: 5, mirrored: true },
  { bands: [3, 4, 15], turns: 3, enlarged: 1, top: 7, left: 6, mirrored: true },
];
const INDEX_UNIT = 8;

/** The golden files, as bytes. */
export interface GoldenFiles {
  /** `terms-<variant>.safetensors` */
  readonly terms: Uint8Array;
  /** `terms-batch.safetensors` */
  readonly batch: Uint8Array;
  /** `nn/golden/triplet-net.safetensors` */
  readonly tripletNet: Uint8Array;
}

/** How far off a term or a gradient is: its largest difference over its largest magnitude. */
export interface Deviation {
  readonly term: string;
  /** Empty for the term itself. */
  readonly parameter: string;
  readonly error: number;
}

export type Tensors = ReadonlyMap<string, Tensor>;

export function floats(tensors: Tensors, name: string): FloatTensor {
  const tensor = tensors.get(name);
  if (!tensor) throw new Error(`The golden file lacks ${name}.`);
  return { shape: tensor.shape, data: Float32Array.from(tensor.data) };
}

export function device<T extends tf.Tensor>(tensors: Tensors, name: string): T {
  const { shape, data } = floats(tensors, name);
  return tf.tensor(data, [...shape]) as T;
}

/** One variant on the current backend, and its passes by the term that they are of. */
export class GoldenTerms {
  private readonly expected: Tensors;
  private readonly weights: TrainingWeights;
  private readonly judge: DiscriminatorWeights;
  private readonly perceptual: DeviceWeights;
  private readonly spec: ArchitectureSpec;
  private readonly names: readonly string[];
  private readonly aligned: tf.Tensor4D;
  private readonly coordinates: tf.Tensor4D;
  private readonly draws: RateDraws;
  private readonly ganDraws: GanDraws;
  private readonly samples: GanSamples;

  constructor(variant: Variant, files: GoldenFiles) {
    const terms = parseSafetensors(files.terms).tensors;
    const batch = parseSafetensors(files.batch).tensors;
    const preset = presetSpec('tiny', variant);
    const std = [...floats(batch, 'input.std').data];
    const spec: ArchitectureSpec = { ...preset, input: { ...preset.input, std } };
    this.spec = spec;
    this.expected = terms;
    this.names = [...trainingShapes(spec).keys()];
    const unit = (name: string) => floats(terms, `units.${name}`).data;
    const units = {
      symbol: unit('symbol'),
      plane: unit('plane'),
      context: unit('context'),
      index: INDEX_UNIT,
    };
    const parameters = new Map(this.names.map((name) => [name, floats(terms, name)] as const));
    const frame = {
      basis: floats(batch, 'frame.basis').data,
      mean: floats(batch, 'frame.mean').data,
    };
    this.weights = new TrainingWeights({ spec, parameters, units, frame });
    const judge = [...terms.keys()].filter((name) => name.startsWith('discriminator.'));
    const state = new Map(judge.map((name) => [name, floats(terms, name)] as const));
    this.judge = new DiscriminatorWeights(spec, state, WIDTHS);
    this.perceptual = uploadTripletNet(files.tripletNet);
    this.aligned = device(batch, 'aligned');
    this.coordinates = device(batch, 'coordinates');
    this.draws = {
      positions: POSITIONS,
      latentNoise: device(terms, 'draws.latent_noise'),
      hyperNoise: device(terms, 'draws.hyper_noise'),
    };
    const originals = floats(batch, 'originals');
    const size = originals.data.length / POSITIONS.length;
    const cubes = POSITIONS.map((_, i) => originals.data.subarray(i * size, (i + 1) * size));
    const looks = LOOKS.map((look) => ({ ...look, ...stretchOf(cubes, spec.bands, look.bands) }));
    this.ganDraws = { ssimBands: SSIM_BANDS, looks };
    const own = device<tf.Tensor4D>(batch, 'originals');
    const images = { originals: own, aligned: this.aligned, frames: framesOf(batch) };
    this.samples = codedSamples(this.net, images, this.draws);
    own.dispose();
  }

  /** Terms of the golden file. */
  get terms(): string[] {
    return [...this.expected.keys()].flatMap((name) =>
      name.startsWith('terms.') ? [name.slice('terms.'.length)] : [],
    );
  }

  /** How far this backend's term and its gradients are off. */
  async deviations(term: string): Promise<Deviation[]> {
    const step = this.pass(term);
    try {
      const values = await step.terms[term === 'discriminator' ? term : 'loss'].data();
      const attention = (await step.terms.attention?.data())?.[0] ?? 0;
      const whole = term === 'fidelity' || term === 'core' ? attention : 0;
      const [expected] = floats(this.expected, `terms.${term}`).data;
      const found = [{ term, parameter: '', error: Math.abs((values[0] + whole) / expected - 1) }];
      return [...found, ...(await this.gradientDeviations(term, step))];
    } finally {
      disposeStep(step);
    }
  }

  /** The vectors of spectral normalisation after D's pass. */
  async vectorDeviations(): Promise<Deviation[]> {
    const step = this.pass('discriminator');
    const found = [...step.state].map(async ([parameter, vector]) => {
      const { data } = floats(this.expected, `after.${parameter}`);
      return { term: 'vectors', parameter, error: deviation(await vector.data(), data, 1) };
    });
    const all = await Promise.all(found);
    disposeStep(step);
    return all;
  }

  dispose(): void {
    disposeSamples(this.samples);
    tf.dispose([this.aligned, this.coordinates, this.draws.latentNoise, this.draws.hyperNoise]);
    for (const weights of [this.weights, this.judge, this.perceptual]) weights.dispose();
  }

  private get net() {
    return { spec: this.spec, weights: this.weights };
  }

  private async gradientDeviations(term: string, { gradients }: Step): Promise<Deviation[]> {
    const prefix = `gradients.${term}.`;
    const names = [...this.expected.keys()].flatMap((name) =>
      name.startsWith(prefix) ? [name.slice(prefix.length)] : [],
    );
    return Promise.all(
      names.map(async (parameter) => {
        const values = (await gradients.get(parameter)?.data()) ?? new Float32Array(0);
        const { data } = floats(this.expected, prefix + parameter);
        const sizes = floats(this.expected, `sizes.${term}.${parameter}`).data;
        const error = gradientDeviation(values as Float32Array, data, sizes);
        return { term, parameter, error };
      }),
    );
  }

  private pass(term: string): Step {
    const { net, aligned, draws, names, samples } = this;
    if (term === 'fidelity') return fidelityStep(net, aligned, draws, names);
    if (term === 'core') return coreStep(net, this.coordinates, draws, names);
    if (term === 'discriminator') return discriminatorStep(net, this.judge, samples);
    if (term === 'gan' || term in GAN_WEIGHTS) {
      const weights = Object.entries(GAN_WEIGHTS).map(([name, weight]) => [
        name,
        term === 'gan' || term === name ? weight : 0,
      ]);
      const { judge, perceptual } = this;
      return generatorStep(
        net,
        { judge, perceptual },
        samples,
        this.ganDraws,
        names,
        Object.fromEntries(weights),
      );
    }
    return this.single(term);
  }

  /** A pass with one term of the fidelity stage alone. */
  private single(term: string): Step {
    const { net, aligned, draws } = this;
    const mean = (x: tf.Tensor) => tf.mean<tf.Scalar>(x);
    const loss = (): tf.Scalar => {
      if (term === 'attention') return attentionPenalty(net) ?? tf.scalar(0);
      const coded = rateOfLatents(net, analysisTransform(net, aligned), draws);
      if (term === 'latentRate') return mean(coded.latentRate);
      if (term === 'hyperRate') return mean(coded.hyperRate);
      const made = standardisedSynthesis(net, coded.latents, POSITIONS);
      return mean(squaredError(made, standardised(net, aligned)));
    };
    return stepOf(this.weights, this.names, () => () => {
      const value = loss();
      return { loss: value, terms: { loss: value } };
    });
  }
}

/**
 * Of a gradient from the elements that are kept of PyTorch's, over its largest magnitude, and of their
 * l2 norms; `sizes`: PyTorch's norm and largest magnitude.
 */
export function gradientDeviation(
  values: Float32Array,
  kept: Float32Array,
  [norm, largest]: Float32Array,
): number {
  const own = kept.map((_, i) => values[Math.floor((i * values.length) / kept.length)]);
  return Math.max(deviation(own, kept, largest), Math.abs(Math.hypot(...values) / norm - 1));
}

function deviation(
  values: ArrayLike<number>,
  expected: ArrayLike<number>,
  largest: number,
): number {
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(values[i] - expected[i]);
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }
  return worst / largest;
}

/** The first image is in a frame, the second in none. */
function framesOf(batch: Tensors): (SpectralFrame | undefined)[] {
  const { shape, data } = floats(batch, 'rotation');
  const size = shape[1];
  const rotation = Array.from({ length: size }, (_, row) =>
    Float64Array.from(data.subarray(row * size, (row + 1) * size)),
  );
  const shift = Float64Array.from(floats(batch, 'shift').data.subarray(0, size));
  return [{ rotation, shift }, undefined];
}
