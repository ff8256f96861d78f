// The page of one listing: rows that are added and taken away, boxes found by typing, the week copied, single keys.
const OFF = 'queue-keys'; // one switch for every page of the team
const WALK = 'listings walk'; // the numbers of the list that one came from, in this tab
const one = document.querySelector('.one');
const help = document.getElementById('help');
const keys = document.getElementById('keys');

// Single letters get in the way of who speaks to the machine: they can be turned off, and stay so.
const on = () => localStorage.getItem(OFF) !== 'off';
keys.checked = on();
keys.addEventListener('change', () => localStorage.setItem(OFF, keys.checked ? 'on' : 'off'));
document.getElementById('help-open')?.addEventListener('click', () => help.showModal());

// Rows of names and phones: one more is a copy of the last, emptied.
function addRow(button) {
  const rows = button.parentElement.querySelectorAll('.row');
  const row = rows[rows.length - 1].cloneNode(true);
  for (const field of row.querySelectorAll('input, select')) {
    const id = field.id.replace(/\d+$/, rows.length);
    row.querySelector(`label[for="${field.id}"]`)?.setAttribute('for', id);
    Object.assign(field, { id, value: '' });
    field.removeAttribute('aria-invalid');
    field.removeAttribute('autofocus');
  }
  row.querySelector('.field-fault')?.remove();
  button.before(row);
  row.querySelector('input').focus();
}

function removeRow(button) {
  const row = button.closest('.row');
  const rows = row.parentElement.querySelectorAll('.row');
  const near = row.nextElementSibling?.querySelector('input') ?? rows[rows.length - 2]?.querySelector('input');
  if (rows.length > 1) row.remove();
  else for (const field of row.querySelectorAll('input, select')) field.value = '';
  near?.focus();
}

// The times of one day for all of them.
function copyWeek(button) {
  const day = button.dataset.copy;
  const week = button.closest('.week');
  for (const field of week.querySelectorAll(`[name^="${day}_"]`)) {
    for (const other of week.querySelectorAll(`[name$="${field.name.slice(2)}"]`)) {
      if (other.name.slice(2) !== field.name.slice(2)) continue;
      if (field.type === 'checkbox') other.checked = field.checked;
      else other.value = field.value;
    }
  }
}

document.addEventListener('click', ({ target }) => {
  const button = target.closest?.('[data-add], [data-remove], [data-copy]');
  if (!button) return;
  if ('add' in button.dataset) addRow(button);
  else if ('remove' in button.dataset) removeRow(button);
  else copyWeek(button);
});
// Who writes a time opens the day.
document.addEventListener('input', ({ target }) => {
  const closed = target.value && target.closest?.('.times')?.parentElement.querySelector('[type="checkbox"]');
  if (closed) closed.checked = false;
});

// Boxes to tick, found by typing: Enter ticks the first that is found.
const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
for (const pick of document.querySelectorAll('[data-pick]')) {
  const find = pick.querySelector('.find');
  const said = pick.querySelector('[role="status"]');
  const items = [...pick.querySelectorAll('li')];
  const filter = () => {
    const words = plain(find.value).split(/\s+/).filter(Boolean);
    for (const item of items) item.hidden = !words.every((word) => plain(item.textContent).includes(word));
    said.textContent = items.every((item) => item.hidden) ? said.dataset.none : '';
  };
  find.addEventListener('input', filter);
  find.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && find.value) {
      event.stopPropagation();
      find.value = '';
      filter();
    }
    if (event.key !== 'Enter' || event.ctrlKey) return;
    event.preventDefault();
    const found = find.value ? items.filter((item) => !item.hidden) : [];
    // What begins with it comes before what only holds it, and the shortest first: "paediatrics" before its branches.
    const words = plain(find.value.trim());
    const begins = found.filter((item) => plain(item.textContent.trim()).startsWith(words));
    const first = begins.sort((a, b) => a.textContent.length - b.textContent.length)[0] ?? found[0];
    if (!first) return;
    first.querySelector('input').click();
    said.textContent = first.textContent.trim() + (first.querySelector('input').checked ? ' ✓' : '');
    find.select();
  });
}

