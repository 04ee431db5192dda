// The start page keeps itself up to date: it asks whether the evaluation has said anything new, and puts the changed parts in place.
import { openDrawer } from "../drawer.mjs";

const PERIOD = Number(document.body.dataset.livePeriod ?? 10) * 1000;
const WHY = "/overview/why/";
const STEPS = { ArrowLeft: -7, ArrowRight: 7, ArrowUp: -1, ArrowDown: 1 };

export function mount(root) {
  setInterval(() => refresh(root), PERIOD);
  root.addEventListener("click", explain);
  root.addEventListener("keydown", walk);
  enter(root);
}

async function refresh(root) {
  if (document.hidden) return;
  const address = new URL(location.href);
  address.searchParams.set("part", "1");
  const { computed, alerts } = root.querySelector("[data-computed]").dataset;
  address.searchParams.set("since", computed);
  address.searchParams.set("alerts", alerts);
  const response = await fetch(address, { credentials: "same-origin", cache: "no-store", headers: { "HX-Request": "true" } }).catch(() => null);
  if (response?.status === 401) return location.reload();
  if (response?.status !== 200) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = await response.text();
  for (const part of fresh.content.querySelectorAll("[data-part]")) replace(document.getElementById(part.id), part);
  document.dispatchEvent(new CustomEvent("htmx:after:swap"));
  enter(root);
  document.dispatchEvent(new CustomEvent("bilan:overview"));
}

// A part in use (the focus is in it, or a menu is open) is left as it is until the next time.
function replace(old, part) {
  if (!old || old.contains(document.activeElement) || old.querySelector("details[open]")) return;
  const scrolled = old.querySelector(".year-scroll")?.scrollLeft;
  old.replaceWith(part);
  window.htmx?.process(part);
  const strip = part.querySelector(".year-scroll");
  if (strip && scrolled !== undefined) strip.scrollLeft = scrolled;
}

function explain(event) {
  const link = event.target.closest(`a[href^="${WHY}"]`);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const title = link.closest(".card").querySelector("h2").textContent;
  openDrawer(`${link.getAttribute("href")}?part=1`, `${link.textContent} · ${title}`);
}

// One stop of the tab key for the whole calendar, on its last day; arrows walk through the days.
function enter(root) {
  const days = [...root.querySelectorAll("[data-day]")];
  for (const day of days) day.tabIndex = -1;
  if (days.length) days.at(-1).tabIndex = 0;
  const strip = root.querySelector(".year-scroll");
  if (strip && !strip.dataset.placed) { strip.dataset.placed = "1"; strip.scrollLeft = (strip.scrollWidth * days.length) / 366 - strip.clientWidth * 0.8; }
}

function walk(event) {
  const step = STEPS[event.key];
  if (!step || !event.target.matches("[data-day]")) return;
  event.preventDefault();
  const days = [...event.currentTarget.querySelectorAll("[data-day]")];
  const next = days[days.indexOf(event.target) + step];
  if (!next) return;
  event.target.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
