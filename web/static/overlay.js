// The overlay of what plays, over a game, for a night. It never shows an error; when there is nothing to show it is not
// there. What is to be seen is decided in moment.js and drawn by stage.js or ticker.js; here both are brought together.

import { Clock } from "./clock.js";
import * as rules from "./moment.js";

const SECOND = 1_000;
/** How often it is looked whether time alone has changed what is to be seen. */
const OFTEN = SECOND / 4;
/** What comes so close together is one change. */
const BREATH = 50;

const look = document.documentElement.dataset;
const root = document.getElementById("overlay");
const { delay, hideAfter, demo } = root.dataset;
const { anim } = look;
const clock = new Clock();
const trails = look.style === "ticker";
const moment = rules.begin({ delay: SECOND * delay, hideAfter: SECOND * hideAfter, hide: look.hide, trails });
const { Stage, Ticker } = await (trails ? import("./ticker.js") : import("./stage.js"));
const stage = new (Stage ?? Ticker)(root, clock);
const { follow } = await (demo === undefined ? import("./steadfast.js") : import("./demo.js"));

/** The play that is drawn. */
let shown = null;
/** Each drawing has a number; one that is under way when something is cut off counts no more. */
let turn = 0;
let busy = false;
let cuts = 0;
let soon = 0;

let steadfast = null;

const idOf = (play) => play?.now.track.id;

/** What must not be seen any more goes at once, whatever is under way. */
function cut() {
  cuts = moment.cuts;
  turn += 1;
  busy = false;
  shown = null;
  stage.clear(true);
}

function draw(play) {
  const isSame = idOf(play) === idOf(shown);
  // A page that takes the place of another shows what that one showed, as if nothing had happened.
  if (!isSame) look.anim = !shown && steadfast?.tookOver ? "none" : anim;
  if (!play) return stage.clear();
  const at = new Date(play.at).toISOString();
  return isSame ? stage.correct(play.now, at) : stage.show(play.now, at);
}

/** Brings what is drawn in line with what is to be seen, one change at a time. */
async function settle() {
  soon = 0;
  const play = rules.seen(moment, clock.now());
  if (moment.cuts !== cuts) cut();
  if (busy) return;
  steadfast?.renew(!shown || idOf(play) !== idOf(shown));
  if (play === shown) return;
  const mine = (turn += 1);
  busy = true;
  try {
    await draw(play);
  } finally {
    if (mine === turn) {
      shown = play;
      busy = false;
      settle();
    }
  }
}

steadfast = follow(root.dataset, clock, (frame) => {
  rules.hear(moment, frame, clock.now());
  // Timers of a page that nobody sees may be a minute late.
  if (document.hidden || moment.cuts !== cuts) settle();
  else soon ||= setTimeout(settle, BREATH);
});
setInterval(settle, OFTEN);
document.addEventListener("visibilitychange", settle);
