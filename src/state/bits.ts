import type { CubeId } from '../engine/api';
import type { LatentEdit, LatentPosition } from '../engine/bits';
import type { SliceTools } from './store';

export type BitLayer = 'latents' | 'side' | 'both';
/** Orders of the channels: as in the file, dearest first, by spectral component, lowest frequency first. */
export type ChannelSort = 'index' | 'bits' | 'component' | 'frequency';

/** An edit with its name in the list; one takes the place of another with the same key. */
export interface NamedEdit {
  readonly key: string;
  readonly label: string;
  readonly edit: LatentEdit;
}

/** What the room of the bits shows. */
export interface BitsView {
  /** What can be done: look and edit latents, or damage a copy of the file. */
  readonly tool: 'edit' | 'damage';
  readonly layer: BitLayer;
  /** Of the map over the picture, 0..1. */
  readonly opacity: number;
  readonly sort: ChannelSort;
  readonly effect: 'footprint' | 'edited' | 'difference';
  readonly plane: 'signed' | 'rms';
}

/** What is chosen and changed of one file. */
export interface BitsOfFile {
  readonly of: CubeId;
  readonly block?: LatentPosition;
  readonly channel?: number;
  /** The footprint of the chosen channel alone. */
  readonly oneChannel: boolean;
  readonly edits: readonly NamedEdit[];
}

export interface BitsSlice {
  readonly bitsView: BitsView;
  readonly bitsOfFile: BitsOfFile | undefined;
  setBitsView(change: Partial<BitsView>): void;
  /** Chooses or changes something of a reconstruction; what was of another one is forgotten. */
  setBitsOfFile(of: CubeId, change: Partial<Omit<BitsOfFile, 'of'>>): void;
  /** Puts an edit at the end of the list. */
  putBitsEdit(of: CubeId, edit: NamedEdit): void;
  removeBitsEdit(of: CubeId, key: string): void;
}

export function noBitsChosen(of: CubeId): BitsOfFile {
  return { of, oneChannel: false, edits: [] };
}

export function bitsSlice({ set, get }: Pick<SliceTools, 'set' | 'get'>): BitsSlice {
  const of = (id: CubeId): BitsOfFile => {
    const { bitsOfFile } = get();
    return bitsOfFile?.of === id ? bitsOfFile : noBitsChosen(id);
  };
  const others = (id: CubeId, key: string) => of(id).edits.filter((edit) => edit.key !== key);
  return {
    bitsView: {
      tool: 'edit',
      layer: 'both',
      opacity: 0.6,
      sort: 'index',
      effect: 'footprint',
      plane: 'signed',
    },
    bitsOfFile: undefined,

    setBitsView: (change) => set({ bitsView: { ...get().bitsView, ...change } }),
    setBitsOfFile: (id, change) => set({ bitsOfFile: { ...of(id), ...change } }),
    putBitsEdit: (id, edit) => get().setBitsOfFile(id, { edits: [...others(id, edit.key), edit] }),
    removeBitsEdit: (id, key) => get().setBitsOfFile(id, { edits: others(id, key) }),
  };
}
