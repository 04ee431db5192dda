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
      if ("job" in found) this.job(found.job);
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
  job(job) {
    this.host.dataset.state = job?.running ? "running" : "waiting";
    if (job?.running) return this.running(job);
    const start = element("button", { type: "button", class: "button primary", text: gettext("Start"), onclick: () => this.start() });
    if (job) return this.clear(state("error", gettext("The analysis was not finished"), job.problems.join(" "), start));
    this.clear(state("empty", gettext("This analysis takes a while"), gettext("It runs in the background: you may leave the page and come back."), start));
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
    this.clear(facts, ...notes, ...[made].filter(Boolean), element("div", { class: found.figures.every((figure) => figure.square) ? "figures squares" : "figures" }, ...found.figures.map((figure, at) => this.frame(figure, at))), numbers(found));
    found.figures.forEach((figure, at) => this.draw(figure, at));
    this.host.dataset.state = "drawn";
    this.host.dispatchEvent(new CustomEvent("bilan:analysed", { detail: found, bubbles: true }));
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

function numbers(found) {
  const note = found.total > found.rows.length ? element("p", { class: "quiet", text: gettext("The first %(shown)s of %(total)s rows; files have all.", { shown: found.rows.length, total: found.total }) }) : null;
  const cell = (name, text, at) => element(name, { text, class: found.heads[at].numeric ? "numeric" : null, scope: name === "th" ? "col" : null });
  return element("details", { class: "numbers" }, element("summary", { text: gettext("Numbers") }),
    element("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": gettext("Numbers") },
      element("table", {}, element("thead", {}, element("tr", {}, ...found.heads.map((head, at) => cell("th", head.title, at)))),
        element("tbody", {}, ...found.rows.map((row) => element("tr", {}, ...row.map((text, at) => cell("td", text, at))))))), note);
}
