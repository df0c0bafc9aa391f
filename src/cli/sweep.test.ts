import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Codec, CodecMeta } from '../codecs/types';
import { VSWIR_200 } from '../core/cube/grids';
import { HscError } from '../core/errors';
import type { Measured } from './measure';
import { ratesOf, type SweepPlan, sweep } from './sweep';
import { ProgressLine } from './terminal';

const meta: CodecMeta = {
  id: 'failing',
  label: 'Failing',
  family: 'none',
  description: '',
  targetRates: [0.2, 0.4],
  rateRange: [0.2, 1],
};

/** Fails at every rate that it is asked for, and remembers it. */
function failing(asked: number[]): Codec {
  const fail = async (): Promise<never> => {
    throw new HscError('bad-argument', 'It does not fit.');
  };
  return {
    meta,
    encode: (_, { rate }) => {
      asked.push(rate);
      return fail();
    },
    decode: fail,
  };
}

let printed: string[];
let keep: string;

beforeEach(async () => {
  printed = [];
  keep = await mkdtemp(join(tmpdir(), 'hsc-'));
  vi.spyOn(process.stderr, 'write').mockImplementation((line) => printed.push(String(line)) > 0);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(keep, { recursive: true });
});

it('asks a codec for no rate that it does not serve', () => {
  expect(ratesOf(meta, undefined)).toEqual({ rates: [0.2, 0.4], outside: [] });
  expect(ratesOf(meta, [0.1, 0.2, 0.2, 1, 2])).toEqual({ rates: [0.2, 1], outside: [0.1, 2] });
  expect(ratesOf({ ...meta, rateRange: undefined }, [9]).rates).toEqual([9]);
});

it('measures a codec without rates once', () => {
  expect(ratesOf({ ...meta, targetRates: [] }, [0.1, 0.2])).toEqual({
    rates: [undefined],
    outside: [],
  });
});

it('goes on after a failure, and counts it', async () => {
  const asked: number[] = [];
  const found: Measured[] = [];
  const plan: SweepPlan = {
    inputs: ['none.npz', 'sample:town', 'sample:fields'],
    open: {},
    codecs: [failing(asked)],
    rates: [0.2, 0.4, 8],
    metadata: 'none',
    backend: 'cpu',
    keep,
  };
  const { signal } = new AbortController();
  const failures = await sweep(plan, (one) => found.push(one), new ProgressLine(), signal);
  expect(asked).toEqual([0.2, 0.4, 0.2, 0.4]);
  expect(found).toEqual([]);
  expect(failures).toHaveLength(5);
  expect(failures[0]).toMatch(/^none\.npz: /);
  expect(printed[0]).toBe('failing serves 0.2 to 1 bpp: 8 left out.\n');
  expect(printed).toContain('sample-town failing 0.2: It does not fit.\n');
});

it('leaves out a codec that does not work on the grid, and says so', async () => {
  const asked: number[] = [];
  const codec = failing(asked);
  const plan: SweepPlan = {
    inputs: ['sample:town'],
    open: {},
    codecs: [{ ...codec, meta: { ...meta, grids: ['vnir-128'] } }, codec],
    rates: [0.3],
    grid: VSWIR_200,
    metadata: 'none',
    backend: 'cpu',
    keep,
  };
  const { signal } = new AbortController();
  await sweep(plan, () => {}, new ProgressLine(), signal);
  expect(asked).toEqual([0.3]);
  expect(printed).toContain('failing does not work on vswir-200: left out.\n');
});
