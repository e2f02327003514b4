// What keeps texts from being sent and what is sent later: shown above the queue; and the time at which one is sent.
import { find, show } from "./parts.js";
import { clockOf } from "./times.js";

const SOON = 200;
const place = find("sending");
const now = { hour: inAnHour, morning: () => at9(1), monday: () => at9(((8 - new Date().getDay()) % 7) || 7) };
let soon;

/** Show anew what is held back and what is to come. */
export function refreshSending() {
  clearTimeout(soon);
  soon = setTimeout(() => show("sending", place.dataset.address).catch(() => {}), SOON);
}

function inAnHour() {
  return new Date(Date.now() + 3_600_000);
}

function at9(days) {
  const day = new Date();
  day.setDate(day.getDate() + days);
  day.setHours(9, 0, 0, 0);
  return day;
}

/** A moment as a field for the date and the time takes it: in the viewer's own zone. */
function written(moment) {
  return new Date(moment - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Let the button say when: at the chosen time, not at once. */
function say(form) {
  const field = form.elements.send_at;
  const button = form.querySelector("[data-move=approve]");
  if (!field || !button) return;
  field.min = written(new Date());
  button.dataset.atOnce ??= button.textContent;
  button.textContent = field.value ? `${button.dataset.laterWords}: ${clockOf(new Date(field.value))}` : button.dataset.atOnce;
}

/** Follow the time at which the drafts in `desk` are to be sent. */
export function later(desk) {
  desk.addEventListener("toggle", ({ target }) => {
    const zone = target.id === "later" && target.querySelector("[data-zone]");
    if (!zone) return;
    zone.textContent = Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll("_", " ");
    say(target.closest("form"));
  }, true);
  desk.addEventListener("click", ({ target }) => {
    const { later: pick } = target.dataset;
    if (pick === undefined) return;
    target.form.elements.send_at.value = pick ? written(now[pick]()) : "";
    say(target.form);
  });
  desk.addEventListener("change", ({ target }) => target.name === "send_at" && say(target.form));
  place.addEventListener("done", refreshSending);
  refreshSending();
}
