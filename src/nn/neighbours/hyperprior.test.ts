import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { roundToSymbol } from '../../core/entropy/latentCoder';
import { scaleIndices } from '../../core/entropy/scaleHyperprior';
import { formatSafetensors, parseSafetensors, type Tensor } from '../../core/safetensors';
import { relativeError, useBackend } from '../testing';
import { parseHyperprior } from './hyperprior';

const TOLERANCE = 1e-4;
/** As in `golden_neighbours.py`. */
const POSITION = 1.5;

function bytesOf(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`golden/${name}.safetensors`, import.meta.url)));
}

describe.each(['cpu', 'wasm'] as const)('parity with PyTorch on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it('hyperprior', async () => {
    const before = tf.memory().numTensors;
    const model = await parseHyperprior(bytesOf('tiny-hyperprior'));
    const io = Object.fromEntries(parseSafetensors(bytesOf('tiny-hyperprior-io')).tensors);
    const [, height, width] = io.image.shape;
    const latents = await model.analyse(Float32Array.from(io.image.data), height, width);
    expect(relativeError(latents, io.latents.data)).toBeLessThan(TOLERANCE);
    const rounded = Float32Array.from(io.rounded.data);
    const decoded = await model.synthesise(rounded, height / 16, width / 16);
    expect(relativeError(decoded, io.decoded.data)).toBeLessThan(TOLERANCE);

    const { latentChannels: channels } = model.spec;
    const size = { height: height / 16, width: width / 16 };
    const low = Math.floor(POSITION) * channels;
    for (let group = 0; group < model.groups; group++) {
      const scaled = new Float32Array(size.height * size.width * channels).map((_, i) => {
        const [at, c] = [Math.floor(i / channels), i % channels];
        const { logGains } = model;
        const gain = Math.exp((logGains[low + c] + logGains[low + channels + c]) / 2);
        return gain * Number(io.latents.data[at * model.components + group * channels + c]);
      });
      const z = await model.hyperAnalyse(scaled, size.height, size.width);
      const expected = Float32Array.from(io.hyper_latents.data).subarray(
        group * z.length,
        (group + 1) * z.length,
      );
      expect(relativeError(z, expected)).toBeLessThan(TOLERANCE);
      const scales = scaleIndices(model.entropy, Int32Array.from(z, roundToSymbol), size);
      const own = io.scales.data.slice(group * scales.length, (group + 1) * scales.length);
      expect(Array.from(scales)).toEqual(Array.from(own));
    }
    model.release();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('weights files', () => {
  const whole = parseSafetensors(bytesOf('tiny-hyperprior'));
  const parse = (changes: Record<string, Tensor | undefined>, metadata = {}) => {
    const tensors = new Map(whole.tensors);
    for (const [name, tensor] of Object.entries(changes)) {
      if (tensor) tensors.set(name, tensor);
      else tensors.delete(name);
    }
    return parseHyperprior(
      formatSafetensors({ tensors, metadata: { ...whole.metadata, ...metadata } }),
    );
  };

  it('of another kind, shape or content are refused by name', async () => {
    const refused = { code: 'bad-file' };
    await expect(parse({}, { format: 'hsc-model-5' })).rejects.toMatchObject(refused);
    await expect(parse({}, { spec: '{}' })).rejects.toThrow(/no specification/);
    await expect(parse({}, { shifts: '[1, 2]' })).rejects.toThrow(/no shifts/);
    const spec = { ...JSON.parse(whole.metadata.spec), group: 5 };
    await expect(parse({}, { spec: JSON.stringify(spec) })).rejects.toThrow(/groups/);
    for (const name of ['encoder.conv0.bias', 'hyper_scale.conv1.weight', 'tables.z.min']) {
      await expect(parse({ [name]: undefined })).rejects.toThrow(name);
    }
    const negative: Tensor = { dtype: 'F32', shape: [5], data: new Float32Array(5) };
    await expect(parse({ 'decoder.norm0.beta': negative })).rejects.toThrow(/decoder\.norm0\.beta/);
  });
});
