// The drawer of an entry: what lies around it, and where things flow to and come from, are asked of the map behind it.
export function mount(part) {
  const { register, code, name } = part.dataset;
  const title = part.closest("dialog")?.querySelector("h2");
  if (title) title.textContent = name;
  const tell = (detail) => document.dispatchEvent(new CustomEvent("bilan:map-ask", { detail: { register, code, ...detail } }));
  part.querySelector("[data-near]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const metres = Number(new FormData(event.target).get("metres"));
    if (metres > 0) tell({ metres });
  });
  for (const button of part.querySelectorAll("[data-trace]")) button.addEventListener("click", () => tell({ direction: button.dataset.trace }));
}
