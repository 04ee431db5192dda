// Finding a series: type a name, choose a parameter of a point.
import { element, fetchJson } from "../dom.mjs";
import { gettext } from "../i18n.mjs";

const PAUSE = 250;

export class Finder {
  constructor(address, add) {
    Object.assign(this, { address, add });
    this.input = element("input", { type: "search", placeholder: gettext("Add a series: point, parameter"), "aria-label": gettext("Add a series: point, parameter"), autocomplete: "off", oninput: () => this.later(), onkeydown: (event) => this.keys(event) });
    this.list = element("div", { class: "found", hidden: "" });
    this.element = element("div", { class: "finder", onkeydown: (event) => this.keys(event) }, this.input, this.list);
    document.addEventListener("click", (event) => { if (!this.element.contains(event.target)) this.close(); });
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  async look() {
    const text = this.input.value.trim();
    if (!text) return this.close();
    const answer = await fetchJson(`${this.address}?${new URLSearchParams({ q: text })}`).catch(() => ({ points: [] }));
    if (text !== this.input.value.trim()) return;
    const rows = answer.points.flatMap((point) => point.series.map((series) => element("button", { type: "button", "data-key": series.key, onclick: () => this.take(series) }, element("span", { text: point.name }), element("b", { text: series.label }))));
    this.list.replaceChildren(...(rows.length ? rows : [element("p", { class: "quiet", text: gettext("No point has this in its name or code") })]));
    this.list.hidden = false;
  }

  take(series) {
    this.add(series);
    this.input.focus();
  }

  keys(event) {
    if (event.key === "Escape") { this.close(); this.input.focus(); }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [this.input, ...this.list.querySelectorAll("button")];
    const next = stops[stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) { event.preventDefault(); event.stopPropagation(); next.focus(); }
  }

  close() {
    this.list.hidden = true;
  }
}
