// Forms that the API takes: data-api="POST /cases/…/notes", sent as JSON; what was wrong is told beside the field.
import { call } from "./api.js";

/**
 * The fields of a form as a JSON body: empty ones are left out, numbers are numbers, a checkbox is true or false.
 * "match.words" is put into an object; of fields with data-many the values are collected, data-list is split at commas,
 * data-json is JSON, data-moment a time of the viewer's zone. data-with names a form whose fields are sent along.
 */
export function bodyOf(form) {
  const body = {};
  const along = form.dataset.with ? [...document.getElementById(form.dataset.with).elements] : [];
  const unchecked = form.dataset.withoutChecked !== undefined;
  for (const field of [...along, ...form.elements]) {
    if (!field.name || field.disabled || (field.type === "radio" && !field.checked)) continue;
    if (field.dataset.many !== undefined) {
      const meant = field.type !== "checkbox" || field.checked !== (unchecked && along.includes(field));
      body[field.name] ??= [];
      if (meant) body[field.name].push(field.value);
      continue;
    }
    const value = valueOf(field);
    if (value === undefined) continue;
    const path = field.name.split(".");
    const last = path.pop();
    path.reduce((within, name) => (within[name] ??= {}), body)[last] = value;
  }
  return body;
}

function valueOf(field) {
  const { dataset, type, value } = field;
  if (type === "checkbox") return field.checked;
  if (field.multiple && (value || dataset.optional === undefined)) return [...field.selectedOptions].map((option) => option.value);
  if (value === "" && dataset.optional !== undefined) return undefined;
  if (dataset.list !== undefined) return value.split(/[,\n]/).map((one) => one.trim()).filter(Boolean);
  if (value === "") return dataset.nobody !== undefined ? null : undefined;
  if (dataset.json !== undefined) return JSON.parse(value);
  if (dataset.moment !== undefined) return new Date(value).toISOString();
  return type === "number" || dataset.number !== undefined ? Number(value) : value;
}

/** Send one; `done` is dispatched with the answer, or `refused` with why: then nothing typed is lost. */
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
    tell(form, problem.message, problem.errors, problem.details.faults);
    form.dispatchEvent(new CustomEvent("refused", { bubbles: true, detail: problem }));
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

const called = (field) => field?.labels?.[0]?.firstChild.textContent.trim();

/** Say what was wrong, and go to the first field that it is about; `faults` are all that a record has. */
export function tell(form, words, errors = [], faults = []) {
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  const wrong = [...errors.map(({ where }) => where.replace(/^body\./, "")), ...faults.map(({ field }) => field)];
  const fields = wrong.map((name) => [...form.elements].find((one) => one.name === name || one.name?.startsWith(`${name}.`)));
  for (const field of fields) field?.setAttribute("aria-invalid", "true");
  const first = fields.find(Boolean);
  first?.focus();
  const named = ({ field, words: said }, at) => `${called(fields[errors.length + at]) ?? field}: ${said}`;
  let told = form.querySelector("[data-told]");
  if (!told) {
    told = document.createElement("p");
    told.className = "problem";
    told.setAttribute("role", "alert");
    told.dataset.told = "";
    form.append(told);
  }
  told.textContent = faults.length > 1 ? faults.map(named).join("\n") : words;
  if (words && !first) told.scrollIntoView({ block: "nearest" }); // it stands at the end of the form, which may be out of sight
}

document.addEventListener("submit", (event) => {
  if (!event.target.dataset.api) return;
  event.preventDefault();
  send(event.target);
});
