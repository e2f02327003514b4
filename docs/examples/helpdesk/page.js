// What a helpdesk's page does for the panel: hand it links, say who the customer is, take texts.
const panel = document.getElementById("panel");
let deskside; // the panel's origin: nothing is said to another, and nothing of another is heard

const say = (what, more = {}) => panel.contentWindow.postMessage({ deskside: what, ...more }, deskside);
const link = async () => (await (await fetch("panel-link", { method: "POST" })).json()).link;

const heard = {
  async "link-needed"() {
    say("link", { link: (await link()).split("#")[1] });
  },
  ready() {
    const said = document.getElementById("said").textContent;
    say("customer", { email: document.getElementById("from").textContent, channel: "email", said });
  },
  insert({ id, text }) {
    document.getElementById("reply").value += text;
    say("inserted", { id });
  },
};

addEventListener("message", ({ origin, source, data }) => {
  if (origin !== deskside || source !== panel.contentWindow) return;
  if (Object.hasOwn(heard, data.deskside)) heard[data.deskside](data);
});

const first = await link();
deskside = new URL(first).origin;
panel.src = first;
