// The map of a zone check: draws the place asked about, shows the zones it lies in, and puts what is drawn into the form.
import { fetchJson, state, token } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { addOutlines, bounds, createMap, stylesheet } from "../map.mjs";

const DIGITS = 6;

export async function mount(card) {
  const figure = card.querySelector(".map-block");
  const box = figure.querySelector(".map");
  const given = JSON.parse(document.getElementById("zones-drawn").textContent);
  await stylesheet();
  try {
    new Check(card, figure, box, given, await fetchJson(document.body.dataset.outlines));
  } catch (error) {
    box.replaceChildren(state("error", gettext("The map could not be drawn"), error.message));
  }
}

class Check {
  constructor(card, figure, box, given, outlines) {
    Object.assign(this, { card, given, corners: [], mode: "point" });
    this.field = document.getElementById(card.dataset.form).elements.place;
    const shown = given.place ? { features: [given.place] } : outlines;
    this.map = createMap(figure, box, grown(bounds({ features: [] }, shown)));
    this.map.doubleClickZoom.disable();
    this.map.on("load", () => this.draw(outlines));
    this.map.on("click", (event) => this.click(event));
    this.map.on("dblclick", (event) => { event.preventDefault(); this.finish(); });
    this.map.getCanvas().addEventListener("keydown", (event) => { if (event.key === "Enter") this.finish(); });
    for (const button of card.querySelectorAll("[data-draw]")) button.addEventListener("click", () => this.choose(button.dataset.draw));
    card.querySelector("[data-layer]").addEventListener("change", (event) => this.layer(event.target));
  }

  draw(outlines) {
    addOutlines(this.map, outlines);
    this.map.addSource("zones", { type: "geojson", data: this.given.zones });
    this.map.addSource("zone-names", { type: "geojson", data: this.given.names });
    this.map.addSource("drawn", { type: "geojson", data: this.collection() });
    this.map.addLayer({ id: "zones-fill", type: "fill", source: "zones", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": ["get", "colour"], "fill-opacity": 0.18 } });
    this.map.addLayer({ id: "zones-line", type: "line", source: "zones", paint: { "line-color": ["get", "colour"], "line-width": 2 } });
    this.map.addLayer({ id: "zones-name", type: "symbol", source: "zone-names", layout: { "text-field": ["get", "name"], "text-size": 12 }, paint: { "text-color": token("ink"), "text-halo-color": token("card"), "text-halo-width": 1.5 } });
    this.map.addLayer({ id: "drawn-fill", type: "fill", source: "drawn", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": token("azure"), "fill-opacity": 0.25 } });
    this.map.addLayer({ id: "drawn-line", type: "line", source: "drawn", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": token("azure"), "line-width": 3 } });
    this.map.addLayer({ id: "drawn-point", type: "circle", source: "drawn", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": token("azure"), "circle-radius": 7, "circle-stroke-color": "#fff", "circle-stroke-width": 2 } });
    this.ready = true;
  }

  choose(mode) {
    if (mode === "clear") {
      this.given.place = null;
      this.field.value = "";
    } else {
      this.mode = mode;
      for (const button of this.card.querySelectorAll("[data-draw]")) if (button.dataset.draw !== "clear") button.setAttribute("aria-pressed", String(button.dataset.draw === mode));
    }
    this.corners = [];
    this.refresh();
  }

  click(event) {
    const corner = [event.lngLat.lng, event.lngLat.lat].map((value) => Number(value.toFixed(DIGITS)));
    this.given.place = null;
    this.corners = this.mode === "point" ? [corner] : [...this.corners, corner];
    this.write();
  }

  // The second click of a double-click has already added its corner.
  finish() {
    if (this.mode === "point" || this.corners.length < 2) return;
    const last = this.corners.at(-1);
    const before = this.corners.at(-2);
    if (Math.hypot(last[0] - before[0], last[1] - before[1]) < 1e-4) this.corners.pop();
    this.write();
    this.done = this.corners;
    this.corners = [];
    this.refresh(this.done);
  }

  write() {
    const least = { point: 1, line: 2, polygon: 3 }[this.mode];
    this.field.value = this.corners.length >= least ? `${this.mode}:${this.corners.map((corner) => corner.join(",")).join(";")}` : "";
    this.refresh();
  }

  refresh(corners = this.corners) {
    if (this.ready) this.map.getSource("drawn").setData(this.collection(corners));
  }

  collection(corners = this.corners) {
    const features = this.given.place ? [this.given.place] : [];
    const add = (type, coordinates) => features.push({ type: "Feature", properties: {}, geometry: { type, coordinates } });
    if (this.mode === "polygon" && corners.length > 2) add("Polygon", [[...corners, corners[0]]]);
    else if (corners.length > 1) add("LineString", corners);
    for (const corner of corners) add("Point", corner);
    return { type: "FeatureCollection", features };
  }

  layer(select) {
    if (!this.ready) return;
    for (const id of ["shown-fill", "shown-line"]) if (this.map.getLayer(id)) this.map.removeLayer(id);
    if (this.map.getSource("shown")) this.map.removeSource("shown");
    if (!select.value) return;
    const colour = select.selectedOptions[0].dataset.colour;
    this.map.addSource("shown", { type: "vector", tiles: [`${location.origin}/tiles/${select.value}/{z}/{x}/{y}.mvt`], maxzoom: 16 });
    this.map.addLayer({ id: "shown-fill", type: "fill", source: "shown", "source-layer": select.value, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour, "fill-opacity": 0.12 } }, "zones-fill");
    this.map.addLayer({ id: "shown-line", type: "line", source: "shown", "source-layer": select.value, paint: { "line-color": colour, "line-width": 1 } }, "zones-fill");
  }
}

function grown(box) {
  const [[west, south], [east, north]] = Array.isArray(box) ? box : box.toArray();
  const margin = Math.max(0.01, (east - west) * 0.5, (north - south) * 0.5);
  return east - west > 0.3 ? [[west, south], [east, north]] : [[west - margin, south - margin], [east + margin, north + margin]];
}
