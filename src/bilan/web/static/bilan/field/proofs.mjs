// Evidence: photo, film, voice, document, signature, measurement; each with time, place and hash, on the phone until the platform has it.
import { element } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { condition } from "../registers/expressions.mjs";
import { sign } from "./sign.mjs";
import * as store from "./store.mjs";
import { button, bytes, far, icon, moment, said } from "./ui.mjs";
import { recorder } from "./voice.mjs";
import { fix, here, metres } from "./where.mjs";

const HERE = 10 * 60000;
const ACCEPT = { photo: "image/*", video: "video/*", document: ".pdf,.doc,.docx,.xls,.xlsx,.ofd,.zip,.txt,.csv,image/*" };
const LARGEST = { photo: 30 << 20, video: 300 << 20, audio: 50 << 20, document: 50 << 20, signature: 1 << 20 };
const WORDS = () => ({ photo: [gettext("Take a photo"), "camera"], video: [gettext("Take a film"), "video"], document: [gettext("Add a file"), "paperclip"], audio: [gettext("Record a voice note"), "microphone"], signature: [gettext("Sign"), "signature"], measurement: [gettext("Enter a measurement"), "ruler-measure"] });

// How many there are, by requirement and by `item:NAME` of the checklist.
export async function proofCount(act) {
  const count = {};
  for (const proof of await store.proofs(act.key)) {
    const name = proof.item ? `item:${proof.item}` : proof.requirement;
    count[name] = (count[name] ?? 0) + 1;
  }
  return count;
}

