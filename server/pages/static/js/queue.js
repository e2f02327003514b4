// What stands above the queue: how much waits, views and filters. Counted anew when something happens, not at each event.
import { find, show } from "./parts.js";

const BETWEEN = 3000;
const head = document.querySelector(".queue-head");
// whoever comes by a link to a case finds it in the list as well
document.querySelector(".queue [aria-current=true][data-draft]")?.scrollIntoView({ block: "center" });

let soon;
let counted = Date.now();

/** Count anew, soon: while much happens so often, and no oftener. */
export function recount() {
  soon ??= setTimeout(async () => {
    soon = undefined;
    counted = Date.now();
    await show("counts", `/inbox/counts${location.search}`).catch(() => {}); // the next event tries again
  }, Math.max(300, counted + BETWEEN - Date.now()));
}

/** What is left open filters nothing, and has no place in an address. */
function submit(form) {
  for (const field of form.elements) field.disabled ||= field.type !== "checkbox" && !field.value;
  form.submit();
}

head.addEventListener("change", ({ target }) => target.form?.matches(".queue-fields") && submit(target.form));
head.addEventListener("submit", (event) => {
  if (!event.target.matches(".queue-fields")) return;
  event.preventDefault();
  submit(event.target);
});
document.addEventListener("done", ({ target, detail }) => {
  if (target.dataset.view !== undefined) location.assign(detail?.id ? `/inbox?view=${detail.id}` : "/inbox");
});
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll(".queue-fields :disabled")) field.disabled = false;
});
