// How a point is drawn: a shape for its network, a colour for its official level or its state, in pictures, legend and list alike.
import { levels, token, wall } from "../dom.mjs";

const BOX = 20;

// Network → outline in a box of 20 by 20.
const SHAPES = {
  air: "M10 2a8 8 0 1 1 0 16a8 8 0 1 1 0-16Z",
  surface_water: "M3.5 3.5h13v13h-13Z",
  sea: "M10 1.5 18.5 10 10 18.5 1.5 10Z",
  drinking: "M10 1.5C13 6 16.5 9 16.5 12.5a6.5 6.5 0 0 1-13 0C3.5 9 7 6 10 1.5Z",
  groundwater: "M2 4h16l-8 14Z",
  noise: "M10 1.5 17.4 5.75v8.5L10 18.5 2.6 14.25v-8.5Z",
  source_gas: "M10 2l8.5 15h-17Z",
  source_water: "M10 1.5l8.2 6-3.1 9.8H4.9L1.8 7.5Z",
};
const OTHER = SHAPES.air;
const STROKE = wall ? "#ffffff" : "#16242f";
const QUIET = "#b7c1ca";

export function colourOf(properties) {
  const reached = properties.kind ? levels(properties.kind).find((level) => level.grade === properties.grade) : null;
  if (reached) return reached.fill;
  return { online: token("azure"), late: token("amber"), silent: token("red") }[properties.state] ?? QUIET;
}

// The group a point counts under in the legend: "air:aqi:2" by level, "source_gas:state:late" by state.
export function groupOf(properties) {
  return properties.kind ? `${properties.network}:${properties.kind}:${properties.grade}` : `${properties.network}:state:${properties.state}`;
}

// Small pictures for the legend and the list; decorative, text stands beside them.
export function drawing(network, fill) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", `0 0 ${BOX} ${BOX}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", SHAPES[network] ?? OTHER);
  path.setAttribute("fill", fill);
  path.setAttribute("stroke", STROKE);
  svg.append(path);
  return svg;
}

export const pictureName = (properties) => `${properties.network}|${colourOf(properties)}`;

// Draw the picture that a name stands for, unless the map has it.
export function addPicture(map, name) {
  const [network, fill] = name.split("|");
  if (map.hasImage(name)) return;
  const ratio = 2;
  const canvas = Object.assign(document.createElement("canvas"), { width: BOX * ratio, height: BOX * ratio });
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const path = new Path2D(SHAPES[network] ?? OTHER);
  context.fillStyle = fill;
  context.strokeStyle = STROKE;
  context.lineWidth = 1.2;
  context.lineJoin = "round";
  context.fill(path);
  context.stroke(path);
  map.addImage(name, context.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: ratio });
}
