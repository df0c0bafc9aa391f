import type { Tensor } from '../safetensors';
import { type GridSize, runHead } from './hyperSynthesis';
import {
  checkChannels,
  type EntropyModel,
  MEAN_UNIT,
  readSynthesis,
  readTables,
  SCALE_COUNT,
} from './model';

/**
 * The entropy model of a scale hyperprior: hyper-latents tell each latent's scale, its mean is zero (Ballé
 * et al. 2018, section 3). Integers only.
 */
export type ScaleHyperprior = Pick<
  EntropyModel,
  'latentChannels' | 'hyperFilters' | 'targets' | 'scale' | 'zTables' | 'yTables'
>;

/**
 * Reads `hyper_scale.*`, `tables.z.*` and `tables.y.*` of a weights file. Throws `bad-file` where one is
 * missing or none of the model, and `limit`.
 */
export function scaleHyperpriorFromTensors(
  tensors: ReadonlyMap<string, Tensor>,
  counts: Pick<ScaleHyperprior, 'latentChannels' | 'hyperFilters' | 'targets'>,
  shifts: readonly number[],
): ScaleHyperprior {
  checkChannels(counts);
  return {
    ...counts,
    scale: readSynthesis(tensors, 'hyper_scale', counts, shifts),
    zTables: readTables(tensors, 'tables.z', counts.targets * counts.hyperFilters),
    yTables: readTables(tensors, 'tables.y', SCALE_COUNT),
  };
}

/** Scale index 0 … 63 of each latent, [height, width, latentChannels], from rounded hyper-latents. */
export function scaleIndices(
  model: ScaleHyperprior,
  zq: Int32Array,
  latents: GridSize,
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(runHead(model.scale, zq, latents), (fine) =>
    Math.min(SCALE_COUNT - 1, Math.max(0, Math.floor((fine + MEAN_UNIT / 2) / MEAN_UNIT))),
  );
}
