import { gridNamed } from '../core/cube/gridChoice';
import type { ArchitectureSpec } from '../nn/spec';
import { spectralWindows } from '../nn/spectral';
import type { Placement } from './types';

const SE_REDUCTION = 2;
const CONV_3D = { filters: 3, kernel: 7, stride: 4 } as const;
const LATENTS = 192;

type Blocks = Pick<ArchitectureSpec, 'name'> & Partial<Pick<ArchitectureSpec, 'se' | 'conv3d'>>;
type SePlacement = NonNullable<ArchitectureSpec['se']>['placements'][number];

const withSe = (...placements: SePlacement[]): Blocks => ({
  name: 'hific-se',
  se: { placements, reduction: SE_REDUCTION },
});

const BLOCKS: Readonly<Record<Placement, Blocks>> = {
  plain: { name: 'hific-opt' },
  'se-input': withSe('input'),
  'se-encoder': withSe('input', 'encoder'),
  'se-both': withSe('input', 'encoder', 'generator'),
  '3d-ends': { name: 'hific-3d', conv3d: { ...CONV_3D, placement: 'ends' } },
  '3d-all': { name: 'hific-3d', conv3d: { ...CONV_3D, placement: 'all' } },
};

/**
 * A network of the ablation (Byju et al., Table II) on a named grid: E and G as in the paper, without a
 * linear bypass, at the widths of the weights that ship. Source: `training/hsc_training/ablation.py`.
 */
export function ablationSpec(grid: string, placement: Placement): ArchitectureSpec {
  const { bands } = gridNamed(grid);
  // Latents divide by the depth of the 3-D stacks, so that all placements have as many.
  const depth = spectralWindows(bands, { ...CONV_3D, placement: 'all' });
  return {
    preset: 'ablation',
    grid,
    bands,
    widths: [48, 64, 96, 128, 144],
    firstKernel: 3,
    lastKernel: 3,
    latentChannels: depth * Math.max(1, Math.round(LATENTS / depth)),
    residualBlocks: 3,
    hyperFilters: 64,
    se: null,
    conv3d: null,
    bypass: null,
    context: { slices: 1, width: 8, sliceWidth: 8 },
    frame: null,
    targetRates: [0.2, 0.4, 0.6, 0.8, 1],
    lambdas: [120, 24, 4.8, 1, 0.2],
    input: { mean: 0.25, std: 0.2 },
    ...BLOCKS[placement],
  };
}
