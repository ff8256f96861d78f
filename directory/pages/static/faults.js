// What comes back from the service: the first field that is wrong has the focus, a question that is asked often fills
// the words, and a message is copied with one press.
const wrong = document.querySelector('[aria-invalid="true"], .field-fault + :is(input, select, textarea), .ask input');
if (wrong) {
  wrong.closest('details')?.setAttribute('open', '');
  wrong.focus();
}
// A link from the list of faults goes into the field, not only to it.
addEventListener('click', ({ target }) => {
  const link = target.closest?.('.fault-links a, .checklist a');
  const field = link?.hash && document.getElementById(link.hash.slice(1));
  field?.closest('details')?.setAttribute('open', '');
  field?.focus();
});
// The same for an address that names a field.
const named = document.getElementById(location.hash.slice(1));
if (!wrong && named?.matches('input, select, textarea')) {
  named.closest('details')?.setAttribute('open', '');
  named.focus();
}

for (const list of document.querySelectorAll('select[data-fills]')) {
  list.addEventListener('change', () => {
    const words = document.getElementById(list.dataset.fills);
    if (list.value) words.value = words.value ? `${words.value.trimEnd()}\n${list.value}` : list.value;
    list.value = '';
    words.dispatchEvent(new Event('input', { bubbles: true }));
    words.focus();
  });
}

for (const button of document.querySelectorAll('[data-copies]')) {
  button.addEventListener('click', async () => {
    const words = document.getElementById(button.dataset.copies);
    words.select();
    await navigator.clipboard?.writeText(words.value).catch(() => document.execCommand('copy'));
    button.textContent = button.dataset.copied;
  });
}
