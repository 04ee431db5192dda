// A kind of chart for alerts: lines with limits, and the moments that count as bands of their own.
import { KINDS, stamp } from "../chart.mjs";
import { token } from "../dom.mjs";

const LABELLED = 6;

KINDS.proof = (data, options) => {
  const drawn = KINDS.line(data, options);
  const marks = data.marks ?? [];
  if (!drawn.series.length) return drawn;
  const limits = (data.limits ?? []).map((limit) => limit.value);
  if (limits.length) {
    drawn.yAxis[0].max = (axis) => rounded(Math.max(axis.max, ...limits), axis, 1);
    drawn.yAxis[0].min = (axis) => rounded(Math.min(axis.min, ...limits), axis, -1);
  }
  const tint = { color: token("red"), opacity: 0.1, borderColor: token("red"), borderWidth: 1, borderType: "dotted" };
  drawn.series[0].markArea = {
    silent: true,
    itemStyle: tint,
    label: { color: token("soft"), position: "insideTop", overflow: "truncate" },
    data: marks.map((mark) => [{ xAxis: stamp(mark.begin), name: marks.length <= LABELLED ? mark.text : "" }, { xAxis: stamp(mark.end) }]),
  };
  drawn.xAxis.min = stamp(data.begin);
  drawn.xAxis.max = stamp(data.end);
  return drawn;
};

// The end of the axis beyond all values and limits, at a round number.
function rounded(bound, axis, way) {
  const span = Math.max(Math.abs(axis.max - axis.min), Math.abs(bound) * 0.1, 1e-9);
  const step = 10 ** Math.floor(Math.log10(span / 2));
  const far = way > 0 ? Math.ceil((bound + 0.02 * span) / step) : Math.floor(bound / step);
  const found = Number((far * step).toPrecision(8));
  return way < 0 && axis.min >= 0 ? Math.max(0, found) : found;
}
