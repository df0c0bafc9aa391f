import type { Metadata } from 'h5wasm';
import type { SampleArray } from '../../core/cube/types';
import { decodeSamples, type StoredType, storedBytes } from '../samples';
import type { ByteSource } from '../types';
import { hdf5Error } from './errors';
import { closeSession, type H5Module, openSession, type Session, withMemory } from './session';
import { type SyncBytes, syncBytes } from './syncBytes';

export interface Hdf5Dataset {
  readonly path: string;
  /** Lengths of its dimensions, the one that runs fastest in the file last. */
  readonly dims: readonly number[];
  /** Undefined for types that are neither numbers nor text. */
  readonly type: StoredType | 'text' | undefined;
  /** Stored and compressed in blocks of this shape; undefined if contiguous. */
  readonly chunks?: readonly number[];
}

export type AttributeValue = readonly number[] | readonly string[];

/** Groups that hold each other, or damage, can make a tree of groups endless. */
const MAX_OBJECTS = 20_000;
const MAX_DEPTH = 24;
/** Attributes and lists beside a cube; anything longer is not read as one. */
const MAX_LIST_BYTES = 2 ** 20;

/**
 * An HDF5 file through the HDF5 library. Methods throw `HscError` and nothing else; after an
 * error the library is loaded afresh, since it may have left its memory in disorder.
 */
export class Hdf5File {
  private session: Promise<Session> | undefined;

  private constructor(
    readonly name: string,
    readonly size: number,
    private readonly bytes: SyncBytes,
  ) {}

  /** Throws `bad-file` or `truncated` unless it is an HDF5 file that can be opened. */
  static async open(source: ByteSource): Promise<Hdf5File> {
    const file = new Hdf5File(source.name, source.size, await syncBytes(source));
    try {
      await file.use(() => undefined);
    } catch (error) {
      await file.close();
      throw error;
    }
    return file;
  }

  /**
   * All datasets below the root, in the order of the file; links out of it, and those to a group that
   * another link led to, are left out.
   */
  listDatasets(): Promise<Hdf5Dataset[]> {
    return this.use(({ module, fileId }) => {
      const found: Hdf5Dataset[] = [];
      let visited = 0;
      // Groups may be linked to from within themselves: each is visited once, known by its address.
      const addressOf = (path: string) => String(module.create_object_reference(fileId, path));
      const groups = new Set([addressOf('/')]);
      const visit = (group: string, depth: number) => {
        for (const name of module.get_names(fileId, group, false)) {
          if (++visited > MAX_OBJECTS) return;
          const path = group === '/' ? `/${name}` : `${group}/${name}`;
          const kind = module.get_type(fileId, path);
          if (kind === module.H5G_DATASET) found.push(describe(module, fileId, path));
          // MATLAB keeps the contents of cells and objects in groups that start with #.
          else if (kind === module.H5G_GROUP && depth < MAX_DEPTH && !name.startsWith('#')) {
            const address = addressOf(path);
            if (groups.has(address)) continue;
            groups.add(address);
            visit(path, depth + 1);
          }
        }
      };
      visit('/', 0);
      return found;
    });
  }

  /** Attributes of a group or dataset that are numbers or text. */
  attributes(path: string): Promise<Map<string, AttributeValue>> {
    return this.use(({ module, fileId }) => {
      const values = new Map<string, AttributeValue>();
      for (const name of module.get_attribute_names(fileId, path)) {
        const metadata = module.get_attribute_metadata(fileId, path, name);
        const value = readList(module, metadata, {
          read: (pointer) => module.get_attribute_data(fileId, path, name, pointer),
          reclaim: (pointer) => module.reclaim_vlen_memory(fileId, path, name, pointer),
        });
        if (value) values.set(name, value);
      }
      return values;
    });
  }

  /** All values of a short dataset; undefined for a long one and for types it cannot hold. */
  list({ path }: Hdf5Dataset): Promise<AttributeValue | undefined> {
    return this.use(({ module, fileId }) => {
      const metadata = module.get_dataset_metadata(fileId, path);
      return readList(module, metadata, {
        read: (pointer) => module.get_dataset_data(fileId, path, null, null, null, pointer),
        reclaim: (pointer) => module.reclaim_vlen_memory(fileId, path, '', pointer),
      });
    });
  }

