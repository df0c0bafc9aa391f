import { describe, expect, it } from 'vitest';
import type { CodecPane } from '../../state/panes';
import type { Result } from '../../state/result';
import { DISTORTION, decoded } from '../../state/testing';
import { bestOf, COLUMNS } from './columns';

function pane(id: string, psnr: number | undefined): CodecPane {
  const result: Result = {
    fileName: id,
    file: new Uint8Array(1),
    reconstruction: decoded(id),
    rate: { bytes: 1, bpp: 1, bpppc: 1, ratio: 1 },
    distortion: psnr === undefined ? undefined : { ...DISTORTION, psnr, samDegrees: 60 - psnr },
  };
  return { id, codecId: 'a', rate: 1, grid: undefined, result };
}

const column = (id: string) => {
  const found = COLUMNS.find((one) => one.id === id);
  if (!found) throw new Error(id);
  return found;
};

describe('bestOf', () => {
  it('takes the highest PSNR and the lowest angle', () => {
    const panes = [pane('a', 30), pane('b', 33), pane('c', undefined)];
    expect([...bestOf(column('psnr'), panes)]).toEqual(['b']);
    expect([...bestOf(column('sam'), panes)]).toEqual(['b']);
  });

  it('marks ties together, and nothing where there is no difference or no merit', () => {
    expect([...bestOf(column('psnr'), [pane('a', 30), pane('b', 30), pane('c', 1)])]).toEqual([
      'a',
      'b',
    ]);
    expect(bestOf(column('psnr'), [pane('a', 30), pane('b', 30)]).size).toBe(0);
    expect(bestOf(column('psnr'), [pane('a', 30)]).size).toBe(0);
    expect(bestOf(column('bpp'), [pane('a', 30), pane('b', 31)]).size).toBe(0);
  });
});
