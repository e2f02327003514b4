// Asks the API as the page's viewer: changes carry the session's CSRF value and a key, so that none is done twice.
const PREFIX = "/api/v1";
let csrf;

export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? document.body.dataset.unreachable ?? "");
    Object.assign(this, { status, code: body?.code, details: body?.details ?? {}, errors: body?.errors ?? [] });
  }
}

async function answered(asking) {
  let answer;
  try {
    answer = await asking;
  } catch {
    throw new Problem(0, null);
  }
  if (answer.status === 401) {
    location.assign(`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`);
  }
  if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => null));
  return answer;
}

export async function read(path) {
  return (await answered(fetch(PREFIX + path))).json();
}

export async function call(method, path, body) {
  csrf ??= (await read("/me")).csrf;
  const answer = await answered(
    fetch(PREFIX + path, {
      method,
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": crypto.randomUUID() },
      body: body === undefined ? undefined : JSON.stringify(body),
    }),
  );
  return answer.status === 204 ? null : answer.json();
}

/** A part of a page, as the server renders it. */
export async function part(address) {
  const headers = { Accept: "text/html, application/problem+json" };
  return (await answered(fetch(address, { headers }))).text();
}
