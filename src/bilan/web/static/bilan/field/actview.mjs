// Doing one thing on a case: fields, checklist, evidence, note; every change is kept at once, handing in works without a net.
import { element } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { condition } from "../registers/expressions.mjs";
import { answers, checklistBlock } from "./checklist.mjs";
import { choices, known } from "./local.mjs";
import { freeProofs, proofBlock, proofCount } from "./proofs.mjs";
import * as queue from "./queue.mjs";
import * as store from "./store.mjs";
import { button, card, confirm, head, said } from "./ui.mjs";
import { control, ENTERED, filled } from "./values.mjs";
import { fix, here } from "./where.mjs";

const NOTE = "-note";

export async function actView(code, name) {
  const [task, acts, flows, person, vocabularies] = await Promise.all([store.task(code), store.acts(), store.kept("flows"), store.kept("person"), store.kept("vocabularies")]);
  const back = `#/task/${encodeURIComponent(code)}`;
  const draft = acts.find((act) => act.case === code && act.state === "draft" && (act.transition || NOTE) === name);
  const choice = name === NOTE ? { transition: NOTED, part: "" } : task && choices(task, acts, flows, person ?? { roles: [] }).find((entry) => entry.transition.name === name);
  const transition = choice?.transition ?? flows?.[task?.flow]?.transitions.find((entry) => entry.name === name);
  if (!task || !transition || (!choice && !draft)) return { parts: [head(gettext("This cannot be done now"), back), element("p", { class: "quiet", text: gettext("The case stands elsewhere now, or somebody else has it.") })] };
  const act = draft ?? begun(task, transition, choice, name);
  const form = new Form(task, transition, flows[task.flow], act, vocabularies, back);
  return { parts: await form.parts(), busy: () => true, leave: () => form.leave() };
}

const both = (text) => ({ zh: text, en: text });
const NOTED = { name: NOTE, title: both(gettext("Add a note or proof")), about: {}, kind: "note", fields: [], evidence: [], checklist: "", note: true };

function begun(task, transition, choice, name) {
  return { key: store.uuid(), made: Date.now(), case: task.code, title: task.title, label: transition.title, action: name === NOTE ? "comment" : "move", transition: name === NOTE ? "" : name, part: choice.part ?? "", version: task.version, values: defaults(transition, task), checklist: [], note: "", state: "draft", problems: [] };
}

const defaults = (transition, task) => Object.fromEntries(transition.fields.filter((field) => filled(task.values[field.name]) || filled(field.default)).map((field) => [field.name, task.values[field.name] ?? field.default]));

class Form {
  constructor(task, transition, flow, act, vocabularies, back) {
    Object.assign(this, { task, transition, flow, act, vocabularies, back });
    this.list = flow?.checklists[transition.checklist];
    this.rules = [];
    this.urls = new Set();
    this.sending = false;
  }

  // Everything typed is on the phone before the next thing can happen.
  change() {
    this.saving = (this.saving ?? Promise.resolve()).then(() => (this.sending ? null : store.saveAct(this.act)));
    this.settle();
    this.retell();
    return this.saving;
  }

  async parts() {
    const { transition, act } = this;
    this.told = element("div", { class: "notice notice-error", tabindex: "-1", role: "alert", hidden: true });
    const fields = transition.fields.map((field) => this.field(field));
    const checklist = this.list ? checklistBlock(this.list, act, this) : null;
    const needs = await Promise.all(transition.evidence.map((need) => proofBlock(need, this)));
    const free = await freeProofs(this);
    const note = this.note();
    this.settle();
    if (act.problems?.length) this.tell(act.problems.map(said));
    return [
      head(said(transition.title), this.back),
      element("p", { class: "quiet", text: this.task.title }),
      said(transition.about) ? element("p", { class: "asks", text: said(transition.about) }) : null,
      this.told,
      fields.length ? card(gettext("To fill in"), ...fields) : null,
      checklist,
      needs.length ? card(gettext("Evidence that is asked for"), ...needs) : null,
      card(gettext("Note and further evidence"), note, free),
      this.foot(),
    ].filter(Boolean);
  }

