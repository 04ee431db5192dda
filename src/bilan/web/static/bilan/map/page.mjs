// The page of the map: layers, legend and list share one choice of points, which stands in the address.
import { element, levels, state } from "../dom.mjs";
import { openDrawer } from "../drawer.mjs";
import { gettext } from "../i18n.mjs";
import { colourOf, drawing, groupOf, pictureName } from "./marks.mjs";

const PERIOD = Math.max(Number(document.body.dataset.livePeriod ?? 10), 0.5) * 1000;
const LISTED = 60;
const NEAR = 12;

export async function mount(root) {
  const page = new Page(root);
  await page.start();
}

const data = (id) => JSON.parse(document.getElementById(id).textContent);

class Page {
  constructor(root) {
    this.root = root;
    this.layers = data("map-layers");
    this.states = data("map-states");
    const query = new URLSearchParams(location.search);
    const known = this.layers.map((layer) => layer.code);
    const asked = (query.get("layers") ?? root.dataset.first).split(",").filter((code) => known.includes(code));
    this.chosen = new Set(asked.length || query.has("layers") ? asked : root.dataset.first.split(","));
    this.text = query.get("q") ?? "";
    this.group = query.get("only") ?? "";
    this.point = query.get("point") ?? "";
    this.place = { z: Number(query.get("z")) || null, c: query.get("c")?.split(",").map(Number) ?? null };
    this.features = new Map();
    this.tags = new Map();
    this.most = LISTED;
    root.page = this;
  }

  find(name) { return this.root.querySelector(`[data-${name}]`); }

  async start() {
    this.layerBoxes();
    const search = this.find("search");
    search.value = this.text;
    search.addEventListener("input", () => { this.text = search.value; this.most = LISTED; this.show(); });
    this.find("all").addEventListener("click", () => this.only(""));
    this.find("more").addEventListener("click", () => { this.most += 5 * LISTED; this.list(this.shown()); });
    await this.loadAll();
    try {
      const { Canvas } = await import("./canvas.mjs");
      this.canvas = new Canvas(this.root.querySelector("[data-map]"), { choose: (code) => this.choose(code), moved: (place) => { this.place = place; this.address(); } });
      await this.canvas.start(this.place);
    } catch (error) {
      this.canvas = null;
      this.root.querySelector(".map").replaceChildren(state("error", gettext("The map could not be drawn"), error.message));
    }
    this.show();
    if (this.point) this.choose(this.point);
    setInterval(() => { if (!document.hidden) this.loadAll().then((changed) => changed && this.show()); }, PERIOD);
  }

  layerBoxes() {
    const boxes = this.layers.map((layer) => {
      const box = element("input", { type: "checkbox", value: layer.code });
      box.checked = this.chosen.has(layer.code);
      box.addEventListener("change", () => this.toggle(layer.code, box.checked));
      return element("label", {}, box, drawing(layer.code, "none"), element("span", { text: layer.name }));
    });
    this.find("layers").replaceChildren(...boxes);
  }

  async toggle(code, on) {
    if (on) this.chosen.add(code); else this.chosen.delete(code);
    if (this.group.split(":")[0] === code) this.group = "";
    await this.loadAll();
    this.show();
  }

  // Ask for every chosen layer; tells whether any differs from what is here.
  async loadAll() {
    const wanted = this.layers.filter((layer) => this.chosen.has(layer.code));
    const changed = await Promise.all(wanted.map((layer) => this.load(layer).catch((error) => { this.fault = error; return false; })));
    return changed.some(Boolean);
  }

  async load(layer) {
    const tag = this.tags.get(layer.code);
    const response = await fetch(layer.src, { headers: tag ? { "If-None-Match": tag } : {}, credentials: "same-origin", cache: "no-store" });
    if (response.status === 401 || response.redirected) return location.reload();
    if (response.status === 304) return false;
    if (!response.ok) throw new Error(String(response.status));
    const collection = await response.json();
    for (const { properties } of collection.features) {
      properties.icon = pictureName(properties);
      properties.group = groupOf(properties);
      properties.bad = properties.kind ? Number(properties.kind === "aqi" ? properties.grade > 2 : properties.grade > 3) : Number(properties.state === "silent");
      properties.order = (properties.kind ? properties.grade : 0) + properties.bad;
    }
    this.features.set(layer.code, collection.features);
    this.tags.set(layer.code, response.headers.get("ETag") ?? "");
    return true;
  }

