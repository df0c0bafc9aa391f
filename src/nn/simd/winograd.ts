import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from '../network';
import { simdHeap } from './heap';

/** Neighbouring channels, up to but not with `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** G of F(4 × 4, 3 × 3): Lavin and Gray, "Fast algorithms for convolutional neural networks", CVPR 2016. */
const G = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
];
const POINTS = G.length ** 2;
const VECTOR = 4;
const LANES = 8;
/** Products of inputs and outputs beyond which transformed filters (4 times the size) leave the cache. */
const LARGEST = 8192;

function upTo(multiple: number, count: number): number {
  return multiple * Math.ceil(count / multiple);
}

/** Whether convolutions with stride 1 by filters [h, w, in, out] are faster by their transform here. */
export function isTransformable([height, width, inputs, outputs]: readonly number[]): boolean {
  return height === 3 && width === 3 && inputs * outputs <= LARGEST && simdHeap() !== undefined;
}

/** A filter [3, 3, in, out] as the kernel reads it: G g Gᵀ, [out / 8, 36, in, 8], zeros beyond. */
function transformed(filter: tf.Tensor4D): tf.Tensor {
  const [, , inputs, outputs] = filter.shape;
  const [rows, columns] = [upTo(VECTOR, inputs), upTo(LANES, outputs)];
  const both = G.flatMap((a) => G.map((b) => a.flatMap((x) => b.map((y) => x * y))));
  const taps = tf.reshape<tf.Rank.R2>(filter, [9, inputs * outputs]);
  const points = tf.reshape(tf.matMul(tf.tensor2d(both), taps), [POINTS, inputs, outputs]);
  const padded = tf.pad(points, [
    [0, 0],
    [0, rows - inputs],
    [0, columns - outputs],
  ]);
  return tf.transpose(tf.reshape(padded, [POINTS, rows, columns / LANES, LANES]), [2, 0, 1, 3]);
}

interface Convolutions {
  readonly x: tf.Tensor4D;
  /** Filters [3, 3, in, out], one for each entry of `seen`; their outputs lie one after the other. */
  readonly filters: () => readonly tf.Tensor4D[];
  /** One for each output of all filters. */
  readonly bias: () => tf.Tensor;
  readonly seen: readonly Range[];
  /** Outputs of each filter. */
  readonly outputs: readonly number[];
  readonly relu?: boolean;
}

/**
 * Convolutions 3 × 3 with stride 1, zeros around and bias, each of neighbouring channels of `x`
 * [n, h, w, c]: [n, h, w, Σ outputs]. Only where {@link isTransformable} says so for each; has no
 * gradient. The weights keep the transformed filters by `name`.
 */
export function transformedConvolutions(
  weights: Weights,
  name: string,
  { x, filters, bias, seen, outputs, relu = false }: Convolutions,
): tf.Tensor4D {
  const [padded, ...points] = weights.derived(`${name}.winograd`, () => [
    tf.pad(bias(), [[0, LANES]]),
    ...filters().map(transformed),
  ]);
  const inputs = { x, bias: padded, ...points };
  return tf.engine().runKernel(NAME, inputs as unknown as tf.NamedTensorMap, {
    attributes: { seen, outputs, relu } as unknown as tf.NamedAttrMap,
  });
}

const NAME = 'WinogradConvolution';

interface Attributes {
  readonly seen: readonly Range[];
  readonly outputs: readonly number[];
  readonly relu: boolean;
}

/** Channels to read: whole vectors where the pixel has them, for the filter is zero there. */
function read({ from, to }: Range, channels: number): number {
  const whole = upTo(VECTOR, to - from);
  return from + whole <= channels ? whole : to - from;
}

const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) => {
  const heap = simdHeap();
  if (!heap) throw new Error(`${NAME} runs on wasm with SIMD only.`);
  const { seen, outputs, relu } = (attrs as unknown as { readonly attributes: Attributes })
    .attributes;
  const { x, bias, ...filters } = inputs as Record<string, tf.TensorInfo>;
  const [n, height, width, channels] = x.shape;
  const made = outputs.reduce((sum, own) => sum + own, 0);
  const out = heap.makeOutput([n, height, width, made]);
  const widest = Math.max(...seen.map(({ from, to }) => to - from));
  const scratch = heap.scratchOf(heap.kernels.scratchBytes(widest));
  const [image, biases, result] = [x, bias, out].map((one) => heap.addressOf(one));
  for (let i = 0; i < n; i++) {
    const pixels = i * height * width * 4;
    let first = 0;
    for (const [part, own] of seen.entries()) {
      heap.kernels.convolve(
        image + pixels * channels + own.from * 4,
        height,
        width,
        channels * 4,
        read(own, channels),
        heap.addressOf(filters[part]),
        biases + first * 4,
        result + pixels * made + first * 4,
        made * 4,
        outputs[part],
        relu ? 1 : 0,
        scratch,
      );
      first += outputs[part];
    }
  }
  return out;
};

tf.registerKernel({ kernelName: NAME, backendName: 'wasm', kernelFunc });
