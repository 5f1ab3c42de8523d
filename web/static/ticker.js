// A line that runs for ever: each pass of a text is an element of its own at the same constant speed, the next follows the last
// one's tail, and whatever is out is gone. What runs is never touched, so nothing jumps.

import { cover, hue, picture } from "./cover.js";
import { dress, px, wanders } from "./looks.js";
import { enters, leaves } from "./motion.js";
import { Pulse } from "./pulse.js";

/** How often it is looked whether the next pass is due, and how long before it is seen it is made. */
const LOOK = 300;
const AHEAD = 1_000;
/** Lengths of the design: how far text goes in a second, what parts two tracks. */
const SPEED = 5;
const APART = 5;
/** The same text again leaves this part of the width to itself, so that it does not stammer. */
const ALONE = 0.7;

export class Ticker {
  #box;
  #line;
  #pulse;
  #mould;
  #runs = [];
  #turn = 0;
  #going = null;

  constructor(root, clock) {
    dress(root);
    this.#box = root.querySelector(".overlay");
    this.#line = root.querySelector(".runs");
    this.#mould = root.querySelector("template").content.firstElementChild;
    this.#pulse = new Pulse(root, clock);
    setInterval(() => this.#feed(), LOOK);
    addEventListener("resize", () => this.#empties());
  }

  /** Lets NOW_PLAYING as of `at` follow what runs; resolves when the line stands. */
  async show(now, at) {
    const turn = ++this.#turn;
    await this.#going;
    if (turn !== this.#turn) return;
    this.#pulse.set(now, at);
    if (this.#box.hidden) {
      this.#empties();
      await enters(this.#box);
    }
    this.#feed();
  }

  /** What is known better of the same play: the next pass says it. */
  correct(now, at) {
    if (!this.#pulse.now) return;
    this.#pulse.set(now, at);
    this.#feed();
  }

  async clear(atOnce = false) {
    const turn = ++this.#turn;
    await (this.#going = leaves(this.#box, atOnce));
    if (turn !== this.#turn) return;
    this.#pulse.set(null, "");
    this.#empties();
  }

  #empties() {
    for (const { element, animation } of this.#runs) {
      animation?.cancel();
      element.remove();
    }
    this.#runs = [];
  }

  /** Makes the next pass when it is due. A page that nobody sees makes none, so that none have to be caught up with. */
  #feed() {
    if (!this.#pulse.now || this.#box.hidden || document.hidden) return;
    if (!wanders()) return this.#stands();
    this.#runs = this.#runs.filter((run) => run.element.isConnected);
    const last = this.#runs.at(-1);
    const says = said(this.#pulse.now.track);
    const width = this.#line.clientWidth;
    const apart = last?.says === says ? Math.max(px(APART), width * ALONE - last.width) : px(APART);
    const tail = last ? place(last) + last.width + apart : 0;
    if (tail > width + px(SPEED) * (AHEAD / 1_000)) return;
    const run = this.#make(says);
    // Texts of two directions never meet: the one waits until the other is out.
    if (!run.width || (last && last.way !== run.way)) return run.element.remove();
    this.#sends(run, Math.max(width, tail));
  }

  /** A text that stands, for those who want no movement. */
  #stands() {
    const says = said(this.#pulse.now.track);
    if (this.#runs[0]?.says === says) return;
    this.#empties();
    this.#runs = [this.#make(says)];
    this.#box.dataset.stands = this.#runs[0].element.dir;
  }

  #make(says) {
    const { track } = this.#pulse.now;
    const element = this.#mould.cloneNode(true);
    const part = (name) => element.querySelector(`.${name}`);
    const texts = { title: track.name, artist: track.artist, album: track.album ?? "" };
    for (const [name, text] of Object.entries(texts)) {
      part(name).textContent = text;
      part(name).hidden = !text;
    }
    part("cover").dataset.hue = hue(track.uri);
    picture(cover(track)).then((image) => image && part("cover").replaceChildren(image));
    this.#line.append(element);
    element.dir = getComputedStyle(part("title")).direction;
    return { element, says, width: element.offsetWidth, way: element.dir === "rtl" ? -1 : 1 };
  }

  /** Sends a pass from `start`, where its head is, to where its tail is out; both as distances from the side it leaves by. */
  #sends(run, start) {
    const speed = px(SPEED);
    const frames = [start, -run.width].map((at) => ({ transform: `translateX(${run.way * at}px)` }));
    const duration = ((start + run.width) / speed) * 1_000;
    const animation = run.element.animate(frames, { duration, fill: "forwards" });
    animation.onfinish = () => run.element.remove();
    this.#runs.push(Object.assign(run, { start, speed, animation }));
  }
}

/** Where the head of a pass is by now. */
const place = ({ start, speed, animation }) => start - (speed * (animation.currentTime ?? 0)) / 1_000;

/** What a pass says: whether the next one says the same. */
const said = ({ name, artist, album, image_url }) => [name, artist, album, image_url].join("\n");
