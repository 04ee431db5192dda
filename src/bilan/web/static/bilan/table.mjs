// A table's filter acts while one types, its columns are chosen without a button. Without scripts both still work as a form.
const PAUSE = 300;

export function mount(block) {
  const form = block.querySelector("[data-table-form]");
  let timer;
  form.addEventListener("input", (event) => {
    if (event.target.type !== "search") return;
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(), PAUSE);
  });
  const columns = form.querySelector("[data-columns]");
  columns?.addEventListener("change", (event) => {
    event.stopPropagation();
    const chosen = [...columns.querySelectorAll("input:checked")].map((box) => box.value).join(",");
    const name = columns.dataset.columns;
    const kept = form.elements[name] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
    kept.value = chosen;
    form.requestSubmit();
  });
}
