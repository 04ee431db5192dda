// A chart of series over a period: finer data is fetched when one zooms in, limits are lines, what is doubtful has a shape.
import { Chart, KINDS, PALETTE, axis, base, labelled, stamp } from "../chart.mjs";
import { element, token } from "../dom.mjs";
import { gettext, language, ngettext } from "../i18n.mjs";

const PAUSE = 350;
const PANEL = 132;
const MOST_BANDS = 4;
const SHAPES = { device: "triangle", doubt: "diamond" };

// `source` gives the data of a period: source(begin, end) → {interval, series, limits?}, as /api/observations does.
// `marks(begin, end)`, when given, tells what is doubtful: [{parameter, time, value, said, device}].
export class SeriesChart extends Chart {
  constructor(figure, source, marks = null) {
    super(figure);
    this.source = source;
    this.marks = marks;
    figure.addEventListener("bilan:drawn", () => this.listen());
  }

  // Show a period: wall times as numbers, milliseconds since 1970 of the wall clock.
  async period(begin, end, options = {}) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    Object.assign(this, { begin, end, options });
    this.figure.dataset.kind = "series";
    this.figure.setAttribute("aria-busy", "true");
    try {
      const [data, marks] = await Promise.all([this.source(begin, end), this.marksOf(begin, end)]);
      if (turn !== this.turn) return;
      this.whole = { ...data, marks };
      this.size(data);
      this.set(this.view(this.whole));
    } catch (error) {
      if (turn !== this.turn) return;
      this.showError(error);
    } finally {
      if (turn === this.turn) this.figure.removeAttribute("aria-busy");
    }
  }

  showError(error) {
    const again = element("button", { type: "button", class: "button", text: gettext("Try again"), onclick: () => this.period(this.begin, this.end, this.options) });
    this.show(element("div", { class: "state state-error", role: "alert" }, element("b", { text: gettext("The data could not be loaded") }), element("p", { class: "quiet", text: error.message }), again));
  }

  async marksOf(begin, end) {
    return this.marks ? this.marks(begin, end).catch(() => []) : [];
  }

  view(data) {
    this.tell(data);
    return { ...data, begin: this.begin, end: this.end, ...this.options };
  }

  // Every panel gets its share of the height.
  size(data) {
    const panels = panelsOf(data.series, this.options.axes).length;
    this.body.style.height = `${panels > 1 ? Math.max(320, panels * PANEL + 70) : 340}px`;
  }

  // How much time one mark stands for, beside the title.
  tell(data) {
    const note = this.figure.querySelector(".chart-note");
    const seconds = Math.max(0, ...data.series.map((series) => series.seconds ?? 0));
    this.figure.dataset.seconds = seconds;
    if (note) note.textContent = seconds ? gettext("one mark stands for %(span)s", { span: spanText(seconds) }) : "";
  }

  listen() {
    if (this.listened === this.drawn) return;
    this.listened = this.drawn;
    let timer;
    this.drawn.on("datazoom", () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.refine(), PAUSE);
    });
  }

  get zoom() {
    const zoom = this.drawn?.getOption().dataZoom?.[0];
    return zoom ? [zoom.startValue, zoom.endValue] : [this.begin, this.end];
  }

  // Fetch what the window shows in finer steps and lay it over the whole.
  async refine() {
    const [begin, end] = this.zoom.map(Math.round);
    const turn = (this.turn += 1);
    let fine = this.whole;
    if (end - begin < 0.8 * (this.end - this.begin)) {
      const margin = 0.25 * (end - begin);
      const [first, last] = [Math.max(this.begin, begin - margin), Math.min(this.end, end + margin)];
      try {
        const [data, marks] = await Promise.all([this.source(first, last), this.marksOf(first, last)]);
        fine = { ...data, marks, series: this.whole.series.map((series, at) => spliced(series, data.series.find((other) => other.id === series.id) ?? data.series[at], first, last)) };
      } catch {
        return;
      }
    }
    if (turn !== this.turn || !this.drawn) return;
    this.data = this.view(fine);
    this.drawn.setOption({ series: seriesOf(this.data, panelsOf(this.data.series, this.options.axes)) }, { replaceMerge: ["series"] });
    this.figure.dispatchEvent(new CustomEvent("bilan:refined", { bubbles: true }));
  }
}

function spliced(whole, fine, first, last) {
  if (!fine) return whole;
  const outside = (item) => stamp(item[0]) < first || stamp(item[0]) >= last;
  return { ...whole, seconds: fine.seconds, data: [...whole.data.filter(outside), ...fine.data].sort((a, b) => stamp(a[0]) - stamp(b[0])) };
}

