import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveInputs } from './inputs';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hsc-'));
  for (const name of ['a.npz', 'a.json', 'b.img', 'b.hdr', 'c.mat', '.hidden']) {
    await writeFile(join(folder, name), name);
  }
});

afterAll(() => rm(folder, { recursive: true }));

const names = async (...inputs: string[]) =>
  (await resolveInputs(inputs)).map((path) => basename(path));

describe('resolveInputs', () => {
  it('finds the images of a folder and leaves out what only describes them', async () => {
    expect(await names(folder)).toEqual(['a.npz', 'b.img', 'c.mat']);
  });

  it('follows links, and says where a folder holds no image', async () => {
    const other = await mkdtemp(join(tmpdir(), 'hsc-'));
    await expect(resolveInputs([other])).rejects.toThrow(/no image in the folder/);
    await symlink(join(folder, 'a.npz'), join(other, 'linked.npz'));
    await symlink(join(folder, 'nowhere'), join(other, 'broken.npz'));
    expect(await names(other)).toEqual(['linked.npz']);
    await rm(other, { recursive: true });
  });

  it('takes a header that is named itself', async () => {
    expect(await names(join(folder, 'b.hdr'))).toEqual(['b.hdr']);
  });

  it('expands patterns and drops repeats', async () => {
    expect(await names(join(folder, '*.npz'), folder)).toEqual(['a.npz', 'b.img', 'c.mat']);
  });

  it('says what is missing', async () => {
    await expect(resolveInputs([join(folder, 'none.img')])).rejects.toThrow(/no file or folder/);
    await expect(resolveInputs([join(folder, '*.xyz')])).rejects.toThrow(/No file matches/);
  });
});
