// The list of a page, live: puts rows and gaps in their place, and keeps up with the frames.

import { calm, length } from "./now.js";
import { localise } from "./times.js";

/** A connection that comes back sooner is not worth a word. */
const PATIENCE = 4_000;
/** The page is asked for once in this time. */
const RELOAD_ONCE = 300_000;

export const by = (id) => document.getElementById(id);
export const tape = by("tape");
/** When the stream began, where the list is one of a stream. */
export const start = Date.parse(tape.dataset.start);

export const rows = () => [...tape.querySelectorAll("[data-track-id]")];
export const find = (id) => (id ? tape.querySelector(`[data-track-id="${CSS.escape(id)}"]`) : null);
const isGap = (item) => item?.classList.contains("gap");
export const since = (item) => Date.parse(item.dataset.from ?? item.querySelector("time").dateTime);

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  localise(template.content);
  const parsed = [...template.content.children];
  if (start) parsed.forEach(sayInto);
  return parsed;
}

/** How far into the stream a row began, as the server says it. */
function sayInto(row) {
  const into = document.createElement("time");
  const millis = Math.max(0, since(row) - start);
  into.className = "into";
  into.dateTime = `PT${Math.floor(millis / 1_000)}S`;
  into.textContent = length(millis);
  row.querySelector("time").after(into);
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
  const { height } = row.getBoundingClientRect();
  if (calm.matches || document.hidden || tape.getBoundingClientRect().top < 0) return;
  const frames = [{ height: 0, opacity: 0, overflow: "hidden" }, { height: `${height}px`, opacity: 1, overflow: "hidden" }];
  row.animate(frames, { duration: 420, easing: "cubic-bezier(.2,.8,.2,1)" });
}

/** A row that comes, or replaces the one with its id. */
export function put({ html, id, before }) {
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
export function relist({ html, gaps }) {
  const wanted = parse(html);
  const ids = new Set(wanted.map((row) => row.dataset.trackId));
  for (const gap of tape.querySelectorAll(".gap")) gap.remove();
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
  gaps.forEach(putGap);
}

/** A new day's list: only gaps that still last go on. */
export function clear() {
  for (const item of [...tape.children]) if (!isGap(item) || item.querySelectorAll("time").length > 1) item.remove();
}

export function putGap(gap) {
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

/** When a stream ended, or that it goes on. */
export function until(time, end) {
  if (end) time.dateTime = end;
  else time.removeAttribute("datetime");
  time.textContent = "…";
  time.title = "";
  localise(time.parentElement);
}

/** Asks for the page again, unless it was just asked for. */
export function reload() {
  const key = `gone ${location.pathname}`;
  try {
    if (Date.now() - Number(sessionStorage.getItem(key)) < RELOAD_ONCE) return;
    sessionStorage.setItem(key, Date.now());
    location.reload();
  } catch {
    // Without a memory a reload could go on for ever: the page stays as it is.
  }
}

/** Says how many tracks there are, or that there are none. */
export function count(something) {
  const [list, words] = [rows(), by("count")];
  const { region } = document.documentElement.dataset;
  const form = words.dataset[new Intl.PluralRules(region).select(list.length)] ?? words.dataset.other;
  words.textContent = form.replace("{n}", list.length.toLocaleString(region));
  by("empty").hidden = tape.childElementCount > 0 || Boolean(something);
}

/** Lights the lamp beside the newest row if it is what plays. */
export function light(now) {
  tape.classList.toggle("current", Boolean(now?.is_playing) && rows()[0]?.dataset.trackId === now.track.id);
}

/** Applies each frame as it comes, and says when none can. */
export function follow(live, clock, frames, settle) {
  let patience = 0;
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

  live.addEventListener("gone", reload);
  settle();
  live.start();
}
