// The form of the workbench: stations are added and taken away in place, choices send the form, nothing usual burdens the address.
const PHONE = "(max-width: 480px)";

export function mount(form) {
  // On a phone the list of analyses would fill the first screen.
  if (matchMedia(PHONE).matches) document.querySelector(".kinds details").open = false;
  const points = form.elements.points;
  const several = Boolean(form.querySelector(".chosen-points"));
  const codes = () => points.value.split(",").filter(Boolean);
  form.addEventListener("bilan:taken", (event) => {
    points.value = several ? [...new Set([...codes(), event.detail.code])].join(",") : event.detail.code;
    // Another station may measure something else: the server chooses anew.
    if (!several) form.querySelector("[name=met]")?.removeAttribute("name");
    form.requestSubmit();
  });
  form.addEventListener("click", (event) => {
    const drop = event.target.closest("[data-drop]");
    if (!drop) return;
    points.value = codes().filter((code) => code !== drop.dataset.drop).join(",");
    form.requestSubmit();
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("select")) form.requestSubmit();
  });
}
