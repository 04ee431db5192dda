// Signing with a finger; the picture is evidence like a photo.
import SignaturePad from "../../vendor/signature_pad/signature_pad.mjs";
import { element } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { button } from "./ui.mjs";

export function sign(text, take) {
  return button(text, "signature", () => open(take));
}

function open(take) {
  const canvas = element("canvas", { class: "signing", role: "img", "aria-label": gettext("Sign here with a finger") });
  const dialog = element("dialog", { class: "ask sign", "aria-labelledby": "sign-title" }, element("h2", { id: "sign-title", text: gettext("Sign here with a finger") }), canvas);
  let pad = null;
  const close = () => { pad?.off(); dialog.close(); dialog.remove(); };
  const keep = () => { if (pad.isEmpty()) return; canvas.toBlob((blob) => { close(); take(blob); }, "image/png"); };
  dialog.append(element("div", { class: "row" }, button(gettext("Not now"), "", close), button(gettext("Once more"), "", () => pad.clear()), button(gettext("Keep"), "check", keep, "primary")));
  dialog.addEventListener("cancel", close);
  document.body.append(dialog);
  dialog.showModal();
  const ratio = Math.max(1, window.devicePixelRatio);
  canvas.width = canvas.offsetWidth * ratio;
  canvas.height = canvas.offsetHeight * ratio;
  canvas.getContext("2d").scale(ratio, ratio);
  pad = new SignaturePad(canvas, { backgroundColor: "#fff", penColor: "#16242f" });
}