  // Points of the chosen layers in the chosen district that hold every word looked for.
  matching() {
    const words = this.text.toLowerCase().split(/\s+/).filter(Boolean);
    const district = this.root.dataset.district;
    return this.layers.filter((layer) => this.chosen.has(layer.code)).flatMap((layer) => this.features.get(layer.code) ?? [])
      .filter(({ properties }) => (!district || properties.district === district) && words.every((word) => `${properties.code} ${properties.name}`.toLowerCase().includes(word)));
  }

  shown() {
    return this.matching().filter(({ properties }) => !this.group || properties.group === this.group);
  }

  show() {
    const matching = this.matching();
    this.legend(matching);
    const shown = this.shown();
    this.list(shown);
    this.canvas?.show(shown, this.point);
    this.address();
    this.root.dataset.shown = String(shown.length);
  }

  legend(matching) {
    const counts = new Map();
    for (const { properties } of matching) counts.set(properties.group, [(counts.get(properties.group)?.[0] ?? 0) + 1, properties]);
    const parts = this.layers.filter((layer) => this.chosen.has(layer.code)).map((layer) => {
      const own = [...counts].filter(([group]) => group.startsWith(`${layer.code}:`)).sort(([a], [b]) => rank(a) - rank(b));
      if (!own.length) return null;
      const entries = own.map(([group, [count, properties]]) => element("li", {}, element("button", { type: "button", "aria-pressed": String(this.group === group), onclick: () => this.only(this.group === group ? "" : group) },
        drawing(layer.code, colourOf(properties)), element("span", { text: this.label(properties) }), element("b", { text: String(count) }))));
      return element("div", {}, element("p", { class: "quiet", text: layer.name }), element("ul", {}, ...entries));
    });
    this.find("legend").replaceChildren(...parts.filter(Boolean));
    this.find("all").hidden = !this.group;
  }

  label(properties) {
    if (!properties.kind) return this.states[properties.state].label;
    return levels(properties.kind).find((level) => level.grade === properties.grade).label;
  }

  only(group) {
    this.group = group;
    this.most = LISTED;
    this.show();
  }

  list(shown) {
    const sorted = [...shown].sort((a, b) => b.properties.order - a.properties.order || a.properties.name.localeCompare(b.properties.name, document.documentElement.lang));
    const items = sorted.slice(0, this.most).map(({ properties }) => element("li", {}, element("button", { type: "button", "data-code": properties.code, "aria-current": properties.code === this.point ? "true" : null, onclick: () => this.choose(properties.code) },
      drawing(properties.network, colourOf(properties)), element("span", { text: properties.name }), element("span", { class: "quiet", text: properties.kind === "aqi" ? `${properties.label} ${this.label(properties)}` : this.label(properties) }))));
    const list = this.find("list");
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.code : null;
    list.replaceChildren(...(items.length ? items : [element("li", {}, element("p", { class: "quiet", text: this.chosen.size ? gettext("No point fits") : gettext("Choose a layer") }))]));
    if (focused) list.querySelector(`[data-code="${CSS.escape(focused)}"]`)?.focus();
    this.find("count").textContent = shown.length.toLocaleString("en");
    this.find("more").hidden = sorted.length <= this.most;
  }

  // Open the drawer of a point and bring it into view; a point of a layer that is off brings its layer along.
  async choose(code) {
    const known = [...this.features.values()].flat().find(({ properties }) => properties.code === code);
    this.point = code;
    if (known?.geometry) this.canvas?.see(known.geometry.coordinates, NEAR);
    this.canvas?.mark(code);
    for (const button of this.find("list").querySelectorAll("button")) button.toggleAttribute("aria-current", button.dataset.code === code);
    this.address();
    await openDrawer(this.root.dataset.popup.replace("CODE", encodeURIComponent(code)), known?.properties.name ?? code);
    const drawer = document.querySelector("dialog.drawer");
    drawer.addEventListener("close", () => { if (this.point === code) { this.point = ""; this.canvas?.mark(""); this.address(); } }, { once: true });
  }

  address() {
    const address = new URL(location.href);
    const put = (name, value) => (value ? address.searchParams.set(name, value) : address.searchParams.delete(name));
    const first = this.root.dataset.first;
    const layers = [...this.chosen].join(",");
    if (layers === first) address.searchParams.delete("layers"); else address.searchParams.set("layers", layers);
    put("q", this.text);
    put("only", this.group);
    put("point", this.point);
    put("z", this.place.z ? this.place.z.toFixed(2) : "");
    put("c", this.place.c ? this.place.c.map((number) => number.toFixed(4)).join(",") : "");
    history.replaceState(history.state, "", address.href.replaceAll("%2C", ",").replaceAll("%3A", ":"));
  }
}

const ORDER = ["online", "late", "silent", "blocked", "manual"];
const rank = (group) => { const last = group.split(":")[2]; return Number(last) || ORDER.indexOf(last); };
