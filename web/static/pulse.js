// What plays and how far it is, kept by the server's clock between frames: what every style of now-playing shows.

import { html, put } from "./looks.js";

/** Drawn this often, so that the bar glides; nothing is written that is the same. */
const TICK = 250;

/** A length as players show it: `3:58`, `1:02:09`. */
function length(millis) {
  const seconds = Math.floor(millis / 1_000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

export class Pulse {
  #root;
  #clock;
  #at = 0;
  #seen = "";
  now = null;

  constructor(root, clock) {
    this.#root = root;
    this.#clock = clock;
    setInterval(() => document.hidden || this.tick(), TICK);
    document.addEventListener("visibilitychange", () => this.tick());
  }

  /** `now` is NOW_PLAYING as of `at`; null when nothing is shown. */
  set(now, at) {
    this.now = now;
    this.#at = Date.parse(at);
    this.#root.dataset.state = now ? (now.is_playing ? "playing" : "paused") : "empty";
    this.tick();
  }

  tick() {
    if (!this.now) return;
    const { is_playing, progress_ms, track } = this.now;
    const whole = Math.max(1, track.duration_ms);
    const gone = progress_ms + (is_playing ? Math.max(0, this.#clock.now() - this.#at) : 0);
    const done = Math.min(whole, Math.max(0, gone));
    const progress = (done / whole).toFixed(4);
    if (progress !== this.#seen) html.style.setProperty("--progress", (this.#seen = progress));
    put(this.#root.querySelector(".elapsed"), length(done));
    put(this.#root.querySelector(".length"), length(whole));
  }
}
