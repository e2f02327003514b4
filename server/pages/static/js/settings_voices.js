// How a brand sounds: a voice is a language's on any network, or what differs on one.
const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
const said = (voice, name) => voice.querySelector(`[data-said="${name}"]`);
const anywhere = (voice) => voice.closest(".card").querySelector('[data-channel="*"]');

/** The voice that says how customers are addressed and what is not said: itself, or its language's. */
const mannered = (voice) => (voice.querySelector("[data-own]")?.checked === false ? anywhere(voice) : voice);

function isFormal(voice) {
  const field = said(mannered(voice), "formal");
  return field.type === "checkbox" ? field.checked : field.value === "true";
}

/** What the form sends; each field is named for the place of its voice, by which faults are told. */
export function voices(form) {
  const all = [...form.querySelectorAll("[data-voice]")];
  all.forEach((voice, at) => {
    for (const field of voice.querySelectorAll("[data-said]")) field.name = `voices.${at}.${field.dataset.said}`;
  });
  return {
    version: Number(form.elements.version.value),
    why: form.elements.why.value,
    voices: all.map((voice) => ({
      language: voice.dataset.voice,
      channel: voice.dataset.channel,
      greeting: said(voice, "greeting").value.trim(),
      sign_off: said(voice, "sign_off").value.trim(),
      formal: isFormal(voice),
      avoid: lines(said(mannered(voice), "avoid").value),
    })),
  };
}

function preview(voice) {
  const shown = voice.querySelector("[data-sounds]");
  const { toAFriend, toOthers, signature } = shown.dataset;
  const words = [said(voice, "greeting").value, isFormal(voice) ? toOthers : toAFriend, said(voice, "sign_off").value, signature];
  shown.textContent = words.map((part) => part.trim()).filter(Boolean).join(" ");
}

const previewAll = (card) => card.querySelectorAll("[data-voice]").forEach(preview);

function add(card) {
  const choice = card.querySelector("[data-differs]");
  const [chosen] = choice.selectedOptions;
  if (!chosen) return;
  const voice = card.querySelector("template").content.firstElementChild.cloneNode(true);
  voice.dataset.channel = chosen.value;
  voice.dataset.network = chosen.textContent;
  voice.querySelector("[data-sounds]").dataset.signature = chosen.dataset.signature;
  for (const named of [voice.querySelector("legend"), voice.querySelector("[data-remove-voice]")])
    named.textContent = named.textContent.replace("{network}", chosen.textContent);
  card.querySelector("[data-exceptions]").append(voice);
  chosen.remove();
  close(card);
  preview(voice);
  said(voice, "greeting").focus();
}

/** The network is free again, and can be chosen. */
function remove(voice) {
  const card = voice.closest(".card");
  const choice = card.querySelector("[data-differs]");
  const free = new Option(voice.dataset.network, voice.dataset.channel);
  free.dataset.signature = voice.querySelector("[data-sounds]").dataset.signature;
  choice.append(free);
  voice.remove();
  close(card);
  choice.focus();
}

/** Where every network has a voice of its own, none can be added. */
function close(card) {
  card.querySelector("[data-add-voice]").disabled = card.querySelector("[data-differs]").options.length === 0;
}

document.addEventListener("input", ({ target }) => {
  const card = target.closest("#voices .card");
  if (card?.querySelector("[data-voice]")) previewAll(card);
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-add-voice]")) add(target.closest(".card"));
  else if (target.closest("[data-remove-voice]")) remove(target.closest("[data-voice]"));
});

document.addEventListener("refused", ({ target, detail }) => {
  if (target.id !== "voices") return;
  for (const { field, words } of detail.details?.faults ?? []) {
    const wrong = target.querySelector(`[name="${CSS.escape(field)}"]`);
    const hidden = wrong?.closest(".voice-own");
    if (hidden && !hidden.closest("[data-voice]").querySelector("[data-own]").checked) continue;
    wrong?.closest("label").append(Object.assign(document.createElement("span"), { className: "problem", textContent: words }));
  }
});

document.addEventListener(
  "submit",
  ({ target }) => {
    if (target.id === "voices") for (const told of target.querySelectorAll("label > .problem")) told.remove();
  },
  { capture: true },
);
