// What somebody types is kept in this tab, also while there is no connection and over a reload, until it is sent.
const KEPT = "deskside.typed ";
const SENDING = " is sent";
const storage = (() => {
  try {
    return sessionStorage;
  } catch {
    return undefined; // in another site's frame there may be no such place
  }
})();

// whoever signs in next in this tab, after a session that ran out too, is shown nobody else's words
const WHOSE = "deskside.typist";
const typist = document.body.dataset.viewer ?? "";
if (storage && storage.getItem(WHOSE) !== typist) {
  forget();
  storage.setItem(WHOSE, typist);
}

const keyOf = (field) => field.form?.dataset.keep && field.name && `${KEPT}${field.form.dataset.keep} ${field.name}`;

document.addEventListener("input", ({ target }) => {
  const key = target.matches("textarea") && keyOf(target);
  if (!key || !storage) return;
  if (target.value === target.defaultValue) storage.removeItem(key);
  else storage.setItem(key, JSON.stringify({ version: target.form.dataset.version, value: target.value }));
});
document.addEventListener("done", ({ target }) => target.dataset?.keep && forget(target.dataset.keep));

/** What was typed into the forms within `root` and is not there: [{field, value, changed}], `changed` since then. */
export function keptIn(root) {
  const found = [];
  for (const field of root.querySelectorAll("form[data-keep] textarea")) {
    const kept = JSON.parse(storage?.getItem(keyOf(field)) ?? "null");
    if (!kept || kept.value === field.value) continue;
    found.push({ field, value: kept.value, changed: kept.version !== field.form.dataset.version });
  }
  return found;
}

/** Keep that a form is being sent, and to whom: the page may be left before anybody knows what came of it. */
export const keepSending = (form, to) => storage?.setItem(`${KEPT}${form}${SENDING}`, to);
export const forgetSending = (form) => storage?.removeItem(`${KEPT}${form}${SENDING}`);

/** What was being sent when the page was left: [form, to whom]. */
export function wasSending() {
  const keys = Object.keys(storage ?? {}).filter((key) => key.startsWith(KEPT) && key.endsWith(SENDING));
  return keys.map((key) => [key.slice(KEPT.length, -SENDING.length), storage.getItem(key)]);
}

/** Forget what was typed into a form, or into all of them. */
export function forget(form = "") {
  for (const key of Object.keys(storage ?? {})) if (key.startsWith(`${KEPT}${form}`)) storage.removeItem(key);
}