export function spanText(seconds) {
  if (seconds < 3600) return ngettext("%(n)s minute", "%(n)s minutes", Math.max(1, Math.round(seconds / 60)));
  if (seconds < 86400) return ngettext("%(n)s hour", "%(n)s hours", Math.round(seconds / 3600));
  if (seconds < 28 * 86400) return ngettext("%(n)s day", "%(n)s days", Math.round(seconds / 86400));
  if (seconds < 360 * 86400) return gettext("one month");
  return gettext("one year");
}

// Series that share a vertical axis: by unit, or each its own. Up to two units share a panel.
function panelsOf(series, axes) {
  const groups = new Map();
  series.forEach((entry, at) => {
    const key = axes === "each" ? at : (entry.unit ?? "");
    if (!groups.has(key)) groups.set(key, { unit: entry.unit ?? "", members: [] });
    groups.get(key).members.push(at);
  });
  const all = [...groups.values()];
  return axes !== "each" && all.length === 2 ? [{ sides: all }] : all.map((group) => ({ sides: [group] }));
}

function timeAxis(data, at, last) {
  return axis({ type: "time", gridIndex: at, min: data.begin, max: data.end, splitLine: { show: false }, axisLabel: { show: last, color: token("soft"), hideOverlap: true } });
}

function valueAxis(data, side, panel, at, single) {
  const members = side.members.map((member) => data.series[member]);
  const values = members.flatMap((entry) => entry.data.flatMap((item) => [item[1], item[3], item[4]])).filter((value) => Number.isFinite(value));
  const [low, high] = values.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
  const limits = limitsOf(data, members).map((limit) => limit.value).filter((value) => value <= 2.2 * high);
  const above = Math.max(...limits, -Infinity);
  const below = Math.min(...limits, Infinity);
  const name = single || members.length > 1 ? side.unit : labelled(members[0]);
  return axis({
    type: "value",
    gridIndex: panel,
    scale: low > 0.4 * high || low < 0,
    min: below < low && low > 0.4 * high ? Number((below * 0.96).toPrecision(2)) : undefined,
    max: above > high ? Number((above * 1.1).toPrecision(2)) : undefined,
    name,
    nameGap: 10,
    nameTextStyle: { color: token("soft"), align: at ? "right" : "left" },
    position: at ? "right" : "left",
    splitNumber: single ? 5 : 3,
    axisLabel: { color: token("soft"), formatter: (value) => shortNumber(value), showMinLabel: true },
    splitLine: { show: at === 0, lineStyle: { color: token("line") } },
  });
}

function limitsOf(data, members) {
  const several = data.series.length > 1 && members.length > 1;
  const known = members.flatMap((entry) => (data.limits?.(entry, data.interval) ?? []).map((limit) => (several ? { ...limit, name: `${entry.name} · ${limit.name}` } : limit)));
  return [...new Map(known.map((limit) => [`${limit.name}${limit.value}`, limit])).values()];
}

function series(data) {
  const panels = panelsOf(data.series, data.axes);
  const single = panels.length === 1;
  const legend = data.series.length > 1;
  const top = (legend ? 34 : 10) + 18;
  const grids = panels.map((_panel, at) => (single ? { top, bottom: 56 } : { top: top + at * PANEL, height: PANEL - 42 }));
  const axes = panels.flatMap((panel, at) => panel.sides.map((side, place) => valueAxis(data, side, at, place, single)));
  const all = panels.map((_panel, at) => at);
  return {
    ...base(data),
    useUTC: true,
    grid: grids.map((grid) => (single ? { left: 8, right: 14, outerBoundsMode: "same", outerBoundsContain: "axisLabel", ...grid } : { left: 52, right: 14, outerBoundsMode: "none", ...grid })),
    legend: { ...base(data).legend, show: legend, data: data.series.map((entry) => entry.name) },
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    tooltip: { ...base(data).tooltip, formatter: (items) => tip(data, Array.isArray(items) ? items : [items]) },
    xAxis: panels.map((_panel, at) => timeAxis(data, at, at === panels.length - 1)),
    yAxis: axes,
    dataZoom: [
      { type: "inside", xAxisIndex: all, zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, filterMode: "none" },
      { type: "slider", xAxisIndex: all, height: 24, bottom: 6, filterMode: "none", showDataShadow: single, labelFormatter: (value) => timeText(value), textStyle: { color: token("soft") }, borderColor: token("line"), fillerColor: `${token("azure")}1a` },
    ],
    series: seriesOf(data, panels),
  };
}

function seriesOf(data, panels) {
  const made = [];
  let yAxis = 0;
  panels.forEach((panel, grid) => {
    for (const side of panel.sides) {
      const limits = limitsOf(data, side.members.map((member) => data.series[member]));
      side.members.forEach((member, place) => made.push(...drawn(data, member, { xAxisIndex: grid, yAxisIndex: yAxis }, place ? [] : limits)));
      yAxis += 1;
    }
  });
  return made;
}

