// Shows what only one of the choices needs, and hides the rest; a choice that asks for fields of its own loads them.
export function mount(select) {
  const form = select.form;
  const settle = () => { for (const block of form.querySelectorAll("[data-for]")) block.hidden = block.dataset.for !== select.value; };
  select.addEventListener("change", () => {
    settle();
    if (select.value.startsWith("move:")) {
      const address = new URL(location.href);
      address.searchParams.set("do", select.value);
      location.assign(address);
    }
  });
  settle();
}
