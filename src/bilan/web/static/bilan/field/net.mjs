// Talking to the platform: what is no answer of ours counts as no net or as a session that is over, never as done.
export class NoNet extends Error {}
export class LogIn extends Error {}
export class Answered extends Error {
  constructor(status, body) { super(body?.message ?? `${status}`); this.status = status; this.body = body ?? {}; }
}

const token = () => /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";

async function asked(address, options) {
  let response;
  try {
    response = await fetch(address, { credentials: "same-origin", cache: "no-store", ...options, headers: { Accept: "application/json", ...options.headers } });
  } catch { throw new NoNet(); }
  const ours = response.headers.get("Content-Type")?.startsWith("application/json");
  if (response.status === 401 || response.redirected) throw new LogIn();
  if (response.status >= 500 || response.status === 429) throw new NoNet();
  let body = null;
  if (ours) { try { body = await response.json(); } catch { throw new NoNet(); } }
  return { response, body };
}

export async function get(address) {
  const { response, body } = await asked(address, {});
  if (!response.ok || body === null) throw response.ok ? new NoNet() : new Answered(response.status, body);
  return body;
}

// Sends; a form token that has run out is fetched anew once.
export async function post(address, body, refresh) {
  const options = () => (body instanceof FormData ? { method: "POST", body, headers: { "X-CSRFToken": token() } } : { method: "POST", body: JSON.stringify(body), headers: { "X-CSRFToken": token(), "Content-Type": "application/json" } });
  let answer = await asked(address, options());
  if (answer.response.status === 403 && answer.body === null) {
    await get(refresh);
    answer = await asked(address, options());
  }
  if (!answer.response.ok) throw new Answered(answer.response.status, answer.body);
  if (answer.body === null) throw new NoNet();
  return answer.body;
}
