// The service worker of the field app: the app itself comes from the phone, everything about cases goes past it.
/* global VERSION, FILES, PAGE */
const SHELL = `bilan-field-${VERSION}`;
const HELD = "bilan-field-page";
const PATIENCE = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(SHELL);
    await cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("bilan-field-") && name !== SHELL && name !== HELD).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

// A page that leads elsewhere (to the log-in) is no page of ours to keep.
async function refresh(request) {
  const response = await fetch(request);
  if (response.ok && !response.redirected && response.type === "basic") await (await caches.open(HELD)).put(PAGE, response.clone());
  return response;
}

async function page(request) {
  const held = await (await caches.open(HELD)).match(PAGE);
  if (!held) return refresh(request);
  const fresh = refresh(request).catch(() => held);
  return Promise.race([fresh, new Promise((answer) => setTimeout(() => answer(held), PATIENCE))]).then((response) => (response === held ? held.clone() : response.status >= 500 ? held : response));
}

async function file(request) {
  return (await caches.match(request, { cacheName: SHELL })) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (request.mode === "navigate" && address.pathname === PAGE) event.respondWith(page(request));
  else if (address.pathname.startsWith("/static/")) event.respondWith(file(request));
});

self.addEventListener("message", (event) => {
  if (event.data?.keep === "page") event.waitUntil(refresh(new Request(PAGE, { credentials: "same-origin" })).catch(() => null));
});

// Notices pushed to the phone: {title, body, link}.
self.addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  event.waitUntil(self.registration.showNotification(told.title ?? "Bilan", { body: told.body ?? "", icon: told.icon, tag: told.tag, data: { link: told.link ?? PAGE } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data?.link ?? PAGE, self.location.origin);
  if (address.origin === self.location.origin) event.waitUntil(self.clients.openWindow(address.href));
});
