// The desk of proposals by keyboard: rows are walked and ticked, links that name a key are opened by it; after Back the
// same row has the focus; a field that is wrong gets it before anything else.
const OFF = 'queue-keys'; // one switch for every page of the team
const rows = [...document.querySelectorAll('.queue tbody tr')];
const links = rows.map((row) => row.querySelector('a'));
const ticks = rows.map((row) => row.querySelector('.tick input'));
const all = document.getElementById('all');
const count = document.getElementById('ticked');
const keys = document.getElementById('keys');
const help = document.getElementById('help');
// Rows of this queue, as it is filtered.
const HERE = `proposals ${location.search}`;

// Single letters get in the way of who speaks to the machine: they can be turned off, and stay so.
const on = () => localStorage.getItem(OFF) !== 'off';
keys.checked = on();
keys.addEventListener('change', () => localStorage.setItem(OFF, keys.checked ? 'on' : 'off'));
document.getElementById('help-open')?.addEventListener('click', () => help.showModal());

const inUse = () => rows.findIndex((row) => row.contains(document.activeElement));

function go(by) {
  if (!rows.length) return;
  const next = Math.min(rows.length - 1, Math.max(0, inUse() + by));
  links[next].focus();
  rows[next].scrollIntoView({ block: 'nearest' });
}

function tell() {
  if (!count) return;
  const chosen = ticks.filter((tick) => tick.checked).length;
  count.value = chosen;
  all.checked = chosen === ticks.length;
  all.indeterminate = chosen > 0 && chosen < ticks.length;
}

// By the place of the key where it writes no Latin letter, as on an Arabic keyboard.
const letter = ({ key, code }) => (/^[a-z?]$/i.test(key) ? key : code.replace('Key', '')).toLowerCase();
const typing = (target) => target.closest?.('select, textarea, input:not([type="checkbox"], [type="radio"]), [contenteditable]');

// The form that one is in, else that of the likely next step.
function send(form) {
  form?.requestSubmit(form.querySelector('button.main'));
}

const doing = {
  j: () => go(1),
  k: () => go(-1),
  x: () => ticks[inUse()]?.click(),
  '?': () => help.showModal(),
};

document.addEventListener('keydown', (event) => {
  // It would send the form.
  if (event.key === 'Enter' && ticks.includes(event.target)) event.preventDefault();
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return send(event.target.form ?? document.getElementById('step-form'));
  if (!on() || event.ctrlKey || event.altKey || event.metaKey || help.open || typing(event.target)) return;
  const pressed = event.key === '?' ? '?' : letter(event);
  const named = document.querySelector(`[data-key="${CSS.escape(pressed)}"]`);
  if (!doing[pressed] && !named) return;
  event.preventDefault();
  if (named) named.click();
  else doing[pressed]();
});
// A form that opened in the page begins at its first field.
document.addEventListener('htmx:afterSwap', ({ target }) => {
  if (target.id === 'facts') target.querySelector('input:not([type="hidden"])')?.focus();
});
document.addEventListener('change', tell);
all?.addEventListener('change', () => ticks.forEach((tick) => (tick.checked = all.checked)));

addEventListener('pagehide', () => {
  const left = rows[inUse()]?.dataset.id;
  if (left) sessionStorage.setItem(HERE, left);
});

function comeBack() {
  const [{ type }] = performance.getEntriesByType('navigation');
  const number = rows.findIndex((row) => row.dataset.id === sessionStorage.getItem(HERE));
  if (type !== 'back_forward' || number < 0) return;
  links[number].focus({ preventScroll: true });
  rows[number].scrollIntoView({ block: 'nearest' });
}

comeBack();
// The browser may have kept ticks from before.
tell();
