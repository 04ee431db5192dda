// One task: what, where, how it stands, what happened, what can be done.
import { element } from "../dom.mjs";
import { gettext, ngettext } from "../i18n.mjs";
import { choices, pending } from "./local.mjs";
import * as queue from "./queue.mjs";
import * as store from "./store.mjs";
import { button, card, far, head, icon, levelText, levelTone, link, moment, said, status, term } from "./ui.mjs";
import { shownValue } from "./values.mjs";
import { follow, here, metres } from "./where.mjs";

export async function taskView(code) {
  const [task, acts, flows, person, vocabularies] = await Promise.all([store.task(code), store.acts(), store.kept("flows"), store.kept("person"), store.kept("vocabularies")]);
  if (!task) return { parts: [head(gettext("Not on this phone")), element("p", { class: "quiet", text: gettext("The case is closed, or somebody else has it now.") }), ...await left(code, acts)] };
  const flow = flows?.[task.flow];
  const now = pending(task, acts, flows);
  const distance = element("span", { class: "quiet" });
  const tell = () => { const metre = metres(here(), task); distance.textContent = metre === null ? "" : gettext("%(far)s from here", { far: far(metre) }); };
  tell();
  let stop = null;
  return {
    parts: [head(task.title), about(task, flow, now), stuck(task, acts), doing(task, acts, flows, person), place(task, distance), facts(task, flow, vocabularies), history(task, flow)].filter(Boolean),
    enter() { stop = follow(tell); },
    leave() { stop?.(); },
  };
}

function about(task, flow, now) {
  const { text, tone } = term(task.due);
  const lines = [
    [gettext("State"), element("span", {}, status(now.tone ?? "info", said(now.stateTitle)), now.waiting ? status("risk", gettext("Waiting to be handed in")) : null)],
    [gettext("Deadline"), element("span", {}, element("b", { class: `tone-${tone}`, text }), task.due ? ` ${moment(task.due)}` : "")],
    [gettext("Level"), status(levelTone(task.level), levelText(task.level))],
    [gettext("Kind of case"), flow ? said(flow.title) : ""],
    [gettext("Number"), element("a", { href: task.href, text: task.code })],
    [gettext("Handled by"), task.owner || gettext("Nobody yet")],
  ];
  const dl = element("dl", { class: "facts" });
  for (const [name, value] of lines) dl.append(element("dt", { text: name }), element("dd", {}, value));
  const asks = said(flow?.states[now.stateNow]?.about);
  return card("", asks ? element("p", { class: "asks", text: asks }) : null, dl);
}

function stuck(task, acts) {
  const found = acts.filter((act) => act.case === task.code && (act.state === "conflict" || act.state === "refused"));
  if (!found.length) return null;
  return element("p", { class: "notice notice-error", role: "status" }, gettext("Something you entered could not be handed in. "), element("a", { href: "#/sync", text: gettext("See what happened") }));
}

function doing(task, acts, flows, person) {
  const found = choices(task, acts, flows, person ?? { roles: [] });
  const list = element("ul", { class: "stack" });
  const drafts = new Map(acts.filter((act) => act.case === task.code && act.state === "draft").map((act) => [act.transition || act.action, act]));
  if (task.takeable && !acts.some((act) => act.case === task.code && act.action === "take" && act.state !== "done")) list.append(element("li", {}, button(gettext("Take this task"), "user-check", () => take(task), "primary wide")));
  for (const { transition, allowed, why_not: why } of found) {
    const address = `#/task/${encodeURIComponent(task.code)}/act/${transition.name}`;
    if (allowed) list.append(element("li", {}, link(address, said(transition.title), mark(transition.kind), `wide${["cancel", "return"].includes(transition.kind) ? "" : " primary"}`), drafts.has(transition.name) ? element("span", { class: "quiet", text: gettext("Begun: goes on where you left") }) : null));
    else if (why.length) list.append(element("li", { class: "kept-back" }, element("b", { text: said(transition.title) }), ...why.map((text) => element("span", { class: "quiet", text: said(text) }))));
  }
  if (task.commentable) list.append(element("li", {}, link(`#/task/${encodeURIComponent(task.code)}/act/-note`, gettext("Add a note or proof"), "pencil", "wide")));
  if (!list.children.length) return card(gettext("What to do"), element("p", { class: "quiet", text: gettext("Nothing is asked of you here now.") }));
  return card(gettext("What to do"), list);
}

const mark = (kind) => ({ submit: "send", close: "check", approve: "check", return: "arrow-back-up", cancel: "x" })[kind] ?? "arrow-right";

async function take(task) {
  await queue.queue({ key: store.uuid(), made: Date.now(), case: task.code, title: task.title, label: { zh: gettext("Take this task"), en: gettext("Take this task") }, action: "take", transition: "", part: "", version: task.version, values: {}, checklist: [], note: "", done: new Date().toISOString() });
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

function place(task, distance) {
  if (typeof task.lon !== "number") return task.place ? card(gettext("Place"), element("p", { text: task.place })) : null;
  const at = `${task.lat},${task.lon}`;
  const name = encodeURIComponent(task.place || task.title);
  const amap = `https://uri.amap.com/navigation?to=${task.lon},${task.lat},${name}&mode=car&coordinate=wgs84&callnative=1`;
  return card(gettext("Place"),
    element("p", { class: "place" }, element("span", { text: [task.place, said(task.district_name)].filter(Boolean).join(" · ") }), distance),
    element("p", { class: "quiet", text: `${task.lon.toFixed(5)}, ${task.lat.toFixed(5)}` }),
    element("div", { class: "row" },
      element("a", { class: "button", href: `geo:${at}?q=${at}(${name})` }, icon("navigation"), gettext("Lead me there")),
      element("a", { class: "button", href: amap, rel: "noopener noreferrer", target: "_blank" }, icon("route"), gettext("AMap"))));
}

function facts(task, flow, vocabularies) {
  const dl = element("dl", { class: "facts" });
  if (task.entry) dl.append(element("dt", { text: said(task.register_title) }), element("dd", {}, element("a", { href: task.entry_href, text: task.entry_name || task.entry })));
  for (const field of flow?.fields ?? []) {
    const text = shownValue(field, task.values[field.name], vocabularies);
    if (text) dl.append(element("dt", { text: said(field.title) }), element("dd", { text }));
  }
  return dl.children.length ? card(gettext("What is known"), dl) : null;
}

function history(task, flow) {
  if (!task.steps.length) return null;
  return card(gettext("What was done so far"), element("ol", { class: "timeline" }, ...[...task.steps].reverse().map((step) => element("li", {}, element("span", { class: "when", text: moment(step.done ?? step.at) }), element("div", {}, element("b", { text: said(step.title) }), element("p", { class: "quiet", text: [step.author, step.after ? said(flow?.states[step.after]?.title ?? step.after) : "", step.evidence ? ngettext("%(n)s piece of evidence", "%(n)s pieces of evidence", step.evidence) : ""].filter(Boolean).join(" · ") }), step.note ? element("p", { text: step.note }) : null)))));
}

async function left(code, acts) {
  return acts.some((act) => act.case === code && act.state !== "done") ? [link("#/sync", gettext("See what you entered"), "list-check")] : [];
}
