// Asking, and reading the answer while it is written. Nothing that is streamed counts before its end.
import { call, part, stream } from "./api.js";
import { tell } from "./forms.js";
import { bind } from "./keys.js";
import { eventsOf } from "./live.js";
import { find, show } from "./parts.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

const ENDS = new Set(["checked", "cancelled", "interrupted", "failed"]);
const WAIT = 1000;
const LONGEST_WAIT = 15_000;
const panel = find("panel");
const session = () => panel.querySelector(".session");
const turnsOf = (id) => `/conversations/${id}/turns`;

/** Read on what is being written in a session that was opened. */
export function following(opened) {
  for (const running of opened.querySelectorAll('.answer[data-state="running"]')) {
    const { turn, kind } = running.dataset;
    const shown = provisional(kind, running.querySelector(".asked")?.textContent ?? "");
    running.replaceWith(shown.article);
    readOn(shown, opened.dataset.session, { turn, last: 0 });
  }
}

// ---- what is asked

/** Ask for an answer; `asked` is what is said to have been asked for while it is written. */
export async function ask(form, body, asked = body.instruction ?? body.text ?? "") {
  const id = session().dataset.session;
  const shown = provisional(body.kind, asked);
  const answers = document.getElementById("answers");
  tell(form, "");
  answers.prepend(shown.article);
  document.getElementById("aloud").textContent = "";
  let answer;
  try {
    answer = await stream("POST", turnsOf(id), body);
  } catch (problem) {
    shown.article.remove();
    tell(form, problem.message, problem.errors);
    return;
  }
  if (form.id === "asking" && body.kind !== "saved_reply") form.reset(); // it answers nothing that was typed
  await readOn(shown, id, { turn: answer.headers.get("location").split("/").at(-2), last: 0 }, answer);
}

/** Read a turn's stream to its end, however often the connection is lost on the way. */
async function readOn(shown, id, place, answer) {
  for (let wait = WAIT; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
    try {
      answer ??= await stream("GET", `${turnsOf(id)}/${place.turn}/stream`, undefined, { "Last-Event-ID": place.last });
      shown.say("");
      shown.cancellable(() => cancel(id, place.turn));
      let ended = false;
      for await (const event of eventsOf(answer.body)) {
        if (event.id) place.last = event.id;
        wait = WAIT;
        shown.hear(event);
        if (event.kind === "suggestion" && event.data.kind === "question") shown.question = true;
        ended ||= ENDS.has(event.kind);
      }
      if (ended) return await finish(shown, id, place.turn);
    } catch (problem) {
      if (problem.status >= 400 && problem.status < 500 && problem.status !== 401) return shown.say(problem.message);
    }
    answer = undefined;
    shown.say(words("panel_lost"));
    await new Promise((again) => setTimeout(again, wait));
    if (!shown.article.isConnected) return; // somebody has gone on to another customer
  }
}

async function cancel(id, turn) {
  try {
    await call("POST", `${turnsOf(id)}/${turn}/cancel`);
  } catch (problem) {
    toast(problem.message);
  }
}

async function finish(shown, id, turn) {
  await renew(id, turn, shown.article);
  document.getElementById("aloud").textContent = words("panel_checked");
  if (shown.question && session()?.dataset.session === id) await show("question", `/panel/sessions/${id}/question`);
}

/** Put an answer as it stands in the place of what is shown of it. */
export async function renew(id, turn, article = document.getElementById(turn)) {
  const written = document.createElement("template");
  written.innerHTML = await part(`/panel/sessions/${id}/turns/${turn}`);
  if (!article.isConnected) return;
  const focused = article.contains(document.activeElement);
  const open = [...article.querySelectorAll("details[open][id]")].map((one) => one.id);
  const now = written.content.querySelector(".answer");
  article.replaceWith(now);
  for (const one of open) document.getElementById(one)?.setAttribute("open", "");
  if (focused) now.focus();
}

// ---- what is shown while it is written

function provisional(kind, asked) {
  const article = document.getElementById("provisional").content.cloneNode(true).firstElementChild;
  const place = (name) => article.querySelector(`[data-place="${name}"]`);
  place("kind").textContent = words(`panel_${kind}`);
  place("asked").textContent = asked;
  place("asked").hidden = !asked;
  const hear = ({ kind: heard, data }) => {
    if (heard === "evidence") {
      const sources = [...new Set(data.evidence.map(({ source }) => source))];
      place("read").textContent = words("panel_read", { n: data.evidence.length, sources: sources.join(" · ") });
      place("unread").textContent = data.unread.join(". ");
    } else if (heard === "text") {
      place("text").append(data.add);
      place("box").hidden = false;
    } else if (heard === "replaced") {
      place("replaced").hidden = !place("text").textContent;
      place("text").textContent = data.text;
      place("box").hidden = false;
    } else if (heard === "checks") {
      place("state").textContent = words("panel_checked");
    } else if (heard === "stream.ended") {
      place("state").textContent = data.detail;
    }
  };
  const say = (said) => {
    place("told").textContent = said;
  };
  const cancellable = (run) => {
    const button = article.querySelector("[data-cancel]");
    button.hidden = false;
    button.onclick = run;
  };
  return { article, hear, say, cancellable, question: false };
}

// ---- by hand and by key

panel.addEventListener("click", ({ target }) => {
  const button = target.closest("#asking [data-kind]");
  if (!button || button.matches("[data-kind=reply]")) return;
  begin(button.form, button.dataset.kind);
});
panel.addEventListener("submit", (event) => {
  if (event.target.id === "asking") {
    event.preventDefault();
    begin(event.target, "reply");
  } else if (event.target.dataset.rewrite) {
    event.preventDefault();
    rewrite(event.target);
  }
});

function begin(form, kind) {
  const text = form.elements.text.value.trim();
  const field = form.elements.text;
  if (kind === "summary") return ask(form, { kind });
  if (kind === "question" && !text) {
    tell(form, words("panel_ask_what"));
    return field.focus();
  }
  return ask(form, text ? { kind, text } : { kind });
}

function rewrite(form) {
  const { rewrite: turn } = form.dataset;
  const changed = [...form.closest(".answer").querySelectorAll(".editing:not([hidden]) textarea")][0];
  const body = { kind: "rewrite", rewrite_of: turn, instruction: form.elements.instruction.value };
  return ask(form, changed ? { ...body, text: changed.value } : body);
}

const press = (selector) => () => panel.querySelector(selector)?.click();
bind("reply", "r", press("#asking [data-kind=reply]"));
bind("ask", "a", press("#asking [data-kind=question]"));
bind("offers", "o", press("#asking [data-kind=offers]"));
bind("summary", "s", press("#asking [data-kind=summary]"));
bind("cancel", "q", press("[data-cancel]:not([hidden])"));
bind("reply-typed", "Ctrl+Enter", () => {
  const button = panel.querySelector("#asking:focus-within [data-kind=reply]");
  button?.focus(); // out of the field, so that the keys of the answer work
  button?.click();
});
