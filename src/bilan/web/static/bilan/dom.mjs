// Small helpers for building elements; text is always set as text, never as HTML.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "text") made.textContent = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function state(kind, title, text = "", action = null) {
  return element("div", { class: `state state-${kind}`, role: kind === "error" ? "alert" : "status" }, element("b", { text: title }), text ? element("p", { class: "quiet", text }) : null, action);
}

export function levels(kind) {
  const all = JSON.parse(document.getElementById("bilan-levels")?.textContent ?? "[]");
  return kind ? all.filter((level) => level.kind === kind) : all;
}

export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

export const wall = document.documentElement.classList.contains("wall");

export class Refused extends Error {}

// JSON of our own server; a Problem becomes an error whose message is already in the reader's language.
export async function fetchJson(address, options = {}) {
  const response = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin", ...options });
  if (response.status === 401) { location.reload(); throw new Refused("401"); }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Refused(body?.message ?? `${response.status}`);
  return body;
}
