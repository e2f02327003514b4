// Spam and thanks, left unanswered together: what is checked is decided one by one, and what became of it is told.
import { call } from "./api.js";
import { tell } from "./forms.js";
import "./frame.js";
import { toast } from "./toasts.js";
import { refused, words } from "./words.js";

const form = document.getElementById("unanswered");
const all = document.getElementById("unanswered-all");
const done = document.getElementById("unanswered-done");
const items = () => [...form.querySelectorAll("[data-draft]")];
const box = (item) => item.querySelector("[name=draft]");
const checked = () => items().filter((item) => box(item).checked);

function count() {
  const n = checked().length;
  document.getElementById("unanswered-count").textContent = words("unanswered_chosen", { n, of: items().length });
  form.querySelector("button.main").disabled = n === 0;
  all.checked = n === items().length;
  all.indeterminate = n > 0 && !all.checked;
}

const seen = ({ dataset }) => ({ draft: dataset.draft, version: Number(dataset.version), digests: JSON.parse(dataset.digests) });

async function leave() {
  const chosen = new Map(checked().map((item) => [item.dataset.draft, item]));
  const button = form.querySelector("button.main");
  button.setAttribute("aria-busy", "true");
  tell(form, "");
  try {
    const asked = { items: [...chosen.values()].map(seen), reason: form.elements.reason.value };
    report(chosen, await call("POST", "/queue/no-replies", asked));
  } catch (problem) {
    tell(form, problem.message, problem.errors);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

function report(chosen, became) {
  const told = document.createElement("p");
  told.className = "notice";
  told.textContent = words("unanswered_done", { n: became.done.length });
  done.replaceChildren(told);
  for (const { draft, code, why, details } of became.left) {
    const item = chosen.get(draft);
    box(item).checked = false;
    const kept = document.createElement("p");
    kept.className = "notice bad";
    kept.textContent = words("unanswered_left", { name: item.dataset.author, why: refused(code, details) ?? why });
    done.append(kept);
  }
  const gone = became.done.map(({ draft, version }) => ({ ...seen(chosen.get(draft)), version }));
  if (gone.length) told.append(" ", undo(gone));
  for (const { draft } of gone) chosen.get(draft).remove();
  form.hidden = items().length === 0;
  count();
  done.focus();
}

/** Taken up again they wait in the queue, and are nobody's decision any more. */
function undo(gone) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words("undo");
  button.addEventListener("click", async () => {
    button.disabled = true;
    let back = 0;
    for (const { draft, ...as } of gone) {
      try {
        await call("POST", `/drafts/${draft}/release`, { ...as, reason: words("unanswered_undone") });
        back += 1;
      } catch (problem) {
        toast(problem.message);
      }
    }
    toast(words("unanswered_back", { n: back }));
    done.replaceChildren();
  });
  return button;
}

if (form) {
  form.addEventListener("change", ({ target }) => {
    if (target === all) for (const item of items()) box(item).checked = all.checked;
    count();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave();
  });
  count();
}
