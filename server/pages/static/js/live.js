// What happens elsewhere: the stream of events, read with fetch, taken up again where it broke off.
import { signIn } from "./api.js";
import { back, following, lost, lostSince } from "./offline.js";

const WAIT = 2000;
const LONGEST = 30_000; // a server that is away is asked ever less often, and at once when somebody looks or the network is back
const SILENT = 40_000; // the server says at least that it is there every 15 s
let position = document.body.dataset.heard; // what the page tells of already; behind it nothing is missed
let failed = 0;
let asking;
let wake = () => {};

export function watch(heard) {
  following();
  addEventListener("offline", () => asking?.abort());
  addEventListener("online", () => wake());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake());
  follow(heard);
}

async function follow(heard) {
  for (;;) {
    try {
      await stream(heard);
    } catch {
      failed += 1;
      lost();
    }
    await new Promise((again) => {
      wake = again;
      setTimeout(again, Math.min(LONGEST, WAIT * 2 ** failed) * (0.5 + Math.random() / 2));
    });
  }
}

async function stream(heard) {
  const address = "/api/v1/events" + (position === undefined ? "" : `?after=${position}`);
  asking = new AbortController();
  const answer = await fetch(address, { headers: { Accept: "text/event-stream" }, signal: asking.signal });
  if (answer.status === 401) signIn();
  if (!answer.ok) throw new Error(answer.status);
  failed = 0;
  const missed = lostSince() ? [{ kind: "stream.missed", data: {} }] : [];
  back();
  missed.forEach(heard);
  for await (const event of eventsOf(answer.body.pipeThrough(unlessSilent(asking)))) {
    if (event.id) position = event.id;
    heard(event);
  }
}

/** Gives a stream up that says nothing any more: a connection can be lost without anybody being told. */
export function unlessSilent(controller) {
  let silent;
  const heard = () => {
    clearTimeout(silent);
    silent = setTimeout(() => controller.abort(), SILENT);
  };
  return new TransformStream({
    start: heard,
    transform(chunk, out) {
      heard();
      out.enqueue(chunk);
    },
    flush: () => clearTimeout(silent),
  });
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
