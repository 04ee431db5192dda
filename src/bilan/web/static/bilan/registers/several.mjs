// Several things found by typing, each a chip that can be taken away.
export function mount(block) {
  const chips = block.querySelector(".chips");
  const template = block.querySelector("template");
  block.addEventListener("bilan:taken", (event) => {
    const { code, text } = event.detail;
    if ([...chips.querySelectorAll("input")].some((input) => input.value === code)) return;
    const chip = template.content.firstElementChild.cloneNode(true);
    chip.querySelector("[data-text]").textContent = text;
    chip.querySelector("input").value = code;
    chips.append(chip);
    block.dispatchEvent(new CustomEvent("bilan:rows", { bubbles: true }));
  });
  block.addEventListener("click", (event) => {
    const drop = event.target.closest("[data-drop]");
    if (!drop) return;
    drop.closest("li").remove();
    block.querySelector(".combo-text").focus();
    block.dispatchEvent(new CustomEvent("bilan:rows", { bubbles: true }));
  });
}
