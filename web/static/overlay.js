// The overlay: the track that plays, over a game, for a night. It never shows an error; when there is nothing
// to show, or nothing was heard for too long, it is not there.

import { Live } from "./live.js";
import { NowCard, ServerClock, calm } from "./now.js";

/** A track that should have ended this long ago has: we just were not told. */
const OVERDUE = 90_000;
const FADE = 420;
/** The width over which a long line fades out, as in the styles. */
const EDGE = 22;

const root = document.getElementById("overlay");
const clock = new ServerClock();
const card = new NowCard(root, clock);
const live = new Live(root.dataset.live, "json", null);
let shown = null;
let fading = false;

/** What should be seen right now; none while paused. */
function wanted() {
  const now = card.now;
  if (!now?.is_playing || card.position() > now.track.duration_ms + OVERDUE) return null;
  return now.track.id;
}

async function fade(to) {
  const hidden = { opacity: 0, transform: "translateY(10px)" };
  const seen = { opacity: 1, transform: "none" };
  const frames = to ? [hidden, seen] : [seen, hidden];
  const timing = { duration: calm.matches ? 0 : FADE, easing: "cubic-bezier(.2,.8,.2,1)", fill: "both" };
  await root.animate(frames, timing).finished;
}

/** Long lines wander slowly to their end and back. */
function wander() {
  for (const line of root.querySelectorAll("bdi")) {
    line.getAnimations().forEach((animation) => animation.cancel());
    const hidden = line.offsetWidth + EDGE - line.parentElement.clientWidth;
    if (hidden <= 0 || calm.matches) continue;
    const [start, end] = ["none", `translateX(${-hidden}px)`];
    const frames = [{ transform: start }, { transform: start, offset: 0.2 }, { transform: end, offset: 0.8 }, { transform: end }];
    line.animate(frames, { duration: 5_000 + hidden * 40, iterations: Infinity, direction: "alternate", easing: "ease-in-out" });
  }
}

/** Brings what is seen in line with what should be, one fade at a time. */
async function settle() {
  if (fading || wanted() === shown) return;
  fading = true;
  if (shown) await fade(false);
  shown = wanted();
  root.hidden = !shown;
  if (shown) {
    card.fill();
    wander();
    await fade(true);
  }
  fading = false;
  settle();
}

function set(now, at) {
  card.set(now, at);
  if (now && now.track.id === shown && !fading) card.fill();
  settle();
}

const frames = {
  snapshot: ({ now_playing, at }) => set(now_playing, at),
  now_playing: ({ now_playing, at }) => set(now_playing, at),
  track_updated: ({ track, at }) => {
    if (card.now?.track.id === track.id) set({ ...card.now, track, progress_ms: card.position() }, at);
  },
  stream_ended: ({ at }) => set(null, at),
};

for (const [type, apply] of Object.entries(frames)) {
  live.addEventListener(type, ({ detail }) => {
    clock.hear(detail.at, type === "snapshot" || live.settled);
    apply(detail);
  });
}

const accent = new URLSearchParams(location.search).get("accent") ?? "";
if (/^[0-9a-f]{6}$/i.test(accent)) document.documentElement.style.setProperty("--accent", `#${accent}`);
setInterval(settle, 1_000);
live.start();
