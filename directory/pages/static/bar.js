// The bar of the staff pages: / goes to its box; a menu closes when one presses Esc or elsewhere.
const box = document.getElementById('find');
const OFF = 'queue-keys';
const menus = () => document.querySelectorAll('details.menu[open]');
const typing = (target) => target.closest?.('select, textarea, input:not([type="checkbox"], [type="radio"]), [contenteditable]');

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    for (const menu of menus()) {
      menu.open = false;
      if (menu.contains(document.activeElement)) menu.querySelector('summary').focus();
      event.stopImmediatePropagation();
    }
  }
  if (event.key !== '/' || !box || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  if (localStorage.getItem(OFF) === 'off') return;
  event.preventDefault();
  box.focus();
  box.select();
});
document.addEventListener('click', ({ target }) => {
  for (const menu of menus()) if (!menu.contains(target)) menu.open = false;
});
