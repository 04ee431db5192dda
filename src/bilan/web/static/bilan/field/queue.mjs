// The queue: acts are handed in one after another, files before the step that needs them; what is in doubt is sent again under its key.
import { gettext } from "../i18n.mjs";
import { Answered, get, LogIn, NoNet, post } from "./net.mjs";
import * as store from "./store.mjs";

const { data: DATA, evidence: EVIDENCE, sync: SYNC } = document.body.dataset;
const WAITING = new Set(["queued", "sending"]);
const TRIES = 3;
export const now = { running: false, offline: !navigator.onLine, login: false, pulled: null };
const listeners = new Set();
let again = false;

export const listen = (listener) => { listeners.add(listener); return () => listeners.delete(listener); };
export function tell() { for (const listener of listeners) listener(now); }

// One at a time, in all tabs.
export async function sync({ pull: fresh = false } = {}) {
  if (now.running) { again = true; return; }
  now.running = true;
  tell();
  try {
    const work = () => run(fresh);
    await (navigator.locks ? navigator.locks.request("bilan-field", { ifAvailable: true }, (lock) => (lock ? work() : null)) : work());
    now.login = false;
    now.offline = !navigator.onLine;
  } catch (error) {
    now.login = error instanceof LogIn;
    now.offline = error instanceof NoNet;
    if (!now.login && !now.offline && !(error instanceof Answered)) console.warn(error);
  } finally {
    now.running = false;
    tell();
  }
  if (again && !now.offline && !now.login) { again = false; await sync(); }
}

async function run(fresh) {
  let done = 0;
  for (;;) {
    const all = await store.acts();
    const next = all.find((act) => WAITING.has(act.state) && !held(act, all));
    if (!next) break;
    await send(next);
    done += 1;
    tell();
  }
  if (fresh || done || !now.pulled) await pull();
}

// A later act on the same case waits until the earlier one is through.
export function held(act, all) {
  return all.some((other) => other.case === act.case && other.made < act.made && other.state !== "done" && other.state !== "draft");
}

async function send(act) {
  await store.saveAct({ ...act, state: "sending" });
  try {
    for (const proof of await store.proofs(act.key)) if (!proof.sent) await upload(act, proof);
    const earlier = (await store.acts()).filter((other) => other.case === act.case && other.made < act.made && other.state === "done").at(-1);
    const version = earlier && act.after === earlier.key ? earlier.answer.version : act.version;
    const proofs = await store.proofs(act.key);
    const keys = proofs.map((proof) => proof.key);
    const checklist = act.checklist.map((entry) => ({ ...entry, evidence: proofs.filter((proof) => proof.item === entry.item).map((proof) => proof.key) }));
    const { key, action, transition, part, values, note, done, lon, lat, accuracy } = act;
    const { task, ...answer } = await post(SYNC, { key, case: act.case, action, transition, part, version, values, checklist, note, evidence: keys, done, sent: new Date().toISOString(), lon, lat, accuracy }, DATA);
    if (task) await store.saveTask(task);
    await store.finish({ ...act, state: "done", answer, finished: Date.now() });
  } catch (error) {
    if (!(error instanceof Answered)) { await store.saveAct({ ...act, state: "queued" }); throw error; }
    const state = error.status === 409 ? "conflict" : "refused";
    await store.saveAct({ ...act, state, answer: error.body, problems: error.body.problems ?? [error.message] });
    if (error.body.task) await store.saveTask(error.body.task);
  }
}

async function upload(act, proof) {
  const body = new FormData();
  const { key, kind, requirement, digest, taken, lon, lat, accuracy, item } = proof;
  for (const [name, value] of Object.entries({ case: act.case, key, kind, requirement, digest, taken, lon, lat, accuracy, item, sent: new Date().toISOString() })) if (value !== null && value !== undefined) body.append(name, value);
  if (proof.blob) body.append("file", proof.blob, proof.name);
  else body.append("reading", JSON.stringify(proof.reading));
  try {
    const answer = await post(EVIDENCE, body, DATA);
    await store.saveProof({ ...proof, sent: true, number: answer.number });
  } catch (error) {
    const damaged = error instanceof Answered && error.body.code === "evidence.damaged" && (proof.tries ?? 0) < TRIES;
    if (!damaged) throw error;
    await store.saveProof({ ...proof, tries: (proof.tries ?? 0) + 1 });
    throw new NoNet();
  }
  tell();
}

// Everything the person needs for a shift, as it is now.
export async function pull() {
  const found = await get(DATA);
  const { tasks, ...rest } = found;
  await store.replaceTasks(tasks, { ...rest, pulled: Date.now() });
  now.pulled = Date.now();
  const known = await store.kept("outlines");
  if (!known || known.version !== found.outlines_version) await store.keep("outlines", { version: found.outlines_version, shapes: await get(document.body.dataset.outlines) });
  navigator.serviceWorker?.controller?.postMessage({ keep: "page" });
}

export async function queue(act) {
  const all = await store.acts();
  const before = all.filter((other) => other.case === act.case && other.key !== act.key && other.state !== "done" && other.state !== "draft").at(-1);
  await store.saveAct({ ...act, state: "queued", after: before?.key ?? null, problems: [], answer: null });
  tell();
  sync();
}

export function start(period = 30000) {
  window.addEventListener("online", () => sync({ pull: true }));
  window.addEventListener("offline", () => { now.offline = true; tell(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sync({ pull: !now.pulled || Date.now() - now.pulled > 60000 }); });
  setInterval(async () => {
    if (document.hidden || now.login) return;
    if ((await store.acts()).some((act) => WAITING.has(act.state)) || now.offline) sync();
  }, period);
  return sync({ pull: true });
}

// How the queue stands, in a word.
export async function standing() {
  const open = await store.unsent();
  const waiting = open.filter((act) => WAITING.has(act.state)).length;
  const stuck = open.filter((act) => act.state === "conflict" || act.state === "refused").length;
  const text = () => {
    if (now.login) return { tone: "risk", text: gettext("Log in again · %(n)s waiting", { n: waiting }), symbol: "lock" };
    if (stuck) return { tone: "bad", text: gettext("%(n)s need you", { n: stuck }), symbol: "alert-triangle" };
    if (now.running && waiting) return { tone: "info", text: gettext("Sending · %(n)s left", { n: waiting }), symbol: "refresh" };
    if (now.offline) return { tone: "risk", text: waiting ? gettext("Offline · %(n)s waiting", { n: waiting }) : gettext("Offline"), symbol: "wifi-off" };
    return waiting ? { tone: "risk", text: gettext("%(n)s waiting", { n: waiting }), symbol: "clock" } : { tone: "ok", text: gettext("All handed in"), symbol: "circle-check" };
  };
  return { ...text(), waiting, stuck };
}
