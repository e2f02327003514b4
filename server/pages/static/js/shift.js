// The end of a shift: cases are let go of and promises handed on, each with a note; what is not theirs any more is told.
import { call } from "./api.js";
import { tell } from "./forms.js";
import "./frame.js";
import { refused, words } from "./words.js";

const form = document.getElementById("shift");
const done = document.getElementById("shift-done");
const field = (item, name) => item.querySelector(`[name="${name}"]`);
const noted = (item) => (field(item, "note").value.trim() ? { note: field(item, "note").value.trim() } : {});

function asked() {
  const cases = [...form.querySelectorAll("[data-case]")].filter((item) => field(item, "release").checked);
  const promises = [...form.querySelectorAll("[data-promise]")].filter((item) => field(item, "to").value);
  const body = {
    cases: cases.map((item) => ({ case: item.dataset.case, ...noted(item) })),
    promises: promises.map((item) => {
      const [kind, id] = field(item, "to").value.split(":");
      return { promise: item.dataset.promise, [kind]: id, ...noted(item) };
    }),
  };
  const note = form.elements.for_all.value.trim();
  return note ? { ...body, note } : body;
}

async function end() {
  const button = form.querySelector("button.main");
  button.setAttribute("aria-busy", "true");
  tell(form, "");
  try {
    report(await call("POST", "/shift/end", asked()));
  } catch (problem) {
    tell(form, problem.message, problem.errors);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

const itemOf = (id) => form.querySelector(`[data-case="${id}"], [data-promise="${id}"]`);

function say(text, bad) {
  const told = document.createElement("p");
  told.className = bad ? "notice bad" : "notice";
  told.textContent = text;
  done.append(told);
}

function report({ done: ids, left }) {
  done.replaceChildren();
  say(words("shift_done", { n: ids.length }));
  for (const { id, code, why, details } of left)
    say(words("shift_left", { name: itemOf(id)?.dataset.name ?? id, why: refused(code, details) ?? why }), true);
  for (const id of ids) itemOf(id)?.remove();
  for (const section of form.querySelectorAll("section:has(.plain)")) section.hidden = !section.querySelector("li");
  done.focus();
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  end();
});
