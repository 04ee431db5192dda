// The map: outlines of the districts, points coloured by official level, clusters, names, a drawer on click. Nothing comes from elsewhere.
import * as maplibregl from "../vendor/maplibre/maplibre-gl.mjs";
import { element, fetchJson, levels, state, token, wall } from "./dom.mjs";
import { openDrawer } from "./drawer.mjs";
import { gettext } from "./i18n.mjs";

maplibregl.setWorkerUrl(new URL("../vendor/maplibre/maplibre-gl-worker.mjs", import.meta.url).href);

const RADIUS = 46;

// Features of data-src: Point, with the properties code, name, and any of kind + grade (official level), label (short text), tone.
export async function mount(figure) {
  const box = figure.querySelector(".map");
  await stylesheet();
  try {
    const [outlines, points] = await Promise.all([fetchJson(document.body.dataset.outlines), fetchJson(figure.dataset.src)]);
    draw(figure, box, outlines, points);
  } catch (error) {
    box.replaceChildren(state("error", gettext("The map could not be drawn"), error.message));
  }
}

export function stylesheet() {
  const href = new URL("../vendor/maplibre/maplibre-gl.css", import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  const link = element("link", { rel: "stylesheet", href });
  return new Promise((done) => { link.onload = link.onerror = done; document.head.append(link); });
}

function draw(figure, box, outlines, points) {
  const map = createMap(figure, box, bounds(outlines, points));
  map.on("load", () => {
    addOutlines(map, outlines);
    addPoints(map, points, figure);
    figure.dispatchEvent(new CustomEvent("bilan:map", { detail: { map, points }, bubbles: true }));
  });
}

// An empty map in `box` with our paper, names in the reader's fonts and the attribution of the figure; `extent` is what it shows.
export function createMap(figure, box, extent) {
  const holder = element("div", { style: "height:100%" });
  box.replaceChildren(holder);
  const map = new maplibregl.Map({
    container: holder,
    style: { version: 8, sources: {}, layers: [{ id: "paper", type: "background", paint: { "background-color": wall ? "#0f1a22" : "#e9eef2" } }] },
    bounds: extent,
    fitBoundsOptions: { padding: 24 },
    attributionControl: { compact: box.clientWidth < 640, customAttribution: figure.dataset.attribution },
    localIdeographFontFamily: getComputedStyle(document.body).fontFamily,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    locale: { "NavigationControl.ZoomIn": gettext("Zoom in"), "NavigationControl.ZoomOut": gettext("Zoom out"), "Map.Title": figure.dataset.title },
  });
  figure.map = map;
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl(), "top-left");
  map.once("idle", () => { figure.dataset.drawn = "1"; });
  return map;
}

export function bounds(outlines, points) {
  const box = new maplibregl.LngLatBounds();
  const walk = (coordinates) => (typeof coordinates[0] === "number" ? box.extend(coordinates.slice(0, 2)) : coordinates.forEach(walk));
  for (const feature of [...outlines.features, ...points.features]) if (feature.geometry) walk(feature.geometry.coordinates);
  return box.isEmpty() ? [[73, 18], [135, 54]] : box;
}

export function addOutlines(map, outlines) {
  const named = document.documentElement.lang.startsWith("zh") ? ["coalesce", ["get", "name_zh"], ["get", "name"], ""] : ["coalesce", ["get", "name_en"], ["get", "name"], ""];
  map.addSource("districts", { type: "geojson", data: outlines });
  map.addSource("district-names", { type: "geojson", data: labelled(outlines) });
  map.addLayer({ id: "districts", type: "fill", source: "districts", paint: { "fill-color": token("card"), "fill-opacity": 0.92 } });
  map.addLayer({ id: "district-lines", type: "line", source: "districts", paint: { "line-color": wall ? "#3a4d5c" : "#b3c0cb", "line-width": 1 } });
  map.addLayer({ id: "district-names", type: "symbol", source: "district-names", layout: { "text-field": named, "text-size": 12 }, paint: { "text-color": token("faint"), "text-halo-color": token("card"), "text-halo-width": 1.5 } });
}

