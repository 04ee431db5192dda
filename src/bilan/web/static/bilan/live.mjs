// Values that change while one looks: every element with data-live="point/parameter/statistic/interval" is kept up to date by one
// small request for all of them. Other modules listen to the event "bilan:live" on document for whole answers.
import { gettext } from "./i18n.mjs";

const PERIOD = Number(document.body.dataset.livePeriod ?? 10) * 1000;
const PATIENCE = 3;
let version = 0;
let tag = "";
let failures = 0;
const watched = new Set();

// Points that a module wants to hear of without showing them in an element.
export function watch(points) {
  for (const point of points) watched.add(point);
}

function points() {
  const shown = [...document.querySelectorAll("[data-live]")].map((item) => item.dataset.live.split("/")[0]);
  return [...new Set([...shown, ...watched])];
}

function apply(values) {
  const byKey = new Map(values.map((value) => [value.key, value]));
  for (const item of document.querySelectorAll("[data-live]")) {
    const fresh = byKey.get(item.dataset.live);
    if (!fresh) continue;
    if (!put(item, fresh)) continue;
    item.classList.remove("changed");
    requestAnimationFrame(() => item.classList.add("changed"));
  }
}

// Put a fresh value into an element and tell whether that changed anything. The server writes numbers and times as the page
// does, so that both round alike.
function put(item, fresh) {
  const kind = item.dataset.kind;
  if (kind === "age") {
    const time = item.matches("[data-age]") ? item : item.querySelector("[data-age]");
    if (!time || time.dataset.age === String(fresh.end)) return false;
    time.dataset.age = fresh.end;
    return true;
  }
  if (kind && kind === fresh.kind) {
    if (item.textContent.trim() === fresh.label) return false;
    const swatch = Object.assign(document.createElement("i"), { className: "swatch" });
    swatch.style.background = fresh.fill;
    const badge = Object.assign(document.createElement("span"), { className: "badge" });
    badge.append(swatch, fresh.label);
    item.replaceChildren(badge);
    return true;
  }
  const text = kind === "time" ? fresh.time : fresh.text;
  if (item.textContent === text) return false;
  item.textContent = text;
  return true;
}

function tell(connected) {
  const box = document.getElementById("live-state");
  const text = connected ? "" : gettext("No connection to the server: values are no longer updated");
  if (box && box.textContent !== text) box.textContent = text;
}

async function poll() {
  const wanted = points();
  if (!wanted.length || document.hidden) return;
  const address = `${document.body.dataset.liveSrc}?since=${version}&points=${wanted.map(encodeURIComponent).join(",")}`;
  try {
    const response = await fetch(address, { headers: { Accept: "application/json", ...(tag ? { "If-None-Match": tag } : {}) }, credentials: "same-origin", cache: "no-store" });
    if (response.status === 401) return location.reload();
    failures = 0;
    tell(true);
    if (response.status !== 200) return;
    const answer = await response.json();
    tag = response.headers.get("ETag") ?? "";
    version = answer.version;
    apply(answer.values);
    document.dispatchEvent(new CustomEvent("bilan:live", { detail: answer }));
  } catch {
    failures += 1;
    tell(failures < PATIENCE);
  }
}

export function startLive() {
  if (!document.body.dataset.liveSrc) return;
  setInterval(poll, PERIOD);
  document.addEventListener("visibilitychange", poll);
  poll();
}
