// What an analysis finds: figures drawn from the options the server gives, facts, numbers; a heavy one is started, watched and stopped here.
import * as echarts from "../../vendor/echarts/echarts.mjs";
import { element, fetchJson, state, token } from "../dom.mjs";
import { gettext } from "../i18n.mjs";

const POLL = 1500;
const NARROW = 620;
const csrf = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

export function mount(host) {
  host.result = new Result(host);
  host.result.load();
}

class Result {
  constructor(host) {
    this.host = host;
    this.body = host.querySelector(".result-body");
    this.narrow = host.clientWidth < NARROW;
    this.drawn = [];
    new ResizeObserver(() => this.drawn.forEach(({ chart }) => chart.resize())).observe(this.body);
  }

  get address() {
    return this.host.dataset.src + (this.narrow ? "&narrow=1" : "");
  }

  async load() {
    this.host.setAttribute("aria-busy", "true");
    try {
      const found = await fetchJson(this.address);
      if ("job" in found) this.job(found.job, found.species);
      else this.show(found);
    } catch (error) {
      this.failed(error.message);
    } finally {
      this.host.removeAttribute("aria-busy");
    }
  }

  failed(message) {
    this.clear(state("error", gettext("This cannot be analysed as it stands"), message));
    this.host.dataset.state = "error";
  }

  clear(...content) {
    this.drawn.forEach(({ chart }) => chart.dispose());
    this.drawn = [];
    this.body.replaceChildren(...content);
  }

  // Heavy analyses.
  job(job, listed = []) {
    this.host.dataset.state = job?.running ? "running" : "waiting";
    if (job?.running) return this.running(job);
    const start = element("button", { type: "button", class: "button primary", text: gettext("Start"), onclick: () => this.start() });
    const chosen = listed.length ? [species(listed, true, (text) => this.trust(text))] : [];
    if (job) return this.clear(state("error", gettext("The analysis was not finished"), job.problems.join(" "), start), ...chosen);
    this.clear(state("empty", gettext("This analysis takes a while"), gettext("It runs in the background: you may leave the page and come back."), start), ...chosen);
  }

  // How far species are trusted is part of the address like every other setting.
  trust(text) {
    const form = document.querySelector("form.settings");
    form.elements.categories.value = text;
    const change = (address) => {
      const url = new URL(address, location.href);
      if (text) url.searchParams.set("categories", text);
      else url.searchParams.delete("categories");
      return url.pathname + url.search;
    };
    this.host.dataset.src = change(this.host.dataset.src);
    this.host.dataset.numbers = change(this.host.dataset.numbers);
    history.replaceState(null, "", change(location.href));
    if (this.host.dataset.state === "drawn") this.load();
  }

  running(job) {
    const share = job.total ? Math.round((100 * job.done) / job.total) : 0;
    if (!this.body.querySelector("progress")) {
      const cancel = element("button", { type: "button", class: "button", text: gettext("Cancel"), onclick: () => this.cancel(job.id) });
      this.clear(state("running", gettext("Computing"), "", element("div", { class: "progress" }, element("progress", { max: "100", "aria-label": gettext("Progress") }), element("span", { class: "share" }), cancel)));
    }
    this.body.querySelector("progress").value = share;
    this.body.querySelector(".share").textContent = `${share} %`;
    setTimeout(() => this.load(), POLL);
  }

  async start() {
    const form = new URL(this.host.dataset.src, location.href).searchParams;
    await this.send(this.host.dataset.start, form);
  }

  async cancel(id) {
    this.body.querySelector("button").disabled = true;
    await this.send(this.host.dataset.cancel, new URLSearchParams({ job: id }), false);
  }

