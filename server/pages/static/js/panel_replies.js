// Saved replies beside a customer: chosen in a dialog, then filled in, checked and shown as cards like any answer.
import { bind } from "./keys.js";
import { ask } from "./panel_answers.js";
import { find } from "./parts.js";
import { choosing } from "./reply_choosing.js";

const panel = find("panel");
const form = () => panel.querySelector("#asking");

const chooser = choosing((reply, title) => {
  chooser.close();
  const text = form().elements.text.value.trim();
  ask(form(), { kind: "saved_reply", saved_reply: reply, ...(text && { text }) }, title);
});

function choose() {
  const { session } = panel.querySelector(".session").dataset;
  if (!chooser.dialog.open) chooser.open(`/panel/sessions/${session}/saved-replies`);
}

if (chooser) {
  bind("saved", "Ctrl+.", choose, () => Boolean(form()));
  panel.addEventListener("click", ({ target }) => target.closest("[data-saved-replies]") && choose());
}
