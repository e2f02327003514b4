// What every page of somebody signed in does.
import { call } from "./api.js";
import "./dialogs.js";
import "./forms.js";
import { bind, bound, change, on, switchOff, taken } from "./keys.js";
import { open } from "./dialogs.js";
import { forget } from "./kept.js";
import "./offline.js";
import "./palette.js";
import { keepTimes } from "./times.js";
import { words } from "./words.js";

keepTimes();

document.getElementById("sign-out")?.addEventListener("click", async () => {
  await call("POST", "/sign-out");
  forget();
  location.assign("/sign-in");
});

bind("keys", "?", () => open("keys"));

const dialog = document.getElementById("keys");
const rows = dialog.querySelector("tbody");
const single = dialog.querySelector("[name=single]");
const told = dialog.querySelector("[data-told]");
const called = (name) => rows.querySelector(`[data-key="${name}"] th`).textContent;

function tell(name, values) {
  told.textContent = name ? words(name, values) : "";
  told.className = name === "key_taken" ? "problem" : "soft";
}

dialog.addEventListener("toggle", () => {
  tell();
  single.checked = on();
  for (const row of rows.querySelectorAll("tr")) {
    const field = row.querySelector("input, kbd");
    const found = bound().find(({ name }) => name === row.dataset.key);
    row.hidden = !found;
    if (!found) continue;
    if (field.matches("input")) field.value = found.key;
    else field.textContent = found.key;
    const other = taken(found.name, found.key);
    if (other) tell("key_taken", { key: found.key.toUpperCase(), what: called(other) });
  }
});
single.addEventListener("change", () => switchOff(!single.checked));
rows.addEventListener("change", ({ target }) => {
  const name = target.closest("tr").dataset.key;
  const { key, other } = change(name, target.value.trim().toLowerCase());
  target.value = bound().find((one) => one.name === name).key;
  if (other) target.setAttribute("aria-invalid", "true");
  else target.removeAttribute("aria-invalid");
  if (other) tell("key_taken", { key: key.toUpperCase(), what: called(other) });
  else tell("key_is", { key: key.toUpperCase(), what: called(name) });
});
rows.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input")) return;
  event.preventDefault(); // what is told of the key is read before the dialog closes
  event.target.dispatchEvent(new Event("change", { bubbles: true }));
  event.target.select();
});
rows.addEventListener("focusin", ({ target }) => target.matches("input") && target.select());
