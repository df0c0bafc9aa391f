import { describe, expect, it } from 'vitest';
import { goldenBytes, relativeError } from '../nn/testing';
import { restoreCodec } from './restore';
import { trainingGolden } from './testing';

const source = goldenBytes('tiny-hific-se');
const expected = trainingGolden('restored');
const spread = expected.units.plane;

describe('restoreCodec', () => {
  it('gives the floats that PyTorch trains on', async () => {
    const codec = await restoreCodec(source, spread);
    expect([...codec.parameters.keys()].sort()).toEqual([...expected.parameters.keys()].sort());
    for (const [name, { shape, data }] of expected.parameters) {
      const own = codec.parameters.get(name);
      expect(own?.shape, name).toEqual(shape);
      expect(relativeError(own?.data ?? [], data), name).toBeLessThan(1e-6);
    }
    expect(codec.units).toEqual(expected.units);
    expect(codec.frame?.basis).toHaveLength(6 * 16);
  });

  it('asks for the spread of every spectral component', async () => {
    const refused = [null, spread.subarray(1), spread.map((s, i) => (i === 0 ? 0 : s))];
    for (const wrong of refused) {
      await expect(restoreCodec(source, wrong)).rejects.toMatchObject({ code: 'bad-argument' });
    }
  });
});
