// Forms that the API takes: data-api="POST /cases/…/notes", sent as JSON; what was wrong is told beside the field.
import { call } from "./api.js";

/** The fields of a form as a JSON body: empty ones are left out, numbers are numbers, a checkbox is true or false. */
export function bodyOf(form) {
  const body = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled || (field.type === "radio" && !field.checked)) continue;
    if (field.type === "checkbox") body[field.name] = field.checked;
    else if (field.multiple) body[field.name] = [...field.selectedOptions].map((option) => option.value);
    else if (field.value === "" && field.dataset.nobody !== undefined) body[field.name] = null;
    else if (field.value !== "") body[field.name] = field.type === "number" ? field.valueAsNumber : field.value;
  }
  return body;
}

/** Send one; `done` is dispatched with the answer, and nothing typed is lost if it is refused. */
export async function send(form, body = bodyOf(form)) {
  const [method, path] = form.dataset.api.split(" ");
  const button = form.querySelector("[type=submit], button:not([type])");
  tell(form, "");
  button?.setAttribute("aria-busy", "true");
  try {
    const answer = await call(method, path, body);
    form.dispatchEvent(new CustomEvent("done", { bubbles: true, detail: answer }));
  } catch (problem) {
    if (!(problem instanceof Error) || problem.status === undefined) throw problem;
    tell(form, problem.message, problem.errors);
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

export function tell(form, words, errors = []) {
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  const first = errors.map(({ where }) => form.elements[where.replace(/^body\./, "")]).find(Boolean);
  if (first) {
    first.setAttribute("aria-invalid", "true");
    first.focus();
  }
  let told = form.querySelector("[data-told]");
  if (!told) {
    told = document.createElement("p");
    told.className = "problem";
    told.setAttribute("role", "alert");
    told.dataset.told = "";
    form.append(told);
  }
  told.textContent = words;
}

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.api) return;
  event.preventDefault();
  send(event.target);
});