  async send(address, body, show = true) {
    try {
      const found = await fetchJson(address, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": csrf() } });
      if (show) this.job(found.job);
    } catch (error) {
      this.failed(error.message);
    }
  }

  // What was found.
  show(found) {
    const facts = element("dl", { class: "facts-line" }, ...found.facts.map((fact) => element("div", { class: fact.tone ? `fact tone-${fact.tone}` : "fact" }, element("dt", { text: fact.name }), element("dd", {}, element("span", { text: fact.value }), fact.unit ? element("span", { class: "unit", text: ` ${fact.unit}` }) : null))));
    const notes = found.notes.map((text) => element("p", { class: "notice notice-warning", text }));
    const made = found.made ? element("p", { class: "quiet", text: gettext("Computed %(time)s", { time: found.made }) }) : null;
    this.files(found.tables);
    const trusted = found.species.length ? [species(found.species, false, (text) => this.trust(text))] : [];
    this.clear(facts, ...notes, ...[made].filter(Boolean), element("div", { class: found.figures.every((figure) => figure.square) ? "figures squares" : "figures" }, ...found.figures.map((figure, at) => this.frame(figure, at))), ...trusted, numbers(found));
    found.figures.forEach((figure, at) => this.draw(figure, at));
    this.host.dataset.state = "drawn";
    this.host.dispatchEvent(new CustomEvent("bilan:analysed", { detail: found, bubbles: true }));
  }

  // Further tables join the menu of files.
  files(tables) {
    const menu = this.host.querySelector(".files .menu-body");
    menu.querySelectorAll(".more-tables").forEach((entry) => entry.remove());
    tables.forEach(({ name, title }) => {
      const links = ["csv", "xlsx", "parquet"].map((form) => element("a", { text: form.toUpperCase(), "aria-label": `${title} ${form.toUpperCase()}`, href: `${this.host.dataset.numbers}&table=${name}&form=${form}` }));
      menu.append(element("div", { class: "more-tables" }, element("span", { class: "head", text: title }), element("span", {}, ...links)));
    });
  }

  frame(figure, at) {
    const tools = element("span", { class: "chart-tools" }, element("button", { type: "button", text: "PNG", "aria-label": `PNG ${figure.title}`, onclick: () => this.png(at) }), element("button", { type: "button", text: "SVG", "aria-label": `SVG ${figure.title}`, onclick: () => this.svg(at) }));
    return element("figure", { class: "chart analysis-figure" },
      element("figcaption", {}, element("span", {}, element("span", { class: "figure-title", text: figure.title }), figure.note ? element("span", { class: "chart-note", text: figure.note }) : null), tools),
      element("div", { class: "scroll-x", tabindex: figure.wide ? "0" : null, role: figure.wide ? "group" : null, "aria-label": figure.wide ? figure.title : null }, element("div", { class: figure.wide ? "canvas wide" : "canvas", style: `height:${figure.height}px`, role: "img", "aria-label": figure.title })));
  }

  draw(figure, at) {
    const canvas = this.body.querySelectorAll(".canvas")[at];
    const chart = echarts.init(canvas, null, { renderer: "canvas" });
    const option = { ...figure.option, textStyle: { ...figure.option.textStyle, fontFamily: getComputedStyle(document.body).fontFamily } };
    chart.setOption(option);
    canvas.dataset.drawn = "1";
    this.drawn.push({ chart, option, figure });
  }

  png(at) {
    const { chart, figure } = this.drawn[at];
    save(chart.getDataURL({ pixelRatio: 2, backgroundColor: token("card") }), `${this.name(figure)}.png`);
  }

  svg(at) {
    const { chart, option, figure } = this.drawn[at];
    const host = element("div", { style: `width:${chart.getWidth()}px;height:${chart.getHeight()}px;position:absolute;left:-9999px` });
    document.body.append(host);
    const copy = echarts.init(host, null, { renderer: "svg" });
    copy.setOption(option);
    const address = URL.createObjectURL(new Blob([copy.renderToSVGString()], { type: "image/svg+xml" }));
    copy.dispose();
    host.remove();
    save(address, `${this.name(figure)}.svg`);
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  }

  name(figure) {
    return `${figure.title} ${this.host.dataset.title}`.replace(/[\\/:*?"<>|]+/g, "-");
  }
}

function save(href, download) {
  element("a", { href, download }).click();
}

// Species with their signal to noise, and how far the analyst trusts each.
function species(listed, open, changed) {
  const words = { strong: gettext("strong"), weak: gettext("weak (uncertainty × 3)"), bad: gettext("left out") };
  const selects = listed.map((entry) => element("select", { "aria-label": entry.text, onchange: () => changed(written()) },
    element("option", { value: "", text: gettext("as signal to noise says: %(category)s", { category: words[entry.usual] }), selected: entry.chosen ? null : "" }),
    ...Object.entries(words).map(([value, text]) => element("option", { value, text, selected: entry.chosen === value ? "" : null }))));
  const written = () => listed.map((entry, at) => (selects[at].value ? `${encodeURIComponent(entry.name)}:${selects[at].value}` : "")).filter(Boolean).join(",");
  const heads = [gettext("Species"), gettext("Signal to noise"), gettext("Filled values"), gettext("Trust")];
  const head = element("tr", {}, ...heads.map((text, at) => element("th", { scope: "col", text, class: at === 1 || at === 2 ? "numeric" : null })));
  const rows = listed.map((entry, at) => element("tr", {}, element("td", { text: entry.text }), element("td", { class: "numeric", text: entry.ratio }), element("td", { class: "numeric", text: String(entry.filled) }), element("td", {}, selects[at])));
  return element("details", { class: "species", open: open ? "" : null }, element("summary", { text: gettext("Species and how far they are trusted") }),
    element("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": gettext("Species and how far they are trusted") }, element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows))));
}

function numbers(found) {
  const note = found.total > found.rows.length ? element("p", { class: "quiet", text: gettext("The first %(shown)s of %(total)s rows; files have all.", { shown: found.rows.length, total: found.total }) }) : null;
  const cell = (name, text, at) => element(name, { text, class: found.heads[at].numeric ? "numeric" : null, scope: name === "th" ? "col" : null });
  return element("details", { class: "numbers" }, element("summary", { text: gettext("Numbers") }),
    element("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": gettext("Numbers") },
      element("table", {}, element("thead", {}, element("tr", {}, ...found.heads.map((head, at) => cell("th", head.title, at)))),
        element("tbody", {}, ...found.rows.map((row) => element("tr", {}, ...row.map((text, at) => cell("td", text, at))))))), note);
}
