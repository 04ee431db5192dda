// What waits on the phone, what was handed in, and what could not be: shown with what happened meanwhile.
import { element } from "../dom.mjs";
import { gettext, ngettext } from "../i18n.mjs";
import { logOut } from "./person.mjs";
import * as queue from "./queue.mjs";
import * as store from "./store.mjs";
import { button, bytes, card, confirm, head, icon, moment, said, status } from "./ui.mjs";

const again = () => window.dispatchEvent(new HashChangeEvent("hashchange"));

export async function outbox() {
  const [acts, pulled, flows] = await Promise.all([store.acts(), store.kept("pulled"), store.kept("flows")]);
  const files = new Map(await Promise.all(acts.map(async (act) => [act.key, await store.proofs(act.key)])));
  const of = (...states) => acts.filter((act) => states.includes(act.state));
  const stuck = await Promise.all(of("conflict", "refused").map((act) => problem(act, files.get(act.key), flows)));
  const rows = (found) => element("ul", { class: "acts" }, ...found.map((act) => row(act, files.get(act.key), acts)));
  const parts = [
    head(gettext("Handing in"), ""),
    top(pulled),
    ...stuck,
    of("queued", "sending").length ? card(gettext("To be handed in"), rows(of("queued", "sending"))) : null,
    of("draft").length ? card(gettext("Drafts"), rows(of("draft"))) : null,
    of("done").length ? card(gettext("Handed in"), rows(of("done").reverse())) : null,
    await bottom(),
  ];
  return { parts: parts.filter(Boolean) };
}

function top(pulled) {
  const { login, offline } = queue.now;
  const lines = [element("p", { class: "quiet", text: pulled ? gettext("Tasks as of %(moment)s", { moment: moment(new Date(pulled).toISOString()) }) : gettext("Nothing fetched yet") })];
  if (login) lines.push(element("p", { class: "notice notice-warning" }, gettext("Your session is over. What you entered stays here and is handed in after you log in. "), element("a", { class: "button primary", href: `${document.body.dataset.login}?next=/field`, text: gettext("Log in") })));
  else if (offline) lines.push(element("p", { class: "notice", text: gettext("No connection. Everything works on; it is handed in by itself later.") }));
  lines.push(button(gettext("Hand in and fetch now"), "refresh", async () => { await queue.sync({ pull: true }); again(); }, "primary wide"));
  return card("", ...lines);
}

const WORD = () => ({ queued: ["risk", gettext("To be handed in")], sending: ["info", gettext("Being sent")], draft: ["quiet", gettext("Draft")], done: ["ok", gettext("Handed in")], conflict: ["bad", gettext("Changed meanwhile")], refused: ["bad", gettext("Not accepted")] });

function row(act, files, acts) {
  const [tone, word] = WORD()[act.state];
  const count = act.files ?? files.length;
  const gone = files.filter((proof) => proof.sent).length;
  const sent = count ? (act.state === "done" ? ngettext("%(n)s file", "%(n)s files", count) : gettext("%(n)s of %(all)s files sent", { n: gone, all: count })) : "";
  const wait = act.state === "queued" && queue.held(act, acts) ? gettext("waits for the entry before it") : "";
  const to = act.state === "draft" ? `#/task/${encodeURIComponent(act.case)}/act/${act.transition || "-note"}` : `#/task/${encodeURIComponent(act.case)}`;
  return element("li", { "data-act": act.key, "data-state": act.state }, element("a", { href: to }, element("b", { text: said(act.label) }), element("span", { text: act.title }), element("span", { class: "task-facts" }, status(tone, word), element("span", { class: "quiet", text: [moment(act.done ?? new Date(act.made).toISOString()), sent, wait].filter(Boolean).join(" · ") }))));
}