// One place for the name of each district, in the middle of its largest part; the city around them needs none.
function labelled(outlines) {
  const features = outlines.features.filter(({ geometry, properties }) => geometry && !(outlines.features.length > 1 && String(properties.adcode).endsWith("00"))).map(({ geometry, properties }) => {
    const parts = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
    const rings = parts.map((part) => ({ ring: part[0], size: Math.abs(area(part[0])) })).sort((a, b) => b.size - a.size);
    return { type: "Feature", properties, geometry: { type: "Point", coordinates: centre(rings[0].ring) } };
  });
  return { type: "FeatureCollection", features };
}

const cross = ([x, y], [u, v]) => x * v - u * y;
const area = (ring) => ring.reduce((sum, point, at) => sum + cross(point, ring[(at + 1) % ring.length]), 0) / 2;

function centre(ring) {
  const [ox, oy] = ring[0];
  const moved = ring.map(([x, y]) => [x - ox, y - oy]);
  const size = area(moved) || 1;
  const sum = moved.reduce(([x, y], point, at) => { const next = moved[(at + 1) % moved.length]; const c = cross(point, next); return [x + (point[0] + next[0]) * c, y + (point[1] + next[1]) * c]; }, [0, 0]);
  return [ox + sum[0] / (6 * size), oy + sum[1] / (6 * size)];
}

// Colour of a point: of its official level, else of its tone, else neutral.
function colour() {
  const cases = levels().flatMap((level) => [["all", ["==", ["get", "kind"], level.kind], ["==", ["get", "grade"], level.grade]], level.fill]);
  return ["case", ...cases, ["==", ["get", "tone"], "bad"], token("red"), ["==", ["get", "tone"], "risk"], token("amber"), ["==", ["get", "tone"], "quiet"], "#9aa7b2", token("azure")];
}

function addPoints(map, points, figure) {
  map.addSource("points", { type: "geojson", data: points, cluster: figure.dataset.cluster === "1", clusterRadius: RADIUS, clusterMaxZoom: 12 });
  map.addLayer({ id: "clusters", type: "circle", source: "points", filter: ["has", "point_count"], paint: { "circle-color": token("card"), "circle-stroke-color": token("soft"), "circle-stroke-width": 1.5, "circle-radius": ["step", ["get", "point_count"], 13, 20, 17, 100, 22] } });
  map.addLayer({ id: "cluster-counts", type: "symbol", source: "points", filter: ["has", "point_count"], layout: { "text-field": ["get", "point_count_abbreviated"], "text-size": 12, "text-allow-overlap": true }, paint: { "text-color": token("ink") } });
  map.addLayer({ id: "points", type: "circle", source: "points", filter: ["!", ["has", "point_count"]], paint: { "circle-color": colour(), "circle-radius": ["interpolate", ["linear"], ["zoom"], 7, 5, 12, 9], "circle-stroke-color": wall ? "#fff" : "#16242f", "circle-stroke-width": 1 } });
  map.addLayer({ id: "point-labels", type: "symbol", source: "points", minzoom: 9.5, filter: ["!", ["has", "point_count"]], layout: { "text-field": ["concat", ["get", "name"], ["case", ["has", "label"], ["concat", " ", ["get", "label"]], ""]], "text-size": 12, "text-offset": [0, 1], "text-anchor": "top", "text-optional": true }, paint: { "text-color": token("ink"), "text-halo-color": token("card"), "text-halo-width": 1.5 } });
  map.on("click", "clusters", async (event) => {
    const feature = event.features[0];
    const zoom = await map.getSource("points").getClusterExpansionZoom(feature.properties.cluster_id);
    map.easeTo({ center: feature.geometry.coordinates, zoom, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
  });
  map.on("click", "points", (event) => choose(figure, event.features[0].properties));
  for (const layer of ["clusters", "points"]) {
    map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
    map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
  }
}

// What a click on a point does: opens data-popup (with CODE replaced) in the drawer, and tells whoever listens.
export function choose(figure, properties) {
  figure.dispatchEvent(new CustomEvent("bilan:point", { detail: properties, bubbles: true }));
  if (figure.dataset.popup) openDrawer(figure.dataset.popup.replace("CODE", encodeURIComponent(properties.code)), properties.name);
}
