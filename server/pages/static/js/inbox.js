// The inbox: one case at a time, live, without losing what is typed.
import { part, signingIn } from "./api.js";
import "./frame.js";
import { approve, seen, sending } from "./approving.js";
import { counting } from "./counting.js";
import { forget, keptIn } from "./kept.js";
import { bind } from "./keys.js";
import { watch } from "./live.js";
import { decide, save } from "./moves.js";
import { find, put, show } from "./parts.js";
import { isDecided, letGo, presence, showWho } from "./presence.js";
import { recount } from "./queue.js";
import { later, refreshSending } from "./sending.js";
import { offering } from "./saved_replies.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

const desk = find("case");
const queue = find("queue");
const ahead = new Map();
const SOON = 150;
const BETWEEN = 500; // while much happens the queue is shown anew so often, and no oftener
let chosen = desk.querySelector("article.case")?.dataset.draft;

const article = () => desk.querySelector("article.case");
const form = () => desk.querySelector("#draft-form");
const rows = () => [...queue.querySelectorAll("[data-draft]")];
const kept = () => [...desk.querySelectorAll("[data-kept]")];
const fields = () => [...(form()?.querySelectorAll("textarea") ?? [])];
const ticked = () => [...(form()?.elements ?? [])].filter((field) => field.checked !== undefined && field.checked !== field.defaultChecked);
const typed = () => [...fields().filter((field) => field.value !== field.defaultValue), ...kept()];
const touched = () => typed().length + ticked().length > 0 || Boolean(document.querySelector("dialog[open]"));
const partOf = (draft) => `/inbox/drafts/${draft}/case`;

// ---- which case is open

/** Open the case of a draft. Whoever has typed in another is asked whether to leave it; unless that `keeps` what was typed. */
async function choose(draft, { keeps = false } = {}) {
  if (!keeps && typed().length && !confirm(words("leave_typed"))) return;
  if (!keeps && chosen) forget(chosen);
  letGo();
  seen(draft);
  chosen = draft;
  mark(draft);
  const html = await (ahead.get(draft) ?? part(partOf(draft)));
  ahead.delete(draft);
  if (chosen !== draft) return; // whoever goes on quickly does not wait for what lies between
  open(draft, html);
  const row = rows().find((found) => found.dataset.draft === draft);
  history.pushState({ draft }, "", row?.getAttribute("href") ?? `/inbox/drafts/${draft}`);
  desk.scrollTop = 0;
  if (desk.getBoundingClientRect().top < 0) scrollTo(0, 0); // on a narrow page the list was scrolled, and the case stands in its place
  fetchAhead();
}

function open(draft, html) {
  chosen = draft;
  put(desk, html);
  document.body.classList.add("has-case");
  mark(draft);
}

async function showCustomer() {
  const place = find("customer");
  if (place) await show("customer", place.dataset.address).catch((problem) => (place.textContent = problem.message));
}
desk.addEventListener("shown", ({ target }) => {
  if (target !== desk) return;
  showCustomer();
  bringBack();
});

