// Saved replies: chosen in a dialog, put in at the cursor of the field that is written in, told along with its text.
import { call } from "./api.js";
import { bind } from "./keys.js";
import { BLANK, choosing } from "./reply_choosing.js";
import { words } from "./words.js";

const used = new Map();
let written; // the field that was written in last, by its name
let place; // where the cursor stood in it when the dialog was opened
const entered = new WeakSet(); // fields that somebody has been in: only there the cursor says where

/** The saved replies that were put into these parts of a draft. */
export const usedIn = (draft, fields) => (used.get(draft) ?? []).filter(({ part }) => fields.includes(`${part}_text`));

/** They are known to the server now. */
export const told = (draft) => used.delete(draft);

/** Offer them for the draft that stands in `desk`. */
export function offering(desk) {
  const form = () => desk.querySelector("#draft-form");
  const chooser = choosing((savedReply) => insert(chooser, form(), savedReply));
  if (!chooser) return;
  const open = () => choose(chooser, form());

  bind("saved", "Ctrl+.", open, () => Boolean(fieldOf(form())));
  desk.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-saved-replies]");
    if (!button) return;
    written = button.dataset.savedReplies;
    open();
  });
  desk.addEventListener("focusin", ({ target }) => target.dataset.channel !== undefined && enter(target));
  desk.addEventListener("input", ({ target }) => target.dataset.channel !== undefined && tellUnfilled(target));
  chooser.dialog.addEventListener("close", () => fieldOf(form())?.focus());
}

function enter(field) {
  written = field.name;
  entered.add(field);
}

function fieldOf(form) {
  const fields = [...(form?.querySelectorAll("textarea[data-channel]:not([readonly])") ?? [])];
  return fields.find(({ name }) => name === written) ?? fields[0];
}

async function choose(chooser, form) {
  const field = fieldOf(form);
  if (!field || chooser.dialog.open) return;
  written = field.name;
  if (!entered.has(field)) field.setSelectionRange(field.value.length, field.value.length);
  place = [field.selectionStart, field.selectionEnd];
  await chooser.open(`/inbox/drafts/${form.dataset.draft}/saved-replies?part=${partOf(field)}`);
}

const partOf = (field) => field.name.replace("_text", "");

async function insert(chooser, form, savedReply) {
  const field = fieldOf(form);
  const { draft } = form.dataset;
  let filled;
  try {
    filled = await call("POST", `/saved-replies/${savedReply}/fill`, { draft, part: partOf(field) });
  } catch (problem) {
    chooser.tell(problem.message);
    return;
  }
  chooser.close();
  put(field, filled.text, place);
  const { version, language, part } = filled;
  const others = (used.get(draft) ?? []).filter((one) => one.saved_reply !== filled.saved_reply || one.part !== part);
  used.set(draft, [...others, { saved_reply: filled.saved_reply, version, language, part }]);
  tellUnfilled(field, filled.unfilled);
}

/** Where the cursor was, in place of what was selected; what was not filled in is selected, to be written over. */
function put(field, text, [begins, ends]) {
  const before = /\S$/.test(field.value.slice(0, begins)) ? " " : "";
  const after = /^\S/.test(field.value.slice(ends)) ? " " : "";
  const said = before + text + after;
  field.focus();
  field.setSelectionRange(begins, ends);
  // as if it were typed, so that it can be undone
  if (!document.execCommand("insertText", false, said)) {
    field.setRangeText(said, begins, ends, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const blank = BLANK.exec(field.value);
  if (blank) field.setSelectionRange(blank.index, blank.index + blank[0].length);
}

function tellUnfilled(field, unfilled) {
  let notice = field.parentElement.querySelector("[data-unfilled]");
  if (!BLANK.test(field.value)) notice?.remove();
  else if (unfilled?.length) {
    notice ??= document.createElement("p");
    notice.className = "problem block";
    notice.setAttribute("role", "alert");
    notice.dataset.unfilled = "";
    const each = unfilled.map(({ variable, words: why }) => `{{${variable}}}: ${why}`).join("; ");
    notice.textContent = words("reply_unfilled", { each });
    field.after(notice);
  }
}
