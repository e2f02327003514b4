import "./frame.js";
import { part } from "./api.js";
import { send } from "./forms.js";
import { find, put, show } from "./parts.js";
import { bodyFor } from "./settings_bodies.js";
import { toast } from "./toasts.js";

const dialog = document.getElementById("secret");
const value = document.getElementById("secret-value");
const told = document.getElementById("secret-told");
const YEAR = 365 * 24 * 3600;

let done = 0;
for (const kind of ["input", "submit"]) document.addEventListener(kind, () => done++, { capture: true });

/** Show what holds now, unless something was typed or sent meanwhile: neither is lost. */
async function renew() {
  const before = done;
  const page = new DOMParser().parseFromString(await part(location.href), "text/html");
  if (done !== before) return;
  put(find("section"), page.querySelector('[data-part="section"]').innerHTML);
  prepare();
}

function prepare() {
  for (const field of document.querySelectorAll("[data-own-zone]"))
    field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? field.value;
  const language = document.querySelector("[data-cookie=deskside_language]");
  if (language) language.value = cookie("deskside_language");
}

const cookie = (name) =>
  document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";

// before forms.js hears of it: some forms are asked about first, some send more than their fields
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const { asks, body } = form.dataset;
    if (!asks && !body) return;
    event.preventDefault();
    event.stopPropagation();
    if (!asks || confirm(asks)) send(form, body ? bodyFor[body](form) : undefined);
  },
  { capture: true },
);

document.addEventListener("done", ({ target, detail }) => {
  const { shows, saved, leads } = target.dataset;
  if (target.id === "model-test") return tellModel(detail);
  if (leads) return location.assign(leads + (detail?.id ?? ""));
  if (shows) {
    value.value = detail[shows];
    told.textContent = "";
    dialog.showModal();
    value.select();
    target.reset();
    return;
  }
  if (target.dataset.empties !== undefined) target.reset();
  if (saved) toast(saved);
  renew();
});

document.addEventListener("refused", ({ target, detail }) => {
  const list = target.querySelector("[data-faults]");
  if (!list) return;
  const faults = detail.details.faults ?? [];
  // a single one is told by the form itself
  list.replaceChildren(
    ...faults.slice(faults.length > 1 ? 0 : 1).map(({ field, words }) => {
      const shown = document.createElement("li");
      shown.className = "problem";
      shown.textContent = `${field}: ${words}`;
      return shown;
    }),
  );
});

dialog.addEventListener("close", () => {
  value.value = "";
  renew();
});

document.getElementById("copy-secret").addEventListener("click", async ({ currentTarget }) => {
  try {
    await navigator.clipboard.writeText(value.value);
    told.textContent = currentTarget.dataset.copied;
  } catch {
    value.select();
    told.textContent = document.execCommand("copy") ? currentTarget.dataset.copied : currentTarget.dataset.notCopied;
  }
});

document.addEventListener("change", ({ target }) => {
  const name = target.dataset.cookie;
  if (!name) return;
  const lasts = target.value ? YEAR : 0;
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${target.value}; path=/; max-age=${lasts}; samesite=lax${secure}`;
  if (name === "deskside_language") location.reload();
  else if (target.value) document.documentElement.dataset.theme = target.value;
  else delete document.documentElement.dataset.theme;
});

document.addEventListener("click", async ({ target }) => {
  if (target.id !== "ask-doctor") return;
  target.setAttribute("aria-busy", "true");
  try {
    await show("doctor", "/settings/operating/doctor");
  } catch (problem) {
    toast(problem.message);
  } finally {
    target.removeAttribute("aria-busy");
  }
});

function tellModel({ answered, text, seconds, code }) {
  const place = document.getElementById("model-answer");
  const known = place.querySelector(`[data-failure="${CSS.escape(code ?? "")}"]`) ?? place.querySelector('[data-failure=""]');
  for (const failure of place.querySelectorAll("[data-failure]")) failure.hidden = answered || failure !== known;
  place.querySelector("[data-text]").textContent = text ?? "";
  const took = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 }).format(seconds);
  place.querySelector("[data-told]").textContent = place.dataset.took.replace("{seconds}", took);
}

prepare();
