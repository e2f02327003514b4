// Transcripts: entries are found by their address, what was seen is read when it is opened, forms are sent.
import { part } from "./api.js";
import { bodyOf, send } from "./forms.js";
import "./frame.js";
import { put } from "./parts.js";
import "./sparse.js";

const line = document.querySelector("[data-of]");

// ---- an entry's address

function goTo(id) {
  const entry = document.getElementById(id);
  if (!entry) return false;
  entry.closest("details:not([open])")?.setAttribute("open", "");
  entry.scrollIntoView({ block: "start" });
  entry.focus({ preventScroll: true });
  return true;
}

/** An entry that does not stand on this page of the time line is on another one. */
function arrive() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (!line || !id || goTo(id)) return;
  if (new URLSearchParams(location.search).get("at") === id) return;
  location.replace(`/transcripts/${encodeURIComponent(line.dataset.of)}?at=${encodeURIComponent(id)}#${encodeURIComponent(id)}`);
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href*='#']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const { pathname, hash } = new URL(link.href);
  if (pathname !== location.pathname || !document.getElementById(hash.slice(1))) return;
  event.preventDefault();
  if (link.matches("[data-source]")) openSource(hash.slice(1));
  else location.hash = hash;
});

function openSource(id) {
  const source = document.getElementById(id);
  source.closest("details")?.setAttribute("open", "");
  const own = source.querySelector("details");
  own.setAttribute("open", "");
  source.scrollIntoView({ block: "center" });
  own.querySelector("summary").focus({ preventScroll: true });
}

window.addEventListener("hashchange", arrive);
arrive();

// ---- what is read when it is opened

document.addEventListener(
  "toggle",
  async ({ target }) => {
    if (!target.open || !target.dataset.load || target.dataset.begun) return;
    target.dataset.begun = "";
    const place = target.querySelector("[data-loaded]");
    place.className = "skeleton";
    try {
      put(place, await part(target.dataset.load));
    } catch (problem) {
      place.textContent = problem.message;
      delete target.dataset.begun;
    } finally {
      place.className = "";
    }
  },
  true,
);

// ---- forms

/** The points of a scorecard, by question; null: it does not apply. */
function pointsOf(form) {
  const points = {};
  for (const question of form.querySelectorAll("[data-question]")) {
    const chosen = question.querySelector("input:checked");
    if (chosen) points[question.dataset.question] = chosen.value === "" ? null : Number(chosen.value);
  }
  return points;
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.dataset.points === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const body = { version: Number(form.dataset.version) };
    const all = bodyOf(form);
    for (const name of ["comment", "words"]) if (all[name]) body[name] = all[name];
    if (form.dataset.points !== "if-open" || form.querySelector("#other-answers").open) body.points = pointsOf(form);
    send(form, body);
  },
  true,
);

document.addEventListener("done", async ({ target, detail }) => {
  if (target.dataset.reload !== undefined) location.reload();
  if (target.dataset.openAfter) location.assign(target.dataset.openAfter + detail.id);
  if (target.dataset.renew) {
    const { renew } = target.dataset;
    put(document.getElementById(renew), await part(`${location.pathname}/entries/${renew}`));
    document.getElementById(renew).focus();
  }
});
