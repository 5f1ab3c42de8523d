// What plays and how far it is, kept by the server's clock between frames: what every style of now-playing shows.

import { html } from "./looks.js";
import { length } from "./now.js";

/** Drawn this often, so that the bar glides; nothing is written that is the same. */
const TICK = 250;
const HUES = 8;
/** A cover that takes longer comes when it comes; its track does not wait. */
const PATIENCE = 900;

/** The drawn record of a track without a cover: the same sum as in the markup of rows. */
export function hue(uri) {
  return new TextEncoder().encode(uri).reduce((sum, byte) => sum + byte, 0) % HUES;
}

/** The cover's address, or none: only HTTP addresses become images, and only where the house shows covers. */
export function cover({ image_url: url }) {
  return !html.dataset.covers && html.dataset.show.includes("cover") && /^https?:\/\//.test(url ?? "") ? url : null;
}

/** The picture, ready to be painted; null when there is none to be had. */
export async function picture(url) {
  if (!url) return null;
  const image = new Image();
  image.alt = "";
  image.src = url;
  return image.decode().then(() => image, () => null);
}

/** What the promise leads to, or nothing when that takes too long. */
export const soon = (promise) => Promise.race([promise, new Promise((done) => setTimeout(done, PATIENCE))]);

/** Writes only what is new: the same text again would cost a layout. */
export function put(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
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
    const label = this.#root.querySelector(".label");
    if (label && now) put(label, now.is_playing ? label.dataset.playing : label.dataset.paused);
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
