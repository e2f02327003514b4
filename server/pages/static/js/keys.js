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

/** Another action of this page that a key does already, by its name. */
export const taken = (name, key) => [...bindings].find(([other, found]) => other !== name && found.key === key)?.[0];

/** Let an action of this page have another key; none: its usual one. Returns who has it already: then nothing changes. */
export function change(name, key) {
  const found = bindings.get(name);
  const wanted = key || found.usual;
  const other = taken(name, wanted);
  if (other) return { key: wanted, other };
  found.key = wanted;
  if (wanted === found.usual) delete stored[name];
  else stored[name] = wanted;
  storage()?.setItem(STORED, JSON.stringify(stored));
  return { key: wanted };
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
  const able = [...bindings.values()].filter(({ key }) => key === pressed);
  const found = able.find(({ key, usual }) => key !== usual) ?? able[0]; // a key that somebody chose elsewhere goes first here, too
  if (!found) return;
  event.preventDefault();
  if (!modified || !event.repeat) found.run(); // a key that is held down sends one reply, and not one after the other
});
