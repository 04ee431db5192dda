// Where an entry is: drawn on the map, typed in any notation, read from a file, or taken from another entry. The text field is what is sent.
import { element, fetchJson, token } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { addOutlines, bounds, createMap, stylesheet } from "../map.mjs";

const SHAPES = { point: ["Point", gettext("Point")], line: ["LineString", gettext("Line")], polygon: ["Polygon", gettext("Outline")] };
const PAUSE = 500;

export async function mount(block) {
  await stylesheet();
  const outlines = await fetchJson(document.body.dataset.outlines).catch(() => ({ type: "FeatureCollection", features: [] }));
  new Place(block, outlines);
}

class Place {
  constructor(block, outlines) {
    Object.assign(this, { block, text: block.querySelector("textarea"), told: block.querySelector(".place-told"), box: block.querySelector(".place-map"), drawing: "", path: [] });
    this.box.dataset.title = block.dataset.title;
    this.geometry = this.parsed();
    this.map = createMap(this.box, this.box, bounds(outlines, { features: this.geometry ? [{ geometry: this.geometry }] : [] }));
    this.map.doubleClickZoom.disable();
    this.map.on("load", () => { addOutlines(this.map, outlines); this.layers(); this.show(Boolean(this.geometry)); });
    this.map.on("click", (event) => this.click(event));
    this.map.on("dblclick", (event) => { event.preventDefault(); this.finish(); });
    this.buttons();
    this.text.addEventListener("input", () => { clearTimeout(this.timer); this.timer = setTimeout(() => this.typed(), PAUSE); });
    block.querySelector("[data-place-file]").addEventListener("change", (event) => this.file(event.target));
    block.querySelector(".place-find").addEventListener("bilan:taken", (event) => { event.stopPropagation(); this.text.value = event.detail.code; this.typed(); });
    block.addEventListener("keydown", (event) => { if (event.key === "Escape" && this.drawing) this.stop(); });
  }

  buttons() {
    const holder = this.block.querySelector(".place-draw");
    this.modes = this.block.dataset.shapes.trim().split(/\s+/).map((name) => element("button", { type: "button", class: "button", "aria-pressed": "false", "data-shape": name, text: gettext("Draw: %(shape)s", { shape: SHAPES[name][1] }), onclick: () => this.start(name) }));
    this.done = element("button", { type: "button", class: "button", hidden: true, text: gettext("Finish"), onclick: () => this.finish() });
    this.back = element("button", { type: "button", class: "button", hidden: true, text: gettext("Undo the last corner"), onclick: () => { this.path.pop(); this.preview(); } });
    this.clear = element("button", { type: "button", class: "button", text: gettext("Clear"), onclick: () => { this.stop(); this.put(null); } });
    holder.append(...this.modes, this.done, this.back, this.clear);
  }

