// Starts everything on a page: components where they stand, shortcuts, clock, live values.
import { gettext, language, ngettext } from "./i18n.mjs";
import { startLive } from "./live.mjs";

const COMPONENTS = {
  table: () => import("./table.mjs"),
  chart: () => import("./chart.mjs"),
  map: () => import("./map.mjs"),
  combo: () => import("./combo.mjs"),
  follow: () => import("./follow.mjs"),
};

// Areas add components of their own: data-component="area/name" loads static/bilan/area/name.mjs.
async function mount(element) {
  const name = element.dataset.component;
  element.dataset.mounted = "1";
  const module = name.includes("/") ? await import(`./${name}.mjs`) : await COMPONENTS[name]();
  module.mount(element);
}

function mountAll(root = document) {
  const waiting = [...root.querySelectorAll("[data-component]:not([data-mounted])")];
  return Promise.all(waiting.map((element) => mount(element).catch(reportError)));
}

function shortcuts(event) {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const box = document.getElementById("search");
    if (box) { event.preventDefault(); box.focus(); box.select(); }
  }
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
    if (event.target.id === "search") { document.getElementById("found").replaceChildren(); event.target.blur(); }
  }
  if ((event.key === "ArrowDown" || event.key === "ArrowUp") && event.target.closest(".search")) moveInFound(event);
}

function moveInFound(event) {
  const stops = [document.getElementById("search"), ...document.querySelectorAll("#found a")];
  const next = stops[stops.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) { event.preventDefault(); next.focus(); }
}

function closeOtherMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
}

// The city's clock, not the reader's: parts of this moment's wall time there.
function wallTime(zone) {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  return Object.fromEntries(format.formatToParts(new Date()).map((part) => [part.type, part.value]));
}

function tick() {
  const clock = document.querySelector("[data-clock]");
  if (!clock) return;
  const now = wallTime(clock.dataset.zone);
  const month = new Date(Date.UTC(2000, now.month - 1, 1)).toLocaleString("en", { month: "short", timeZone: "UTC" });
  const hour = `${now.hour}:${now.minute}`;
  clock.textContent = language === "en" ? `${Number(now.day)} ${month} ${hour}` : `${Number(now.month)}月${Number(now.day)}日 ${hour}`;
  const seconds = Date.UTC(now.year, now.month - 1, now.day, now.hour, now.minute, now.second) / 1000;
  for (const time of document.querySelectorAll("[data-age]")) {
    const text = age(Math.max(0, seconds - Number(time.dataset.age)));
    if (time.textContent !== text) time.textContent = text;
  }
}

// How long ago, as the server writes it.
function age(seconds) {
  if (seconds < 60) return gettext("just now");
  if (seconds < 3600) return ngettext("%(n)s min ago", "%(n)s min ago", Math.floor(seconds / 60));
  if (seconds < 172800) return ngettext("%(n)s h ago", "%(n)s h ago", Math.floor(seconds / 3600));
  return ngettext("%(n)s day ago", "%(n)s days ago", Math.floor(seconds / 86400));
}

// The district changes the page one is on and keeps the rest of its address.
function submitChoice(event) {
  const choice = event.target.closest("[data-submit]");
  if (!choice) return;
  const address = new URL(location.href);
  address.searchParams.set(choice.name, choice.value);
  address.searchParams.delete("page");
  location.assign(address);
}

// The language switch comes back to the address as it is now, whatever a table has made of it since.
function keepPlace(event) {
  const next = event.target.querySelector?.(".languages input[name=next]") ?? (event.target.matches(".languages") && event.target.elements.next);
  if (next) next.value = location.pathname + location.search;
}

// A link with data-drawer, or one in a list or row inside data-drawers, opens beside the page; with a modifier key it stays a link.
async function openBeside(event) {
  const link = event.target.closest("a[data-drawer], [data-drawers] :is(li, tbody) a[href]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const address = new URL(link.href);
  address.searchParams.set("part", "drawer");
  const { openDrawer } = await import("./drawer.mjs");
  openDrawer(address, link.dataset.drawer || link.closest("[data-drawers]").dataset.drawers);
}

document.addEventListener("click", openBeside);
document.addEventListener("keydown", shortcuts);
document.addEventListener("click", closeOtherMenus);
document.addEventListener("change", submitChoice);
document.addEventListener("submit", keepPlace, true);
document.addEventListener("htmx:after:swap", () => mountAll());
window.addEventListener("popstate", () => mountAll());
document.addEventListener("bilan:live", tick);
const mounted = mountAll();
tick();
setInterval(tick, 5000);
startLive();
// On narrow screens the tab of the page may stand out of sight.
for (const tab of document.querySelectorAll(".tabs [aria-current=page]")) {
  const list = tab.closest(".tabs");
  const over = tab.getBoundingClientRect().right - list.getBoundingClientRect().right;
  if (over > 0) list.scrollLeft += over;
}
await mounted;
document.documentElement.dataset.ready = "1";
