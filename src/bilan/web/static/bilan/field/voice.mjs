// A voice note through the microphone; where there is none, a recording can be chosen as a file.
import { element } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { icon } from "./ui.mjs";

const FORMS = [["audio/webm", "weba"], ["audio/mp4", "m4a"], ["audio/ogg", "oga"]];
const LONGEST = 10 * 60000;

export function recorder(text, take) {
  const form = globalThis.MediaRecorder && navigator.mediaDevices?.getUserMedia ? FORMS.find(([mime]) => MediaRecorder.isTypeSupported(mime)) : null;
  if (!form) return chosen(text, take);
  const words = element("span", { text });
  const told = element("span", { class: "wrong", role: "alert" });
  let running = null;
  const toggle = async () => {
    if (running) { running.stop(); return; }
    told.textContent = "";
    try {
      running = await record(form, (blob, name) => { running = null; knob.classList.remove("recording"); knob.setAttribute("aria-pressed", "false"); words.textContent = text; if (blob.size) take(blob, name); });
    } catch { told.textContent = gettext("The microphone is not available: allow it in the browser's settings."); return; }
    knob.classList.add("recording");
    knob.setAttribute("aria-pressed", "true");
    words.textContent = gettext("Stop recording");
  };
  const knob = element("button", { type: "button", class: "button", "aria-pressed": "false", onclick: toggle }, icon("microphone"), words);
  return element("span", { class: "tool" }, knob, told);
}

async function record([mime, ending], done) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  const parts = [];
  const machine = new MediaRecorder(stream, { mimeType: mime });
  const late = setTimeout(() => machine.stop(), LONGEST);
  machine.ondataavailable = (event) => parts.push(event.data);
  machine.onstop = () => {
    clearTimeout(late);
    for (const track of stream.getTracks()) track.stop();
    const stamp = new Date().toISOString().slice(0, 16).replace(/\D/g, "");
    done(new Blob(parts, { type: mime }), `voice-${stamp}.${ending}`);
  };
  machine.start(1000);
  return machine;
}

function chosen(text, take) {
  const input = element("input", { type: "file", accept: ".weba,.m4a,.oga,.ogg,.mp3,.wav", class: "hidden", onchange() { const [file] = this.files; this.value = ""; if (file) take(file, file.name); } });
  return element("label", { class: "button" }, input, icon("microphone"), element("span", { text }));
}
