// The field app: one page, views by the part of the address behind #, everything read from the phone's own store.
import { element } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { actView } from "./actview.mjs";
import { mapView } from "./mapview.mjs";
import { outbox } from "./outbox.mjs";
import { renewToken, stranger } from "./person.mjs";
import * as queue from "./queue.mjs";
import { scanView } from "./scanview.mjs";
import { taskList } from "./tasklist.mjs";
import { taskView } from "./taskview.mjs";
import { icon } from "./ui.mjs";

const main = document.getElementById("main");
const pill = document.getElementById("standing");
let leave = null;
let shown = 0;

const ROUTES = [
  [/^#\/task\/([^/]+)\/act\/([^/]+)$/, actView, "tasks"],
  [/^#\/task\/([^/]+)$/, taskView, "tasks"],
  [/^#\/map$/, mapView, "map"],
  [/^#\/scan$/, scanView, "scan"],
  [/^#\/sync$/, outbox, "sync"],
  [/^/, taskList, "tasks"],
];

async function show({ quiet = false } = {}) {
  const turn = ++shown;
  const [pattern, view, tab] = ROUTES.find(([form]) => form.test(location.hash));
  const parts = (pattern.exec(location.hash) ?? []).slice(1).map(decodeURIComponent);
  if (quiet && (leave?.busy?.() || view.still)) return;
  const made = await view(...parts);
  if (turn !== shown) { made.leave?.(); return; }
  leave?.leave?.();
  leave = made;
  main.replaceChildren(...made.parts);
  made.enter?.();
  for (const entry of document.querySelectorAll("[data-tab]")) {
    if (entry.dataset.tab === tab) entry.setAttribute("aria-current", "page");
    else entry.removeAttribute("aria-current");
  }
  if (!quiet) { window.scrollTo(0, 0); main.querySelector("h1")?.focus({ preventScroll: true }); }
}

async function tellStanding() {
  const { tone, text, symbol, waiting, stuck } = await queue.standing();
  const said = pill.querySelector("span");
  pill.className = `pill status-${tone}`;
  if (said.textContent !== text) { said.textContent = text; pill.querySelector("svg")?.replaceWith(icon(symbol)); }
  const count = document.getElementById("waiting");
  count.hidden = !(waiting + stuck);
  count.textContent = waiting + stuck;
  document.documentElement.dataset.standing = queue.now.login ? "login" : queue.now.offline ? "offline" : queue.now.running ? "running" : "quiet";
}

async function installWorker() {
  if (!navigator.serviceWorker) return;
  try {
    await navigator.serviceWorker.register(document.body.dataset.worker, { scope: "/field" });
    const ready = await navigator.serviceWorker.ready;
    ready.active.postMessage({ keep: "page" });
    document.documentElement.dataset.installed = "1";
  } catch (error) { console.warn(error); }
}

function failed(error) {
  main.replaceChildren(element("div", { class: "state state-error", role: "alert" }, element("b", { text: gettext("The phone does not let us keep anything") }), element("p", { class: "quiet", text: `${gettext("Leave private browsing, or free some space, and open the page again.")} (${error.message})` })));
}

async function begin() {
  const refuge = await stranger();
  if (refuge) { pill.hidden = document.querySelector(".app-tabs").hidden = true; main.replaceChildren(...refuge); document.documentElement.dataset.ready = "1"; return; }
  window.addEventListener("hashchange", () => show());
  document.querySelector("form.languages").addEventListener("submit", (event) => { renewToken(event.target); if (!navigator.onLine) event.preventDefault(); });
  let before = "";
  queue.listen(async (now) => {
    await tellStanding();
    const state = `${now.running} ${now.pulled} ${now.offline} ${now.login}`;
    if (state !== before && !now.running) show({ quiet: true });
    before = state;
  });
  await show();
  await tellStanding();
  document.documentElement.dataset.ready = "1";
  installWorker();
  navigator.storage?.persist?.();
  await queue.start(Number(document.body.dataset.period));
}

begin().catch(failed);
