// Taking what was suggested: inserted, copied, edited or dismissed, and written down as such.
import { call, part } from "./api.js";
import { tell } from "./forms.js";
import { bind } from "./keys.js";
import { renew } from "./panel_answers.js";
import { insert } from "./panel_host.js";
import { find, show } from "./parts.js";
import { BLANK } from "./reply_choosing.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

const panel = find("panel");
const conversation = () => panel.querySelector(".session").dataset.session;
const warning = document.getElementById("warning");
const dismissing = document.getElementById("dismissing");

// ---- an answer's cards

const run = {
  insert: (card) => take(card, "inserted", insert),
  copy: (card) => take(card, "copied", copy),
  edit(card) {
    const field = card.querySelector(".editing");
    field.hidden = !field.hidden;
    if (!field.hidden) field.querySelector("textarea").focus();
  },
  dismiss(card) {
    dismissing.querySelector("form").reset();
    dismissing.dataset.suggestion = card.dataset.suggestion;
    dismissing.dataset.turn = card.closest(".answer").dataset.turn;
    dismissing.showModal();
  },
};

async function take(card, state, how) {
  const { suggestion } = card.dataset;
  const field = card.querySelector("textarea");
  if (card.dataset.saved !== undefined && BLANK.test(field.value)) return fillIn(card, field);
  if (!(await mayBeTaken(card))) return;
  try {
    await how(field.value, { private: card.dataset.card !== "public" });
    toast(words(state === "inserted" ? "panel_inserted" : "panel_copied"));
    if (!suggestion) return;
    const changed = field.value !== card.dataset.original;
    const became = changed && state === "copied" ? "edited" : state;
    await decide(suggestion, changed ? { state: became, text: field.value } : { state });
    await renew(conversation(), card.closest(".answer").dataset.turn);
  } catch (problem) {
    toast(problem.message);
  }
}

/** Whoever would take a text with a variable in it writes over that first. */
function fillIn(card, field) {
  const blank = BLANK.exec(field.value);
  card.querySelector(".editing").hidden = false;
  field.focus();
  field.setSelectionRange(blank.index, blank.index + blank[0].length);
  toast(words("panel_unfilled", { what: blank[0] }));
}

const decide = (suggestion, body) => call("POST", `/conversations/${conversation()}/suggestions/${suggestion}`, body);

/** Whether somebody who has read what there is to mind takes it all the same. */
function mayBeTaken(card) {
  const warned = [...card.querySelectorAll("[data-warnings] > li")];
  if (!warned.length) return true;
  warning.querySelector("[data-warnings]").replaceChildren(...warned.map((one) => one.cloneNode(true)));
  warning.returnValue = "";
  warning.showModal();
  return new Promise((told) => {
    warning.addEventListener("close", () => told(warning.returnValue === "anyway"), { once: true });
  });
}

/** Put a text on the clipboard; a frame that the host does not let do so selects it instead. */
async function copy(told) {
  try {
    await navigator.clipboard.writeText(told);
  } catch {
    const field = document.createElement("textarea");
    field.value = told;
    field.className = "off-page";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (!done) throw new Error(words("panel_not_copied"));
  }
}

panel.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-do]");
  if (button) run[button.dataset.do](button.closest("[data-card]"));
});
dismissing.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { suggestion, turn } = dismissing.dataset;
  try {
    await decide(suggestion, { state: "dismissed", reason: event.target.elements.reason.value });
    dismissing.close();
    await renew(conversation(), turn);
  } catch (problem) {
    tell(event.target, problem.message, problem.errors);
  }
});

// ---- the question worth asking

const asked = {
  copy: (field) => copy(field.value),
  async insert(field) {
    await insert(field.value, { private: true });
    await asked.asked(field);
  },
  async asked(field) {
    const own = field.value.trim() !== field.defaultValue.trim();
    await call("POST", `/conversations/${conversation()}/question/asked`, own ? { text: field.value } : {});
  },
  edit(field) {
    const place = field.closest(".editing");
    place.hidden = !place.hidden;
    if (!place.hidden) field.focus();
  },
  refused: () => call("POST", `/conversations/${conversation()}/question/refused`),
};

panel.addEventListener("click", async ({ target }) => {
  const step = target.closest("[data-ask]")?.dataset.ask;
  if (!step) return;
  const form = target.closest("form");
  tell(form, "");
  try {
    await asked[step](form.querySelector(".editing textarea"));
    if (step === "copy") toast(words("panel_copied"));
    else if (step !== "edit") await show("question", `/panel/sessions/${conversation()}/question`);
  } catch (problem) {
    tell(form, problem.message, problem.errors);
  }
});

// ---- sources

async function openSource(button) {
  const dialog = document.getElementById("source");
  const { turn } = button.closest(".answer").dataset;
  try {
    find("source").innerHTML = await part(`/panel/sessions/${conversation()}/turns/${turn}/sources/${button.dataset.source}`);
  } catch (problem) {
    return toast(problem.message);
  }
  dialog.showModal();
  (dialog.querySelector(".document") ?? document.getElementById("source-title")).focus();
  document.getElementById("the-place")?.scrollIntoView({ block: "center" });
}
panel.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-source]");
  if (button) openSource(button);
});

// ---- by key: of the answer that has the focus, else of the newest

function here(selector) {
  const answer = document.activeElement.closest?.(".answer") ?? panel.querySelector(".answer[data-state]");
  return (document.activeElement.closest?.("[data-card]") ?? answer)?.querySelector(selector);
}
bind("policy", "p", () => here("[data-policy]")?.click());
bind("insert", "i", () => here("[data-do=insert]")?.click());
bind("copy", "c", () => here("[data-do=copy]")?.click());
bind("edit", "e", () => here("[data-do=edit]")?.click());
bind("dismiss", "x", () => here("[data-do=dismiss]")?.click());
bind("why", "w", () => here("[data-why]")?.toggleAttribute("open"));
