// Lets this browser receive push messages, or no longer; the state is the browser's own.
import { gettext } from "../i18n.mjs";

export async function mount(box) {
  const { key, src, worker } = box.dataset;
  if (!key) return;
  const [state, on, off] = ["[data-push-state]", "[data-push-on]", "[data-push-off]"].map((name) => box.querySelector(name));
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) {
    state.textContent = gettext("This browser cannot receive messages, or the site is not reached by https.");
    return;
  }
  const tell = async () => {
    const registration = await navigator.serviceWorker.getRegistration(worker);
    const subscription = await registration?.pushManager.getSubscription();
    on.hidden = Boolean(subscription);
    off.hidden = !subscription;
    state.textContent = subscription ? gettext("This browser receives messages.") : "";
    return subscription;
  };
  on.addEventListener("click", async () => {
    try {
      if (await Notification.requestPermission() !== "granted") { state.textContent = gettext("The browser was told not to show messages of this site."); return; }
      const registration = await navigator.serviceWorker.register(worker);
      await ready(registration);
      const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
      await send(src, subscription.toJSON());
      await tell();
    } catch (error) {
      state.textContent = `${gettext("The browser could not be registered")}: ${error.message}`;
    }
  });
  off.addEventListener("click", async () => {
    const subscription = await tell();
    if (!subscription) return;
    await send(src, { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
    await tell();
  });
  await tell();
}

async function send(address, body) {
  const token = document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  const response = await fetch(address, { method: "POST", credentials: "same-origin", headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(String(response.status));
}

function ready(registration) {
  const worker = registration.installing ?? registration.waiting ?? registration.active;
  if (!worker || worker.state === "activated") return Promise.resolve();
  return new Promise((done) => worker.addEventListener("statechange", () => { if (worker.state === "activated") done(); }));
}

function bytes(text) {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - (text.length % 4)) % 4);
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}
