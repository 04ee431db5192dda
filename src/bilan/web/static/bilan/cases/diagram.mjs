// A tall diagram begins where the case stands.
export function mount(block) {
  const present = block.querySelector(".flow-node--present");
  if (!present) return;
  const inner = present.getBoundingClientRect();
  const outer = block.getBoundingClientRect();
  block.scrollTop = inner.top - outer.top - outer.height / 2 + inner.height / 2;
}
