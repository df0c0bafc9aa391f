import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { formatSafetensors, parseSafetensors, type Safetensors } from '../core/safetensors';
import type { Lineage } from './lineage';
import { parseModelFile, sha256Of } from './modelFile';
import { ModelStore } from './models';
import { goldenBytes, goldenModels, localWeights, useBackend } from './testing';

const bytes = goldenBytes('tiny-hific-se');

/** The golden model with something changed. */
function changed(
  change: (content: {
    tensors: Map<string, Safetensors['tensors'] extends ReadonlyMap<string, infer T> ? T : never>;
    metadata: Record<string, string>;
  }) => void,
): Uint8Array<ArrayBuffer> {
  const { tensors, metadata } = parseSafetensors(bytes);
  const content = { tensors: new Map(tensors), metadata: { ...metadata } };
  change(content);
  return formatSafetensors(content);
}

describe('parseModelFile', () => {
  it('reads spec, digest, entropy model and parameters', async () => {
    const file = await parseModelFile(bytes);
    expect(file.spec.name).toBe('hific-se');
    expect(file.sha256).toBe(await sha256Of(bytes));
    expect(file.entropy.latentChannels).toBe(file.spec.latentChannels);
    expect(file.parameters.get('encoder.conv0.kernel')?.shape).toEqual([3, 3, 16, 8]);
    expect(file.frame?.basis).toHaveLength(6 * 16);
    expect(file.frame?.mean).toHaveLength(16);
  });

  it.each([
    ['a missing tensor', /lacks the tensor generator.up1.bias/, 'generator.up1.bias'],
    ['a missing axis of the spectral frame', /lacks the tensor frame.basis/, 'frame.basis'],
    ['a missing integer tensor', /hyper_scale.conv1.weight/, 'hyper_scale.conv1.weight'],
  ])('names %s', async (_, message, name) => {
    const file = changed(({ tensors }) => tensors.delete(name));
    await expect(parseModelFile(file)).rejects.toThrow(message);
  });

  it('names a tensor of the wrong shape and one that is too many', async () => {
    const wrong = changed(({ tensors }) => {
      tensors.set('encoder.norm2.gain', { dtype: 'F32', shape: [1], data: new Float32Array(1) });
    });
    await expect(parseModelFile(wrong)).rejects.toThrow(/encoder.norm2.gain.*F32 \[1\].*\[12\]/);
    const extra = changed(({ tensors }) => {
      tensors.set('encoder.conv9.bias', { dtype: 'F32', shape: [1], data: new Float32Array(1) });
    });
    await expect(parseModelFile(extra)).rejects.toThrow(/no place for the tensor encoder.conv9/);
  });

  it('refuses axes of another type or without numbers', async () => {
    const shape = [6, 16];
    const short = changed(({ tensors }) => {
      tensors.set('frame.basis', { dtype: 'F16', shape, data: new Float32Array(96) });
    });
    await expect(parseModelFile(short)).rejects.toThrow(/frame.basis.*F16.*F32 \[6,16\]/);
    const empty = changed(({ tensors }) => {
      const data = new Float32Array(96).fill(Number.NaN);
      tensors.set('frame.basis', { dtype: 'F32', shape, data });
    });
    await expect(parseModelFile(empty)).rejects.toThrow(/frame.basis.*not finite/);
  });

  it('refuses other formats, shifts and architectures', async () => {
    const cases: [RegExp, (metadata: Record<string, string>) => void][] = [
      [
        /format hsc-model-5/,
        (metadata) => {
          metadata.format = 'other';
        },
      ],
      [
        /shifts/,
        (metadata) => {
          metadata.shifts = '{}';
        },
      ],
      [
        /spec|description/,
        (metadata) => {
          metadata.spec = '{}';
        },
      ],
    ];
    for (const [message, change] of cases) {
      const file = changed(({ metadata }) => change(metadata));
      await expect(parseModelFile(file)).rejects.toThrow(message);
    }
  });
});

