// A checklist: a finding asks for its note at once, and the head says how much is answered.
import { gettext } from "../i18n.mjs";

export function mount(block) {
  const questions = [...block.querySelectorAll(".question")];
  const settle = () => {
    for (const question of questions) {
      const bad = question.dataset.bad.split(" ").filter(Boolean);
      const finding = question.querySelector("[data-finding]");
      const note = finding.querySelector("input");
      finding.hidden = !bad.includes(answer(question)) && !note.value && !question.classList.contains("field-wrong");
    }
    const asked = questions.filter((question) => !question.hidden);
    const done = asked.filter((question) => answer(question) !== "").length;
    block.querySelector("[data-progress]").textContent = gettext("%(n)s of %(all)s answered", { n: done, all: asked.length });
  };
  block.addEventListener("input", settle);
  block.addEventListener("change", settle);
  settle();
}

function answer(question) {
  const chosen = question.querySelector("input[type=radio]:checked");
  if (chosen) return chosen.value;
  return question.querySelector("textarea, input[type=date], input[inputmode]")?.value.trim() ?? "";
}
