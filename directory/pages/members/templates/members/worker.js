/* Keeps what the reader asked to keep, and desk cards that were opened; without a link, shows them. */
const SHELL = 'shell-1';
const KEPT = 'kept-1';
const OPENED = 'opened-1';
const MOST_OPENED = 30;
const SHELLS = {{ shells|tojson }};
const FILES = {{ [asset('tokens.css'), asset('public.css'), asset('papers.css'), asset('offline.js'), asset('icon.svg'), asset('shapes.svg')]|tojson }};

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(navigate(request));
  else event.respondWith(load(request));
});

async function install() {
  const cache = await caches.open(SHELL);
  const wanted = [...Object.values(SHELLS), ...FILES];
  await cache.addAll(wanted.map((address) => new Request(address, { cache: 'reload' })));
  // Files of the version before.
  const here = new Set(wanted.map((address) => new URL(address, self.location.origin).href));
  for (const old of await cache.keys()) if (!here.has(old.url)) await cache.delete(old);
  await self.skipWaiting();
}

async function navigate(request) {
  try {
    const answer = await fetch(request);
    if (answer.ok && new URL(request.url).searchParams.has('desk')) await keepOpened(request.url, answer.clone());
    return answer;
  } catch (error) {
    const kept = await find(request.url);
    if (kept) return kept;
    throw error;
  }
}

/** What is kept of an address: itself, the page kept of the same search, else the list of all that is kept. */
async function find(address) {
  const url = new URL(address);
  url.hash = '';
  const exact = (await match(KEPT, url.href)) ?? (await match(OPENED, url.href));
  if (exact) return exact;
  if (url.pathname === '/search') {
    const pack = new URL(url);
    pack.pathname = '/search/pack';
    pack.searchParams.delete('cursor');
    const kept = await match(KEPT, pack.href);
    if (kept) return kept;
  }
  const lang = url.searchParams.get('lang');
  return match(SHELL, new URL(SHELLS[lang] ?? SHELLS.en, self.location.origin).href);
}

async function match(name, address) {
  return (await caches.open(name)).match(address, { ignoreVary: true });
}

async function load(request) {
  const kept = await match(SHELL, request.url);
  return kept ?? fetch(request);
}

async function keepOpened(address, answer) {
  const url = new URL(address);
  url.hash = '';
  const cache = await caches.open(OPENED);
  await cache.delete(url.href);
  await cache.put(url.href, answer);
  const [...all] = await cache.keys();
  for (const old of all.slice(0, Math.max(0, all.length - MOST_OPENED))) await cache.delete(old);
}
