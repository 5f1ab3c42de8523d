// One track at a time: the old one goes, then the new one stands at its beginning.

import { cover, hue, picture, soon } from "./cover.js";
import { dress, put } from "./looks.js";
import { enters, leaves } from "./motion.js";
import { Pulse } from "./pulse.js";
import { settle, wander } from "./wander.js";

export class Stage {
  #box;
  #pulse;
  #lines;
  #slots;
  /** Each coming and going has a number; whoever finds a later one gives way. */
  #turn = 0;
  /** What is to stand next, while the last one goes. */
  #next = null;
  /** The cover that is wanted, the picture when it is there. */
  #image = { url: null, picture: null };

  constructor(root, clock) {
    dress(root);
    this.#box = root.querySelector(".overlay");
    this.#pulse = new Pulse(root, clock);
    this.#lines = ["title", "artist", "album"].map((name) => root.querySelector(`.${name}`));
    this.#slots = [...root.querySelectorAll("[data-slot]")];
    addEventListener("resize", () => this.#fit());
  }

  /** Shows NOW_PLAYING as of `at`, after what was there; resolves when it stands. */
  async show(now, at) {
    const turn = ++this.#turn;
    this.#next = { now, at };
    const image = soon(this.#load(now.track));
    await leaves(this.#box);
    await image;
    if (turn !== this.#turn) return;
    ({ now, at } = this.#next);
    this.#next = null;
    this.#empties();
    this.#pulse.set(now, at);
    this.#box.hidden = false;
    this.#write(now.track);
    await enters(this.#box);
  }

  /** What is known better of the same play: what has not changed goes on as it was. */
  correct(now, at) {
    if (this.#next) this.#next = { now, at };
    if (this.#next || !this.#pulse.now) return;
    this.#pulse.set(now, at);
    this.#write(now.track);
  }

  /** Shows nothing; resolves when nothing is seen. */
  async clear(atOnce = false) {
    const turn = ++this.#turn;
    this.#next = null;
    await leaves(this.#box, atOnce);
    if (turn !== this.#turn) return;
    this.#pulse.set(null, "");
    this.#image = { url: null, picture: null };
    this.#empties();
  }

  /** Nothing of a track that is no longer shown is kept, neither words nor pictures. */
  #empties() {
    for (const slot of this.#slots) slot.replaceChildren();
    for (const line of this.#lines) settle(line.firstElementChild), put(line.firstElementChild, "");
  }

  #write(track) {
    const texts = [track.name, track.artist, track.album ?? ""];
    this.#lines.forEach((line, at) => {
      put(line.firstElementChild, texts[at]);
      line.hidden = !texts[at];
    });
    for (const slot of this.#slots) slot.dataset.hue = hue(track.uri);
    this.#load(track);
    this.#fit();
  }

  #fit() {
    if (!this.#box.hidden) this.#lines.forEach(wander);
  }

  /** Has the cover at hand, and hangs it when its track stands; until then the last one's hangs. */
  async #load(track) {
    const url = cover(track);
    if (url !== this.#image.url) {
      const image = (this.#image = { url, picture: null });
      image.picture = await picture(url);
      if (image !== this.#image) return;
    }
    if (!this.#next) this.#hang(this.#image.picture);
  }

  #hang(picture) {
    for (const slot of this.#slots) {
      if (slot.firstChild?.src !== picture?.src) slot.replaceChildren(...(picture ? [picture.cloneNode()] : []));
    }
  }
}
