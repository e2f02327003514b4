// Counts as the network counts, while somebody types: the server knows how.
import { call } from "./api.js";

const WAIT = 120;

export function counting(root) {
  const soon = new WeakMap();
  root.addEventListener("input", ({ target }) => {
    if (target.dataset.channel === undefined) return;
    clearTimeout(soon.get(target));
    soon.set(target, setTimeout(() => count(target), WAIT));
  });
}

async function count(field) {
  const name = field.name.replace("_text", "");
  const { length, limit } = await call("POST", "/drafts/count", { channel: field.dataset.channel, part: name, text: field.value });
  const shown = field.parentElement.querySelector("[data-count]");
  shown.textContent = `${length} / ${limit}`;
  shown.classList.toggle("over", length > limit);
}
