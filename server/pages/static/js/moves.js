// Deciding on a draft: what was seen is named, so that nothing is decided of what has changed meanwhile.
import { call } from "./api.js";
import { bodyOf, tell } from "./forms.js";
import { told, usedIn } from "./saved_replies.js";

// After these the next draft is opened.
const LEAVES = new Set(["reject", "hand-over", "no-reply", "hold"]);

/** Make a move with a draft: {done} is its new state, {problem} why it was refused, which is told in the form too. */
export async function decide(form, move, more = {}) {
  const { draft, version, digests } = form.dataset;
  const seen = { version: Number(version), digests: JSON.parse(digests) };
  tell(form, "");
  const button = form.querySelector(`[data-move="${move}"]`);
  button?.setAttribute("aria-busy", "true");
  try {
    const done = await call("POST", `/drafts/${draft}/${move}`, { ...seen, ...(move === "approve" ? approval(form) : {}), ...more });
    told(draft);
    return { done };
  } catch (problem) {
    tell(form, problem.message, problem.errors);
    form.dispatchEvent(new CustomEvent("refused", { bubbles: true, detail: problem }));
    return { problem };
  } finally {
    button?.removeAttribute("aria-busy");
  }
}

/** Put the texts as they are typed in the draft's place, without sending them. */
export function save(form) {
  return decide(form, "edit", texts(form));
}

function texts(form) {
  const changed = [...form.querySelectorAll("textarea[data-channel]")].filter((field) => field.value !== field.defaultValue);
  const body = Object.fromEntries(changed.map((field) => [field.name, field.value || null]));
  const replies = usedIn(form.dataset.draft, Object.keys(body));
  if (replies.length) body.saved_replies = replies;
  return body;
}

/** What an approval names beside what was seen: texts that were changed, what was confirmed, the actions meant. */
function approval(form) {
  const body = texts(form);
  if (form.elements.confirmed?.checked) body.confirmed = true;
  if (form.elements.override?.value) body.override = form.elements.override.value;
  if (form.elements.send_at?.value) body.send_at = new Date(form.elements.send_at.value).toISOString();
  const actions = [...form.querySelectorAll("[name=actions]:checked")].map((box) => box.value);
  if (actions.length) body.actions = actions;
  return body;
}

// Where a check says no, Send waits for other words, or for the reason why these go out all the same.
document.addEventListener("input", ({ target }) => {
  const send = target.form?.querySelector("[data-blocked]");
  if (send) send.disabled = !target.form.elements.override?.value.trim() && !Object.keys(texts(target.form)).length;
});

// The other moves ask for a reason in a dialog of their own: <dialog id="move-reject">, in it a form.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]:not([type=submit])");
  if (button) document.getElementById(`move-${button.dataset.move}`)?.showModal();
});
document.addEventListener("submit", async (event) => {
  const asked = event.target.closest("dialog[data-for]");
  if (!asked) return;
  event.preventDefault();
  const form = document.getElementById("draft-form");
  const { done } = await decide(form, asked.dataset.for, bodyOf(event.target));
  asked.close();
  if (done) form.dispatchEvent(new CustomEvent("decided", { bubbles: true, detail: { draft: done, leaves: LEAVES.has(asked.dataset.for) } }));
});
