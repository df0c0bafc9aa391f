import * as tf from '@tensorflow/tfjs-core';
import { simdHeap } from './heap';

/** The kernel's name on every backend that has it. */
export const CHANNEL_NORM = 'ChannelNorm';

/** Whether {@link fusedChannelNorm} can take this tensor. */
export function isNormable(x: tf.Tensor4D): boolean {
  const hasKernel = tf.getBackend() === 'webgpu' || simdHeap() !== undefined;
  return hasKernel && x.shape[3] % 4 === 0;
}

/** ChannelNorm in one pass; only where {@link isNormable} says so; has no gradient. */
export function fusedChannelNorm(
  x: tf.Tensor4D,
  gain: tf.Tensor,
  bias: tf.Tensor,
  epsilon: number,
): tf.Tensor4D {
  return tf.engine().runKernel(CHANNEL_NORM, { x, gain, bias } as unknown as tf.NamedTensorMap, {
    epsilon,
  });
}

const kernelFunc: tf.KernelFunc = ({ inputs, attrs }) => {
  const heap = simdHeap();
  if (!heap) throw new Error(`${CHANNEL_NORM} runs on wasm with SIMD only.`);
  const { epsilon } = attrs as unknown as { readonly epsilon: number };
  const { x, gain, bias } = inputs as Record<string, tf.TensorInfo>;
  const channels = x.shape[3];
  const out = heap.makeOutput(x.shape);
  heap.kernels.channelNorm(
    heap.addressOf(x),
    tf.util.sizeFromShape(x.shape) / channels,
    channels,
    epsilon,
    heap.addressOf(gain),
    heap.addressOf(bias),
    heap.addressOf(out),
  );
  return out;
};

tf.registerKernel({ kernelName: CHANNEL_NORM, backendName: 'wasm', kernelFunc });
