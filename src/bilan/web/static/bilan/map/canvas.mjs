// The drawn map of the map page: outlines, clusters, points as pictures, names, the chosen point.
import { fetchJson, token } from "../dom.mjs";
import { addOutlines, bounds, createMap, stylesheet } from "../map.mjs";
import { addPicture } from "./marks.mjs";

const RADIUS = 44;
const CLUSTERED = 11;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const EMPTY = { type: "FeatureCollection", features: [] };

export class Canvas {
  constructor(figure, { choose, moved }) {
    this.figure = figure;
    this.tell = choose;
    this.moved = moved;
  }

  async start(place) {
    const [outlines] = await Promise.all([fetchJson(document.body.dataset.outlines), stylesheet()]);
    this.map = createMap(this.figure, this.figure.querySelector(".map"), bounds(outlines, EMPTY));
    if (place.c) this.map.jumpTo({ center: place.c, ...(place.z ? { zoom: place.z } : {}) });
    else if (place.z) this.map.jumpTo({ zoom: place.z });
    await new Promise((done) => this.map.on("load", done));
    addOutlines(this.map, outlines);
    this.layers();
    this.map.on("moveend", (event) => {
      if (!event.originalEvent) return;
      const { lng, lat } = this.map.getCenter();
      this.moved({ z: this.map.getZoom(), c: [lng, lat] });
    });
    // A drawer over the map, a turned phone: the canvas follows its box.
    new ResizeObserver(() => this.map.resize()).observe(this.figure);
  }

  layers() {
    const { map } = this;
    const ink = { "text-color": token("ink"), "text-halo-color": token("card"), "text-halo-width": 1.5 };
    const single = ["!", ["has", "point_count"]];
    map.addSource("points", { type: "geojson", data: EMPTY, cluster: true, clusterRadius: RADIUS, clusterMaxZoom: CLUSTERED, clusterProperties: { bad: ["+", ["get", "bad"]] } });
    map.addLayer({ id: "clusters", type: "circle", source: "points", filter: ["has", "point_count"], paint: { "circle-color": token("card"), "circle-stroke-color": ["case", [">", ["get", "bad"], 0], token("red"), token("soft")], "circle-stroke-width": 1.5, "circle-radius": ["step", ["get", "point_count"], 14, 20, 18, 100, 23] } });
    map.addLayer({ id: "cluster-counts", type: "symbol", source: "points", filter: ["has", "point_count"], layout: { "text-field": ["case", [">", ["get", "bad"], 0], ["concat", ["get", "point_count_abbreviated"], "\n!", ["to-string", ["get", "bad"]]], ["to-string", ["get", "point_count_abbreviated"]]], "text-size": 11, "text-line-height": 1, "text-allow-overlap": true }, paint: { "text-color": token("ink") } });
    map.addLayer({ id: "chosen", type: "circle", source: "points", filter: ["==", ["get", "code"], ""], paint: { "circle-radius": 16, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": token("azure"), "circle-stroke-width": 3 } });
    map.addLayer({ id: "points", type: "symbol", source: "points", filter: single, layout: { "icon-image": ["get", "icon"], "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": ["get", "order"], "icon-size": ["interpolate", ["linear"], ["zoom"], 7, 0.65, 10, 0.85, 13, 1.15] } });
    map.addLayer({ id: "point-labels", type: "symbol", source: "points", minzoom: 9.3, filter: single, layout: { "text-field": ["concat", ["case", ["has", "label"], ["concat", ["get", "label"], " "], ""], ["get", "name"]], "text-size": 12, "text-offset": [0, 0.9], "text-anchor": "top", "text-max-width": 9, "text-optional": true, "symbol-sort-key": ["-", 0, ["get", "order"]] }, paint: ink });
    map.on("click", "clusters", (event) => this.open(event.features[0]));
    map.on("click", "points", (event) => this.tell(event.features[0].properties.code));
    for (const layer of ["clusters", "points"]) {
      map.on("mouseenter", layer, () => { map.getCanvas().style.cursor = "pointer"; });
      map.on("mouseleave", layer, () => { map.getCanvas().style.cursor = ""; });
    }
  }

  async open(cluster) {
    const zoom = await this.map.getSource("points").getClusterExpansionZoom(cluster.properties.cluster_id);
    this.map.easeTo({ center: cluster.geometry.coordinates, zoom, animate: !calm.matches });
  }

  show(features, chosen) {
    for (const name of new Set(features.map(({ properties }) => properties.icon))) addPicture(this.map, name);
    this.map.getSource("points").setData({ type: "FeatureCollection", features: features.filter((feature) => feature.geometry) });
    this.mark(chosen);
  }

  mark(code) {
    this.map.setFilter("chosen", ["==", ["get", "code"], code]);
  }

  see(coordinates, zoom) {
    this.map.easeTo({ center: coordinates, zoom: Math.max(zoom, this.map.getZoom()), animate: !calm.matches });
  }
}