// What was wrong has the focus; what was opened is in sight whole.
document.querySelector('.editing')?.scrollIntoView({ block: 'nearest' });
document.querySelector('[aria-invalid="true"]')?.focus();

const editing = () => document.activeElement?.closest?.('.editing') ?? document.querySelector('.editing, form[data-save]');
const walk = () => JSON.parse(sessionStorage.getItem(WALK) ?? '[]');
function beside(by) {
  const numbers = walk();
  const at = numbers.indexOf(one.dataset.listing);
  return at < 0 ? null : numbers[at + by];
}

function save() {
  const form = editing();
  const next = beside(1);
  if (!form) return;
  // What must be said is asked for here, before the form goes.
  const empty = [...form.querySelectorAll('[required]')].find((field) => !field.value.trim());
  if (empty) return void empty.focus();
  if (next && form.action.includes('/edit/')) {
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name: 'then', value: next }));
  }
  form.requestSubmit();
}

function go(by) {
  const next = beside(by);
  if (next) location.href = `${one.dataset.list}/${next}`;
}

function back() {
  const cancel = document.querySelector('.editing [data-cancel]') ?? document.querySelector('[data-up] [data-cancel]');
  if (cancel) return void cancel.click();
  // Back to the list as it was, with the focus on the row.
  if (document.referrer.includes('/network/listings?') || document.referrer.endsWith('/network/listings')) history.back();
  else document.querySelector('[data-back]')?.click();
}

// By the place of the key where it writes no Latin letter, as on an Arabic keyboard.
const letter = ({ key, code }) => (/^[a-z?]$/i.test(key) ? key : code.replace('Key', '')).toLowerCase();
const typing = (target) => target.closest?.('select, textarea, input:not([type="checkbox"], [type="radio"])');
const menuOpen = () => document.querySelector('details.menu[open]');

// The nth group, from 1 on: its form, or the part of one that is folded.
function openGroup(number) {
  const group = document.querySelectorAll('section.group[id], details.part')[number - 1];
  if (group?.matches('details')) {
    group.open = true;
    group.querySelector('.find, input:not([type="hidden"]), select').focus();
  } else group?.querySelector('[data-edit]')?.click();
}

// Who types on while the next page comes means that page.
let left = -Infinity;
addEventListener('beforeunload', () => (left = performance.now()));
addEventListener('pageshow', () => (left = -Infinity));
// Where no page came after all, this one hears keys again.
const leaving = () => performance.now() - left < 3000;

// What bears the key: a menu opens on its first field, a field gets the focus, all else is pressed.
function press(target) {
  if (target.matches('details')) {
    target.open = true;
    target.querySelector('input:not([type="hidden"]), button').focus();
  } else if (target.matches('input')) target.focus();
  else target.click();
}

const doing = {
  j: () => go(1),
  k: () => go(-1),
  e: () => (document.activeElement?.closest('.group')?.querySelector('[data-edit]') ?? document.querySelector('[data-edit]'))?.click(),
  '?': () => help.showModal(),
  c: () => {
    const menu = document.activeElement?.closest('.group')?.querySelector('.confirm') ?? document.querySelector('.confirm[data-key="c"]');
    if (menu) press(menu);
  },
};

document.addEventListener('keydown', (event) => {
  if (help.open || leaving()) return;
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && editing()) {
    event.preventDefault();
    return save();
  }
  // The menu closes by itself, where one is open (bar.js).
  if (event.key === 'Escape' && !menuOpen()) return back();
  if (!on() || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  const [, digit] = /^(?:Digit|Numpad)([1-9])$/.exec(event.code) ?? [];
  const pressed = event.key === '?' ? '?' : letter(event);
  const named = digit ? null : document.querySelector(`[data-key="${CSS.escape(pressed)}"]`);
  const act = digit ? () => openGroup(digit) : doing[pressed] ?? (named && (() => press(named)));
  if (!act) return;
  event.preventDefault();
  act();
});
