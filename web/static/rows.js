// The last tracks, newest first: a new one pushes the others down, the oldest falls off.

import { cover, hue, picture } from "./cover.js";
import { dress, html, moves, put } from "./looks.js";
import { enters, leaves } from "./motion.js";
import { settle, wander } from "./wander.js";

const GLIDES = { duration: 620, easing: "cubic-bezier(.16,.84,.24,1)" };

export class Rows {
  #root;
  #box;
  #list;
  #mould;
  #rows = new Map();
  #isGoing = false;

  constructor(root) {
    dress(root);
    this.#root = root;
    this.#box = root.querySelector(".overlay");
    this.#list = root.querySelector(".tracks");
    this.#mould = root.querySelector("template").content.firstElementChild;
    new ResizeObserver(() => this.#fit()).observe(root);
  }

  /** Shows these tracks, newest first; those of them that are there already keep their rows. */
  set(tracks, atOnce = false) {
    this.#root.dataset.state = tracks.length ? "playing" : "empty";
    if (!tracks.length) return this.#goes(atOnce);
    const glides = !atOnce && this.#rows.size > 0 && moves();
    const before = new Map([...this.#rows.values()].map((row) => [row, row.offsetTop]));
    this.#place(tracks);
    if (this.#isGoing || this.#box.hidden) enters(this.#box);
    this.#isGoing = false;
    this.#fit();
    if (glides) for (const row of this.#rows.values()) glide(row, before.get(row));
  }

  /** The rows go with their box: nothing that is no longer to be seen is kept. */
  async #goes(atOnce) {
    this.#isGoing = true;
    await leaves(this.#box, atOnce);
    if (!this.#isGoing) return;
    this.#isGoing = false;
    this.#rows.forEach(rests);
    this.#rows.clear();
    this.#list.replaceChildren();
  }

  #place(tracks) {
    const rows = new Map(tracks.map((track) => [track.id, this.#row(track)]));
    this.#rows.forEach((row, id) => rows.has(id) || rests(row));
    const isSame = String([...rows.keys()]) === String([...this.#rows.keys()]);
    this.#rows = rows;
    if (!isSame) this.#list.replaceChildren(...rows.values());
  }

  #row(track) {
    const row = this.#rows.get(track.id) ?? this.#mould.cloneNode(true);
    const part = (name) => row.querySelector(`.${name}`);
    const texts = { title: track.name, artist: track.artist, album: track.album ?? "" };
    for (const [name, text] of Object.entries(texts)) {
      put(part(name).firstElementChild, text);
      part(name).hidden = !text;
    }
    const clock = { hour: "numeric", minute: "2-digit" };
    put(part("time"), new Date(track.started_at).toLocaleTimeString(html.lang, clock));
    part("time").dateTime = track.started_at;
    part("cover").dataset.hue = hue(track.uri);
    dons(part("cover"), cover(track));
    return row;
  }

  #fit() {
    for (const row of this.#rows.values()) row.querySelectorAll("p").forEach(wander);
  }
}

/** A line that wanders is kept for as long as it does, also without its list. */
function rests(row) {
  for (const line of row.querySelectorAll("p")) settle(line.firstElementChild);
}

/** Puts the cover on when it is there. */
async function dons(slot, url) {
  if ((slot.dataset.of ?? "") === (url ?? "")) return;
  slot.dataset.of = url ?? "";
  const image = await picture(url);
  if (slot.dataset.of === (url ?? "")) slot.replaceChildren(...(image ? [image] : []));
}

/** From where the row was to where it is; what was nowhere comes from above. */
function glide(row, was) {
  if (was === row.offsetTop) return;
  const from = was === undefined ? { opacity: 0, transform: "translateY(-60%)" } : { transform: `translateY(${was - row.offsetTop}px)` };
  row.animate([from, {}], GLIDES);
}
