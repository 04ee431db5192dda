// Rows of a table in a form: add, take away, move; their order is that in which they are sent.
export function mount(block) {
  const body = block.querySelector("tbody");
  const template = block.querySelector("template");
  let next = body.rows.length;
  const tell = () => block.dispatchEvent(new CustomEvent("bilan:rows", { bubbles: true }));
  const add = () => {
    const row = template.content.firstElementChild.cloneNode(true);
    for (const part of row.querySelectorAll("[name], [id]")) {
      for (const key of ["name", "id"]) if (part.getAttribute(key)) part.setAttribute(key, part.getAttribute(key).replace("[ROW]", `[${next}]`));
    }
    next += 1;
    body.append(row);
    document.dispatchEvent(new CustomEvent("htmx:after:swap"));
    row.querySelector("input:not([type=hidden]), select")?.focus();
    tell();
  };
  block.querySelector("[data-add]")?.addEventListener("click", add);
  block.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const row = button?.closest("tbody tr");
    if (!row) return;
    if (button.matches("[data-up]")) row.previousElementSibling?.before(row);
    else if (button.matches("[data-down]")) row.nextElementSibling?.after(row);
    else if (button.matches("[data-drop]")) row.remove();
    else return;
    if (button.isConnected) button.focus();
    tell();
  });
  block.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input") && !event.target.matches(".combo-text")) {
      event.preventDefault();
      if (event.target.closest("tr") === body.lastElementChild) add();
    }
  });
}
