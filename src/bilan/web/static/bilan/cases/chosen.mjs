// Says which files were chosen; files may be dropped on the label too.
export function mount(input) {
  const label = input.closest("label");
  const told = label.querySelector("[data-chosen]");
  const before = told.textContent;
  const tell = () => { told.textContent = [...input.files].map((file) => file.name).join(", ") || before; };
  input.addEventListener("change", tell);
  for (const name of ["dragover", "dragleave", "drop"]) label.addEventListener(name, (event) => { event.preventDefault(); label.classList.toggle("over", name === "dragover"); });
  label.addEventListener("drop", (event) => {
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
