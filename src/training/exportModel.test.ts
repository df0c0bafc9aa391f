import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseSafetensors } from '../core/safetensors';
import { readFinite } from '../nn/finite';
import { hyperAnalysis } from '../nn/hyper';
import { sha256Of } from '../nn/modelFile';
import { rateGains } from '../nn/rateGains';
import { goldenBytes, relativeError, useBackend } from '../nn/testing';
import { analysisTransform, synthesisTransform } from '../nn/transforms';
import { contextModel } from './context';
import { hyperDecoded, rounded } from './entropy';
import { type ExportRequest, exportModel } from './exportModel';
import type { FloatCodec } from './floatCodec';
import { restoreCodec } from './restore';
import { trainingGolden, trainingGoldenBytes } from './testing';
import { TrainingWeights } from './trainingWeights';

const parent = goldenBytes('tiny-hific-se');
const source = parseSafetensors(parent);
const tuned = trainingGolden('tuned');
const expected = parseSafetensors(trainingGoldenBytes('exported'));

beforeAll(() => useBackend('wasm'));

function crops(): tf.Tensor4D {
  const { shape, data } = tuned.crops;
  return tf.tensor(data, [...shape] as [number, number, number, number]);
}

function noCrops(): never {
  throw new Error('no image is needed');
}

async function tunedCodec(): Promise<FloatCodec> {
  const codec = await restoreCodec(parent, tuned.units.plane);
  return { ...codec, parameters: tuned.parameters, units: tuned.units };
}

/** The tuned codec exported with some of its parameters, and the names of tensors that changed. */
async function exported(changes: Partial<ExportRequest> & { learned: Iterable<string> }) {
  const request = { parent, codec: await tunedCodec(), crops, training: {} };
  const bytes = await exportModel({ ...request, ...changes });
  const content = parseSafetensors(bytes);
  const changed = [...content.tensors].filter(([name, tensor]) => {
    const { dtype, shape, data } = source.tensors.get(name) ?? tensor;
    const same =
      dtype === tensor.dtype &&
      shape.join() === tensor.shape.join() &&
      data.length === tensor.data.length &&
      data.every((value, i) => Object.is(value, tensor.data[i]));
    return !same;
  });
  return { bytes, ...content, changed: changed.map(([name]) => name).sort() };
}

/** What a codec makes of the training images at the middle target. */
async function computed(codec: FloatCodec): Promise<Record<string, Float32Array>> {
  const net = { spec: codec.spec, weights: new TrainingWeights(codec) };
  const tensors = tf.tidy(() => {
    const y = analysisTransform(net, crops());
    const positions = [2, 2, 2];
    const s = tf.mul<tf.Tensor4D>(y, rateGains(net, positions));
    const z = hyperAnalysis(net, s);
    const hyper = hyperDecoded(net, rounded(z), s);
    const { mean, index } = contextModel(net, rounded(s), hyper, positions);
    return { y, z, mean, index, image: synthesisTransform(net, y, 2) };
  });
  net.weights.dispose();
  const read = Object.entries(tensors).map(async ([name, own]) => [name, await readFinite(own)]);
  return Object.fromEntries(await Promise.all(read));
}

const namesWith = (...starts: string[]) =>
  [...tuned.parameters.keys()].filter((name) => starts.some((start) => name.startsWith(start)));

