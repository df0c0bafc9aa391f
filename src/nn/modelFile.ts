import * as v from 'valibot';
import {
  type EntropyModel,
  entropyModelFromTensors,
  type HyperShifts,
} from '../core/entropy/model';
import { HscError, messageOf } from '../core/errors';
import { parseSafetensors, type Tensor } from '../core/safetensors';
import { inferenceShapes } from './parameters';
import { type ArchitectureSpec, parseSpec } from './spec';

const FORMAT = 'hsc-model-1';
const INTEGER_PARTS = ['hyper_mean.', 'hyper_scale.', 'tables.'];

const ShiftsSchema = v.object({ mean: v.array(v.number()), scale: v.array(v.number()) });

/** A checked weights file, in memory but not yet on a device. */
export interface ModelFile {
  readonly spec: ArchitectureSpec;
  /** SHA-256 of the file, lower-case hexadecimal. Files name a model by its first four bytes. */
  readonly sha256: string;
  /** Training stage, e.g. `fidelity`. */
  readonly stage: string;
  readonly entropy: EntropyModel;
  /** The float parameters, those of `inferenceShapes(spec)` and no others. */
  readonly parameters: ReadonlyMap<string, Tensor>;
}

export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
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
    entropy: entropyModelFromTensors(tensors, spec, parseShifts(metadata.shifts)),
    parameters: floatParameters(tensors, spec),
  };
}

function parseShifts(json: string | undefined): HyperShifts {
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

function floatParameters(
  tensors: ReadonlyMap<string, Tensor>,
  spec: ArchitectureSpec,
): Map<string, Tensor> {
  const parameters = new Map<string, Tensor>();
  for (const [name, shape] of inferenceShapes(spec)) {
    const tensor = tensors.get(name);
    if (!tensor) throw new HscError('bad-file', `The weights file lacks the tensor ${name}.`);
    const sameShape =
      tensor.shape.length === shape.length && tensor.shape.every((n, i) => n === shape[i]);
    if (!sameShape || (tensor.dtype !== 'F16' && tensor.dtype !== 'F32')) {
      throw new HscError(
        'bad-file',
        `Tensor ${name} of the weights file is ${tensor.dtype} [${tensor.shape}]; ` +
          `the architecture needs float [${shape}].`,
      );
    }
    parameters.set(name, tensor);
  }
  for (const name of tensors.keys()) {
    if (!parameters.has(name) && !INTEGER_PARTS.some((part) => name.startsWith(part))) {
      throw new HscError('bad-file', `The architecture has no place for the tensor ${name}.`);
    }
  }
  return parameters;
}
