import { clear, createStore, del, get, keys, set } from 'idb-keyval';
import type { ListedValues } from './recent';

/** A database of the browser; opened when first used, for opening may fail. */
export function browserStore(database: string, table: string): ListedValues {
  let opened: ReturnType<typeof createStore> | undefined;
  const store = () => {
    opened ??= createStore(database, table);
    return opened;
  };
  return {
    get: async (key) => get(key, store()),
    set: async (key, value) => set(key, value, store()),
    delete: async (key) => del(key, store()),
    keys: async () => keys<string>(store()),
    clear: async () => clear(store()),
  };
}
