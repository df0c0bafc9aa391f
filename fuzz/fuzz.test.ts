import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileBytes } from './files';
import { InputSource } from './inputs';
import { runLane, seedsOf } from './lane';
import { plan } from './main';
import { exhaustive, exhaustiveCount } from './mutations';
import { repaired } from './repair';
import { metadataShell, npzShell, safetensorsShell } from './shells';
import { TARGETS, targetNamed } from './targets';
import { addFigures, type Failure, noFigures } from './types';

/** Inputs of a target with a weight of 1. */
const INPUTS = 60;

describe('every target', () => {
  it.each(TARGETS)('$name survives its share of inputs, and accepts its seeds', async (target) => {
    const total = Math.ceil(INPUTS * Math.min(3, Math.max(0.1, target.weight)));
    const seeds = await seedsOf(target);
    const quick = seeds.filter(({ slow }) => !slow);
    const lane = { target: target.name, seed: 'test', from: 0, to: total, total };
    const failures: Failure[] = [];
    const sum = noFigures();
    await runLane(target, quick, lane, {
      failed: ({ input: _, ...failure }) => failures.push(failure),
      report: (_, figures) => addFigures(sum, figures),
    });
    expect(failures).toEqual([]);
    expect(sum.inputs).toBe(total);
    expect(sum.accepted).toBeGreaterThan(0);
    if (target.checked) expect(quick.every(({ digest }) => digest)).toBe(true);
  });
});

describe('inputs', () => {
  it('are the same again, and differ by seed', async () => {
    const target = targetNamed('npy');
    const seeds = await target.seeds();
    const some = (seed: string) => {
      const lane = { target: 'npy', seed, from: 0, to: 200, total: 200 };
      const source = new InputSource(target, seeds, lane);
      return Array.from({ length: 60 }, (_, i) => source.at(140 + i).parts);
    };
    expect(some('1')).toEqual(some('1'));
    expect(some('1')).not.toEqual(some('2'));
  });

  it('are cut off at every byte and turned over at every bit', () => {
    const bytes = Uint8Array.of(1, 2);
    const all = Array.from({ length: exhaustiveCount(bytes) }, (_, i) => [...exhaustive(bytes, i)]);
    expect(all.slice(0, 5)).toEqual([[], [1], [0, 2], [3, 2], [5, 2]]);
    expect(new Set(all.map(String)).size).toBe(18);
  });

  it('are shared out by weight, all of them', () => {
    const lanes = plan(TARGETS, 100_001, '1');
    const total = lanes.reduce((sum, { from, to }) => sum + to - from, 0);
    expect(total).toBe(100_001);
    expect(new Set(lanes.map(({ target }) => target)).size).toBe(TARGETS.length);
  });

  it.each([
    ['metadata', metadataShell, 'src/core/bitstream/golden/metadata.hsc', 'hsc'],
    ['zip', npzShell, 'src/formats/numpy/golden/compressed.npz', 'npz'],
    ['weights', safetensorsShell, 'src/core/bitstream/golden/model.safetensors', 'entropy model'],
  ])('come back out of the shell of %s', async (_, shell, path, target) => {
    const bytes = fileBytes(path);
    const { inside } = shell.open(bytes)!;
    const again = new Uint8Array(shell.close(inside, bytes));
    expect(shell.open(again)?.inside).toEqual(inside);
    await expect(targetNamed(target).run([{ name: 'again', bytes: again }])).resolves.toBeDefined();
  });

  it('reach what lies behind checks', async () => {
    const bytes = fileBytes('src/codecs/lossless/golden/smooth.hsc');
    bytes[bytes.length - 40] ^= 4;
    const run = (own: Uint8Array) =>
      targetNamed('hsc').run([{ name: 'x', bytes: new Uint8Array(own) }]);
    await expect(run(bytes)).rejects.toMatchObject({ code: 'check-failed' });
    await expect(run(repaired(bytes))).resolves.toBeDefined();
  });
});

describe('the command', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hsc-fuzz-test-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const fuzz = (...args: string[]) =>
    spawnSync(process.execPath, ['fuzz/run.mjs', ...args], { encoding: 'utf8' });

  it('sees every kind of failure, saves the input and goes on', () => {
    const args = ['--target', 'broken', '--n', '120', '--workers', '2', '--out', folder];
    const { status, stdout } = fuzz(...args);
    expect(status).toBe(1);
    const kinds = readdirSync(folder).map((name) => /^\d+-broken-(.*)/.exec(name)?.[1]);
    const expected = ['corrupt-result', 'crash', 'hang', 'memory', 'no-sentence', 'untyped-error'];
    expect([...new Set(kinds)].sort()).toEqual([undefined, ...expected, 'wrong-code'].sort());
    expect(stdout).toMatch(/\n120 inputs, \d+ failures\n$/);
    const typed = readdirSync(folder).find((name) => name.endsWith('untyped-error')) ?? '';
    const [target, parts] = readFileSync(join(folder, typed, 'report.txt'), 'utf8').split('\n');
    expect([target, parts]).toEqual(['broken', '["seed"]']);
    const again = fuzz('--replay', join(folder, typed));
    expect(again.status).toBe(1);
    expect(again.stdout).toMatch(/Not typed/);
  });

  it('ends with 0 and the same figures where nothing fails', () => {
    const run = (workers: string) =>
      execFileSync(
        process.execPath,
        ['fuzz/run.mjs', '--n', '900', '--target', 'delta,frame', '--workers', workers],
        {
          encoding: 'utf8',
        },
      );
    // Without the columns that take measure of the machine.
    const figures = (text: string) =>
      text.split('\n').map((line) => line.replace(/^(\S+ +\d+ +\d+ +\d+) +\d+ +\d+ /, '$1 '));
    const [one, two] = [run('1'), run('2')];
    expect(figures(one)).toEqual(figures(two));
    expect(one).toMatch(/\n900 inputs, 0 failures\n$/);
  });
});
