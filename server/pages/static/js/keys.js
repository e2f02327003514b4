// Keyboard shortcuts. Single keys can be switched off and changed (WCAG 2.1.4); none works while something is typed.
const STORED = "deskside.keys";
const stored = JSON.parse(storage()?.getItem(STORED) ?? "{}");
const bindings = new Map();

/** Where settings of this browser are kept; in another site's frame there may be no such place. */
function storage() {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}

export const on = () => stored.off !== true;

/** Bind a named action to a key; `modified` ones ("Ctrl+Enter") work in fields as well and are never switched off. */
export function bind(name, key, run, able = () => true) {
  bindings.set(name, { key: stored[name] ?? key, usual: key, run, able });
}

/** Whether there is anything now that the action would do. */
export const can = (name) => bindings.get(name).able();

export const press = (name) => bindings.get(name).run();

export function bound() {
  return [...bindings].map(([name, { key }]) => ({ name, key }));
}

export function change(name, key) {
  if (key) stored[name] = key;
  else delete stored[name];
  storage()?.setItem(STORED, JSON.stringify(stored));
  const found = bindings.get(name);
  if (found) found.key = key || found.usual;
}

export function switchOff(off) {
  stored.off = off;
  storage()?.setItem(STORED, JSON.stringify(stored));
}

function typing(target) {
  return target.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}

const nameOf = (event) =>
  (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + (event.key.length === 1 ? event.key.toLowerCase() : event.key);

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.isComposing) return;
  const pressed = nameOf(event);
  const modified = pressed.startsWith("Ctrl+");
  if (!modified && (!on() || typing(event.target) || document.querySelector("dialog[open]"))) return;
  const found = [...bindings.values()].find(({ key }) => key === pressed);
  if (!found) return;
  event.preventDefault();
  if (!modified || !event.repeat) found.run(); // a key that is held down sends one reply, and not one after the other
});
