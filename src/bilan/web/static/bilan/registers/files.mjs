// Files are sent as soon as they are chosen or dropped, so that a form that is put right later has them still.
import { element } from "../dom.mjs";
import { gettext } from "../i18n.mjs";

export function mount(block) {
  const list = block.querySelector("ul");
  const input = block.querySelector("input[type=file]");
  const drop = block.querySelector(".drop");
  input.addEventListener("change", () => { for (const file of input.files) send(block, list, file); input.value = ""; });
  for (const name of ["dragover", "dragleave", "drop"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.toggle("over", name === "dragover"); });
  drop.addEventListener("drop", (event) => { for (const file of event.dataTransfer.files) send(block, list, file); });
  block.addEventListener("click", (event) => {
    const button = event.target.closest("[data-drop]");
    if (!button) return;
    button.closest("li").remove();
    block.dispatchEvent(new CustomEvent("bilan:rows", { bubbles: true }));
  });
}

async function send(block, list, file) {
  const row = element("li", {}, element("span", { class: "quiet", text: `${file.name} · ${gettext("Loading")}` }));
  list.append(row);
  const body = new FormData();
  body.append("file", file);
  const token = block.closest("form").elements.csrfmiddlewaretoken.value;
  const take = element("button", { type: "button", class: "link", "data-drop": "1", "aria-label": gettext("Take away"), text: "✕" });
  try {
    const response = await fetch(block.dataset.src, { method: "POST", body, headers: { "X-CSRFToken": token }, credentials: "same-origin" });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Error(answer.message ?? `${response.status}`);
    const picture = answer.mime.startsWith("image/") ? element("img", { src: `${answer.href}?small=1`, alt: "", width: "64", height: "48" }) : null;
    const kept = element("input", { type: "hidden", name: block.dataset.name, value: answer.id });
    const link = element("a", { href: `${answer.href}?show=1`, target: "_blank", rel: "noopener", text: answer.name });
    row.replaceChildren(...[kept, picture, link, element("span", { class: "unit", text: `${Math.ceil(answer.size / 1024)} KB` }), element("code", { class: "unit", title: `SHA-256 ${answer.digest}`, text: answer.digest.slice(0, 8) }), take].filter(Boolean));
    block.dispatchEvent(new CustomEvent("bilan:rows", { bubbles: true }));
  } catch (error) {
    row.replaceChildren(element("span", { class: "wrong", role: "alert", text: `${file.name}: ${error.message}` }), take);
  }
}
