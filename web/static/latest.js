// What is to be seen of the plays of this stream, the newest first: rules as in moment.js, over the frames of `view=stream`.

import { KEPT, told } from "./told.js";

/** More than are ever shown, so that another takes the place of one that is removed. */
const MANY = 60;

/** A list before the first frame: of so many rows, which are told `delay` and seen for `hideAfter` milliseconds, 0 for ever. */
export function begin({ count = 5, delay = 0, hideAfter = 0 }) {
  return { count, delay, hideAfter, rows: [], waiting: [], stream: null, live: false, newAt: 0, lostAt: Infinity, cuts: 0 };
}

/** A frame came. */
export function hear(latest, frame, now) {
  heard[frame.type]?.(latest, { ...frame, at: Math.min(now, Date.parse(frame.at)) });
  advance(latest, now);
}

/** The plays that are to be seen, the newest first. After a stream there is nobody to see them. */
export function seen(latest, now) {
  advance(latest, now);
  const isOld = latest.hideAfter && now >= latest.newAt + latest.hideAfter;
  const isOff = !latest.live || isOld || now >= latest.lostAt + KEPT;
  return isOff ? [] : latest.rows.slice(0, latest.count);
}

const heard = {
  snapshot(latest, frame) {
    const known = latest.rows;
    forget(latest);
    latest.lostAt = Infinity;
    latest.live = frame.live;
    latest.stream = frame.stream?.id;
    latest.waiting = told(frame).slice(-MANY);
    // Whatever has left the list was taken out of it.
    if (known.some(({ id }) => !frame.tracks.some((track) => track.id === id))) latest.cuts += 1;
  },
  track_added(latest, { at, track }) {
    latest.waiting = [...latest.waiting, { at, track }].slice(-MANY);
  },
  track_updated(latest, { track }) {
    for (const waiting of latest.waiting) if (waiting.track.id === track.id) waiting.track = track;
    if (latest.rows.some(({ id }) => id === track.id)) put(latest, track);
  },
  track_removed(latest, { id }) {
    latest.waiting = latest.waiting.filter(({ track }) => track.id !== id);
    if (latest.rows.some((row) => row.id === id)) latest.cuts += 1;
    latest.rows = latest.rows.filter((row) => row.id !== id);
  },
  stream_started(latest, { stream }) {
    latest.live = true;
    // A short break is no new stream.
    if (stream.id !== latest.stream) forget(latest);
    latest.stream = stream.id;
  },
  stream_ended(latest) {
    latest.live = false;
  },
  gone(latest) {
    latest.cuts += 1;
    forget(latest);
  },
  lost(latest, { at }) {
    latest.lostAt = Math.min(latest.lostAt, at);
  },
};

function forget(latest) {
  latest.rows = [];
  latest.waiting = [];
}

/** Lets out what is due. */
function advance(latest, now) {
  const { waiting, delay } = latest;
  while (waiting.length && waiting[0].at + delay <= now) {
    const { at, track } = waiting.shift();
    put(latest, track);
    if (latest.rows[0] === track) latest.newAt = at + delay;
  }
}

/** In its place by when it began, instead of the one with its id. */
function put(latest, track) {
  const others = latest.rows.filter(({ id }) => id !== track.id);
  const isNewer = (a, b) => Date.parse(b.started_at) - Date.parse(a.started_at) || (a.id < b.id ? 1 : -1);
  latest.rows = [track, ...others].sort(isNewer).slice(0, MANY);
}
