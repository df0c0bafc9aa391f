import * as v from 'valibot';
import {
  type EntropyModel,
  type EntropyShifts,
  entropyModelFromTensors,
} from '../core/entropy/model';
import { HscError, messageOf } from '../core/errors';
import { parseSafetensors, type Tensor } from '../core/safetensors';
import { parseTrainingRecord, type TrainingRecord } from './lineage';
import { inferenceShapes } from './parameters';
import { type ArchitectureSpec, parseSpec, type Variant } from './spec';

const FORMAT = 'hsc-model-5';
/** The stage whose weights bear the variant's own name. */
const FIRST_STAGE = 'fidelity';
/** Beginnings of the names of tensors that are no parameters of a float network. */
const OTHER_PARTS = ['hyper_mean.', 'hyper_scale.', 'context.', 'tables.'];

const ShiftsSchema = v.object({
  mean: v.array(v.number()),
  scale: v.array(v.number()),
  context: v.array(v.number()),
});

/** The fixed axes that an image's spectral frame is told in. */
export interface FrameAxes {
  /** Orthonormal rows, [components, bands]. */
  readonly basis: Float32Array;
  /** [bands], in standardised units. */
  readonly mean: Float32Array;
}

/** A checked weights file, in memory but not yet on a device. */
export interface ModelFile {
  readonly spec: ArchitectureSpec;
  /** SHA-256 of the file, lower-case hexadecimal. Files name a model by its first four bytes. */
  readonly sha256: string;
  /** Training stage, e.g. `fidelity`. */
  readonly stage: string;
  readonly record: TrainingRecord;
  readonly entropy: EntropyModel;
  /** Null for an architecture without spectral frames. */
  readonly frame: FrameAxes | null;
  /** The float parameters, those of `inferenceShapes(spec)` and no others. */
  readonly parameters: ReadonlyMap<string, Tensor>;
}

export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** What files carry of a weights file's SHA-256: its first 4 bytes, hexadecimal. */
export function digestOf(sha256: string): string {
  return sha256.slice(0, 8);
}

/** What a variant with weights of a training stage is called, e.g. `hific-se`, `hific-se-gan`. */
export function codecId(variant: Variant, stage: string): string {
  return stage === FIRST_STAGE ? variant : `${variant}-${stage}`;
}

/**
 * Reads and checks a weights file against the architecture it states.
 * Throws `bad-file` naming the tensor that is missing, superfluous or of the wrong shape or type,
 * `unsupported` for an architecture that this version cannot run, and what the container throws.
 */
export async function parseModelFile(bytes: Uint8Array<ArrayBuffer>): Promise<ModelFile> {
  const { tensors, metadata } = parseSafetensors(bytes);
  if (metadata.format !== FORMAT) {
    throw new HscError('bad-file', `The weights file is not of format ${FORMAT}.`);
  }
  const spec = parseSpec(metadata.spec ?? '');
  if (spec.conv3d?.placement === 'all') {
    throw new HscError(
      'unsupported',
      'Models with 3-D convolutions in all places cannot be run; only those at both ends can.',
    );
  }
  return {
    spec,
    sha256: await sha256Of(bytes),
    stage: metadata.stage ?? '',
    record: parseTrainingRecord(metadata.training),
    entropy: entropyModelFromTensors(tensors, spec, parseShifts(metadata.shifts)),
    frame: frameAxes(tensors, spec),
    parameters: floatParameters(tensors, spec),
  };
}

function parseShifts(json: string | undefined): EntropyShifts {
  let value: unknown;
  try {
    value = JSON.parse(json ?? '');
  } catch (cause) {
    throw new HscError('bad-file', `The weights file states no shifts: ${messageOf(cause)}.`, {
      cause,
    });
  }
  const parsed = v.safeParse(ShiftsSchema, value);
  if (!parsed.success) throw new HscError('bad-file', 'The shifts of the weights file are wrong.');
  return parsed.output;
}

function frameAxes(
  tensors: ReadonlyMap<string, Tensor>,
  { frame, bands }: ArchitectureSpec,
): FrameAxes | null {
  if (!frame) return null;
  const axes = (name: string, shape: readonly number[]): Float32Array => {
    const { data } = floatTensor(tensors, name, shape, ['F32']);
    if (data instanceof Float32Array && data.every(Number.isFinite)) return data;
    throw new HscError('bad-file', `Tensor ${name} of the weights file is not finite.`);
  };
  return {
    basis: axes('frame.basis', [frame.components, bands]),
    mean: axes('frame.mean', [bands]),
  };
}

function floatParameters(
  tensors: ReadonlyMap<string, Tensor>,
  spec: ArchitectureSpec,
): Map<string, Tensor> {
  const parameters = new Map<string, Tensor>();
  for (const [name, shape] of inferenceShapes(spec)) {
    parameters.set(name, floatTensor(tensors, name, shape, ['F16', 'F32']));
  }
  const others = spec.frame ? [...OTHER_PARTS, 'frame.'] : OTHER_PARTS;
  for (const name of tensors.keys()) {
    if (!parameters.has(name) && !others.some((part) => name.startsWith(part))) {
      throw new HscError('bad-file', `The architecture has no place for the tensor ${name}.`);
    }
  }
  return parameters;
}

function floatTensor(
  tensors: ReadonlyMap<string, Tensor>,
  name: string,
  shape: readonly number[],
  types: readonly Tensor['dtype'][],
): Tensor {
  const tensor = tensors.get(name);
  if (!tensor) throw new HscError('bad-file', `The weights file lacks the tensor ${name}.`);
  const sameShape =
    tensor.shape.length === shape.length && tensor.shape.every((n, i) => n === shape[i]);
  if (sameShape && types.includes(tensor.dtype)) return tensor;
  throw new HscError(
    'bad-file',
    `Tensor ${name} of the weights file is ${tensor.dtype} [${tensor.shape}]; ` +
      `the architecture needs ${types.join(' or ')} [${shape}].`,
  );
}
