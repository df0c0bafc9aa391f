import { checkDimensions } from '../../core/bitstream/limits';
import { storedRange } from '../../core/bitstream/storedRange';
import { gridFor } from '../../core/cube/gridChoice';
import { valueRange } from '../../core/cube/normalize';
import type { HyperspectralCube } from '../../core/cube/types';
import type { Model, ModelStore } from '../../nn/models';
import { type BandPlan, planBands } from '../bands';
import { budgetOf, codedSamples } from '../coded';
import type { CodecMeta, EncodeOptions, JobContext } from '../types';
import type { BudgetRequest } from './budgetFit';
import { asCarried } from './carriedWeights';
import { loading } from './decoding';

/**
 * The bands of a cube that a codec takes and the weights for them. Throws `band-range`, `limit`,
 * `model-missing`, `aborted`, and as `asCarried` where the file is to carry tuned weights.
 */
export async function planCoding(
  meta: CodecMeta,
  models: ModelStore,
  cube: HyperspectralCube,
  options: EncodeOptions,
  job: JobContext,
): Promise<{ readonly model: Model; readonly plan: BandPlan }> {
  checkDimensions(cube.width, cube.height, cube.bands);
  const grid = gridFor(meta, cube, options.grid);
  const plan = planBands(grid, cube, options.bandPolicy);
  const loaded = await loading(job, (onProgress) => models.loadFor(meta.id, grid.name, onProgress));
  const model = options.weights === 'delta' ? await asCarried(loaded, models) : loaded;
  return { model, plan };
}

/** What is to be coded of a cube, and in how many bytes. */
export function budgetRequest(
  model: Model,
  plan: BandPlan,
  cube: HyperspectralCube,
  options: EncodeOptions,
): BudgetRequest {
  const range = storedRange(valueRange(codedSamples(cube, plan.codedBands)));
  return {
    model,
    image: { cube, plan, range },
    header: {
      family: 'hific',
      width: cube.width,
      height: cube.height,
      bands: plan.codedBands.length,
      sampleType: cube.sampleType,
      mapping: plan.mapping,
      range,
    },
    bytes: budgetOf(options.rate, cube),
    plainRounding: options.plainRounding,
  };
}
