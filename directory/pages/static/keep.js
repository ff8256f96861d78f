/* Keeps what is typed into a form, in this tab alone, until it was taken: over Back, a lost link, a session that ended.

   A form with data-keep="its name" is kept under that name and the account; [data-taken] on a page says that what was
   sent last was taken. Files, passwords and what must be said anew each time (that one is sure) are not kept. */
(() => {
  const { account, kept, keptDrop, offline } = document.body.dataset;
  const OF_ALL = 'kept ';
  const OF_MINE = `${OF_ALL}${account} `;
  const SENT = 'sent';
  let leaving = false; // signed out: what the page does as it closes keeps nothing more
  const NEVER = new Set(['hidden', 'file', 'password', 'submit', 'button']);

  // With the words goes the revision that they were typed on: what changed meanwhile is told as they are sent.
  const keeps = ({ name, type }) => name === 'revision' || (name && name !== 'sure' && !NEVER.has(type));
  const fields = (form) => [...form.elements].filter(keeps);
  const ticks = (field) => field.type === 'radio' || field.type === 'checkbox';

  function said(field) {
    if (ticks(field)) return field.checked ? [field.value] : [];
    if (field.type === 'select-multiple') return [...field.selectedOptions].map((each) => each.value);
    return [field.value];
  }

  function read(form) {
    const all = {};
    for (const field of fields(form)) (all[field.name] ??= []).push(...said(field));
    return JSON.stringify(all);
  }

  function write(form, text) {
    const all = JSON.parse(text);
    const nth = {}; // of fields that share a name, as rows of names do, each has its own words
    for (const field of fields(form)) {
      const values = all[field.name] ?? [];
      const at = (nth[field.name] = (nth[field.name] ?? -1) + 1);
      const before = String(said(field));
      if (ticks(field)) field.checked = values.includes(field.value);
      else if (field.type === 'select-multiple') for (const each of field.options) each.selected = values.includes(each.value);
      else field.value = values[at] ?? field.value;
      if (String(said(field)) === before) continue;
      field.closest('details')?.setAttribute('open', '');
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }

  function say(form, words, button) {
    form.previousElementSibling?.matches('.kept') && form.previousElementSibling.remove();
    const line = document.createElement('p');
    line.className = 'notice kept';
    line.setAttribute('role', 'status');
    line.append(`${words} `, ...(button ? [button] : []));
    form.before(line);
    return line;
  }

  function keep(form) {
    const key = OF_MINE + form.dataset.keep;
    const filled = form.hasAttribute('data-filled');
    const revision = form.elements.revision?.value;
    let empty = read(form);

    const save = () => {
      if (leaving) return;
      const now = read(form);
      if (now === empty) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, now);
    };
    const restore = (text) => {
      write(form, text);
      const drop = document.createElement('button');
      Object.assign(drop, { type: 'button', className: 'plain', textContent: keptDrop });
      const line = say(form, kept, drop);
      drop.addEventListener('click', () => {
        form.reset();
        if (revision) form.elements.revision.value = revision;
        save();
        line.remove();
        form.querySelector('input:not([type="hidden"]), select, textarea')?.focus();
      });
    };

    const before = sessionStorage.getItem(key);
    if (filled) {
      empty = null;
      save();
    } else if (before && before !== empty) restore(before);
    form.addEventListener('input', save);
    form.addEventListener('change', save);
    // A map writes into fields without an event.
    addEventListener('pagehide', save);
    addEventListener('pageshow', (event) => {
      // Back to a form that was taken meanwhile: what stands in it is not kept again.
      if (event.persisted && !sessionStorage.getItem(key)) empty = read(form);
    });
    form.addEventListener('submit', (event) => {
      save();
      if (!navigator.onLine) {
        event.preventDefault();
        say(form, offline);
      } else if (event.submitter?.hasAttribute('formaction')) sessionStorage.removeItem(SENT);
      else sessionStorage.setItem(SENT, key);
    });
  }

  // A file that is too large never leaves: it would take the words beside it along.
  document.addEventListener('change', ({ target }) => {
    if (target.type !== 'file' || !target.dataset.largest) return;
    const large = [...target.files].some((each) => each.size > Number(target.dataset.largest));
    target.setCustomValidity(large ? target.dataset.refused : '');
    if (large) target.reportValidity();
  });
  document.querySelector('form[action$="/sign-out"]')?.addEventListener('submit', () => {
    leaving = true;
    sessionStorage.clear();
  });

  if (!account) return;
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(OF_ALL) && !key.startsWith(OF_MINE)) sessionStorage.removeItem(key);
  }
  if (document.querySelector('[data-taken]') && sessionStorage.getItem(SENT)) {
    sessionStorage.removeItem(sessionStorage.getItem(SENT));
    sessionStorage.removeItem(SENT);
  }
  document.querySelectorAll('form[data-keep]').forEach(keep);
  // A form that opens in a page that is there already.
  document.addEventListener('htmx:afterSwap', ({ target }) => target.querySelectorAll('form[data-keep]').forEach(keep));
})();
