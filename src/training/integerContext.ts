import { type ContextSpec, MEAN_UNIT, RATE_STEPS } from '../core/entropy/model';
import type { ArchitectureSpec } from '../nn/spec';
import { hiddenMask, INDEX_FACTOR, INDEX_UNIT } from './context';
import {
  activationUnit,
  type FixedPointLayer,
  type FloatLayer,
  floatLayer,
  type LayerUnits,
  layerOf,
  quantisedLayer,
} from './fixedPoint';
import type { FloatTensor } from './floatCodec';

/** Integers that stand for 1: a latent of typical size, the root of a latent of one step. */
const LINEAR_UNIT = 512;
const ROOT_UNIT = 32;
/** For a mean's correction by one typical size. */
const CORRECTION_UNIT = 1024;
/** For a position between targets: 64 r, and r counts 60 a target. */
const POSITION_UNIT = 64 * RATE_STEPS;
const NORM_UNIT = 65536;
const MOST_SHIFT = 40;
const NEIGHBOURS = 4;

export const CONTEXT_LAYERS = ['in', 'hidden', 'out'] as const;
type LayerName = (typeof CONTEXT_LAYERS)[number];

/** Units in which a restored model's hidden layers are about one. */
const RESTORED_UNITS = { context: 128, hidden: 64 } as const;

/** One value each of the context and of a slice's layer. */
export interface HiddenLayers {
  readonly context: number;
  readonly hidden: number;
}

/** What the layers map, in the integers of the file (`training/hsc_training/integer_context.py`). */
function unitsOf(
  { width }: ContextSpec,
  channels: number,
  { context, hidden }: HiddenLayers,
): Record<LayerName, LayerUnits> {
  const each = (unit: number, count = channels) => new Array<number>(count).fill(unit);
  const latents = [...each(LINEAR_UNIT), ...each(ROOT_UNIT)];
  const hyper = [...each(LINEAR_UNIT), ...each(MEAN_UNIT * INDEX_UNIT)];
  const neighbours = Array.from({ length: NEIGHBOURS }, () => latents).flat();
  const corrections = [...each(CORRECTION_UNIT), ...each(MEAN_UNIT * INDEX_FACTOR)];
  return {
    in: { input: Float64Array.from([...neighbours, ...hyper, POSITION_UNIT]), output: context },
    hidden: { input: Float64Array.from([...each(context, width), ...latents]), output: hidden },
    out: { input: hidden, output: Float64Array.from(corrections) },
  };
}

/** The context model's float layers, in the order of {@link CONTEXT_LAYERS}. */
export function floatContext(
  { context, latentChannels }: ArchitectureSpec,
  layers: readonly FixedPointLayer[],
): FloatLayer[] {
  const units = unitsOf(context, latentChannels, RESTORED_UNITS);
  return CONTEXT_LAYERS.map((name, i) => floatLayer(layers[i], units[name]));
}

/** Typical latents in steps, from the factors of a weights file. */
export function typicalLatents(norm: Int32Array): Float32Array {
  return Float32Array.from(norm, (factor) => (NORM_UNIT * LINEAR_UNIT) / (MEAN_UNIT * factor));
}

/**
 * Integers of a context model whose largest activations on training images, of the context and of
 * the slices' layers, are known. Throws `limit`.
 */
export function quantisedContext(
  spec: ArchitectureSpec,
  parameters: ReadonlyMap<string, FloatTensor>,
  largest: HiddenLayers,
): FixedPointLayer[] {
  const units = unitsOf(spec.context, spec.latentChannels, {
    context: activationUnit(largest.context),
    hidden: activationUnit(largest.hidden),
  });
  return CONTEXT_LAYERS.map((own) => {
    const name = `context.${own}`;
    const layer = layerOf(parameters, name);
    const seen = own === 'hidden' ? masked(spec, layer) : layer;
    return quantisedLayer(name, seen, units[own], MOST_SHIFT);
  });
}

/** The hidden layer without the weights that no slice may use. */
function masked(spec: ArchitectureSpec, { kernel, bias }: FloatLayer): FloatLayer {
  const mask = hiddenMask(spec);
  const data = kernel.data.map((weight, i) => weight * mask[i]);
  return { kernel: { ...kernel, data }, bias };
}
