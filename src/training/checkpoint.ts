import * as v from 'valibot';
import { HscError } from '../core/errors';
import { formatSafetensors, parseSafetensors, type Tensor } from '../core/safetensors';
import type { FloatTensor } from './floatCodec';

const FORMAT = 'hsc-training-1';

/** Named groups of tensors and small values, from which training goes on bit by bit the same. */
export interface Checkpoint {
  readonly tensors: Readonly<Record<string, ReadonlyMap<string, FloatTensor>>>;
  readonly values: Readonly<Record<string, number>>;
}

export function formatCheckpoint({ tensors, values }: Checkpoint): Uint8Array<ArrayBuffer> {
  const all = new Map<string, Tensor>();
  for (const [group, members] of Object.entries(tensors)) {
    for (const [name, { shape, data }] of members) {
      all.set(`${group}/${name}`, { dtype: 'F32', shape, data });
    }
  }
  return formatSafetensors({
    tensors: all,
    metadata: { format: FORMAT, values: JSON.stringify(values) },
  });
}

/** Throws `bad-file` for what is no checkpoint, and what the container throws. */
export function parseCheckpoint(bytes: Uint8Array): Checkpoint {
  const { tensors, metadata } = parseSafetensors(bytes);
  if (metadata.format !== FORMAT) {
    throw new HscError(
      'bad-file',
      `The checkpoint is not of format ${FORMAT}: start the run anew.`,
    );
  }
  const groups: Record<string, Map<string, FloatTensor>> = {};
  for (const [path, { shape, data }] of tensors) {
    const slash = path.indexOf('/');
    if (!(data instanceof Float32Array) || slash < 0) {
      throw new HscError('bad-file', `The checkpoint has no place for the tensor ${path}.`);
    }
    groups[path.slice(0, slash)] ??= new Map();
    groups[path.slice(0, slash)].set(path.slice(slash + 1), { shape, data });
  }
  return { tensors: groups, values: parseValues(metadata.values) };
}

const ValuesSchema = v.record(v.string(), v.number());

function parseValues(json: string | undefined): Checkpoint['values'] {
  const fault = 'The checkpoint does not say how far training came: start the run anew.';
  let values: unknown;
  try {
    values = JSON.parse(json ?? '');
  } catch (cause) {
    throw new HscError('bad-file', fault, { cause });
  }
  const parsed = v.safeParse(ValuesSchema, values);
  if (!parsed.success) throw new HscError('bad-file', fault);
  return parsed.output;
}
