import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Tensor } from '../core/safetensors';
import { bypassAnalysis, bypassBands, bypassPlanes } from './bypass';
import { DeviceWeights } from './deviceWeights';
import { discriminator } from './discriminator';
import { GateRecorder } from './gates';
import { residualBlock } from './generator';
import { hyperAnalysis } from './hyper';
import { channelNorm, conv, convTransposed, squeezeExcitation } from './layers';
import { type ModelFile, parseModelFile } from './modelFile';
import type { Network } from './network';
import { presetSpec, VARIANTS } from './spec';
import { spectralAnalysis, spectralSynthesis } from './spectral';
import { below, golden, goldenBytes, relativeError, upload, useBackend } from './testing';
import { analysisTransform, synthesisTransform } from './transforms';

const TOLERANCE = 1e-4;
const BLOCKS = golden('blocks');
/** Rate positions of the golden files' two rates. */
const POSITIONS = { low: 0, between: 2.5 };

type Block = (net: Network, x: tf.Tensor4D) => tf.Tensor4D;

const block3d = { placement: 'ends', filters: 2, kernel: 7, stride: 4 } as const;

const CASES: Readonly<Record<string, Block>> = {
  conv_stride1: ({ weights }, x) => conv(weights, 'b', x),
  conv_stride2: ({ weights }, x) => conv(weights, 'b', x, { stride: 2 }),
  conv5_stride2: ({ weights }, x) => conv(weights, 'b', x, { stride: 2 }),
  transposed3: ({ weights }, x) => convTransposed(weights, 'b', x),
  transposed5: ({ weights }, x) => convTransposed(weights, 'b', x),
  channel_norm: ({ weights }, x) => channelNorm(weights, 'b', x),
  squeeze_excitation: (net, x) => squeezeExcitation(net, 'b', x),
  residual_block: (net, x) =>
    residualBlock({ ...net, spec: presetSpec('tiny', 'hific-opt') }, 'b', x),
  residual_block_se: (net, x) => residualBlock(net, 'b', x),
  spectral_analysis: ({ weights }, x) => spectralAnalysis(weights, block3d, 'b', x),
  spectral_synthesis: ({ weights }, x) => spectralSynthesis(weights, block3d, 'b', x),
  bypass_analysis: bypassAnalysis,
  bypass_synthesis: (net, x) => bypassBands(net, bypassPlanes(net, x)),
};

/** The block's parameters, named as its function looks them up. */
function parametersOf(name: string): Map<string, Tensor> {
  const prefix = name.startsWith('bypass') ? name.replace('_', '.') : 'b';
  const own = [...below(BLOCKS, name)].filter(([key]) => key !== 'input' && key !== 'output');
  return new Map(own.map(([key, tensor]) => [`${prefix}.${key}`, tensor]));
}

