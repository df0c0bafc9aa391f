import type { Lineage, Objective, TunedPart } from '../../engine/tuningTypes';
import {
  bestValidation,
  isFalling,
  shareDone,
  type TuningRun,
  type TuningState,
} from '../../state/tuningRun';
import { signed } from '../../ui/format';

/** How the room of fine-tuning says things. */

export const PART_NAMES: Readonly<Record<TunedPart, string>> = {
  gains: 'Gains',
  probability: 'Probability model',
  coder: 'Coder',
  generator: 'Generator',
  all: 'All',
};

export const PART_SENTENCES: Readonly<Record<TunedPart, string>> = {
  gains: 'One number a channel: gains of rates and norms, biases, priors.',
  probability: 'The gains, and what predicts the latents: fewer bits for the same picture.',
  coder: 'All that works on latents: block transform, prediction, trunk of the generator. Quick.',
  generator: 'How decoders paint the image; what files cost stays as it is.',
  all: 'Everything that a file’s size and picture depend on. The slowest.',
};

export const OBJECTIVE_NAMES: Readonly<Record<Objective, string>> = {
  fidelity: 'fidelity',
  gan: 'GAN',
};

export const OBJECTIVE_SENTENCES: Readonly<Record<Objective, string>> = {
  fidelity: 'Rate and squared error: the highest PSNR for the bits.',
  gan: 'The paper’s final objective, for the generator: sharper pictures, a lower PSNR.',
};

export const STATE_NAMES: Readonly<Record<TuningState, string>> = {
  preparing: 'Preparing',
  running: 'Training',
  pausing: 'Pausing after this step',
  paused: 'Paused',
  stepping: 'One step',
  stopping: 'Stopping after this step',
  interrupted: 'Interrupted',
  finished: 'Finished',
  stopped: 'Stopped',
  budget: 'Time is up',
};

/** `+0.42 dB` */
export const gainText = (gain: number) => `${signed(gain, 2)} dB`;

/** What the last validation says of how it goes on; nothing while all is well. */
export function fallingText({ validations }: Pick<TuningRun, 'validations'>): string | undefined {
  const last = validations.at(-1);
  if (!last || !isFalling(validations)) return undefined;
  const best = bestValidation(validations);
  if (!best) {
    return `On the held-back part these weights are worse than the untuned ones (${gainText(last.gain)}). A lower learning rate or fewer numbers to learn may help.`;
  }
  return `Validation has fallen from ${gainText(best.gain)} at step ${best.step} to ${gainText(last.gain)}. The weights of step ${best.step} are kept as the best.`;
}

/** Said once each time it changes: states and validations, not steps. */
export function announcement(run: TuningRun): string {
  const last = run.validations.at(-1);
  const check = last && last.step > 0 ? ` Step ${last.step}: ${gainText(last.gain)}.` : '';
  return `${STATE_NAMES[run.state]}.${check}`;
}

/** In a few words, for the status bar. */
export function statusText(run: TuningRun): string {
  const { state, outcome, validations } = run;
  if (outcome) {
    const best = bestValidation(validations);
    return `Tuning ended${best ? `: ${gainText(best.gain)}` : ''}`;
  }
  const percent = Math.floor(100 * shareDone(run));
  return `${state === 'running' ? 'Tuning' : STATE_NAMES[state]} ${percent} %`;
}

/** What is safe of an interrupted run. */
export function safeText({ step, safe }: Pick<TuningRun, 'step' | 'safe'>): string {
  if (!safe) return 'No step was safe yet: resuming begins again.';
  if (safe >= step) return `All ${safe} steps are safe.`;
  return `Steps 1 to ${safe} are safe; the ${step - safe} after them are done again.`;
}

/** `All, 300 steps, +0.42 dB` */
export function lineageText({ settings, step, gain }: Lineage): string {
  const { part, objective } = settings;
  const name = PART_NAMES[part as TunedPart] ?? part;
  const parts = [
    `${name}${objective === 'gan' ? ', GAN' : ''}`,
    `${step} ${step === 1 ? 'step' : 'steps'}`,
    ...(gain === undefined ? [] : [gainText(gain)]),
  ];
  return parts.join(', ');
}
