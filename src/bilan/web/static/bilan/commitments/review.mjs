// The text of a plan and its commitments side by side: a click on either side finds the other, keys walk and confirm.
import { gettext } from "../i18n.mjs";

const HIGHLIGHT = "bilan-words";

export function mount(root) {
  const review = new Review(root);
  root.addEventListener("click", (event) => review.clicked(event));
  root.addEventListener("submit", (event) => review.submitted(event));
  root.addEventListener("change", (event) => review.changed(event));
  root.addEventListener("pointerover", (event) => review.hovered(event));
  document.addEventListener("keydown", (event) => review.pressed(event));
  document.addEventListener("selectionchange", () => review.selecting());
  document.addEventListener("htmx:after:swap", () => review.listed());
  review.listed();
  if (root.dataset.at) review.open(Number(root.dataset.at));
}

class Review {
  constructor(root) {
    this.root = root;
    this.text = root.querySelector("[data-document]");
    this.selected = root.querySelector("[data-selected]");
    this.at = null;
  }

  line(number) { return this.root.querySelector(`#c${number}`); }
  lines() { return [...this.root.querySelectorAll("[data-lines] > li")]; }
  marks(number) { return [...this.text.querySelectorAll(`mark[data-c~="${number}"]`)]; }

  // After the list was filtered: what it does not hold is pale in the text, and what was open stays open.
  listed() {
    const held = new Set(this.lines().map((line) => line.dataset.number));
    const all = held.size === Number(this.root.querySelector("[data-total]")?.textContent ?? 0);
    for (const mark of this.text.querySelectorAll("mark")) {
      mark.classList.toggle("pale", !all && !mark.dataset.c.split(" ").some((number) => held.has(number)));
    }
    if (this.at && this.line(this.at)) this.open(this.at, { quiet: true });
  }

  async open(number, { quiet = false, from = "" } = {}) {
    const line = this.line(number);
    for (const other of this.root.querySelectorAll("li.at")) if (other !== line) { other.classList.remove("at"); other.querySelector(".detail").replaceChildren(); }
    for (const mark of this.text.querySelectorAll("mark.at")) mark.classList.remove("at");
    this.at = number;
    const marks = this.marks(number);
    for (const mark of marks) mark.classList.add("at");
    if (!quiet && from !== "text") within(this.text, marks[0] ?? (line && this.text.querySelector(`#b${line.dataset.block}`)), "center");
    if (!line) return;
    line.classList.add("at");
    line.querySelector("[data-open]").setAttribute("aria-expanded", "true");
    if (!quiet) line.querySelector("[data-open]").focus({ preventScroll: true });
    within(this.root.querySelector("[data-lines]"), line, "nearest");
    if (!line.querySelector(".detail").children.length) await this.fetch(number);
  }

  async fetch(number) {
    const line = this.line(number);
    line.setAttribute("aria-busy", "true");
    const answer = await ask(`${this.root.dataset.base}/commitments/${number}`).catch((error) => ({ error: error.message }));
    line.removeAttribute("aria-busy");
    if (this.at !== number) return;
    if (answer.error) return this.say(answer.error, true);
    this.fill(line, answer.detail);
    within(this.root.querySelector("[data-lines]"), line, "nearest");
  }

  fill(line, html) {
    const detail = line.querySelector(".detail");
    detail.replaceChildren(document.createRange().createContextualFragment(html));
    document.dispatchEvent(new CustomEvent("bilan:filled"));
  }

  clicked(event) {
    const pane = event.target.closest("[data-pane]");
    if (pane) return this.show(pane.dataset.pane);
    const quick = event.target.closest("[data-quick]");
    if (quick) return this.act(Number(quick.closest("li").dataset.number), { do: "confirm" });
    const link = event.target.closest("a[data-open]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const number = Number(link.closest("li").dataset.number);
      if (this.at === number && link.closest("li").classList.contains("at") && event.detail) return this.close();
      return this.open(number);
    }
    const proposal = event.target.closest("[data-propose]");
    if (proposal) {
      const form = proposal.closest("form");
      form.elements.indicator.value = proposal.dataset.propose;
      return form.requestSubmit(form.querySelector("[value=link]"));
    }
    if (event.target.closest("[data-sentence]")) return this.show("text");
    const mark = event.target.closest("mark");
    if (mark && getSelection().isCollapsed) return this.fromText(mark);
  }

