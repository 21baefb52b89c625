// The service worker of the daily page. It keeps the empty shell of that page and what the shell is drawn with; nothing that
// belongs to anybody, and nothing of any other page. VERSION, SHELL, DAILY and ASSETS are put before this by the server.
/* global VERSION, SHELL, DAILY, ASSETS */

const fetchAnew = path => fetch(path, { credentials: 'omit', cache: 'no-cache', redirect: 'error' });

async function keep() {
  const cache = await caches.open(VERSION);
  await Promise.all([SHELL, ...ASSETS].map(async path => {
    const answer = await fetchAnew(path);
    if (!answer.ok) throw new TypeError(`${path}: ${answer.status}`);
    await cache.put(path, answer);
  }));
}

async function tidy() {
  const old = (await caches.keys()).filter(name => name.startsWith('unknot-') && name !== VERSION);
  await Promise.all(old.map(name => caches.delete(name)));
  await self.clients.claim();
}

// The network always comes first; what is kept answers only when there is none.
async function orKept(request, path) {
  try { return await fetch(request); }
  catch (fault) {
    const kept = await caches.match(path, { cacheName: VERSION });  // opening it would make it anew after a sign-out
    if (!kept) throw fault;
    return kept;
  }
}

self.addEventListener('install', event => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener('activate', event => event.waitUntil(tidy()));

self.addEventListener('fetch', event => {
  const { method, mode, url } = event.request, { origin, pathname } = new URL(url);
  if (method !== 'GET' || origin !== self.location.origin) return;
  if (mode === 'navigate' && pathname === DAILY) event.respondWith(orKept(event.request, SHELL));
  else if (mode !== 'navigate' && ASSETS.includes(pathname)) event.respondWith(orKept(event.request, pathname));
});

self.addEventListener('push', event => {
  const { title, body, url, tag } = event.data.json();
  const pictures = { icon: '/static/follow/icon-192.png', badge: '/static/follow/badge-96.png' };
  event.waitUntil(self.registration.showNotification(title, { body, tag, data: { url }, ...pictures }));
});

self.addEventListener('notificationclick', event => {
  event.notification.close();
  const page = new URL(event.notification.data.url, self.location.origin);
  if (page.origin === self.location.origin) event.waitUntil(self.clients.openWindow(page.href));
});
