// The day page, live: applies each frame to the list, which the server drew. A frame may come twice.

import { Live } from "./live.js";
import { NowCard, ServerClock, calm } from "./now.js";
import { localise } from "./times.js";

/** A connection that comes back sooner is not worth a word. */
const PATIENCE = 4_000;
/** After losing the right to listen, the page is asked for once in this time. */
const RELOAD_ONCE = 300_000;

const by = (id) => document.getElementById(id);
const lang = document.documentElement.lang;
const [day, tape] = [by("day"), by("tape")];
const clock = new ServerClock();
const card = new NowCard(by("now"), clock);
const live = new Live(day.dataset.live, "html", day.dataset.cursor);
let title = document.title;
let onAir = day.dataset.onAir === "true";
let patience = 0;

// --- the list ---

const rows = () => [...tape.querySelectorAll("[data-track-id]")];
const find = (id) => (id ? tape.querySelector(`[data-track-id="${CSS.escape(id)}"]`) : null);
const isGap = (item) => item?.classList.contains("gap");
const since = (item) => Date.parse(item.dataset.from ?? item.querySelector("time").dateTime);

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  localise(template.content);
  return [...template.content.children];
}

/** Before what a row goes: the row named, or the first older one; gaps that began before it stay below. */
function place(row, before) {
  let next = find(before) ?? rows().find((other) => since(other) < since(row)) ?? null;
  for (;;) {
    const above = next ? next.previousElementSibling : tape.lastElementChild;
    if (!isGap(above) || since(above) >= since(row)) return next;
    next = above;
  }
}

/** Makes a change without moving what one reads further down. At the head of the list, it may move. */
function steadily(change) {
  const items = tape.getBoundingClientRect().top < 0 ? [...tape.children] : [];
  const seen = items.map((item) => [item, item.getBoundingClientRect().top]).filter(([, top]) => top >= 0);
  change();
  const still = seen.find(([item]) => item.isConnected);
  if (still) scrollBy({ top: still[0].getBoundingClientRect().top - still[1], behavior: "instant" });
}

function slideIn(row) {
  const { top, height } = row.getBoundingClientRect();
  if (calm.matches || top < 0 || document.hidden) return;
  const frames = [{ height: 0, opacity: 0, overflow: "hidden" }, { height: `${height}px`, opacity: 1, overflow: "hidden" }];
  row.animate(frames, { duration: 420, easing: "cubic-bezier(.2,.8,.2,1)" });
}

function put({ html, id, before }) {
  const row = parse(html)[0];
  const old = find(id);
  if (!row || old?.isEqualNode(row)) return;
  const focused = old?.contains(document.activeElement);
  old?.remove();
  tape.insertBefore(row, place(row, before));
  if (focused) row.querySelector("a")?.focus({ preventScroll: true });
  if (!old) welcome(row);
}

function welcome(row) {
  slideIn(row);
  if (row !== rows()[0]) return;
  const [name, artist] = row.querySelectorAll("bdi");
  by("news").textContent = `${name.textContent}, ${artist.textContent}`;
}

/** Makes the list what the snapshot says, keeping the rows that are right. */
function relist(html) {
  const wanted = parse(html);
  const ids = new Set(wanted.map((row) => row.dataset.trackId));
  for (const row of rows()) if (!ids.has(row.dataset.trackId)) row.remove();
  let next = tape.firstElementChild;
  for (const row of wanted) {
    const old = find(row.dataset.trackId);
    const kept = old?.isEqualNode(row) ? old : row;
    if (old && old !== kept) {
      if (old === next) next = old.nextElementSibling;
      old.remove();
    }
    if (kept === next) next = next.nextElementSibling;
    else tape.insertBefore(kept, next);
  }
}

// --- gaps ---

function putGap(gap) {
  tape.querySelector(`[data-gap-id="${CSS.escape(gap.id)}"]`)?.remove();
  if (gap.healed) return;
  const item = by("gap").content.firstElementChild.cloneNode(true);
  Object.assign(item.dataset, { gapId: gap.id, from: gap.from });
  const [from, to] = item.querySelectorAll("time");
  from.dateTime = gap.from;
  if (gap.to) to.dateTime = gap.to;
  else to.replaceWith("…");
  const why = by("why").content;
  const reason = why.querySelector(`[data-reason="${CSS.escape(gap.reason)}"]`) ?? why.lastElementChild;
  item.querySelector("span:last-child").textContent = reason.textContent;
  localise(item);
  tape.insertBefore(item, [...tape.children].find((other) => since(other) <= since(item)) ?? null);
}

// --- what plays, and whether anything does ---

function showNow(now, at) {
  const changed = now?.track.id !== card.now?.track.id;
  card.set(now, at);
  if (!now) return;
  card.fill();
  if (changed && !calm.matches && !document.hidden) {
    card.root.querySelector(".words").animate([{ opacity: 0, translate: "0 6px" }, { opacity: 1, translate: "0 0" }], 360);
  }
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
}

/** Everything that follows from the list and from what plays. */
function settle() {
  const [list, now] = [rows(), onAir ? card.now : null];
  const count = by("count");
  const form = new Intl.PluralRules(lang).select(list.length) === "one" ? "one" : "other";
  count.textContent = count.dataset[form].replace("{n}", list.length);
  by("empty").hidden = tape.childElementCount > 0 || Boolean(now);
  card.root.hidden = !now;
  by("silence").hidden = !onAir || Boolean(now);
  tape.classList.toggle("current", Boolean(now?.is_playing) && list[0]?.dataset.trackId === now.track.id);
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
  const words = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
  const [old, fresh] = [day.dataset.date, date].map((text) => words.format(new Date(text)));
  if (!location.pathname.endsWith("/today")) return retire(fresh);
  link("previous", day.dataset.path + day.dataset.date, old);
  day.dataset.date = date;
  title = title.replace(by("date").textContent, fresh);
  Object.assign(by("date").firstElementChild, { dateTime: date, textContent: fresh });
  tape.replaceChildren();
  return true;
}

function retire(fresh) {
  live.stop();
  link("next", `${day.dataset.path}today`, fresh);
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
    for (const gap of tape.querySelectorAll(".gap")) gap.remove();
    relist(frame.html);
    frame.gaps.forEach(putGap);
    showAir(frame.live, frame.stream);
    showNow(frame.now_playing, frame.at);
  },
  track_added: put,
  track_updated: put,
  track_removed: ({ id }) => find(id)?.remove(),
  now_playing: (frame) => showNow(frame.now_playing, frame.at),
  stream_started: ({ stream }) => showAir(true, stream),
  stream_ended() {
    showAir(false, null);
    card.set(null, null);
  },
  day_changed: ({ date }) => turn(date),
  gap: ({ gap }) => putGap(gap),
};

for (const [type, apply] of Object.entries(frames)) {
  live.addEventListener(type, ({ detail }) => {
    clock.hear(detail.at, type === "snapshot" || live.settled);
    steadily(() => {
      apply(detail);
      settle();
    });
  });
}

live.addEventListener("lost", () => {
  patience = setTimeout(() => (by("lost").hidden = false), PATIENCE);
});

live.addEventListener("open", () => {
  clearTimeout(patience);
  by("lost").hidden = true;
});

live.addEventListener("gone", () => {
  const key = `gone ${location.pathname}`;
  try {
    if (Date.now() - Number(sessionStorage.getItem(key)) < RELOAD_ONCE) return;
    sessionStorage.setItem(key, Date.now());
    location.reload();
  } catch {
    // Without a memory a reload could go on for ever: the page stays as it is.
  }
});

card.adopt();
settle();
live.start();
