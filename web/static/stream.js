// The page of a stream that is on air, live: applies each frame to its list, which the server drew.

import { by } from "./find.js";
import { Live } from "./live.js";
import { ServerClock, length } from "./now.js";
import { count, find, follow, light, put, putGap, relist, reload, start, until } from "./tape.js";
import { longDate } from "./times.js";

const page = by("stream");
const clock = new ServerClock();
const live = new Live(page.dataset.live, "html", page.dataset.cursor);
clock.hear(page.dataset.at, true);
let end = Infinity;
/** Not known until a frame tells; the page came with the lamp lit or not. */
let now;

/** It is over since `at`, or it goes on: a stream may break off and come back. */
function showAir(at) {
  const [air, state] = [by("air"), at ? "off" : "on"];
  end = at ? Date.parse(at) : Infinity;
  if (at) now = null;
  air.dataset.state = state;
  air.textContent = air.dataset[state];
  until(by("end"), at);
}

/** Another day of the streamer: the stream goes on in its list. */
function turn(day) {
  const last = by("days").lastElementChild;
  const href = last.getAttribute("href").replace(/[^/]+$/, day);
  if (end !== Infinity || last.getAttribute("href") === href) return;
  const link = last.cloneNode();
  Object.assign(link, { href, textContent: longDate(day) });
  last.after(" ", link);
}

function tick() {
  by("length").textContent = length(Math.max(0, Math.min(end, clock.now()) - start));
}

/** The streamer has gone on air anew, perhaps only after a break. What comes of another stream is not of this page. */
function started(stream) {
  if (stream.id === page.dataset.streamId) showAir(null);
  else live.stop();
}

const frames = {
  snapshot(frame) {
    // How it ended before another one began, only a new page tells.
    if (frame.stream?.id !== page.dataset.streamId) {
      live.stop();
      return reload();
    }
    // It ended while nobody told us; when exactly, a new page knows.
    if (frame.live) showAir(null);
    else if (end === Infinity) showAir(frame.at);
    turn(frame.date);
    relist(frame);
    now = frame.now_playing;
  },
  track_added: (frame) => put(frame),
  track_updated: (frame) => put(frame),
  track_removed: ({ id }) => find(id)?.remove(),
  now_playing: (frame) => (now = end === Infinity ? frame.now_playing : null),
  stream_started: ({ stream }) => started(stream),
  stream_ended: ({ stream, at }) => stream.id === page.dataset.streamId && showAir(at),
  day_changed: (frame) => turn(frame.date),
  gap: (frame) => putGap(frame.gap),
};

function settle() {
  count();
  if (now !== undefined) light(now);
  tick();
}

setInterval(() => document.hidden || tick(), 1_000);
follow(live, clock, frames, settle);
