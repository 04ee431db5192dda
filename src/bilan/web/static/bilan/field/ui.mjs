// Words, times and small parts that every view of the field app uses.
import { element } from "../dom.mjs";
import { gettext, language, ngettext } from "../i18n.mjs";

export const said = (text) => (typeof text === "string" ? text : (language === "en" && text?.en) || text?.zh || "");
const tag = language === "en" ? "en-GB" : "zh-CN";
const zone = document.body.dataset.zone;
const DAY = 86400000;

export function icon(name) {
  const kept = document.getElementById(`icon-${name}`);
  return kept ? kept.content.firstElementChild.cloneNode(true) : document.createTextNode("");
}

export function moment(iso) {
  return iso ? new Date(iso).toLocaleString(tag, { timeZone: zone, month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }) : "";
}

function span(milliseconds) {
  const minutes = Math.max(1, Math.round(milliseconds / 60000));
  if (minutes < 60) return ngettext("%(n)s min", "%(n)s min", minutes);
  if (minutes < 2880) return ngettext("%(n)s h", "%(n)s h", Math.round(minutes / 60));
  return ngettext("%(n)s day", "%(n)s days", Math.round(minutes / 1440));
}

// How a term stands: what to say, and how urgent it is.
export function term(due, now = Date.now()) {
  if (!due) return { text: gettext("No deadline"), tone: "quiet" };
  const rest = new Date(due) - now;
  if (rest < 0) return { text: gettext("Overdue by %(span)s", { span: span(-rest) }), tone: "bad" };
  return { text: gettext("%(span)s left", { span: span(rest) }), tone: rest < DAY ? "risk" : "info" };
}

export function far(metres) {
  if (metres === null || metres === undefined) return "";
  return metres < 950 ? `${Math.max(10, Math.round(metres / 10) * 10)} m` : `${(metres / 1000).toLocaleString(tag, { maximumFractionDigits: metres < 9500 ? 1 : 0 })} km`;
}

export function bytes(size) {
  return size < 1048576 ? `${Math.max(1, Math.round(size / 1024))} KB` : `${(size / 1048576).toLocaleString(tag, { maximumFractionDigits: 1 })} MB`;
}

export const status = (tone, text) => element("span", { class: `status status-${tone}`, text });

export function button(text, symbol, onclick, kind = "") {
  return element("button", { type: "button", class: `button ${kind}`.trim(), onclick }, symbol ? icon(symbol) : null, element("span", { text }));
}

export const link = (href, text, symbol, kind = "") => element("a", { href, class: `button ${kind}`.trim() }, symbol ? icon(symbol) : null, element("span", { text }));

export function head(title, back = "#/") {
  const heading = element("h1", { tabindex: "-1", text: title });
  return element("div", { class: "view-head" }, back ? element("a", { class: "back", href: back, "aria-label": gettext("Back") }, icon("chevron-left")) : null, heading);
}

export function card(title, ...parts) {
  return element("section", { class: "card" }, title ? element("h2", { text: title }) : null, ...parts);
}

// Asks before something that cannot be taken back; true when it shall be done.
export function confirm(title, text, yes, kind = "danger") {
  return new Promise((answer) => {
    const dialog = element("dialog", { class: "ask", "aria-labelledby": "ask-title" }, element("h2", { id: "ask-title", text: title }), element("p", { text }));
    const end = (value) => { dialog.close(); dialog.remove(); answer(value); };
    dialog.append(element("div", { class: "row" }, button(gettext("Not now"), "", () => end(false)), button(yes, "", () => end(true), kind)));
    dialog.addEventListener("cancel", () => end(false));
    document.body.append(dialog);
    dialog.showModal();
  });
}

export const levelTone = (level) => ({ 1: "quiet", 2: "info", 3: "risk", 4: "bad" })[level] ?? "quiet";
export function levelText(level) {
  return { 1: gettext("Notice"), 2: gettext("Warning"), 3: gettext("Serious"), 4: gettext("Critical") }[level] ?? "";
}
