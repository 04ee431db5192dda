// A table's filter acts while one types, its columns are chosen without a button, its rows can be ticked. Without scripts all still works as a form.
import { ngettext } from "./i18n.mjs";

const PAUSE = 300;

export function mount(block) {
  const form = block.querySelector("[data-table-form]");
  let timer;
  form.addEventListener("input", (event) => {
    if (event.target.type !== "search") return;
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(), PAUSE);
  });
  form.addEventListener("htmx:config:request", (event) => tidy(event.detail?.ctx));
  const columns = form.querySelector("[data-columns]");
  columns?.addEventListener("change", (event) => {
    event.stopPropagation();
    const chosen = [...columns.querySelectorAll("input:checked")].map((box) => box.value).join(",");
    const name = columns.dataset.columns;
    const kept = form.elements[name] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
    kept.value = chosen;
    form.requestSubmit();
  });
  const picked = block.querySelector("[data-picked]");
  if (picked) picking(block, picked);
  // Words typed before this was ready count as well.
  if ([...form.querySelectorAll("input[type=search]")].some((box) => box.value !== box.defaultValue)) form.requestSubmit();
}

// What is empty does not stand in the address.
function tidy(context) {
  const body = context?.request?.body;
  if (!(body instanceof FormData)) return;
  for (const [name, value] of [...body.entries()]) if (value === "" && name !== "district") body.delete(name);
}

// Ticked rows, or all that were found, go together to a page that changes them.
function picking(block, form) {
  const page = block.querySelector("[data-pick-page]");
  const boxes = [...block.querySelectorAll("[data-pick]")];
  const found = form.querySelectorAll("[data-filtered]");
  const all = form.querySelector("[data-picked-all]");
  const tell = () => {
    const number = boxes.filter((box) => box.checked).length;
    const every = form.dataset.every === "1";
    form.hidden = !number && !every;
    page.checked = number === boxes.length;
    page.indeterminate = number > 0 && number < boxes.length;
    form.querySelector("[data-picked-count]").textContent = every ? all.textContent : ngettext("%(n)s row ticked", "%(n)s rows ticked", number);
  };
  const choose = (every) => {
    form.dataset.every = every ? "1" : "";
    for (const field of found) field.disabled = !every;
    for (const box of boxes) box.disabled = every;
    if (all) all.hidden = every;
    tell();
  };
  page.addEventListener("change", () => { for (const box of boxes) box.checked = page.checked; choose(false); });
  for (const box of boxes) box.addEventListener("change", () => tell());
  all?.addEventListener("click", () => choose(true));
  // Ticks that were made, or brought back by the browser, before this ran count too.
  if (page.checked) for (const box of boxes) box.checked = true;
  tell();
}
