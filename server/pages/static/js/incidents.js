import "./frame.js";
import { watch } from "./live.js";
import { find, show } from "./parts.js";

const place = find("incident");
const incident = place?.dataset.incident;
const changed = (field) => (field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
const writing = () => [...place.querySelectorAll("textarea, input")].some(changed);

const renew = () => show("incident", `/inbox/incidents/${incident}/part`);

document.addEventListener("done", ({ target, detail }) => {
  if (target.dataset.leads) location.assign(target.dataset.leads + detail.id);
  else if (incident) renew();
});

let soon;
if (incident)
  watch(({ subject, data }) => {
    if (subject !== incident && data.data?.incident !== incident && data.subject !== incident) return;
    clearTimeout(soon);
    soon = setTimeout(() => writing() || renew(), 300);
  });