describe('exportModel', () => {
  it('gives the integers that PyTorch gives', async () => {
    const { tensors, metadata } = await exported({ learned: tuned.parameters.keys() });
    expect([...tensors.keys()].sort()).toEqual([...expected.tensors.keys()].sort());
    for (const [name, tensor] of expected.tensors) expect(tensors.get(name), name).toEqual(tensor);
    expect(JSON.parse(metadata.shifts)).toEqual(JSON.parse(expected.metadata.shifts));
  });

  it('restores to a codec that computes the same, within rounding', async () => {
    const { bytes } = await exported({ learned: tuned.parameters.keys() });
    const codecs = [await tunedCodec(), await restoreCodec(bytes, tuned.units.plane)];
    const [was, now] = await Promise.all(codecs.map(computed));
    for (const [name, values] of Object.entries(was)) {
      expect(relativeError(now[name], values), name).toBeLessThan(5e-3);
    }
  });

  it('gives the parent back where nothing was trained, and asks for no images', async () => {
    const { tensors, metadata, changed } = await exported({ learned: [], crops: noCrops });
    expect(changed).toEqual([]);
    expect([...tensors.keys()]).toEqual([...source.tensors.keys()]);
    expect(JSON.parse(metadata.shifts)).toEqual(JSON.parse(source.metadata.shifts));
    expect(metadata.spec).toBe(source.metadata.spec);
  });

  it('leaves everything that symbols hang on as it is where only the decoder was trained', async () => {
    const learned = namesWith('generator.', 'bypass.synthesis.');
    const { changed } = await exported({ learned, crops: noCrops });
    expect(changed).toEqual([...learned].sort());
  });

  const tables = (name: string) => ['cdf', 'length', 'min'].map((part) => `tables.${name}.${part}`);
  it.each([
    [
      'the context model',
      ['context.'],
      ['tables.y.cdf'],
      ['tables.z.cdf', 'hyper_mean.conv0.weight'],
    ],
    ['the prior', ['z_'], ['tables.z.cdf'], ['tables.y.cdf', 'context.in.weight']],
    ['gains', ['log_gains'], ['tables.y.cdf', 'tables.z.cdf'], ['context.in.weight']],
    ['a head', ['hyper_scale.'], ['tables.y.cdf'], ['tables.z.cdf', 'hyper_mean.conv0.weight']],
  ])('makes anew what depends on %s, nothing else', async (_, starts, made, kept) => {
    const learned = namesWith(...starts);
    const { changed } = await exported({ learned });
    const own = learned.map((name) => name.replace(/^(context|hyper_)(.*)kernel$/, '$1$2weight'));
    for (const name of changed) {
      const allowed = own.includes(name) || [...tables('y'), ...tables('z')].includes(name);
      expect(allowed, name).toBe(true);
    }
    expect(changed).toEqual(expect.arrayContaining(made));
    for (const name of kept) expect(changed).not.toContain(name);
  });

  it('says in the file what it came from', async () => {
    const training = { name: 'Pavia', steps: 20 };
    const { metadata } = await exported({ learned: ['log_gains'], training });
    expect(JSON.parse(metadata.training)).toEqual({
      ...training,
      learned: ['log_gains'],
      parent: { sha256: await sha256Of(parent), training: JSON.parse(source.metadata.training) },
    });
    expect(metadata.stage).toBe('fidelity');
  });

  it('frees all tensors', async () => {
    await exported({ learned: namesWith('hyper_', 'context.') });
    const { numTensors } = tf.memory();
    await exported({ learned: namesWith('hyper_', 'context.') });
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  it.each([
    ['generator.out.bias', Number.NaN],
    ['generator.out.bias', 1e6],
    ['context.in.bias', 1e9],
    ['hyper_mean.conv2.kernel', 1e9],
  ])('refuses %s of %s', async (name, value) => {
    const codec = await tunedCodec();
    const parameters = new Map(codec.parameters);
    const { shape, data } = parameters.get(name) ?? { shape: [], data: new Float32Array(0) };
    parameters.set(name, { shape, data: data.map(() => value) });
    const refused = exported({ codec: { ...codec, parameters }, learned: [name] });
    await expect(refused).rejects.toMatchObject({ code: expect.stringMatching('limit|device') });
  });

  it('stops when asked to', async () => {
    const request = { parent, codec: await tunedCodec(), crops, training: {} };
    const aborted = AbortSignal.abort();
    const run = exportModel({ ...request, learned: ['log_gains'] }, { signal: aborted });
    await expect(run).rejects.toMatchObject({ code: 'aborted' });
  });
});
