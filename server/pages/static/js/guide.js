// The guide through the demo: one step at a time, where one has left it until the browser is closed.
import { call, posted } from "./api.js";

const guide = document.getElementById("guide");
const opener = document.getElementById("guide-open");
const steps = () => [...guide.querySelectorAll("[data-step]")];
const here = () => steps().findIndex((step) => !step.hidden);

function keep() {
  document.cookie = `deskside_guide=${here() + 1}${guide.hidden ? "-closed" : ""}; path=/; SameSite=Lax`;
}

function show(open) {
  guide.hidden = !open;
  opener.setAttribute("aria-expanded", String(open));
  keep();
}

function go(step) {
  const all = steps();
  if (step < 0) return;
  if (step >= all.length) {
    show(false);
    opener.focus();
    return;
  }
  all.forEach((one, at) => (one.hidden = at !== step));
  all[step].querySelector("details").open = true; // what there is to do is read once; on the next page it is one line
  say("");
  keep();
}

const say = (words) => (guide.querySelector("[role=status]").textContent = words);

/** Have it done out there; the guide comes back as it stands then. */
async function act(name) {
  const written = document.createElement("template");
  written.innerHTML = await posted(`/demo/acts/${name}`, {});
  guide.replaceChildren(written.content);
}

/** One incident for what everybody writes of since the last minutes, opened as the page for it does. */
async function openIncident({ title, known }) {
  const match = { intents: ["is_it_down"] };
  const { id } = await call("POST", "/incidents", { brand: "fernhollow", title, known, match });
  location.assign(`/inbox/incidents/${id}`);
}

const does = {
  close: () => (show(false), opener.focus()),
  back: () => go(here() - 1),
  next: () => go(here() + 1),
  incident: (button) => openIncident(button.dataset),
  supervisor: async () => location.assign(await posted("/demo/supervisor", {})),
};

if (!document.cookie.includes("deskside_guide=")) keep();
opener.addEventListener("click", () => show(guide.hidden));
guide.addEventListener("click", async ({ target }) => {
  const button = target.closest("button");
  if (!button) return;
  button.setAttribute("aria-busy", "true");
  try {
    await (button.dataset.act ? act(button.dataset.act) : does[button.dataset.guide](button));
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    say(problem.message);
  } finally {
    button.removeAttribute("aria-busy");
  }
});
