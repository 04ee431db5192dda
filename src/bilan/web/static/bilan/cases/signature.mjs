// A signature drawn with finger, pen or mouse becomes a picture when the form is sent.
import SignaturePad from "../../vendor/signature_pad/signature_pad.mjs";

export function mount(block) {
  const canvas = block.querySelector("canvas");
  const field = block.querySelector("input[type=hidden]");
  const pad = new SignaturePad(canvas, { penColor: "#16242f", backgroundColor: "#fff" });
  const fit = () => {
    const kept = pad.toData();
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    canvas.width = canvas.offsetWidth * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext("2d").scale(ratio, ratio);
    pad.clear();
    pad.fromData(kept);
  };
  new ResizeObserver(fit).observe(canvas);
  pad.addEventListener("endStroke", () => { field.value = pad.toDataURL("image/png"); });
  block.querySelector("[data-clear]").addEventListener("click", () => { pad.clear(); field.value = ""; });
}
