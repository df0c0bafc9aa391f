import { HscError } from '../core/errors';
import type { FrameAxes } from '../nn/modelFile';
import type { ArchitectureSpec } from '../nn/spec';

/** Values of one parameter, row-major, in the layout of the weights file. */
export interface FloatTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Fixed factors that keep the weights of latents and components of very different size at like
 * magnitude while training; export folds them into the kernels
 * (`training/hsc_training/networks.py`, `weights.py`).
 */
export interface ParameterUnits {
  /** `hyper_analysis.conv0` sees s / symbol, `hyper_mean` gives mean / symbol; [latents]. */
  readonly symbol: Float32Array;
  /** `generator.detail_planes` sees planes / plane; [components], null without a bypass. */
  readonly plane: Float32Array | null;
  /** A typical latent, in steps, by which the context model sees latents; [latents]. */
  readonly context: Float32Array;
  /** `hyper_scale` gives scale indices / index. */
  readonly index: number;
}

/** A codec in floats, as it is trained: what a weights file holds before rounding to integers. */
export interface FloatCodec {
  readonly spec: ArchitectureSpec;
  /**
   * All of `trainingShapes(spec)`: the float parameters of the weights file under their names
   * there (`encoder.*`, `generator.*`, `bypass.*`, `hyper_analysis.*`, `log_gains`), and what the
   * file holds as integers or tables: `hyper_mean.*` and `hyper_scale.*` (names of `nn/hyper.ts`),
   * `context.in.kernel` [10 C + 1, width], `context.hidden.kernel` [width + 2 C, S U],
   * `context.out.kernel` [U, 2 C] with their `.bias`, `z_mean` and `z_log_scale`
   * [targets, filters].
   */
  readonly parameters: ReadonlyMap<string, FloatTensor>;
  readonly units: ParameterUnits;
  readonly frame: FrameAxes | null;
}

/** Throws `bad-argument` where a codec lacks the parameter. */
export function parameterOf(
  parameters: ReadonlyMap<string, FloatTensor>,
  name: string,
): FloatTensor {
  const tensor = parameters.get(name);
  if (tensor) return tensor;
  throw new HscError('bad-argument', `The codec in floats lacks the parameter ${name}.`);
}