describe('ModelStore', () => {
  beforeAll(() => useBackend('cpu'));

  it('loads a model once, tells progress and frees what it uploaded', async () => {
    const { fetch, fetched } = await goldenModels();
    const store = new ModelStore(fetch);
    const progress: number[] = [];
    const [model, again] = await Promise.all([
      store.load('hific-se', (done) => progress.push(done)),
      store.load('hific-se'),
    ]);
    expect(again).toBe(model);
    expect(fetched).toEqual(['manifest.json', 'tiny-hific-se.safetensors']);
    expect(progress.at(-1)).toBe(1);
    expect(await store.findByDigest(model.digest)).toMatchObject({ id: 'hific-se' });
    expect(await store.findByDigest('00000000')).toBeUndefined();
    const before = tf.memory().numTensors;
    expect(model.network().spec.preset).toBe('tiny');
    expect(tf.memory().numTensors).toBeGreaterThan(before);
    await store.release();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('throws `model-missing`, `model-mismatch` and `bad-file`, and can try again', async () => {
    const { fetch } = await goldenModels();
    await expect(new ModelStore(fetch).load('hific-xl')).rejects.toMatchObject({
      code: 'model-missing',
    });
    const other = goldenBytes('tiny-hific-opt');
    const swapped = new ModelStore(async (file) =>
      file === 'manifest.json' ? fetch(file) : other,
    );
    await expect(swapped.load('hific-se')).rejects.toMatchObject({ code: 'model-mismatch' });
    const nonsense = new ModelStore(async () => new TextEncoder().encode('{"models":[{}]}'));
    await expect(nonsense.entries()).rejects.toMatchObject({ code: 'bad-file' });
    let broken = true;
    const flaky = new ModelStore(async (file) => {
      if (broken) throw new Error('offline');
      return fetch(file);
    });
    await expect(flaky.load('hific-se')).rejects.toThrow('offline');
    broken = false;
    expect((await flaky.load('hific-se')).id).toBe('hific-se');
  });
});

function nested(depth: number): unknown {
  return depth === 0 ? 0 : [nested(depth - 1)];
}

describe('local models', () => {
  beforeAll(() => useBackend('cpu'));

  const lineage: Lineage = {
    parent: 'hific-se',
    parentDigest: 'ab'.repeat(32),
    scenes: ['Pavia'],
    settings: { part: 'generator', objective: 'fidelity' },
    step: 40,
    date: '2026-11-26T12:00:00Z',
  };
  const tuned = localWeights('tiny-hific-se', { name: 'Pavia', lineage });

  it('stand beside those of the manifest under a codec of their own', async () => {
    const { fetch, fetched } = await goldenModels();
    const store = new ModelStore(fetch);
    const { id } = await store.addLocal(tuned);
    const digest = (await sha256Of(tuned)).slice(0, 8);
    expect(id).toBe(`hific-se@${digest}`);
    const [entry] = await store.entriesOf(id);
    expect(entry).toMatchObject({
      codec: id,
      label: 'hific-se, tuned: Pavia',
      grid: 'tiny-16',
      local: { variant: 'hific-se', name: 'Pavia', like: { codec: 'hific-se' }, lineage },
    });
    expect(await store.entriesOf('hific-se')).toHaveLength(1);
    expect(await store.findByDigest(digest)).toMatchObject({ id });
    const model = await store.loadFor(id, 'tiny-16');
    expect([model.codec, model.digest]).toEqual([id, digest]);
    expect(await store.weightsFor(id, 'tiny-16')).toBe(tuned);
    expect(fetched).toEqual(['manifest.json']);
    await store.addLocal(tuned, 'again');
    expect(store.localEntries()).toHaveLength(1);
  });

  it('take the name that they are given, and free the device when they go', async () => {
    const store = new ModelStore((await goldenModels()).fetch);
    const { id, label } = await store.addLocal(localWeights('tiny-hific-se', {}), ' my scene ');
    expect(label).toBe('hific-se, tuned: my scene');
    const before = tf.memory().numTensors;
    (await store.load(id)).network();
    expect(tf.memory().numTensors).toBeGreaterThan(before);
    await store.removeLocal(id);
    expect(tf.memory().numTensors).toBe(before);
    expect(store.localEntries()).toEqual([]);
    await expect(store.load(id)).rejects.toMatchObject({ code: 'model-missing' });
    await store.removeLocal(id);
  });

  it('are not what the manifest lists already', async () => {
    const store = new ModelStore((await goldenModels()).fetch);
    expect(await store.addLocal(bytes)).toMatchObject({ id: 'hific-se' });
    expect(store.localEntries()).toEqual([]);
  });

  it('say nothing of their training where their record is nonsense', async () => {
    const records = [
      { lineage: { parent: 3 }, name: 'x' },
      { name: ['y'] },
      { name: 'z'.repeat(501) },
      { lineage: { ...lineage, settings: { ...lineage.settings, more: nested(20) } } },
    ];
    for (const training of records) {
      const store = new ModelStore((await goldenModels()).fetch);
      await store.addLocal(localWeights('tiny-hific-se', training));
      expect(store.localEntries()[0].local.lineage).toBeUndefined();
    }
  });

  it('are refused where they could not be run', async () => {
    const shape = [12];
    const hostile: [Uint8Array<ArrayBuffer>, string][] = [
      [new Uint8Array(40), 'bad-file'],
      [bytes.slice(0, 5000), 'truncated'],
      [
        localWeights('tiny-hific-se', {}, (tensors) => {
          const data = new Float32Array(12).fill(Number.NaN);
          tensors.set('encoder.norm2.gain', { dtype: 'F32', shape, data });
        }),
        'bad-file',
      ],
      [changed(({ metadata }) => setSpec(metadata, { grid: 'mars-7' })), 'unsupported'],
      [changed(({ metadata }) => setSpec(metadata, { bands: 1e9 })), 'bad-file'],
      [changed(({ metadata }) => setSpec(metadata, { grid: 'vnir-128' })), 'bad-file'],
    ];
    const store = new ModelStore((await goldenModels()).fetch);
    for (const [file, code] of hostile) {
      await expect(store.addLocal(file)).rejects.toMatchObject({ code });
    }
    expect(store.localEntries()).toEqual([]);
  });
});

function setSpec(metadata: Record<string, string>, fields: Record<string, unknown>): void {
  metadata.spec = JSON.stringify({ ...JSON.parse(metadata.spec), ...fields });
}
