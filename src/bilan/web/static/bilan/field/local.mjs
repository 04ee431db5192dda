// A task as it stands once what waits on the phone is handed in.
export const WAITING = new Set(["queued", "sending"]);

const transitionOf = (task, flows, name) => flows?.[task.flow]?.transitions.find((entry) => entry.name === name);

// The state that waiting acts lead to, its title, and how many acts wait.
export function pending(task, acts, flows) {
  let state = task.state;
  const waiting = acts.filter((act) => act.case === task.code && WAITING.has(act.state));
  for (const act of waiting) state = (act.action === "move" && transitionOf(task, flows, act.transition)?.to) || state;
  return { stateNow: state, stateTitle: flows?.[task.flow]?.states[state]?.title ?? { zh: state }, tone: flows?.[task.flow]?.states[state]?.tone, waiting: waiting.length, own: task.own || waiting.some((act) => act.action === "take") };
}

// What can be done: as the platform said while nothing waits, else what the flow and the person's roles allow from where it will stand.
export function choices(task, acts, flows, person) {
  const flow = flows?.[task.flow];
  if (!flow) return [];
  const { stateNow, waiting, own } = pending(task, acts, flows);
  if (!waiting) return task.choices.map((choice) => ({ ...choice, transition: transitionOf(task, flows, choice.transition) })).filter((choice) => choice.transition);
  const done = new Set(acts.filter((act) => act.case === task.code && WAITING.has(act.state)).map((act) => act.transition));
  return flow.transitions
    .filter((entry) => entry.from.includes(stateNow) && (!entry.roles.length || entry.roles.some((role) => person.roles.includes(role))) && (!entry.owner || own) && !entry.not_by.some((name) => done.has(name)))
    .map((transition) => ({ transition, allowed: true, why_not: [], part: "" }));
}

// Names that conditions of fields and evidence may use.
export function known(task, values = {}) {
  return { ...task.entry_values, ...task.values, level: task.level, round: task.round, state: task.state, opened: (task.opened ?? "").slice(0, 10), subject: task.subject, ...values };
}
