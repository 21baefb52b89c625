// Drafts on the device. <kept-draft> around a form keeps what is typed in it on this device until the server has said that
// it arrived; <unsent-drafts> around the sign-out form lets nobody leave a draft behind. Each draft has a key of its own:
// sent twice, it arrives once. Nothing is kept that was sent, and signing out empties what is left.
import { forget } from './device.js';

export const PLACE = 'unknot-draft';
const PAUSE = 2000, AGAIN = 15000, PATIENCE = 20000; // milliseconds
const UNSAID = new Set(['csrfmiddlewaretoken', 'confirm', 'draft', 'map-level']);
export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, key) => values[key]);

// A browser that lets nobody keep anything refuses even the look at it.
export const shelf = (() => { try { return window.localStorage; } catch (fault) { if (fault.name !== 'SecurityError') throw fault; return null; } })();

// crypto.randomUUID is missing where a practice's server is reached without TLS.
export const newKey = () => '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, digit =>
  (digit ^ crypto.getRandomValues(new Uint8Array(1))[0] & 15 >> digit / 4).toString(16));

export function draftsOf(account, key) {
  const found = [];
  for (let n = 0; n < (shelf?.length ?? 0); n++) {
    const place = shelf.key(n);
    if (place.startsWith(`${PLACE}:${account}:`)) found.push({ ...JSON.parse(shelf.getItem(place)), place });
  }
  return found.filter(one => !key || one.key === key).sort((a, b) => b.at - a.at);
}

// Send one draft, with how many seconds it waited by this device's own clock. The answer is {state}: sent, away (no answer), login, or waits (the server says why).
export async function send(kept) {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1]; // newer than the page after signing in again
  try {
    const answer = await fetch(kept.url, {
      method: 'POST', redirect: 'manual', signal: AbortSignal.timeout(PATIENCE),
      headers: { Accept: 'application/json', ...cookie && { 'X-CSRFToken': cookie } },
      body: new URLSearchParams([...kept.entries, ['draft', kept.draft], ['age', Math.round((Date.now() - kept.at) / 1000)]]),
    });
    if (answer.type === 'opaqueredirect' || answer.status === 403) return { state: 'login' };
    if (answer.status >= 500) return { state: 'away' };
    if (answer.ok) return { state: 'sent', ...await answer.json() };
    const told = answer.headers.get('Content-Type')?.startsWith('application/json') ? await answer.json() : {};
    return { state: 'waits', why: told.why ?? String(answer.status) };
  } catch (fault) {
    if (fault instanceof TypeError || fault.name === 'TimeoutError' || fault instanceof SyntaxError) return { state: 'away' };
    throw fault;
  }
}

class KeptDraft extends HTMLElement {
  connectedCallback() {
    const { account, key, arrived = '' } = this.dataset;
    this.place = `${PLACE}:${account}:${key}:${newKey()}`; // two tabs of one record do not write over each other
    const known = new Set(arrived.split(' '));
    for (const one of draftsOf(account, key)) if (known.has(one.draft)) shelf?.removeItem(one.place);
    if ('signed' in this.dataset) { this.offer(); return; }
    this.form = this.querySelector('form');
    this.seen = this.typed();
    const [left] = draftsOf(account, key);
    if ('typed' in this.dataset) { if (left) shelf?.removeItem(left.place); this.keep(); this.tell('kept'); if (this.dataset.typed === 'send') this.later(PAUSE); }
    else if (left) this.restore(left);
    this.form.addEventListener('input', event => this.changed(event));
    this.form.addEventListener('change', event => this.changed(event));
    this.form.addEventListener('submit', event => this.submitted(event));
    for (const what of ['online', 'focus']) window.addEventListener(what, () => this.sendNow());
    window.addEventListener('beforeunload', event => { if (this.kept && !this.leaving && !navigator.onLine) event.preventDefault(); });
    window.addEventListener('pageshow', event => { if (event.persisted) this.leaving = false; });
  }

  // A signed record takes no draft; what is left on the device is shown beside it by the server.
  offer() {
    const [left] = draftsOf(this.dataset.account, this.dataset.key), offered = this.querySelector('[data-left]');
    if (!left || !offered) return;
    this.append(offered.content.cloneNode(true));
    const form = this.querySelector('form');
    for (const [name, value] of [...left.entries, ['draft', left.draft]]) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
  }

  changed(event) {
    if (UNSAID.has(event.target.name) || this.typed() === this.seen) return; // leaving a field changes nothing
    this.keep();
    this.tell('kept');
    this.later(PAUSE);
  }

  entries() { return [...new FormData(this.form)].filter(([name]) => !UNSAID.has(name)); }
  typed() { return JSON.stringify(this.entries().filter(([name]) => name !== 'revision' && name !== 'base')); }

  keep() {
    const entries = this.entries();
    this.seen = this.typed();
    const { key, when, url } = this.dataset;
    this.kept = { draft: newKey(), key, when, url, at: Date.now(), entries };
    this.form.elements.draft.value = this.kept.draft;
    this.full = !shelf;
    try { shelf?.setItem(this.place, JSON.stringify(this.kept)); }
    catch (fault) { if (fault.name !== 'QuotaExceededError') throw fault; this.full = true; }
  }

