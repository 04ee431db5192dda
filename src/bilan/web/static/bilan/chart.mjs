// Charts: data from the API, with states for loading, nothing and failure, the same data as a table, and export.
import * as echarts from "../vendor/echarts/echarts.mjs";
import { element, fetchJson, levels, state, token, wall } from "./dom.mjs";
import { gettext } from "./i18n.mjs";

export const PALETTE = wall
  ? ["#5aa9f2", "#4fc0b4", "#eda95c", "#b79af7", "#f08cb8", "#a8cf6a", "#67c7e0", "#b4bec8"]
  : ["#0b6bcb", "#0f766e", "#a04a06", "#7c3aed", "#be185d", "#4d7c0f", "#0e7490", "#6b7280"];
const DASHES = ["solid", "dashed", "dotted"];
const ROWS = 2000;

// The answer of /api/observations and the like: {series: [{name, unit, data: [[time, value, flagged?, minimum?, maximum?]]}], limits?}
// A time is wall time without a zone ("2026-03-01T08:00"); it is drawn as it is, in whatever zone the reader sits.
export function mount(figure) {
  const chart = new Chart(figure);
  figure.chart = chart;
  chart.load(figure.dataset.src);
}

export class Chart {
  constructor(figure) {
    this.figure = figure;
    this.body = figure.querySelector(".chart-body");
    this.data = null;
    this.drawn = null;
    this.tabular = false;
    this.tools();
    new ResizeObserver(() => this.drawn?.resize()).observe(this.body);
  }

  // Load another address into the same chart; the one before stays visible until the new one is there.
  async load(address) {
    this.address = address;
    if (!this.drawn) this.show(state("loading", gettext("Loading")));
    this.figure.setAttribute("aria-busy", "true");
    try {
      const data = await fetchJson(address);
      if (address !== this.address) return;
      this.data = data;
      this.render();
    } catch (error) {
      this.show(state("error", gettext("The data could not be loaded"), error.message, element("button", { class: "button", text: gettext("Try again"), onclick: () => this.load(address) })));
    } finally {
      this.figure.removeAttribute("aria-busy");
    }
  }

  // Draw data that is already here.
  set(data) {
    this.data = data;
    this.render();
  }

  render() {
    const empty = !this.data.series?.some((series) => series.data.length);
    if (empty) return this.show(state("empty", this.figure.dataset.empty ?? gettext("No data in this period")));
    if (this.tabular) return this.show(table(this.data), true);
    if (!this.drawn) {
      this.body.classList.remove("as-table");
      const canvas = element("div", { style: "height:100%;width:100%", role: "img", "aria-label": this.figure.dataset.title });
      this.body.replaceChildren(canvas);
      this.drawn = echarts.init(canvas, null, { renderer: "canvas" });
    }
    const options = (KINDS[this.figure.dataset.kind] ?? KINDS.line)(this.data, this.figure.dataset);
    this.drawn.setOption(options, { notMerge: true });
    this.figure.dataset.drawn = "1";
    this.figure.dispatchEvent(new CustomEvent("bilan:drawn", { detail: { echarts: this.drawn, data: this.data }, bubbles: true }));
  }

  show(content, asTable = false) {
    this.drawn?.dispose();
    this.drawn = null;
    this.body.classList.toggle("as-table", asTable);
    this.body.replaceChildren(content);
  }

  tools() {
    const box = this.figure.querySelector(".chart-tools");
    const asTable = element("button", { type: "button", "aria-pressed": "false", text: gettext("Table"), onclick: () => {
      this.tabular = !this.tabular;
      asTable.setAttribute("aria-pressed", String(this.tabular));
      if (this.data) this.render();
    } });
    box.append(asTable, element("button", { type: "button", text: "PNG", onclick: () => this.picture() }), element("button", { type: "button", text: "CSV", onclick: () => this.csv() }));
  }

  picture() {
    if (this.drawn) save(this.drawn.getDataURL({ pixelRatio: 2, backgroundColor: token("card") }), `${this.figure.dataset.title}.png`);
  }

  csv() {
    if (!this.data?.series) return;
    const { heads, rows } = joined(this.data, Infinity);
    const quoted = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : /^[=+@\t\r]|^-(?![\d.])/.test(cell) ? `'${cell}` : cell);
    const text = [heads, ...rows].map((row) => row.map((cell) => quoted(String(cell ?? ""))).join(",")).join("\r\n");
    const address = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
    save(address, `${this.figure.dataset.title}.csv`);
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }
}

function save(href, download) {
  element("a", { href, download }).click();
}

export function labelled(series) {
  return series.unit ? `${series.name} (${series.unit})` : series.name;
}

// All series side by side, a row a time.
function joined(data, most) {
  const times = [...new Set(data.series.flatMap((series) => series.data.map((item) => item[0])))].sort();
  const columns = data.series.map((series) => new Map(series.data.map((item) => [item[0], item[1]])));
  const rows = times.slice(-most).map((time) => [String(time).replace("T", " "), ...columns.map((column) => column.get(time) ?? "")]);
  return { heads: [gettext("Time"), ...data.series.map(labelled)], rows };
}

function table(data) {
  const { heads, rows } = joined(data, ROWS);
  const cell = (name, text, numeric) => element(name, { text, class: numeric ? "numeric" : null, scope: name === "th" ? "col" : null });
  return element("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": gettext("Table") },
    element("table", {},
      element("thead", {}, element("tr", {}, ...heads.map((head, at) => cell("th", head, at > 0)))),
      element("tbody", {}, ...rows.reverse().map((row) => element("tr", {}, ...row.map((text, at) => cell("td", text, at > 0)))))));
}

