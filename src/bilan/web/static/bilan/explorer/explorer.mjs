// The data explorer: chips say which series, the address keeps them and how they are looked at.
import { PALETTE, stamp } from "../chart.mjs";
import { element, fetchJson } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { Period, iso, keep } from "../monitoring/period.mjs";
import { SeriesChart } from "../monitoring/plot.mjs";
import { choice } from "../monitoring/workbench.mjs";
import { Finder } from "./finder.mjs";
import { tabular, told } from "./kinds.mjs";

const FORMS = { csv: "CSV", xlsx: "Excel", parquet: "Parquet" };
const VIEWS = () => ({ lines: gettext("Over time"), profile: gettext("Profile"), scatter: gettext("Scatter") });

export function mount(host) {
  new Explorer(host, JSON.parse(document.getElementById("explorer-config").textContent));
}

class Explorer {
  constructor(host, config) {
    const asked = new URL(location.href).searchParams;
    const one = (name, allowed, usual) => (allowed.includes(asked.get(name)) ? asked.get(name) : usual);
    Object.assign(this, { host, config, series: config.series });
    this.view = one("view", Object.keys(VIEWS()), "lines");
    this.axes = one("axes", ["shared", "each", "normal"], "shared");
    this.by = one("by", ["hour", "weekday", "month"], "hour");
    this.shifted = asked.get("shift") === "1y";
    this.period = new Period({ ...config, range: "30d" }, () => this.draw());
    const figure = host.querySelector("figure");
    this.chart = new SeriesChart(figure, (begin, end) => this.data(begin, end));
    figure.chart = this.chart;
    this.controls();
    this.draw();
  }

  controls() {
    this.chips = element("div", { class: "chips" });
    this.finder = new Finder(this.host.dataset.find, (series) => this.add(series));
    this.host.querySelector(".chosen").append(this.finder.element, this.chips);
    this.views = Object.entries(VIEWS()).map(([view, text]) => element("button", { type: "button", class: "segment", text, "data-view": view, onclick: () => this.change({ view }) }));
    this.axesChoice = choice(gettext("Axes"), [{ code: "shared", name: gettext("One axis a unit") }, { code: "each", name: gettext("Each on its own") }, { code: "normal", name: gettext("In % of the mean") }], this.axes, (axes) => this.change({ axes }));
    this.byChoice = choice(gettext("Profile"), [{ code: "hour", name: gettext("By hour of the day") }, { code: "weekday", name: gettext("By day of the week") }, { code: "month", name: gettext("By month of the year") }], this.by, (by) => this.change({ by }));
    this.shiftButton = element("button", { type: "button", class: "chip", text: gettext("Beside the year before"), onclick: () => this.change({ shifted: !this.shifted }) });
    this.forms = element("div", { class: "menu-body" });
    this.host.querySelector(".controls").append(
      element("div", { class: "segments", role: "group", "aria-label": gettext("View") }, ...this.views),
      this.period.element, this.axesChoice, this.byChoice, this.shiftButton, element("span", { class: "space" }),
      element("details", { class: "menu" }, element("summary", { text: gettext("Export") }), this.forms));
  }

  add(series) {
    if (this.series.some((other) => other.key === series.key) || this.series.length >= this.config.most) return;
    this.change({ series: [...this.series, series] });
  }

  change(values) {
    Object.assign(this, values);
    keep({
      series: this.series.map((series) => series.key).join(","),
      view: this.view === "lines" ? "" : this.view,
      axes: this.axes === "shared" ? "" : this.axes,
      by: this.by === "hour" ? "" : this.by,
      shift: this.shifted ? "1y" : "",
    });
    this.draw();
  }

  draw() {
    this.reflect();
    this.host.querySelector(".explorer-told").textContent = "";
    if (this.view === "lines" || !this.series.length) {
      const axes = this.axes === "each" ? "each" : "shared";
      return this.chart.period(this.period.begin, this.period.end, { axes });
    }
    this.other();
  }