  restore(left) {
    const values = new Map(left.entries);
    this.dispatchEvent(new CustomEvent('rows', { detail: Number(values.get('row-TOTAL_FORMS') ?? 0) }));
    for (const control of this.form.elements) {
      if (!control.name || UNSAID.has(control.name) || control.type === 'submit' || control.name.endsWith('-TOTAL_FORMS')) continue;
      if (control.type === 'radio' || control.type === 'checkbox') control.checked = values.get(control.name) === control.value;
      else if (control.value !== (values.get(control.name) ?? '')) {
        control.value = values.get(control.name) ?? '';
        control.dispatchEvent(new Event('change', { bubbles: true }));
      }
    }
    shelf.setItem(this.place, JSON.stringify(this.kept = { ...left, place: undefined }));
    shelf?.removeItem(left.place);
    this.form.elements.draft.value = left.draft;
    this.seen = this.typed();
    this.tell('kept');
    this.sendNow();
  }

  later(wait) { clearTimeout(this.timer); this.timer = setTimeout(() => this.sendNow(), wait); }

  async sendNow() {
    if (!this.kept || this.sending || this.leaving) return this.sending;
    clearTimeout(this.timer);
    this.sending = this.sendOne(this.kept);
    const state = await this.sending;
    this.sending = null;
    if (this.kept && state === 'away') this.later(AGAIN);
    if (this.kept && state === 'sent') return this.sendNow(); // something was typed meanwhile
    return state;
  }

  async sendOne(kept) {
    const told = await send(kept);
    if (told.state === 'sent') this.arrived(kept, told);
    else this.tell({ away: 'kept', login: 'login', waits: 'waits' }[told.state], told);
    return told.state;
  }

  arrived(kept, told) {
    this.form.elements.revision.value = told.revision;
    this.form.elements.base.value = told.base;
    if (this.kept === kept) { this.kept = null; shelf?.removeItem(this.place); this.tell(told.merged ? 'merged' : 'sent', told); }
    else this.keep(); // the next one grows from the one that arrived
  }

  async submitted(event) {
    if (this.leaving) return;
    const button = event.submitter;
    if (button?.hasAttribute('formnovalidate')) { // needs the server, and saves nothing
      if (navigator.onLine) this.leaving = true;
      else { event.preventDefault(); this.tell('network'); }
      return;
    }
    event.preventDefault();
    if (!this.kept) this.keep();
    const state = await this.sendNow();
    if (state === 'away') this.tell(button?.hasAttribute('formaction') ? 'offline' : 'kept');
    if (state === 'away' || state === 'login') return;
    this.leaving = true; // the server's own page says the rest; the key lets it arrive once
    this.form.requestSubmit(button);
  }

  tell(state, values = {}) {
    const word = this.full && state === 'kept' ? 'full' : state;
    this.dataset.state = word;
    this.querySelector('[data-login]').hidden = state !== 'login';
    this.querySelector('[data-says]').textContent = fill(this.dataset[`say${word[0].toUpperCase()}${word.slice(1)}`], values);
  }
}

class UnsentDrafts extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector('form');
    this.form.addEventListener('submit', event => {
      if (this.left().length) { event.preventDefault(); this.show(); this.list.scrollIntoView(); }
      else { event.preventDefault(); this.empty().then(() => HTMLFormElement.prototype.submit.call(this.form)); }
    });
    this.addEventListener('click', event => this.press(event.target.closest('button')));
    this.show();
  }

  left() { return draftsOf(this.dataset.account); }

  async empty() { for (const one of this.left()) shelf?.removeItem(one.place); await forget(); }

  show() {
    const left = this.left(), blocked = left.length > 0;
    if (blocked && !this.list) {
      this.querySelector('form').before(this.querySelector('[data-blocked]').content.cloneNode(true));
      this.list = this.querySelector('.unsent-list');
    }
    if (this.list) {
      this.list.replaceChildren(...left.map(one => this.row(one)));
      this.querySelector('.banner').hidden = this.list.hidden = !blocked;
    }
    this.form.querySelector('[type=submit]').disabled = blocked;
  }

  row(one) {
    const row = this.querySelector('[data-draft]').content.cloneNode(true), item = row.firstElementChild;
    item.dataset.place = one.place;
    row.querySelector('[data-when]').textContent = one.when;
    row.querySelector('[data-open]').href = one.url;
    return row;
  }

  async press(button) {
    const item = button?.closest('[data-place]');
    if (!item) return;
    const kept = this.left().find(one => one.place === item.dataset.place);
    if (button.matches('[data-drop]')) { shelf?.removeItem(item.dataset.place); this.show(); return; }
    if (!kept) { this.show(); return; }
    const told = await send(kept);
    if (told.state === 'sent') { shelf?.removeItem(kept.place); this.show(); return; }
    const word = { away: 'sayFailed', login: 'sayLogin', waits: 'sayWaits' }[told.state];
    item.querySelector('[data-says]').textContent = fill(this.dataset[word], told);
  }
}

customElements.define('kept-draft', KeptDraft);
customElements.define('unsent-drafts', UnsentDrafts);
