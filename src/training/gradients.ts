import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import { filterGradient, inputGradient } from './convolutionGradients';

type GradFunc = NonNullable<tf.GradConfig['gradFunc']>;

interface ConvolutionAttributes {
  readonly strides: number | [number, number];
  readonly pad: number | 'same' | 'valid' | tf.backend_util.ExplicitPadding;
}

interface PoolAttributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: number | 'same' | 'valid' | tf.backend_util.ExplicitPadding;
}

/** tfjs's wasm backend has no kernel for filter gradients, and its one for input gradients is slow. */
const onWasm = () => tf.getBackend() === 'wasm';

function replaceGradient(kernelName: string, wrap: (own: GradFunc) => GradFunc): void {
  const config = tf.getGradient(kernelName);
  tf.unregisterGradient(kernelName);
  tf.registerGradient({ ...config, gradFunc: wrap(config.gradFunc) });
}

const convolution =
  (own: GradFunc): GradFunc =>
  (dy, saved, attributes) => {
    if (!onWasm()) return own(dy, saved, attributes);
    const [x, filter] = saved as tf.Tensor4D[];
    const { strides, pad } = attributes as unknown as ConvolutionAttributes;
    const info = tf.backend_util.computeConv2DInfo(x.shape, filter.shape, strides, 1, pad);
    return {
      x: () => inputGradient(dy as tf.Tensor4D, filter, info),
      filter: () => filterGradient(x, dy as tf.Tensor4D, info),
    };
  };

const isSingle = ({ shape }: tf.Tensor) => shape.slice(0, -2).every((size) => size === 1);

/** On wasm only products without transposed arguments and batches are fast. */
const product =
  (own: GradFunc): GradFunc =>
  (dy, saved, attributes) => {
    const [a, b] = saved;
    if (!onWasm() || !isSingle(a) || !isSingle(b)) return own(dy, saved, attributes);
    const matrix = (x: tf.Tensor, turned = false): tf.Tensor2D => {
      const flat = tf.reshape<tf.Rank.R2>(x, x.shape.slice(-2) as [number, number]);
      return turned ? tf.transpose(flat) : flat;
    };
    const { transposeA, transposeB } = attributes as Record<string, boolean>;
    const slope = dy as tf.Tensor;
    const ofA = () => tf.matMul(matrix(slope), matrix(b, !transposeB));
    const ofB = () => tf.matMul(matrix(a, !transposeA), matrix(slope));
    return {
      a: () => tf.reshape(transposeA ? tf.transpose(ofA()) : ofA(), a.shape),
      b: () => tf.reshape(transposeB ? tf.transpose(ofB()) : ofB(), b.shape),
    };
  };

/** tfjs's kernels look at the whole window for every pixel, which a global average cannot afford. */
const averagePool =
  (own: GradFunc): GradFunc =>
  (dy, saved, attributes) => {
    const [x] = saved as tf.Tensor4D[];
    const { filterSize, strides, pad } = attributes as unknown as PoolAttributes;
    const info = tf.backend_util.computePool2DInfo(x.shape, filterSize, strides, 1, pad);
    const isGlobal = info.filterHeight === info.inHeight && info.filterWidth === info.inWidth;
    if (!isGlobal || pad !== 'valid') return own(dy, saved, attributes);
    const share = 1 / (info.inHeight * info.inWidth);
    return { x: () => tf.mul(tf.fill(x.shape, share), dy as tf.Tensor) };
  };

/** tfjs's own adds up the wrong pixels, on the cpu backend at least. */
const enlargement =
  (own: GradFunc): GradFunc =>
  (dy, saved, attributes) => {
    const [images] = saved as tf.Tensor4D[];
    const [, height, width] = images.shape;
    const [, tall, wide] = (dy as tf.Tensor4D).shape;
    if (tall % height !== 0 || wide % width !== 0) return own(dy, saved, attributes);
    const factors: [number, number] = [tall / height, wide / width];
    const mean = () => tf.avgPool(dy as tf.Tensor4D, factors, factors, 'valid');
    return { images: () => tf.mul(mean(), factors[0] * factors[1]) };
  };

let prepared = false;

/** Registers gradients with tfjs for every backend; those that it lacks or has slow are our own. */
export function prepareGradients(): void {
  if (prepared) return;
  prepared = true;
  replaceGradient('Conv2D', convolution);
  replaceGradient('BatchMatMul', product);
  replaceGradient('AvgPool', averagePool);
  replaceGradient('ResizeNearestNeighbor', enlargement);
}
