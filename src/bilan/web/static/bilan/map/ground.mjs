// Base maps the city has declared, under everything else; none is needed.
import { element } from "../dom.mjs";
import { gettext } from "../i18n.mjs";

export class Ground {
  constructor(root, query, changed) {
    this.known = JSON.parse(document.getElementById("map-grounds").textContent);
    this.index = this.known[Number(query.get("base"))] && query.has("base") ? Number(query.get("base")) : -1;
    this.select = root.querySelector("[data-base]");
    this.note = root.querySelector("[data-base-note]");
    this.changed = changed;
    this.maps = [];
    this.select.closest("label").hidden = !this.known.length;
    this.select.replaceChildren(element("option", { value: "-1", text: gettext("No base map") }), ...this.known.map((ground, at) => element("option", { value: String(at), text: ground.name })));
    this.select.value = String(this.index);
    this.select.addEventListener("change", () => { this.index = Number(this.select.value); for (const map of this.maps) this.draw(map); this.changed(); });
  }

  attach(map) {
    this.maps.push(map);
    this.draw(map);
  }

  detach(map) { this.maps = this.maps.filter((entry) => entry !== map); }

  draw(map) {
    for (const layer of map.getStyle().layers.filter(({ id }) => id.startsWith("ground"))) { map.removeLayer(layer.id); map.removeSource(layer.id); }
    const ground = this.known[this.index];
    const off = ground?.off ?? 0;
    this.note.hidden = !off;
    this.note.textContent = off ? gettext("This base map is in GCJ-02: it lies about %(n)s m away from the city's own data", { n: off }) : "";
    map.setPaintProperty("districts", "fill-opacity", ground ? 0 : 0.92);
    ground?.tiles.forEach((tiles, at) => {
      const id = `ground${at}`;
      const full = tiles.map((address) => (address.startsWith("/") ? location.origin + address : address));
      map.addSource(id, { type: "raster", tiles: full, tileSize: ground.size, maxzoom: ground.maximum, attribution: ground.attribution });
      map.addLayer({ id, type: "raster", source: id }, "districts");
    });
  }

  address(query) { if (this.index >= 0) query.set("base", String(this.index)); else query.delete("base"); }
}
