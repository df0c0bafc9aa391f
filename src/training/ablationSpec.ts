import { gridNamed } from '../core/cube/gridChoice';
import { type ArchitectureSpec, presetSpec } from '../nn/spec';
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
    ...presetSpec('studio', 'hific-opt'),
    preset: 'ablation',
    grid,
    bands,
    latentChannels: depth * Math.max(1, Math.round(LATENTS / depth)),
    bypass: null,
    frame: null,
    context: { slices: 1, width: 8, sliceWidth: 8 },
    ...BLOCKS[placement],
  };
}
