import type { WebGPUBackend, WebGPUProgram } from '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { CHANNEL_NORM } from '../simd/channelNorm';

const THREADS = 64;

/** One thread a position, four channels at a time; in place of tfjs's two reductions and eight passes. */
function program(pixels: number, channels: number): WebGPUProgram {
  return {
    shaderKey: 'channelNorm',
    variableNames: ['x', 'gain', 'bias'],
    variableComponents: [4, 4, 4],
    outputShape: [pixels, channels],
    outputComponent: 4,
    uniforms: 'epsilon : f32,',
    workgroupSize: [THREADS, 1, 1],
    dispatchLayout: { x: [0] },
    dispatch: [Math.ceil(pixels / THREADS), 1, 1],
    getUserCode: () => `
      fn main(index : i32) {
        if (index >= uniforms.outShape[0]) {
          return;
        }
        let channels = uniforms.outShape[1];
        let quads = channels / 4;
        let start = index * quads;
        var sum = vec4<f32>(0.0);
        for (var i = 0; i < quads; i++) {
          sum += x[start + i];
        }
        let mean = dot(sum, vec4<f32>(1.0)) / f32(channels);
        var squares = 0.0;
        for (var i = 0; i < quads; i++) {
          let centred = x[start + i] - mean;
          squares += dot(centred, centred);
        }
        let scale = inverseSqrt(squares / f32(channels - 1) + uniforms.epsilon);
        for (var i = 0; i < quads; i++) {
          setOutputAtIndex(start + i, (x[start + i] - mean) * scale * gain[i] + bias[i]);
        }
      }`,
  };
}

const kernelFunc: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, gain, bias } = inputs as Record<string, tf.TensorInfo>;
  const { epsilon } = attrs as unknown as { readonly epsilon: number };
  const channels = x.shape[3];
  const pixels = tf.util.sizeFromShape(x.shape) / channels;
  const uniforms = [{ type: 'float32', data: [epsilon] }];
  const out = (backend as WebGPUBackend).runWebGPUProgram(
    program(pixels, channels),
    [x, gain, bias],
    'float32',
    uniforms,
  );
  return { ...out, shape: x.shape };
};

tf.registerKernel({ kernelName: CHANNEL_NORM, backendName: 'webgpu', kernelFunc });
