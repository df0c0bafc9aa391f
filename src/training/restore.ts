import { HscError } from '../core/errors';
import { parseSafetensors, type Tensor } from '../core/safetensors';
import { type ModelFile, parseModelFile } from '../nn/modelFile';
import type { ArchitectureSpec } from '../nn/spec';
import { type FloatLayer, fixedPointLayer } from './fixedPoint';
import type { FloatCodec, FloatTensor, ParameterUnits } from './floatCodec';
import { CONTEXT_LAYERS, floatContext, typicalLatents } from './integerContext';
import { floatHead, HEAD_LAYERS, type HyperHead } from './integerHead';
import { INDEX_UNIT, unfolded } from './units';

/** Least variance of a restored prior. */
const LEAST_VARIANCE = 0.01;
/** Variance that rounding adds. */
const ROUNDING_VARIANCE = 1 / 12;

/**
 * A weights file in floats, to be trained: float16 and integers stand for the floats that they were
 * rounded from, so the codec computes what the file's does but for these roundings.
 * `planeSpread` [components] are the spreads of the linear synthesis' components over training
 * images, in standardised units and in frames like those of files; null for an architecture without
 * a bypass. Source: `training/hsc_training/restore.py`.
 * Throws as `parseModelFile`, and `bad-argument` for spreads that do not fit.
 */
export async function restoreCodec(
  bytes: Uint8Array<ArrayBuffer>,
  planeSpread: Float32Array | null,
): Promise<FloatCodec> {
  const file = await parseModelFile(bytes);
  const { tensors } = parseSafetensors(bytes);
  const context = typicalLatents(file.entropy.context.norm);
  const plane = checkedSpread(file.spec, planeSpread);
  const units: ParameterUnits = { symbol: context.slice(), plane, context, index: INDEX_UNIT };
  const plain = new Map<string, FloatTensor>([
    ...floatParameters(file),
    ...headParameters('hyper_mean', tensors, file.entropy.mean),
    ...headParameters('hyper_scale', tensors, file.entropy.scale),
    ...contextParameters(tensors, file),
    ...priorParameters(tensors, file.spec),
  ]);
  return { spec: file.spec, parameters: unfolded(plain, units), units, frame: file.frame };
}

function checkedSpread(
  { bypass }: ArchitectureSpec,
  spread: Float32Array | null,
): Float32Array | null {
  if (!bypass) return null;
  const fits = spread?.length === bypass.counts.length;
  if (fits && spread.every((s) => s > 0 && Number.isFinite(s))) return spread.slice();
  throw new HscError(
    'bad-argument',
    `To train this model, spreads above 0 of its ${bypass.counts.length} spectral components are needed.`,
  );
}

/** Copies, for trained values take their place. */
function floatParameters({ parameters }: ModelFile): [string, FloatTensor][] {
  return [...parameters].map(([name, { shape, data }]) => [
    name,
    { shape, data: Float32Array.from(data) },
  ]);
}

function headParameters(
  head: HyperHead,
  tensors: ReadonlyMap<string, Tensor>,
  layers: ModelFile['entropy']['mean'],
): [string, FloatTensor][] {
  const names = HEAD_LAYERS.map((own) => `${head}.${own}`);
  const exact = names.map((name, i) => fixedPointLayer(tensors, name, layers[i].shift));
  return named(names, floatHead(exact));
}

function contextParameters(
  tensors: ReadonlyMap<string, Tensor>,
  { spec, entropy }: ModelFile,
): [string, FloatTensor][] {
  const { into, hidden, out } = entropy.context;
  const names = CONTEXT_LAYERS.map((own) => `context.${own}`);
  const exact = [into, hidden, out].map(({ shift }, i) =>
    fixedPointLayer(tensors, names[i], shift),
  );
  return named(names, floatContext(spec, exact));
}

function named(names: readonly string[], layers: readonly FloatLayer[]): [string, FloatTensor][] {
  return layers.flatMap(({ kernel, bias }, i): [string, FloatTensor][] => [
    [`${names[i]}.kernel`, kernel],
    [`${names[i]}.bias`, bias],
  ]);
}

/** Logistic priors of the means and variances of the tables, [targets, filters]. */
function priorParameters(
  tensors: ReadonlyMap<string, Tensor>,
  { targetRates, hyperFilters }: ArchitectureSpec,
): [string, FloatTensor][] {
  const shape = [targetRates.length, hyperFilters];
  const mean = new Float32Array(targetRates.length * hyperFilters);
  const logScale = new Float32Array(mean.length);
  for (const [i, table] of zTables(tensors).entries()) {
    mean[i] = table.mean;
    const variance = Math.max(table.variance - ROUNDING_VARIANCE, LEAST_VARIANCE);
    logScale[i] = Math.log(Math.sqrt(3 * variance) / Math.PI);
  }
  return [
    ['z_mean', { shape, data: mean }],
    ['z_log_scale', { shape, data: logScale }],
  ];
}

/** Means and variances of the hyper-latents' tables, their escapes left out. */
function zTables(
  tensors: ReadonlyMap<string, Tensor>,
): readonly { readonly mean: number; readonly variance: number }[] {
  const [cdf, minima, lengths] = ['cdf', 'min', 'length'].map((part) => {
    const tensor = tensors.get(`tables.z.${part}`);
    if (!tensor) throw new HscError('bad-file', `The weights file lacks tables.z.${part}.`);
    return tensor.data;
  });
  let first = 0;
  return Array.from(minima, (low, i) => {
    let [weight, sum, squares] = [0, 0, 0];
    for (let k = 0; k < lengths[i]; k++, first++) {
      const frequency = cdf[first + 1] - cdf[first];
      const value = low + k;
      weight += frequency;
      sum += frequency * value;
      squares += frequency * value * value;
    }
    const mean = sum / weight;
    first++;
    return { mean, variance: squares / weight - mean * mean };
  });
}
