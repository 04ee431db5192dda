// The day the registers are looked at from, and a second day to swipe to.
import { addOutlines, createMap } from "../map.mjs";
import { element, fetchJson } from "../dom.mjs";
import { gettext } from "../i18n.mjs";

const DAY = 86400000;
const LATE = 350;
const iso = (time) => new Date(time).toISOString().slice(0, 10);

export class Moment {
  constructor(root, page, query) {
    this.root = root;
    this.page = page;
    this.compared = query.get("compare") ?? "";
    this.part = 50;
    this.bar = root.querySelector("[data-moment]");
    const { first, today } = this.bar.dataset;
    this.first = Date.parse(first);
    this.days = Math.max(1, Math.round((Date.parse(today) - this.first) / DAY));
    this.today = today;
    this.range = this.bar.querySelector("input[type=range]");
    this.date = this.bar.querySelector("input[type=date]");
    this.other = this.bar.querySelector("[data-compare]");
    this.range.max = String(this.days);
    this.tell(page.registers.asOf);
    this.range.addEventListener("input", () => { const day = iso(this.first + this.range.value * DAY); this.tell(day); this.soon(day); });
    this.date.addEventListener("change", () => { this.tell(this.date.value); this.soon(this.date.value); });
    this.bar.querySelector("[data-now]").addEventListener("click", () => { this.tell(""); this.soon(""); });
    this.other.value = this.compared;
    this.other.addEventListener("change", () => this.compare(this.other.value));
    this.bar.querySelector("[data-compare-end]").addEventListener("click", () => this.compare(""));
  }

  async start() { if (this.compared) await this.compare(this.compared); }

  tell(day) {
    const past = day && day < this.today;
    this.date.value = past ? day : this.today;
    this.range.value = String(past ? Math.round((Date.parse(day) - this.first) / DAY) : this.days);
    this.bar.classList.toggle("past", Boolean(past));
    this.range.setAttribute("aria-valuetext", this.date.value);
  }

  soon(day) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.page.registers.look(day && day < this.today ? day : ""), LATE);
  }

  // Lay a second map over the first, of another day, that is uncovered from the right.
  async compare(day) {
    this.compared = day;
    this.other.value = day;
    this.end();
    if (day) await this.begin(day);
    this.page.address();
  }

  async begin(day) {
    const { map } = this.page.canvas;
    const box = this.root.querySelector(".map");
    const figure = element("div", { "data-attribution": "", "data-title": "" });
    const holder = element("div", { class: "map-second" });
    const slider = element("input", { type: "range", min: "0", max: "100", value: String(this.part), class: "map-swipe", "aria-label": gettext("Swipe between the two days") });
    const tags = [element("span", { class: "map-day left", text: this.page.registers.asOf || gettext("now") }), element("span", { class: "map-day right", text: day })];
    box.append(holder, slider, ...tags);
    this.pieces = [holder, slider, ...tags];
    const second = createMap(figure, holder, map.getBounds());
    await new Promise((done) => second.on("load", done));
    addOutlines(second, await fetchJson(document.body.dataset.outlines));
    second.addLayer({ id: "clusters", type: "background", paint: { "background-opacity": 0 } });
    this.page.ground.attach(second);
    this.release = this.page.registers.attach(second, "clusters", day);
    this.second = second;
    this.follow(map, second);
    const cut = () => { this.part = Number(slider.value); holder.style.clipPath = `inset(0 0 0 ${this.part}%)`; holder.parentElement.style.setProperty("--part", `${this.part}%`); };
    slider.addEventListener("input", cut);
    cut();
    this.root.dataset.compared = day;
  }

  follow(first, second) {
    let busy = false;
    const same = (from, to) => () => {
      if (busy) return;
      busy = true;
      to.jumpTo({ center: from.getCenter(), zoom: from.getZoom() });
      busy = false;
    };
    this.moved = same(first, second);
    first.on("move", this.moved);
    second.on("move", same(second, first));
    second.on("click", (event) => this.page.clicked(event, second));
    this.moved();
  }

  end() {
    if (!this.second) return;
    this.page.canvas.map.off("move", this.moved);
    this.release();
    this.page.ground.detach(this.second);
    this.second.remove();
    for (const piece of this.pieces) piece.remove();
    this.second = null;
    delete this.root.dataset.compared;
  }

  address(query) { if (this.compared) query.set("compare", this.compared); else query.delete("compare"); }
}
