import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, expect, it } from 'vitest';
import { tensorCount } from '../../nn/backend';
import { useBackend } from '../../nn/testing';
import { evenly, OPTIONS, smoothCube, tinyCodec } from './testing';

const CYCLES = 1000;
const WARM_UP = 100;
/** One leaked copy of the cube a cycle would be 29 MB, one of its latents 1 MB. */
const GROWTH = 0.8 * 2 ** 20;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Bytes that live objects and their buffers take. */
function livingBytes(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

beforeAll(() => useBackend('wasm'));

it(`${CYCLES} times encoding and decoding leave nothing behind`, { timeout: 300_000 }, async () => {
  const cube = smoothCube(32, 24, evenly(20, 405, 995));
  const codec = await tinyCodec('hific-se');
  const cycle = async () => {
    const { file } = await codec.encode(cube, OPTIONS);
    return (await codec.decode(file)).symbolDigest;
  };
  const first = await cycle();
  for (let i = 1; i < WARM_UP; i++) await cycle();
  const before = { tensors: tensorCount(), bytes: livingBytes() };
  for (let i = WARM_UP; i < CYCLES; i++) expect(await cycle()).toBe(first);
  expect(tensorCount()).toBe(before.tensors);
  expect(livingBytes() - before.bytes).toBeLessThan(GROWTH);
});
