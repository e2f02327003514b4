// The panel: a customer is found, then everything happens in their session.
import { call, part } from "./api.js";
import "./frame.js";
import { bind } from "./keys.js";
import { following } from "./panel_answers.js";
import "./panel_cards.js";
import { hosted } from "./panel_host.js";
import { keepUp, leaveOff } from "./panel_live.js";
import { opening } from "./panel_opening.js";
import "./panel_replies.js";
import { find, put, show } from "./parts.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

const panel = find("panel");
const session = () => panel.querySelector(".session");
const of = () => `/conversations/${session().dataset.session}`;
const leaving = document.getElementById("leaving");
const framed = document.body.classList.contains("embedded");

// ---- from one customer to the next

async function begin() {
  const html = await part("/panel/opening");
  leaveOff();
  put(panel, html);
  if (!framed) history.pushState(null, "", "/panel");
  opening(panel, enter);
}

/** Go into a session; `said` is what the customer just said, for whoever asks next. */
async function enter({ html, address }, said = "") {
  put(panel, html ?? (await part(`${address}/session`)));
  if (!framed) history.pushState(null, "", address);
  const field = panel.querySelector("#asking textarea");
  if (field) {
    field.value = said;
    field.dataset.said = said;
    field.focus();
  }
  follow();
}

function follow() {
  following(session());
  keepUp(session());
}

panel.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const row = event.target.closest("[data-leave], a[data-session]");
  if (!row) return;
  event.preventDefault();
  if (row.dataset.session) enter({ address: `/panel/sessions/${row.dataset.session}` });
  else leave();
});

/** Go on to another customer, unless something was typed and somebody thinks better of it. */
function leave() {
  const typed = [...panel.querySelectorAll("textarea")].some((field) => field.value !== field.defaultValue);
  if (!typed) return begin();
  leaving.returnValue = "";
  leaving.showModal();
}
leaving.addEventListener("close", () => leaving.returnValue === "leave" && begin());
addEventListener("popstate", () => location.reload());

// ---- what is said of the session itself

panel.addEventListener("done", ({ target }) => {
  const { then } = target.dataset;
  if (then) show(then, `/panel/sessions/${session().dataset.session}/${then}`);
  if (then === "customer") toast(words("panel_confirmed"));
});
panel.addEventListener("click", async ({ target }) => {
  try {
    if (target.closest("[data-close]")) {
      await call("POST", `${of()}/close`);
      await begin();
    } else if (target.closest("[data-solved]")) {
      await call("POST", `${of()}/question`, { solved: true });
      await show("question", `/panel/sessions/${session().dataset.session}/question`);
    }
  } catch (problem) {
    toast(problem.message);
  }
});

// ---- by key

bind("another", "n", () => panel.querySelector("[data-leave]")?.click());
bind("say", "t", () => panel.querySelector("#asking textarea, #whom")?.focus());
bind("confirm", "v", () => {
  const place = panel.querySelector("#confirming");
  place?.setAttribute("open", "");
  place?.querySelector("input").focus();
});

if (framed) hosted({ begin, enter });
else if (session()) follow();
else if (panel.querySelector("#opening")) opening(panel, enter);
