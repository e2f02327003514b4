// Parts of a page: elements with data-part, put anew as the server renders them. Focus, places and open details stay.
import { part } from "./api.js";
import { keepTimes } from "./times.js";

export const find = (name) => document.querySelector(`[data-part="${name}"]`);

/** Show in a part what stands at an address. */
export async function show(name, address) {
  const place = find(name);
  place.setAttribute("aria-busy", "true");
  try {
    put(place, await part(address));
  } finally {
    place.removeAttribute("aria-busy");
  }
}

export function put(place, html) {
  const focused = place.contains(document.activeElement) ? document.activeElement : undefined;
  const open = [...place.querySelectorAll("details[open][id]")].map((found) => found.id);
  const { scrollTop } = place;
  const written = document.createElement("template");
  written.innerHTML = html;
  place.replaceChildren(written.content);
  place.scrollTop = scrollTop;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  keepTimes(place);
  place.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
  if (focused) goBackTo(focused, place);
}

/** The focus where it was: in the same field, with the cursor where it stood, or on the same button. */
function goBackTo({ id, name, form, dataset, selectionStart, selectionEnd }, place) {
  let same = id && `#${CSS.escape(id)}`;
  if (!same && dataset.move) same = `button[data-move="${dataset.move}"]`;
  if (!same && name && form?.dataset.keep) same = `form[data-keep="${form.dataset.keep}"] [name="${name}"]`;
  const found = same ? place.querySelector(same) : null;
  found?.focus();
  if (found?.matches("textarea")) found.setSelectionRange(selectionStart, selectionEnd);
}