  // Where several commitments lie under a mark, each further click opens the next one.
  fromText(mark) {
    const numbers = mark.dataset.c.split(" ").map(Number).filter((number) => this.line(number));
    if (!numbers.length) return this.say(gettext("The filter hides this commitment."));
    const next = numbers[(numbers.indexOf(this.at) + 1) % numbers.length];
    this.show("list");
    this.open(next, { from: "text" });
  }

  close() {
    const line = this.line(this.at);
    line?.classList.remove("at");
    line?.querySelector(".detail").replaceChildren();
    line?.querySelector("[data-open]").setAttribute("aria-expanded", "false");
    for (const mark of this.text.querySelectorAll("mark.at")) mark.classList.remove("at");
    this.at = null;
  }

  show(pane) {
    this.root.dataset.show = pane;
    for (const button of this.root.querySelectorAll("[data-pane]")) button.setAttribute("aria-pressed", String(button.dataset.pane === pane));
    if (pane === "text") within(this.text, this.marks(this.at)[0], "center");
    else within(this.root.querySelector("[data-lines]"), this.line(this.at), "nearest");
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog, summary, [contenteditable]")) return;
    const onLine = !event.target.closest("a, button") || event.target.matches("[data-open]");
    if (event.key === "j") this.move(1);
    else if (event.key === "k") this.move(-1);
    else if (!this.root.hasAttribute("data-edits") || !this.at || !onLine) return;
    else if (event.key === "Enter") this.act(this.at, { do: "confirm" }, { onward: true });
    else if (event.key === "x") this.act(this.at, { do: "reject" }, { onward: true });
    else return;
    event.preventDefault();
  }

  move(step) {
    const lines = this.lines();
    const now = lines.findIndex((line) => Number(line.dataset.number) === this.at);
    const next = lines[now < 0 ? (step > 0 ? 0 : lines.length - 1) : now + step];
    if (next) this.open(Number(next.dataset.number));
  }

  submitted(event) {
    const form = event.target.closest("form[data-act]");
    if (!form) return;
    event.preventDefault();
    const sent = new FormData(form, event.submitter);
    this.act(Number(form.closest("li").dataset.number), Object.fromEntries(sent), { form: sent });
  }

  async act(number, values, { onward = false, form = null } = {}) {
    const line = this.line(number);
    const sent = form ?? new FormData(this.root.querySelector("[data-token]"));
    if (!form) { sent.set("version", line.dataset.version); for (const [name, value] of Object.entries(values)) sent.set(name, value); }
    line.setAttribute("aria-busy", "true");
    const answer = await ask(`${this.root.dataset.base}/commitments/${number}`, { method: "POST", body: sent }).catch((error) => ({ error: error.message }));
    this.line(number)?.removeAttribute("aria-busy");
    if (answer.go) return location.assign(answer.go);
    for (const [other, html] of Object.entries(answer.others ?? {})) this.line(other)?.replaceWith(document.createRange().createContextualFragment(html));
    if (answer.line) this.replace(number, answer);
    this.say(answer.error ?? answer.message, Boolean(answer.error));
    if (!answer.error && onward) this.move(1);
  }

  replace(number, answer) {
    const old = this.line(number);
    const fresh = document.createRange().createContextualFragment(answer.line).firstElementChild;
    old.replaceWith(fresh);
    if (this.at === number) {
      fresh.classList.add("at");
      this.fill(fresh, answer.detail);
      fresh.querySelector("[data-open]").focus({ preventScroll: true });
    }
    for (const mark of this.marks(number)) {
      mark.className = this.stateOf(mark);
      if (this.at === number) mark.classList.add("at");
    }
    this.root.querySelector("[data-done]").textContent = answer.done;
    this.root.querySelector("[data-total]").textContent = answer.total;
    this.root.querySelector("[data-share]").style.width = `${answer.total ? (100 * answer.done) / answer.total : 0}%`;
  }

  stateOf(mark) {
    const known = mark.dataset.c.split(" ").map((number) => this.line(number)?.dataset.state).filter(Boolean);
    if (known.includes("open")) return "open";
    return known.length && known.every((state) => state === "rejected") ? "rejected" : "done";
  }

