// Send: the next case stands there at once, while the server is asked; what it refuses comes back as it was left.
import { call } from "./api.js";
import { tell } from "./forms.js";
import { forget, forgetSending, keepSending, wasSending } from "./kept.js";
import { decide } from "./moves.js";
import { clockOf } from "./times.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

const SAME_PRESS = 500; // ms: a second press of the same hand, or a double click, was not meant for the next case
const asked = new Set();
const refusals = new Map();
let changedAt = 0;

// nor was it meant for anything else that stands there
document.addEventListener("click", (event) => {
  if (event.detail < 2 || Date.now() - changedAt >= SAME_PRESS) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

/** Whether something is being sent, or this draft is, of which nobody knows yet whether it may be. */
export const sending = (draft) => (draft ? asked.has(draft) : asked.size > 0);

/** A draft is opened: what was said of it elsewhere is seen to, and a press from now on is meant for it. */
export function seen(draft) {
  changedAt = 0;
  if (!asked.has(draft)) forgetSending(draft);
  refusals.get(draft)?.close();
  refusals.delete(draft);
}

/** Say what was being sent when the page was left, and so may be or not; `here` is the draft that stands there now. */
export function recall(desk, here) {
  for (const [draft, author] of wasSending()) {
    const said = words("sent_unsure", { name: `@${author}` });
    if (draft !== here) {
      tellApart(draft, said, desk);
    } else {
      forgetSending(draft);
      toast(said);
    }
  }
}

/**
 * Approve what a form shows, and go on. `desk` is where it stands: `next(draft)` opens what follows it, and is true if
 * something does and nobody has gone elsewhere; `leave(form)` returns what puts this case back as it was, and says no
 * where somebody is at another; `stands(form)` says whether it was never left; `open(draft)` opens one; `decided(form)`
 * shows what has become of it.
 */
export async function approve(form, desk) {
  const button = form?.querySelector("[data-move=approve]");
  if (!button || button.disabled || button.hasAttribute("aria-disabled")) return button?.click();
  const { draft, author } = form.dataset;
  // nor what is on its way out because another case is being opened
  if (asked.has(draft) || !desk.stands(form) || Date.now() - changedAt < SAME_PRESS) return;
  if (!isFilledIn(form)) return;
  const at = form.elements.send_at?.value;
  const comeBack = desk.leave(form);
  asked.add(draft);
  keepSending(draft, author);
  const telling = toast(words("sending_to", { name: `@${author}` }), { seconds: null });
  const answer = decide(form, "approve");
  const went = likely(form) && (await goOn(desk, draft));
  const { done, problem } = await answer;
  asked.delete(draft);
  telling.close();
  if (problem?.status === 401) return; // whoever has signed in again is told
  if (problem) return tellRefused(form, problem, comeBack, desk);
  forget(draft);
  if (at && done.state === "approved") toast(words("sent_at", { name: `@${done.author}`, time: clockOf(new Date(at)) }));
  else undoBar(done, desk);
  if (!went) await goOn(desk, draft);
  desk.decided(form);
}

/** Whether nothing that it needs is left out, as a tick or half of a date; if so, the browser goes there and says it. */
function isFilledIn(form) {
  const at = form.elements.send_at;
  if (at && !at.validity.valid) at.closest("details").open = true; // nothing can be said of what is folded
  return form.reportValidity();
}

/** Whether nothing that stands on the page lets it be refused. */
function likely({ elements }) {
  return !elements.override;
}

async function goOn(desk, from) {
  const went = await desk.next(from);
  if (went) changedAt = Date.now();
  return went;
}

function tellRefused(form, { status, message, errors }, comeBack, desk) {
  const { draft, author } = form.dataset;
  const unsure = status === 0 || status >= 500; // it may have been done, and only the answer be lost
  const said = words(unsure ? "sent_unsure" : "not_sent", { name: `@${author}`, why: message });
  const stood = desk.stands(form);
  if (comeBack()) {
    forgetSending(draft);
    if (stood && !unsure) return; // it is told in the form
    toast(said);
    if (stood) return;
    changedAt = Date.now();
    tell(form, message, errors); // what is wrong could not be gone to while it stood nowhere
  } else {
    tellApart(draft, said, desk);
  }
}

function tellApart(draft, said, desk) {
  refusals.set(draft, toast(said, { action: { label: words("back_to_it"), run: () => desk.open(draft) }, seconds: null }));
}

function undoBar(done, desk) {
  const seconds = Number(document.querySelector("[data-undo-seconds]").dataset.undoSeconds);
  if (done.state !== "approved" || !seconds) {
    toast(words(done.state === "approved" ? "sent_soon" : "second_needed"));
    return;
  }
  let left = seconds;
  const undo = {
    label: words("undo"),
    run: async () => {
      clearInterval(ticking);
      try {
        const { version, digests } = done;
        await call("POST", `/drafts/${done.id}/take-back`, { version, digests, reason: words("undone") });
        await desk.open(done.id);
      } catch (problem) {
        toast(problem.message);
      }
    },
  };
  const shown = toast(words("sent_in", { name: `@${done.author}`, n: left }), { action: undo, seconds });
  const ticking = setInterval(() => {
    left -= 1;
    shown.say(words("sent_in", { name: `@${done.author}`, n: left }));
    if (left > 0) return;
    clearInterval(ticking);
    shown.close();
  }, 1000);
}
