import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobSource, bytesSource, decodeText, stemOf } from './bytes';
import { pathSource, pathSources } from './bytesNode';
import type { ByteSource } from './types';

const content = Uint8Array.from({ length: 100 }, (_, i) => i);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bytes-'));
  for (const name of ['a', 'a.hdr', 'a.img', 'a.img.hdr', 'ab.img', 'b.json', 'b.npz']) {
    await writeFile(join(folder, name), content);
  }
});

afterAll(() => rm(folder, { recursive: true }));

describe.each<[string, () => Promise<ByteSource>]>([
  ['Blob', async () => blobSource(new File([content], 'a.img'))],
  ['bytes', async () => bytesSource(content, 'a.img')],
  ['Node Buffer', async () => bytesSource(Buffer.from(content), 'a.img')],
  ['path', () => pathSource(join(folder, 'a.img'))],
])('a source over a %s', (_kind, open) => {
  it('reads exactly the bytes asked for, as a copy', async () => {
    const source = await open();
    expect([source.name, source.size]).toEqual(['a.img', 100]);
    const bytes = await source.read(10, 5);
    expect([...bytes]).toEqual([10, 11, 12, 13, 14]);
    bytes.fill(0);
    expect([...(await source.read(10, 2))]).toEqual([10, 11]);
    expect([...(await source.read(100, 0))]).toEqual([]);
    await source.close?.();
    expect([...(await source.read(0, 1))]).toEqual([0]);
    await source.close?.();
  });

  it('refuses to read past the end', async () => {
    const source = await open();
    await expect(source.read(96, 5)).rejects.toMatchObject({
      code: 'truncated',
      message: expect.stringMatching(/a\.img.*101 bytes, the file has 100/),
    });
    await expect(source.read(-1, 5)).rejects.toMatchObject({ code: 'bad-argument' });
    await source.close?.();
  });
});

describe('files on disk', () => {
  it('come with those that belong to them', async () => {
    const names = async (name: string) =>
      (await pathSources(join(folder, name))).map((source) => source.name).sort();
    expect(await names('a.hdr')).toEqual(['a', 'a.hdr', 'a.img']);
    expect(await names('a.img')).toEqual(['a', 'a.hdr', 'a.img', 'a.img.hdr']);
    expect(await names('b.npz')).toEqual(['b.json', 'b.npz']);
    expect((await pathSources(join(folder, 'b.npz')))[0].name).toBe('b.npz');
  });

  it('that are missing, folders, or cut while open give an error that says so', async () => {
    await expect(pathSource(join(folder, 'none'))).rejects.toMatchObject({
      code: 'io',
      message: expect.stringMatching(/none cannot be read: there is no such file/),
    });
    await expect(pathSources(join(folder, 'none'))).rejects.toMatchObject({ code: 'io' });
    await expect(pathSource(folder)).rejects.toMatchObject({ code: 'io' });
    const path = join(folder, 'ab.img');
    const source = await pathSource(path);
    await truncate(path, 10);
    await expect(source.read(0, 50)).rejects.toMatchObject({ code: 'truncated' });
    await source.close?.();
  });
});

describe('names and text', () => {
  it.each([
    ['a.img', 'a'],
    ['dir.x/a.b.hdr', 'a.b'],
    ['a', 'a'],
    ['.hidden', '.hidden'],
  ])('the stem of %s is %s', (name, stem) => {
    expect(stemOf(name)).toBe(stem);
  });

  it('are UTF-8 or else Latin-1', () => {
    expect(decodeText(Uint8Array.of(0xc2, 0xb5))).toBe('µ');
    expect(decodeText(Uint8Array.of(0xb5))).toBe('µ');
  });
});
