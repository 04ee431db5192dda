// The drawer at the side (on phones from below): loads a part of a page into a dialog that leaves the page behind it usable.
import { element, state } from "./dom.mjs";
import { gettext } from "./i18n.mjs";

let drawer = null;
let opener = null;

function make() {
  const close = element("button", { type: "button", "aria-label": gettext("Close"), text: "✕", onclick: () => drawer.close() });
  const title = element("h2", { id: "drawer-title" });
  const body = element("div", { class: "drawer-body" });
  const made = element("dialog", { class: "drawer", "aria-labelledby": "drawer-title" }, element("div", { class: "drawer-head" }, title, close), body);
  made.addEventListener("keydown", (event) => { if (event.key === "Escape") made.close(); });
  made.addEventListener("close", () => opener?.focus?.());
  document.body.append(made);
  return made;
}

// Open the part at `address`; it is HTML of our own server, whose components come alive.
export async function openDrawer(address, title) {
  drawer ??= make();
  opener = document.activeElement;
  drawer.querySelector("h2").textContent = title;
  const body = drawer.querySelector(".drawer-body");
  body.replaceChildren(state("loading", gettext("Loading")));
  if (!drawer.open) drawer.show();
  drawer.querySelector("button").focus();
  try {
    const response = await fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    const html = await response.text();
    body.replaceChildren(document.createRange().createContextualFragment(html));
    document.dispatchEvent(new CustomEvent("htmx:after:swap"));
    window.htmx?.process(body);
  } catch (error) {
    body.replaceChildren(state("error", gettext("The data could not be loaded"), error.message));
  }
}

export function closeDrawer() {
  drawer?.close();
}
