import { HscError } from '../errors';
import type { EntropyModel, HyperSynthesis, IntegerLayer } from './model';

/** Height and width in latents or hyper-latents. */
export interface GridSize {
  readonly height: number;
  readonly width: number;
}

/** What the hyper-latents say of each latent; both arrays `[height, width, latentChannels]`. */
export interface HyperParameters {
  /** Means in units of 1 / MEAN_UNIT steps. */
  readonly mean: Int16Array<ArrayBuffer>;
  /** Scale indices in units of 1 / MEAN_UNIT, not yet bounded to 0 … 63. */
  readonly scale: Int16Array<ArrayBuffer>;
}

/** Largest magnitude of an activation or a mean. */
const MAX_ACTIVATION = 32767;

/** Size of the hyper-latents that go with latents of the given size. */
export function hyperSize({ height, width }: GridSize): GridSize {
  const quarter = (side: number) => Math.ceil(Math.ceil(side / 2) / 2);
  return { height: quarter(height), width: quarter(width) };
}

/**
 * Hyper-synthesis in integers: exact, hence the same on every machine. `zq` is
 * `[hz, wz, hyperFilters]` with (hz, wz) = hyperSize(latents) and |zq| <= 32767.
 * Sums stay under 25 taps × 4096 channels × 2^30 < 2^47 and are exact in a double.
 */
export function hyperSynthesis(
  model: EntropyModel,
  zq: Int32Array,
  latents: GridSize,
): HyperParameters {
  return { mean: runHead(model.mean, zq, latents), scale: runHead(model.scale, zq, latents) };
}

/**
 * What one head of {@link hyperSynthesis} says of each latent, `[height, width, outputs]`. Throws `bad-argument` for
 * hyper-latents of another size.
 */
export function runHead(
  layers: HyperSynthesis,
  zq: Int32Array,
  latents: GridSize,
): Int16Array<ArrayBuffer> {
  const size = hyperSize(latents);
  if (zq.length !== size.height * size.width * layers[0].inputs) {
    throw new HscError('bad-argument', 'The hyper-latents do not match the size of the latents.');
  }
  const first = upsample(layers[0], { ...size, data: Float64Array.from(zq) });
  const second = upsample(layers[1], first);
  const sums = convolve(layers[2], second, latents);
  scaleDown(layers[2], sums, -MAX_ACTIVATION, MAX_ACTIVATION);
  return Int16Array.from(sums);
}

/** Activations `[height, width, channels]`; integers held as doubles. */
interface Activations extends GridSize {
  readonly data: Float64Array;
}

/** Transposed 5×5 convolution of stride 2 by scattering, then the clamp to 0…32767. */
function upsample(layer: IntegerLayer, input: Activations): Activations {
  const height = 2 * input.height;
  const width = 2 * input.width;
  const sums = startFromBias(layer, height * width);
  const reach = (layer.kernel - 1) / 2;
  for (let y = 0; y < input.height; y++) {
    for (let x = 0; x < input.width; x++) {
      const from = (y * input.width + x) * layer.inputs;
      for (let ky = 0; ky < layer.kernel; ky++) {
        const row = 2 * y + ky - reach;
        if (row < 0 || row >= height) continue;
        for (let kx = 0; kx < layer.kernel; kx++) {
          const column = 2 * x + kx - reach;
          if (column < 0 || column >= width) continue;
          addTap(layer, ky * layer.kernel + kx, input.data, from, sums, row * width + column);
        }
      }
    }
  }
  scaleDown(layer, sums, 0, MAX_ACTIVATION);
  return { height, width, data: sums };
}

/** Plain convolution with zero padding, computed only where the latents are. */
function convolve(layer: IntegerLayer, input: Activations, size: GridSize): Float64Array {
  const sums = startFromBias(layer, size.height * size.width);
  const reach = (layer.kernel - 1) / 2;
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      for (let ky = 0; ky < layer.kernel; ky++) {
        const row = y + ky - reach;
        if (row < 0 || row >= input.height) continue;
        for (let kx = 0; kx < layer.kernel; kx++) {
          const column = x + kx - reach;
          if (column < 0 || column >= input.width) continue;
          const from = (row * input.width + column) * layer.inputs;
          addTap(layer, ky * layer.kernel + kx, input.data, from, sums, y * size.width + x);
        }
      }
    }
  }
  return sums;
}

/** Adds one kernel tap at one position; skips zero activations, which are most of them. */
function addTap(
  { weight, inputs, outputs }: IntegerLayer,
  tap: number,
  activations: Float64Array,
  from: number,
  sums: Float64Array,
  position: number,
): void {
  const to = position * outputs;
  for (let i = 0; i < inputs; i++) {
    const activation = activations[from + i];
    if (activation === 0) continue;
    const row = (tap * inputs + i) * outputs;
    for (let o = 0; o < outputs; o++) sums[to + o] += activation * weight[row + o];
  }
}

function startFromBias({ bias, outputs }: IntegerLayer, positions: number): Float64Array {
  const sums = new Float64Array(positions * outputs);
  for (let at = 0; at < sums.length; at += outputs) sums.set(bias, at);
  return sums;
}

/** floor((sum + 2^(shift-1)) / 2^shift), clamped; exact in doubles. */
function scaleDown({ shift }: IntegerLayer, sums: Float64Array, low: number, high: number): void {
  const divisor = 2 ** shift;
  for (let i = 0; i < sums.length; i++) {
    const scaled = Math.floor((sums[i] + divisor / 2) / divisor);
    sums[i] = Math.min(Math.max(scaled, low), high);
  }
}
