import { checkDimensions } from '../../core/bitstream/limits';
import { storedRange } from '../../core/bitstream/storedRange';
import { gridFor } from '../../core/cube/gridChoice';
import { surveyValues, type ValueSurvey } from '../../core/cube/survey';
import type { CubeInfo, CubeSource } from '../../core/cube/types';
import type { Model, ModelStore } from '../../nn/models';
import { type BandPlan, planBands } from '../bands';
import { budgetOf } from '../coded';
import type { CodecMeta, EncodeOptions, JobContext } from '../types';
import { asCarried } from './carriedWeights';
import { loading } from './decoding';
import type { BudgetRequest } from './trials';

/**
 * The bands of a cube that a codec takes and the weights for them. Throws `band-range`, `limit`,
 * `model-missing`, `aborted`, and as `asCarried` where the file is to carry tuned weights.
 */
export async function planCoding(
  meta: CodecMeta,
  models: ModelStore,
  info: CubeInfo,
  options: EncodeOptions,
  job: JobContext,
): Promise<{ readonly model: Model; readonly plan: BandPlan }> {
  checkDimensions(info.width, info.height, info.bands);
  const grid = gridFor(meta, info, options.grid);
  const plan = planBands(grid, info, options.bandPolicy);
  const loaded = await loading(job, (onProgress) => models.loadFor(meta.id, grid.name, onProgress));
  const model = options.weights === 'delta' ? await asCarried(loaded, models) : loaded;
  return { model, plan };
}

/** The values of the samples that are to be coded. Throws as `surveyValues`. */
export function surveyCoded(
  source: CubeSource,
  { codedBands }: BandPlan,
  { signal, onProgress }: JobContext,
): Promise<ValueSurvey> {
  const hear = onProgress && ((done: number) => onProgress(done, 'reading the image'));
  return surveyValues(source, codedBands, { signal, onProgress: hear });
}

/** What is to be coded of a cube, and in how many bytes. */
export function budgetRequest(
  model: Model,
  plan: BandPlan,
  source: CubeSource,
  survey: Pick<ValueSurvey, 'range'>,
  options: EncodeOptions,
): BudgetRequest {
  const { width, height, sampleType } = source.info;
  const range = storedRange(survey.range);
  return {
    model,
    image: { source, plan, range },
    header: {
      family: 'hific',
      width,
      height,
      bands: plan.codedBands.length,
      sampleType,
      mapping: plan.mapping,
      range,
    },
    bytes: budgetOf(options.rate, source.info),
    plainRounding: options.plainRounding,
  };
}