export function base(data, withUnit = false) {
  const ink = token("soft");
  const fontSize = small();
  return {
    animation: false,
    color: PALETTE,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, fontSize, color: ink },
    grid: { left: 8, right: 16, top: (data.series.length > 1 ? 30 : 10) + (withUnit ? 22 : 6), bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: { show: data.series.length > 1, type: "scroll", top: 0, left: 0, itemHeight: 3, itemWidth: 16, icon: "roundRect", textStyle: { color: ink, fontSize } },
    tooltip: { trigger: "axis", confine: true, backgroundColor: token("card"), borderColor: token("line-strong"), textStyle: { color: token("ink"), fontSize }, axisPointer: { type: "line", lineStyle: { color: token("line-strong") } } },
    aria: { enabled: true },
  };
}

// Text in a chart grows with the page's.
function small() {
  return Math.round(0.857 * parseFloat(getComputedStyle(document.documentElement).fontSize));
}

export function axis(extra = {}) {
  return { axisLine: { lineStyle: { color: token("line-strong") } }, axisTick: { show: false }, axisLabel: { color: token("soft"), fontSize: small(), hideOverlap: true }, splitLine: { lineStyle: { color: token("line") } }, ...extra };
}

// Times are taken as UTC on both sides, so the wall clock of the city is drawn whatever the reader's zone.
export const stamp = (time) => (typeof time === "number" ? time * 1000 : Date.parse(`${time.length <= 10 ? `${time}T00:00` : time}Z`));

// A share never passes the whole, so neither does its axis.
export const whole = (unit) => (unit === "%" ? { max: (extent) => (extent.max > 90 && extent.max <= 100 ? 100 : null) } : {});

function line(data, options) {
  const units = [...new Set(data.series.map((series) => series.unit ?? ""))].slice(0, 2);
  const named = (series) => (units.length > 1 ? labelled(series) : series.name);
  const limits = (data.limits ?? []).map((limit) => ({ yAxis: limit.value, name: limit.name, lineStyle: { color: limit.colour ?? token("red"), type: "dashed", width: 1 }, label: { formatter: limit.name, position: "insideEndTop", color: token("soft") } }));
  return {
    ...base(data, units.some(Boolean)),
    useUTC: true,
    xAxis: axis({ type: "time", splitLine: { show: false } }),
    yAxis: units.map((unit, at) => axis({ type: "value", scale: options.kind !== "bar", ...whole(unit), ...(data.bounds ? { min: data.bounds[0], max: data.bounds[1] } : {}), name: unit, nameTextStyle: { color: token("faint"), fontSize: small(), align: at ? "right" : "left" }, nameGap: 10, position: at ? "right" : "left", splitLine: { show: at === 0, lineStyle: { color: token("line") } } })),
    dataZoom: [{ type: "inside", filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false }],
    series: data.series.map((series, at) => ({
      name: named(series),
      type: options.kind === "bar" ? "bar" : "line",
      yAxisIndex: Math.max(0, units.indexOf(series.unit ?? "")),
      showSymbol: series.data.length < 40,
      symbolSize: 4,
      connectNulls: false,
      sampling: series.data.length > 3000 ? "lttb" : undefined,
      lineStyle: { width: 1.6, type: DASHES[Math.floor(at / PALETTE.length) % DASHES.length] },
      data: series.data.map((item) => [stamp(item[0]), item[1]]),
      markLine: at === 0 && limits.length ? { symbol: "none", silent: true, data: limits } : undefined,
      markPoint: flagged(series),
    })),
  };
}

// Values that carry a mark, or stand for some that do, are pointed out by shape.
function flagged(series) {
  const marked = series.data.filter((item) => item[1] !== null && item[2]).slice(-400);
  return marked.length ? { symbol: "triangle", symbolSize: 7, itemStyle: { color: token("amber") }, label: { show: false }, silent: true, data: marked.map((item) => ({ coord: [stamp(item[0]), item[1]] })) } : undefined;
}

// Bars coloured by official level: data [[time, value, grade]], with data.levels naming the kind.
function graded(data) {
  const fills = new Map(levels(data.levels ?? "aqi").map((level) => [level.grade, level.fill]));
  return {
    ...base(data),
    useUTC: true,
    xAxis: axis({ type: "time", splitLine: { show: false } }),
    yAxis: axis({ type: "value" }),
    series: data.series.map((series) => ({ name: labelled(series), type: "bar", barMaxWidth: 14, data: series.data.map((item) => ({ value: [stamp(item[0]), item[1]], itemStyle: { color: fills.get(item[2]) ?? token("track"), borderColor: "rgba(0,0,0,.25)", borderWidth: 0.5 } })) })),
  };
}

// Bars by name instead of time: data [[name, value]].
function categories(data) {
  const names = data.series[0].data.map((item) => item[0]);
  return {
    ...base(data),
    xAxis: axis({ type: "value" }),
    yAxis: axis({ type: "category", data: names, inverse: true }),
    series: data.series.map((series) => ({ name: labelled(series), type: "bar", barMaxWidth: 18, data: series.data.map((item) => item[1]) })),
  };
}

// Areas may add kinds of their own.
export const KINDS = { line, bar: line, graded, categories };
