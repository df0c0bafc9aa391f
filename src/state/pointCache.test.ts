import { describe, expect, it, vi } from 'vitest';
import { type KeyValues, PointCache } from './pointCache';
import { measured } from './testing';

function memoryStore() {
  const map = new Map<string, unknown>();
  const store: KeyValues = {
    get: async (key) => map.get(key),
    set: async (key, value) => {
      map.set(key, value);
    },
    delete: async (key) => {
      map.delete(key);
    },
    clear: async () => map.clear(),
  };
  return { map, store };
}

const LIMITS = { stored: 2000, entry: 900, held: 2000 };

describe('cache of measured points', () => {
  it('outlives the page', async () => {
    const { store, map } = memoryStore();
    new PointCache(store).put('a', measured(0.5));
    await vi.waitFor(() => expect(map.has('#index')).toBe(true));
    const later = new PointCache(store);
    expect(later.peek('a')).toBeUndefined();
    expect((await later.get('a'))?.rate.bpp).toBe(0.5);
    expect(later.peek('a')).toBeDefined();
    expect(await later.get('b')).toBeUndefined();
    await later.clear();
    expect(map.size).toBe(0);
    expect(await later.get('a')).toBeUndefined();
  });

  it('stays within its bounds: the oldest go, the large stay in memory only', async () => {
    const { store, map } = memoryStore();
    const cache = new PointCache(store, LIMITS);
    for (const key of ['a', 'b', 'c', 'd']) cache.put(key, measured(0.5));
    await vi.waitFor(() => expect(map.has('d')).toBe(true));
    await vi.waitFor(() => expect([...map.keys()].sort()).toEqual(['#index', 'b', 'c', 'd']));
    expect(cache.peek('a')).toBeUndefined();
    expect(cache.peek('d')).toBeDefined();
    cache.put('large', measured(0.9));
    await cache.get('none');
    expect(map.has('large')).toBe(false);
    expect(cache.peek('large')).toBeDefined();
  });

  it('takes no notice of a store that fails', async () => {
    const refuse = async () => {
      throw new Error('blocked');
    };
    const cache = new PointCache({ get: refuse, set: refuse, delete: refuse, clear: refuse });
    cache.put('a', measured(0.5));
    expect((await cache.get('a'))?.rate.bpp).toBe(0.5);
    expect(await cache.get('b')).toBeUndefined();
    await cache.clear();
    expect(await cache.get('a')).toBeUndefined();
  });
});
