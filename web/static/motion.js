// How an overlay comes and goes. Nothing is left behind: an animation that is over is gone.

import { html, moves } from "./looks.js";

const COMES = 620;
const GOES = 360;
/** A frame late is nothing; an animation whose end is never told, as in a page that was just hidden, is not waited for. */
const LATE = 250;

/** Where the box is while it is not seen is the styles' to say. */
const UNSEEN = { opacity: 0, transform: "var(--away)" };

const ended = (animation, duration) =>
  Promise.race([animation.finished.catch(() => {}), new Promise((done) => setTimeout(done, duration + LATE))]);

export const stop = (element) => element.getAnimations().forEach((animation) => animation.cancel());

/** Brings the element on; resolves when it stands. */
export async function enters(element) {
  stop(element);
  element.hidden = false;
  if (!moves()) return;
  const easing = html.dataset.anim === "pop" ? "cubic-bezier(.2,1.5,.4,1)" : "cubic-bezier(.16,.84,.24,1)";
  const animation = element.animate([UNSEEN, {}], { duration: COMES, easing });
  await ended(animation, COMES);
  animation.cancel();
}

/** Takes the element off; resolves when nothing of it is seen. */
export async function leaves(element, atOnce = false) {
  if (!element.hidden && !atOnce && moves()) {
    const animation = element.animate([{}, UNSEEN], { duration: GOES, easing: "cubic-bezier(.5,0,.9,.4)", fill: "forwards" });
    await ended(animation, GOES);
    // Somebody else has taken it off meanwhile, or brought it on again.
    if (animation.playState === "idle") return;
  }
  element.hidden = true;
  stop(element);
}
