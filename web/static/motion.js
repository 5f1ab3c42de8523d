// How an overlay comes and goes. Nothing is left behind: an animation that is over is gone.

import { html, moves } from "./looks.js";

const COMES = 620;
const GOES = 360;
/** A frame late is nothing; an animation whose end is never told, as in a page that was just hidden, is not waited for. */
const LATE = 250;

/** Where the box is while it is not seen: beyond the edge that it stands at. */
const EDGES = [[/left/, "translateX(-2.5rem)"], [/right/, "translateX(2.5rem)"], [/top/, "translateY(-1.5rem)"], [/./, "translateY(1.5rem)"]];
/** What goes over the whole width comes from above or from below. */
const ACROSS = [[/top/, "translateY(-100%)"], [/./, "translateY(100%)"]];

function unseen() {
  const { anim, align, style } = html.dataset;
  if (anim === "fade") return { opacity: 0 };
  if (anim === "pop") return { opacity: 0, transform: "scale(.82)" };
  const edges = /bar|ticker/.test(style) ? ACROSS : EDGES;
  return { opacity: 0, transform: edges.find(([at]) => at.test(align))[1] };
}

const ended = (animation, duration) =>
  Promise.race([animation.finished.catch(() => {}), new Promise((done) => setTimeout(done, duration + LATE))]);

export const stop = (element) => element.getAnimations().forEach((animation) => animation.cancel());

/** Brings the element on; resolves when it stands. */
export async function enters(element) {
  stop(element);
  element.hidden = false;
  if (!moves()) return;
  const easing = html.dataset.anim === "pop" ? "cubic-bezier(.2,1.5,.4,1)" : "cubic-bezier(.16,.84,.24,1)";
  const animation = element.animate([unseen(), {}], { duration: COMES, easing });
  await ended(animation, COMES);
  animation.cancel();
}

/** Takes the element off; resolves when nothing of it is seen. */
export async function leaves(element, atOnce = false) {
  if (!element.hidden && !atOnce && moves()) {
    const animation = element.animate([{}, unseen()], { duration: GOES, easing: "cubic-bezier(.5,0,.9,.4)", fill: "forwards" });
    await ended(animation, GOES);
    // Somebody else has taken it off meanwhile, or brought it on again.
    if (animation.playState === "idle") return;
  }
  element.hidden = true;
  stop(element);
}
