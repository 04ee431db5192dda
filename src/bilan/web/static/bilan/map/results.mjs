// What the server answers about a shape or a trace, listed beside the map and marked on it.
import { element, fetchJson, token } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { squareMetres } from "./geodesy.mjs";

const EMPTY = { type: "FeatureCollection", features: [] };
const FORMATS = { xlsx: "Excel", csv: "CSV", geojson: "GeoJSON", shapefile: "Shapefile", gpkg: "GeoPackage", kml: "KML" };

export class Results {
  constructor(root, map, { open, asOf, closed }) {
    this.root = root.querySelector("[data-results]");
    this.map = map;
    this.open = open;
    this.asOf = asOf;
    this.closed = closed;
    map.addSource("trace", { type: "geojson", data: EMPTY });
    map.addLayer({ id: "trace-line", type: "line", source: "trace", filter: ["==", "$type", "LineString"], paint: { "line-color": token("red"), "line-width": 2.5 } });
    map.addLayer({ id: "trace-point", type: "circle", source: "trace", filter: ["==", "$type", "Point"], paint: { "circle-radius": ["case", ["==", ["get", "step"], 0], 9, 6], "circle-color": token("card"), "circle-stroke-color": token("red"), "circle-stroke-width": 2.5 } });
    map.addLayer({ id: "trace-label", type: "symbol", source: "trace", filter: ["==", "$type", "Point"], layout: { "text-field": ["get", "name"], "text-size": 12, "text-offset": [0, 0.9], "text-anchor": "top", "text-optional": true }, paint: { "text-color": token("ink"), "text-halo-color": token("card"), "text-halo-width": 1.5 } });
  }

  query() { return this.asOf() ? `?as_of=${this.asOf()}` : ""; }

  async inside(question, drawing) {
    this.wait(gettext("Inside the shape"));
    try {
      const found = await fetchJson(`/map/inside${this.query()}`, { method: "POST", body: JSON.stringify(question), headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": csrf() } });
      drawing.shape(found.geometry);
      this.show(gettext("Inside the shape"), `${found.total.toLocaleString("en")} · ${squareMetres(found.square_metres)}`, found.found.map((part) => this.part(part)), found.total ? this.files(question) : null);
    } catch (error) {
      this.show(gettext("Inside the shape"), error.message, []);
    }
  }

  part(part) {
    const rows = part.rows.map((row) => element("li", {}, element("button", { type: "button", class: "link", text: row.name, onclick: () => this.open(part, row) }), element("span", { class: "quiet", text: row.code })));
    const more = part.count - part.rows.length;
    return element("details", { open: part.count <= 12 }, element("summary", {}, element("span", { text: part.title }), element("b", { text: part.count.toLocaleString("en") })),
      element("ul", {}, ...rows), more > 0 ? element("p", { class: "quiet", text: gettext("and %(n)s more in the file", { n: more.toLocaleString("en") }) }) : null);
  }

  // A file is asked for by an ordinary form, so that the browser saves it.
  files(question) {
    const select = element("select", { name: "format", "aria-label": gettext("File format") }, ...Object.entries(FORMATS).map(([value, text]) => element("option", { value, text })));
    return element("form", { method: "post", action: `/map/inside${this.query()}`, class: "map-files" },
      element("input", { type: "hidden", name: "csrfmiddlewaretoken", value: csrf() }), element("input", { type: "hidden", name: "question", value: JSON.stringify(question) }), select, element("button", { class: "button", text: gettext("Save as a file") }));
  }

  async trace(register, code, direction) {
    const title = direction === "up" ? gettext("Upstream") : gettext("Downstream");
    this.wait(title);
    try {
      const query = new URLSearchParams({ direction });
      if (this.asOf()) query.set("as_of", this.asOf());
      const found = await fetchJson(`/map/trace/${register}/${encodeURIComponent(code)}?${query}`);
      this.mark(found);
      const steps = [...new Set(found.nodes.map((node) => node.step))];
      const parts = steps.map((step) => element("li", { value: step }, ...found.nodes.filter((node) => node.step === step).map((node) => element("p", {}, element("span", { class: "quiet", text: `${node.title} ` }), element("button", { type: "button", class: "link", text: node.name, onclick: () => this.open(node, node) })))));
      this.show(title, gettext("%(n)s entries", { n: found.nodes.length - 1 }) + (found.cut ? ` · ${gettext("cut short")}` : ""), [element("ol", { class: "map-steps", start: 0 }, ...parts)]);
    } catch (error) {
      this.show(title, error.message, []);
    }
  }

  mark({ nodes, edges }) {
    const points = nodes.filter((node) => node.place).map((node) => ({ type: "Feature", properties: { name: node.name, step: node.step }, geometry: { type: "Point", coordinates: node.place } }));
    const lines = edges.map(([from, to]) => [nodes[from].place, nodes[to].place]).filter(([from, to]) => from && to).map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates } }));
    this.map.getSource("trace").setData({ type: "FeatureCollection", features: [...lines, ...points] });
    if (points.length > 1) {
      const xs = points.map((point) => point.geometry.coordinates[0]);
      const ys = points.map((point) => point.geometry.coordinates[1]);
      this.map.fitBounds([[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]], { padding: 60, maxZoom: 13, animate: false });
    }
  }

  wait(title) { this.show(title, gettext("Loading"), []); }

  show(title, note, parts, foot = null) {
    const close = element("button", { type: "button", class: "link", text: "✕", "aria-label": gettext("Close"), onclick: () => this.clear() });
    this.root.replaceChildren(element("div", { class: "map-results-head" }, element("h2", { text: title }), element("span", { class: "quiet", role: "status", text: note }), close), ...parts, ...(foot ? [foot] : []));
    this.root.hidden = false;
    this.root.scrollIntoView({ block: "nearest" });
  }

  clear() {
    this.root.replaceChildren();
    this.root.hidden = true;
    this.map.getSource("trace").setData(EMPTY);
    this.closed();
  }
}

export const csrf = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
