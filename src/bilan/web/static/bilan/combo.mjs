// A choice found by typing: what is seen is text, what is sent is the code in the hidden field. data-lookup gives {items: [{code, text, note}]}.
import { element, fetchJson } from "./dom.mjs";
import { gettext } from "./i18n.mjs";

const PAUSE = 180;
let count = 0;

export function mount(box) {
  const kept = box.querySelector("input[type=hidden]");
  const input = box.querySelector(".combo-text");
  const list = element("ul", { class: "combo-list", role: "listbox", id: `combo-${count += 1}`, hidden: true, "aria-label": input.getAttribute("aria-label") ?? input.labels?.[0]?.textContent });
  box.append(list);
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-autocomplete", "list");
  new Combo(box, kept, input, list);
}

class Combo {
  constructor(box, kept, input, list) {
    Object.assign(this, { box, kept, input, list, text: input.value, at: -1, items: [] });
    input.addEventListener("input", (event) => { event.stopPropagation(); this.later(); });
    input.addEventListener("focus", () => this.look());
    input.addEventListener("click", () => { if (list.hidden) this.look(); });
    input.addEventListener("keydown", (event) => this.keys(event));
    input.addEventListener("change", (event) => event.stopPropagation());
    input.addEventListener("blur", () => setTimeout(() => this.leave(), 150));
  }

  later() {
    this.forget();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  // What the list shows answers other words than those now typed: keys must not take it.
  forget() {
    this.items = [];
    this.at = -1;
    this.list.setAttribute("aria-busy", "true");
    for (const row of this.list.children) row.removeAttribute("id");
    this.input.removeAttribute("aria-activedescendant");
  }

  async look() {
    const typed = this.input.value.trim();
    const wanted = typed === this.text ? "" : typed;
    const address = new URL(this.box.dataset.lookup, location.href);
    address.searchParams.set("q", wanted);
    const answer = await fetchJson(address).catch(() => null);
    if (this.input.value.trim() !== typed || document.activeElement !== this.input) return;
    this.show(answer ? answer.items : []);
  }

  show(items) {
    this.items = items;
    this.at = -1;
    const rows = items.map((item, at) => element("li", { role: "option", id: `${this.list.id}-${at}`, "aria-selected": item.code === this.kept.value ? "true" : "false", onmousedown: (event) => { event.preventDefault(); this.take(item); } }, element("span", { text: item.text }), element("span", { class: "unit", text: item.note })));
    this.list.replaceChildren(...(rows.length ? rows : [element("li", { class: "quiet", role: "option", "aria-disabled": "true", text: gettext("Nothing found") })]));
    this.list.removeAttribute("aria-busy");
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  keys(event) {
    if (event.key === "Escape" && !this.list.hidden) { event.stopPropagation(); this.close(); return; }
    if (event.key === "Enter" && !this.list.hidden) { event.preventDefault(); if (this.items[this.at]) this.take(this.items[this.at]); else this.close(); return; }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    if (this.list.hidden) { this.look(); return; }
    const most = this.items.length - 1;
    if (most < 0) return;
    this.at = event.key === "ArrowDown" ? Math.min(most, this.at + 1) : Math.max(0, this.at - 1);
    [...this.list.children].forEach((row, at) => row.classList.toggle("at", at === this.at));
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
  }

  take(item) {
    const more = this.box.dataset.many === "1";
    if (!more) { this.kept.value = item.code; this.input.value = this.text = item.text; } else { this.input.value = this.text = ""; }
    this.close();
    this.box.dispatchEvent(new CustomEvent("bilan:taken", { detail: item, bubbles: true }));
    if (!more) this.kept.dispatchEvent(new Event("change", { bubbles: true }));
  }

  leave() {
    this.close();
    const typed = this.input.value.trim();
    if (typed === this.text) return;
    if (typed) { this.input.value = this.text; return; }
    this.text = "";
    if (this.kept.value) { this.kept.value = ""; this.kept.dispatchEvent(new Event("change", { bubbles: true })); }
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
