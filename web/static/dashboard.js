// The dashboard, live: what plays now, and how things are. The server draws both; a form is sent as soon as a choice is
// made.

import { again, part } from "./again.js";
import { Live } from "./live.js";
import { NowCard, ServerClock } from "./now.js";
import { renew, swift } from "./swift.js";

const GLANCE = 10_000;
const SETTLED = 300;
const root = document.getElementById("dashboard");
const status = document.getElementById("status");
const clock = new ServerClock();
const card = new NowCard(document.getElementById("now"), clock);
const live = new Live(root.dataset.live, "json");
let asking = 0;

/** Draws how things are, unless nothing is new or somebody is about to press a button there. */
async function refresh() {
  const asked = (asking += 1);
  const html = await part(root.dataset.status, [401, 404]);
  if (html === null) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const same = fresh.innerHTML === status.innerHTML;
  if (asked === asking && !same && !status.querySelector("select:focus, button:focus")) status.innerHTML = html;
}

/** Draws the panic buttons as they are now. */
async function refreshPanic() {
  const panic = document.getElementById("panic");
  const url = new URL(panic.dataset.from, location.href);
  url.searchParams.set("back", "home");
  const html = await part(url);
  if (html === null) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  renew(panic, fresh);
}

let soon = 0;
const refreshAll = () => Promise.all([refresh(), refreshPanic()]);
const refreshSoon = () => {
  clearTimeout(soon);
  soon = setTimeout(refreshAll, SETTLED);
};

function show(now, at) {
  card.set(now, at);
  card.root.hidden = !now;
  if (now) card.fill();
}

const frames = {
  snapshot: (frame) => show(frame.now_playing, frame.at),
  now_playing: (frame) => show(frame.now_playing, frame.at),
  stream_ended: (frame) => show(null, frame.at),
};

for (const type of ["snapshot", "now_playing", "track_added", "track_removed", "stream_started", "stream_ended", "gap"]) {
  live.addEventListener(type, ({ detail }) => {
    clock.hear(detail.at, live.settled);
    frames[type]?.(detail);
    refreshSoon();
  });
}
live.addEventListener("gone", again);
swift(document.getElementById("panic"), () => {
  document.getElementById("said").replaceChildren();
  refreshAll();
});
// Whoever logs out is sent away from the socket too, and must not come back here for that.
root.querySelector('[action="/auth/logout"]').addEventListener("submit", () => live.stop());

root.classList.add("live");
for (const form of root.querySelectorAll(".setting")) {
  form.addEventListener("change", ({ target }) => {
    // What deletes is asked for twice.
    if (target.matches("select, .switch") && !form.matches(".deletes")) form.requestSubmit();
    else target.toggleAttribute("data-changed", true);
  });
}

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const zone = document.getElementById("timezone");
if (here && zone && zone.value !== here) {
  const offer = Object.assign(document.createElement("button"), { className: "offer", textContent: here });
  offer.onclick = () => (zone.value = here);
  zone.form.append(offer);
}

card.adopt();
live.start();
setInterval(() => document.hidden || refreshAll(), GLANCE);
