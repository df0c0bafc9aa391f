import { open, readFile, rm } from 'node:fs/promises';
import type { PartStore } from '../codecs/types';
import { HscError } from '../core/errors';

/** A part file on disk, which is removed once the whole file is written. */
export interface DiskPart extends PartStore {
  remove(): Promise<void>;
  close(): Promise<void>;
}

export function diskPart(path: string): DiskPart {
  let handle: Awaited<ReturnType<typeof open>> | undefined;
  const failing = (what: string) => (cause: unknown) => {
    throw new HscError('io', `${path} cannot be ${what}.`, { cause });
  };
  const opened = async (flags: 'r+' | 'w') => {
    await handle?.close();
    handle = await open(path, flags).catch(failing('written'));
    return handle;
  };
  return {
    async read() {
      const bytes = await readFile(path).catch((cause) =>
        cause.code === 'ENOENT' ? undefined : failing('read')(cause),
      );
      return bytes && new Uint8Array(bytes);
    },
    async keep(length) {
      const file = await opened('r+');
      await file.truncate(length);
      await file.close();
      handle = await open(path, 'a').catch(failing('written'));
    },
    async restart(bytes) {
      await (await opened('w')).writeFile(bytes);
    },
    async append(bytes) {
      await handle?.appendFile(bytes).catch(failing('written'));
    },
    async remove() {
      await handle?.close();
      handle = undefined;
      await rm(path, { force: true });
    },
    async close() {
      await handle?.close();
      handle = undefined;
    },
  };
}
