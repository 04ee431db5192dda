// A form of an entry: fields show and are asked for by their conditions while one types; leaving with something unsaved asks first.
import { element } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { condition } from "./expressions.mjs";

const NUMBER = /^[-+]?\d+(?:\.\d+)?$/;

export function mount(form) {
  const fields = [...form.querySelectorAll("[data-field]")].map((block) => ({ block, visible: rule(block.dataset.visible), required: rule(block.dataset.required) }));
  const settle = () => {
    const values = read(form);
    // A field that does not apply has no value for the conditions of others.
    for (let round = 0; round < 4; round += 1) {
      for (const { block, visible } of fields) {
        if (!visible) continue;
        block.hidden = !visible(values);
        if (block.hidden) values[block.dataset.field] = null;
      }
    }
    for (const { block, required } of fields) if (required) ask(block, required(values));
  };
  let dirty = Boolean(form.querySelector("[data-errors]"));
  const changed = (event) => { if (event.type !== "bilan:taken") check(event.target); dirty = true; settle(); };
  for (const name of ["input", "change", "bilan:taken", "bilan:rows"]) form.addEventListener(name, changed);
  form.addEventListener("submit", () => { dirty = false; });
  window.addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  form.addEventListener("keydown", (event) => { if (event.key === "s" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); } });
  settle();
  const errors = form.querySelector("[data-errors]");
  if (errors) { errors.focus(); errors.scrollIntoView({ block: "center" }); }
}

const rule = (text) => (text ? condition(text) : null);

function ask(block, wanted) {
  const mark = block.querySelector(":scope > label .must");
  if (mark) mark.hidden = !wanted;
  block.querySelector("input:not([type=hidden]), select, textarea")?.setAttribute("aria-required", wanted ? "true" : "false");
}

// A number out of its bounds is said at once; the server says the same.
function check(input) {
  if (!input.matches?.("[data-number]")) return;
  const block = input.closest("[data-field], td");
  const text = input.value.trim().replaceAll(",", "");
  const { lower, upper } = input.dataset;
  let wrong = "";
  if (NUMBER.test(text) && lower !== "" && Number(text) < Number(lower)) wrong = gettext("At least %(n)s", { n: lower });
  if (NUMBER.test(text) && upper !== "" && Number(text) > Number(upper)) wrong = gettext("At most %(n)s", { n: upper });
  const told = block.querySelector("[data-told]");
  if (!wrong) { told?.remove(); return; }
  if (told) told.textContent = wrong;
  else block.append(element("p", { class: "wrong", "data-told": "1", role: "status", text: wrong }));
}

export function read(form) {
  const values = {};
  for (const block of form.querySelectorAll("[data-field]")) values[block.dataset.field] = value(block);
  return values;
}

function value(block) {
  const name = block.dataset.field;
  switch (block.dataset.kind) {
    case "ticks": return [...block.querySelectorAll("input:checked")].map((input) => input.value);
    case "combos": return [...block.querySelectorAll(`input[type=hidden][name="${name}"]`)].map((input) => input.value);
    case "attachment": return [...block.querySelectorAll(`input[type=hidden][name="${name}"]`)].map((input) => ({ id: Number(input.value) }));
    case "person": return parts(block, ["name", "phone"]);
    case "period": { const found = ["from", "to"].map((end) => block.querySelector(`[name="${name}.${end}"]`).value || null); return found.some(Boolean) ? found : null; }
    case "table": case "parameters": return rows(block);
    case "geometry": return block.querySelector("textarea").value.trim() || null;
    default: return single(block.querySelector(`[name="${name}"]`), block.dataset.many);
  }
}

function single(input, many) {
  if (!input) return null;
  const text = input.value.trim();
  if (input.matches("select") && [...input.options].some((option) => option.value === "true")) return text === "" ? null : text === "true";
  if (input.matches("[data-number]")) return NUMBER.test(text.replaceAll(",", "")) ? Number(text.replaceAll(",", "")) : null;
  return text === "" ? null : many ? [text] : text;
}

function parts(block, names) {
  const found = Object.fromEntries(names.map((part) => [part, block.querySelector(`[name$=".${part}"]`)?.value ?? ""]));
  return Object.values(found).some(Boolean) ? found : null;
}

function rows(block) {
  const found = [...block.querySelectorAll("tbody tr")].map((row) => {
    const inputs = [...row.querySelectorAll("[name]")];
    return Object.fromEntries(inputs.map((input) => [input.name.split("].")[1], single(input)]));
  });
  return found.filter((row) => Object.values(row).some((item) => item !== null));
}