function mark(draft) {
  for (const row of rows()) {
    if (row.dataset.draft === draft) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

function neighbour(step) {
  const drafts = rows().map((row) => row.dataset.draft);
  const here = drafts.indexOf(chosen);
  return drafts[here < 0 ? 0 : here + step];
}

async function move(step) {
  const draft = neighbour(step);
  if (!draft) return;
  await choose(draft);
  rows().find((row) => row.dataset.draft === draft)?.focus();
}

/** What follows is fetched while this is read. */
function fetchAhead() {
  const draft = neighbour(1);
  for (const kept of ahead.keys()) if (kept !== draft) ahead.delete(kept);
  if (!draft || ahead.has(draft)) return;
  const html = part(`${partOf(draft)}?ahead=true`);
  ahead.set(draft, html);
  html.catch(() => ahead.delete(draft));
}

// ---- what is decided

const stage = {
  next: async (from) => {
    const draft = chosen === from && neighbour(1);
    if (!draft) return false;
    try {
      await choose(draft, { keeps: true });
    } catch (problem) {
      chosen = from;
      mark(from);
      toast(problem.message);
      return false;
    }
    return true;
  },
  leave: () => {
    const keepIt = isDecided();
    const left = [chosen, location.href, [...desk.childNodes]];
    return () => {
      if (touched()) return false;
      keepIt();
      putBack(...left);
      return true;
    };
  },
  open: (draft) => choose(draft, { keeps: true }),
  decided: async (draft) => {
    if (chosen === draft) await show("case", partOf(draft));
    refreshQueue();
  },
};
const send = () => approve(form(), stage);

/** A case that was left comes back as it was: what was typed and ticked in it stands there. */
function putBack(draft, address, nodes) {
  chosen = draft;
  mark(draft);
  history.pushState({ draft }, "", address);
  desk.replaceChildren(...nodes);
  desk.dispatchEvent(new CustomEvent("shown", { bubbles: true }));
  refreshCase();
}

/** On to the next draft, unless whoever decided has gone elsewhere meanwhile. */
async function goOn(from, next) {
  forget(from);
  if (chosen === from && next) await choose(next, { keeps: true });
  else if (chosen === from) await show("case", partOf(from));
  refreshQueue();
}

desk.addEventListener("submit", (event) => {
  if (event.target.id !== "draft-form") return;
  event.preventDefault();
  send();
});
desk.addEventListener("click", async ({ target }) => {
  if (!target.matches("[data-save]") || !typed().length) return;
  const { done } = await save(form());
  if (done) forget(done.id);
  if (done) await show("case", partOf(done.id));
});
desk.addEventListener("decided", async ({ detail }) => {
  const next = detail.leaves ? neighbour(1) : undefined;
  chosen = detail.draft.id; // a draft that is written anew is another one
  await goOn(chosen, next);
});
desk.addEventListener("done", () => refreshCase());

// ---- what happens elsewhere

let queueSoon;
let queueAt = 0;
function refreshQueue() {
  recount();
  queueSoon ??= setTimeout(async () => {
    queueSoon = undefined;
    queueAt = Date.now();
    await show("queue", `/inbox/queue${location.search}`);
    mark(chosen);
    fetchAhead();
  }, Math.max(SOON, queueAt + BETWEEN - Date.now()));
}

let caseSoon;
let renewed = 0;
function refreshCase() {
  clearTimeout(caseSoon);
  caseSoon = setTimeout(renewCase, 100, article()?.dataset.case);
}

async function renewCase(of) {
  const before = article();
  if (!before || before.dataset.case !== of) return;
  const mine = ++renewed;
  const html = await part(`/inbox/cases/${before.dataset.case}/case`);
  if (mine !== renewed || article()?.dataset.case !== of) return; // what is newer is on its way, or there
  const written = typed().map((field) => [field.name || field.dataset.kept, field.value]);
  const now = new DOMParser().parseFromString(html, "text/html").querySelector("article.case");
  const same = now.dataset.draft === before.dataset.draft && now.dataset.version === before.dataset.version;
  const told = form()?.querySelector("[data-told]")?.textContent;
  if (same && (written.length || ticked().length || told)) return showWho(desk, now, refreshCase); // whoever is at it is left alone
  open(now.dataset.draft, html);
  if (written.length) keepWritten(written);
}

/** The case changed under somebody's hands: their words stay, beside what is new. */
function keepWritten(written, said = "changed_meanwhile") {
  for (const [name, value] of written) {
    const field = form()?.elements[name];
    if (field && !field.readOnly) {
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    } else {
      const beside = document.createElement("textarea");
      Object.assign(beside, { value, readOnly: true });
      beside.dataset.kept = name;
      beside.setAttribute("aria-label", words("your_text"));
      desk.querySelector(".draft").prepend(beside);
    }
  }
  desk.querySelector("[data-changed]")?.remove();
  const notice = document.createElement("p");
  notice.className = "notice bad";
  notice.dataset.changed = "";
  notice.setAttribute("role", "alert");
  notice.textContent = words(said);
  desk.querySelector(".draft").prepend(notice);
}

/** What was typed before the page was loaded anew stands there again. */
function bringBack() {
  const found = keptIn(desk);
  const own = found.filter(({ field }) => field.form === form());
  if (own.length) {
    const said = own.some(({ changed }) => changed) ? "changed_meanwhile" : "typed_before";
    keepWritten(own.map(({ field, value }) => [field.name, value]), said);
  }
  for (const { field, value } of found) if (field.form !== form()) field.value = value;
}

watch(({ kind, data }) => {
  if (kind === "stream.ended" || kind === "stream.began") return;
  const about = [data.subject, data.data?.case, data.data?.draft].filter((id) => /^(case|draft)_/.test(id));
  const isAbout = (row) => about.includes(row?.dataset.case) || about.includes(row?.dataset.draft);
  for (const draft of ahead.keys()) {
    const row = rows().find((found) => found.dataset.draft === draft);
    if (!about.length || !row || isAbout(row)) ahead.delete(draft);
  }
  refreshQueue();
  if (kind === "stream.missed" || isAbout(article())) refreshCase();
  if (/^(stream|sending|publication)\./.test(kind)) refreshSending();
});

// ---- by hand and by key

queue.addEventListener("click", (event) => {
  const row = event.target.closest("[data-draft]");
  if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  choose(row.dataset.draft);
});
desk.addEventListener("change", ({ target }) => target.form?.classList.contains("assign") && target.form.requestSubmit());
queue.addEventListener("click", async (event) => {
  const more = event.target.closest("[data-more]");
  if (!more) return;
  event.preventDefault();
  const html = new DOMParser().parseFromString(await part(more.href), "text/html");
  queue.querySelector(".posts").append(...html.querySelectorAll(".posts > li"));
  const following = html.querySelector("[data-more]");
  if (following) more.replaceWith(following);
  else more.remove();
});
addEventListener("popstate", () => location.reload());
addEventListener("beforeunload", (event) => !signingIn() && (typed().length || sending()) && event.preventDefault());

bind("next", "j", () => move(1));
bind("previous", "k", () => move(-1));
bind("edit", "e", () => fields()[0]?.focus(), () => fields().length);
bind("note", "n", () => desk.querySelector("[name=text]")?.focus(), article);
for (const [name, key] of [["reject", "x"], ["no-reply", "r"], ["hand-over", "p"], ["redraft", "w"], ["hold", "h"]])
  bind(name, key, () => desk.querySelector(`[data-move="${name}"]`)?.click(), () => desk.querySelector(`[data-move="${name}"]`));
bind("send", "Ctrl+Enter", send, () => desk.querySelector("[data-move=approve]:not([disabled])"));

counting(desk);
offering(desk);
presence(desk, refreshCase);
later(desk);
showCustomer();
bringBack();
fetchAhead();
