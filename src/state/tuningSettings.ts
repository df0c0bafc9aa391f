import type { CodecCard } from '../engine/api';
import type { Objective, TunedPart, TuningSettings } from '../engine/tuningTypes';

/** Numbers that a user sets. */
export type NumberSetting =
  | 'steps'
  | 'batch'
  | 'learningRate'
  | 'seed'
  | 'validateEvery'
  | 'budgetSeconds';

interface Limits {
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
}

const LIMITS: Readonly<Record<NumberSetting, Limits>> = {
  steps: { low: 1, high: 100_000, whole: true },
  batch: { low: 1, high: 32, whole: true },
  learningRate: { low: 1e-8, high: 0.1, whole: false },
  seed: { low: 0, high: 2 ** 31 - 1, whole: true },
  validateEvery: { low: 1, high: 100_000, whole: true },
  budgetSeconds: { low: 1, high: 7 * 86_400, whole: false },
};

export function isPossible(name: NumberSetting, value: number): boolean {
  const { low, high, whole } = LIMITS[name];
  return value >= low && value <= high && (!whole || Number.isInteger(value));
}

/** What gained on validation scenes, small and large, without being learned by heart. */
export const DEFAULT_SETTINGS: TuningSettings = {
  part: 'all',
  objective: 'fidelity',
  steps: 100,
  batch: 4,
  learningRate: 1e-4,
  seed: 1,
  validateEvery: 20,
};

/** The parts that an objective can train: the adversarial one is the generator's. */
export function partsFor(objective: Objective, parts: readonly TunedPart[]): readonly TunedPart[] {
  return objective === 'gan' ? parts.filter((part) => part === 'generator') : parts;
}

/** Settings with a change; what would not go together gives way to it. */
export function changed(settings: TuningSettings, change: Partial<TuningSettings>): TuningSettings {
  const next = { ...settings, ...change };
  if (change.objective === 'gan') return { ...next, part: 'generator' };
  if (change.part && change.part !== 'generator') return { ...next, objective: 'fidelity' };
  return next;
}

/** Whether a codec has weights that can be trained. */
export function canBeTuned({ family }: Pick<CodecCard, 'family'>): boolean {
  return family === 'hific';
}

/** The codec whose shipped weights tuned ones come from: what stands before the `@`. */
export function shippedCodec(codec: string): string {
  return codec.split('@')[0];
}

export function isTuned(codec: string): boolean {
  return codec.includes('@');
}
