import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupFiles } from './groups';

const named = (...paths: string[]) =>
  paths.map((path) => ({
    name: path.split('/').at(-1) ?? '',
    webkitRelativePath: `chosen/${path}`,
  }));
const grouped = (...paths: string[]) =>
  groupFiles(named(...paths)).map(({ files }) => files.map(({ name }) => name));

describe('files of a folder', () => {
  it('are split into cubes with their headers and sidecars', () => {
    expect(
      grouped(
        'b.img',
        'a.npy',
        'b.hdr',
        'a.json',
        'c.mat',
        'a.hsc-meta.json',
        'c.tif.hdr',
        'c.tif',
        'readme.txt',
        'a.hsc',
        '.DS_Store',
      ),
    ).toEqual([
      ['a.npy', 'a.json', 'a.hsc-meta.json'],
      ['b.hdr', 'b.img'],
      ['c.mat'],
      ['c.tif.hdr', 'c.tif'],
    ]);
  });

  it('never join a header with a file of a format of its own beside its data', () => {
    expect(grouped('x.mat', 'x.hdr', 'x.raw', 'x')).toEqual([['x.mat'], ['x.hdr', 'x.raw', 'x']]);
  });

  it('keep apart what lies in different folders', () => {
    expect(groupFiles(named('one/x.hdr', 'one/x.img', 'two/x.hdr'))).toMatchObject([
      { name: 'x.img', folder: 'one' },
      { name: 'x.hdr', folder: 'two' },
    ]);
  });

  it('fall into the same groups in any order, each file into one at most', () => {
    const paths = ['a.hdr', 'a.img', 'a.json', 'b.npy', 'c', 'c.hdr', 'd/e.tif', 'd/e.xml'];
    const sorted = (order: readonly string[]) =>
      groupFiles(named(...order)).map(({ files }) => files.map(({ name }) => name).sort());
    fc.assert(
      fc.property(fc.shuffledSubarray(paths, { minLength: paths.length }), (order) => {
        expect(sorted(order)).toEqual(sorted(paths));
        const files = groupFiles(named(...order)).flatMap((group) => group.files);
        expect(new Set(files).size).toBe(files.length);
      }),
    );
  });
});
