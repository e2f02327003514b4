// Words that modules say, written by the server into the page in the viewer's language.
const said = JSON.parse(document.getElementById("words").textContent);

export function words(name, values = {}) {
  return said[name].replace(/\{(\w+)\}/g, (_, value) => values[value]);
}
