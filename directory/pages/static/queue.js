// The queue by keyboard: j and k go from row to row, x ticks one; Enter opens the link that has the focus, as everywhere.
const KEPT = 'queue-keys';
const rows = [...document.querySelectorAll('.queue tbody tr')];
const ticks = rows.map((row) => row.querySelector('input'));
const keys = document.getElementById('keys');
const all = document.getElementById('all');
const count = document.getElementById('ticked');

// Single letters get in the way of who speaks to the machine: they can be turned off, and stay so.
keys.checked = localStorage.getItem(KEPT) !== 'off';
keys.addEventListener('change', () => localStorage.setItem(KEPT, keys.checked ? 'on' : 'off'));

const rowInUse = () => rows.findIndex((row) => row.contains(document.activeElement));

function go(by) {
  const next = Math.min(rows.length - 1, Math.max(0, rowInUse() + by));
  rows[next].querySelector('a').focus();
}

function tell() {
  const chosen = ticks.filter((tick) => tick.checked).length;
  count.value = chosen;
  all.checked = chosen === ticks.length;
  all.indeterminate = chosen > 0 && chosen < ticks.length;
}

// By the place of the key where it writes no Latin letter, as on an Arabic keyboard.
const letter = ({ key, code }) => (/^[a-z]$/i.test(key) ? key : code.replace('Key', '')).toLowerCase();

document.addEventListener('keydown', (event) => {
  // It would send the form.
  if (event.key === 'Enter' && ticks.includes(event.target)) event.preventDefault();
  if (!keys.checked || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest('select, textarea, input:not([type="checkbox"])')) return;
  const pressed = letter(event);
  if (pressed === 'j') go(1);
  else if (pressed === 'k') go(-1);
  else if (pressed === 'x') ticks[rowInUse()]?.click();
});
document.addEventListener('change', tell);
all.addEventListener('change', () => ticks.forEach((tick) => (tick.checked = all.checked)));
// The browser may have kept ticks from before.
tell();
