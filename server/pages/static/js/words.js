// Words that modules say, written by the server into the page in the viewer's language.
const said = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

const languages = new Intl.DisplayNames(document.documentElement.lang, { type: "language" });

export function words(name, values = {}) {
  return said[name].replace(/\{(\w+)\}/g, (_, value) => values[value]);
}

/** A refusal in the viewer's language, by its code; nothing where that language has no words for it. */
export function refused(code, { language, ...others }) {
  const details = language ? { ...others, language: languages.of(language) } : others;
  const entry = said[`refused.${code}`];
  const known = entry?.match(/\{(\w+)\}/g)?.every((name) => details[name.slice(1, -1)] !== undefined) ?? true;
  return entry && known ? words(`refused.${code}`, details) : undefined;
}
