// Short words that come and go, read out by screen readers; with a button where something can still be done about it.
const place = document.getElementById("toasts");

/** Show words, for so many seconds; null: until something is done. `action` is {label, run}. Returns what takes them away and changes them. */
export function toast(words, { action, seconds = 6 } = {}) {
  const shown = document.createElement("p");
  shown.className = "toast";
  const text = document.createElement("span");
  text.textContent = words;
  shown.append(text);
  const close = () => shown.remove();
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      close();
      action.run();
    });
    shown.append(button);
  }
  place.append(shown);
  const timer = seconds === null ? undefined : setTimeout(close, seconds * 1000);
  shown.addEventListener("pointerenter", () => clearTimeout(timer));
  return { close, say: (said) => (text.textContent = said) };
}
