// Whose phone this is: what one person left is not shown to the next, and what they have yet to hand in is not thrown away unasked.
import { element } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import * as store from "./store.mjs";
import { button, card, confirm, head } from "./ui.mjs";

export const me = Number(document.body.dataset.person);

// Parts of a page to show instead of the app while another person's acts wait here; null when all is ours.
export async function stranger() {
  const before = await store.kept("person");
  if (!before || before.id === me) { if (!before) await store.keep("person", { id: me, name: document.body.dataset.name }); return null; }
  const open = await store.unsent();
  if (!open.length) { await store.wipe(); await store.keep("person", { id: me, name: document.body.dataset.name }); return null; }
  await store.clearReadings();
  const name = before.name || `${before.id}`;
  return [
    head(gettext("Somebody else's work is on this phone"), ""),
    card("",
      element("p", { text: gettext("%(name)s has %(n)s entries here that have not reached the platform. Let them log in once to hand them in.", { name, n: open.length }) }),
      element("div", { class: "stack" }, button(gettext("Log out, so that they can log in"), "logout", leave, "primary"), button(gettext("Throw their entries away"), "trash", () => discard(name), "danger"))),
  ];
}

async function discard(name) {
  if (!await confirm(gettext("Throw the entries of %(name)s away?", { name }), gettext("They are on no other device. This cannot be taken back."), gettext("Throw away"))) return;
  await store.wipe();
  location.reload();
}

// The page may be older than the session: its forms take the token of now.
export function renewToken(form) {
  const token = /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1];
  if (token) form.elements.csrfmiddlewaretoken.value = token;
}

function leave() {
  const form = document.getElementById("leave");
  renewToken(form);
  form.submit();
}

// Leaving takes everything from the phone; with something unsent only after a warning.
export async function logOut() {
  const open = await store.unsent();
  if (open.length) {
    const text = gettext("%(n)s entries have not reached the platform. Logging out takes them from this phone for good.", { n: open.length });
    if (!await confirm(gettext("Log out and lose what is not handed in?"), text, gettext("Lose it and log out"))) return;
  }
  await store.wipe();
  leave();
}
