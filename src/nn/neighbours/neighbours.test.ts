import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatSafetensors, parseSafetensors, type Tensor } from '../../core/safetensors';
import { relativeError, upload, useBackend } from '../testing';
import { AUTOENCODERS, type AutoencoderId, parseAutoencoder } from './file';

const TOLERANCE = 1e-4;
const IDS = Object.keys(AUTOENCODERS) as AutoencoderId[];

function bytesOf(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`golden/${name}.safetensors`, import.meta.url)));
}

describe.each(['cpu', 'wasm'] as const)('parity with PyTorch on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(IDS)('%s', async (id) => {
    const before = tf.memory().numTensors;
    const model = await parseAutoencoder(bytesOf(`tiny-${id}`));
    const { network, architecture } = model;
    const io = Object.fromEntries(parseSafetensors(bytesOf(`tiny-${id}-io`)).tensors);
    const found = tf.tidy(() => ({
      latents: network.analyse(model.device(), upload(io.image)),
      decoded: network.synthesise(model.device(), upload(io.rounded), architecture),
    }));
    for (const name of ['latents', 'decoded'] as const) {
      expect(found[name].shape).toEqual(io[name].shape);
      expect(relativeError(await found[name].data(), io[name].data)).toBeLessThan(TOLERANCE);
    }
    expect(model.steps).toHaveLength(network.components(architecture));
    tf.dispose(found);
    model.release();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('weights files', () => {
  const whole = parseSafetensors(bytesOf('tiny-sscnet'));
  const parse = (changes: Record<string, Tensor | undefined>, metadata = {}) => {
    const tensors = new Map(whole.tensors);
    for (const [name, tensor] of Object.entries(changes)) {
      if (tensor) tensors.set(name, tensor);
      else tensors.delete(name);
    }
    return parseAutoencoder(
      formatSafetensors({ tensors, metadata: { ...whole.metadata, ...metadata } }),
    );
  };
  const vector = (...values: number[]): Tensor => ({
    dtype: 'F32',
    shape: [values.length],
    data: Float32Array.from(values),
  });

  it('of another kind, shape or content are refused by name', async () => {
    const refused = { code: 'bad-file' };
    await expect(parse({}, { format: 'hsc-model-5' })).rejects.toMatchObject(refused);
    await expect(parse({}, { codec: 'cae-2d' })).rejects.toMatchObject(refused);
    await expect(parse({}, { codec: 'toString' })).rejects.toMatchObject(refused);
    await expect(parse({}, { widths: '{}' })).rejects.toMatchObject(refused);
    await expect(parse({}, { bands: '15' })).rejects.toMatchObject(refused);
    await expect(parse({ 'head.0.bias': undefined })).rejects.toThrow(/head\.0\.bias .* missing/);
    await expect(parse({ 'head.0.bias': vector(1) })).rejects.toThrow(/head\.0\.bias/);
    await expect(parse({ more: vector(1) })).rejects.toThrow(/no place for the tensor more/);
    const steps = vector(...new Array(7).fill(0));
    await expect(parse({ steps })).rejects.toThrow(/not positive/);
    const notFinite = vector(...new Array(16).fill(Number.NaN));
    await expect(parse({ 'head.0.bias': notFinite })).rejects.toThrow(/not finite/);
  });
});
