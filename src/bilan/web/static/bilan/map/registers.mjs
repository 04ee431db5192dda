// The registers as layers: the tree by medium or department with counts, filters of each, the legend, the day looked from.
import { element, fetchJson } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { addRegister, askAgain, coloured, removeRegister, swatch, touched } from "./style.mjs";

export class Registers {
  constructor(root, query, changed) {
    this.root = root;
    this.changed = changed;
    this.chosen = new Set((query.get("registers") ?? "").split(",").filter(Boolean));
    this.filters = new Map(query.getAll("f").map((text) => [text.split("?")[0], new URLSearchParams(text.slice(text.indexOf("?") + 1))]));
    this.asOf = query.get("as_of") ?? "";
    this.by = query.get("tree") === "department" ? "department" : "group";
    this.open = new Set();
    this.details = new Map();
    this.layers = [];
    this.maps = [];
  }

  find(name) { return this.root.querySelector(`[data-${name}]`); }

  async start() {
    const choice = this.find("tree-by");
    choice.value = this.by;
    choice.addEventListener("change", () => { this.by = choice.value; this.tree(); this.changed(); });
    await this.count();
    await Promise.all([...this.chosen].map((name) => this.detail(name)));
    this.show();
  }

  // Counts as of the day looked from; layers that are not there any more are let go.
  async count() {
    const { layers } = await fetchJson(`/map/registers.json${this.asOf ? `?as_of=${this.asOf}` : ""}`);
    this.layers = layers;
    const known = new Set(layers.map((layer) => layer.name));
    this.chosen = new Set([...this.chosen].filter((name) => known.has(name)));
  }

  layer(name) { return this.layers.find((layer) => layer.name === name); }

  async detail(name) {
    if (!this.details.has(name)) this.details.set(name, await fetchJson(`/map/registers/${name}.json`));
    return this.details.get(name);
  }

  query(name, asOf = this.asOf) {
    const query = new URLSearchParams(this.filters.get(name) ?? "");
    if (asOf) query.set("as_of", asOf);
    return query;
  }

  // Draw on a map, and keep it up to date from now on; `asOf` holds it to a day of its own.
  attach(map, before, asOf = null) {
    const held = { map, before, asOf };
    this.maps.push(held);
    for (const name of this.chosen) this.drawOn(held, name);
    return () => { this.maps = this.maps.filter((entry) => entry !== held); };
  }

  drawOn({ map, before, asOf }, name) {
    if (this.layer(name) && this.details.has(name)) addRegister(map, this.layer(name), this.details.get(name), this.query(name, asOf ?? this.asOf), before);
  }

  async toggle(name, on) {
    if (on) {
      this.chosen.add(name);
      await this.detail(name);
      for (const held of this.maps) this.drawOn(held, name);
    } else {
      this.chosen.delete(name);
      for (const { map } of this.maps) removeRegister(map, name);
    }
    this.show();
    this.changed();
  }

  async look(asOf) {
    this.asOf = asOf;
    for (const name of this.chosen) this.again(name);
    await this.count();
    this.show();
    this.changed();
  }

  again(name) {
    for (const { map, asOf } of this.maps) askAgain(map, name, this.details.get(name), this.query(name, asOf ?? this.asOf));
  }

  filter(name, key, value) {
    const query = this.filters.get(name) ?? new URLSearchParams();
    if (value) query.set(key, value); else query.delete(key);
    if ([...query].length) this.filters.set(name, query); else this.filters.delete(name);
    this.again(name);
    this.legend();
    this.changed();
  }

  show() {
    this.tree();
    this.legend();
    this.root.dataset.registers = [...this.chosen].join(",");
  }

  tree() {
    const groups = new Map();
    for (const layer of this.layers) groups.set(layer[this.by], [...(groups.get(layer[this.by]) ?? []), layer]);
    const kept = this.root.querySelector("[data-tree]");
    const focused = kept.contains(document.activeElement) ? document.activeElement.value : null;
    kept.replaceChildren(...[...groups].map(([title, layers]) => this.branch(title, layers)));
    if (focused) kept.querySelector(`[value="${CSS.escape(focused)}"]`)?.focus();
  }

