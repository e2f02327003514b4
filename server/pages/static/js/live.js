// What happens elsewhere: the stream of events, read with fetch, taken up again where it broke off.
const shown = document.getElementById("live");
const WAIT = 2000;
let position;

export function watch(heard) {
  follow(heard);
}

async function follow(heard) {
  for (;;) {
    try {
      await stream(heard);
    } catch {
      say(shown.dataset.lost);
    }
    await new Promise((again) => setTimeout(again, WAIT * (0.5 + Math.random())));
  }
}

async function stream(heard) {
  const address = "/api/v1/events" + (position === undefined ? "" : `?after=${position}`);
  const answer = await fetch(address, { headers: { Accept: "text/event-stream" } });
  if (answer.status === 401) location.reload();
  if (!answer.ok) throw new Error(answer.status);
  const missed = shown.hidden ? [] : [{ kind: "stream.missed", data: {} }];
  say("");
  missed.forEach(heard);
  for await (const event of eventsOf(answer.body)) {
    if (event.id) position = event.id;
    heard(event);
  }
}

/** The events of a stream: {id, kind, data}. */
export async function* eventsOf(body) {
  let rest = "";
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const written = (rest + text).split("\n\n");
    rest = written.pop();
    for (const one of written) {
      const fields = Object.fromEntries(
        one.split("\n").filter((line) => !line.startsWith(":")).map((line) => line.split(/: (.*)/s)),
      );
      if (fields.event) yield { id: fields.id, kind: fields.event, data: JSON.parse(fields.data ?? "{}") };
    }
  }
}

function say(words) {
  shown.textContent = words;
  shown.hidden = !words;
}
