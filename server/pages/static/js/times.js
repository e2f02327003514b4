// Keeps relative times true, and tells the exact one in the viewer's own zone.
const language = document.documentElement.lang;
const exact = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto", style: "short" });
const clock = new Intl.DateTimeFormat(language, { timeStyle: "short" });
const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60]];

export function keepTimes(root = document) {
  for (const time of root.querySelectorAll("time[data-relative]")) {
    const at = new Date(time.dateTime);
    const seconds = (at - Date.now()) / 1000;
    const [unit, size] = UNITS.find(([, many]) => Math.abs(seconds) >= many) ?? ["minute", 60];
    time.textContent = relative.format(Math.round(seconds / size), unit);
    time.title = exact.format(at);
  }
  for (const time of root.querySelectorAll("time[data-clock]")) time.textContent = clockOf(new Date(time.dateTime));
}

/** A moment in the viewer's own zone: today's by the clock alone. */
export function clockOf(at) {
  return at.toDateString() === new Date().toDateString() ? clock.format(at) : exact.format(at);
}

setInterval(keepTimes, 30_000);