  changed(event) {
    if (!event.target.matches("[data-jump]") || !event.target.value) return;
    within(this.text, this.text.querySelector(`#b${event.target.value}`), "start");
  }

  // The words a field was read from light up within the sentence.
  hovered(event) {
    if (!window.CSS?.highlights) return;
    const row = event.target.closest("[data-words]");
    const marks = row ? this.marks(this.at) : [];
    const range = row && wordsIn(marks, row.dataset.words);
    if (range) CSS.highlights.set(HIGHLIGHT, new Highlight(range));
    else CSS.highlights.delete(HIGHLIGHT);
  }

  // Words chosen within one block can be added; the place is counted in characters of the block, not in code units.
  selecting() {
    if (!this.selected) return;
    const selection = getSelection();
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const block = range && this.text.contains(range.startContainer) && closest(range.startContainer, ".b");
    const place = block && placeIn(block, range);
    this.selected.hidden = !place;
    if (!place) return;
    this.selected.elements.block.value = block.dataset.block;
    this.selected.elements.begin.value = place[0];
    this.selected.elements.finish.value = place[1];
    const box = range.getBoundingClientRect();
    const around = this.selected.parentElement.getBoundingClientRect();
    this.selected.style.insetBlockStart = `${Math.max(0, Math.min(box.bottom, around.bottom - 48) - around.top + 4)}px`;
  }

  say(text, wrong = false) {
    const place = this.root.querySelector("[data-said]");
    place.textContent = text ?? "";
    place.classList.toggle("wrong", wrong);
    clearTimeout(this.saying);
    if (!wrong) this.saying = setTimeout(() => { place.textContent = ""; }, 4000);
  }
}

// JSON of our own server; what it refuses comes as `error`, with what stands there now when somebody else was faster.
async function ask(address, options = {}) {
  const response = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin", ...options });
  if (response.status === 401) { location.reload(); return {}; }
  const body = await response.json().catch(() => null);
  return body ?? { error: gettext("The data could not be loaded") };
}

// Bring an element into view within its own scroller, and never the page with it, unless the scroller does not scroll.
function within(scroller, element, block) {
  if (!element) return;
  if (scroller.scrollHeight <= scroller.clientHeight + 1) { if (element.offsetParent) element.scrollIntoView({ block: "nearest" }); return; }
  const box = element.getBoundingClientRect();
  const around = scroller.getBoundingClientRect();
  const inside = box.top >= around.top && box.bottom <= around.bottom;
  if (block === "nearest" && inside) return;
  const above = box.top - around.top;
  if (block === "center") scroller.scrollTop += above - (scroller.clientHeight - Math.min(box.height, scroller.clientHeight)) / 2;
  else if (block === "start" || above < 0 || box.height > scroller.clientHeight) scroller.scrollTop += above;
  else scroller.scrollTop += box.bottom - around.bottom;
}

function closest(node, selector) {
  return (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(selector) ?? null;
}

// Begin and end of a range within a block [characters]; what goes beyond the block is cut off.
function placeIn(block, range) {
  const before = document.createRange();
  before.selectNodeContents(block);
  before.setEnd(range.startContainer, range.startOffset);
  const begin = length(before.toString());
  const chosen = document.createRange();
  chosen.selectNodeContents(block);
  chosen.setStart(range.startContainer, range.startOffset);
  if (block.contains(range.endContainer)) chosen.setEnd(range.endContainer, range.endOffset);
  const finish = begin + length(chosen.toString());
  return finish > begin ? [begin, finish] : null;
}

function length(text) { return [...text].length; }

// The range of words within some marks that follow each other; null where they do not stand as they are.
function wordsIn(marks, words) {
  const nodes = marks.flatMap((mark) => [...mark.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE));
  const start = nodes.map((node) => node.data).join("").indexOf(words);
  if (!words || start < 0) return null;
  const range = document.createRange();
  let passed = 0;
  for (const node of nodes) {
    const end = passed + node.data.length;
    if (start >= passed && start < end) range.setStart(node, start - passed);
    if (start + words.length > passed && start + words.length <= end) { range.setEnd(node, start + words.length - passed); return range; }
    passed = end;
  }
  return null;
}
