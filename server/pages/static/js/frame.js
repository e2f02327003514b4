// What every page of somebody signed in does.
import { call } from "./api.js";
import "./dialogs.js";
import "./forms.js";
import { bind, bound, change, on, switchOff } from "./keys.js";
import { open } from "./dialogs.js";
import { forget } from "./kept.js";
import "./offline.js";
import "./palette.js";
import { keepTimes } from "./times.js";

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

dialog.addEventListener("toggle", () => {
  single.checked = on();
  for (const row of rows.querySelectorAll("tr")) {
    const field = row.querySelector("input, kbd");
    const found = bound().find(({ name }) => name === row.dataset.key);
    row.hidden = !found;
    if (!found) continue;
    if (field.matches("input")) field.value = found.key;
    else field.textContent = found.key;
  }
});
single.addEventListener("change", () => switchOff(!single.checked));
rows.addEventListener("change", ({ target }) => change(target.closest("tr").dataset.key, target.value.trim()));
