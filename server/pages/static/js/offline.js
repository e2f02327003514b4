// When the connection is lost: since when, and why nothing can be done; until it is back.
import { clockOf } from "./times.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

const ACTS = "[data-move], [data-save], form[data-api] button:not([value=close], [type=button]), dialog[data-for] button.main, #sign-out";
const shown = document.getElementById("live");
let since;
let followed = false;

/** Since when the connection is lost, or nothing. */
export const lostSince = () => since;

/** Somebody follows the events here: whoever does knows best when the connection is back. */
export function following() {
  followed = true;
}

export function lost() {
  if (since) return;
  since = new Date();
  document.body.classList.add("offline");
  if (shown) {
    shown.textContent = words("offline", { time: clockOf(since) });
    shown.hidden = false;
  }
  mark();
}

export function back() {
  if (!since) return;
  since = undefined;
  document.body.classList.remove("offline");
  if (shown) {
    shown.textContent = "";
    shown.hidden = true;
  }
  for (const button of document.querySelectorAll("[data-waits]")) {
    for (const name of ["aria-disabled", "title", "data-waits"]) button.removeAttribute(name);
    if (button.dataset.described) button.setAttribute("aria-describedby", button.dataset.described);
    else button.removeAttribute("aria-describedby");
    delete button.dataset.described;
  }
  toast(words("online"));
}

/** Every button that would ask the server says why it waits; it can still be reached, so that this is read. */
function mark() {
  for (const button of document.querySelectorAll(`:is(${ACTS}):not([data-waits])`)) {
    button.dataset.waits = "";
    button.dataset.described = button.getAttribute("aria-describedby") ?? "";
    button.setAttribute("aria-disabled", "true");
    button.setAttribute("aria-describedby", "live");
    button.title = words("offline_waits");
  }
}

function hold(event) {
  const acts = event.type === "submit" ? event.target.matches("form[data-api], #draft-form, dialog[data-for] form") : event.target.closest(ACTS);
  if (!since || !acts) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  toast(words("offline_waits"));
}

document.addEventListener("click", hold, true);
document.addEventListener("submit", hold, true);
document.addEventListener("shown", () => since && mark());
addEventListener("offline", lost);
addEventListener("online", () => followed || back());
