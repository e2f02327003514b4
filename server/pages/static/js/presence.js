// Who has a case: whoever begins to write in it claims it, and lets it go when they leave; others see who it is.
import { call } from "./api.js";
import { toast } from "./toasts.js";

const AGAIN = 5 * 60_000; // the claim is a lease of ten minutes
let taken;
let since = 0;
let over;

/** Follow who writes in the cases shown in `desk`; `renew` shows the case as it is now. */
export function presence(desk, renew) {
  desk.addEventListener("input", ({ target }) => {
    if (!target.matches("#draft-form textarea")) return;
    const { case: of } = target.closest("article.case").dataset;
    if (taken === of && Date.now() - since < AGAIN) return;
    taken = of;
    since = Date.now();
    call("POST", `/cases/${of}/claim`, {}).catch((problem) => {
      taken = undefined;
      if (problem.status) toast(problem.message);
      renew();
    });
  });
  desk.addEventListener("done", ({ target }) => {
    if (!target.closest("#take-over")) return;
    taken = desk.querySelector("article.case").dataset.case;
    since = Date.now();
  });
  desk.addEventListener("shown", () => ends(desk, renew));
  addEventListener("pagehide", () => letGo({ keepalive: true }));
  ends(desk, renew);
}

export function letGo(asking) {
  if (!taken) return;
  call("POST", `/cases/${taken}/let-go`, undefined, asking).catch(() => {});
  taken = undefined;
}

/** The case is decided on, which lets it go by itself. Returns what says that it was not. */
export function isDecided() {
  const had = taken;
  taken = undefined;
  return () => (taken ??= had);
}

/** Show in `desk` who has the case now, and whether it can be sent, from what the server rendered; nothing else. */
export function showWho(desk, html, renew) {
  for (const id of ["presence", "take-over", "why-not"]) {
    const before = desk.querySelector(`#${id}`);
    const now = html.querySelector(`#${id}`);
    if (before && now && !before.open) before.replaceWith(now);
    else if (now && !before) desk.querySelector("#presence").after(now);
    else if (before && !now) before.remove();
  }
  const send = desk.querySelector("#draft-form [data-move=approve]");
  const rendered = html.querySelector("#draft-form [data-move=approve]");
  if (send && rendered) send.disabled = rendered.disabled;
  ends(desk, renew);
}

/** A lease that runs out says nothing: then the case is shown anew. */
function ends(desk, renew) {
  clearTimeout(over);
  const until = desk.querySelector("#presence")?.dataset.until;
  if (until) over = setTimeout(renew, Math.max(0, new Date(until) - Date.now()) + 500);
}
