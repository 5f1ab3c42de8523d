// What an overlay does beyond the live connection of other pages, because nobody looks after it for days: it asks whether
// the server is there at all, doubts a connection that says nothing, comes back to a list that was closed, and begins
// anew when the server has another version of it.
//
// Tells the frames of the server and two of its own: `lost`, since when nobody was heard (a snapshot follows when that is
// over), and `gone`, when we may not listen now.

import { Live } from "./live.js";

const SECOND = 1_000;
/** How often the page is asked for, and how long an answer may take: together less than the last track stays. */
const BEAT = 18 * SECOND;
const PATIENCE = 10 * SECOND;
/** A connection so silent may be dead. One that is not goes on without a word. */
const SILENCE = 45 * SECOND;
/** Timers so late tell that the machine slept, or that nobody saw the page. */
const LATE = 10 * SECOND;
/** How long to leave a closed list alone, at most. */
const REST = 30 * SECOND;
/** Pages begin anew so seldom, twice as seldom each time that it was of no use; other settings wait no longer for a moment when nobody sees them come. */
const RARELY = 60 * SECOND;
/** Other scripts wait so long: most tracks are over by then. */
const A_TRACK = 240 * SECOND;
/** Whoever began anew so recently goes on with what was there. */
const JUST = 10 * SECOND;
const MEMORY = "begun";
const VERSION = /data-version="([^"]+)"/;

/** Between half and all of it, by chance, so that not everybody comes at once. */
function about(time) {
  return time * (0.5 + Math.random() / 2);
}

/** When this page last began anew, for which version, and how long to wait until the next time. */
function memory() {
  try {
    return JSON.parse(sessionStorage[MEMORY]);
  } catch {
    return {};
  }
}

class Steadfast {
  #path;
  #version;
  #clock;
  #tell;
  #live = null;
  #isOpen = false;
  #isShut = false;
  #heardAt = 0;
  #answeredAt = 0;
  #tickAt = performance.now();
  #beatAt = this.#tickAt + about(BEAT);
  #listenAt = 0;
  #newer = null;
  #patience = 0;
  /** When the newer one takes its place, whoever sees it. */
  #dueAt = 0;

  constructor({ live, version }, clock, tell) {
    // A key stands in nothing but the address.
    const path = live || `/api/v1/overlay/${location.pathname.split("/")[3]}/live`;
    this.#path = `${path.split("?")[0]}?view=stream`;
    this.#version = version;
    this.#clock = clock;
    this.#tell = tell;
    setInterval(() => this.#tick(), SECOND);
    this.#tick();
  }

  /** Whether this page has just taken the place of an older one. */
  get tookOver() {
    return Math.abs(Date.now() - memory().at) < JUST;
  }

  /** Begins anew if there is a newer version and this is a good moment, or none came for a while. */
  renew(isGoodMoment) {
    if (this.#newer && (isGoodMoment || performance.now() > this.#dueAt)) this.#begin();
  }

  #tick() {
    const steady = performance.now();
    const isLate = steady - this.#tickAt > LATE;
    this.#tickAt = steady;
    if (this.#clock.jumped()) this.#doubt(steady);
    // While nobody sees the page all timers are late.
    else if (isLate && !document.hidden) this.#live?.renew();
    if (steady >= this.#listenAt) this.#listen();
    if (steady >= this.#beatAt) this.#beat();
  }

  #listen() {
    this.#listenAt = Infinity;
    const live = new Live(this.#path, "json", null);
    live.addEventListener("frame", ({ detail }) => this.#hear(detail));
    live.addEventListener("open", () => this.#opened());
    live.addEventListener("lost", () => this.#lost());
    live.addEventListener("gone", () => this.#gone());
    this.#live = live;
    live.start();
  }

  #hear(frame) {
    this.#heardAt = performance.now();
    const isFresh = frame.type === "snapshot";
    this.#clock.hear(frame.at, isFresh || this.#live.settled, isFresh);
    this.#tell(frame);
  }

  #opened() {
    const steady = performance.now();
    // Perhaps it is another server.
    if (!this.#isOpen) this.#beatAt = Math.min(this.#beatAt, steady + about(PATIENCE));
    this.#isOpen = true;
    this.#isShut = false;
    this.#heardAt = steady;
  }

  #lost() {
    this.#isOpen = false;
    this.#silent(performance.now());
    if (this.#isShut) this.#rest();
  }

  #gone() {
    this.#isOpen = false;
    this.#isShut = true;
    this.#tell({ type: "gone" });
    this.#rest();
  }

  #rest() {
    const live = this.#live;
    this.#live = null;
    // Not while it makes up its mind to try again.
    queueMicrotask(() => live.stop());
    this.#listenAt = performance.now() + about(REST);
  }

  /** Perhaps nobody has been there since then. */
  #doubt(since) {
    if (!this.#isOpen) return;
    this.#silent(since);
    this.#live.renew();
  }

  #silent(since) {
    this.#live.cursor = null;
    const at = this.#clock.now() - (performance.now() - since);
    this.#tell({ type: "lost", at: new Date(at).toISOString() });
  }

  async #beat() {
    this.#beatAt = Infinity;
    const version = await this.#ask();
    const steady = performance.now();
    this.#beatAt = steady + about(BEAT);
    if (version === null) this.#doubt(Math.max(this.#heardAt, this.#answeredAt));
    else if (this.#isOpen && steady - this.#heardAt > SILENCE) this.#live.renew();
    if (version !== null) this.#answeredAt = steady;
    if (version) this.#compare(version, steady);
  }

  /** The version of the page that the server has; empty when something else answers, null when nobody does. */
  async #ask() {
    const away = new AbortController();
    const timer = setTimeout(() => away.abort(), PATIENCE);
    try {
      const answer = await fetch(location.href, { cache: "no-cache", signal: away.signal });
      const text = await answer.text();
      // The entry's hash is one of all scripts.
      this.#patience = text.includes(document.scripts[0].src.slice(-16)) ? RARELY : A_TRACK;
      return (answer.ok && VERSION.exec(text)?.[1]) || "";
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  #compare(version, steady) {
    // A page without a version is one of which the server did not know all.
    const isNewer = version !== this.#version;
    if (isNewer && !this.#newer) this.#dueAt = steady + this.#patience;
    this.#newer = isNewer ? version : null;
  }

  /** Whoever leaves for a page that is not there never comes back, so it is asked for once more. */
  async #begin() {
    const version = this.#newer;
    this.#newer = null;
    const [now, last] = [Date.now(), memory()];
    if (Math.abs(now - last.at) < last.wait || (await this.#ask()) !== version) return;
    const wait = last.version === version ? last.wait * 2 : RARELY;
    // Where nothing can be remembered this fails, and nothing begins anew for ever.
    sessionStorage[MEMORY] = JSON.stringify({ at: now, wait, version });
    location.reload();
  }
}

/** Tells what happens for an overlay with these data attributes, by the server's time, for as long as it is open. */
export const follow = (data, clock, tell) => new Steadfast(data, clock, tell);
