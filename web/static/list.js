// The list by hand, live: whatever happens to it, the server draws it anew. Nothing moves under somebody who is writing.

import { again, part } from "./again.js";
import { Live } from "./live.js";
import { renew, swift } from "./swift.js";

const GLANCE = 5_000;
const SETTLED = 150;
const root = document.getElementById("list");
const live = new Live(root.dataset.live, "json");
let asking = 0;
let soon = 0;

async function refresh() {
  const asked = (asking += 1);
  const url = new URL(location.href);
  url.searchParams.delete("done");
  const html = await part(url);
  if (html === null || asked !== asking) return;
  const page = new DOMParser().parseFromString(html, "text/html");
  renew(document.getElementById("panic"), page.getElementById("panic"));
  if (document.querySelector("#rows details[open]")) return;
  renew(document.getElementById("rows"), page.getElementById("rows"));
  document.getElementById("none").hidden = page.getElementById("none").hidden;
}

function refreshSoon() {
  clearTimeout(soon);
  soon = setTimeout(refresh, SETTLED);
}

const news = ["snapshot", "track_added", "track_updated", "track_removed", "now_playing", "stream_ended", "day_changed"];
for (const type of news) live.addEventListener(type, refreshSoon);
live.addEventListener("gone", again);
swift(root, () => {
  document.getElementById("said").replaceChildren();
  refresh();
});
live.start();
setInterval(() => document.hidden || refresh(), GLANCE);
