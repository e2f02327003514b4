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
  const { channel } = field.dataset;
  const { draft } = field.form.dataset;
  const { length, limit, signature } = await call("POST", "/drafts/count", { channel, part: name, text: field.value, draft });
  const shown = field.parentElement.querySelector("[data-count]");
  const signed = field.parentElement.querySelector("[data-signed]");
  if (signed) {
    signed.textContent = `… ${field.value.slice(-24).trim()}${signature}`;
    signed.parentElement.hidden = !signature;
  }
  shown.textContent = `${length} / ${limit}`;
  shown.classList.toggle("over", length > limit);
}
