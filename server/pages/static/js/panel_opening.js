// Finding the customer: as one types, by anything that they can name.
import { made, prepare, read } from "./api.js";
import { tell } from "./forms.js";
import { words } from "./words.js";

const WAIT = 150;
const LEAST = 2;
const BETWEEN_TWO = new Set(["phone", "chat", "email"]);

/** Make the opening work; `enter` is called with the session that was opened. */
export function opening(root, enter) {
  const form = root.querySelector("#opening");
  const field = form.elements.whom;
  const list = form.querySelector("#found");
  let soon;
  let chosen = -1;
  field.focus();

  const options = () => [...list.children];
  function close() {
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }
  function mark(number) {
    chosen = number;
    options().forEach((option, here) => option.setAttribute("aria-selected", String(here === chosen)));
    if (chosen < 0) field.removeAttribute("aria-activedescendant");
    else field.setAttribute("aria-activedescendant", options()[chosen].id);
  }
  async function suggest() {
    const typed = field.value.trim();
    if (typed.length < LEAST) return close();
    const found = await look(typed);
    if (field.value.trim() !== typed) return; // an answer to what is not asked any more
    list.replaceChildren(...found.map(optionOf));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    mark(-1);
  }

  field.addEventListener("input", prepare, { once: true });
  field.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(suggest, WAIT);
  });
  field.addEventListener("keydown", (event) => {
    const many = options().length;
    if (list.hidden || !many) return;
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") mark((chosen + 1) % many);
    else if (event.key === "ArrowUp") mark(chosen <= 0 ? many - 1 : chosen - 1);
    else if (event.key === "Enter" && chosen >= 0) options()[chosen].click();
    else return;
    event.preventDefault();
  });
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) => {
    const option = target.closest("[data-customer]");
    if (option) open(chosenBy(option.dataset, form.elements.channel.value));
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    open(meanings(field.value.trim()));
  });
  form.querySelector("#several").addEventListener("click", ({ target }) => {
    if (target.dataset.customer) open([{ customer: target.dataset.customer }]);
  });

  async function open(whoms) {
    close();
    const where = { channel: form.elements.channel.value };
    if (form.elements.brand?.value) where.brand = form.elements.brand.value;
    tell(form, "");
    form.setAttribute("aria-busy", "true");
    try {
      await enter(await openFirst(whoms, where));
    } catch (problem) {
      tell(form, problem.message, problem.errors);
      choose(problem.details.customers);
    } finally {
      form.removeAttribute("aria-busy");
    }
  }
  function choose(customers = []) {
    const place = form.querySelector("#several");
    place.hidden = !customers.length;
    place.replaceChildren(
      ...customers.map((id) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        Object.assign(button, { type: "button", textContent: id });
        button.dataset.customer = id;
        item.append(button);
        return item;
      }),
    );
  }
}

/** Open a session for the first of these that is somebody: its part, and its address. */
export async function openFirst(whoms, where) {
  let nobody;
  for (const whom of whoms) {
    try {
      return await made("/panel/sessions", { ...whom, ...where });
    } catch (problem) {
      if (problem.status !== 404) throw problem;
      nobody ??= problem;
    }
  }
  throw nobody;
}

/** What somebody who types this can mean, the likeliest first. */
function meanings(typed) {
  if (typed.startsWith("@")) return [{ handle: typed.slice(1) }];
  if (typed.includes("@")) return [{ email: typed }, { handle: typed }];
  if (/\d/.test(typed)) return [{ order: typed }, { customer: typed }, { handle: typed }];
  return [{ handle: typed }];
}

/** A handle that speaks where it was found is surer than a number that anybody could have named. */
function chosenBy({ customer, by, match }, channel) {
  const speaksThere = by === "handle" && !BETWEEN_TWO.has(channel);
  return speaksThere ? [{ handle: match }, { customer }] : [{ customer }];
}

async function look(typed) {
  try {
    return (await read(`/customers?q=${encodeURIComponent(typed)}`)).items;
  } catch {
    return []; // whoever is sought can be named in full
  }
}

function optionOf(found, number) {
  const option = document.createElement("li");
  option.id = `found-${number}`;
  Object.assign(option.dataset, { customer: found.customer, by: found.by, match: found.match });
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const name = document.createElement("bdi");
  name.textContent = found.name;
  const more = document.createElement("span");
  more.className = "soft";
  more.textContent = [...new Set([found.match, found.organisation, found.brand, found.customer])].filter(Boolean).join(" · ");
  option.append(name, " ", more);
  return option;
}
