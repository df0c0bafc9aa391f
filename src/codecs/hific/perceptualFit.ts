import * as tf from '@tensorflow/tfjs-core';
import type { Tile } from '../../core/bitstream/tiles';
import type { GridSize } from '../../core/entropy/hyperSynthesis';
import { MEAN_UNIT, RATE_STEPS } from '../../core/entropy/model';
import { throwIfAborted } from '../../core/errors';
import { Random } from '../../core/samples/random';
import { readFinite } from '../../nn/finite';
import type { Network, Weights } from '../../nn/network';
import { inputVariance } from '../../nn/spec';
import { brightness, standardised, standardisedSynthesis } from '../../nn/transforms';
import { tripletDistance } from '../../nn/tripletNet';
import { Adam } from '../../training/adam';
import { conditionalBits } from '../../training/entropy';
import { GAN_WEIGHTS } from '../../training/gan';
import { prepareGradients } from '../../training/gradients';
import { type Look, lookedAt, randomLook } from '../../training/looks';
import { nextTurn } from '../turn';
import type { JobContext } from '../types';
import { type PlannedImage, windowImage } from './analysis';
import {
  dequantise,
  type LatentImage,
  type QuantisedTile,
  type Quantiser,
  tileOf,
} from './latents';
import { lambdaAt } from './rate';
import { mapSpectra, type SpectralMap } from './spectralMap';
import { tileOfWindow, visibleSize, windowAround } from './windows';

/** Steps of Adam, the size of one in quantiser steps, and random looks that each is led by. */
const FIT = { steps: 7, size: 0.015, looks: 4 } as const;
/**
 * What a bit per pixel weighs at a stored rate, in the units of the GAN stage's objective; elsewhere it goes with λ.
 */
const BIT = { worth: 0.75, at: 2.5 * RATE_STEPS } as const;
/** Latents around a tile that are looked at with it: blocks overlap, and G sees further than one. */
const MARGIN = 1;
/** Looks at less than this many pixels a side may have nothing left to see. */
const LEAST_SIDE = 16;

/** Into an image's spectral frame, and out of it again. */
interface FrameMaps {
  readonly into: SpectralMap;
  readonly out: SpectralMap;
}

/** What a tile and its margin show. */
interface Scene {
  /** 0..1 on the grid, without padding: [1, height, width, bands]; and the same BIP. */
  readonly original: tf.Tensor4D;
  readonly samples: Float32Array;
  /** Standardised, in the image's frame. */
  readonly target: tf.Tensor4D;
}

/**
 * Moves latents, before they become symbols, to where the decoded image looks more like the original:
 * gradient steps through G on the distance that TripletNet sees, squared error and bits, the symbols
 * chosen anew by the encoder before each. Neither files nor decoders know of it. Few and small steps, for
 * a small network's gradients soon lead to what only it sees: docs/decisions.md.
 */
export class PerceptualFit {
  private readonly net: Network;

  /** `latents`: y of the whole image, computed at least around the tiles that are asked for. */
  constructor(
    net: Network,
    private readonly critic: Weights,
    private readonly image: PlannedImage,
    private readonly latents: LatentImage,
    private readonly maps: FrameMaps | undefined,
  ) {
    this.net = { spec: net.spec, weights: withGradients(net.weights) };
  }

  /** The latents that the fit of a tile looks at. */
  seenAround(tile: Tile): Tile {
    return tileOfWindow(windowAround(tile, this.latents, MARGIN));
  }

  /**
   * What is to be added to a tile's latents, [height, width, channels]; zeros where it is too small to be
   * looked at. `code`: symbols of the tile with that added. Deterministic on one backend. Throws read
   * errors, `aborted`, and `device` where the backend computes no numbers.
   */
  async shiftOf(
    tile: Tile,
    quantiser: Quantiser,
    code: (shift: Float32Array) => Promise<QuantisedTile>,
    job: JobContext,
  ): Promise<Float32Array> {
    const { channels } = this.latents;
    const shape: [number, number, number, number] = [1, tile.height, tile.width, channels];
    const scene = await this.sceneAround(tile, job.signal);
    const moved = tf.tidy(() => tf.variable(tf.zeros(shape)));
    const adam = new Adam(new Map([['moved', moved]]));
    const one = tf.scalar(1);
    const inUnits = async () => {
      const steps = await readFinite(tf.clone(moved));
      return steps.map((value, i) => value / quantiser.gains[i % channels]);
    };
    prepareGradients();
    try {
      const [, height, width] = scene.original.shape;
      if (Math.min(height, width) < LEAST_SIDE) return await inUnits();
      const random = new Random(tile.y * this.latents.width + tile.x);
      for (let step = 0; step < FIT.steps; step++) {
        job.onProgress?.(step / FIT.steps, 'perceptual fit');
        await nextTurn();
        throwIfAborted(job.signal);
        const coded = await code(await inUnits());
        const looks = Array.from({ length: FIT.looks }, () =>
          randomLook(this.net.spec, [scene.samples], 'view', random),
        );
        const slope = tf.tidy(() => this.slope(tile, scene, quantiser, coded, moved, looks));
        adam.apply(new Map([['moved', slope]]), one, () => FIT.size);
        slope.dispose();
      }
      return await inUnits();
    } finally {
      adam.dispose();
      tf.dispose([moved, one, scene.original, scene.target]);
    }
  }

