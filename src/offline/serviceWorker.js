// The studio without a connection. `plugin.ts` puts the build's files into the two tables: path from
// the scope → digest of the content. Another build has other tables and is thus another worker.
const SHELL = __SHELL__;
const LARGE = __LARGE__;

const SHELL_CACHE = `hsc-shell-${__VERSION__}`;
const LARGE_CACHE = 'hsc-large';

const urlOf = (path) => new URL(path, self.registration.scope).href;
/** The digest is in the key: weights of another build are other entries. */
const largeKey = (path) => `${urlOf(path)}?sha256=${LARGE[path]}`;

self.addEventListener('install', (event) => {
  // Names under assets/ carry a digest, so that what the browser has of them is right.
  const requests = Object.keys(SHELL).map(
    (path) =>
      new Request(urlOf(path), { cache: path.startsWith('assets/') ? 'default' : 'reload' }),
  );
  event.waitUntil(caches.open(SHELL_CACHE).then((cache) => cache.addAll(requests)));
});

async function dropOld() {
  for (const name of await caches.keys()) {
    if (name.startsWith('hsc-shell-') && name !== SHELL_CACHE) await caches.delete(name);
  }
  const large = await caches.open(LARGE_CACHE);
  const wanted = new Set(Object.keys(LARGE).map(largeKey));
  for (const { url } of await large.keys()) {
    if (!wanted.has(url)) await large.delete(url);
  }
}

self.addEventListener('activate', (event) => {
  event.waitUntil(dropOld().then(() => self.clients.claim()));
});

// A new version waits until the user asks for it, or until the studio is open nowhere.
self.addEventListener('message', (event) => {
  if (event.data === 'take over') self.skipWaiting();
});

async function fromShell(path, request) {
  const cache = await caches.open(SHELL_CACHE);
  return (await cache.match(urlOf(path), { ignoreVary: true })) ?? fetch(request);
}

/** Weights and the like are kept once they were used. */
async function fromLarge(path, request) {
  const cache = await caches.open(LARGE_CACHE);
  const key = largeKey(path);
  const kept = await cache.match(key, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  // A full disk must not cost the user what has just arrived.
  if (response.status === 200) await cache.put(key, response.clone()).catch(() => {});
  return response;
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { scope } = self.registration;
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return;
  const path = decodeURIComponent(
    new URL(request.url).pathname.slice(new URL(scope).pathname.length),
  );
  if (path === '' || path === 'index.html') event.respondWith(fromShell('index.html', request));
  else if (path in SHELL) event.respondWith(fromShell(path, request));
  else if (path in LARGE) event.respondWith(fromLarge(path, request));
});
