// The page of a stream that is on air: of the frames of the day, applies those that belong to it.

import { Live } from "./live.js";
import { ServerClock, length } from "./now.js";
import { by, count, find, follow, light, put, putGap, relist, reload, since, start, until } from "./tape.js";
import { longDate, theirs } from "./times.js";

const page = by("stream");
const clock = new ServerClock();
const live = new Live(page.dataset.live, "html", page.dataset.cursor);
clock.hear(page.dataset.at, true);
let [date, end] = [page.dataset.date, Infinity];
/** Not known until a frame tells; the page came with the lamp lit or not. */
let now;

const belongs = (row) => since(row) >= start && since(row) <= end;
/** A snapshot speaks of the streamer's day; what is of the days before stays. */
const isOlder = (item) => new Date(since(item)).toLocaleDateString("sv", { timeZone: theirs }) < date;

function gap(gap) {
  if (Date.parse(gap.from) <= end && (!gap.to || Date.parse(gap.to) > start)) putGap(gap);
}

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
  date = day;
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

const frames = {
  snapshot(frame) {
    // What was played before a midnight that we did not see, or how the stream ended, only the page knows.
    if (frame.date !== date || frame.stream?.id !== page.dataset.streamId) reload();
    date = frame.date;
    if (frame.stream?.id === page.dataset.streamId) showAir(null);
    relist({ ...frame, gaps: [] }, belongs, isOlder);
    frame.gaps.forEach(gap);
    now = frame.now_playing;
  },
  track_added: (frame) => put(frame, belongs),
  track_updated: (frame) => put(frame, belongs),
  track_removed: ({ id }) => find(id)?.remove(),
  now_playing: (frame) => (now = end === Infinity ? frame.now_playing : null),
  stream_started: ({ stream }) => stream.id === page.dataset.streamId && showAir(null),
  stream_ended: ({ stream, at }) => stream.id === page.dataset.streamId && showAir(at),
  day_changed: (frame) => turn(frame.date),
  gap: (frame) => gap(frame.gap),
};

function settle() {
  count();
  if (now !== undefined) light(now);
  tick();
}

setInterval(() => document.hidden || tick(), 1_000);
follow(live, clock, frames, settle);
