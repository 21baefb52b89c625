// <unknot-bodymap>: ties the pictures of the body map to the list of selects that the server wrote. The selects are the
// answer; the pictures and the sheet only read and write them. Without script the list alone does the same.
const SVG = 'http://www.w3.org/2000/svg';
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);

class Bodymap extends HTMLElement {
  connectedCallback() {
    this.selects = new Map([...this.querySelectorAll('select[name^="mark-"]')].map(s => [s.name.slice(5), s]));
    this.maps = [...this.querySelectorAll('svg.live')];
    this.sheet = this.querySelector('.sheet');
    this.names = new Map([...this.selects].map(([id, s]) => [id, s.labels[0].textContent]));
    this.parts = new Map();
    for (const id of this.selects.keys()) for (const p of this.above(id)) this.parts.set(p, new Set(this.parts.get(p)).add(id));
    for (const map of this.maps) if (!map.dataset.file) this.prepare(map);
    this.addEventListener('click', event => this.press(event));
    this.addEventListener('change', event => this.changed(event.target));
    this.addEventListener('keydown', event => this.key(event));
    this.closest('form')?.addEventListener('formdata', event => event.formData.delete('map-level'));
    this.list = this.querySelector('.places-list');
    this.list.open = false;
    this.reach(location.hash);
    document.addEventListener('click', event => this.reach(event.target.closest('a[href^="#"]')?.hash));
    this.classList.add('ready');
    this.draw();
  }

  // A link to the list, or to a place in it, finds it open.
  reach(hash) {
    const target = hash?.length > 1 && this.querySelector(`#${CSS.escape(hash.slice(1))}`);
    if (target && this.list.contains(target)) for (let box = target.closest('details'); box && this.contains(box); box = box.parentElement.closest('details')) box.open = true;
  }

  // Bring the drawing of a view that was not written out with the page.
  async bring(map) {
    const answer = await fetch(map.dataset.file);
    if (!answer.ok) throw new Error(`${map.dataset.map}: ${answer.status}`);
    const drawing = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml');
    if (!map.dataset.file) return;
    const figure = drawing.querySelector('.figure'), sides = drawing.querySelector('.sides'), marks = document.createElementNS(SVG, 'g');
    for (const text of sides.children) text.textContent = text.textContent === 'Left' ? this.dataset.sayLeft : this.dataset.sayRight;
    marks.setAttribute('class', 'marks');
    marks.setAttribute('aria-hidden', 'true');
    map.append(...figure.children, sides, marks);
    delete map.dataset.file;
    this.prepare(map);
    this.draw();
  }

  above(id) { return this.selects.get(id).dataset.parents?.split(' ') ?? []; }
  level(id) { return Number(this.selects.get(id)?.value || 0); }
  find(map, id) { return map.querySelector(`.region[data-region="${id}"]`); }

  // One stop for the Tab key in each picture; the arrow keys go from region to region.
  prepare(map) {
    map.setAttribute('role', 'group');
    const marks = map.querySelector('.marks');
    for (const name of ['ring', 'focus-ring']) { const path = document.createElementNS(SVG, 'path'); path.setAttribute('class', name); marks.prepend(path); }
    map.ring = marks.querySelector('.ring'); map.halo = marks.querySelector('.focus-ring');
    map.querySelectorAll('.region').forEach((r, place) => {
      r.setAttribute('role', 'button');
      r.setAttribute('tabindex', place ? -1 : 0);
      r.addEventListener('focus', () => {
        for (const other of map.querySelectorAll('[tabindex="0"]')) other.setAttribute('tabindex', -1);
        r.setAttribute('tabindex', 0);
        map.halo.setAttribute('d', r.matches(':focus-visible') ? r.getAttribute('d') : '');
      });
      r.addEventListener('blur', () => map.halo.setAttribute('d', ''));
    });
  }

  press(event) {
    const at = selector => event.target.closest(selector);
    const region = at('.region') ?? (at('.hit') && this.find(at('svg'), at('.hit').dataset.hit));
    if (region) this.choose(region.dataset.region);
    else if (at('[data-show]')) this.show(at('[data-show]').dataset.show);
    else if (at('[data-whole]')) at('[data-whole]').setAttribute('aria-pressed', this.querySelector('.crop').classList.toggle('full'));
    else if (at('[data-remove]')) { this.set(this.chosen, 0); this.choose(null); }
    else if (at('[data-change]')) { this.choose(at('[data-change]').value); this.sheet.querySelector(':checked')?.focus(); }
  }

