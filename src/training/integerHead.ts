import { MEAN_UNIT } from '../core/entropy/model';
import {
  activationUnit,
  type FixedPointLayer,
  type FloatLayer,
  floatLayer,
  layerOf,
  quantisedLayer,
} from './fixedPoint';
import type { FloatTensor } from './floatCodec';

export type HyperHead = 'hyper_mean' | 'hyper_scale';

/** Of hyper-syntheses, as `nn/hyper.ts` names them. */
export const HEAD_LAYERS = ['conv0', 'conv1', 'conv2'] as const;

/** Bits of a weight's fraction, at most. */
const FINEST_WEIGHT = 24;

/** A hyper-synthesis' float layers; hidden activations are scaled by powers of two. */
export function floatHead(layers: readonly FixedPointLayer[]): FloatLayer[] {
  let input = 1;
  return layers.map((layer, i) => {
    const output = i === layers.length - 1 ? MEAN_UNIT : hiddenUnit(layer, input);
    const floats = floatLayer(layer, { input, output });
    input = output;
    return floats;
  });
}

/** The power of two that leaves a transposed layer's weights about as large as He's start. */
function hiddenUnit({ weight, shape, shift }: FixedPointLayer, input: number): number {
  const scale = input / 2 ** shift;
  const energy = weight.reduce((sum, w) => sum + (w * scale) ** 2, 0) / weight.length;
  // Every output of a transposed layer sees a quarter of the taps.
  const fan = (shape[0] * shape[1] * shape[3]) / 4;
  return 2 ** Math.round(Math.log2(Math.sqrt(energy) / Math.sqrt(2 / fan)));
}

/**
 * Integers of a folded hyper-synthesis. `largest`: of the activations of both hidden layers on
 * rounded hyper-latents of training images. Throws `limit`.
 */
export function quantisedHead(
  head: HyperHead,
  parameters: ReadonlyMap<string, FloatTensor>,
  largest: readonly number[],
): FixedPointLayer[] {
  let input = 1;
  return HEAD_LAYERS.map((own, i) => {
    const name = `${head}.${own}`;
    const output = i < largest.length ? activationUnit(largest[i]) : MEAN_UNIT;
    const mostShift = FINEST_WEIGHT + Math.log2(input / output);
    const layer = layerOf(parameters, name);
    const quantised = quantisedLayer(name, layer, { input, output }, mostShift);
    input = output;
    return quantised;
  });
}
