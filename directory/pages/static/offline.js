/* Keeping pages for when there is no link: the button below a search, the list of what is kept, an opened desk card. */
const KEPT = 'kept-1';
const OPENED = 'opened-1';
const able = 'serviceWorker' in navigator && 'caches' in window;

async function register(worker) {
  await navigator.serviceWorker.register(worker, { scope: '/search' });
  await navigator.serviceWorker.ready;
}

/** A page with what it shows it by, kept under its address. */
async function keep(name, address) {
  const url = new URL(address, location.origin);
  const answer = await fetch(url, { cache: 'no-store' });
  if (!answer.ok) throw new Error(String(answer.status));
  await (await caches.open(name)).put(url.href, answer);
}

function offer(place) {
  const button = place.querySelector('button');
  const status = place.querySelector('[role=status]');
  place.hidden = false;
  button.addEventListener('click', async () => {
    button.disabled = true;
    status.textContent = place.dataset.saving;
    try {
      await register(place.dataset.worker);
      await keep(KEPT, place.dataset.keep);
      status.textContent = place.dataset.kept;
    } catch {
      status.textContent = place.dataset.failed;
    }
    button.disabled = false;
  });
}

/** The card was loaded before there was a worker: it is kept as it was loaded. */
async function keepOpened(card) {
  try {
    await register(card.dataset.keepOpened);
    if (navigator.onLine) await keep(OPENED, location.href.split('#')[0]);
  } catch {
    // Without room or permission the card is a page like any other.
  }
}

async function list(place) {
  // Looking makes no cache: who kept nothing has none.
  const cache = (await caches.has(KEPT)) ? await caches.open(KEPT) : null;
  const words = place.dataset;
  const kept = !cache ? [] : await Promise.all((await cache.keys()).map(async (request) => ({ request, answer: await cache.match(request, { ignoreVary: true }) })));
  place.replaceChildren(...kept.map(({ request, answer }) => entry(request.url, answer, words, () => list(place))));
  document.querySelector('#nothing-kept').hidden = kept.length > 0;
  // Shown in the place of another page, it stands for the link that is not there, whatever the device thinks of it.
  document.querySelector('#offline').hidden = navigator.onLine && location.pathname === words.here;
}

function entry(address, answer, words, again) {
  const title = decodeURIComponent(answer.headers.get('X-Kept-Title') ?? address);
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'long' }).format(new Date(answer.headers.get('Date') ?? Date.now()));
  const row = document.createElement('li');
  const link = document.createElement('a');
  link.href = address;
  link.textContent = title;
  link.dir = 'auto';
  const when = document.createElement('span');
  when.className = 'hint';
  when.textContent = words.saved.replace('{day}', day);
  const remove = document.createElement('button');
  remove.type = 'button';
  remove.textContent = words.remove;
  remove.setAttribute('aria-label', `${words.remove}: ${title}`);
  remove.addEventListener('click', async () => {
    await (await caches.open(KEPT)).delete(address);
    await again();
    (document.querySelector('#kept button') ?? document.querySelector('#nothing-kept')).focus();
  });
  row.append(link, when, remove);
  return row;
}

if (able) {
  for (const place of document.querySelectorAll('[data-keep]')) offer(place);
  for (const card of document.querySelectorAll('[data-keep-opened]')) keepOpened(card);
  for (const place of document.querySelectorAll('#kept')) {
    document.querySelector('#cannot').hidden = true;
    list(place);
    addEventListener('online', () => list(place));
    addEventListener('offline', () => list(place));
  }
}