  layers() {
    this.map.addSource("place", { type: "geojson", data: this.collection() });
    const colour = token("azure");
    this.map.addLayer({ id: "place-fill", type: "fill", source: "place", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour, "fill-opacity": 0.18 } });
    this.map.addLayer({ id: "place-line", type: "line", source: "place", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": colour, "line-width": 2.5 } });
    this.map.addLayer({ id: "place-point", type: "circle", source: "place", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": ["case", ["get", "corner"], 4, 7], "circle-color": colour, "circle-stroke-color": "#fff", "circle-stroke-width": 2 } });
  }

  collection() {
    const features = this.geometry ? [{ type: "Feature", properties: { corner: false }, geometry: this.geometry }] : [];
    if (this.path.length > 1) features.push({ type: "Feature", properties: { corner: false }, geometry: { type: "LineString", coordinates: this.drawing === "polygon" && this.path.length > 2 ? [...this.path, this.path[0]] : this.path } });
    for (const corner of this.path) features.push({ type: "Feature", properties: { corner: true }, geometry: { type: "Point", coordinates: corner } });
    return { type: "FeatureCollection", features };
  }

  start(name) {
    this.stop();
    this.drawing = name;
    this.box.classList.add("drawing");
    for (const button of this.modes) button.setAttribute("aria-pressed", button.dataset.shape === name ? "true" : "false");
    this.done.hidden = this.back.hidden = name === "point";
    this.say(name === "point" ? gettext("Click on the map where it is") : gettext("Click each corner; finish with a double click"));
  }

  stop() {
    this.drawing = "";
    this.path = [];
    this.box.classList.remove("drawing");
    for (const button of this.modes) button.setAttribute("aria-pressed", "false");
    this.done.hidden = this.back.hidden = true;
    this.say("");
    this.preview();
  }

  click(event) {
    if (!this.drawing) return;
    const at = [event.lngLat.lng, event.lngLat.lat].map((value) => Number(value.toFixed(6)));
    if (this.drawing === "point") { this.put({ type: "Point", coordinates: at }); this.stop(); return; }
    const last = this.path.at(-1);
    if (last && last[0] === at[0] && last[1] === at[1]) return;
    this.path.push(at);
    this.preview();
  }

  finish() {
    const { drawing, path } = this;
    if (!drawing || drawing === "point") return;
    if (path.length < (drawing === "line" ? 2 : 3)) { this.say(gettext("Too few corners")); return; }
    const geometry = drawing === "line" ? { type: "LineString", coordinates: path } : { type: "Polygon", coordinates: [[...path, path[0]]] };
    this.stop();
    this.put(geometry);
  }

  preview() { this.map.getSource("place")?.setData(this.collection()); }

  put(geometry) {
    this.geometry = geometry;
    this.text.value = !geometry ? "" : geometry.type === "Point" ? `${geometry.coordinates[0]}, ${geometry.coordinates[1]}` : JSON.stringify(geometry);
    this.text.dispatchEvent(new Event("change", { bubbles: true }));
    this.preview();
  }

  parsed() {
    const text = this.text.value.trim();
    const plain = /^(-?\d+(?:\.\d+)?), (-?\d+(?:\.\d+)?)$/.exec(text);
    if (plain && Math.abs(plain[1]) <= 180 && Math.abs(plain[2]) <= 90) return { type: "Point", coordinates: [Number(plain[1]), Number(plain[2])] };
    try { const found = JSON.parse(text); return found && found.coordinates ? found : null; } catch { return null; }
  }

  async typed() {
    const text = this.text.value.trim();
    const ready = text.startsWith("{") ? this.parsed() : null;
    if (!text || ready) { this.geometry = ready; this.say(""); this.show(Boolean(ready)); return; }
    const body = new FormData();
    body.append("coordinates", text);
    await this.ask(body, ({ geometry, notes }) => { this.geometry = geometry; this.say(notes.join(" ")); this.show(true); });
  }

  async file(input) {
    if (!input.files.length) return;
    const body = new FormData();
    body.append("file", input.files[0]);
    input.value = "";
    await this.ask(body, ({ shapes }) => (shapes.length === 1 ? this.take(shapes[0]) : this.choose(shapes)));
  }

  take(shape) { this.put(shape.geometry); this.say(shape.name); this.show(true); }

  choose(shapes) {
    this.told.replaceChildren(element("span", { text: gettext("Which of these?") }), element("span", { class: "place-choices" }, ...shapes.map((shape) => element("button", { type: "button", class: "button", text: shape.name, onclick: () => this.take(shape) }))));
  }

  async ask(body, then) {
    const csrf = this.block.closest("form").elements.csrfmiddlewaretoken.value;
    const response = await fetch(this.block.dataset.src, { method: "POST", body, headers: { "X-CSRFToken": csrf }, credentials: "same-origin" });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) { this.say(answer.message ?? `${response.status}`, true); return; }
    then(answer);
  }

  say(text, wrong = false) {
    this.told.replaceChildren(text);
    this.told.classList.toggle("wrong", wrong);
  }

  show(move) {
    this.preview();
    if (!move || !this.geometry) return;
    this.map.fitBounds(bounds({ features: [] }, { features: [{ geometry: this.geometry }] }), { padding: 60, maxZoom: 11.5, duration: 0 });
  }
}
