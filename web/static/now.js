// What plays now, as a card whose progress runs by itself between frames.

const HUES = 8;
const SECOND = 1_000;
/** Looking often keeps the seconds even; drawn is only what changed, so that a page over a game can rest. */
const TICK = SECOND / 4;

export const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** The server's time, learned from when its frames arrive. */
export class ServerClock {
  #ahead = 0;
  #sure = false;

  /** A frame of `at` arrives; `live` when it was sent as it happened, not again. */
  hear(at, live) {
    const ahead = Date.now() - Date.parse(at);
    if (Number.isNaN(ahead)) return;
    if (ahead < this.#ahead || (live && !this.#sure)) this.#ahead = ahead;
    this.#sure ||= live;
  }

  now() {
    return Date.now() - this.#ahead;
  }
}

/** The placeholder of a cover: the same sum as in the markup of rows. */
function hue(uri) {
  return new TextEncoder().encode(uri).reduce((sum, byte) => sum + byte, 0) % HUES;
}

/** Only HTTP addresses become links or images. */
function safe(url) {
  return /^https?:\/\//.test(url ?? "") ? url : null;
}

/** A length as players show it: `3:58`, `1:02:09`. */
export function length(millis) {
  const seconds = Math.floor(millis / SECOND);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (n) => String(n).padStart(2, "0");
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Writes only what is new: the same value again would cost a layout. */
function put(element, property, value) {
  if (element && element[property] !== value) element[property] = value;
}

/** Shows the picture once it is there; the placeholder stays when it never comes. */
function picture(slot, url, size) {
  if (!slot || slot.dataset.shown === (url ?? "")) return;
  slot.dataset.shown = url ?? "";
  slot.replaceChildren();
  if (!url) return;
  const image = new Image(size, size);
  image.alt = "";
  image.onload = () => slot.dataset.shown === url && slot.replaceChildren(image);
  image.src = url;
}

export class NowCard {
  #slots = {};
  #clock;
  #at = 0;
  now = null;

  constructor(root, clock) {
    this.root = root;
    this.#clock = clock;
    for (const slot of root.querySelectorAll("[data-slot]")) this.#slots[slot.dataset.slot] = slot;
    setInterval(() => document.hidden || this.tick(), TICK);
    document.addEventListener("visibilitychange", () => this.tick());
  }

  /** Takes over the card that the server drew. */
  adopt() {
    const { now, duration, progress, at, playing } = this.root.dataset;
    if (!now) return;
    for (const name of ["cover", "glow"]) {
      const slot = this.#slots[name];
      slot.dataset.shown = slot.querySelector("img")?.getAttribute("src") ?? "";
    }
    const track = { id: now, duration_ms: Number(duration), name: this.#slots.title.textContent };
    this.now = { track, is_playing: playing === "true", progress_ms: Number(progress) };
    this.#at = Date.parse(at);
    this.tick();
  }

  /** `now` is NOW_PLAYING or null, as of the frame's `at`. */
  set(now, at) {
    this.now = now;
    this.#at = Date.parse(at);
  }

  /** How far the track is, in milliseconds; beyond its length when nothing was heard of its end. */
  position() {
    const { is_playing, progress_ms } = this.now;
    return progress_ms + (is_playing ? Math.max(0, this.#clock.now() - this.#at) : 0);
  }

  /** Draws the track. */
  fill() {
    const { track, is_playing } = this.now;
    const { title, artist, album, state, link, cover, glow } = this.#slots;
    title.textContent = track.name;
    artist.textContent = track.artist;
    if (album) album.textContent = track.album ?? "";
    if (state) state.textContent = is_playing ? state.dataset.playing : state.dataset.paused;
    if (link) link.hidden = !safe(track.url);
    if (link && !link.hidden) link.href = track.url;
    cover.dataset.hue = hue(track.uri);
    picture(cover, safe(track.image_url), 128);
    picture(glow, safe(track.image_url));
    this.root.dataset.playing = is_playing;
    this.tick();
  }

  /** Takes the words of the row that corrects it. */
  correct(row) {
    const words = row?.querySelectorAll("bdi") ?? [];
    [this.#slots.title, this.#slots.artist, this.#slots.album].forEach((slot, at) => put(slot, "textContent", words[at]?.textContent ?? ""));
    this.now.track = { ...this.now.track, name: this.#slots.title.textContent };
  }

  /** Moves the progress to the second where it should be by now; the bar over it glides, but for those who prefer stillness. */
  tick() {
    if (!this.now) return;
    const whole = Math.max(1, this.now.track.duration_ms);
    const done = Math.min(whole, Math.max(0, this.position()));
    const second = done < whole ? done - (done % SECOND) : whole;
    const { progress, elapsed, length: end, bar } = this.#slots;
    put(progress, "max", whole);
    put(progress, "value", second);
    put(elapsed, "textContent", length(done));
    put(end, "textContent", length(whole));
    put(bar?.style, "transform", `scaleX(${(calm.matches ? second : done) / whole})`);
  }
}
