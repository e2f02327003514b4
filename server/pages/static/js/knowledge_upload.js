// A file becomes a document: it is looked at first, as the server understands it, and then put in as it was looked at.
import { call, posted } from "./api.js";
import { bodyOf, tell } from "./forms.js";
import "./frame.js";
import { find, put } from "./parts.js";

const form = document.getElementById("upload");
const place = find("considered");
const others = document.getElementById("other-brands");
let looked; // the body that was looked at

async function inBase64(file) {
  const address = await new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result));
    reader.addEventListener("error", () => failed(reader.error));
    reader.readAsDataURL(file);
  });
  return address.slice(address.indexOf(",") + 1);
}

/** What is sent, without why: the file or the text, and what is said of it. */
async function given() {
  const { fields = {}, id, text } = bodyOf(form);
  const [chosen] = form.elements.file.files;
  const name = form.dataset.replaces ?? form.dataset.id ?? id;
  if (!chosen && !text) return undefined;
  const file = chosen ? { name: chosen.name, content: await inBase64(chosen) } : { name: `${name ?? "document"}.${form.dataset.ends}`, text };
  return { file, fields, ...(form.dataset.id || id ? { id: form.dataset.id ?? id } : {}) };
}

async function sending(within, run) {
  const button = within.querySelector("button:not([type])");
  tell(within, "");
  button.setAttribute("aria-busy", "true");
  try {
    await run();
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    tell(within, problem.message, problem.errors);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  sending(form, async () => {
    looked = await given();
    if (!looked) return tell(form, form.dataset.choose);
    const { replaces } = form.dataset;
    put(place, await posted("/knowledge/considered", replaces ? { ...looked, replaces } : looked));
    place.hidden = false;
    const ready = place.querySelector("[data-take]");
    if (ready.dataset.take) ready.append(document.getElementById("taking").content.cloneNode(true));
    document.getElementById("considered-title").focus();
  });
});

/** What was looked at is what is put in; after a change it is looked at again. */
form.addEventListener("input", () => {
  const ready = place.querySelector("#take");
  if (ready) {
    const words = document.createElement("p");
    words.className = "notice";
    words.textContent = place.dataset.stale;
    ready.replaceWith(words);
  }
});

others?.addEventListener("change", () => {
  for (const field of form.querySelectorAll("[name='fields.brand']")) field.disabled = !others.checked;
});

place.addEventListener("submit", (event) => {
  event.preventDefault();
  const taking = event.target;
  sending(taking, async () => {
    const { replaces } = form.dataset;
    const path = replaces ? `/policies/${encodeURIComponent(replaces)}/replace` : "/policies";
    const version = replaces ? { version: Number(taking.dataset.version) } : {};
    const answer = await call("POST", path, { ...looked, ...bodyOf(taking), ...version });
    location.assign(`/knowledge/policies/${encodeURIComponent(answer.document)}`);
  });
});
