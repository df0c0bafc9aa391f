import { setTimeout } from 'node:timers/promises';
import { getHeapCodeStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, expect, it } from 'vitest';
import { tensorCount } from '../../nn/backend';
import { useBackend } from '../../nn/testing';
import { evenly, OPTIONS, smoothCube, tinyCodec } from './testing';

const CYCLES = 1000;
const WARM_UP = 100;
/** One leaked copy of the cube a cycle would be 29 MB, one of its latents 1 MB. */
const GROWTH = 0.8 * 2 ** 20;
const SWEEP_MS = 100;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Bytes that live objects and their buffers take, without the machine code compiled for them. */
async function livingBytes(): Promise<number> {
  // Memory of dead buffers is given back in the background, after the collection that found them.
  collect();
  await setTimeout(SWEEP_MS);
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const code = getHeapCodeStatistics();
  return heapUsed + arrayBuffers - code.code_and_metadata_size - code.bytecode_and_metadata_size;
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
  const before = { tensors: tensorCount(), bytes: await livingBytes() };
  for (let i = WARM_UP; i < CYCLES; i++) expect(await cycle()).toBe(first);
  expect(tensorCount()).toBe(before.tensors);
  expect((await livingBytes()) - before.bytes).toBeLessThan(GROWTH);
});
