// What the forms of hours and limits send: more than one value per field of the form.
import { voices } from "./settings_voices.js";

const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
const spans = (text) => text.split(",").map((span) => span.trim().replace(/\s*[-–]\s*/, "-")).filter(Boolean);

function hours(form) {
  const { was, time_zone, answer_within_minutes, always, holidays, on_call } = form.elements;
  const days = [...form.querySelectorAll("[data-day]")].map((field) => [field.dataset.day, spans(field.value)]);
  return {
    was: JSON.parse(was.value),
    hours: {
      time_zone: time_zone.value.trim(),
      answer_within_minutes: Number(answer_within_minutes.value),
      open: always.checked ? null : Object.fromEntries(days.filter(([, open]) => open.length)),
      holidays: lines(holidays.value).map((line) => {
        const [date, ...open] = line.split(/\s+/);
        return { date, open: spans(open.join(" ")) };
      }),
      on_call: lines(on_call.value).map((line) => {
        const [team, ...contact] = line.split(":");
        return { team: team.trim(), contact: contact.join(":").trim() };
      }),
    },
  };
}

/** The amounts that are typed for a path, in minor units; a comma or a point stands before the last digits. */
function amounts(form, path) {
  const typed = [...form.querySelectorAll("[data-amount]")].filter((field) => field.dataset.amount === path && field.value.trim());
  return Object.fromEntries(
    typed.map(({ value, dataset }) => {
      const amount = Number(value.trim().replace(",", "."));
      return [dataset.currency, Number.isFinite(amount) ? Math.round(amount * 10 ** dataset.places) : value.trim()];
    }),
  );
}

const some = (said) => Object.keys(said).length > 0;
const number = (field) => (field.value === "" ? undefined : Number(field.value));

function limits(form) {
  const alone = [...form.querySelectorAll("[data-role]")].flatMap(({ dataset: { role } }) => {
    if (form.querySelector(`[data-unlimited="${role}"]`).checked) return [{ role, unlimited: true }];
    const most = amounts(form, `alone.${role}`);
    return some(most) ? [{ role, most }] : [];
  });
  const kinds = [...form.querySelectorAll("[data-kind]")].map(({ dataset: { kind } }) => [kind, actions(form, kind)]);
  return {
    version: Number(form.elements.version.value),
    why: form.elements.why.value,
    alone,
    reach_above: number(form.elements.reach_above) ?? null,
    actions: Object.fromEntries(kinds.filter(([kind, said]) => some(said) || form.dataset.kinds?.split(" ").includes(kind))),
  };
}

function actions(form, kind) {
  const said = {};
  for (const name of ["most", "per_month", "checked_above"]) {
    const typed = amounts(form, `actions.${kind}.${name}`);
    if (some(typed)) said[name] = typed;
  }
  const times = form.querySelector(`[data-times="${kind}"]`);
  if (!times) return said;
  const most = amounts(form, `actions.${kind}.per_customer.most`);
  const given = { ...(times.value && { times: Number(times.value) }), ...(some(most) && { most }) };
  if (some(given)) said.per_customer = { days: number(form.querySelector(`[data-days="${kind}"]`)) ?? 30, ...given };
  return said;
}

/** By the name in `data-body`. */
export const bodyFor = { hours, limits, voices };
