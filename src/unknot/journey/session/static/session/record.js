// The client's own places as dashed lines below the therapist's marks. Rows of treated regions, and own phrases, without a way to the server; without script their buttons ask it for them.
const form = document.querySelector('kept-draft form');
const list = form.querySelector('.rows'), blank = form.querySelector('[data-row]'), total = form.elements['row-TOTAL_FORMS'];
const MOST = 60;

function grow(wanted) {
  for (let n = Number(total.value); n < Math.min(wanted, MOST); n++) {
    const holder = document.createElement('template');
    holder.innerHTML = blank.innerHTML.replaceAll('__prefix__', n).replaceAll('__number__', n + 1);
    list.append(holder.content);
    total.value = n + 1;
  }
}

form.closest('kept-draft').addEventListener('rows', event => grow(event.detail));
form.querySelector('[data-more]').addEventListener('click', event => {
  event.preventDefault();
  const before = Number(total.value);
  grow(before + 3);
  list.children[before]?.querySelector('select').focus();
});

form.addEventListener('click', event => {
  const phrase = event.target.closest('[data-phrase]');
  if (!phrase) return;
  event.preventDefault();
  const text = form.elements[phrase.dataset.phrase], before = text.value.trimEnd();
  text.value = before ? `${before}\n${phrase.dataset.text}` : phrase.dataset.text;
  text.dispatchEvent(new Event('input', { bubbles: true }));
});

const SVG = 'http://www.w3.org/2000/svg';
const below = form.querySelector('[data-client]');
const places = below?.dataset.client.trim().split(' ') ?? [];

function outline(map) {
  const marks = map.querySelector('.marks');
  if (!marks || marks.querySelector('.theirs')) return;
  for (const place of places) {
    const region = map.querySelector(`.region[data-region="${place}"]`);
    if (!region) continue;
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('class', 'theirs');
    path.setAttribute('d', region.getAttribute('d'));
    marks.prepend(path);
  }
}

// A view that is not written out with the page comes later.
for (const map of form.querySelectorAll('svg.live')) {
  outline(map);
  new MutationObserver(() => outline(map)).observe(map, { childList: true });
}
below?.classList.add('drawn');
