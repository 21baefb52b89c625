// Reminders on this phone or browser. <push-choice> around the form asks for permission only when somebody chose them and
// pressed the button; the address and the keys that the browser made travel with the form.
import { keepShell } from '../web/device.js';

class PushChoice extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector('form');
    this.able = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window && isSecureContext;
    if (!this.able && this.chosen()) this.tell('unable');
    this.form.addEventListener('change', () => { if (!this.able && this.chosen()) this.tell('unable'); });
    this.form.addEventListener('submit', event => this.submitted(event));
  }

  chosen() { return this.form.elements.way.value === 'push'; }

  async submitted(event) {
    if (this.ready || !this.chosen()) return;
    event.preventDefault();
    if (!this.able) { this.tell('unable'); return; }
    if (await Notification.requestPermission() !== 'granted') { this.tell('denied'); return; }
    try { this.fillIn(await this.subscribe()); }
    catch (fault) { if (!['AbortError', 'NotAllowedError', 'InvalidStateError'].includes(fault.name)) throw fault; this.tell('failed'); return; }
    this.ready = true;
    this.form.requestSubmit();
  }

  async subscribe() {
    const worker = await keepShell();
    if (!worker) throw new DOMException('no worker', 'AbortError');
    await this.active(worker);
    return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: this.dataset.key });
  }

  // Only a worker that is running may subscribe.
  active(worker) {
    const coming = worker.installing ?? worker.waiting;
    if (!coming) return null;
    return new Promise(done => coming.addEventListener('statechange', () => { if (coming.state === 'activated') done(); }));
  }

  fillIn(subscription) {
    const { endpoint, keys } = subscription.toJSON();
    for (const [name, value] of Object.entries({ endpoint, p256dh: keys.p256dh, auth: keys.auth })) this.form.elements[name].value = value;
  }

  tell(state) {
    const banner = this.querySelector('[data-banner]');
    banner.querySelector('p').textContent = this.dataset[`say${state[0].toUpperCase()}${state.slice(1)}`];
    banner.hidden = false;
    banner.scrollIntoView({ block: 'nearest' });
  }
}

customElements.define('push-choice', PushChoice);
