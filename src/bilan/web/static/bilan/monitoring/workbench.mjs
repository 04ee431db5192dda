// The chart of a point: any parameters, any period, any interval; what is chosen stands in the address.
import { element, fetchJson } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { Period, iso, keep } from "./period.mjs";
import { SeriesChart } from "./plot.mjs";

const FORMS = { csv: "CSV", xlsx: "Excel", parquet: "Parquet" };
const LONGEST_MARKED = 400 * 86400000;
const FRESH = 30000;

export function mount(host) {
  new Workbench(host, JSON.parse(document.getElementById("chart-config").textContent)).start();
}

class Workbench {
  constructor(host, config) {
    const asked = new URL(location.href).searchParams;
    const known = new Set(config.parameters.map((parameter) => parameter.code));
    const wanted = (asked.get("parameters") ?? "").split(",").filter((code) => known.has(code));
    Object.assign(this, { host, config, parameters: new Set(wanted.length ? wanted : config.shown), interval: asked.get("interval") ?? "auto", axes: asked.get("axes") ?? config.axes });
    this.point = config.points[0].code;
    this.period = new Period(config, () => this.draw());
    this.controls();
    const figure = host.querySelector("figure");
    this.chart = new SeriesChart(figure, (begin, end) => this.data(begin, end), (begin, end) => this.marks(begin, end));
    figure.chart = this.chart;
  }

  start() {
    this.draw();
    let drawn = Date.now();
    document.addEventListener("bilan:live", (event) => {
      const ours = event.detail.values.some((value) => value.point === this.point);
      const [begin, end] = this.chart.zoom;
      const whole = begin <= this.chart.begin && end >= this.chart.end;
      if (!ours || !this.period.range || !whole || Date.now() - drawn < FRESH) return;
      drawn = Date.now();
      this.draw();
    });
  }

  draw() {
    this.links();
    this.chart.period(this.period.begin, this.period.end, { axes: this.axes, limits: (series, interval) => this.limits(series, interval) });
  }

  limits(series, interval) {
    return this.config.parameters.find((parameter) => parameter.code === series.parameter)?.limits[interval] ?? [];
  }

  address(begin, end, more = {}) {
    const query = new URLSearchParams({ points: this.point, parameters: [...this.parameters].join(","), begin: iso(begin), end: iso(end), interval: this.interval, ...more });
    return `/api/observations?${query}`;
  }

  async data(begin, end) {
    if (!this.parameters.size) return { interval: this.interval, series: [] };
    return fetchJson(this.address(begin, end));
  }

  async marks(begin, end) {
    if (end - begin > LONGEST_MARKED || !this.parameters.size) return [];
    const query = new URLSearchParams({ parameters: [...this.parameters].join(","), begin: iso(begin), end: iso(end), ...(this.interval === "auto" ? {} : { interval: this.interval }) });
    const answer = await fetchJson(`${this.host.dataset.marks}?${query}`);
    return answer.marks;
  }

  controls() {
    const bar = this.host.querySelector(".controls");
    this.forms = element("div", { class: "menu-body" });
    bar.append(
      this.period.element,
      choice(gettext("Interval"), [{ code: "auto", name: gettext("Interval by zoom") }, ...this.config.intervals], this.interval, (value) => { this.interval = value; keep({ interval: value === "auto" ? "" : value }); this.draw(); }),
      choice(gettext("Axes"), [{ code: "shared", name: gettext("One axis a unit") }, { code: "each", name: gettext("Each on its own") }], this.axes, (value) => { this.axes = value; keep({ axes: value === this.config.axes ? "" : value }); this.draw(); }),
      element("span", { class: "space" }),
      element("details", { class: "menu" }, element("summary", { text: gettext("Export") }), this.forms));
    this.host.querySelector(".chosen").append(...this.boxes());
  }

  // All parameters as toggles; those beyond the first dozen are behind a menu with a filter.
  boxes() {
    const toggles = this.config.parameters.map((parameter) => {
      const box = element("button", { type: "button", class: "chip", text: parameter.name, title: parameter.full, "data-parameter": parameter.code, "aria-pressed": String(this.parameters.has(parameter.code)), onclick: () => this.toggle(parameter.code, box) });
      return box;
    });
    if (toggles.length <= 14) return toggles;
    const rest = element("div", { class: "chips", hidden: "" }, ...toggles.slice(10));
    const filter = element("input", { type: "search", hidden: "", placeholder: gettext("Filter"), "aria-label": gettext("Filter the parameters"), oninput: () => {
      for (const chip of rest.children) chip.hidden = !`${chip.textContent} ${chip.title}`.toLowerCase().includes(filter.value.toLowerCase());
    } });
    const more = element("button", { type: "button", class: "chip more", text: gettext("%(n)s more", { n: toggles.length - 10 }), "aria-expanded": "false", onclick: () => {
      rest.hidden = filter.hidden = !rest.hidden;
      more.setAttribute("aria-expanded", String(!rest.hidden));
    } });
    return [...toggles.slice(0, 10), more, filter, rest];
  }

  toggle(code, box) {
    if (this.parameters.has(code)) this.parameters.delete(code);
    else this.parameters.add(code);
    box.setAttribute("aria-pressed", String(this.parameters.has(code)));
    keep({ parameters: [...this.parameters].join(",") });
    this.draw();
  }

  links() {
    this.forms.replaceChildren(...Object.entries(FORMS).map(([form, text]) => element("a", { href: this.address(this.period.begin, this.period.end, { form }), download: "", text, "data-form": form })));
  }
}

export function choice(label, options, value, chosen) {
  const select = element("select", { "aria-label": label, onchange: () => chosen(select.value) }, ...options.map((option) => element("option", { value: option.code, text: option.name, selected: option.code === value })));
  return select;
}
