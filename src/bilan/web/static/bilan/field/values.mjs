// Values of declared fields: how they are shown, entered and read back.
import { element } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { said } from "./ui.mjs";

export const filled = (value) => !(value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length));
export const ENTERED = new Set(["text", "long", "integer", "decimal", "date", "period", "boolean", "choice", "district", "organisation", "person", "link", "url"]);

const named = (terms, code) => { const term = terms?.find((entry) => entry.code === code); return term ? said(term) : `${code}`; };

export function shownValue(field, value, vocabularies) {
  if (!filled(value)) return "";
  const many = Array.isArray(value) ? value : [value];
  const terms = vocabularies?.[field.type === "district" ? "district" : field.of];
  switch (field.type) {
    case "boolean": return value ? gettext("Yes") : gettext("No");
    case "choice": case "district": return many.map((code) => named(terms, code)).join(" · ");
    case "period": return many.map((day) => day ?? "…").join(" – ");
    case "person": return [value.name, value.phone].filter(Boolean).join(" ");
    case "integer": case "decimal": return `${value}${field.unit ? ` ${field.unit}` : ""}`;
    default: return typeof value === "object" ? "" : `${value}`;
  }
}

function options(terms, value, none = true) {
  const made = terms.map((term) => element("option", { value: term.code, selected: term.code === value, text: `${"　".repeat(term.depth ?? 0)}${said(term)}` }));
  return none ? [element("option", { value: "", text: "" }), ...made] : made;
}

// An element to enter a field's value with; `take` gets every change.
export function control(field, value, vocabularies, take, id) {
  const base = { id, name: field.name, "aria-describedby": `${id}-help` };
  const plain = (type, more = {}) => element("input", { ...base, type, value: value ?? "", ...more, oninput() { take(this.value); } });
  switch (field.type) {
    case "long": { const box = element("textarea", { ...base, rows: 4, oninput() { take(this.value); } }); box.value = value ?? ""; return box; }
    case "integer": case "decimal": return plain("number", { inputmode: field.type === "integer" ? "numeric" : "decimal", step: field.type === "integer" ? "1" : "any", min: field.lower, max: field.upper, oninput() { take(this.value === "" ? null : Number(this.value)); } });
    case "date": return plain("date");
    case "url": return plain("url");
    case "boolean": return element("select", { ...base, onchange() { take(this.value === "" ? null : this.value === "yes"); } }, ...options([{ code: "yes", zh: gettext("Yes"), en: gettext("Yes") }, { code: "no", zh: gettext("No"), en: gettext("No") }], value === true ? "yes" : value === false ? "no" : ""));
    case "choice": case "district": return chosen(field, value, vocabularies?.[field.type === "district" ? "district" : field.of] ?? [], take, base);
    case "period": return pair(id, value ?? [null, null], ["date", "date"], [gettext("From"), gettext("Until")], take, (found) => (found.some(filled) ? found.map((day) => day || null) : null));
    case "person": return pair(id, [value?.name, value?.phone], ["text", "tel"], [gettext("Full name"), gettext("Phone")], take, ([name, phone]) => (name || phone ? { name: name || "", phone: phone || "" } : null));
    default: return plain("text", { maxlength: 500 });
  }
}

function chosen(field, value, terms, take, base) {
  if (!field.many) return element("select", { ...base, onchange() { take(this.value || null); } }, ...options(terms, value));
  const now = new Set(value ?? []);
  return element("div", { class: "ticks", id: base.id, role: "group" }, ...terms.map((term) => element("label", {}, element("input", { type: "checkbox", checked: now.has(term.code), onchange() { if (this.checked) now.add(term.code); else now.delete(term.code); take([...now]); } }), said(term))));
}

function pair(id, values, types, names, take, join) {
  const found = [...values];
  return element("div", { class: "pair", id, role: "group" }, ...types.map((type, at) => element("label", {}, element("span", { text: names[at] }), element("input", { type, value: found[at] ?? "", oninput() { found[at] = this.value; take(join(found)); } }))));
}
