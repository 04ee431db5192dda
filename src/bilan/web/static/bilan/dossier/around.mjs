// The small map of a dossier: the entry, its neighbours as light dots, the zones that hold it. The features stand in the page.
import { fetchJson, state, token } from "../dom.mjs";
import { addOutlines, createMap, stylesheet } from "../map.mjs";
import { gettext } from "../i18n.mjs";

const EARTH = 111320;
const MARGIN = 1.35;

export async function mount(figure) {
  const box = figure.querySelector(".map");
  const data = JSON.parse(document.getElementById(figure.dataset.features).textContent);
  try {
    const [outlines] = await Promise.all([fetchJson(document.body.dataset.outlines), stylesheet()]);
    const map = createMap(figure, box, extent(data));
    map.on("load", () => draw(map, outlines, data, figure));
  } catch (error) {
    box.replaceChildren(state("error", gettext("The map could not be drawn"), error.message));
  }
}

function extent({ box: [west, south, east, north], radius }) {
  const up = (radius * MARGIN) / EARTH;
  const across = up / Math.cos((south * Math.PI) / 180);
  return [[west - across, south - up], [east + across, north + up]];
}

function draw(map, outlines, data, figure) {
  const layer = (...names) => ["in", ["get", "layer"], ["literal", names]];
  const kind = (name) => ["==", ["geometry-type"], name];
  const colour = ["coalesce", ["get", "colour"], token("azure")];
  addOutlines(map, outlines);
  map.addSource("around", { type: "geojson", data });
  const add = (id, type, filter, paint, layout = {}) => map.addLayer({ id, type, source: "around", filter, paint, layout });
  add("zones", "fill", ["all", layer("zone"), kind("Polygon")], { "fill-color": colour, "fill-opacity": 0.1 });
  add("zone-lines", "line", layer("zone"), { "line-color": colour, "line-width": 1, "line-dasharray": [3, 2] });
  add("near-areas", "fill", ["all", layer("near"), kind("Polygon")], { "fill-color": colour, "fill-opacity": 0.08 });
  add("near-lines", "line", ["all", layer("near"), ["!", kind("Point")]], { "line-color": colour, "line-width": 1.5, "line-opacity": 0.45 });
  add("near", "circle", ["all", layer("near"), kind("Point")], { "circle-color": colour, "circle-opacity": 0.5, "circle-radius": 4, "circle-stroke-color": "#fff", "circle-stroke-width": 1 });
  add("own-area", "fill", ["all", layer("own"), kind("Polygon")], { "fill-color": colour, "fill-opacity": 0.22 });
  add("own-line", "line", ["all", layer("own"), ["!", kind("Point")]], { "line-color": colour, "line-width": 3 });
  add("own-halo", "circle", ["all", layer("own"), kind("Point")], { "circle-color": colour, "circle-opacity": 0.18, "circle-radius": 16 });
  add("own", "circle", ["all", layer("own"), kind("Point")], { "circle-color": colour, "circle-radius": 7, "circle-stroke-color": "#fff", "circle-stroke-width": 2 });
  add("names", "symbol", layer("near", "zone"), { "text-color": token("soft"), "text-halo-color": token("card"), "text-halo-width": 1.5 }, { "text-field": ["get", "name"], "text-size": 11, "text-offset": [0, 0.8], "text-anchor": "top", "text-optional": true });
  add("own-name", "symbol", layer("own"), { "text-color": token("ink"), "text-halo-color": token("card"), "text-halo-width": 2 }, { "text-field": ["get", "name"], "text-size": 13, "text-offset": [0, 1], "text-anchor": "top", "text-allow-overlap": true });
  map.on("click", "near", (event) => {
    const { register, code } = event.features[0].properties;
    location.assign(figure.dataset.address.replace("REGISTER", register).replace("CODE", encodeURIComponent(code)));
  });
  map.on("mouseenter", "near", () => { map.getCanvas().style.cursor = "pointer"; });
  map.on("mouseleave", "near", () => { map.getCanvas().style.cursor = ""; });
}
