// What this device keeps besides drafts: the service worker of the daily page, its empty shell, and whose phone it is.
// Nothing of it says how anybody is. Signing out forgets all of it.
const HERE = 'unknot-here', PATIENCE = 8000; // milliseconds
const WORKER = '/service-worker.js', SCOPE = '/daily/';

// A browser that lets nobody keep anything refuses even the look at it.
const shelf = (() => { try { return window.localStorage; } catch (fault) { if (fault.name !== 'SecurityError') throw fault; return null; } })();

export const remember = told => shelf?.setItem(HERE, JSON.stringify(told));
export const remembered = () => JSON.parse(shelf?.getItem(HERE) ?? 'null');

// Let the daily page open without a network. Where a browser has no service workers, or no TLS, nothing changes.
export async function keepShell() {
  if (!('serviceWorker' in navigator)) return null;
  try { return await navigator.serviceWorker.register(WORKER, { scope: SCOPE }); }
  catch (fault) { if (['SecurityError', 'TypeError', 'InvalidStateError'].includes(fault.name)) return null; throw fault; }
}

export async function forget() {
  shelf?.removeItem(HERE);
  const over = new Promise(done => setTimeout(done, PATIENCE)); // a slow phone still forgets; nobody waits longer to sign out
  await Promise.race([Promise.allSettled([forgetWorkers(), forgetShell()]), over]);
}

async function forgetWorkers() {
  for (const one of await navigator.serviceWorker?.getRegistrations() ?? []) {
    await (await one.pushManager?.getSubscription())?.unsubscribe();
    await one.unregister();
  }
}

async function forgetShell() {
  const kept = await window.caches?.keys() ?? [];
  await Promise.all(kept.filter(name => name.startsWith('unknot-')).map(name => window.caches.delete(name)));
}
