// Choosing a period: quick ranges, two dates, back and forth; what is chosen stands in the address.
import { element } from "../dom.mjs";
import { gettext } from "../i18n.mjs";

const DAY = 86400000;
const RANGES = { "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY, "1y": 365 * DAY, "3y": 1096 * DAY, all: null };
const NAMES = () => ({ "24h": gettext("24 h"), "7d": gettext("7 days"), "30d": gettext("30 days"), "1y": gettext("1 year"), "3y": gettext("3 years"), all: gettext("All") });

export const parse = (text) => Date.parse(`${text.length <= 10 ? `${text}T00:00` : text}Z`);
export const iso = (stamp) => new Date(Math.round(stamp / 60000) * 60000).toISOString().slice(0, 16);

// Change some values of the address without leaving the page; empty ones go.
export function keep(values) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined || value === "") address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  history.replaceState(history.state, "", address);
}

export class Period {
  constructor({ now, first, range = "7d" }, changed) {
    this.limits = { now: Math.ceil(parse(now) / 3600000) * 3600000, first: first ? parse(first) : null };
    this.changed = changed;
    const asked = new URL(location.href).searchParams;
    this.range = RANGES[asked.get("range")] !== undefined ? asked.get("range") : range;
    const [begin, end] = [parse(asked.get("begin") ?? ""), parse(asked.get("end") ?? "")];
    if (begin < end) Object.assign(this, { range: "", begin, end });
    else this.quick(this.range, false);
    this.element = this.make();
    this.reflect();
  }

  quick(range, tell = true) {
    const { now, first } = this.limits;
    Object.assign(this, { range, end: now, begin: range === "all" ? (first ?? now - 365 * DAY) : now - RANGES[range] });
    if (tell) this.tell();
  }

  custom(begin, end) {
    if (!(begin < end)) return;
    Object.assign(this, { range: "", begin, end });
    this.tell();
  }

  shift(direction) {
    const length = this.end - this.begin;
    this.custom(this.begin + direction * length, this.end + direction * length);
  }

  tell() {
    keep(this.range ? { range: this.range, begin: "", end: "" } : { range: "", begin: iso(this.begin), end: iso(this.end) });
    this.reflect();
    this.changed();
  }

  make() {
    this.buttons = Object.entries(NAMES()).map(([range, text]) => element("button", { type: "button", class: "segment", text, "data-range": range, onclick: () => this.quick(range) }));
    this.from = element("input", { type: "date", "aria-label": gettext("First day"), onchange: () => this.dates() });
    this.to = element("input", { type: "date", "aria-label": gettext("Last day"), onchange: () => this.dates() });
    const arrow = (direction, text, label) => element("button", { type: "button", class: "segment", text, "aria-label": label, onclick: () => this.shift(direction) });
    return element("div", { class: "period" },
      element("div", { class: "segments", role: "group", "aria-label": gettext("Period") }, ...this.buttons),
      element("div", { class: "dates" }, arrow(-1, "‹", gettext("Earlier period")), this.from, element("span", { class: "quiet", text: "–" }), this.to, arrow(1, "›", gettext("Later period"))));
  }

  dates() {
    if (this.from.value && this.to.value) this.custom(parse(this.from.value), parse(this.to.value) + DAY);
  }

  reflect() {
    for (const button of this.buttons) button.setAttribute("aria-pressed", String(button.dataset.range === this.range));
    this.from.value = iso(this.begin).slice(0, 10);
    this.to.value = iso(this.end - 60000).slice(0, 10);
  }
}
