// Figures: each is read by itself, one after the other; what was rated is shown anew, and the next is gone to.
import "./frame.js";
import { find, show } from "./parts.js";

const figures = document.querySelector("[data-failed]");

/** One after the other: a server that counts everything at once keeps everybody else waiting. */
async function readAll() {
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
