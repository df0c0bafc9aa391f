import { HscError } from '../core/errors';
import type { LocalEntry } from '../nn/localModels';
import type { Shelf } from './shelf';
import type { TunedWeights } from './tuningTypes';

/** Models that no manifest lists, as the engine's store has them. */
export interface LocalStore {
  localEntries(): readonly LocalEntry[];
  addLocal(bytes: Uint8Array<ArrayBuffer>, name?: string): Promise<{ readonly id: string }>;
  removeLocal(id: string): Promise<void>;
}

/** What the weights file itself does not know. */
interface Note {
  readonly name: string;
  readonly gain?: number;
}

const [WEIGHTS, NOTE] = ['.safetensors', '.json'] as const;

/** Tuned weights that are kept on this machine, installed as codecs while the engine runs. */
export class TunedShelf {
  private readonly notes = new Map<string, Note>();
  private installed: Promise<void> | undefined;

  constructor(
    private readonly shelf: Shelf,
    private readonly store: LocalStore,
  ) {}

  /** Installs everything that is kept, once. What cannot be read is left where it is. */
  installAll(): Promise<void> {
    this.installed ??= this.readAll();
    return this.installed;
  }

  async list(): Promise<TunedWeights[]> {
    await this.installAll();
    return this.store.localEntries().map((entry) => this.described(entry));
  }

  /** Installs weights and keeps them. Throws what `ModelStore.addLocal` throws, and `io`. */
  async keep(bytes: Uint8Array<ArrayBuffer>, note: Partial<Note> = {}): Promise<TunedWeights> {
    await this.installAll();
    const { id } = await this.store.addLocal(bytes, note.name);
    const entry = this.store.localEntries().find((own) => own.id === id);
    if (!entry) {
      throw new HscError(
        'bad-argument',
        'These weights are among those that ship with the studio.',
      );
    }
    await this.shelf.write(`${id}${WEIGHTS}`, bytes);
    await this.note(id, { name: note.name?.trim() || entry.local.name, gain: note.gain });
    return this.described(entry);
  }

  async rename(id: string, name: string): Promise<TunedWeights> {
    const entry = this.store.localEntries().find((own) => own.id === id);
    if (!entry) throw unknown(id);
    await this.note(id, { ...this.notes.get(id), name });
    return this.described(entry);
  }

  /** The file of installed weights. Throws `model-missing`. */
  async file(id: string): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = await this.shelf.read(`${id}${WEIGHTS}`);
    if (!bytes) throw unknown(id);
    return bytes;
  }

  async remove(id: string): Promise<void> {
    await this.store.removeLocal(id);
    await this.shelf.remove(`${id}${WEIGHTS}`);
    await this.shelf.remove(`${id}${NOTE}`);
    this.notes.delete(id);
  }

  private async readAll(): Promise<void> {
    for (const name of await this.shelf.names()) {
      if (!name.endsWith(WEIGHTS)) continue;
      const id = name.slice(0, -WEIGHTS.length);
      const [bytes, note] = await Promise.all([
        this.shelf.read(name),
        this.shelf.read(`${id}${NOTE}`),
      ]);
      if (!bytes) continue;
      try {
        const known = note && (JSON.parse(new TextDecoder().decode(note)) as Note);
        await this.store.addLocal(bytes, known?.name);
        if (known) this.notes.set(id, known);
      } catch (error) {
        console.warn(`Tuned weights ${id} cannot be used.`, error);
      }
    }
  }

  private async note(id: string, note: Note): Promise<void> {
    this.notes.set(id, note);
    await this.shelf.write(`${id}${NOTE}`, new TextEncoder().encode(JSON.stringify(note)));
  }

  private described({ id, sha256, grid, bytes, local }: LocalEntry): TunedWeights {
    const note = this.notes.get(id);
    const lineage = local.lineage && { ...local.lineage, gain: note?.gain };
    return {
      codec: id,
      digest: sha256.slice(0, 8),
      name: note?.name ?? local.name,
      like: local.like.codec,
      grid,
      bytes,
      lineage,
    };
  }
}

function unknown(id: string): HscError {
  return new HscError('model-missing', `No tuned weights ${id} are kept on this machine.`);
}