describe.each(['cpu', 'wasm'] as const)('parity with PyTorch on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('covers every golden block', () => {
    const names = new Set([...BLOCKS.keys()].map((name) => name.split('.')[0]));
    expect([...names].sort()).toEqual(Object.keys(CASES).sort());
  });

  it.each(Object.keys(CASES))('%s', async (name) => {
    const tensors = tf.memory().numTensors;
    const weights = new DeviceWeights(parametersOf(name));
    const { input, output } = Object.fromEntries(below(BLOCKS, name));
    const net = { spec: presetSpec('tiny', 'hific-se'), weights };
    const result = tf.tidy(() => CASES[name](net, upload<tf.Rank.R4>(input)));
    expect(result.shape).toEqual(output.shape);
    expect(relativeError(await result.data(), output.data)).toBeLessThan(TOLERANCE);
    result.dispose();
    weights.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('discriminator', async () => {
    const tensors = golden('discriminator');
    const { image, latents, logits } = Object.fromEntries(tensors);
    const named = [...tensors].map(([name, tensor]) => [`discriminator.${name}`, tensor] as const);
    const weights = new DeviceWeights(new Map(named));
    const net = { spec: presetSpec('tiny', 'hific-opt'), weights };
    const result = tf.tidy(() => discriminator(net, upload(image), upload(latents)));
    expect(result.shape).toEqual(logits.shape);
    expect(relativeError(await result.data(), logits.data)).toBeLessThan(TOLERANCE);
    result.dispose();
    weights.dispose();
  });

  describe.each(VARIANTS)('the tiny %s', (variant) => {
    const io = golden(`tiny-${variant}-io`);
    let weights: DeviceWeights;
    let net: Network;
    let file: ModelFile;
    beforeAll(async () => {
      file = await parseModelFile(goldenBytes(`tiny-${variant}`));
      weights = new DeviceWeights(file.parameters);
      net = { spec: file.spec, weights };
    });
    afterAll(() => weights.dispose());

    const expectClose = async (result: tf.Tensor, name: string) => {
      const expected = io.get(name) as Tensor;
      expect(result.size).toBe(expected.data.length);
      expect(relativeError(await result.data(), expected.data)).toBeLessThan(TOLERANCE);
      result.dispose();
    };

    it('analysis transform', async () => {
      const aligned = io.get('aligned') as Tensor;
      const image = tf.tidy(() => padded(upload<tf.Rank.R3>(aligned)));
      const [height, width] = aligned.shape;
      const visible = { height, width };
      // The first pass keeps derived kernels of the bypass and the 3-D ends.
      await expectClose(analysisTransform(net, image, visible), 'y');
      const before = tf.memory().numTensors;
      await expectClose(analysisTransform(net, image, visible), 'y');
      expect(tf.memory().numTensors).toBe(before);
      image.dispose();
    });

    it.each(['low', 'between'] as const)(
      'hyper-analysis and synthesis at rate %s',
      async (rate) => {
        const input = (name: string) => upload<tf.Rank.R4>(io.get(`${rate}.${name}`) as Tensor);
        const s = input('s');
        await expectClose(hyperAnalysis(net, s), `${rate}.z`);
        const latents = input('y_hat');
        const [height, width] = (io.get(`${rate}.reconstruction`) as Tensor).shape;
        const image = synthesisTransform(net, latents, POSITIONS[rate], { height, width });
        const cropped = tf.slice(image, [0, 0, 0, 0], [1, height, width, net.spec.bands]);
        const restored = tf.tidy(() => outOfFrame(cropped, file, io));
        await expectClose(restored, `${rate}.reconstruction`);
        cropped.dispose();
        tf.dispose([s, latents, image]);
      },
    );
  });

  it('reads the gates of every SE block', async () => {
    const file = await parseModelFile(goldenBytes('tiny-hific-se'));
    const weights = new DeviceWeights(file.parameters);
    const recorder = new GateRecorder();
    const image = tf.zeros<tf.Rank.R4>([1, 32, 32, file.spec.bands]);
    // The first pass keeps derived kernels.
    analysisTransform({ spec: file.spec, weights }, image).dispose();
    const before = tf.memory().numTensors;
    analysisTransform({ spec: file.spec, weights, onGate: recorder.hook }, image).dispose();
    const gates = await recorder.read();
    expect(gates.map(({ block }) => block)).toEqual([
      'encoder.se_input',
      ...[0, 1, 2, 3, 4].map((i) => `encoder.se${i}`),
    ]);
    expect(gates[0].values).toHaveLength(file.spec.bands);
    for (const { values } of gates) expect(values.every((g) => g >= 0 && g <= 1)).toBe(true);
    expect(tf.memory().numTensors).toBe(before);
    image.dispose();
    weights.dispose();
  });
});

/** An image [n, h, w, bands] brought out of the spectral frame of the golden file. */
function outOfFrame(
  image: tf.Tensor4D,
  { spec, frame }: ModelFile,
  io: ReadonlyMap<string, Tensor>,
): tf.Tensor {
  const { basis, mean } = frame ?? expect.fail('no frame');
  const axes = tf.tensor2d(basis, [basis.length / mean.length, mean.length]);
  const rotation = upload<tf.Rank.R2>(io.get('frame.rotation') as Tensor);
  const shift = upload<tf.Rank.R1>(io.get('frame.shift') as Tensor);
  const spectra = tf.reshape(image, [-1, spec.bands]);
  const x = tf.div(tf.sub(spectra, spec.input.mean), spec.input.std);
  const seen = tf.matMul(tf.sub<tf.Tensor2D>(x, tf.tensor1d(mean)), axes, false, true);
  const own = tf.add<tf.Tensor2D>(tf.matMul(seen, rotation), shift);
  const moved = tf.add(x, tf.matMul(tf.sub<tf.Tensor2D>(own, seen), axes));
  return tf.add(tf.mul(moved, spec.input.std), spec.input.mean);
}

/** Edge replication to sides that are multiples of 16, as a batch of one. */
function padded(image: tf.Tensor3D): tf.Tensor4D {
  const grow = (x: tf.Tensor3D, axis: 0 | 1): tf.Tensor3D => {
    const size = x.shape[axis];
    const indices = Array.from({ length: Math.ceil(size / 16) * 16 }, (_, i) =>
      Math.min(i, size - 1),
    );
    return tf.gather(x, indices, axis);
  };
  return tf.expandDims(grow(grow(image, 0), 1)) as tf.Tensor4D;
}