  field(field) {
    const id = `f-${field.name}`;
    const grouped = field.many || ["period", "person"].includes(field.type);
    const must = element("span", { class: "must", text: ` * ${gettext("(required)")}`, hidden: true });
    const label = element(grouped ? "span" : "label", grouped ? { class: "label", id: `${id}-label` } : { for: id }, said(field.title), field.unit ? element("span", { class: "unit", text: ` ${field.unit}` }) : null, must);
    const box = ENTERED.has(field.type)
      ? control(field, this.act.values[field.name], this.vocabularies, (value) => { this.act.values[field.name] = value; this.change(); }, id)
      : element("p", { class: "quiet", text: gettext("This is filled in at the desk.") });
    if (grouped) box.setAttribute("aria-labelledby", `${id}-label`);
    const block = element("div", { class: "field" }, label, box, element("p", { class: "quiet help", id: `${id}-help`, text: said(field.help) }));
    const visible = field.visible ? condition(field.visible) : () => true;
    const required = typeof field.required === "string" ? condition(field.required, false) : () => Boolean(field.required);
    this.rules.push((values) => {
      block.hidden = !visible(values);
      must.hidden = !required(values);
      if (!grouped) box.setAttribute("aria-required", String(!must.hidden));
    });
    field.missing = (values) => visible(values) && required(values) && !filled(this.act.values[field.name]);
    return block;
  }

  note() {
    const box = element("textarea", { id: "f-note", rows: 3, oninput: () => { this.act.note = box.value; this.change(); } });
    box.value = this.act.note;
    return element("div", { class: "field" }, element("label", { for: "f-note" }, gettext("Note"), this.transition.note ? element("span", { class: "must", text: ` * ${gettext("(required)")}` }) : null), box);
  }

  values() { return known(this.task, { ...this.act.values, ...Object.fromEntries(this.act.checklist.map((entry) => [entry.item, entry.answer])) }); }

  settle() { const values = this.values(); for (const rule of this.rules) rule(values); }

  // What is still missing, in words.
  async missing() {
    const values = this.values();
    const found = this.transition.fields.filter((field) => field.missing(values)).map((field) => gettext("%(name)s is missing", { name: said(field.title) }));
    const count = await proofCount(this.act);
    if (this.list) found.push(...answers(this.list, this.act, values, count));
    for (const need of this.transition.evidence) {
      const wanted = need.when && !condition(need.when)(values) ? 0 : need.least;
      const loose = this.task.loose[need.name] ?? 0;
      if ((count[need.name] ?? 0) + loose < wanted) found.push(gettext("%(name)s: %(n)s needed, %(have)s there", { name: said(need.title), n: wanted, have: (count[need.name] ?? 0) + loose }));
    }
    if (this.transition.note && !this.act.note.trim() && !(this.act.action === "comment" && Object.values(count).some(Boolean))) found.push(gettext("Write a note"));
    return found;
  }

  // What was told as missing goes away as it is filled in.
  async retell() { if (!this.told.hidden && !this.act.problems?.length) this.tell(await this.missing()); }

  tell(lines) {
    this.told.replaceChildren(element("b", { text: gettext("Not yet:") }), element("ul", {}, ...lines.map((text) => element("li", { text }))));
    this.told.hidden = !lines.length;
  }

  foot() {
    this.send = button(gettext("Hand in"), "send", () => this.submit(), "primary wide");
    return element("div", { class: "foot" }, this.send, element("p", { class: "quiet", text: gettext("Works without a net: it is sent as soon as there is one.") }), button(gettext("Throw this draft away"), "trash", () => this.discard(), "link"));
  }

  async submit() {
    await this.saving;
    this.act.problems = [];
    const missing = await this.missing();
    this.tell(missing);
    if (missing.length) { this.told.focus(); this.told.scrollIntoView({ block: "center" }); return; }
    this.send.disabled = true;
    const place = here() ?? await fix(4000);
    this.sending = true;
    await queue.queue({ ...this.act, done: new Date().toISOString(), lon: place?.lon ?? null, lat: place?.lat ?? null, accuracy: place?.accuracy ?? null });
    location.hash = this.back;
  }

  async discard() {
    if (!await confirm(gettext("Throw this draft away?"), gettext("What you filled in and the photos of this draft are deleted from the phone."), gettext("Throw away"))) return;
    this.sending = true;
    await store.dropAct(this.act.key);
    location.hash = this.back;
  }

  // Shows a file of the phone as a picture for as long as the form stands.
  url(blob) { const made = URL.createObjectURL(blob); this.urls.add(made); return made; }

  leave() { for (const url of this.urls) URL.revokeObjectURL(url); }
}
