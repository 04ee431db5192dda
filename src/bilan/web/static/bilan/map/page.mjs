// The page of the map: layers, legend and list share one choice of points, which stands in the address with everything else chosen.
import { element, levels, state } from "../dom.mjs";
import { closeDrawer, openDrawer } from "../drawer.mjs";
import { gettext } from "../i18n.mjs";
import { Ground } from "./ground.mjs";
import { colourOf, drawing, groupOf, pictureName } from "./marks.mjs";
import { Registers } from "./registers.mjs";

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
    this.entry = query.get("entry") ?? "";
    this.asked = shapeOf(query);
    this.registers = new Registers(root, query, () => this.address());
    this.ground = new Ground(root, query, () => this.address());
    this.query = query;
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
    this.sheet();
    await Promise.all([this.loadAll(), this.registers.start()]);
    try {
      const { Canvas } = await import("./canvas.mjs");
      this.canvas = new Canvas(this.root.querySelector("[data-map]"), { choose: (code) => this.choose(code), moved: (place) => { this.place = place; this.address(); } });
      await this.canvas.start(this.place);
      await this.tools();
    } catch (error) {
      this.canvas = null;
      this.root.querySelector(".map").replaceChildren(state("error", gettext("The map could not be drawn"), error.message));
    }
    this.show();
    if (this.point) this.choose(this.point);
    this.root.dataset.ready = "1";
    setInterval(() => { if (!document.hidden) this.loadAll().then((changed) => changed && this.show()); }, PERIOD);
  }

  // On a phone the panel is a sheet that is drawn up over the map.
  sheet() {
    const button = this.find("sheet");
    button.addEventListener("click", () => {
      const up = button.getAttribute("aria-expanded") !== "true";
      button.setAttribute("aria-expanded", String(up));
      this.root.classList.toggle("sheet-up", up);
    });
  }

  // Everything that works on the drawn map.
  async tools() {
    const [{ Drawing }, { Results }, { Moment }] = await Promise.all([import("./drawing.mjs"), import("./results.mjs"), import("./moment.mjs")]);
    const { map } = this.canvas;
    this.ground.attach(map);
    this.registers.attach(map, "clusters");
    this.drawing = new Drawing(this.root, map, (shape) => this.ask(shape));
    this.results = new Results(this.root, map, { open: (part, row) => this.openRow(part, row), asOf: () => this.registers.asOf, closed: () => { this.asked = null; this.drawing.clear(); this.address(); } });
    this.moment = new Moment(this.root, this, this.query);
    map.on("click", (event) => this.clicked(event, map));
    map.on("mousemove", (event) => { if (!this.drawing.tool) map.getCanvas().style.cursor = this.registers.under(map, event.point) ? "pointer" : ""; });
    document.addEventListener("bilan:map-ask", ({ detail }) => this.askOf(detail));
    for (const button of this.root.querySelectorAll("[data-print]")) button.addEventListener("click", () => this.print(button.dataset.print));
    await this.moment.start();
    if (this.asked) await this.ask(this.asked);
    if (this.entry) { const [register, code] = [this.entry.slice(0, this.entry.indexOf("/")), this.entry.slice(this.entry.indexOf("/") + 1)]; await this.openEntry(register, code, code); }
  }

  async print(form) {
    const { print } = await import("./print.mjs");
    await print(this, form);
    this.root.dataset.printed = form;
  }

  clicked(event, map) {
    if (this.drawing.click(event.lngLat)) return;
    const own = ["points", "clusters"].filter((id) => map.getLayer(id)?.type !== "background");
    if (map === this.canvas.map && map.queryRenderedFeatures(event.point, { layers: own }).length) return;
    const found = this.registers.under(map, event.point);
    if (!found) return;
    if (found.properties.count) map.easeTo({ center: event.lngLat, zoom: map.getZoom() + 2, animate: false });
    else this.openEntry(found.source.slice(found.source.indexOf(":") + 1), found.properties.code, found.properties.name);
  }

  openRow(part, row) {
    if (row.place) this.canvas.see(row.place, NEAR);
    if (part.network) this.choose(row.code);
    else this.openEntry(part.register, row.code, row.name);
  }

  async openEntry(register, code, name) {
    this.entry = `${register}/${code}`;
    this.address();
    const day = this.registers.asOf ? `&as_of=${this.registers.asOf}` : "";
    await openDrawer(`/map/registers/${register}/${encodeURIComponent(code)}?part=drawer${day}`, name);
    const entry = this.entry;
    document.querySelector("dialog.drawer").addEventListener("close", () => { if (this.entry === entry) { this.entry = ""; this.address(); } }, { once: true });
  }

  // What lies inside a drawn shape, or around an entry; in registers and networks alike.
  async ask(shape) {
    this.asked = shape;
    this.address();
    const networks = this.layers.map((layer) => layer.code);
    const question = shape.circle ? { geometry: { type: "Point", coordinates: shape.circle.slice(0, 2) }, metres: shape.circle[2] }
      : shape.polygon ? { geometry: { type: "Polygon", coordinates: [[...shape.polygon, shape.polygon[0]]] } } : { register: shape.around[0], code: shape.around[1], metres: Number(shape.around[2]) };
    await this.results.inside({ ...question, networks }, this.drawing);
    this.root.dataset.answered = String(Number(this.root.dataset.answered ?? 0) + 1);
  }

  // The drawer makes room for the answer, which stands in the panel behind it.
  async askOf({ register, code, metres, direction }) {
    closeDrawer();
    this.root.classList.add("sheet-up");
    this.find("sheet").setAttribute("aria-expanded", "true");
    if (metres) return this.ask({ around: [register, code, metres] });
    await this.results.trace(register, code, direction);
    this.root.dataset.traced = direction;
    return null;
  }

  layerBoxes() {
    const boxes = this.layers.map((layer) => {
      const box = element("input", { type: "checkbox", value: layer.code });
      box.checked = this.chosen.has(layer.code);
      box.addEventListener("change", () => this.toggle(layer.code, box.checked));
      return element("label", {}, box, drawing(layer.code, "none"), element("span", { text: layer.name }), element("span", { class: "quiet", text: layer.count.toLocaleString("en") }));
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
    put("entry", this.entry);
    for (const kind of ["circle", "polygon", "around"]) put(kind, this.asked?.[kind] ? this.asked[kind].map((part) => (Array.isArray(part) ? part.join(" ") : part)).join(",") : "");
    this.registers.address(address.searchParams);
    this.ground.address(address.searchParams);
    this.moment?.address(address.searchParams);
    put("z", this.place.z ? this.place.z.toFixed(2) : "");
    put("c", this.place.c ? this.place.c.map((number) => number.toFixed(4)).join(",") : "");
    history.replaceState(history.state, "", address.href.replaceAll("%2C", ",").replaceAll("%3A", ":"));
  }
}

// A shape as the address keeps it: circle=lon,lat,metres, polygon=lon lat,lon lat,…, around=register,code,metres.
function shapeOf(query) {
  const circle = query.get("circle")?.split(",").map(Number);
  if (circle?.length === 3 && circle.every(Number.isFinite)) return { circle };
  const polygon = query.get("polygon")?.split(",").map((place) => place.split(" ").map(Number));
  if (polygon?.length > 2 && polygon.flat().every(Number.isFinite)) return { polygon };
  const around = query.get("around")?.split(",");
  return around?.length === 3 ? { around } : null;
}

const ORDER = ["online", "late", "silent", "blocked", "manual"];
const rank = (group) => { const last = group.split(":")[2]; return Number(last) || ORDER.indexOf(last); };
