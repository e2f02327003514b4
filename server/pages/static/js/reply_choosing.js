// The dialog in which a saved reply is chosen: a search, arrows, Enter.
import { show } from "./parts.js";
import { words } from "./words.js";

/** What is not filled in. */
export const BLANK = /\{\{\s*[\p{L}\p{N}_-]+\s*\}\}/u;

/**
 * The dialog; `take` is called with the id and the title of what was chosen. Returns what opens it with the choices at
 * an address, what says why nothing came of it, and what closes it; nothing where the page has no such dialog.
 */
export function choosing(take) {
  const dialog = document.getElementById("saved-replies");
  if (!dialog) return undefined;
  const search = dialog.querySelector("[name=find]");
  const tell = (said) => (dialog.querySelector("[data-told]").textContent = said);

  search.addEventListener("input", () => narrow(dialog, search.value));
  dialog.addEventListener("keydown", (event) => walk(event, dialog, search));
  dialog.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-saved-reply]");
    if (!button || button.getAttribute("aria-disabled") === "true") return;
    take(button.dataset.savedReply, button.querySelector("bdi").textContent);
  });
  async function open(address) {
    search.value = "";
    tell("");
    dialog.showModal();
    await show("saved-replies", address).catch((problem) => tell(problem.message));
    narrow(dialog, search.value);
  }
  return { dialog, open, tell, close: () => dialog.close() };
}

const choices = (dialog) => [...dialog.querySelectorAll("li:not([hidden]) > [data-saved-reply]")];

function narrow(dialog, typed) {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  for (const item of dialog.querySelectorAll("[data-found]")) item.hidden = !wanted.every((word) => item.dataset.found.includes(word));
  const none = dialog.querySelector("[data-none]");
  if (none) none.hidden = choices(dialog).length > 0;
  dialog.querySelector("[data-found-count]").textContent = words("replies_found", { n: choices(dialog).length });
}

/** Arrows walk through what was found; Enter in the search takes the first. */
function walk(event, dialog, search) {
  const found = choices(dialog);
  const here = found.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    (found[here + step] ?? (step < 0 ? search : found.at(-1)))?.focus();
  } else if (event.key === "Enter" && event.target === search) {
    event.preventDefault();
    found.find((one) => one.getAttribute("aria-disabled") !== "true")?.click();
  }
}
