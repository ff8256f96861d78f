// A file that is too large is told before it is sent; the field shows that a file may be dropped on it.
const form = document.querySelector('.bring');
const file = document.getElementById('file');
const fault = document.getElementById('file-fault');
const most = Number(form.dataset.most) * 2 ** 20;

function check() {
  const tooLarge = file.files.length > 0 && file.files[0].size > most;
  file.setCustomValidity(tooLarge ? form.dataset.tooLarge : '');
  fault.hidden = !tooLarge;
  fault.textContent = tooLarge ? form.dataset.tooLarge : '';
  file.setAttribute('aria-invalid', String(tooLarge));
}

file.addEventListener('change', check);
for (const [name, over] of [['dragenter', true], ['dragover', true], ['dragleave', false], ['drop', false]]) {
  file.addEventListener(name, () => file.classList.toggle('over', over));
}
