import type { LocalEntry } from '../../nn/localModels';
import { codecId } from '../../nn/modelFile';
import type { ModelEntry } from '../../nn/models';
import type { Variant } from '../../nn/spec';
import type { CodecMeta } from '../types';

/** Objectives that weights are trained by: squared error, or the paper's final one. */
export type Stage = 'fidelity' | 'gan';

const CITATION =
  'Byju, Fuchs, Walda and Demir, “Generative Adversarial Networks for Spatio-Spectral ' +
  'Compression of Hyperspectral Images”.';

const DESCRIPTIONS: Readonly<Record<Variant, string>> = {
  'hific-opt':
    'HiFiC, a learned transform codec with a hyperprior and a context model, adapted to all bands ' +
    'at once by 2-D convolutions.',
  'hific-se':
    'HiFiC with squeeze-and-excitation blocks, which weigh the spectral channels of every layer.',
  'hific-3d':
    'HiFiC with 3-D convolutions at both ends, which look at neighbouring bands together.',
};

const GAN =
  'Trained further by the paper’s adversarial and perceptual objective: sharper, with made-up ' +
  'texture where the file has none, and a larger squared error.';

/** A variant at a stage as a codec, from what the manifest says of its weights, one entry a grid. */
export function hificMeta(
  variant: Variant,
  stage: Stage,
  entries: readonly ModelEntry[],
): CodecMeta {
  const [entry] = entries;
  return {
    id: codecId(variant, stage),
    label: entry.label,
    family: 'hific',
    description: [...(stage === 'gan' ? [GAN] : []), DESCRIPTIONS[variant], CITATION].join(' '),
    targetRates: entry.targetRates,
    rateRange: [Math.min(...entry.targetRates), Math.max(...entry.targetRates)],
    attention: variant === 'hific-se',
    grids: entries.map(({ grid }) => grid),
    perceptual: stage === 'gan',
  };
}

/** Weights that no manifest lists as a codec of their own, which says whose child it is. */
export function localMeta(entry: LocalEntry): CodecMeta {
  const { variant, like } = entry.local;
  const meta = hificMeta(variant, entry.stage === 'gan' ? 'gan' : 'fidelity', [entry]);
  return { ...meta, id: entry.codec, description: `${origin(entry.local)} ${meta.description}` };

  function origin({ lineage }: LocalEntry['local']): string {
    if (!lineage) return `Weights of ${like.label} that say nothing of how they were trained.`;
    const { parent, scenes, settings, step, date } = lineage;
    const of = scenes.length > 0 ? ` on ${scenes.join(', ')}` : '';
    const steps = `${step} ${step === 1 ? 'step' : 'steps'} (${settings.part})`;
    return `Tuned from ${parent}${of}: ${steps}, ${date.slice(0, 10)}.`;
  }
}
