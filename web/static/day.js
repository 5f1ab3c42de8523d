// The day page, live: applies each frame to the list, which the server drew. A frame may come twice.

import { by } from "./find.js";
import { Live } from "./live.js";
import { NowCard, ServerClock, calm } from "./now.js";
import { clear, count, find, follow, light, put, putGap, relist, reload, until } from "./tape.js";
import { localise, longDate } from "./times.js";

const day = by("day");
const clock = new ServerClock();
const card = new NowCard(by("now"), clock);
const live = new Live(day.dataset.live, "html", day.dataset.cursor);
let title = document.title;
let onAir = day.dataset.onAir === "true";

// --- what plays, and whether anything does ---

function showNow(now, at) {
  const changed = now?.track.id !== card.now?.track.id;
  card.set(now, at);
  if (!now) return;
  card.fill();
  if (changed && !calm.matches) card.root.querySelector(".words").animate({ opacity: [0, 1], translate: ["0 6px", "0 0"] }, 360);
}

function showAir(is, stream) {
  onAir = is;
  const air = by("air");
  air.dataset.state = is ? "on" : "off";
  air.textContent = is ? air.dataset.on : air.dataset.off;
  by("since").hidden = !is || !stream;
  if (!stream) return;
  by("since").querySelector("time").dateTime = stream.started_at;
  localise(by("since"));
  showStream(stream);
}

/** The way to a stream of the day; `end` is when it ended. */
function showStream({ id, started_at }, end) {
  let link = by("streams").querySelector(`[data-stream-id="${CSS.escape(id)}"]`);
  if (!link) {
    link = by("whole").content.firstElementChild.cloneNode(true);
    link.dataset.streamId = id;
    link.href = `${day.dataset.path}streams/${id}`;
    by("streams").append(" ", link);
  }
  const [from, to] = link.children;
  from.dateTime = started_at;
  until(to, end);
}

/** Everything that follows from the list and from what plays. */
function settle() {
  const now = onAir ? card.now : null;
  count(now);
  card.root.hidden = !now;
  by("silence").hidden = !onAir || Boolean(now);
  light(now);
  document.title = now?.is_playing ? `♪ ${now.track.name} · ${title}` : title;
}

// --- midnight ---

function link(id, href, date) {
  const to = by(id);
  const label = to.dataset.label.replace("{date}", date);
  Object.assign(to, { href, title: label, ariaLabel: label, hidden: false });
}

/** The streamer's day is `date` now. A page of "today" turns over; a page of a date is of a day that is over. */
function turn(date) {
  if (date === day.dataset.date) return true;
  const [old, fresh] = [day.dataset.date, date].map(longDate);
  if (!location.pathname.endsWith("/today")) return retire(fresh);
  link("previous", `${day.dataset.path}tracks/${day.dataset.date}`, old);
  day.dataset.date = date;
  title = title.replace(by("date").textContent, fresh);
  Object.assign(by("date").firstElementChild, { dateTime: date, textContent: fresh });
  clear();
  for (const link of [...by("streams").children]) if (link.lastElementChild.dateTime) link.remove();
  return true;
}

function retire(fresh) {
  live.stop();
  link("next", `${day.dataset.path}tracks/today`, fresh);
  showAir(false, null);
  by("air").hidden = true;
  card.set(null, null);
  settle();
  return false;
}

// --- the frames ---

const frames = {
  snapshot(frame) {
    if (!turn(frame.date)) return;
    // How a stream ended that this page believes on air, only a new page tells.
    const isOver = (link) => !link.lastElementChild.dateTime && link.dataset.streamId !== frame.stream?.id;
    if ([...by("streams").children].some(isOver)) reload();
    showAir(frame.live, frame.stream);
    relist(frame);
    showNow(frame.now_playing, frame.at);
  },
  track_added: (frame) => put(frame),
  track_updated(frame) {
    put(frame);
    if (frame.id === card.now?.track.id) card.correct(find(frame.id));
  },
  track_removed: ({ id }) => find(id)?.remove(),
  now_playing: (frame) => showNow(frame.now_playing, frame.at),
  stream_started: ({ stream }) => showAir(true, stream),
  stream_ended({ stream, at }) {
    showStream(stream, at);
    showAir(false, null);
    card.set(null, null);
  },
  day_changed: ({ date }) => turn(date),
  gap: ({ gap }) => putGap(gap),
};

card.adopt();
follow(live, clock, frames, settle);
