// Figures: they come one after the other; what was rated is shown anew, and the next is gone to.
import { parts } from "./api.js";
import "./frame.js";
import { eventsOf } from "./live.js";
import { find, put, show } from "./parts.js";

const figures = document.querySelector("[data-failed]");

async function readAll() {
  const cards = figures?.dataset.cards;
  try {
    for await (const { data } of cards ? eventsOf(await parts(cards)) : []) {
      const card = find(data.figure);
      put(card, data.html);
      delete card.dataset.load;
    }
  } catch {
    // those that did not come are asked for by themselves, and say why
  }
  for (const card of document.querySelectorAll("[data-load]")) {
    try {
      await show(card.dataset.part, card.dataset.load);
    } catch (problem) {
      const told = card.querySelector(".skeleton");
      told.className = "problem";
      told.removeAttribute("aria-hidden");
      told.setAttribute("role", "alert");
      told.textContent = `${figures.dataset.failed} ${problem.message}`;
      card.querySelector(".hidden")?.remove();
    }
  }
}

readAll();

document.addEventListener("done", async ({ target, detail }) => {
  if (target.dataset.openAfter) location.assign(target.dataset.openAfter + encodeURIComponent(detail.id));
  if (!target.dataset.rated) return;
  const items = find("items");
  const open = [...items.querySelectorAll("[data-open-item]")].map(({ id }) => id);
  const following = open[open.indexOf(target.dataset.rated) + 1];
  await show("items", items.dataset.loadAgain);
  const next = document.getElementById(following ?? target.dataset.rated);
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
});

// On paper there is nothing to unfold: what each number counts stands beside it.
window.addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll(".definition:not([open])")) {
    folded.open = true;
    folded.dataset.forPaper = "";
  }
});
window.addEventListener("afterprint", () => {
  for (const opened of document.querySelectorAll("[data-for-paper]")) {
    opened.open = false;
    delete opened.dataset.forPaper;
  }
});