function drawn(data, at, axes, limits) {
  const entry = data.series[at];
  const colour = entry.colour ?? PALETTE[at % PALETTE.length];
  const points = gapped(entry);
  const lines = limits.map((limit) => ({ yAxis: limit.value, label: { formatter: limit.name } }));
  const line = {
    id: `line-${at}`,
    name: entry.name,
    type: "line",
    ...axes,
    z: 3,
    showSymbol: entry.data.length < 60,
    symbol: "circle",
    symbolSize: 4,
    itemStyle: { color: colour },
    lineStyle: { width: 1.6, color: colour, type: entry.dash ?? (at >= PALETTE.length ? "dashed" : "solid") },
    data: points.map((item) => [stamp(item[0]), item[1]]),
    markLine: lines.length ? { symbol: "none", silent: true, data: lines, lineStyle: { color: token("red"), type: "dashed", width: 1 }, label: { position: "insideStartTop", color: token("red"), fontSize: 11, backgroundColor: token("card"), padding: [1, 3] } } : undefined,
  };
  return [line, ...band(data, entry, at, axes, colour, points), ...shapes(data, entry, at, axes)];
}

// What lies between the smallest and the largest value behind a mark that stands for several.
function band(data, entry, at, axes, colour, points) {
  if (data.series.length > MOST_BANDS || !entry.data.some((item) => item[4] > item[3])) return [];
  const common = { type: "line", ...axes, symbol: "none", silent: true, stack: `band-${at}`, stackStrategy: "all", lineStyle: { opacity: 0 }, tooltip: { show: false }, z: 1 };
  return [
    { ...common, id: `low-${at}`, name: `low-${at}`, data: points.map((item) => [stamp(item[0]), item[3] ?? null]) },
    { ...common, id: `high-${at}`, name: `high-${at}`, areaStyle: { color: colour, opacity: 0.22 }, data: points.map((item) => [stamp(item[0]), Number.isFinite(item[4]) ? item[4] - item[3] : null]) },
  ];
}

// A triangle where a device set a mark, a diamond where a check doubts the value.
function shapes(data, entry, at, axes) {
  const known = (data.marks ?? []).filter((mark) => mark.parameter === entry.parameter && mark.value !== null);
  const told = known.map((mark) => ({ value: [stamp(mark.time), mark.value], symbol: mark.device ? SHAPES.device : SHAPES.doubt }));
  const counted = data.marks?.length ? [] : entry.data.filter((item) => item[2] && item[1] !== null).map((item) => ({ value: [stamp(item[0]), item[1]], symbol: SHAPES.device }));
  const all = [...told, ...counted].slice(-400);
  if (!all.length) return [];
  return [{ id: `mark-${at}`, name: `mark-${at}`, type: "scatter", ...axes, symbolSize: 8, itemStyle: { color: token("amber") }, silent: true, tooltip: { show: false }, z: 4, data: all }];
}

// Break the line where spans are missing.
function gapped(entry) {
  const step = (entry.seconds ?? 0) * 1000;
  const points = [];
  for (const item of entry.data) {
    const before = points.at(-1);
    if (step && before && stamp(item[0]) - stamp(before[0]) > 1.6 * Math.max(step, 60000)) points.push([before[0], null]);
    points.push(item);
  }
  return points;
}

function tip(data, items) {
  const shown = items.filter((item) => item.seriesId?.startsWith("line-") && item.value?.[1] !== null && item.value?.[1] !== undefined);
  if (!shown.length) return "";
  const at = shown[0].value[0];
  const rows = shown.map((item) => {
    const entry = data.series[Number(item.seriesId.slice(5))];
    const found = entry.data.find((point) => stamp(point[0]) === item.value[0]);
    const spread = found && found[4] > found[3] ? ` (${shortNumber(found[3])}–${shortNumber(found[4])})` : "";
    const marks = (data.marks ?? []).filter((mark) => mark.parameter === entry.parameter && stamp(mark.time) === item.value[0]).map((mark) => mark.said);
    const flagged = !marks.length && found?.[2] ? [ngettext("%(n)s marked value", "%(n)s marked values", found[2])] : [];
    return element("div", { class: "tip-row" }, element("i", { style: `background:${item.color}` }), element("span", { text: entry.name }), element("b", { text: `${shortNumber(item.value[1])}${spread}` }), element("span", { class: "unit", text: entry.unit ?? "" }), ...[...marks, ...flagged].map((said) => element("span", { class: "tip-mark", text: `▲ ${said}` })));
  });
  return element("div", { class: "tip" }, element("div", { class: "unit", text: timeText(at, true) }), ...rows);
}

export function shortNumber(value) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  const places = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  return Number(value.toFixed(places)).toLocaleString(language === "en" ? "en" : "zh-CN", { maximumFractionDigits: 3 });
}

export function timeText(value, whole = false) {
  const text = new Date(value).toISOString();
  return whole ? `${text.slice(0, 10)} ${text.slice(11, 16)}` : text.slice(0, 10);
}

KINDS.series = series;