  /** Name of the first dimension scale of each dimension, as NetCDF4 names its dimensions. */
  scales({ path, dims }: Hdf5Dataset): Promise<(string | undefined)[]> {
    return this.use(({ module, fileId }) =>
      dims.map((_, axis) => module.get_attached_scales(fileId, path, axis)[0]),
    );
  }

  /** A block of samples, `count` long from `start` in every dimension, in the file's order. */
  slab(
    { path, type }: Hdf5Dataset,
    start: readonly number[],
    count: readonly number[],
  ): Promise<SampleArray> {
    const stored = type as StoredType;
    const length = count.reduce((product, n) => product * n, storedBytes(stored));
    return this.use(({ module, fileId }) => {
      const [counts, offsets] = [count.map(BigInt), start.map(BigInt)];
      const strides = counts.map(() => 1n);
      const bytes = withMemory(module, length, (pointer) =>
        module.get_dataset_data(fileId, path, counts, offsets, strides, pointer),
      );
      return decodeSamples(bytes, stored, true);
    });
  }

  async close(): Promise<void> {
    const session = this.session;
    this.session = undefined;
    // A session that failed has nothing to close.
    await session?.then(closeSession).catch(() => {});
    this.bytes.close();
  }

  private async use<T>(task: (session: Session) => T): Promise<T> {
    this.session ??= openSession(this.bytes, this.name);
    try {
      return task(await this.session);
    } catch (cause) {
      this.session = undefined;
      throw hdf5Error(this.name, cause);
    }
  }
}

function describe(module: H5Module, fileId: bigint, path: string): Hdf5Dataset {
  const metadata = module.get_dataset_metadata(fileId, path);
  const { shape, chunks } = metadata;
  return {
    path,
    dims: shape ?? [0],
    type: typeOf(module, metadata),
    chunks: chunks ?? undefined,
  };
}

function typeOf({ H5T_class_t }: H5Module, metadata: Metadata): StoredType | 'text' | undefined {
  const { type, size, signed } = metadata;
  if (type === H5T_class_t.H5T_STRING.value) return 'text';
  const name =
    type === H5T_class_t.H5T_INTEGER.value
      ? `${signed ? 'int' : 'uint'}${8 * size}`
      : type === H5T_class_t.H5T_FLOAT.value
        ? `float${8 * size}`
        : '';
  return /^(u?int(8|16|32|64)|float(16|32|64))$/.test(name) ? (name as StoredType) : undefined;
}

interface ListAccess {
  read(pointer: bigint): number;
  reclaim(pointer: bigint): number;
}

function readList(
  module: H5Module,
  metadata: Metadata,
  { read, reclaim }: ListAccess,
): AttributeValue | undefined {
  const type = typeOf(module, metadata);
  const length = metadata.size * metadata.total_size;
  if (!metadata.shape || !type || !(length <= MAX_LIST_BYTES)) return undefined;
  if (length === 0) return [];
  if (type !== 'text') return [...decodeSamples(withMemory(module, length, read), type, true)];
  if (!metadata.vlen) return fixedTexts(withMemory(module, length, read), metadata.size);
  let texts: string[] = [];
  withMemory(module, length, (pointer) => {
    const status = read(pointer);
    if (status < 0) return status;
    const pointers = new Uint32Array(module.HEAPU8.buffer, Number(pointer), metadata.total_size);
    texts = Array.from(pointers, (at) => (at === 0 ? '' : module.UTF8ToString(at)));
    return reclaim(pointer);
  });
  return texts;
}

/** Texts of equal length, filled up with zeros or spaces. */
function fixedTexts(bytes: Uint8Array, size: number): string[] {
  const decoder = new TextDecoder();
  return Array.from({ length: bytes.length / size }, (_, i) =>
    decoder.decode(bytes.subarray(i * size, (i + 1) * size)).replace(/\0.*$|\s+$/s, ''),
  );
}
