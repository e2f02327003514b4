// Knowledge: parts that take a while are read after the page; a source's address opens the document at its place.
import { part } from "./api.js";
import "./frame.js";
import { put } from "./parts.js";
import "./sparse.js";

for (const place of document.querySelectorAll("[data-later]")) {
  part(place.dataset.later).then(
    (html) => put(place, html),
    (problem) => (place.textContent = problem.message),
  );
}

/** A place that a draft was written on may be gone from the document since. */
function arrive() {
  const gone = document.getElementById("place-gone");
  if (!gone) return;
  const name = decodeURIComponent(location.hash.slice(1));
  const place = name && document.getElementById(name);
  gone.hidden = !name || Boolean(place);
  place?.focus?.({ preventScroll: true });
}

window.addEventListener("hashchange", arrive);
arrive();

// data-leads is where a form leads when it is done: to what a field of it names, and on from there
document.addEventListener("done", ({ target }) => {
  const { reload, leads, leadsBy, leadsOn = "" } = target.dataset;
  if (reload !== undefined) location.reload();
  if (leads) location.assign(leads + (leadsBy ? encodeURIComponent(target.elements[leadsBy].value) : "") + leadsOn);
});

// what was wrong may stand in a part that is closed
document.addEventListener("refused", ({ target }) => {
  for (const closed of target.querySelectorAll("details:has([aria-invalid])")) closed.open = true;
  target.querySelector("[aria-invalid]")?.focus();
});
