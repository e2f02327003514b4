// The inbox: one case at a time, live, without losing what is typed.
import { part, signingIn } from "./api.js";
import "./frame.js";
import { approve, recall, seen, sending } from "./approving.js";
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
const set = (field) => field.matches("input") && (field.checked !== field.defaultChecked || field.value !== field.defaultValue);
const ticked = () => [...(form()?.elements ?? [])].filter(set);
const typed = () => [...fields().filter((field) => field.value !== field.defaultValue), ...kept()];
const told = () => form()?.querySelector("[data-told]")?.textContent;
const begun = () => typed().length + ticked().length > 0 || Boolean(told() || desk.querySelector("dialog[data-for][open]"));
const asks = () => Boolean(document.querySelector("dialog[open]"));
const writing = () => desk.contains(document.activeElement) && document.activeElement.matches("textarea, select, input:not([type=checkbox])");
const partOf = (draft) => `/inbox/drafts/${draft}/case`;

// ---- which case is open

/** Open the case of a draft. Whoever has typed in another is asked whether to leave it; unless that `keeps` what was typed. */
async function choose(draft, { keeps = false } = {}) {
  const from = article()?.dataset.draft;
  const leaves = !keeps && !sending(from); // what is being sent may come back
  if (leaves && typed().length && !confirm(words("leave_typed"))) return false;
  chosen = draft;
  mark(draft);
  let html;
  try {
    html = await (ahead.get(draft) ?? part(partOf(draft)));
  } catch (problem) {
    if (chosen === draft) stay(from, problem);
    return false;
  }
  ahead.delete(draft);
  if (chosen !== draft) return false; // whoever goes on quickly does not wait for what lies between
  if (leaves && from) forget(from);
  letGo();
  seen(draft);
  open(draft, html);
  const row = rows().find((found) => found.dataset.draft === draft);
  history.pushState({ draft }, "", row?.getAttribute("href") ?? `/inbox/drafts/${draft}${location.search}`);
  desk.scrollTop = 0;
  if (desk.getBoundingClientRect().top < 0) scrollTo(0, 0); // on a narrow page the list was scrolled, and the case stands in its place
  standBy();
  fetchAhead();
  return true;
}

/** What was to be opened is not to be had: the case that stands there is the one that is open. */
function stay(draft, problem) {
  chosen = draft;
  mark(draft);
  toast(problem.message);
}

/** Whoever was in the case that is gone goes on at the head of this one, where it is read out whose it is. */
function standBy() {
  if (document.activeElement === document.body) desk.querySelector("#case-title")?.focus({ preventScroll: true });
}

/** Show a draft's case as it is now, unless somebody has gone elsewhere meanwhile. */
async function renew(draft) {
  try {
    const html = await part(partOf(draft));
    if (chosen === draft) open(draft, html);
  } catch (problem) {
    toast(problem.message);
  }
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
  if (await choose(draft)) rows().find((row) => row.dataset.draft === draft)?.focus();
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

const stands = (sent) => sent.isConnected && chosen === sent.dataset.draft;
const stage = {
  next: async (from) => {
    const draft = chosen === from && neighbour(1);
    return Boolean(draft) && choose(draft, { keeps: true });
  },
  stands,
  leave: (sent) => {
    const keepIt = isDecided();
    const left = [sent.dataset.draft, location.href, [...desk.childNodes]];
    return () => {
      if (!stands(sent) && (begun() || writing() || asks())) return false;
      if (!stands(sent)) {
        letGo();
        putBack(...left);
      }
      keepIt();
      return true;
    };
  },
  open: (draft) => choose(draft, { keeps: true }),
  decided: async (sent) => {
    const { draft } = sent.dataset;
    refreshQueue();
    if (stands(sent)) await renew(draft);
    else if (chosen === draft) refreshCase(); // it was opened anew while it was being sent
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
  standBy();
  refreshCase();
}

/** On to the next draft, unless whoever decided has gone elsewhere meanwhile. */
async function goOn(from, next) {
  forget(from);
  if (chosen === from && next) await choose(next, { keeps: true });
  else if (chosen === from) await renew(from);
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
  if (done) await renew(done.id);
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
    await show("queue", `/inbox/queue${location.search}`).catch(() => {}); // the next event tries again
    mark(chosen);
    fetchAhead();
  }, Math.max(SOON, queueAt + BETWEEN - Date.now()));
}

let caseSoon;
let renewed = 0;
function refreshCase() {
  clearTimeout(caseSoon);
  caseSoon = setTimeout((of) => renewCase(of).catch(() => {}), 100, article()?.dataset.case);
}

async function renewCase(of) {
  const before = article();
  if (!before || before.dataset.case !== of) return;
  const mine = ++renewed;
  const html = await part(`/inbox/cases/${before.dataset.case}/case`);
  // what is newer, or another case, is on its way or there
  if (mine !== renewed || article()?.dataset.case !== of || chosen !== before.dataset.draft) return;
  const written = typed().map((field) => [field.name || field.dataset.kept, field.value]);
  const now = new DOMParser().parseFromString(html, "text/html").querySelector("article.case");
  const same = now.dataset.draft === before.dataset.draft && now.dataset.version === before.dataset.version;
  if (same && begun()) return showWho(desk, now, refreshCase); // whoever is at it is left alone
  const at = writing() && document.activeElement.closest(".draft") ? document.activeElement : undefined;
  open(now.dataset.draft, html);
  if (written.length) keepWritten(written);
  if (at) writeOn(at);
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

/** Where somebody was writing they write on: what is typed must not be taken for keys. */
function writeOn({ name, dataset, selectionStart, selectionEnd }) {
  const called = name || dataset.kept;
  const field = form()?.elements[called] ?? desk.querySelector(`[data-kept="${called}"]`);
  field?.focus({ preventScroll: true });
  if (field?.matches("textarea")) field.setSelectionRange(selectionStart, selectionEnd);
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
recall(stage, chosen);
fetchAhead();
