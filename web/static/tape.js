// The list of a page, live: puts rows and gaps in their place, and keeps up with the frames.

import { by, dress, rows, said, say, sift, tape } from "./find.js";
import { calm, length } from "./now.js";
import { localise } from "./times.js";

/** A connection that comes back sooner is not worth a word. */
const PATIENCE = 4_000;
/** The page is asked for once in this time. */
const RELOAD_ONCE = 300_000;

/** When the stream began, where the list is one of a stream. */
export const start = Date.parse(tape.dataset.start);

export const find = (id) => (id ? tape.querySelector(`[data-track-id="${CSS.escape(id)}"]`) : null);
const isGap = (item) => item?.classList.contains("gap");
export const since = (item) => Date.parse(item.dataset.from ?? item.querySelector("time").dateTime);

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  localise(template.content);
  return [...template.content.children].map((row) => {
    sayInto(row);
    return dress(row);
  });
}

/** When the stream began in which something was played, as far as the page knows. */
function startOf(at) {
  if (start) return start;
  const streams = [...document.querySelectorAll("#streams a")];
  const times = streams.map((link) => [...link.children].map((time) => Date.parse(time.dateTime)));
  return Math.max(...times.filter(([from, to]) => from <= at && !(to <= at)).map(([from]) => from));
}

/** How far into the stream a row began, as the server says it. */
function sayInto(row) {
  const into = document.createElement("time");
  const millis = Math.max(0, since(row) - startOf(since(row)));
  if (millis === Infinity) return;
  into.className = "into";
  into.dateTime = `PT${Math.floor(millis / 1_000)}S`;
  into.textContent = length(millis);
  row.querySelector("time").after(into);
}

/** Before what a row goes: the row named, or the first that is older; gaps that began before it stay below. */
function place(row, before) {
  return [...tape.children].find((other) => other.dataset.trackId === before || since(other) < since(row)) ?? null;
}

/** Whether the head of the list is scrolled out of sight. */
const away = () => tape.getBoundingClientRect().top < 0;

/** Makes a change without moving what one reads further down, or losing what has the focus. At the head of the list, it may move. */
function steadily(change) {
  const { activeElement: held, body } = document;
  const [row, items] = [held.closest(".play"), away() ? [...tape.children] : []];
  const nth = rows().indexOf(row);
  const seen = items.map((item) => [item, item.getBoundingClientRect()]).filter(([, { top, height }]) => height && top >= 0);
  change();
  const still = seen.find(([item]) => item.isConnected);
  if (still) scrollBy({ top: still[0].getBoundingClientRect().top - still[1].top, behavior: "instant" });
  if (held === body || (document.activeElement === held && held.checkVisibility())) return;
  const near = row && (by(held.id) ?? rows()[Math.min(nth, rows().length - 1)]?.querySelector("a, button"));
  (near ?? by("tracks")).focus({ preventScroll: true });
}

/** When the newest play began that was at the head of the list while one was there. */
let newest;

/** Says how many have come since one scrolled away. */
function tell() {
  const [list, pill] = [rows(), by("fresh")];
  if (!away() || newest === undefined) newest = list[0] ? since(list[0]) : 0;
  const n = list.filter((row) => !row.hidden && since(row) > newest).length;
  if (n) say(pill, n);
  else if (pill === document.activeElement) by("tracks").focus({ preventScroll: true });
  pill.hidden = !n;
}

by("fresh").onclick = () => {
  by("tracks").focus({ preventScroll: true });
  by("find").scrollIntoView({ behavior: calm.matches ? "instant" : "smooth" });
};
addEventListener("scroll", () => by("fresh").hidden || tell(), { passive: true });

function slideIn(row) {
  if (calm.matches || away()) return;
  const frames = { height: ["0", `${row.offsetHeight}px`], opacity: [0, 1], overflow: ["hidden", "hidden"] };
  row.animate(frames, { duration: 420, easing: "cubic-bezier(.2,.8,.2,1)" });
}

/** The row of the list that is just like this one, in sight or not; else this one. */
function kept(row) {
  const old = find(row.dataset.trackId);
  row.hidden = Boolean(old?.hidden);
  return old?.isEqualNode(row) ? old : row;
}

/** The row that has just come. */
let arrived;

/** A row that comes, or replaces the one with its id. */
export function put({ html, id, before }) {
  const [row] = parse(html);
  const old = find(id);
  if (!row || kept(row) === old) return;
  old?.remove();
  tape.insertBefore(row, place(row, before));
  if (old) return;
  slideIn(row);
  arrived = row;
}

/** Says what has come at the head of the list, unless something else is looked for. */
function announce() {
  if (arrived && arrived === rows()[0] && !arrived.hidden) by("news").textContent = said(arrived).slice(0, 2).join(", ");
  arrived = null;
}

/** Makes the list what the snapshot says, keeping the rows that are right. */
export function relist({ html, gaps }) {
  const [old] = rows();
  tape.replaceChildren(...parse(html).map(kept));
  const [row] = rows();
  if (old && row && since(row) > since(old)) arrived = row;
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
  say(by("count"), rows().length);
  by("empty").hidden = tape.childElementCount > 0 || Boolean(something);
  sift();
  announce();
  tell();
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
