import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { blobSource, bytesSource } from '../bytes';
import { pathSource } from '../bytesNode';
import { type SyncBytes, syncBytes } from './syncBytes';

const bytes = Uint8Array.from({ length: 1_500_000 }, (_, i) => (i * 7919) >> 7);

/** What a worker has; the Blob is replaced by the bytes it was made of. */
class FakeReaderSync {
  readAsArrayBuffer(part: { start: number; end: number }): ArrayBuffer {
    return bytes.slice(part.start, part.end).buffer;
  }
}

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sync-bytes-'));
  await writeFile(join(folder, 'file.h5'), bytes);
});

afterAll(async () => {
  vi.unstubAllGlobals();
  await rm(folder, { recursive: true });
});

async function sources(): Promise<Record<string, SyncBytes>> {
  vi.stubGlobal('FileReaderSync', FakeReaderSync);
  const blob = new Blob([bytes]);
  blob.slice = ((start: number, end: number) => ({ start, end })) as never;
  return {
    path: await syncBytes(await pathSource(join(folder, 'file.h5'))),
    blob: await syncBytes(blobSource(blob, 'file.h5')),
    memory: await syncBytes(bytesSource(bytes, 'file.h5')),
  };
}

describe('synchronous reads', () => {
  it.each(['path', 'blob', 'memory'])('%s: any part, in any order', async (kind) => {
    const source = (await sources())[kind];
    expect(source.size).toBe(bytes.length);
    const parts = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 900_000 }));
    fc.assert(
      fc.property(parts, ([offset, most]) => {
        const length = Math.min(most, bytes.length - offset);
        const read = source.read(offset, length);
        expect(Buffer.compare(read, bytes.subarray(offset, offset + length))).toBe(0);
      }),
    );
    source.close();
  });

  it('names a file that has gone', async () => {
    const source = await pathSource(join(folder, 'file.h5'));
    const gone = { ...source, path: join(folder, 'gone.h5') };
    await expect(syncBytes(gone)).rejects.toMatchObject({
      code: 'io',
      message: expect.stringContaining('gone.h5'),
    });
  });

  it('holds no file of more than 1 GiB in memory', async () => {
    const huge = { ...bytesSource(bytes, 'huge.h5'), size: 2 ** 31 };
    await expect(syncBytes(huge)).rejects.toMatchObject({ code: 'limit' });
  });
});
