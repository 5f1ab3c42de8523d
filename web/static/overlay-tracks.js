// The overlay of the last tracks of this stream. What is to be seen is decided in latest.js and drawn by rows.js; here both are
// brought together.

import { Clock } from "./clock.js";
import * as rules from "./latest.js";
import { Rows } from "./rows.js";

const SECOND = 1_000;
/** How often it is looked whether time alone has changed what is to be seen. */
const OFTEN = SECOND / 4;

const look = document.documentElement.dataset;
const root = document.getElementById("overlay");
const { count, delay, hideAfter, demo } = root.dataset;
const { anim } = look;
const clock = new Clock();
const latest = rules.begin({ count: Number(count), delay: SECOND * delay, hideAfter: SECOND * hideAfter });
const rows = new Rows(root);
const { follow } = await (demo === undefined ? import("./steadfast.js") : import("./demo.js"));

let shown = [];
let cuts = 0;
let steadfast = null;

/** Brings what is drawn in line with what is to be seen. */
function settle() {
  const tracks = rules.seen(latest, clock.now());
  const isSame = tracks.length === shown.length && tracks.every((track, at) => track === shown[at]);
  const atOnce = latest.cuts !== cuts;
  steadfast?.renew(!tracks.length || tracks[0].id !== shown[0]?.id);
  if (isSame && !atOnce) return;
  // A page that takes the place of another shows what that one showed, as if nothing had happened.
  look.anim = !shown.length && steadfast?.tookOver ? "none" : anim;
  rows.set(tracks, atOnce);
  [shown, cuts] = [tracks, latest.cuts];
}

steadfast = follow(root.dataset, clock, (frame) => {
  rules.hear(latest, frame, clock.now());
  settle();
});
setInterval(settle, OFTEN);
document.addEventListener("visibilitychange", settle);
