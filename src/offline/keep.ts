/** As in `serviceWorker.js` and `plugin.ts`, which name what they keep alike. */
const LARGE_CACHE = 'hsc-large';
const LARGE_BYTES = 5 * 2 ** 20;

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'));
  return hex.join('').slice(0, 32);
}

/**
 * Keeps a large file of the build that was just used, for use without a connection. On a first visit
 * the engine's worker is older than the service worker, which then sees none of its requests. What
 * cannot be kept (storage full or blocked) is fetched again next time.
 */
export async function keepLarge(url: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  if (!import.meta.env.PROD || bytes.length <= LARGE_BYTES || !('caches' in globalThis)) return;
  try {
    const cache = await caches.open(LARGE_CACHE);
    const key = `${url}?sha256=${await digestOf(bytes)}`;
    if (!(await cache.match(key))) await cache.put(key, new Response(bytes));
  } catch (error) {
    console.info('A file is not kept for use without a connection.', error);
  }
}
