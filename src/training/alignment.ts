import * as tf from '@tensorflow/tfjs-core';
import { frameOfSymbols, type SpectralFrame } from '../codecs/hific/frame';
import { FrameBasis } from '../codecs/hific/frameBasis';
import { searchFrame } from '../codecs/hific/frameSearch';
import { FrameSurvey } from '../codecs/hific/frameStatistics';
import { lambdaAt } from '../codecs/hific/rate';
import type { ModelFile } from '../nn/modelFile';
import { DOWNSAMPLING as BLOCK } from '../nn/spec';
import type { Crop } from './scene';

/**
 * Brings crops into spectral frames like those of files: each into the one that an encoder would
 * choose for it at the rate that it is trained at.
 */
export class Alignment {
  /** Null for a model without frames. */
  readonly basis: FrameBasis | null;

  constructor(private readonly file: ModelFile) {
    this.basis = file.frame && new FrameBasis(file.frame, file.spec);
  }

  /** The frame of a crop at a rate as files store it, 0 … 240; undefined where it is best without. */
  private frameOf({ coordinates, side }: Crop, rate: number): SpectralFrame | undefined {
    const { basis, file } = this;
    if (!basis) return undefined;
    const survey = new FrameSurvey(basis);
    for (let y = 0; y + BLOCK <= side; y += BLOCK) {
      for (let x = 0; x + BLOCK <= side; x += BLOCK) survey.addCoordinates(coordinates, side, x, y);
    }
    const lambda = lambdaAt(file.spec.lambdas, rate);
    const symbols = searchFrame(file.entropy, survey.statistics(), lambda, side * side);
    return symbols && frameOfSymbols(file.entropy, symbols);
  }

  /** Frames of crops at stored rates. */
  framesOf(crops: readonly Crop[], rates: readonly number[]): (SpectralFrame | undefined)[] {
    return crops.map((crop, i) => this.frameOf(crop, rates[i]));
  }

  /** Crops in their frames: [n, side, side, bands], 0..1. */
  aligned(crops: readonly Crop[], frames: readonly (SpectralFrame | undefined)[]): tf.Tensor4D {
    return tf.tidy(
      () => tf.stack(crops.map((crop, i) => this.moved(crop, frames[i]))) as tf.Tensor4D,
    );
  }

  /** x + σ Eᵀ (R (c − d) − c): `codecs/hific/frame.ts`. */
  private moved(crop: Crop, frame: SpectralFrame | undefined): tf.Tensor3D {
    const x = samplesOf(crop);
    if (!this.basis || !frame) return x;
    const { components, bands, synthesis } = this.basis;
    const c = tf.tensor2d(crop.coordinates, [crop.side ** 2, components]);
    const change = tf.sub<tf.Tensor2D>(inFrame(c, frame), c);
    const axes = tf.tensor2d(Float32Array.from(synthesis), [components, bands]);
    return tf.add(x, tf.reshape(tf.matMul(change, axes), x.shape));
  }
}

/** A crop as it is: [side, side, bands]. */
function samplesOf({ side, samples }: Crop): tf.Tensor3D {
  return tf.tensor3d(samples, [side, side, samples.length / side ** 2]);
}

/** Crops as they are: [n, side, side, bands]. */
export function originalsOf(crops: readonly Crop[]): tf.Tensor4D {
  return tf.tidy(() => tf.stack(crops.map(samplesOf)) as tf.Tensor4D);
}

/** R (c − d) of coordinates [pixels, K]. */
export function inFrame(c: tf.Tensor2D, { rotation, shift }: SpectralFrame): tf.Tensor2D {
  const k = shift.length;
  const turned = Float32Array.from({ length: k * k }, (_, i) => rotation[i % k][Math.floor(i / k)]);
  const moved = tf.sub<tf.Tensor2D>(c, tf.tensor1d(Float32Array.from(shift)));
  return tf.matMul(moved, tf.tensor2d(turned, [k, k]));
}
