// How lines that are too long wander: a rest, so that the beginning can be read, then one round at a constant pace. The line follows
// itself, so that a round ends as it began, and a round that goes on is never begun anew.

import { html, px, wanders } from "./looks.js";
import { stop } from "./motion.js";

const RESTS = 3_500;
/** Lengths of the design: how far a line goes in a second, and what parts its end from its beginning. */
const SPEED = 2.4;
const APART = 3.5;

/** Lets a line wander when it does not fit, or always: rest, one round, rest. A round that goes on is not begun anew. */
export function wander(line) {
  const text = line.firstElementChild;
  const { direction, paddingLeft } = getComputedStyle(line);
  const room = line.clientWidth - 2 * parseFloat(paddingLeft);
  const isLong = text.offsetWidth - room > 1;
  line.toggleAttribute("data-long", isLong);
  line.dataset.way = direction;
  const may = wanders() && room > 0 && text.offsetWidth > 0 && (isLong || html.dataset.marquee === "always");
  const round = may ? Math.max(text.offsetWidth, isLong ? 0 : room) + px(APART) : 0;
  // A little more or less room, as between 9:59 and 10:00, is no reason to begin anew.
  if (text.dataset.again === text.textContent && Math.abs(round - text.dataset.round) < px(2)) return;
  settle(text);
  if (round) sets(text, round, direction === "rtl" ? round : -round);
}

/** Stands at its beginning. */
export function settle(text) {
  stop(text);
  delete text.dataset.again;
  delete text.dataset.round;
}

/** The text follows itself, so that a round ends as it began. */
function sets(text, round, way) {
  Object.assign(text.dataset, { again: text.textContent, round });
  text.style.setProperty("--round", `${round}px`);
  const duration = RESTS + (round / px(SPEED)) * 1_000;
  const frames = [{ transform: "none" }, { transform: "none", offset: RESTS / duration }, { transform: `translateX(${way}px)` }];
  text.animate(frames, { duration, iterations: Infinity });
}