// Somebody moved the case meanwhile, or the platform does not accept it: nothing is lost, the person decides.
async function problem(act, files, flows) {
  const conflict = act.state === "conflict";
  const task = await store.task(act.case) ?? act.answer?.task;
  const flow = flows?.[task?.flow ?? act.answer?.flow];
  const can = act.action === "move" && task?.choices.some((choice) => choice.transition === act.transition && choice.allowed);
  const happened = (act.answer?.steps ?? []).map((step) => element("li", {}, element("span", { class: "when", text: moment(step.at) }), element("div", {}, element("b", { text: `${step.author} · ${said(step.title)}` }), step.after ? element("p", { class: "quiet", text: said(flow?.states[step.after]?.title ?? step.after) }) : null, step.note ? element("p", { text: step.note }) : null)));
  const choices = [
    can || act.action !== "move" ? button(act.action === "move" ? gettext("Look through it and hand in again") : gettext("Try again"), "arrow-right", () => redo(act, task), "primary wide") : null,
    act.action === "move" && task?.commentable ? button(gettext("Hand it in as a note with its evidence"), "send", () => asNote(act, task), "wide") : null,
    button(gettext("Throw it away"), "trash", () => discard(act), "danger wide"),
  ];
  return element("section", { class: "card problem", "data-act": act.key, "data-state": act.state },
    element("h2", {}, icon("alert-triangle"), conflict ? gettext("The case was moved meanwhile") : gettext("The platform did not accept this")),
    element("p", {}, element("b", { text: said(act.label) }), ` · ${act.title}`),
    happened.length ? element("ol", { class: "timeline" }, ...happened) : null,
    conflict ? element("p", { text: gettext("It stands now at: %(state)s", { state: said(act.answer?.state_title ?? "") }) }) : null,
    act.problems?.length ? element("ul", { class: "dots" }, ...act.problems.map((text) => element("li", { text: said(text) }))) : null,
    element("details", {}, element("summary", { text: gettext("What you entered") }), element("p", { text: act.note }), element("pre", { class: "quiet", text: entered(act, flow) }), element("p", { class: "quiet", text: ngettext("%(n)s file", "%(n)s files", files.length) })),
    element("div", { class: "stack" }, ...choices.filter(Boolean)));
}

function entered(act, flow) {
  const names = new Map((flow?.transitions.find((entry) => entry.name === act.transition)?.fields ?? []).map((field) => [field.name, said(field.title)]));
  return Object.entries(act.values).filter(([, value]) => value !== null && value !== "").map(([name, value]) => `${names.get(name) ?? name}: ${typeof value === "object" ? JSON.stringify(value) : value}`).join("\n");
}

async function redo(act, task) {
  if (act.action !== "move") { await queue.queue({ ...act, version: task?.version ?? act.version }); again(); return; }
  await store.saveAct({ ...act, state: "draft", version: task.version, after: null });
  location.hash = `#/task/${encodeURIComponent(act.case)}/act/${act.transition}`;
}

async function asNote(act, task) {
  const flows = await store.kept("flows");
  const text = [`${said(act.label)}`, act.note, entered(act, flows?.[task.flow])].filter(Boolean).join("\n");
  await queue.queue({ ...act, action: "comment", transition: "", part: "", values: {}, checklist: [], note: text, version: task.version });
  again();
}

async function discard(act) {
  if (!await confirm(gettext("Throw it away?"), gettext("What you entered and its files are deleted from the phone."), gettext("Throw away"))) return;
  await store.dropAct(act.key);
  queue.tell();
  again();
  queue.sync();
}

async function bottom() {
  const estimate = await navigator.storage?.estimate?.().catch(() => null);
  const used = estimate?.usage ? gettext("%(size)s used on this phone", { size: bytes(estimate.usage) }) : "";
  return card(document.body.dataset.name, element("p", { class: "quiet", text: used }), element("div", { class: "row" }, element("a", { class: "button", href: "/" }, icon("device-desktop"), gettext("The whole site")), button(gettext("Log out"), "logout", logOut)));
}
