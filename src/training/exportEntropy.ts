import type * as tf from '@tensorflow/tfjs-core';
import type { JobContext } from '../codecs/types';
import {
  type EntropyModel,
  type EntropyShifts,
  entropyModelFromTensors,
} from '../core/entropy/model';
import type { Tensor } from '../core/safetensors';
import { layerTensors } from './fixedPoint';
import { type FloatCodec, type FloatTensor, parameterOf } from './floatCodec';
import { CONTEXT_LAYERS, quantisedContext } from './integerContext';
import { HEAD_LAYERS, type HyperHead, quantisedHead } from './integerHead';
import { conditionalTables, priorTables } from './integerTables';
import { cropLatents, largestActivations, type Observed, observedSymbols } from './observe';
import { type TrainingNetwork, TrainingWeights } from './trainingWeights';

export interface EntropyRequest {
  readonly codec: FloatCodec;
  /** The codec's parameters with their units folded in. */
  readonly plain: ReadonlyMap<string, FloatTensor>;
  /** What the parent's file holds. */
  readonly parent: {
    readonly tensors: ReadonlyMap<string, Tensor>;
    readonly entropy: EntropyModel;
  };
  readonly learned: ReadonlySet<string>;
  /** As that of `ExportRequest`. */
  readonly crops: () => tf.Tensor4D;
}

/** What takes the place of the parent's integers. */
export interface EntropyExport {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly shifts: EntropyShifts;
}

/** Beginnings of names on which the latents' and hyper-latents' symbols hang. */
const ANALYSIS = ['encoder.', 'bypass.analysis.', 'hyper_analysis.', 'log_gains'];
const HEADS = { mean: 'hyper_mean', scale: 'hyper_scale' } as const;

/** The parts of the probability model that training changed. */
function changedParts(learned: ReadonlySet<string>) {
  const any = (...starts: string[]) =>
    [...learned].some((name) => starts.some((start) => name.startsWith(start)));
  const heads = (['mean', 'scale'] as const).filter((kind) => any(`${HEADS[kind]}.`));
  const context = any('context.');
  const symbols = any(...ANALYSIS);
  return {
    heads,
    context,
    latentTables: symbols || context || heads.length > 0,
    hyperTables: symbols || any('z_'),
  };
}

/**
 * Integers of the probability model of a trained codec. Parts that were not trained, and tables that
 * code the symbols that they coded before, are not among them. Throws as `exportModel`.
 */
export async function exportEntropy(
  request: EntropyRequest,
  job: JobContext,
): Promise<EntropyExport> {
  const { codec, parent, learned } = request;
  const changed = changedParts(learned);
  const tensors = new Map<string, Tensor>();
  const shifts = shiftsOf(parent.entropy);
  if (!changed.latentTables && !changed.hyperTables) return { tensors, shifts };

  const net: TrainingNetwork = { spec: codec.spec, weights: new TrainingWeights(codec) };
  let latents: tf.Tensor4D | undefined;
  try {
    latents = await cropLatents(net, request.crops, job);
    const layers = await trainedLayers(request, net, latents, job);
    for (const [name, tensor] of layers.tensors) tensors.set(name, tensor);
    const all = new Map([...parent.tensors, ...tensors]);
    const model = entropyModelFromTensors(all, codec.spec, layers.shifts);
    const observed = await observedSymbols(net, model, latents, job);
    const tables = refinedTables(codec, observed, changed, parent.entropy);
    return { tensors: new Map([...tensors, ...tables]), shifts: layers.shifts };
  } finally {
    latents?.dispose();
    net.weights.dispose();
  }
}

function shiftsOf({ mean, scale, context }: EntropyModel): EntropyShifts {
  const shifts = (layers: readonly { readonly shift: number }[]) =>
    layers.map(({ shift }) => shift);
  return {
    mean: shifts(mean),
    scale: shifts(scale),
    context: shifts([context.into, context.hidden, context.out]),
  };
}

/** Integers of the hyper-syntheses and of the context model, where they were trained. */
async function trainedLayers(
  { codec, plain, parent, learned }: EntropyRequest,
  net: TrainingNetwork,
  latents: tf.Tensor4D,
  job: JobContext,
): Promise<EntropyExport> {
  const changed = changedParts(learned);
  const shifts = { ...shiftsOf(parent.entropy) };
  const tensors = new Map<string, Tensor>();
  if (changed.heads.length === 0 && !changed.context) return { tensors, shifts };
  const largest = await largestActivations(net, latents, job);
  const take = (names: readonly string[], layers: ReturnType<typeof quantisedHead>) => {
    for (const [i, layer] of layers.entries()) {
      for (const [name, tensor] of layerTensors(names[i], layer)) tensors.set(name, tensor);
    }
    return layers.map(({ shift }) => shift);
  };
  for (const kind of changed.heads) {
    const head: HyperHead = HEADS[kind];
    const names = HEAD_LAYERS.map((own) => `${head}.${own}`);
    shifts[kind] = take(names, quantisedHead(head, plain, largest[head]));
  }
  if (changed.context) {
    const names = CONTEXT_LAYERS.map((own) => `context.${own}`);
    shifts.context = take(names, quantisedContext(codec.spec, plain, largest));
  }
  return { tensors, shifts };
}

function refinedTables(
  { parameters }: FloatCodec,
  observed: Observed,
  { latentTables, hyperTables }: { readonly latentTables: boolean; readonly hyperTables: boolean },
  known: EntropyModel,
): [string, Tensor][] {
  const prior = (name: string) => parameterOf(parameters, name).data;
  const priors = { mean: prior('z_mean'), logScale: prior('z_log_scale') };
  return [
    ...(latentTables ? conditionalTables(observed.latents, known.yTables) : []),
    ...(hyperTables ? priorTables(priors, observed.hyperLatents, known.zTables) : []),
  ];
}
