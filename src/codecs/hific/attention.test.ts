import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useBackend } from '../../nn/testing';
import { AttendedPatch, type AttentionEdits } from './attention';
import { HificCodec } from './codec';
import { hificMeta } from './meta';
import { evenly, OPTIONS, smoothCube, tinyStore } from './testing';

const NATIVE = evenly(24, 410, 990);
const NONE: AttentionEdits = { gates: [], bands: [] };

async function parts(variant: 'hific-se' | 'hific-opt' = 'hific-se') {
  const models = await tinyStore();
  return { models, meta: hificMeta(variant, 'fidelity', await models.entriesOf(variant)) };
}

async function read(cube = smoothCube(50, 37, NATIVE)): Promise<AttendedPatch> {
  const { meta, models } = await parts();
  return AttendedPatch.read(meta, models, cube, { ...OPTIONS, metadata: 'none' }, {});
}

describe('AttendedPatch', () => {
  let patch: AttendedPatch;
  beforeAll(async () => {
    await useBackend('wasm');
    patch = await read();
  });

  it('codes as the codec does, and reads the gates of every block in order', async () => {
    const { meta, models } = await parts();
    const codec = new HificCodec(meta, models);
    const options = { ...OPTIONS, metadata: 'none' } as const;
    const { file } = await codec.encode(smoothCube(50, 37, NATIVE), options);
    expect(patch.plain.file).toEqual(file);
    const decoded = await codec.decode(file, { bandsFrom: NATIVE });
    expect(patch.plain.cube).toEqual(decoded.cube);

    expect(patch.blocks.map(({ block }) => block)).toEqual([
      'encoder.se_input',
      ...[0, 1, 2, 3, 4].map((i) => `encoder.se${i}`),
      'generator.se_in',
      'generator.se_in2',
      'generator.block0.se1',
      'generator.block0.se2',
      'generator.upse0',
      'generator.upse1',
      'generator.upse2',
      'generator.detail_se',
      'generator.upse3',
    ]);
    expect(patch.blocks[0]).toMatchObject({ part: 'input' });
    expect(patch.blocks[0].gates).toHaveLength(16);
    const gates = patch.blocks.flatMap((block) => [...block.gates]);
    expect(gates.every((gate) => gate > 0 && gate < 1)).toBe(true);
  });

  it('changes nothing by factors of 1, bit for bit', async () => {
    const gates = patch.blocks.map(({ block }) => ({ block, channel: 3, factor: 1 }));
    const same = await patch.edited({ gates, bands: [{ band: 5, factor: 1 }] }, {});
    expect(same).toEqual(patch.plain);
    expect(await patch.edited(NONE, {})).toEqual(patch.plain);
  });

  it('changes pixels and no byte by muting a channel of G', async () => {
    const muted = { block: 'generator.upse3', channel: 2, factor: 0 };
    const edited = await patch.edited({ gates: [muted], bands: [] }, {});
    expect(edited.file).toEqual(patch.plain.file);
    expect(edited.cube.data).not.toEqual(patch.plain.cube.data);
    expect(edited.cube.data.every(Number.isFinite)).toBe(true);
  });

  it('changes the file by muting channels of E, at the same quantiser', async () => {
    const gates = Array.from({ length: 12 }, (_, channel) => ({
      block: 'encoder.se4',
      channel,
      factor: 0,
    }));
    const edited = await patch.edited({ gates, bands: [] }, {});
    expect(edited.file).not.toEqual(patch.plain.file);
    expect(edited.cube.data).not.toEqual(patch.plain.cube.data);
  });

  it('takes a band of the image towards its mean', async () => {
    const band = 12;
    const edited = await patch.edited({ gates: [], bands: [{ band, factor: 0 }] }, {});
    const spread = (data: ArrayLike<number>) => {
      const own = Array.from(data).filter((_, i) => i % 24 === band);
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      return Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length);
    };
    expect(spread(edited.cube.data)).toBeLessThan(spread(patch.plain.cube.data));
    expect(edited.file).not.toEqual(patch.plain.file);
  });

  it('knows where the weighed bands lie and the mean spectrum there', () => {
    const { wavelengthsNm, nearest, mean } = patch.inputBands();
    expect(wavelengthsNm).toEqual(evenly(16));
    expect(nearest[0]).toBe(0);
    expect(nearest[15]).toBe(23);
    expect(mean).toHaveLength(16);
    expect(mean.every((value) => value > 0 && value < 1e4)).toBe(true);
  });

  it('leaves no tensors behind', async () => {
    const cube = smoothCube(32, 32, NATIVE);
    const edits = { gates: [{ block: 'encoder.se0', channel: 0, factor: 0.5 }], bands: [] };
    const { meta, models } = await parts();
    const once = async () => {
      const own = await AttendedPatch.read(meta, models, cube, OPTIONS, {});
      await own.edited(edits, {});
    };
    await once();
    const before = tf.memory().numTensors;
    await once();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses what has no gates, has several, or does not exist', async () => {
    const plain = await parts('hific-opt');
    const cube = smoothCube(20, 20, NATIVE);
    await expect(
      AttendedPatch.read(plain.meta, plain.models, cube, OPTIONS, {}),
    ).rejects.toMatchObject({ code: 'bad-argument' });
    await expect(read(smoothCube(257, 16, NATIVE))).rejects.toMatchObject({
      code: 'limit',
      message: expect.stringContaining('256 × 256'),
    });
    for (const edits of [
      { gates: [{ block: 'generator.none', channel: 0, factor: 0 }], bands: [] },
      { gates: [{ block: 'encoder.se0', channel: 8, factor: 0 }], bands: [] },
      { gates: [{ block: 'encoder.se0', channel: 0, factor: -1 }], bands: [] },
      { gates: [], bands: [{ band: 24, factor: 0 }] },
    ]) {
      await expect(patch.edited(edits, {})).rejects.toMatchObject({ code: 'bad-argument' });
    }
  });
});
