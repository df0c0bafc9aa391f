export type { Lineage } from '../nn/lineage';

/**
 * Which parameters learn: one number a channel each; the probability model with these; what works at the
 * latents' resolution; G; everything.
 */
export const TUNED_PARTS = ['gains', 'probability', 'coder', 'generator', 'all'] as const;
export type TunedPart = (typeof TUNED_PARTS)[number];

/** `fidelity`: rate and squared error; `gan`: the paper's final objective for the generator. */
export const OBJECTIVES = ['fidelity', 'gan'] as const;
export type Objective = (typeof OBJECTIVES)[number];

export interface TuningSettings {
  readonly part: TunedPart;
  readonly objective: Objective;
  readonly steps: number;
  /** Crops a step. */
  readonly batch: number;
  /** Side of a crop in pixels; the largest up to 96 that fits where left out. */
  readonly side?: number;
  readonly learningRate: number;
  readonly seed: number;
  /** Steps between validations, which are checkpoints as well. */
  readonly validateEvery: number;
  /** Ends the run after so many seconds of training, whatever is left. */
  readonly budgetSeconds?: number;
}

/** Figures of real files of the parts that are held back, decoded from their bytes. */
export interface ValidationPoint {
  /** The rate that was asked for of the untuned weights, bpp. */
  readonly target: number;
  /** Mean over the files. */
  readonly bpp: number;
  /** Of each file: later ones may have as many bits as that of the untuned weights. */
  readonly rates: readonly number[];
  readonly psnr: number;
  /** Mean spectral angle in degrees. */
  readonly sam: number;
}

export interface Validation {
  readonly step: number;
  readonly points: readonly ValidationPoint[];
  /** PSNR at equal rate over the untuned weights, mean over the rates, dB; 0 at the start. */
  readonly gain: number;
}

/** Loss terms of one step, by name, as the objective weighs them; only those that it has. */
export interface TuningStep {
  readonly step: number;
  /** e.g. `loss`, `rate` (bpp), `psnr` of the batch (dB, an estimate), `ssim`, `perceptual`, … */
  readonly terms: Readonly<Record<string, number>>;
  readonly learningRate: number;
  /** l2 norm of the gradient before clipping. */
  readonly gradient: number;
  readonly milliseconds: number;
}

/**
 * Where SE blocks or 3-D convolutions stand, as the rows of the paper's Table II; `plain` has neither.
 * `se-input`: E's input. `se-encoder`: there and after every norm of E. `se-both`: and of G. `3d-ends`: E's first
 * and G's last convolution. `3d-all`: every convolution of both.
 */
export const PLACEMENTS = [
  'plain',
  'se-input',
  'se-encoder',
  'se-both',
  '3d-ends',
  '3d-all',
] as const;
export type Placement = (typeof PLACEMENTS)[number];

export interface AblationSettings {
  readonly placements: readonly Placement[];
  readonly steps: number;
  /** Crops a step. */
  readonly batch: number;
  /** Side of a crop in pixels; the largest up to 96 that fits where left out. */
  readonly side?: number;
  readonly learningRate: number;
  readonly seed: number;
  /** Steps between checks of the held-back part. */
  readonly checkEvery: number;
}

/** One step of one placement's network. */
export interface AblationStep extends TuningStep {
  readonly placement: Placement;
}

/** A placement's network on the held-back part: latents rounded, bits estimated by its probability model. */
export interface AblationCheck {
  readonly placement: Placement;
  readonly step: number;
  readonly psnr: number;
  readonly bpp: number;
}
