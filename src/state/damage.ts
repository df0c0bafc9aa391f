import { type Damage, isDamage, lengthAfter } from '../core/bitstream/damage';
import type { CubeId } from '../engine/api';
import type { SliceTools } from './store';

/** Damage to a copy of one reconstruction's file, and the place that more would be done at. */
export interface DamageOfFile {
  readonly of: CubeId;
  /** One after the other. Invariant: each lies within what those before it left. */
  readonly damages: readonly Damage[];
  readonly byte: number;
  /** From 0, the least significant, to 7. */
  readonly bit: number;
}

export interface DamageSlice {
  readonly damageOfFile: DamageOfFile | undefined;
  /** Damages the copy further; false where a file of so many bytes cannot be damaged so. */
  addDamage(of: CubeId, damage: Damage, fileBytes: number): boolean;
  undoDamage(of: CubeId): void;
  resetDamage(of: CubeId): void;
  /** Chooses a byte or a bit. What was done to the file of another reconstruction is forgotten. */
  chooseDamagePlace(of: CubeId, place: Partial<Pick<DamageOfFile, 'byte' | 'bit'>>): void;
}

export function noDamage(of: CubeId): DamageOfFile {
  return { of, damages: [], byte: 0, bit: 0 };
}

export function damageSlice({ set, get }: Pick<SliceTools, 'set' | 'get'>): DamageSlice {
  const held = (id: CubeId): DamageOfFile => {
    const { damageOfFile } = get();
    return damageOfFile?.of === id ? damageOfFile : noDamage(id);
  };
  const put = (id: CubeId, change: Partial<DamageOfFile>) =>
    set({ damageOfFile: { ...held(id), ...change } });
  return {
    damageOfFile: undefined,

    addDamage(id, damage, fileBytes) {
      const { damages } = held(id);
      if (!isDamage(damage, lengthAfter(fileBytes, damages))) return false;
      put(id, { damages: [...damages, damage] });
      return true;
    },
    undoDamage: (id) => put(id, { damages: held(id).damages.slice(0, -1) }),
    resetDamage: (id) => put(id, { damages: [] }),
    chooseDamagePlace: (id, place) => put(id, place),
  };
}
