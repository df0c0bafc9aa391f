import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '../core/safetensors';
import { DeviceWeights } from './deviceWeights';
import { channelNorm, conv, convTransposed, squeezeExcitation } from './layers';
import { presetSpec } from './spec';

/** Values in −0.5…0.5 that are exact in float32, the same on every machine. */
function ramp(size: number, step: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => ((i * step + 3) % 64) / 64 - 0.5);
}

const SHAPES: Readonly<Record<string, readonly number[]>> = {
  'down.kernel': [3, 3, 5, 8],
  'down.bias': [8],
  'norm.gain': [8],
  'norm.bias': [8],
  'se.fc1.kernel': [8, 4],
  'se.fc1.bias': [4],
  'se.fc2.kernel': [4, 8],
  'se.fc2.bias': [8],
  'same.kernel': [3, 3, 8, 6],
  'same.bias': [6],
  'up.kernel': [3, 3, 4, 6],
  'up.bias': [4],
};

const SIDE = 6;
const PROBES = [0, 13, 37, 58, 71, 100, 127, 143] as const;
/** Output of the network below at PROBES, computed with PyTorch in double precision. */
const EXPECTED: readonly number[] = [
  -0.692548, -0.510974, -0.578973, 0.505017, 0.09888, -0.363357, -0.252904, -0.075664,
];
const TOLERANCE = 1e-3;

function weights(): DeviceWeights {
  const tensors = Object.entries(SHAPES).map(([name, shape], i): [string, Tensor] => {
    const size = shape.reduce((a, b) => a * b, 1);
    return [name, { dtype: 'F32', shape, data: ramp(size, 2 * i + 5) }];
  });
  return new DeviceWeights(new Map(tensors));
}

/** Runs a small network of all layer kinds on the current backend; [8] values of its output. */
export async function knownAnswer(): Promise<Float32Array> {
  const small = weights();
  try {
    const output = tf.tidy(() => {
      const net = { spec: presetSpec('tiny', 'hific-se'), weights: small };
      let x: tf.Tensor4D = tf.tensor4d(ramp(SIDE * SIDE * 5, 11), [1, SIDE, SIDE, 5]);
      x = conv(small, 'down', x, { stride: 2 });
      x = tf.relu(squeezeExcitation(net, 'se', channelNorm(small, 'norm', x)));
      x = conv(small, 'same', x);
      return convTransposed(small, 'up', x);
    });
    const values = await output.data();
    output.dispose();
    return Float32Array.from(PROBES, (probe) => values[probe]);
  } finally {
    small.dispose();
  }
}

/** Why the current backend cannot be trusted with numbers, or nothing where it can. */
export async function knownAnswerFault(): Promise<string | undefined> {
  const values = await knownAnswer();
  const worst = Math.max(...EXPECTED.map((value, i) => Math.abs(value - values[i])));
  return worst <= TOLERANCE
    ? undefined
    : `its known-answer test is off by ${worst.toPrecision(2)} (allowed: ${TOLERANCE})`;
}