  key(event) {
    const region = event.target.closest('.region');
    if (event.key === 'Escape' && this.sheet.contains(event.target)) this.from?.focus();
    if (!region) return;
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (step) { event.preventDefault(); this.towards(region, step)?.focus(); }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.from = region;
      this.choose(region.dataset.region);
      (this.sheet.querySelector(':checked') ?? this.sheet.querySelector('input')).focus();
    }
  }

  // The nearest region in the direction of the arrow: way across counts double.
  towards(region, [dx, dy]) {
    const x = Number(region.dataset.x), y = Number(region.dataset.y);
    const far = r => {
      const along = (r.dataset.x - x) * dx + (r.dataset.y - y) * dy, across = Math.abs((r.dataset.x - x) * dy) + Math.abs((r.dataset.y - y) * dx);
      return along > 1 ? along + 2 * across : Infinity;
    };
    const near = [...region.closest('svg').querySelectorAll('.region')].sort((a, b) => far(a) - far(b))[0];
    return far(near) < Infinity ? near : null;
  }

  show(view) {
    const next = this.dataset.view === view ? 'back' : view, map = this.maps.find(m => m.dataset.map === next);
    if (map.dataset.file) this.bring(map).catch(() => { this.list.open = true; this.list.scrollIntoView(); if (this.dataset.view === next) this.show('back'); });
    this.dataset.view = next;
    for (const b of this.querySelectorAll('[data-show]')) b.setAttribute('aria-pressed', b.dataset.show === next);
  }

  choose(id) {
    this.chosen = id;
    this.sheet.hidden = !id;
    if (id) this.sheet.querySelector('h2').textContent = this.names.get(id);
    for (const radio of this.sheet.querySelectorAll('input')) radio.checked = Boolean(id) && this.level(id) > 0 && Number(radio.value) === this.level(id);
    this.draw();
  }

  changed(control) {
    if (control.name === 'map-level') this.set(this.chosen, Number(control.value));
    else if (control.name?.startsWith('mark-')) this.choose(this.chosen);
  }

  set(id, level) {
    const select = this.selects.get(id);
    select.value = level || '';
    select.dispatchEvent(new Event('change', { bubbles: true }));
  }

  draw() {
    for (const map of this.maps.filter(m => !m.dataset.file)) {
      const zoom = map.matches('.zoom');
      for (const r of map.querySelectorAll('.region')) {
        const own = this.level(r.dataset.region);
        const finer = zoom ? 0 : Math.max(0, ...[...this.parts.get(r.dataset.region) ?? []].map(id => this.level(id)));
        const coarse = Math.max(0, ...this.above(r.dataset.region).filter(p => !this.find(map, p)).map(p => this.level(p)));
        this.paint(map, r, Math.max(own, finer) || coarse, Math.max(own, finer) > 0);
      }
      const shown = this.chosen && (this.find(map, this.chosen) ?? [...map.querySelectorAll('.region')].find(r => this.parts.get(r.dataset.region)?.has(this.chosen)));
      map.ring.setAttribute('d', shown ? shown.getAttribute('d') : '');
    }
    this.words();
  }

  paint(map, r, level, numbered) {
    if (level) r.dataset.level = level; else delete r.dataset.level;
    const { x, y } = r.dataset, name = this.names.get(r.dataset.region);
    r.setAttribute('aria-label', level ? fill(numbered ? this.dataset.sayNamed : this.dataset.sayPart, { name, level }) : name);
    let text = [...map.querySelectorAll('.level')].find(t => t.getAttribute('x') === x && t.getAttribute('y') === y);
    if (!level || !numbered) { text?.remove(); return; }
    if (!text) { text = document.createElementNS(SVG, 'text'); text.setAttribute('x', x); text.setAttribute('y', y); map.querySelector('.marks').append(text); }
    text.setAttribute('class', level > 6 ? 'level severe' : 'level');
    text.dataset.level = text.textContent = level;
  }

  words() {
    const word = level => this.dataset.sayWords.split('|')[level > 6 ? 3 : level > 3 ? 2 : level > 0 ? 1 : 0];
    const says = this.sheet.querySelector('[data-says]'), now = this.chosen ? this.level(this.chosen) : 0;
    says.hidden = !now;
    says.textContent = fill(this.dataset.sayLevel, { level: now, word: word(now) });
    const marks = [...this.selects.keys()].filter(id => this.level(id)).sort((a, b) => this.level(b) - this.level(a));
    const places = this.querySelector('.places'), row = places.querySelector('template');
    places.hidden = false;
    const [back, front] = this.maps;
    if (front.dataset.file && marks.some(id => !this.above(id).length && !this.find(back, id))) this.bring(front).catch(() => {}); // for the print; the words say it too
    places.querySelector('[data-count]').textContent = marks.length ? fill(marks.length > 1 ? this.dataset.sayMany : this.dataset.sayOne, { n: marks.length }) : this.dataset.sayNone;
    places.querySelector('[data-places]').replaceChildren(...marks.map(id => {
      const item = row.content.cloneNode(true), bar = item.querySelector('[data-bar]'), button = item.querySelector('button');
      item.querySelector('[data-place]').textContent = this.names.get(id);
      bar.textContent = bar.dataset.n = this.level(id);
      button.value = id;
      button.setAttribute('aria-label', fill(this.dataset.sayChange, { name: this.names.get(id) }));
      return item;
    }));
  }
}

customElements.define('unknot-bodymap', Bodymap);
