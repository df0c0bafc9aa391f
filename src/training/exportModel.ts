import type * as tf from '@tensorflow/tfjs-core';
import type { JobContext } from '../codecs/types';
import { isNestedAtMost } from '../core/depth';
import { HscError } from '../core/errors';
import { float16BitsOf, float32Of } from '../core/float16';
import { formatSafetensors, parseSafetensors, type Tensor } from '../core/safetensors';
import { parseModelFile } from '../nn/modelFile';
import { inferenceShapes } from '../nn/parameters';
import { exportEntropy } from './exportEntropy';
import { type FloatCodec, type FloatTensor, parameterOf } from './floatCodec';
import { folded } from './units';

export interface ExportRequest {
  /** The weights file that training started from. */
  readonly parent: Uint8Array<ArrayBuffer>;
  readonly codec: FloatCodec;
  /** Names of the parameters that were trained: all others come out of `parent`, bit for bit. */
  readonly learned: Iterable<string>;
  /**
   * Training images [n, h, w, bands], 0..1, sides multiples of 16, in frames like those of files:
   * they set the activations' ranges and refine the tables. Called only where the parts that they
   * matter to were trained; freed here.
   */
  readonly crops: () => tf.Tensor4D;
  /** Stage of the objective that they were trained by last; the parent's where left out. */
  readonly stage?: string;
  /**
   * How the weights came to be, with `name` and `lineage` of `nn/lineage.ts`; the parent's own record
   * is put beside it.
   */
  readonly training: Readonly<Record<string, unknown>>;
}

/**
 * A trained codec as the bytes of a weights file, with which files decode wherever it is installed:
 * E and G in float16, what the range decoder depends on in integers
 * (`training/hsc_training/export.py`). What was not trained is the parent's, and so are all symbols
 * where nothing was that they hang on.
 * Throws `limit` where trained values leave the ranges of a weights file, `aborted`, `device`, and
 * as `parseModelFile`.
 */
export async function exportModel(
  { parent, codec, learned, crops, stage, training }: ExportRequest,
  job: JobContext = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { tensors, metadata } = parseSafetensors(parent);
  const { sha256, entropy } = await parseModelFile(parent);
  const names = new Set(learned);
  const plain = folded(codec.parameters, codec.units);
  const own = new Map([...tensors, ...floatTensors(codec, plain, tensors, names)]);
  const request = { codec, plain, parent: { tensors, entropy }, learned: names, crops };
  const exact = await exportEntropy(request, job);
  for (const [name, tensor] of exact.tensors) own.set(name, tensor);
  const record = {
    ...training,
    learned: [...names].sort(),
    parent: { sha256, training: recordOf(metadata.training) },
  };
  const bytes = formatSafetensors({
    tensors: own,
    metadata: {
      ...metadata,
      ...(stage && { stage }),
      shifts: JSON.stringify(exact.shifts),
      training: JSON.stringify(record),
    },
  });
  await parseModelFile(bytes);
  return bytes;
}

/** Trained parameters of the float networks, of the element types of the parent's. */
function floatTensors(
  { spec }: FloatCodec,
  plain: ReadonlyMap<string, FloatTensor>,
  parent: ReadonlyMap<string, Tensor>,
  learned: ReadonlySet<string>,
): [string, Tensor][] {
  return [...inferenceShapes(spec).keys()]
    .filter((name) => learned.has(name))
    .map((name) => {
      const { shape, data } = parameterOf(plain, name);
      const dtype = parent.get(name)?.dtype ?? 'F16';
      const stored = dtype === 'F16' ? float32Of(float16BitsOf(data)) : data;
      if (stored.every(Number.isFinite)) return [name, { dtype, shape, data: stored }];
      throw new HscError(
        'limit',
        `The trained values of ${name} do not fit into a weights file: train fewer steps or with a ` +
          'smaller learning rate.',
      );
    });
}

/** Every generation of weights adds two levels to the record of its training. */
const RECORD_DEPTH = 200;

/** What a record says; as text where it is no JSON, or nests so that it could not be written again. */
function recordOf(json: string | undefined): unknown {
  try {
    const record: unknown = JSON.parse(json ?? 'null');
    return isNestedAtMost(record, RECORD_DEPTH) ? record : json;
  } catch {
    return json;
  }
}
