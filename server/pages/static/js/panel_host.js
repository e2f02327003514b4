// The panel in a helpdesk's frame: no cookies there. The host hands it one-time links, says who the customer is, and is
// handed texts. Every message goes to exactly the origin that the frame is for, and none of another counts.
import { actBy, Problem } from "./api.js";
import { openFirst } from "./panel_opening.js";
import { find } from "./parts.js";
import { words } from "./words.js";

const EARLY = 60_000; // before the end of what one link allows another is asked for
const PATIENCE = 10_000;
const NAMES = ["customer", "email", "order", "handle", "case"];
const host = document.getElementById("panel").dataset.host;
const answers = new Map();
let person;
let shown;
let renewed;
let whoIsOnTheLine;

const say = (what, more = {}) => parent.postMessage({ deskside: what, ...more }, host);

/** Live in the host's frame; `begin` shows the opening, `enter` a session. */
export function hosted({ begin, enter }) {
  const heard = {
    link: ({ link }) => use(link, begin),
    customer: (told) => goTo(told, enter),
    inserted: ({ id }) => answers.get(id)?.(),
    refused: ({ id, why }) => answers.get(id)?.(String(why ?? words("panel_not_inserted"))),
  };
  addEventListener("message", ({ origin, source, data }) => {
    if (origin === host && source === parent && Object.hasOwn(heard, data?.deskside)) heard[data.deskside](data);
  });
  const link = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search); // the secret stays in no address
  if (link) use(link, begin);
  else renew().catch(tell);
}

// ---- who works here

/** Exchange a link for what the panel acts by until the host hands it the next one. */
async function use(link, begin) {
  try {
    const { token, seconds, person: who } = await exchange(String(link));
    actBy(token, renew);
    clearTimeout(shown);
    shown = setTimeout(() => say("link-needed"), Math.max(seconds * 1000 - EARLY, 0));
    renewed?.();
    if (who.id === person) return;
    person = who.id;
    whoIsOnTheLine = undefined;
    await begin();
    say("ready");
  } catch (problem) {
    tell(problem);
  }
}

async function exchange(link) {
  let answer;
  try {
    answer = await fetch("/api/v1/panel-links/exchange", {
      method: "POST",
      credentials: "omit",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ link, host }),
    });
  } catch {
    throw new Problem(0, null);
  }
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new Problem(answer.status, body);
  return body;
}

/** Ask the host for another link, and wait until it has come and counts. */
function renew() {
  say("link-needed");
  return new Promise((done, failed) => {
    const late = setTimeout(() => failed(new Error(words("panel_no_link"))), PATIENCE);
    renewed = () => {
      clearTimeout(late);
      done();
    };
  });
}

function tell(problem) {
  const told = document.createElement("p");
  told.className = "notice bad";
  told.setAttribute("role", "alert");
  told.textContent = problem.message;
  if (person) find("panel").prepend(told);
  else find("panel").replaceChildren(told);
}

// ---- what the host says, and what it is handed

async function goTo(told, enter) {
  const { channel = "chat", handle_channel, brand, said } = told;
  const whoms = NAMES.filter((name) => typeof told[name] === "string").map((name) => ({ [name]: told[name] }));
  const named = JSON.stringify(whoms);
  if (!whoms.length) return;
  if (named === whoIsOnTheLine) return hear(said);
  const where = Object.fromEntries(Object.entries({ channel, handle_channel, brand }).filter(([, value]) => value));
  try {
    const opened = await openFirst(whoms, where);
    whoIsOnTheLine = named;
    await enter(opened, typeof said === "string" ? said : "");
  } catch (problem) {
    tell(problem);
  }
}

/** What the customer has said since stands in the field, unless somebody is writing in it. */
function hear(said) {
  const field = document.querySelector("#asking textarea");
  if (!field || typeof said !== "string" || field.value !== (field.dataset.said ?? "")) return;
  field.value = said;
  field.dataset.said = said;
}

/** Put a text into the host's reply; done once the host says that it is there. */
export async function insert(text, { private: isPrivate }) {
  if (!host) throw new Error(words("panel_no_host"));
  const id = crypto.randomUUID();
  const refused = await new Promise((answered) => {
    answers.set(id, answered);
    setTimeout(() => answered(words("panel_not_inserted")), PATIENCE);
    say("insert", { id, text, private: isPrivate });
  });
  answers.delete(id);
  if (refused) throw new Error(refused);
}
