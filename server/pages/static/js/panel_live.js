// What happens elsewhere and changes the session that stands open: it is shown anew, and nothing typed is lost.
import { part, stream } from "./api.js";
import { eventsOf, unlessSilent } from "./live.js";
import { back, following, lost } from "./offline.js";
import { find, put } from "./parts.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

const WAIT = 2000;
const LONGEST = 30_000;
const SOON = 200;
const panel = find("panel");
let asking; // aborts what is listened to
let wake = () => {};
let soon;

addEventListener("online", () => wake());
addEventListener("offline", () => asking?.abort());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake());

/** Listen no more. */
export function leaveOff() {
  asking?.abort();
  clearTimeout(soon);
}

/** Follow what changes in a session that was opened, until another one is, or it has ended. */
export async function keepUp(session) {
  leaveOff();
  if (!session || session.dataset.closed !== undefined) return;
  following();
  const place = { position: session.dataset.heard };
  for (let failed = 0; session.isConnected; ) {
    try {
      await listen(session, place);
      failed = 0;
    } catch (problem) {
      if (!session.isConnected) return;
      if (problem.status === 404 || problem.status === 403) return;
      failed += 1;
      if (problem.status !== 429) lost();
    }
    await new Promise((again) => {
      wake = again;
      setTimeout(again, Math.min(LONGEST, WAIT * 2 ** failed) * (0.5 + Math.random() / 2));
    });
  }
}

async function listen(session, place) {
  const mine = (asking = new AbortController());
  const address = `/conversations/${session.dataset.session}/changes?after=${place.position}`;
  const answer = await stream("GET", address, undefined, {}, { signal: mine.signal });
  back();
  for await (const { id, kind, data } of eventsOf(answer.body.pipeThrough(unlessSilent(mine)))) {
    if (id) place.position = id;
    if (kind === "session.changed") later(session, data.what);
  }
}

/** What comes at once is shown at once; a change of the session is one of the customer, too. */
function later(session, what) {
  const whole = what === "session" || session.dataset.changed === "session";
  session.dataset.changed = whole ? "session" : what;
  clearTimeout(soon);
  soon = setTimeout(() => renew(session).catch((problem) => toast(problem.message)), SOON);
}

async function renew(session) {
  const { session: id, changed } = session.dataset;
  delete session.dataset.changed;
  if (changed !== "session") return showCustomer(session, await part(`/panel/sessions/${id}/customer`));
  const html = await part(`/panel/sessions/${id}/session`);
  const now = new DOMParser().parseFromString(html, "text/html").querySelector(".session");
  if (now.dataset.closed === undefined) showCustomer(session, now.querySelector("[data-part=customer]").innerHTML);
  else if (session.isConnected) hasEnded(html);
}

/** How things stand for the customer by now; whoever is saying how they made sure who speaks goes on writing. */
function showCustomer(session, html) {
  const place = find("customer");
  const now = document.createElement("template");
  now.innerHTML = html;
  if (!session.isConnected || saidBy(now.content) === saidBy(place)) return;
  const writing = place.querySelector("#confirming");
  const kept = writing?.querySelector("input").value ? writing : undefined;
  const focused = kept?.contains(document.activeElement) ? document.activeElement : undefined;
  put(place, html);
  if (kept) place.querySelector("#confirming")?.replaceWith(kept);
  focused?.focus();
  toast(words("panel_changed"));
}

/** What a part says, however long ago it says that things were. */
function saidBy(part) {
  const copy = part.cloneNode(true);
  for (const time of copy.querySelectorAll("time")) time.textContent = time.dateTime;
  return copy.textContent.replace(/\s+/g, " ").trim();
}

/** The session was ended elsewhere: it is shown as it is, and beside it what was typed. */
function hasEnded(html) {
  const typed = [...panel.querySelectorAll("textarea")].filter((field) => field.value !== field.defaultValue);
  put(panel, html);
  leaveOff();
  const place = panel.querySelector(".session > .notice");
  for (const { value } of typed) {
    const beside = document.createElement("textarea");
    Object.assign(beside, { defaultValue: value, readOnly: true });
    beside.setAttribute("aria-label", words("your_text"));
    place.after(beside);
  }
  place.setAttribute("role", "alert");
  place.tabIndex = -1;
  place.focus();
}
