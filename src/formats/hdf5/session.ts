import type { Module } from 'h5wasm';
import { HscError } from '../../core/errors';
import { HDF5_SIGNATURE, startsWith } from '../signatures';
import { checkGlobalHeap, lengthBytesOf } from './globalHeap';
import type { SyncBytes } from './syncBytes';

export type H5Module = typeof Module;

/** A file opened in an instance of the HDF5 library of its own. */
export interface Session {
  readonly module: H5Module;
  readonly fileId: bigint;
}

/** What we use of Emscripten's file system that mounts Files of a worker. */
interface WorkerFs {
  readonly DIR_MODE: number;
  readonly FILE_MODE: number;
  readonly stream_ops: object;
  createNode(
    parent: object | null,
    name: string,
    mode: number,
    dev: number,
    contents?: object,
  ): {
    stream_ops: object;
  };
}

const MOUNT = '/data';
const FILE = 'file.h5';

/**
 * Opens a file in a fresh instance of the HDF5 library (50–150 ms, 20 MB). Instances are not
 * shared, for two reasons: their memory never shrinks, and every error thrown through the
 * library leaves its stack shorter; after some 2000 it overwrites its own memory.
 */
export async function openSession(bytes: SyncBytes, name: string): Promise<Session> {
  // Not exported by the package; see h5wasm.d.ts.
  const { default: createModule } = await import(
    '../../../node_modules/h5wasm/dist/esm/hdf5_util.js'
  );
  const silent = () => {};
  const module = await createModule({ noInitialRun: true, print: silent, printErr: silent });
  module.activate_throwing_error_handler();
  mount(module, bytes, name);
  const fileId = module.open(`${MOUNT}/${FILE}`, module.H5F_ACC_RDONLY, false, -1, -1);
  if (fileId < 0n) throw new Error('the file cannot be opened');
  return { module, fileId };
}

export function closeSession({ module, fileId }: Session): void {
  module.close_file(fileId);
}

/** Emscripten's WORKERFS with a read function that works outside workers too. */
function mount({ FS }: H5Module, bytes: SyncBytes, name: string): void {
  const base: WorkerFs = FS.filesystems.WORKERFS;
  let lengthBytes = 8;
  const read = (
    _stream: object,
    buffer: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ) => {
    const available = Math.max(0, Math.min(length, bytes.size - position));
    if (available === 0) return 0;
    const chunk = bytes.read(position, available);
    if (chunk.length > 16 && startsWith(chunk, HDF5_SIGNATURE)) lengthBytes = lengthBytesOf(chunk);
    checkGlobalHeap(chunk, lengthBytes, name);
    buffer.set(chunk, offset);
    return available;
  };
  const type = {
    mount() {
      const root = base.createNode(null, '/', base.DIR_MODE, 0);
      const file = base.createNode(root, FILE, base.FILE_MODE, 0, { size: bytes.size });
      file.stream_ops = { ...base.stream_ops, read };
      return root;
    },
  };
  FS.mkdir(MOUNT);
  FS.mount(type as unknown as typeof FS, {}, MOUNT);
}

/** Runs `task` with `length` bytes of the library's memory and returns what it left there. */
export function withMemory(
  module: H5Module,
  length: number,
  task: (pointer: bigint) => number,
): Uint8Array<ArrayBuffer> {
  const pointer = module._malloc(Math.max(1, length));
  if (pointer === 0) throw new HscError('limit', `HDF5 has no memory for ${length} bytes more.`);
  try {
    if (task(BigInt(pointer)) < 0) throw new Error('the read failed');
    return module.HEAPU8.slice(pointer, pointer + length) as Uint8Array<ArrayBuffer>;
  } finally {
    module._free(pointer);
  }
}
