// My tasks, by deadline or by how far they are.
import { element } from "../dom.mjs";
import { gettext, ngettext } from "../i18n.mjs";
import { pending } from "./local.mjs";
import * as queue from "./queue.mjs";
import * as store from "./store.mjs";
import { far, head, icon, levelText, levelTone, moment, said, status, term } from "./ui.mjs";
import { follow, here, metres, refused } from "./where.mjs";

let order = "due";
let kind = "all";

export async function taskList() {
  const [all, acts, flows] = await Promise.all([store.tasks(), store.acts(), store.kept("flows")]);
  const list = element("ol", { class: "tasks" });
  const shown = all.map((task) => ({ ...task, ...pending(task, acts, flows) }));
  const draw = () => list.replaceChildren(...sorted(shown.filter(chosen)).map((task) => row(task)));
  draw();
  const count = element("p", { class: "quiet count", text: ngettext("%(n)s task", "%(n)s tasks", all.length) });
  const parts = [head(gettext("My tasks"), ""), notices(), filters(shown, draw), count, all.length ? list : nothing()];
  let stop = null;
  return { parts: parts.filter(Boolean), enter() { stop = follow(draw); }, leave() { stop?.(); } };
}

function notices() {
  if (!window.isSecureContext) return element("p", { class: "notice notice-warning", text: gettext("This address is not secure (https): working offline, the camera and the place are not available.") });
  return refused ? element("p", { class: "notice notice-warning", text: gettext("The place is not shared: allow it in the browser's settings to sort by distance and to prove where photos were taken.") }) : null;
}

const chosen = (task) => kind === "all" || (kind === "own" ? task.own : !task.own);

function filters(shown, draw) {
  const own = shown.filter((task) => task.own).length;
  const set = (name, value, choices, take) => {
    const group = element("div", { class: "segments", role: "group", "aria-label": name });
    const buttons = choices.map(([code, text]) => element("button", { type: "button", "aria-pressed": String(code === value), onclick() { take(code); for (const entry of buttons) entry.setAttribute("aria-pressed", String(entry === this)); draw(); }, text }));
    group.append(...buttons);
    return group;
  };
  return element("div", { class: "filters" },
    set(gettext("Whose"), kind, [["all", gettext("All")], ["own", `${gettext("Mine")} ${own}`], ["open", `${gettext("Not taken yet")} ${shown.length - own}`]], (code) => { kind = code; }),
    set(gettext("Order of the list"), order, [["due", gettext("By deadline")], ["near", gettext("Nearest first")]], (code) => { order = code; }));
}

function sorted(shown) {
  const place = here();
  const far = (task) => metres(place, task) ?? Infinity;
  const due = (task) => (task.due ? new Date(task.due).getTime() : Infinity);
  const by = order === "near" ? [far, due] : [due, far];
  return [...shown].sort((a, b) => compare(by[0](a), by[0](b)) || compare(by[1](a), by[1](b)) || a.code.localeCompare(b.code));
}

const compare = (a, b) => (a === b ? 0 : a < b ? -1 : 1);

function row(task) {
  const { text, tone } = term(task.due);
  const distance = far(metres(here(), task));
  return element("li", { class: `task edge-${tone}` }, element("a", { href: `#/task/${encodeURIComponent(task.code)}` },
    element("span", { class: "task-title", text: task.title }),
    element("span", { class: "task-facts" }, status(levelTone(task.level), levelText(task.level)), element("span", { text: said(task.stateTitle) }), task.waiting ? status("risk", gettext("Waiting to be handed in")) : null, task.own ? null : status("quiet", gettext("Not taken yet"))),
    element("span", { class: "task-facts" }, element("b", { class: `tone-${tone}`, text }), task.due ? element("span", { class: "quiet", text: moment(task.due) }) : null, distance ? element("span", { class: "far" }, icon("map-pin"), distance) : null)));
}

function nothing() {
  const [title, text] = queue.now.pulled
    ? [gettext("Nothing to do"), gettext("No case waits for you. New ones come here by themselves.")]
    : [gettext("Nothing on this phone yet"), gettext("Your tasks come as soon as there is a connection.")];
  return element("div", { class: "state state-empty" }, icon("inbox"), element("b", { text: title }), element("p", { class: "quiet", text }));
}
