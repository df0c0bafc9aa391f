import type { ModelEntry } from '../../nn/models';
import type { Variant } from '../../nn/spec';
import type { CodecMeta } from '../types';

const CITATION =
  'Byju, Fuchs, Walda and Demir, “Generative Adversarial Networks for Spatio-Spectral ' +
  'Compression of Hyperspectral Images”.';

const DESCRIPTIONS: Readonly<Record<Variant, string>> = {
  'hific-opt':
    'HiFiC, a learned transform codec with a mean-scale hyperprior, adapted to all bands at once ' +
    'by 2-D convolutions.',
  'hific-se':
    'HiFiC with squeeze-and-excitation blocks, which weigh the spectral channels of every layer.',
  'hific-3d':
    'HiFiC with 3-D convolutions at both ends, which look at neighbouring bands together.',
};

/** A variant as a codec, from what the manifest says of its weights. */
export function hificMeta(id: Variant, entry: ModelEntry): CodecMeta {
  return {
    id,
    label: entry.label,
    family: 'hific',
    description: `${DESCRIPTIONS[id]} ${CITATION}`,
    targetRates: entry.targetRates,
    rateRange: [Math.min(...entry.targetRates), Math.max(...entry.targetRates)],
    grid: entry.grid,
  };
}
