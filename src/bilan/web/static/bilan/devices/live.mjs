// Keeps the parts of a page that carry data-fresh as the server sees them: asks for the same address again and takes over what differs.
// A device that falls silent, comes late or comes back is told in the list marked data-news.
import { element } from "../dom.mjs";
import { gettext } from "../i18n.mjs";

const PERIOD = Math.max(0.5, Number(document.body.dataset.livePeriod ?? 10)) * 1000;
const TOLD = 5;
let asking = false;
let started = false;

export function mount() {
  if (started) return;
  started = true;
  setInterval(refresh, PERIOD);
  document.addEventListener("visibilitychange", refresh);
}

async function refresh() {
  if (asking || document.hidden) return;
  asking = true;
  const address = location.href.split("#")[0];
  try {
    const response = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin", cache: "no-store" });
    if (response.redirected) return location.reload();
    if (!response.ok || address !== location.href.split("#")[0]) return;
    take(new DOMParser().parseFromString(await response.text(), "text/html"));
    tell("");
  } catch {
    tell(gettext("No connection to the server: values are no longer updated"));
  } finally {
    asking = false;
  }
}

function tell(text) {
  const box = document.getElementById("live-state");
  if (box && box.textContent !== text) box.textContent = text;
}

function take(page) {
  const before = presences(document);
  for (const part of document.querySelectorAll("[data-fresh]")) {
    const fresh = page.getElementById(part.id);
    if (fresh) align(part, fresh);
  }
  report(before, presences(document));
}

// Make an element like the fresh one, changing as little as possible: what a reader opened, typed or chose stays.
function align(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName || old instanceof SVGElement) return old.replaceWith(document.importNode(fresh, true));
  if (old.nodeType === Node.TEXT_NODE) {
    if (!old.parentElement?.matches("[data-age]")) old.data = fresh.data;
    return;
  }
  if (old.matches("form, [data-keep]")) return;
  for (const { name, value } of [...fresh.attributes]) if (old.getAttribute(name) !== value && name !== "class") old.setAttribute(name, value);
  if (fresh.className !== old.className.replace(/ ?\bfresh\b/, "")) old.className = fresh.className;
  if (old.nodeName === "TBODY") return alignRows(old, fresh);
  const [mine, theirs] = [[...old.childNodes], [...fresh.childNodes]];
  const alike = mine.length === theirs.length && mine.every((node, at) => node.nodeName === theirs[at].nodeName);
  if (old.nodeName === "TD" && old.textContent !== fresh.textContent && !old.querySelector("[data-age]")) flash(old);
  if (alike) mine.forEach((node, at) => align(node, theirs[at]));
  else old.replaceChildren(...theirs.map((node) => document.importNode(node, true)));
}

// Rows are known by the first link in them, so that a row that moved is moved and keeps what was chosen in it.
function alignRows(old, fresh) {
  const key = (row) => row.querySelector("a[href]")?.getAttribute("href") ?? row.textContent;
  const known = new Map([...old.rows].map((row) => [key(row), row]));
  const wanted = [...fresh.rows].map((row) => {
    const mine = known.get(key(row));
    if (!mine) return document.importNode(row, true);
    align(mine, row);
    return mine;
  });
  const same = wanted.length === old.rows.length && wanted.every((row, at) => old.rows[at] === row);
  if (!same) {
    const focused = document.activeElement;
    old.replaceChildren(...wanted);
    if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
  }
}

function flash(cell) {
  cell.classList.remove("fresh");
  requestAnimationFrame(() => cell.classList.add("fresh"));
}

function presences(root) {
  return new Map([...root.querySelectorAll("[data-presence]")].map((mark) => [mark.dataset.of, { presence: mark.dataset.presence, text: mark.textContent, tone: mark.className }]));
}

function report(before, after) {
  const box = document.querySelector("[data-news]");
  if (!box) return;
  const now = document.querySelector("[data-clock]")?.textContent ?? "";
  for (const [mn, { presence, text, tone }] of after) {
    const was = before.get(mn);
    if (!was || was.presence === presence) continue;
    const colour = /status-(\w+)/.exec(tone)?.[1] ?? "quiet";
    box.prepend(element("li", { class: `tone-${colour}`, text: gettext("%(time)s: device %(mn)s is now: %(state)s", { time: now, mn, state: text }) }));
  }
  while (box.children.length > TOLD) box.lastElementChild.remove();
}
