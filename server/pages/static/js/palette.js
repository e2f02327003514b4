// One field that finds everything: what can be done on this page, cases by handle or words, places to go to.
import { read } from "./api.js";
import { bind, bound, can, press } from "./keys.js";

const WAIT = 150;
const CASES = 8;
const LONGEST = 90;
const dialog = document.getElementById("palette");
const field = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");
const says = dialog?.querySelector("[role=status]");
let soon;
let asked = 0;
let waiting;
let options = [];

const plain = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const visible = (found) => found.checkVisibility?.() !== false && !found.disabled && !found.closest("dialog");
const labelOf = (found) => (found.getAttribute("aria-label") ?? found.textContent).replace(/\s+/g, " ").trim();

/** What has a key, and whatever else on the page is a button that opens a dialog or makes a move. */
function actions() {
  const named = bound().filter(({ name }) => name !== "palette" && can(name));
  const keyed = named.flatMap(({ name, key }) => {
    const label = document.querySelector(`#keys [data-key="${name}"] th`)?.textContent;
    return label ? [{ label, key, run: () => press(name) }] : [];
  });
  const taken = new Set(keyed.map(({ label }) => plain(label)));
  const buttons = document.querySelectorAll("main :is([data-open], [data-move]:not([type=submit]), [data-save], [data-later]), header [data-open]");
  const others = [...buttons].filter((found) => visible(found) && found.dataset.open !== "palette");
  const menu = [...document.querySelectorAll(".menu-body :is(a, button)")].filter((found) => !found.disabled);
  return [
    ...keyed,
    ...[...others, ...menu]
      .map((found) => ({ label: labelOf(found), key: "", run: () => found.click() }))
      .filter(({ label }) => label && !taken.has(plain(label))),
  ];
}

function places() {
  return [...document.querySelectorAll(".places a, main nav a, main .aside a")].map((found) => ({ label: labelOf(found), key: "", run: () => found.click() }));
}

/** Of the queue, by handle, words or customer: what waits is read once for each time the palette is open. */
async function queued(words) {
  waiting ??= read("/drafts?limit=200").then(({ items }) => items);
  const [items, people] = await Promise.all([waiting, customers(words)]);
  const fits = ({ author, post, customer }) => people.has(customer?.id) || plain(`@${author} ${customer?.id ?? ""} ${post.text}`).includes(words);
  return items.filter(fits).map((one) => ({
    label: `@${one.author}`,
    words: [people.get(one.customer?.id), one.post.text.slice(0, LONGEST)].filter(Boolean).join(" · "),
    run: () => location.assign(`/inbox/drafts/${one.id}`),
  }));
}

/** The names of those who are found so, by their ids. */
async function customers(words) {
  if (dialog.dataset.findsCustomers === undefined) return new Map();
  const { items } = await read(`/customers?q=${encodeURIComponent(words)}`).catch(() => ({ items: [] }));
  return new Map(items.map(({ customer, name }) => [customer, name]));
}

/** Of everything that was said, for who may read it. */
async function said(words) {
  if (dialog.dataset.readsTranscripts === undefined) return [];
  const { items } = await read(`/transcripts?limit=${CASES}&q=${encodeURIComponent(words)}`);
  return items.map(({ id, author, customer, hits }) => ({
    label: author ? `@${author}` : customer,
    words: hits[0]?.snippet.map(({ text }) => text).join("").slice(0, LONGEST),
    run: () => location.assign(`/transcripts/${id}`),
  }));
}

async function look() {
  const words = plain(field.value.trim());
  const mine = ++asked;
  const fits = ({ label }) => words.split(/\s+/).every((one) => plain(label).includes(one));
  const told = [["actions", actions().filter(fits)], ["places", places().filter(fits)]];
  put(told);
  if (words.length < 2) return;
  const [open, all] = await Promise.all([queued(words), said(words)].map((one) => one.catch(() => [])));
  if (mine === asked) put([["cases", open.slice(0, CASES)], ...told, ["transcripts", all]]);
}

function put(groups) {
  const chosen = options[active()]?.label;
  options = groups.flatMap(([, found]) => found);
  const rows = groups.filter(([, found]) => found.length).map(([name, found]) => {
    const group = document.createElement("ul");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", dialog.dataset[name]);
    group.append(...found.map(row));
    return group;
  });
  list.replaceChildren(...rows);
  list.querySelectorAll("[role=option]").forEach((one, at) => (one.id = `palette-${at}`));
  says.textContent = options.length ? "" : dialog.dataset.nothing;
  field.setAttribute("aria-expanded", String(options.length > 0));
  choose(Math.max(0, options.findIndex(({ label }) => label === chosen)));
}

function row({ label, words, key }) {
  const shown = document.createElement("li");
  shown.setAttribute("role", "option");
  const name = document.createElement("bdi");
  name.textContent = label;
  shown.append(name);
  for (const [kind, text] of [["span", words], ["kbd", key]]) {
    if (!text) continue;
    const more = document.createElement(kind);
    more.textContent = text;
    more.dir = "auto";
    shown.append(" ", more);
  }
  return shown;
}

const rows = () => [...list.querySelectorAll("[role=option]")];
const active = () => rows().findIndex((one) => one.getAttribute("aria-selected") === "true");

function choose(at) {
  rows().forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
  const shown = rows()[at];
  if (shown) field.setAttribute("aria-activedescendant", shown.id);
  else field.removeAttribute("aria-activedescendant");
  shown?.scrollIntoView({ block: "nearest" });
}

/** The dialog is closed first: what follows may open another, and the focus goes where it was. */
function run(at) {
  const chosen = options[at];
  if (!chosen) return;
  dialog.close();
  chosen.run();
}

function show() {
  if (!dialog || document.querySelector("dialog[open]")) return;
  field.value = "";
  waiting = undefined;
  options = [];
  dialog.showModal();
  look();
}

if (dialog) {
  bind("palette", "Ctrl+k", show);
  document.addEventListener("click", ({ target }) => target.closest("[data-palette]") && show());
  field.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(look, WAIT);
  });
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose((active() + step + options.length) % options.length);
    else if (event.key === "Enter") {
      clearTimeout(soon);
      run(active());
    } else return;
    event.preventDefault();
  });
  list.addEventListener("click", ({ target }) => run(rows().indexOf(target.closest("[role=option]"))));
}
