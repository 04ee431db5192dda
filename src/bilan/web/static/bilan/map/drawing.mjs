// Drawing on the map with clicks: a line to measure, an area, a circle, a polygon. One tool at a time; Escape lets go.
import { token } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { area, circle, distance, length, metres, squareMetres } from "./geodesy.mjs";

const EMPTY = { type: "FeatureCollection", features: [] };
const DRAWN = new Set(["circle", "polygon"]);

export class Drawing {
  constructor(root, map, finished) {
    this.root = root;
    this.map = map;
    this.finished = finished;
    this.tool = "";
    this.places = [];
    map.addSource("drawing", { type: "geojson", data: EMPTY });
    map.addLayer({ id: "drawing-fill", type: "fill", source: "drawing", filter: ["==", "$type", "Polygon"], paint: { "fill-color": token("azure"), "fill-opacity": 0.12 } });
    map.addLayer({ id: "drawing-line", type: "line", source: "drawing", filter: ["!=", "$type", "Point"], paint: { "line-color": token("azure"), "line-width": 2, "line-dasharray": [2, 1] } });
    map.addLayer({ id: "drawing-points", type: "circle", source: "drawing", filter: ["==", "$type", "Point"], paint: { "circle-radius": 4, "circle-color": token("card"), "circle-stroke-color": token("azure"), "circle-stroke-width": 2 } });
    this.said = root.querySelector("[data-said]");
    for (const button of root.querySelectorAll("[data-tool]")) button.addEventListener("click", () => this.take(this.tool === button.dataset.tool ? "" : button.dataset.tool));
    map.on("mousemove", (event) => this.tool && this.places.length && this.draw([event.lngLat.lng, event.lngLat.lat]));
    map.on("dblclick", (event) => { if (this.tool) { event.preventDefault(); this.finish(); } });
    document.addEventListener("keydown", (event) => { if (this.tool && event.key === "Escape") this.take(""); if (this.tool && event.key === "Enter" && !event.target.closest("button, a, input, select")) this.finish(); });
  }

  take(tool) {
    this.tool = tool;
    this.places = [];
    this.clear();
    for (const button of this.root.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button.dataset.tool === tool));
    this.map.getCanvas().style.cursor = tool ? "crosshair" : "";
    this.say({ distance: gettext("Click along the way; double click ends"), area: gettext("Click the corners; double click ends"), polygon: gettext("Click the corners; double click ends"), circle: gettext("Click the middle, then the edge") }[tool] ?? "");
  }

  say(text) {
    this.said.textContent = text;
    this.said.hidden = !text;
  }

  // A click while a tool is taken; tells whether it was used.
  click({ lng, lat }) {
    if (!this.tool) return false;
    const place = [Number(lng.toFixed(6)), Number(lat.toFixed(6))];
    const last = this.places.at(-1);
    if (last && this.near(last, place)) return true;
    this.places.push(place);
    this.draw();
    if (this.tool === "circle" && this.places.length === 2) this.finish();
    return true;
  }

  near(a, b) {
    const [p, q] = [this.map.project(a), this.map.project(b)];
    return Math.hypot(p.x - q.x, p.y - q.y) < 4;
  }

  draw(moving = null) {
    const places = moving ? [...this.places, moving] : this.places;
    this.put(places);
    if (this.tool === "distance") this.say(metres(length(places)));
    else if (this.tool === "circle") this.say(places.length > 1 ? `${gettext("Radius")} ${metres(distance(places[0], places[1]))}` : "");
    else if (places.length > 2) this.say(`${squareMetres(area(places))} · ${metres(length([...places, places[0]]))}`);
  }

  put(places) {
    const shape = this.tool === "circle" ? (places.length > 1 ? { type: "Polygon", coordinates: [circle(places[0], distance(places[0], places[1]))] } : null)
      : this.tool === "distance" || places.length < 3 ? { type: "LineString", coordinates: places } : { type: "Polygon", coordinates: [[...places, places[0]]] };
    const features = places.map((place) => ({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: place } }));
    if (shape && places.length > 1) features.push({ type: "Feature", properties: {}, geometry: shape });
    this.map.getSource("drawing").setData({ type: "FeatureCollection", features });
  }

  finish() {
    const { tool, places } = this;
    const enough = places.length >= ({ distance: 2, circle: 2 }[tool] ?? 3);
    if (!enough) return;
    this.draw();
    const said = this.said.textContent;
    this.tool = "";
    this.map.getCanvas().style.cursor = "";
    for (const button of this.root.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", "false");
    this.say(said);
    if (!DRAWN.has(tool)) return;
    this.finished(tool === "circle" ? { circle: [...places[0], Math.max(1, Math.round(distance(places[0], places[1])))] } : { polygon: places });
  }

  // Show a shape that the server has worked with.
  shape(geometry) {
    this.map.getSource("drawing").setData({ type: "FeatureCollection", features: geometry ? [{ type: "Feature", properties: {}, geometry }] : [] });
  }

  clear() { this.shape(null); }
}

