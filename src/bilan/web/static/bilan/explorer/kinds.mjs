// Charts of the explorer beside lines over time: two series against each other, and the course of a day, a week or a year.
import { KINDS, PALETTE, axis, base, labelled } from "../chart.mjs";
import { element, token } from "../dom.mjs";
import { gettext, language } from "../i18n.mjs";
import { shortNumber } from "../monitoring/plot.mjs";

const locale = language === "en" ? "en" : "zh-CN";

export function placeName(cycle, place) {
  if (cycle === "hour") return `${String(place).padStart(2, "0")}:00`;
  if (cycle === "month") return new Date(Date.UTC(2001, place, 1)).toLocaleString(locale, { month: "short", timeZone: "UTC" });
  return new Date(Date.UTC(2001, 0, 1 + place)).toLocaleString(locale, { weekday: "short", timeZone: "UTC" });
}

function scatter(data) {
  const { x, y, slope, intercept } = data.scatter;
  const across = data.scatter.dots.map((dot) => dot[0]);
  const [low, high] = across.reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
  const line = slope === null ? [] : [low, high].map((value) => [value, intercept + slope * value]);
  const named = (entry) => ({ name: labelled(entry), nameLocation: "middle", nameGap: 30, nameTextStyle: { color: token("soft") } });
  return {
    ...base({ series: [] }),
    grid: { left: 58, right: 20, top: 16, bottom: 52 },
    tooltip: { trigger: "item", confine: true, backgroundColor: token("card"), borderColor: token("line-strong"), textStyle: { color: token("ink"), fontSize: 13 }, formatter: (item) => (item.seriesType === "scatter" ? element("span", { text: `${shortNumber(item.value[0])} · ${shortNumber(item.value[1])}` }) : "") },
    xAxis: axis({ type: "value", scale: true, ...named(x) }),
    yAxis: axis({ type: "value", scale: true, ...named(y), nameGap: 42 }),
    series: [
      { type: "scatter", symbolSize: 5, itemStyle: { color: PALETTE[0], opacity: 0.45 }, data: data.scatter.dots },
      { type: "line", symbol: "none", silent: true, lineStyle: { color: token("red"), width: 1.5, type: "dashed" }, data: line },
    ],
  };
}

function profile(data) {
  const { by, places } = data.profile;
  const names = Array.from({ length: places }, (_nothing, place) => placeName(by, place));
  const units = [...new Set(data.profile.series.map((series) => series.unit))];
  const made = data.profile.series.flatMap((series, at) => {
    const byPlace = new Map(series.data.map((row) => [row[0], row]));
    const pick = (index) => names.map((_name, place) => byPlace.get(place)?.[index] ?? null);
    const low = pick(2);
    const spread = pick(3).map((value, place) => (value === null ? null : value - low[place]));
    const common = { type: "line", yAxisIndex: Math.min(1, units.indexOf(series.unit)), symbol: "none" };
    const band = { ...common, stack: `half-${at}`, stackStrategy: "all", silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } };
    const line = { ...common, name: series.name, symbol: "circle", symbolSize: 5, itemStyle: { color: PALETTE[at % PALETTE.length] }, lineStyle: { width: 2 }, data: pick(1) };
    return data.profile.series.length > 4 ? [line] : [{ ...band, name: `low-${at}`, data: low }, { ...band, name: `high-${at}`, areaStyle: { color: PALETTE[at % PALETTE.length], opacity: 0.12 }, data: spread }, line];
  });
  const shown = { series: data.profile.series };
  return {
    ...base(shown, true),
    legend: { ...base(shown).legend, data: data.profile.series.map((series) => series.name) },
    tooltip: { ...base(shown).tooltip, valueFormatter: shortNumber },
    xAxis: axis({ type: "category", data: names, boundaryGap: false }),
    yAxis: units.slice(0, 2).map((unit, at) => axis({ type: "value", scale: true, name: unit, nameGap: 10, position: at ? "right" : "left", splitLine: { show: !at, lineStyle: { color: token("line") } } })),
    series: made,
  };
}

// What the table and the CSV of such a chart hold.
export function tabular(data, by) {
  return data.series.map((series) => ({ ...series, data: series.data.map((row) => [placeName(by, row[0]), row[1]]) }));
}

export function told(scatterData) {
  const { count, r, slope, intercept } = scatterData;
  if (r === null) return gettext("%(n)s common values: too few for a line.", { n: count });
  return gettext("%(n)s common values · correlation r = %(r)s · line y = %(slope)s x + %(intercept)s", { n: count.toLocaleString(locale), r: r.toFixed(2), slope: slope.toPrecision(3), intercept: intercept.toPrecision(3) });
}

Object.assign(KINDS, { scatter, profile });