  private async sceneAround(tile: Tile, signal: AbortSignal | undefined): Promise<Scene> {
    const window = windowAround(tile, this.latents, MARGIN);
    const { samples, size } = await windowImage(this.image, window, signal);
    const visible = visibleSize(window, this.image.source.info);
    const { to: bands } = this.image.plan.toGrid;
    const [original, target] = tf.tidy(() => {
      const padded = tf.tensor4d(samples, [1, size.height, size.width, bands]);
      const shown = cropped(padded, visible);
      const aligned = this.maps ? mapSpectra(tf.clone(shown), this.maps.into) : shown;
      return [shown, standardised(this.net, aligned)];
    });
    return { original, target, samples: (await original.data()) as Float32Array };
  }

  /** How the objective changes with the tile's latents, in quantiser steps, [1, height, width, channels]. */
  private slope(
    tile: Tile,
    scene: Scene,
    { gains, rate }: Quantiser,
    { q, prior }: QuantisedTile,
    moved: tf.Tensor,
    looks: readonly Look[],
  ): tf.Tensor4D {
    const { latents, net } = this;
    const { channels } = latents;
    const around = this.seenAround(tile);
    const { width, height } = around;
    const decoded: LatentImage = { width, height, channels, data: tileOf(latents, around) };
    const inside = { ...tile, x: tile.x - around.x, y: tile.y - around.y };
    dequantise(decoded, inside, { q, mean: prior.mean }, gains);
    const seen = looks.map((look) => lookedAt(scene.original, look));
    const loss = (x: tf.Tensor) => this.imageLoss(x as tf.Tensor4D, rate, scene, looks, seen);
    const ofImage = tf.grad(loss)(tf.tensor4d(decoded.data, [1, height, width, channels]));
    const begin: [number, number, number, number] = [0, inside.y, inside.x, 0];
    const shape: [number, number, number, number] = [1, tile.height, tile.width, channels];
    const own = tf.div(tf.slice(ofImage as tf.Tensor4D, begin, shape), tf.tensor1d([...gains]));

    const [, rows, columns] = scene.original.shape;
    const { lambdas } = net.spec;
    const worth = BIT.worth * (lambdaAt(lambdas, rate) / lambdaAt(lambdas, BIT.at));
    const start = tileOf(latents, tile).map(
      (y, i) => y * gains[i % channels] - prior.mean[i] / MEAN_UNIT,
    );
    const residual = tf.add(tf.tensor4d(start, shape), moved);
    const index = tf.tensor4d(Float32Array.from(prior.scaleIndex), shape);
    const bits = (x: tf.Tensor) => tf.sum<tf.Scalar>(conditionalBits(x as tf.Tensor4D, index));
    return tf.add(own, tf.mul(tf.grad(bits)(residual), worth / (rows * columns)));
  }

  /** Squared error and perceptual distance of what G makes of latents ŷ, weighted. */
  private imageLoss(
    latents: tf.Tensor4D,
    rate: number,
    { original, target }: Scene,
    looks: readonly Look[],
    seen: readonly tf.Tensor4D[],
  ): tf.Scalar {
    const [, height, width] = original.shape;
    const visible = { height, width };
    const whole = standardisedSynthesis(this.net, latents, rate / RATE_STEPS, visible);
    const made = cropped(whole, visible);
    const error = tf.mul(
      tf.mean(tf.squaredDifference(made, target)),
      GAN_WEIGHTS.mse * inputVariance(this.net.spec.input),
    );
    const image = brightness(this.net, made);
    const distances = looks.map((look, i) => {
      const shown = lookedAt(this.outOfFrame(image, look.bands), { ...look, bands: [0, 1, 2] });
      return tripletDistance(this.critic, seen[i], shown);
    });
    return tf.add<tf.Scalar>(error, tf.mul(tf.mean(tf.stack(distances)), distanceWorth(rate)));
  }

  /** Three bands of an image that is in its frame. */
  private outOfFrame(image: tf.Tensor4D, bands: Look['bands']): tf.Tensor4D {
    const [, height, width, from] = image.shape;
    const out = this.maps?.out;
    const matrix = Float32Array.from({ length: from * bands.length }, (_, i) => {
      const [row, band] = [Math.floor(i / bands.length), bands[i % bands.length]];
      return out ? out.matrix[row * from + band] : +(row === band);
    });
    const flat = tf.reshape<tf.Rank.R2>(image, [height * width, from]);
    const chosen = tf.matMul(flat, tf.tensor2d(matrix, [from, bands.length]));
    const offset = tf.tensor1d(bands.map((band) => out?.offset[band] ?? 0));
    return tf.reshape(tf.add(chosen, offset), [1, height, width, bands.length]);
  }
}

/** What perceptual distance weighs, as squared error does in the GAN stage: where it is small anyway, less. */
function distanceWorth(rate: number): number {
  return 48 * 2 ** (-rate / RATE_STEPS);
}

/** The same parameters, for passes whose way back is wanted. */
function withGradients(weights: Weights): Weights {
  return {
    learn: true,
    get: (name) => weights.get(name),
    derived: (key, make) => weights.derived(key, make),
  };
}

/** The first rows and columns of an image. */
function cropped(image: tf.Tensor4D, { width, height }: GridSize): tf.Tensor4D {
  return tf.slice(image, [0, 0, 0, 0], [1, height, width, image.shape[3]]);
}
