// What the phone keeps of one person's work: tasks to read, acts to hand in, files that belong to them.
import { deleteDB, openDB } from "../../vendor/idb/idb.mjs";

const NAME = "bilan-field";
let opened = null;

function database() {
  opened ??= openDB(NAME, 1, {
    upgrade(db) {
      db.createObjectStore("kept");
      db.createObjectStore("tasks", { keyPath: "code" });
      db.createObjectStore("acts", { keyPath: "key" });
      db.createObjectStore("proofs", { keyPath: "key" }).createIndex("act", "act");
    },
    terminated() { opened = null; },
  });
  return opened;
}

export const kept = async (name) => (await database()).get("kept", name);
export const keep = async (name, value) => (await database()).put("kept", value, name);
export const tasks = async () => (await database()).getAll("tasks");
export const task = async (code) => (await database()).get("tasks", code);
export const act = async (key) => (await database()).get("acts", key);
export const saveAct = async (value) => { await (await database()).put("acts", value); return value; };
export const proofs = async (key) => (await (await database()).getAllFromIndex("proofs", "act", key)).sort((a, b) => a.made - b.made);
export const saveProof = async (value) => (await database()).put("proofs", value);
export const dropProof = async (key) => (await database()).delete("proofs", key);

// Acts in the order in which they were begun.
export async function acts() {
  return (await (await database()).getAll("acts")).sort((a, b) => a.made - b.made);
}

// Whether something has not reached the platform yet.
export const unsent = async () => (await acts()).filter((entry) => entry.state !== "done");

// All that was pulled, in one transaction: a phone that dies in between has the old or the new, never half of each.
export async function replaceTasks(found, rest) {
  const work = (await database()).transaction(["tasks", "kept"], "readwrite");
  await work.objectStore("tasks").clear();
  await Promise.all([...found.map((entry) => work.objectStore("tasks").put(entry)), ...Object.entries(rest).map(([name, value]) => work.objectStore("kept").put(value, name)), work.done]);
}

export const saveTask = async (value) => (await database()).put("tasks", value);
export const dropTask = async (code) => (await database()).delete("tasks", code);

// An act that was taken over by the platform keeps its line for the list and lets go of its files.
export async function finish(done) {
  const work = (await database()).transaction(["acts", "proofs"], "readwrite");
  const keys = await work.objectStore("proofs").index("act").getAllKeys(done.key);
  await Promise.all([work.objectStore("acts").put({ ...done, files: keys.length }), ...keys.map((key) => work.objectStore("proofs").delete(key)), work.done]);
}

export async function dropAct(key) {
  const work = (await database()).transaction(["acts", "proofs"], "readwrite");
  const keys = await work.objectStore("proofs").index("act").getAllKeys(key);
  await Promise.all([work.objectStore("acts").delete(key), ...keys.map((entry) => work.objectStore("proofs").delete(entry)), work.done]);
}

// What somebody else left on this phone, but not what they have yet to hand in.
export async function clearReadings() {
  const db = await database();
  const work = db.transaction(["tasks", "kept"], "readwrite");
  const person = await work.objectStore("kept").get("person");
  await Promise.all([work.objectStore("tasks").clear(), work.objectStore("kept").clear()]);
  if (person) await work.objectStore("kept").put(person, "person");
  await work.done;
}

export async function wipe() {
  (await database()).close();
  opened = null;
  await deleteDB(NAME);
  const names = await caches?.keys?.() ?? [];
  await Promise.all(names.filter((name) => name.startsWith("bilan-field-page")).map((name) => caches.delete(name)));
}

// crypto.randomUUID is there in secure places only.
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  return [...bytes].map((byte, at) => ([4, 6, 8, 10].includes(at) ? "-" : "") + byte.toString(16).padStart(2, "0")).join("");
}
