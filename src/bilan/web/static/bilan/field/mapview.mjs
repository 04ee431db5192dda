// My tasks and myself on the map: outlines only, drawn from the phone.
import { element, state } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { addOutlines, bounds, createMap, stylesheet } from "../map.mjs";
import * as store from "./store.mjs";
import { far, head, icon, status, term } from "./ui.mjs";
import { follow, here, metres } from "./where.mjs";

const COLOURS = { bad: "#b42318", risk: "#a04a06", info: "#0b6bcb", quiet: "#687682" };
const NEAREST = 20;

export async function mapView() {
  const [tasks, outlines] = await Promise.all([store.tasks(), store.kept("outlines")]);
  const placed = tasks.filter((task) => typeof task.lon === "number");
  const box = element("div", { class: "field-map" });
  const figure = element("figure", { "data-title": gettext("My tasks on the map"), "data-attribution": document.body.dataset.attribution, "aria-label": gettext("My tasks on the map") }, box);
  const list = element("ol", { class: "tasks small" });
  const tell = () => list.replaceChildren(...nearest(placed).map(row));
  tell();
  let map = null;
  let stop = null;
  const locate = element("button", { type: "button", class: "button locate", onclick() { const place = here(); if (place && map) map.easeTo({ center: [place.lon, place.lat], zoom: Math.max(map.getZoom(), 13), animate: false }); } }, icon("current-location"), gettext("My place"));
  return {
    parts: [head(gettext("Map"), ""), element("div", { class: "map-holder" }, figure, locate), placed.length ? list : element("p", { class: "quiet", text: gettext("None of your tasks has a place.") })],
    busy: () => true,
    async enter() {
      await stylesheet();
      try { map = draw(figure, box, placed, outlines?.shapes ?? { type: "FeatureCollection", features: [] }); } catch (error) { box.replaceChildren(state("error", gettext("The map could not be drawn"), error.message)); }
      stop = follow((place) => { tell(); if (map) me(map, place); });
    },
    leave() { stop?.(); map?.remove(); },
  };
}

const nearest = (placed) => { const place = here(); return placed.map((task) => ({ ...task, away: metres(place, task) })).sort((a, b) => (a.away ?? 0) - (b.away ?? 0) || `${a.due}`.localeCompare(`${b.due}`)).slice(0, NEAREST); };

function row(task) {
  const { text, tone } = term(task.due);
  return element("li", { class: `task edge-${tone}` }, element("a", { href: `#/task/${encodeURIComponent(task.code)}` }, element("span", { class: "task-title", text: task.title }), element("span", { class: "task-facts" }, status(tone, text), task.away === null ? null : element("span", { class: "far" }, icon("map-pin"), far(task.away)))));
}

const point = (lon, lat, properties) => ({ type: "Feature", properties, geometry: { type: "Point", coordinates: [lon, lat] } });

function draw(figure, box, placed, outlines) {
  const points = { type: "FeatureCollection", features: placed.map((task) => point(task.lon, task.lat, { code: task.code, name: task.title, colour: COLOURS[term(task.due).tone] })) };
  const map = createMap(figure, box, placed.length ? around(placed) : bounds(outlines, points));
  map.on("load", () => {
    addOutlines(map, outlines);
    map.addSource("me", { type: "geojson", data: { type: "FeatureCollection", features: [] } });
    map.addSource("tasks", { type: "geojson", data: points });
    map.addLayer({ id: "tasks", type: "circle", source: "tasks", paint: { "circle-color": ["get", "colour"], "circle-radius": 9, "circle-stroke-color": "#fff", "circle-stroke-width": 2 } });
    map.addLayer({ id: "task-names", type: "symbol", source: "tasks", minzoom: 11, layout: { "text-field": ["get", "name"], "text-size": 12, "text-offset": [0, 1.1], "text-anchor": "top", "text-optional": true, "text-max-width": 12 }, paint: { "text-color": "#16242f", "text-halo-color": "#fff", "text-halo-width": 1.5 } });
    map.addLayer({ id: "me", type: "circle", source: "me", paint: { "circle-color": "#0f766e", "circle-radius": 7, "circle-stroke-color": "#fff", "circle-stroke-width": 3 } });
    map.on("click", "tasks", (event) => { location.hash = `#/task/${encodeURIComponent(event.features[0].properties.code)}`; });
    me(map, here());
  });
  return map;
}

// What all places lie in, with some ground around them.
function around(placed) {
  const [lon, lat] = ["lon", "lat"].map((name) => placed.map((task) => task[name]));
  const room = 0.015;
  return [[Math.min(...lon) - room, Math.min(...lat) - room], [Math.max(...lon) + room, Math.max(...lat) + room]];
}

function me(map, place) {
  map.getSource("me")?.setData({ type: "FeatureCollection", features: place ? [point(place.lon, place.lat, {})] : [] });
}
