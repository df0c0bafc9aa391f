import { HscError, messageOf } from '../core/errors';

/** Where a batch puts its files. */
export interface BatchOutput {
  /** What the user calls it. */
  readonly label: string;
  write(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Text of a file that is there already. */
  read(name: string): Promise<string | undefined>;
  has(name: string): Promise<boolean>;
  /** All files as one archive, where they are not on disk already. */
  archive?(): Promise<Blob>;
}

/** A folder that the user gave access to. */
export function folderOutput(folder: FileSystemDirectoryHandle): BatchOutput {
  const find = (name: string) => folder.getFileHandle(name).catch(() => undefined);
  return {
    label: folder.name || 'The folder',
    async write(name, bytes) {
      try {
        const handle = await folder.getFileHandle(name, { create: true });
        const stream = await handle.createWritable();
        await stream.write(bytes);
        await stream.close();
      } catch (cause) {
        throw new HscError(
          'io',
          `${name} could not be written into ${folder.name}: ${messageOf(cause)}`,
          { cause },
        );
      }
    },
    read: async (name) => (await (await find(name))?.getFile())?.text(),
    has: async (name) => ((await (await find(name))?.getFile())?.size ?? 0) > 0,
  };
}

/** Files kept in memory until they are saved as one archive. */
export function memoryOutput(): BatchOutput {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  return {
    label: 'One .zip at the end',
    async write(name, bytes) {
      files.set(name, bytes);
    },
    async read(name) {
      const bytes = files.get(name);
      return bytes && new TextDecoder().decode(bytes);
    },
    has: async (name) => files.has(name),
    async archive() {
      const { Zip, ZipPassThrough } = await import('fflate');
      const chunks: BlobPart[] = [];
      // Compressed files do not shrink again: stored, piece by piece, without a copy of the whole.
      const zip = new Zip((_, chunk) => chunks.push(chunk as Uint8Array<ArrayBuffer>));
      for (const [name, bytes] of files) {
        const member = new ZipPassThrough(name);
        zip.add(member);
        member.push(bytes, true);
      }
      zip.end();
      return new Blob(chunks, { type: 'application/zip' });
    },
  };
}
