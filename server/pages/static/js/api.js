// Asks the API as the page's viewer: changes carry the session's CSRF value and a key, so that none is done twice.
import { refused } from "./words.js";

const PREFIX = "/api/v1";
let csrf; // as it comes: several may wait for it
let bearer; // in another site's frame, where there are no cookies
let renew;
let gone = false;

export class Problem extends Error {
  constructor(status, body) {
    super(refused(body?.code, body?.details ?? {}) ?? sentence(body?.detail ?? document.body.dataset.unreachable ?? ""));
    Object.assign(this, { status, code: body?.code, details: body?.details ?? {}, errors: body?.errors ?? [] });
  }
}

/** Words of a refusal as a sentence: they begin small and end without a stop where programs read them. */
const sentence = (words) => words && words[0].toUpperCase() + words.slice(1) + (/[.?!]$/.test(words) ? "" : ".");

/** Act by this from now on, and by no cookie; `renewing` is awaited when it does not count any more. */
export function actBy(token, renewing) {
  bearer = token;
  renew = renewing;
}

/** The session has run out: on to where one signs in, and back here after that. */
export function signIn() {
  if (gone) return;
  gone = true;
  location.assign(`/sign-in?to=${encodeURIComponent(location.pathname + location.search)}`);
}

/** Whether the page is being left because the session has run out: nobody can stay, and what is typed is kept. */
export const signingIn = () => gone;

async function answered(address, { headers = {}, ...asking } = {}, again = false) {
  const shown = bearer && { Authorization: `Bearer ${bearer}` };
  let answer;
  try {
    answer = await fetch(address, { ...asking, headers: { ...headers, ...shown }, credentials: bearer ? "omit" : "same-origin" });
  } catch {
    throw new Problem(0, null);
  }
  if (answer.status === 401 && !bearer) {
    signIn();
  } else if (answer.status === 401 && !again) {
    await renew();
    return answered(address, { headers, ...asking }, true);
  }
  if (!answer.ok) throw new Problem(answer.status, await answer.json().catch(() => null));
  return answer;
}

export async function read(path) {
  return (await answered(PREFIX + path)).json();
}

export async function call(method, path, body, asking = {}) {
  const headers = { ...(await signed()), "Idempotency-Key": crypto.randomUUID() };
  const answer = await answered(PREFIX + path, { ...asJson(method, headers, body), ...asking });
  return answer.status === 204 ? null : answer.json();
}

/** Make something of which a page shows a part: the part, and the address of what was made. */
export async function made(address, body) {
  const headers = { ...(await signed()), Accept: "text/html, application/problem+json" };
  const answer = await answered(address, asJson("POST", headers, body));
  return { html: await answer.text(), address: answer.headers.get("location") };
}

/** An answer that is read while it comes: its `body` is a stream of events. Without a key: it would be held back. */
export async function stream(method, path, body, headers = {}, asking = {}) {
  const shown = method === "GET" ? {} : await signed();
  return answered(PREFIX + path, { ...asJson(method, { ...shown, ...headers, Accept: "text/event-stream" }, body), ...asking });
}

/** Something will be sent soon: what it has to carry is asked for already. */
export const prepare = () => signed().catch(() => {});

async function signed() {
  if (bearer) return {};
  csrf ??= read("/me").then((me) => me.csrf);
  try {
    const value = await csrf;
    return value ? { "X-CSRF-Token": value } : {};
  } catch (problem) {
    csrf = undefined;
    throw problem;
  }
}

function asJson(method, headers, body) {
  if (body === undefined) return { method, headers };
  return { method, headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

/** A part of a page, as the server renders it. */
export async function part(address) {
  return (await answered(address, { headers: { Accept: "text/html, application/problem+json" } })).text();
}

/** Parts of a page that come one after the other: a stream of events. */
export async function parts(address) {
  return (await answered(address, { headers: { Accept: "text/event-stream" } })).body;
}

/** A part that is made of what is sent; nothing of it is kept. */
export async function posted(address, body) {
  const headers = { ...(await signed()), Accept: "text/html, application/problem+json" };
  return (await answered(address, asJson("POST", headers, body))).text();
}
