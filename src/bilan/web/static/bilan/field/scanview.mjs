// Scanning the QR label of a source or an outlet: by the camera, from a photo, or typed in.
import { element } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import * as store from "./store.mjs";
import { card, head, icon, said, term, status } from "./ui.mjs";

const PAUSE = 250;
const WIDEST = 1280;
let reader = null;

// Gives what a picture says; the phone's own reader where there is one, else ours.
async function decode(source, width, height) {
  if (globalThis.BarcodeDetector && (await BarcodeDetector.getSupportedFormats().catch(() => [])).includes("qr_code")) {
    const found = await new BarcodeDetector({ formats: ["qr_code"] }).detect(source).catch(() => []);
    if (found.length) return found[0].rawValue;
  }
  reader ??= new Promise((ready, broken) => { const script = element("script", { src: new URL("../../vendor/jsqr/jsqr.js", import.meta.url).href, onload: () => ready(globalThis.jsQR), onerror: broken }); document.head.append(script); });
  const jsQR = await reader;
  const scale = Math.min(1, WIDEST / Math.max(width, height));
  const canvas = element("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  return jsQR(pixels.data, canvas.width, canvas.height)?.data ?? null;
}

// Register and code that a label or a person says; a code alone may stand in any register.
export function meant(text) {
  const match = /\/scan\/([^/?#]+)\/([^/?#]+)/.exec(text);
  if (match) return { register: decodeURIComponent(match[1]), code: decodeURIComponent(match[2]) };
  const typed = text.trim();
  return typed && !/^[a-z]+:\/\//i.test(typed) ? { register: "", code: typed } : null;
}

export async function scanView() {
  const told = element("div", { class: "told", role: "status" });
  const video = element("video", { playsinline: true, muted: true, "aria-label": gettext("What the camera sees"), hidden: true });
  let stream = null;
  let open = true;
  const stop = () => { open = false; for (const track of stream?.getTracks() ?? []) track.stop(); };
  const take = async (text) => { const parts = await outcome(text); told.replaceChildren(...parts); };
  const camera = element("button", { type: "button", class: "button primary wide", async onclick() {
    told.replaceChildren();
    try { stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }); } catch { told.replaceChildren(element("p", { class: "wrong", text: gettext("The camera is not available: allow it in the browser's settings, or choose a photo of the label.") })); return; }
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    this.hidden = true;
    open = true;
    look();
  } }, icon("camera"), gettext("Scan with the camera"));
  const look = async () => {
    if (!open) return;
    const text = video.videoWidth ? await decode(video, video.videoWidth, video.videoHeight) : null;
    if (text) { stop(); video.hidden = true; camera.hidden = false; take(text); return; }
    setTimeout(look, PAUSE);
  };
  const photo = element("input", { type: "file", accept: "image/*", class: "hidden", async onchange() {
    const [file] = this.files;
    this.value = "";
    const picture = file && await createImageBitmap(file).catch(() => null);
    const text = picture && await decode(picture, picture.width, picture.height);
    if (text) take(text); else told.replaceChildren(element("p", { class: "wrong", text: gettext("No QR code was found in the photo.") }));
  } });
  const code = element("input", { id: "scan-code", type: "text", autocomplete: "off", autocapitalize: "characters" });
  const typed = element("form", { onsubmit(event) { event.preventDefault(); take(code.value); } }, element("label", { for: "scan-code", text: gettext("Code on the label") }), element("div", { class: "row" }, code, element("button", { class: "button" }, gettext("Look up"))));
  return { parts: [head(gettext("Scan"), ""), card("", video, element("div", { class: "stack" }, camera, element("label", { class: "button wide" }, photo, icon("photo"), element("span", { text: gettext("Choose a photo of the label") }))), typed), told], busy: () => true, leave: stop };
}

async function outcome(text) {
  const found = meant(text ?? "");
  if (!found) return [element("p", { class: "wrong", text: gettext("This code is none of ours: %(text)s", { text: `${text}`.slice(0, 80) }) })];
  const tasks = (await store.tasks()).filter((task) => task.entry === found.code && (!found.register || task.register === found.register));
  const rows = tasks.map((task) => { const { text: left, tone } = term(task.due); return element("li", { class: `task edge-${tone}` }, element("a", { href: `#/task/${encodeURIComponent(task.code)}` }, element("span", { class: "task-title", text: task.title }), element("span", { class: "task-facts" }, status(tone, left)))); });
  const register = found.register || tasks[0]?.register;
  const address = register ? `/scan/${encodeURIComponent(register)}/${encodeURIComponent(found.code)}` : `/search?q=${encodeURIComponent(found.code)}`;
  const online = navigator.onLine;
  return [
    card(tasks[0] ? `${said(tasks[0].register_title)} · ${tasks[0].entry_name || found.code}` : found.code,
      rows.length ? element("ol", { class: "tasks small" }, ...rows) : element("p", { class: "quiet", text: gettext("None of your tasks is about it.") }),
      online ? element("a", { class: "button primary wide", href: address }, icon("file-text"), gettext("Open the dossier")) : element("p", { class: "quiet", text: gettext("The dossier opens when there is a connection.") })),
  ];
}
