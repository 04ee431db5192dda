// How the entries of a register are drawn: pictures by shape and colour, one source of tiles, a handful of layers.
import { token, wall } from "../dom.mjs";

const PALETTE = ["#0b6bcb", "#b45309", "#0f766e", "#7c3aed", "#be185d", "#4d7c0f", "#0e7490", "#a16207", "#6d28d9", "#9f1239"];
const OUTLINES = { circle: "M10 3a7 7 0 1 1 0 14a7 7 0 1 1 0-14Z", square: "M4 4h12v12H4Z", triangle: "M10 2.5 18 17H2Z", diamond: "M10 1.5 18.5 10 10 18.5 1.5 10Z" };
const BOX = 20;
const KINDS = ["fill", "line", "point", "crowd", "crowd-count", "label"];
export const source = (name) => `register:${name}`;
export const layerIds = (name) => KINDS.map((kind) => `${source(name)}:${kind}`);
export const touched = (name) => ["fill", "line", "point", "crowd"].map((kind) => `${source(name)}:${kind}`);

// Choices with a colour each; those that declare none take one of ours.
export function coloured(layer, detail) {
  const free = PALETTE.filter((colour) => !detail.choices.some((choice) => choice.colour.toLowerCase() === colour));
  let next = 0;
  return detail.choices.map((choice) => (choice.colour ? choice : { ...choice, colour: free[next++ % free.length] ?? layer.colour }));
}

function byChoice(layer, detail, make) {
  const choices = coloured(layer, detail);
  if (!choices.length) return make(layer.colour);
  return ["match", ["get", "choice"], ...choices.flatMap(({ code, colour }) => [code, make(colour)]), make(layer.colour)];
}

export function swatch(shape, colour, geometry = "point") {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", `0 0 ${BOX} ${BOX}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", geometry === "line" ? "M2 15C7 5 13 15 18 5" : geometry === "polygon" ? "M3 6 10 2l7 4-1 9-9 3-4-6Z" : OUTLINES[shape] ?? OUTLINES.circle);
  path.setAttribute("fill", geometry === "line" ? "none" : geometry === "polygon" ? `${colour}33` : colour);
  path.setAttribute("stroke", geometry === "point" || geometry === "any" ? (wall ? "#ffffff" : "#16242f") : colour);
  path.setAttribute("stroke-width", geometry === "line" ? "3" : "1.3");
  svg.append(path);
  return svg;
}

export const pathOf = (shape) => OUTLINES[shape] ?? OUTLINES.circle;

function addImage(map, shape, colour) {
  const name = `${shape}|${colour}`;
  if (map.hasImage(name)) return;
  const ratio = 2;
  const canvas = Object.assign(document.createElement("canvas"), { width: BOX * ratio, height: BOX * ratio });
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.fillStyle = colour;
  context.strokeStyle = wall ? "#ffffff" : "#16242f";
  context.lineWidth = 1.2;
  const path = new Path2D(pathOf(shape));
  context.fill(path);
  context.stroke(path);
  map.addImage(name, context.getImageData(0, 0, canvas.width, canvas.height), { pixelRatio: ratio });
}

export function address(detail, query) {
  const text = query.toString();
  return `${location.origin}${detail.tiles}${text ? `?${text}` : ""}`;
}

export function addRegister(map, layer, detail, query, before) {
  const id = source(layer.name);
  if (map.getSource(id)) return;
  const colour = byChoice(layer, detail, (value) => value);
  const minzoom = layer.zoom || 0;
  map.addSource(id, { type: "vector", tiles: [address(detail, query)], maxzoom: 14, minzoom: 0 });
  const common = { source: id, "source-layer": layer.name, minzoom };
  const add = (kind, rest) => map.addLayer({ id: `${id}:${kind}`, ...common, ...rest }, before);
  const single = ["all", ["==", "$type", "Point"], ["!has", "count"]];
  const crowd = ["all", ["==", "$type", "Point"], ["has", "count"]];
  add("fill", { type: "fill", filter: ["==", "$type", "Polygon"], paint: { "fill-color": colour, "fill-opacity": 0.18 } });
  add("line", { type: "line", filter: ["in", "$type", "LineString", "Polygon"], layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": colour, "line-width": layer.geometry === "line" ? ["interpolate", ["linear"], ["zoom"], 7, 1.5, 12, 3.5] : 1.4 } });
  if (layer.shape === "circle" || !OUTLINES[layer.shape]) {
    add("point", { type: "circle", filter: single, paint: { "circle-color": colour, "circle-radius": ["interpolate", ["linear"], ["zoom"], 7, 2.6, 11, 5, 14, 7], "circle-stroke-color": wall ? "#ffffff" : "#16242f", "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 8, 0.4, 12, 1] } });
  } else {
    for (const value of new Set([layer.colour, ...coloured(layer, detail).map((choice) => choice.colour)])) addImage(map, layer.shape, value);
    add("point", { type: "symbol", filter: single, layout: { "icon-image": byChoice(layer, detail, (value) => `${layer.shape}|${value}`), "icon-allow-overlap": true, "icon-ignore-placement": true, "icon-size": ["interpolate", ["linear"], ["zoom"], 7, 0.4, 11, 0.65, 14, 0.9] } });
  }
  add("crowd", { type: "circle", filter: crowd, paint: { "circle-color": layer.colour, "circle-opacity": 0.78, "circle-radius": ["interpolate", ["linear"], ["sqrt", ["get", "count"]], 1, 4, 10, 9, 40, 18], "circle-stroke-color": token("card"), "circle-stroke-width": 1 } });
  add("crowd-count", { type: "symbol", filter: ["all", ["has", "count"], [">", "count", 9]], layout: { "text-field": ["to-string", ["get", "count"]], "text-size": 10 }, paint: { "text-color": "#ffffff" } });
  add("label", { type: "symbol", filter: ["all", ["!has", "count"]], minzoom: Math.max(minzoom, 12), layout: { "text-field": ["get", "name"], "text-size": 12, "text-offset": [0, 0.8], "text-anchor": "top", "text-max-width": 9, "text-optional": true, "symbol-placement": layer.geometry === "line" ? "line" : "point" }, paint: { "text-color": token("ink"), "text-halo-color": token("card"), "text-halo-width": 1.5 } });
}

export function removeRegister(map, name) {
  for (const id of layerIds(name)) if (map.getLayer(id)) map.removeLayer(id);
  if (map.getSource(source(name))) map.removeSource(source(name));
}

export function askAgain(map, name, detail, query) {
  map.getSource(source(name))?.setTiles([address(detail, query)]);
}
