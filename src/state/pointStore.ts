import { clear, createStore, del, get, set } from 'idb-keyval';
import type { KeyValues } from './pointCache';

/** Points on disk, in a database of their own; opened when first used, for opening may fail. */
export function browserPointStore(): KeyValues {
  let opened: ReturnType<typeof createStore> | undefined;
  const store = () => {
    opened ??= createStore('hsc-curves', 'points');
    return opened;
  };
  return {
    get: async (key) => get(key, store()),
    set: async (key, value) => set(key, value, store()),
    delete: async (key) => del(key, store()),
    clear: async () => clear(store()),
  };
}
