// Follows a job: the part of the page it stands in is asked for again until the job has ended. A lost answer is asked for once more, ever later.
import { gettext } from "./i18n.mjs";
import { element } from "./dom.mjs";

const PERIOD = 700;
const LONGEST = 10000;
const PATIENT = 3;

export function mount(part) {
  ask(part, PERIOD, 0);
}

async function ask(part, pause, lost) {
  await new Promise((resolve) => setTimeout(resolve, pause));
  if (!part.isConnected) return;
  const response = await fetch(part.dataset.follow, { credentials: "same-origin", cache: "no-store", headers: { "HX-Request": "true" } }).catch(() => null);
  const next = response?.headers.get("HX-Redirect");
  if (next) return location.assign(next);
  const text = response?.status === 200 ? await response.text().catch(() => null) : null;
  const fresh = text === null ? null : read(text, part.id);
  if (fresh) return replace(part, fresh);
  if (response && response.status < 500) return location.reload();
  if (lost === PATIENT) part.prepend(element("p", { class: "notice notice-warning", role: "status", text: gettext("The server does not answer; it is asked again. The work goes on by itself.") }));
  ask(part, Math.min(2 * pause, LONGEST), lost + 1);
}

function read(text, id) {
  const template = document.createElement("template");
  template.innerHTML = text;
  return template.content.getElementById(id);
}

// The keyboard stays where it was when the same control is there again.
function replace(part, fresh) {
  const held = part.contains(document.activeElement) ? document.activeElement : null;
  part.replaceWith(fresh);
  window.htmx?.process(fresh);
  if (held?.name) fresh.querySelector(`[name="${CSS.escape(held.name)}"]`)?.focus();
  document.dispatchEvent(new CustomEvent("htmx:after:swap"));
}
