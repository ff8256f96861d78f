// The list of listings by keyboard, its look at one beside it, its ticks; and after Back the same row with the focus.
const OFF = 'queue-keys'; // one switch for every page of the team
const HERE = `listings ${location.search}`;
const table = document.querySelector('.listings');
const rows = [...(table?.querySelectorAll('tbody tr') ?? [])];
const links = rows.map((row) => row.querySelector('.c-name a'));
const ticks = rows.map((row) => row.querySelector('.tick input'));
const preview = document.getElementById('preview');
const help = document.getElementById('help');
const keys = document.getElementById('keys');
const bar = document.getElementById('many');
const all = document.getElementById('all');
const said = document.getElementById('ticked');
const everything = document.getElementById('everything');
let lastTicked = -1;
let shown = null; // the number of the row that the look shows

// Single letters get in the way of who speaks to the machine: they can be turned off, and stay so.
const on = () => localStorage.getItem(OFF) !== 'off';
keys.checked = on();
keys.addEventListener('change', () => localStorage.setItem(OFF, keys.checked ? 'on' : 'off'));
document.getElementById('help-open').addEventListener('click', () => help.showModal());

const inUse = () => rows.findIndex((row) => row.contains(document.activeElement));

function go(by) {
  const from = inUse() < 0 && shown !== null ? shown : inUse();
  const next = Math.min(rows.length - 1, Math.max(0, from + by));
  links[next]?.focus();
  rows[next]?.scrollIntoView({ block: 'nearest' });
  // Who looks at one looks at the next.
  if (shown !== null && next !== shown) look(next);
}

async function look(number) {
  rows[shown]?.classList.remove('looked-at');
  shown = number;
  rows[number].classList.add('looked-at');
  const answer = await fetch(`${links[number].pathname}/preview`).catch(() => null);
  if (shown !== number) return;
  if (answer?.ok && !answer.redirected) preview.innerHTML = await answer.text();
  else preview.textContent = preview.dataset.failed;
  preview.hidden = false;
  document.getElementById('preview-close')?.addEventListener('click', close);
}

function close() {
  const row = rows[shown];
  row?.classList.remove('looked-at');
  preview.hidden = true;
  preview.replaceChildren();
  links[shown]?.focus();
  shown = null;
}

function tick(number, range) {
  if (number < 0) return;
  const to = !ticks[number].checked;
  const [from, until] = range && lastTicked >= 0 ? [Math.min(lastTicked, number), Math.max(lastTicked, number)] : [number, number];
  for (let each = from; each <= until; each += 1) ticks[each].checked = range ? true : to;
  lastTicked = number;
  tell();
}

function tell() {
  if (!bar) return;
  const chosen = ticks.filter((each) => each.checked).length;
  if (chosen < ticks.length) chooseEverything(false);
  all.checked = chosen > 0 && chosen === ticks.length;
  all.indeterminate = chosen > 0 && chosen < ticks.length;
  const whole = bar.classList.contains('everything');
  said.value = whole ? said.dataset.all : chosen;
}

// All that the search finds, not only what is on this page: its words are sent instead of numbers.
function chooseEverything(whole) {
  bar.classList.toggle('everything', whole);
  everything.hidden = whole;
  bar.querySelector('input[name="search"]')?.remove();
  if (!whole) return;
  const search = document.createElement('input');
  Object.assign(search, { type: 'hidden', name: 'search', value: everything.value });
  bar.append(search);
}

everything?.addEventListener('click', (event) => {
  event.preventDefault();
  for (const each of ticks) each.checked = true;
  chooseEverything(true);
  tell();
  bar.querySelector('.main').focus();
});
document.getElementById('untick')?.addEventListener('click', () => {
  for (const each of ticks) each.checked = false;
  tell();
  links[Math.max(0, lastTicked)]?.focus();
});
// The search says it all: numbers beside it would be of this page alone.
bar?.addEventListener('formdata', ({ formData }) => formData.has('search') && formData.delete('ids'));
all?.addEventListener('change', () => {
  for (const each of ticks) each.checked = all.checked;
  tell();
});
for (const [number, each] of ticks.entries()) {
  each.addEventListener('click', (event) => {
    if (event.shiftKey && lastTicked >= 0) {
      for (let between = Math.min(lastTicked, number); between <= Math.max(lastTicked, number); between += 1) ticks[between].checked = each.checked;
    }
    lastTicked = number;
    tell();
  });
}

// By the place of the key where it writes no Latin letter, as on an Arabic keyboard.
const letter = ({ key, code }) => (/^[a-z?]$/i.test(key) ? key : code.replace('Key', '')).toLowerCase();
const typing = (target) => target.closest?.('select, textarea, input:not([type="checkbox"])');
const pressing = (target) => target.closest?.('button, summary, dialog');

const doing = {
  j: () => go(1),
  k: () => go(-1),
  x: (event, number) => tick(number, event.shiftKey),
  // All of the page; with Shift all that the search finds.
  a: (event) => (event.shiftKey ? everything : all)?.click(),
  b: () => said?.value !== '0' && bar?.querySelector('.main').click(),
  e: (_, number) => links[number] && (location.href = `${links[number].pathname}?edit=1`),
  '?': () => help.showModal(),
};

document.addEventListener('keydown', (event) => {
  // It would send the form.
  if (event.key === 'Enter' && ticks.includes(event.target)) event.preventDefault();
  if (event.key === 'Escape' && shown !== null && !help.open) return close();
  if (event.key === 'Escape' && typing(event.target)) return links[Math.max(0, lastTicked)]?.focus();
  if (!on() || event.ctrlKey || event.altKey || event.metaKey || typing(event.target) || help.open) return;
  const number = inUse();
  if (event.key === ' ' && number >= 0 && !pressing(event.target) && !ticks.includes(event.target)) {
    event.preventDefault();
    if (shown === number) close();
    else look(number);
    return;
  }
  const pressed = event.key === '?' ? '?' : letter(event);
  const act = doing[pressed];
  if (!act || pressing(event.target)) return;
  event.preventDefault();
  act(event, number);
});

// Back: the row that was left, and what was ticked, in this tab alone.
const leave = () => {
  // The page of one listing goes on from row to row.
  sessionStorage.setItem('listings walk', JSON.stringify(rows.map((row) => row.dataset.id)));
  sessionStorage.setItem(HERE, JSON.stringify({ row: rows[inUse()]?.dataset.id ?? rows[shown]?.dataset.id, ticked: ticks.filter((each) => each.checked).map((each) => each.value) }));
};
addEventListener('pagehide', leave);

function comeBack() {
  const [{ type }] = performance.getEntriesByType('navigation');
  const left = JSON.parse(sessionStorage.getItem(HERE) ?? 'null');
  if (!left || type !== 'back_forward') return;
  for (const each of ticks) each.checked = left.ticked.includes(each.value);
  const number = rows.findIndex((row) => row.dataset.id === left.row);
  links[number]?.focus({ preventScroll: true });
  rows[number]?.scrollIntoView({ block: 'center' });
}

if (table) comeBack();
// The browser may have kept ticks from before.
tell();
