// Shows push messages of this site and opens what they are about; it keeps nothing and answers no other request.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let told = {};
  try { told = event.data?.json() ?? {}; } catch { told = { title: event.data?.text() }; }
  event.waitUntil(self.registration.showNotification(told.title || "碧蓝 Bilan", { body: told.body ?? "", tag: told.tag, data: { link: told.link ?? "/notices" }, lang: told.language }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data?.link ?? "/notices", self.location.origin);
  if (address.origin !== self.location.origin) return;
  event.waitUntil(self.clients.openWindow(address.href));
});
