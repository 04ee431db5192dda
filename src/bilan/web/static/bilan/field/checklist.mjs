// A checklist on the spot: one tap an answer; what is found wrong asks for a note and a photo where the list says so.
import { element } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { condition } from "../registers/expressions.mjs";
import { itemProofs } from "./proofs.mjs";
import { card, said } from "./ui.mjs";
import { filled } from "./values.mjs";

const applies = (item, values) => !item.when || condition(item.when)(values);
const isBad = (item, answer) => item.bad.includes(`${answer}`);
const given = (act, item) => act.checklist.find((entry) => entry.item === item.name);

export function checklistBlock(list, act, form) {
  const parts = list.sections.map((section) => element("fieldset", { class: "checks" }, element("legend", { text: said(section.title) }), ...section.items.map((item) => question(item, act, form))));
  return card(said(list.title), ...parts);
}

function question(item, act, form) {
  const more = element("div", { class: "finding", hidden: true });
  const settle = () => { const now = given(act, item); more.hidden = !(now && isBad(item, now.answer)); };
  const take = (answer) => {
    const now = given(act, item);
    if (now) now.answer = answer; else act.checklist.push({ item: item.name, answer, note: "" });
    if (!filled(answer)) act.checklist = act.checklist.filter((entry) => entry.item !== item.name);
    settle();
    form.change();
  };
  const id = `c-${item.name}`;
  const note = element("textarea", { id: `${id}-note`, rows: 2, oninput() { const now = given(act, item); if (now) { now.note = this.value; form.change(); } } });
  note.value = given(act, item)?.note ?? "";
  more.append(element("label", { for: `${id}-note`, text: item.note ? gettext("What was found (required)") : gettext("What was found") }), note, itemProofs(item, form));
  const block = element("div", { class: "check-item", role: "group", "aria-labelledby": id }, element("p", { id, class: "ask-text" }, element("b", { text: said(item.ask) }), item.critical ? element("span", { class: "status status-bad", text: gettext("Decisive") }) : null), said(item.help) ? element("p", { class: "quiet", text: said(item.help) }) : null, answerControl(item, given(act, item)?.answer, take, form, id), item.law ? element("p", { class: "quiet law", text: item.law }) : null, more);
  form.rules.push((values) => { block.hidden = !applies(item, values); });
  settle();
  return block;
}

function answerControl(item, now, take, form, id) {
  if (item.answer === "yesno") return segments([["yes", gettext("Yes")], ["no", gettext("No")], ...(item.na ? [["na", gettext("Does not apply")]] : [])], now, take, item);
  if (item.answer === "choice") {
    const terms = form.vocabularies?.[item.of] ?? [];
    const choice = element("select", { "aria-labelledby": id, onchange() { take(this.value); } }, element("option", { value: "", text: "" }), ...terms.map((term) => element("option", { value: term.code, selected: term.code === now, text: said(term) })), item.na ? element("option", { value: "na", selected: now === "na", text: gettext("Does not apply") }) : null);
    return choice;
  }
  const type = { number: "number", date: "date" }[item.answer] ?? "text";
  return element("div", { class: "row" }, element("input", { type, "aria-labelledby": id, step: "any", inputmode: type === "number" ? "decimal" : undefined, min: item.lower, max: item.upper, value: now ?? "", oninput() { take(type === "number" ? (this.value === "" ? "" : Number(this.value)) : this.value); } }), item.unit ? element("span", { class: "unit", text: item.unit }) : null);
}

function segments(options, now, take, item) {
  const buttons = options.map(([code, text]) => element("button", { type: "button", class: isBad(item, code) ? "bad" : "", "aria-pressed": String(code === now), onclick() { const off = this.getAttribute("aria-pressed") === "true"; for (const entry of buttons) entry.setAttribute("aria-pressed", "false"); if (!off) this.setAttribute("aria-pressed", "true"); take(off ? "" : code); }, text }));
  return element("div", { class: "segments" }, ...buttons);
}

// What the list still lacks, in words.
export function answers(list, act, values, count) {
  const items = list.sections.flatMap((section) => section.items).filter((item) => applies(item, values));
  const open = items.filter((item) => !filled(given(act, item)?.answer));
  const found = open.length ? [gettext("%(n)s questions are not answered yet, the first: %(name)s", { n: open.length, name: said(open[0].ask) })] : [];
  for (const item of items) {
    const now = given(act, item);
    if (!now || !isBad(item, now.answer)) continue;
    if (item.note && !now.note?.trim()) found.push(gettext("%(name)s: say what was found", { name: said(item.ask) }));
    if (item.photo && !count[`item:${item.name}`]) found.push(gettext("%(name)s: a photo is needed", { name: said(item.ask) }));
  }
  return found;
}
