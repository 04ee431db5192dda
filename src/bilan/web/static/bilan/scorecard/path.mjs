// The chart of a target: values and path by year, the spreads that years may still end in as boxes, the promised value as a mark.
import { axis, base, KINDS, whole } from "../chart.mjs";
import { token } from "../dom.mjs";

function path(data) {
  const years = [...new Set([...data.series.flatMap((series) => series.data.map((item) => item[0])), ...data.bands.map((band) => band.year), ...(data.aim ? [data.aim.year] : [])])].sort();
  const at = (series) => years.map((year) => series.data.find((item) => item[0] === year)?.[1] ?? null);
  const [values, way] = data.series;
  const options = base(data, Boolean(values.unit));
  const series = [
    { name: way.name, type: "line", data: at(way), symbol: "none", connectNulls: true, lineStyle: { type: "dashed", width: 1.6, color: token("faint") }, itemStyle: { color: token("faint") },
      markPoint: data.aim ? { symbol: "diamond", symbolSize: 14, itemStyle: { color: token("ink") }, label: { show: true, position: "right", color: token("ink"), formatter: String(data.aim.value) }, data: [{ coord: [data.aim.year, data.aim.value] }] } : undefined },
    { name: values.name, type: "line", data: at(values), symbol: "circle", symbolSize: 7, lineStyle: { width: 2.2, color: token("azure") }, itemStyle: { color: token("azure") } },
  ];
  if (data.bands.length) {
    const spread = (year) => data.bands.find((band) => band.year === year)?.values;
    series.push({ name: data.band_name, type: "boxplot", boxWidth: [14, 22], itemStyle: { color: token("teal-tint"), borderColor: token("teal") }, data: years.map((year) => spread(year) ?? [NaN, NaN, NaN, NaN, NaN]) });
  }
  return {
    ...options,
    xAxis: axis({ type: "category", data: years, boundaryGap: true, splitLine: { show: false } }),
    yAxis: axis({ type: "value", scale: true, ...whole(values.unit), name: values.unit, nameGap: 10, nameTextStyle: { color: token("faint"), align: "left" } }),
    series,
  };
}

KINDS["scorecard-path"] = path;
