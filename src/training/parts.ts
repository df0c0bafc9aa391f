import type { ArchitectureSpec } from '../nn/spec';
import { trainingShapes } from './trainingWeights';
import type { TunedPart } from './types';

/** Beginnings of names of what works at the latents' resolution in G: its trunk. */
const TRUNK = ['norm_in', 'se_in', 'conv_in', 'block', 'correction'].map(
  (own) => `generator.${own}`,
);
/** Beginnings of names of the probability models and of the gains. */
const PROBABILITY = ['hyper_', 'z_', 'log_gains', 'context.'];

/** One number a channel: gains of rates and norms, biases, priors. */
const isGain = (name: string) =>
  beginsWith('log_gains', 'z_')(name) || name.endsWith('.gain') || name.endsWith('.bias');

const PARTS: Readonly<Record<TunedPart, (name: string) => boolean>> = {
  gains: isGain,
  probability: (name) => isGain(name) || beginsWith(...PROBABILITY)(name),
  coder: beginsWith('bypass.analysis.kernel', 'bypass.synthesis.kernel', ...PROBABILITY, ...TRUNK),
  // The linear synthesis' spectral axes stay those that the encoder fits latents to.
  generator: beginsWith('generator.', 'bypass.synthesis.kernel'),
  all: () => true,
};

/** Parts whose steps work at the latents' resolution, at a fifth of the cost. */
export function learnsAtLatents(part: TunedPart): boolean {
  return part === 'coder' || part === 'probability';
}

function beginsWith(...starts: string[]) {
  return (name: string) => starts.some((start) => name.startsWith(start));
}

/**
 * Names of the parameters of a part. Beside a bypass E's conv stack stands still: encoders fit latents
 * to the image, whatever it adds to the bypass' ones.
 */
export function parameterNames(spec: ArchitectureSpec, part: TunedPart): string[] {
  const still = spec.bypass ? beginsWith('encoder.') : () => false;
  return [...trainingShapes(spec).keys()].filter((name) => PARTS[part](name) && !still(name));
}
