// Send: the next case stands there at once, while the server is asked; what it refuses comes back as it was left.
import { call } from "./api.js";
import { tell } from "./forms.js";
import { forget } from "./kept.js";
import { decide } from "./moves.js";
import { clockOf } from "./times.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

const SAME_PRESS = 500; // ms: a second press of the same hand, or a double click, was not meant for the next case
const asked = new Set();
const refusals = new Map();
let changedAt = 0;

/** Whether something is being sent of which nobody knows yet whether it may be. */
export const sending = () => asked.size > 0;

/** A draft is opened: what was said of it elsewhere is seen to, and a press from now on is meant for it. */
export function seen(draft) {
  changedAt = 0;
  refusals.get(draft)?.close();
  refusals.delete(draft);
}

/**
 * Approve what a form shows, and go on. `desk` is where it stands: `next(draft)` opens what follows it, and is true if
 * something does and nobody has gone elsewhere; `leave()` returns what puts this case back as it was, and says no where
 * somebody has begun to write in another; `open(draft)` opens one; `decided(draft)` shows what has become of it.
 */
export async function approve(form, desk) {
  const button = form?.querySelector("[data-move=approve]");
  if (!button || button.disabled || button.hasAttribute("aria-disabled")) return button?.click();
  const { draft, author } = form.dataset;
  if (asked.has(draft) || Date.now() - changedAt < SAME_PRESS) return;
  const at = form.elements.send_at?.value;
  const comeBack = desk.leave();
  asked.add(draft);
  const telling = toast(words("sending_to", { name: `@${author}` }));
  const answer = decide(form, "approve");
  const went = likely(form) && (await goOn(desk, draft));
  const { done, problem } = await answer;
  asked.delete(draft);
  telling.close();
  if (!done) return went && tellRefused(form, problem, comeBack, desk);
  forget(draft);
  if (at && done.state === "approved") toast(words("sent_at", { name: `@${done.author}`, time: clockOf(new Date(at)) }));
  else undoBar(done, desk);
  if (!went) await goOn(desk, draft);
  desk.decided(draft);
}

/** Whether nothing that stands on the page lets it be refused. */
function likely({ elements }) {
  return elements.confirmed?.checked !== false && !elements.override;
}

async function goOn(desk, from) {
  const went = await desk.next(from);
  if (went) changedAt = Date.now();
  return went;
}

function tellRefused(form, { message, errors }, comeBack, desk) {
  const { draft, author } = form.dataset;
  const said = words("not_sent", { name: `@${author}`, why: message });
  if (comeBack()) {
    changedAt = Date.now();
    tell(form, message, errors); // what is wrong could not be gone to while it stood nowhere
    toast(said);
  } else {
    refusals.set(draft, toast(said, { action: { label: words("back_to_it"), run: () => desk.open(draft) }, seconds: null }));
  }
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
    if (left <= 0) clearInterval(ticking);
  }, 1000);
}
