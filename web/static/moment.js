// What is to be seen of what plays: rules over the frames that came and the time it is. Nothing in here knows a page, a
// clock or a network, so every rule can be told as a table.
//
// Times are milliseconds by the server's clock. A moment is made by `begin`, changed by `hear`, and asked by
// `seen`. Besides the frames of the server it hears `lost`, since when nobody was heard, and `gone`, that we may not listen.

import { KEPT, told } from "./told.js";

/** A track that should have ended this long ago has: we just were not told. */
const OVERDUE = 90_000;
/** Whoever is told so soon after a lost link that nothing plays is told because of it. */
const TOGETHER = 2_000;
/** More than anybody skips within the longest delay. */
const MANY = 200;

/** A moment before the first frame; times are 0 for none, `hide` is "paused" or "never", `trails` tells that the play before may still be seen. */
export function begin({ delay = 0, hideAfter = 0, hide = "paused", trails = false }) {
  return { delay, hideAfter, hide, trails, play: null, before: null, waiting: [], lostAt: Infinity, linkLostAt: -Infinity, until: Infinity, cuts: 0 };
}

/** A frame came. */
export function hear(moment, frame, now) {
  advance(moment, now);
  heard[frame.type]?.(moment, { tracks: [], gaps: [], ...frame, at: Math.min(now, Date.parse(frame.at)) });
  advance(moment, now);
}

/** The play that is to be seen: `{ now, at }` as in frames, `at` a number; null when there is to be nothing. */
export function seen(moment, now) {
  advance(moment, now);
  const { play, hide } = moment;
  const isOn = play && (play.now.is_playing || hide === "never");
  return isOn && now < end(moment) ? play : null;
}

const heard = {
  snapshot(moment, frame) {
    moment.lostAt = Infinity;
    const { now_playing: now, gaps, tracks } = frame;
    // Whatever has left the list was taken out of it.
    const isThere = (play) => !play || [now?.track, ...tracks].some((track) => isOf(play, track?.id));
    moment.waiting = moment.waiting.filter(isThere);
    if (!isThere(moment.play)) cut(moment);
    else if (moment.trails && !isThere(moment.before)) cutBefore(moment);
    if (now) recall(moment, frame);
    else if (moment.until === Infinity || !gaps.some(isLinkLost)) silence(moment);
  },
  now_playing(moment, { at, now_playing: now }) {
    if (now) {
      moment.until = Infinity;
      wait(moment, { now, at, newAt: at });
    } else if (at - moment.linkLostAt <= TOGETHER) {
      moment.until = moment.linkLostAt + KEPT;
    } else {
      silence(moment);
    }
  },
  track_updated(moment, { track }) {
    const correct = (play) => (isOf(play, track.id) ? { ...play, now: { ...play.now, track } } : play);
    moment.play = correct(moment.play);
    moment.waiting = moment.waiting.map(correct);
  },
  track_removed(moment, { id }) {
    moment.waiting = moment.waiting.filter((play) => !isOf(play, id));
    if (isOf(moment.play, id)) cut(moment);
    else if (moment.trails) cutBefore(moment);
  },
  stream_ended: forget,
  gone: silence,
  // Only a snapshot tells that all is well again.
  lost(moment, { at }) {
    moment.lostAt = Math.min(moment.lostAt, at);
  },
  gap(moment, { at, gap }) {
    if (isLinkLost(gap)) moment.linkLostAt = at;
  },
};

function isOf(play, id) {
  return play?.now.track.id === id;
}

function isLinkLost({ reason, to }) {
  return reason === "link_lost" && !to;
}

/** Off, at once: `cuts` tells whoever draws that there is no time for a fade. */
function cut(moment) {
  moment.play = null;
  cutBefore(moment);
}

/** What stays is drawn anew, alone. */
function cutBefore(moment) {
  moment.before = null;
  moment.cuts += 1;
}

function silence(moment) {
  if (moment.play) cut(moment);
  forget(moment);
}

function forget(moment) {
  moment.play = null;
  moment.waiting = [];
  moment.until = Infinity;
}

/** Goes by a snapshot alone, as if its plays had just been told one after another. */
function recall(moment, frame) {
  const { at, now_playing: now } = frame;
  const { delay } = moment;
  const newAt = at - now.progress_ms;
  const isPast = ({ track }) => track.started_at <= now.track.started_at;
  // Within a pause as long as the delay nothing that came before it plays any more.
  const is_playing = now.is_playing || newAt - Date.parse(now.track.started_at) < delay;
  moment.until = Infinity;
  moment.waiting = [];
  if (now.progress_ms < delay) {
    for (const { track, at } of told(frame).filter(isPast)) wait(moment, { now: { track, is_playing, progress_ms: 0 }, at, newAt: at });
    if (moment.waiting[0]?.at + delay > at) moment.play = null;
  } else if (delay) {
    const progress_ms = now.progress_ms - (now.is_playing ? delay : 0);
    wait(moment, { now: { ...now, progress_ms }, at: at - delay, newAt });
  }
  wait(moment, { now, at, newAt });
}

function wait(moment, play) {
  moment.waiting = [...moment.waiting, play].slice(-MANY);
}

/** Lets out what is due. What was new is new once, however often it is told. */
function advance(moment, now) {
  const { waiting, delay } = moment;
  while (waiting.length && waiting[0].at + delay <= now) {
    const { now, at, newAt } = waiting.shift();
    const known = isOf(moment.play, now.track.id) ? moment.play.newAt : newAt + delay;
    if (!isOf(moment.play, now.track.id)) moment.before = moment.play;
    moment.play = { now, at: at + delay, newAt: known };
  }
  if (now >= moment.until) forget(moment);
}

/** When what is seen goes by itself. */
function end({ play, hideAfter, until, lostAt }) {
  const { now, at, newAt } = play;
  const over = now.is_playing ? at + now.track.duration_ms - now.progress_ms + OVERDUE : Infinity;
  return Math.min(over, hideAfter ? newAt + hideAfter : Infinity, until, lostAt + KEPT);
}