async function digestOf(blob) {
  if (!crypto.subtle) return "";
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Keeps a file as a proof. A file older than some minutes was not taken here: it carries no place.
async function keepProof(form, { kind, requirement, item }, blob, name, taken = Date.now()) {
  const fresh = Date.now() - taken < HERE;
  const [digest, place] = await Promise.all([digestOf(blob), fresh ? fix() : null]);
  const proof = { key: store.uuid(), act: form.act.key, case: form.act.case, made: Date.now(), kind, requirement: requirement ?? "", item: item ?? "", name, mime: blob.type, size: blob.size, digest, blob, taken: new Date(taken).toISOString(), lon: place?.lon ?? null, lat: place?.lat ?? null, accuracy: place?.accuracy ?? null, sent: false };
  await form.change();
  await store.saveProof(proof);
  return proof;
}

function line(proof, form, again) {
  const shown = proof.kind === "photo" || proof.kind === "signature" ? element("img", { src: form.url(proof.blob), alt: proof.name })
    : proof.kind === "audio" ? element("audio", { controls: true, src: form.url(proof.blob), "aria-label": proof.name })
      : proof.kind === "video" ? element("video", { controls: true, playsinline: true, src: form.url(proof.blob), "aria-label": proof.name }) : icon("file");
  const away = metres(proof, form.task);
  const where = proof.lon === null ? gettext("place unknown") : away === null ? `± ${proof.accuracy} m` : gettext("%(far)s from the place, ± %(n)s m", { far: far(away), n: proof.accuracy });
  const facts = [moment(proof.taken), where, proof.size ? bytes(proof.size) : "", proof.digest ? `SHA-256 ${proof.digest.slice(0, 8)}` : ""].filter(Boolean).join(" · ");
  const take = proof.sent ? null : element("button", { type: "button", class: "drop", "aria-label": gettext("Take %(name)s away", { name: proof.name }), async onclick() { await store.dropProof(proof.key); again(); } }, icon("trash"));
  return element("li", { class: "proof", "data-proof": proof.key }, shown, element("div", {}, element("b", { text: proof.name }), element("span", { class: "quiet", text: facts })), take);
}

// A list of what is there with the buttons that add to it.
function collector(form, about, kinds) {
  const list = element("ul", { class: "proofs" });
  const told = element("p", { class: "wrong", role: "alert" });
  const again = async () => {
    const found = (await store.proofs(form.act.key)).filter((proof) => (about.item ? proof.item === about.item : !proof.item && proof.requirement === about.requirement));
    list.replaceChildren(...found.map((proof) => line(proof, form, again)));
    form.settle();
    form.retell();
  };
  const add = async (kind, blob, name, taken) => {
    told.textContent = blob.size > LARGEST[kind] ? gettext("%(name)s is too large: at most %(size)s", { name, size: bytes(LARGEST[kind]) }) : !blob.size ? gettext("%(name)s is empty", { name }) : "";
    if (told.textContent) return;
    try { await keepProof(form, { ...about, kind }, blob, name, taken); } catch (error) { told.textContent = `${gettext("The phone could not keep it; free some space.")} (${error.name})`; }
    await again();
  };
  const tools = element("div", { class: "row tools" }, ...kinds.map((kind) => tool(kind, form, about, add, again)));
  return { block: element("div", {}, list, told, tools), ready: again() };
}

function tool(kind, form, about, add, again) {
  const [text, symbol] = WORDS()[kind];
  if (kind === "audio") return recorder(text, (blob, name) => add("audio", blob, name));
  if (kind === "signature") return sign(text, (blob) => add("signature", blob, "signature.png"));
  if (kind === "measurement") return measuring(text, form, about, again);
  const input = element("input", { type: "file", accept: ACCEPT[kind], multiple: true, class: "hidden", capture: kind === "document" ? undefined : "environment", async onchange() {
    const files = [...this.files];
    this.value = "";
    for (const file of files) await add(kind, file, file.name, Math.min(Date.now(), file.lastModified || Date.now()));
  } });
  return element("label", { class: "button" }, input, icon(symbol), element("span", { text }));
}

function measuring(text, form, about, again) {
  const entry = (type, label, more = {}) => element("input", { type, "aria-label": label, placeholder: label, ...more });
  const [what, value, unit] = [entry("text", gettext("What was measured")), entry("number", gettext("Value"), { step: "any", inputmode: "decimal" }), entry("text", gettext("Unit"))];
  const box = element("div", { class: "row measuring", hidden: true }, what, value, unit, button(gettext("Keep"), "check", async () => {
    if (value.value === "" || !what.value.trim()) return;
    const place = here() ?? await fix(4000);
    const taken = new Date().toISOString();
    const reading = { parameter: what.value.trim(), value: Number(value.value), unit: unit.value.trim(), moment: taken };
    await form.change();
    await store.saveProof({ key: store.uuid(), act: form.act.key, case: form.act.case, made: Date.now(), kind: "measurement", requirement: about.requirement ?? "", item: about.item ?? "", name: `${reading.parameter} ${reading.value} ${reading.unit}`, size: 0, digest: "", blob: null, reading, taken, lon: place?.lon ?? null, lat: place?.lat ?? null, accuracy: place?.accuracy ?? null, sent: false });
    what.value = value.value = unit.value = "";
    box.hidden = true;
    await again();
  }));
  return element("div", {}, button(text, "ruler-measure", () => { box.hidden = !box.hidden; if (!box.hidden) what.focus(); }), box);
}

export async function proofBlock(need, form) {
  const { block, ready } = collector(form, { requirement: need.name }, [need.kind]);
  await ready;
  const must = element("span", { class: "must" });
  const terms = [need.near ? gettext("within %(far)s of the place", { far: far(need.near) }) : "", need.within ? gettext("not older than %(span)s", { span: said(need.within) }) : "", said(need.help)].filter(Boolean).join(" · ");
  const whole = element("div", { class: "need", "data-need": need.name }, element("h3", {}, said(need.title), must), terms ? element("p", { class: "quiet", text: terms }) : null, block);
  form.rules.push((values) => {
    const wanted = !need.when || condition(need.when)(values);
    whole.hidden = !wanted && !block.querySelector(".proof");
    must.textContent = wanted && need.least ? ` * ${gettext("at least %(n)s", { n: need.least })}` : "";
  });
  return whole;
}

export async function freeProofs(form) {
  const { block, ready } = collector(form, { requirement: "" }, ["photo", "video", "audio", "document", "signature"]);
  await ready;
  return element("div", { "data-need": "-free" }, block);
}

export function itemProofs(item, form) {
  const { block } = collector(form, { requirement: "", item: item.name }, ["photo"]);
  return element("div", { "data-need": `item:${item.name}` }, item.photo ? element("p", { class: "quiet", text: gettext("A photo is needed") }) : null, block);
}
