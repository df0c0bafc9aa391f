import { describe, expect, it } from 'vitest';
import { parseFile } from '../core/bitstream/container';
import { VNIR_128 } from '../core/cube/grids';
import type { HyperspectralCube } from '../core/cube/types';
import { selectBands } from '../core/cube/window';
import { allBands, planBands } from './bands';
import { LosslessCodec } from './lossless/codec';

const CUBE: HyperspectralCube = {
  name: 'field',
  width: 8,
  height: 6,
  bands: 6,
  sampleType: 'uint16',
  wavelengthsNm: [450, 500, 550, 600, 650, 1700],
  leftOutBands: [0, 3],
  data: Uint16Array.from({ length: 8 * 6 * 6 }, (_, i) => (i * 37) % 1000),
};

describe('bands that the user leaves out', () => {
  it('are in no plan, and no reason to ask', () => {
    expect(allBands(CUBE).codedBands).toEqual([1, 2, 4, 5]);
    expect(planBands(VNIR_128, CUBE, 'covered').codedBands).toEqual([1, 2, 4]);
    expect(() => planBands(VNIR_128, CUBE, 'refuse')).toThrow('1 of 4 bands lie outside');
    const inside = { ...CUBE, leftOutBands: [5] };
    expect(planBands(VNIR_128, inside, 'refuse').codedBands).toEqual([0, 1, 2, 3, 4]);
    const nameless = { ...CUBE, wavelengthsNm: undefined };
    const plan = planBands(VNIR_128, nameless, 'refuse');
    expect(plan.codedBands).toEqual([1, 2, 4, 5]);
    expect(plan.toGrid.from).toBe(4);
  });

  it('are not in a lossless file, which says which bands it holds', async () => {
    const codec = new LosslessCodec();
    const encoded = await codec.encode(CUBE, { rate: 1, bandPolicy: 'refuse', metadata: 'all' });
    expect(encoded.codedBands).toEqual([1, 2, 4, 5]);
    expect(encoded.notes).toEqual(['The file holds 4 of 6 bands.']);
    const { metadata } = parseFile(encoded.file);
    expect(metadata?.selection).toEqual({ sourceBands: 6, codedBands: [1, 2, 4, 5] });
    expect(metadata?.wavelengthsNm).toEqual([500, 550, 650, 1700]);
    const { cube } = await codec.decode(encoded.file);
    expect(cube.data).toEqual(selectBands(CUBE.data, 6, [1, 2, 4, 5]));
  });
});
