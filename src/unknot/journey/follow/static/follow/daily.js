// The daily questions without a network. <day-answers> around the form keeps a day's answers on this device until the server
// has said that they arrived: one draft a day, sent oldest first, each with a key of its own. The server's own page says who
// this is; the empty shell, opened without a network, asks the device.
import { PLACE, draftsOf, fill, newKey, send, shelf } from '../web/drafts.js';
import { keepShell, remember, remembered } from '../web/device.js';

const AGAIN = 30000; // milliseconds
const UNSAID = new Set(['csrfmiddlewaretoken', 'draft']);

class DayAnswers extends HTMLElement {
  connectedCallback() {
    const { account, zone } = this.dataset;
    this.form = this.querySelector('form');
    this.told = account ? { account, zone } : remembered();
    this.form.addEventListener('submit', event => this.submitted(event));
    if (!this.told) { this.tell('unknown'); return; }
    if (account) { remember(this.told); keepShell(); }
    else this.restore();
    for (const what of ['online', 'focus']) window.addEventListener(what, () => this.sendAll());
    this.sendAll();
  }

  get key() { return `daily ${this.today()}`; }
  get place() { return `${PLACE}:${this.told.account}:${this.key}`; }

  // The day it is where the practice is, by this device's clock; the server makes its own from how long the answers waited.
  today() { return new Intl.DateTimeFormat('en-CA', { timeZone: this.told.zone, dateStyle: 'short' }).format(); }
  dayInWords() { return new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: this.told.zone, dateStyle: 'full' }).format(); }

  left() { return draftsOf(this.told.account).filter(one => one.key.startsWith('daily ')).reverse(); }
  entries() { return [...new FormData(this.form)].filter(([name, value]) => !UNSAID.has(name) && value !== ''); }

  restore() {
    const kept = this.left().find(one => one.key === this.key);
    for (const [name, value] of kept?.entries ?? [])
      for (const control of this.form.elements)
        if (control.name === name) {
          if (control.type === 'radio' || control.type === 'checkbox') control.checked = control.checked || control.value === value;
          else control.value = value;
        }
  }

  async submitted(event) {
    if (this.leaving) return;
    const here = Boolean(this.dataset.account), entries = this.entries();
    if (here && !entries.length) return; // the server's page says what is missing
    event.preventDefault();
    if (!this.told) { this.tell('unknown'); return; }
    if (!entries.length) { this.tell('empty'); return; }
    const kept = { draft: newKey(), key: this.key, when: this.dayInWords(), url: this.dataset.url, at: Date.now(), entries: [...entries, ['account', this.told.account]] };
    if (!this.keep(kept)) { if (here) this.leave(); else this.tell('full'); return; }
    await this.sendAll();
    const still = this.left().some(one => one.draft === kept.draft);
    if (!still) { location.assign(this.dataset.next); return; }
    if (here && this.state === 'waits') { shelf.removeItem(this.place); this.leave(); }
  }

  keep(kept) {
    try { shelf?.setItem(this.place, JSON.stringify(kept)); }
    catch (fault) { if (fault.name !== 'QuotaExceededError') throw fault; return false; }
    return Boolean(shelf);
  }

  leave() { this.leaving = true; this.form.requestSubmit(); }

  // One round at a time; what was kept while one ran is sent by the next.
  async sendAll() {
    while (this.sending) await this.sending;
    if (!this.left().length) return;
    this.sending = this.round();
    await this.sending;
    this.sending = null;
  }

  async round() {
    clearTimeout(this.timer);
    let state = 'sent', why = '';
    for (const one of this.left()) {
      const told = await send(one);
      if (told.state === 'sent') this.arrived(one);
      else { state = told.state; why = told.why ?? ''; }
      if (told.state === 'away' || told.state === 'login') break;
    }
    if (state === 'away') this.timer = setTimeout(() => this.sendAll(), AGAIN);
    this.tell({ away: 'kept', login: 'login', waits: 'waits', sent: 'sent' }[state], { why, n: this.left().length });
  }

  arrived(one) {
    const place = `${PLACE}:${this.told.account}:${one.key}`;
    const now = JSON.parse(shelf.getItem(place) ?? 'null');
    if (now?.draft === one.draft) shelf.removeItem(place); // not what was answered anew meanwhile
  }

  tell(state, values = {}) {
    this.state = state;
    const many = values.n > 1 && this.dataset[`sayMany${state[0].toUpperCase()}${state.slice(1)}`];
    const banner = this.querySelector('[data-banner]');
    banner.querySelector('p').textContent = fill(many || this.dataset[`say${state[0].toUpperCase()}${state.slice(1)}`], values);
    banner.classList.toggle('good', state === 'sent');
    banner.hidden = false;
    banner.scrollIntoView({ block: 'nearest' });
    this.querySelector('[data-login]').hidden = state !== 'login';
  }
}

customElements.define('day-answers', DayAnswers);
