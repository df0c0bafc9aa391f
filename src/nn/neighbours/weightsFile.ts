import * as v from 'valibot';
import { HscError, messageOf } from '../../core/errors';
import type { Tensor } from '../../core/safetensors';

const MOST_FEATURES = 4096;

/** A number of feature maps or bands. */
export const FeaturesSchema = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1),
  v.maxValue(MOST_FEATURES),
);

/** A field of a weights file's metadata. Throws `bad-file`, calling it `what`. */
export function parseField<T>(
  schema: v.GenericSchema<unknown, T>,
  json: string | undefined,
  what: string,
): T {
  try {
    return v.parse(schema, JSON.parse(json ?? ''));
  } catch (cause) {
    const why = messageOf(cause);
    throw new HscError('bad-file', `The weights file states no ${what}: ${why}.`, { cause });
  }
}

/** A tensor of floats of that shape. Throws `bad-file` where it is none. */
export function expectTensor(
  name: string,
  shape: readonly number[],
  tensor: Tensor | undefined,
): Tensor {
  const floats = tensor?.dtype === 'F16' || tensor?.dtype === 'F32';
  if (!tensor || !floats || tensor.shape.join() !== shape.join()) {
    const found = tensor ? `${tensor.dtype} [${tensor.shape}]` : 'missing';
    throw new HscError(
      'bad-file',
      `The weights file's tensor ${name} should be [${shape}] and is ${found}.`,
    );
  }
  if (!tensor.data.every(Number.isFinite)) {
    throw new HscError('bad-file', `Tensor ${name} of the weights file is not finite.`);
  }
  return tensor;
}