  reflect() {
    for (const button of this.views) button.setAttribute("aria-pressed", String(button.dataset.view === this.view));
    this.axesChoice.hidden = this.shiftButton.hidden = this.view !== "lines";
    this.byChoice.hidden = this.view !== "profile";
    this.shiftButton.setAttribute("aria-pressed", String(this.shifted));
    this.chips.replaceChildren(...this.series.map((series, at) => element("button", { type: "button", class: "chip", "data-key": series.key, "aria-label": gettext("Remove %(name)s", { name: series.name }), onclick: () => this.change({ series: this.series.filter((other) => other !== series) }) }, element("i", { style: `background:${PALETTE[at % PALETTE.length]}` }), series.name, element("span", { "aria-hidden": "true", text: "×" }))));
    this.chips.hidden = !this.series.length;
    this.forms.replaceChildren(...Object.entries(FORMS).map(([form, text]) => element("a", { href: this.exported(form), download: "", text, "data-form": form })));
  }

  // Points and parameters of all chips at once; a file may hold a pair more than there are chips, never one less.
  exported(form) {
    const list = (name) => [...new Set(this.series.map((series) => series[name]))].join(",");
    return `/api/observations?${new URLSearchParams({ points: list("point"), parameters: list("parameter"), begin: iso(this.period.begin), end: iso(this.period.end), form })}`;
  }

  // One request a point; the same again a year earlier when asked for.
  async data(begin, end) {
    const now = await this.fetched(begin, end);
    if (!this.shifted) return this.scaled(now);
    const back = (stamped) => { const moment = new Date(stamped); moment.setUTCFullYear(moment.getUTCFullYear() - 1); return moment.getTime(); };
    const before = await this.fetched(back(begin), back(end));
    const by = begin - back(begin);
    const moved = before.series.map((series) => ({ ...series, id: `${series.id}-before`, name: gettext("%(name)s, a year before", { name: series.name }), dash: "dotted", data: series.data.map((item) => [iso(stamp(item[0]) + by), ...item.slice(1)]) }));
    return this.scaled({ ...now, series: [...now.series, ...moved] });
  }

  async fetched(begin, end) {
    const points = [...new Set(this.series.map((series) => series.point))];
    const answers = await Promise.all(points.map((point) => {
      const parameters = this.series.filter((series) => series.point === point).map((series) => series.parameter).join(",");
      return fetchJson(`/api/observations?${new URLSearchParams({ points: point, parameters, begin: iso(begin), end: iso(end) })}`);
    }));
    const found = new Map(answers.flatMap((answer) => answer.series.map((series) => [`${series.point}:${series.parameter}`, series])));
    const series = this.series.flatMap((wanted, at) => (found.has(wanted.key) ? [{ ...found.get(wanted.key), name: wanted.name, colour: PALETTE[at % PALETTE.length] }] : []));
    return { interval: answers[0]?.interval, series };
  }

  // In percent of each series' own mean, so that different units share an axis.
  scaled(data) {
    if (this.axes !== "normal") return data;
    const series = data.series.map((entry) => {
      const values = entry.data.map((item) => item[1]).filter((value) => value !== null);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const scale = (value) => (value === null || value === undefined || !mean ? null : (100 * value) / mean);
      return { ...entry, unit: "%", data: entry.data.map(([time, value, flagged, low, high]) => [time, scale(value), flagged, scale(low), scale(high)]) };
    });
    return { ...data, series };
  }

  async other() {
    const { chart, view } = this;
    const turn = (chart.turn = (chart.turn ?? 0) + 1);
    const query = new URLSearchParams({ series: this.series.map((series) => series.key).join(","), begin: iso(this.period.begin), end: iso(this.period.end), by: this.by });
    chart.figure.setAttribute("aria-busy", "true");
    try {
      const answer = await fetchJson(`${this.host.dataset[view]}?${query}`);
      if (turn !== chart.turn) return;
      chart.figure.dataset.kind = view;
      chart.body.style.height = "400px";
      chart.set(view === "scatter" ? { scatter: answer, series: [{ name: answer.y.name, unit: answer.y.unit, data: answer.dots }] } : { profile: answer, series: tabular(answer, this.by) });
      this.host.querySelector(".chart-note").textContent = "";
      if (view === "scatter") this.host.querySelector(".explorer-told").textContent = told(answer);
    } catch (error) {
      if (turn === chart.turn) chart.showError(error);
    } finally {
      if (turn === chart.turn) chart.figure.removeAttribute("aria-busy");
    }
  }
}