  branch(title, layers) {
    const on = layers.filter((layer) => this.chosen.has(layer.name)).length;
    const details = element("details", { open: this.open.has(title) || on > 0 },
      element("summary", {}, element("span", { text: title }), element("span", { class: "quiet", text: `${on ? `${on} / ` : ""}${layers.length}` })),
      element("ul", {}, ...layers.map((layer) => this.leaf(layer))));
    details.addEventListener("toggle", () => (details.open ? this.open.add(title) : this.open.delete(title)));
    return details;
  }

  leaf(layer) {
    const box = element("input", { type: "checkbox", value: layer.name });
    box.checked = this.chosen.has(layer.name);
    box.addEventListener("change", () => this.toggle(layer.name, box.checked));
    const label = element("label", {}, box, swatch(layer.shape, layer.colour, layer.geometry), element("span", { text: layer.title }), element("span", { class: "quiet", text: layer.count.toLocaleString("en") }));
    return element("li", { class: layer.count ? "" : "none" }, label);
  }

  legend() {
    const parts = [...this.chosen].map((name) => this.layer(name)).filter((layer) => layer && this.details.has(layer.name)).map((layer) => this.key(layer, this.details.get(layer.name)));
    this.find("register-legend").replaceChildren(...parts);
  }

  key(layer, detail) {
    const choices = coloured(layer, detail);
    const items = choices.length ? choices.map((choice) => element("li", {}, swatch(layer.shape, choice.colour, layer.geometry), element("span", { text: choice.title }))) : [];
    const filters = this.filters.get(layer.name);
    const fields = detail.filters.map((entry) => {
      const select = element("select", { "aria-label": `${layer.title}: ${entry.title}` }, element("option", { value: "", text: entry.title }), ...entry.terms.map((term) => element("option", { value: term.code, text: term.title, selected: filters?.get(entry.name) === term.code })));
      select.addEventListener("change", () => this.filter(layer.name, entry.name, select.value));
      return select;
    });
    const words = element("input", { type: "search", placeholder: gettext("Words"), "aria-label": `${layer.title}: ${gettext("Words")}`, value: filters?.get("q") ?? "" });
    words.addEventListener("change", () => this.filter(layer.name, "q", words.value.trim()));
    return element("div", { class: "map-key" },
      element("p", {}, choices.length ? null : swatch(layer.shape, layer.colour, layer.geometry), element("b", { text: layer.title }), detail.by ? element("span", { class: "quiet", text: detail.by }) : null, detail.list ? element("a", { href: `${detail.list}?${this.query(layer.name)}`, text: gettext("List") }) : null),
      items.length ? element("ul", {}, ...items) : null,
      element("details", { open: Boolean(filters) }, element("summary", { text: gettext("Filter") }), element("div", { class: "map-filters" }, words, ...fields)),
      layer.zoom > 0 ? element("p", { class: "quiet", text: gettext("Drawn from zoom %(zoom)s", { zoom: layer.zoom }) }) : null);
  }

  // What stands under a place of the map: the entry or crowd on top.
  under(map, point) {
    const layers = [...this.chosen].flatMap(touched).filter((id) => map.getLayer(id));
    if (!layers.length) return null;
    const found = map.queryRenderedFeatures([[point.x - 4, point.y - 4], [point.x + 4, point.y + 4]], { layers });
    const rank = (feature) => ["Point", "LineString", "Polygon"].findIndex((kind) => feature.geometry.type.endsWith(kind));
    return found.sort((a, b) => rank(a) - rank(b))[0] ?? null;
  }

  address(query) {
    const put = (name, value) => (value ? query.set(name, value) : query.delete(name));
    put("registers", [...this.chosen].join(","));
    put("as_of", this.asOf);
    put("tree", this.by === "department" ? "department" : "");
    query.delete("f");
    for (const name of this.chosen) if (this.filters.has(name)) query.append("f", `${name}?${this.filters.get(name)}`);
  }
}
