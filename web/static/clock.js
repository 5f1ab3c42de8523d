// The server's time in a page that stays open for days: learned from when frames arrive, kept by a clock that nobody sets.

/** Clocks drift apart: what was learned so long ago is learned anew. */
const OLD = 600_000;
/** When the clock on the wall has run on by so much more, or less, than the steady one, it was set or the machine slept. */
const JUMP = 5_000;

export class Clock {
  #ahead = performance.timeOrigin;
  #learnedAt = -Infinity;
  #wallAhead = Date.now() - performance.now();

  // The one that was least on its way is right, unless the server's own clock was set back.
  /** A frame of `at` arrives; `live` when it was sent as it happened, `fresh` when it was just asked for. */
  hear(at, live, fresh) {
    const steady = performance.now();
    const ahead = Date.parse(at) - steady;
    const isDue = this.#learnedAt === -Infinity || (live && steady - this.#learnedAt > OLD);
    const isBack = fresh && ahead < this.#ahead - JUMP;
    if (Number.isNaN(ahead) || (!isDue && !isBack && ahead <= this.#ahead)) return;
    this.#ahead = ahead;
    this.#learnedAt = steady;
  }

  /** The server's time, as far as it is known. */
  now() {
    return performance.now() + this.#ahead;
  }

  /** Whether nobody knows how long the last moment was; then it goes by the next frame. */
  jumped() {
    const wallAhead = Date.now() - performance.now();
    const isSo = Math.abs(wallAhead - this.#wallAhead) > JUMP;
    this.#wallAhead = wallAhead;
    if (isSo) this.#learnedAt = -Infinity;
    return isSo;
  }
}
