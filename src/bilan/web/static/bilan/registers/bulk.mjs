// Changing many: a field that is filled in is chosen by itself; whatever is changed after a preview asks for another one.
export function mount(form) {
  const sure = form.querySelector("[data-sure]");
  const stale = (event) => {
    if (event.target.name === "rows") return;
    const line = event.target.closest(".bulk-line");
    const box = line?.querySelector("[data-choose]");
    if (box && event.target !== box) box.checked = true;
    if (box) line.classList.toggle("chosen", box.checked);
    if (sure) sure.hidden = true;
  };
  for (const name of ["input", "change", "bilan:taken", "bilan:rows"]) form.addEventListener(name, stale);
  // What was typed before this ran counts too.
  for (const control of form.querySelectorAll(".bulk-line input, .bulk-line textarea")) {
    if (control.defaultValue !== undefined && control.value !== control.defaultValue && !control.matches("[data-choose]")) stale({ target: control });
  }
  form.querySelector("#preview")?.scrollIntoView({ block: "start" });
}
