// Says on every page of the dashboard when tracking stands still: as soon as a frame may mean that, and every few seconds.

import { part } from "./again.js";
import { Live } from "./live.js";

const GLANCE = 5_000;
const SETTLED = 300;
const banner = document.getElementById("banner");
const query = banner.dataset.query;
let asking = 0;

async function refresh() {
  const asked = (asking += 1);
  const html = await part(`/dashboard/banner${query}`);
  if (html === null) return;
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  if (asked === asking && fresh.innerHTML !== banner.innerHTML) banner.innerHTML = html;
}

let soon = 0;
const refreshSoon = () => {
  clearTimeout(soon);
  soon = setTimeout(refresh, SETTLED);
};

const live = new Live(`/api/v1/me/live${query}`, "json");
for (const type of ["snapshot", "now_playing", "stream_started", "stream_ended", "gap"]) {
  live.addEventListener(type, refreshSoon);
}
live.addEventListener("gone", () => live.stop());
live.start();
refresh();
setInterval(() => document.hidden || refresh(), GLANCE);
