// What a helpdesk's page does for the panel: hand it links, say who the customer is, take texts.
const ticket = await (await fetch("ticket")).json(); // such as { email, channel, said }
const panel = document.getElementById("panel");
let deskside; // the panel's origin: nothing is said to another, and nothing of another is heard

const say = (what, more = {}) => panel.contentWindow.postMessage({ deskside: what, ...more }, deskside);
const link = async () => (await (await fetch("panel-link", { method: "POST" })).json()).link;

const heard = {
  async "link-needed"() {
    say("link", { link: (await link()).split("#")[1] });
  },
  ready() {
    say("customer", ticket);
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

document.getElementById("said").textContent = ticket.said;
const first = await link();
deskside = new URL(first).origin;
panel.src = first;
