// The one live connection of a page: follows a streamer for as long as the page is open, whatever happens
// to the network, the server or the laptop lid.
//
// Each frame becomes an event named by its type, the frame in `detail`, and one named `frame` like all others. Besides there
// are `open`, `lost` (not connected; told once until the next `open`) and `gone` (we may not listen any more, so we stopped).

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;
/** For a door that never opened: perhaps nobody lives there. */
const LONGEST_WAIT_UNKNOWN = 30_000;
/** For a server that has no room. */
const CROWDED_WAIT = 30_000;
/** A connection that held this long was a good one. */
const STEADY = 5_000;
const BEAT = 5_000;
/** Opening takes longer than this only when nobody answers. */
const OPENING = 15_000;
/** The server's pings cannot be seen from here, so after this silence a connection is taken for dead. */
const SILENCE = 240_000;
/** Timers of hidden tabs fire once a minute; a longer pause between two beats means that the machine slept. */
const SLEPT = 150_000;
/** Frames that come sooner after opening may be old ones, sent again. */
const CATCHING_UP = 2_000;

export class Live extends EventTarget {
  /** After which frame it goes on when it connects anew; null for a snapshot. */
  cursor;
  #path;
  #format;
  #socket = null;
  #attempts = 0;
  #everOpen = false;
  #told = false;
  #isOpen = false;
  #sinceAt = 0;
  #heardAt = 0;
  #beatAt = 0;
  #beat = 0;
  #retry = 0;
  #ears = new AbortController();

  constructor(path, format, cursor) {
    super();
    this.#path = path;
    this.#format = format;
    this.cursor = cursor;
  }

  /** Connects, and stays connected until `stop`. */
  start() {
    this.#beatAt = Date.now();
    this.#beat = setInterval(() => this.#check(), BEAT);
    const { signal } = this.#ears;
    addEventListener("online", this.renew, { signal });
    addEventListener("offline", () => this.#closed(0), { signal });
    addEventListener("pageshow", ({ persisted }) => persisted && this.renew(), { signal });
    document.addEventListener("visibilitychange", () => this.#seen(), { signal });
    this.#connect();
  }

  stop() {
    clearInterval(this.#beat);
    this.#ears.abort();
    this.#leave();
  }

  /** Whether frames come as they happen, so that their arrival tells the server's time. */
  get settled() {
    return this.#isOpen && Date.now() - this.#sinceAt > CATCHING_UP;
  }

  #address() {
    const url = new URL(this.#path, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("format", this.#format);
    if (this.cursor) url.searchParams.set("after", this.cursor);
    return url;
  }

  #connect() {
    this.#leave();
    const socket = new WebSocket(this.#address());
    this.#socket = socket;
    this.#sinceAt = this.#heardAt = Date.now();
    socket.onopen = () => this.#opened();
    socket.onmessage = (message) => this.#hear(message.data);
    socket.onclose = (event) => this.#closed(event.code);
  }

  /** Lets go of the socket without a word to anybody. */
  #leave() {
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = null;
    this.#isOpen = false;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  #opened() {
    this.#isOpen = this.#everOpen = true;
    this.#told = false;
    this.#sinceAt = this.#heardAt = Date.now();
    this.#tell("open");
  }

  #hear(text) {
    this.#heardAt = Date.now();
    let frame;
    try {
      frame = JSON.parse(text);
    } catch {
      return;
    }
    this.cursor = frame.cursor ?? this.cursor;
    this.#tell(frame.type, frame);
    this.#tell("frame", frame);
  }

  #closed(code) {
    if (this.#isOpen && Date.now() - this.#sinceAt > STEADY) this.#attempts = 0;
    this.#leave();
    if (code === 1008) {
      this.stop();
      this.#tell("gone");
      return;
    }
    if (!this.#told) this.#tell("lost");
    this.#told = true;
    this.#retry = setTimeout(() => this.#connect(), this.#wait(code));
  }

  /** Exponential, between half and all of it by chance, so that not everybody comes back at once. */
  #wait(code) {
    const longest = this.#everOpen ? LONGEST_WAIT : LONGEST_WAIT_UNKNOWN;
    const wait = code === 1013 ? CROWDED_WAIT * 2 : Math.min(longest, FIRST_WAIT * 2 ** this.#attempts);
    this.#attempts += 1;
    return wait * (0.5 + Math.random() / 2);
  }

  #check() {
    const now = Date.now();
    const slept = now - this.#beatAt > SLEPT;
    this.#beatAt = now;
    if (slept) this.renew();
    else if (this.#isOpen && now - this.#heardAt > SILENCE) this.renew();
    else if (this.#socket && !this.#isOpen && now - this.#sinceAt > OPENING) this.#closed(0);
  }

  /** Connects anew, at once. */
  renew = () => {
    this.#attempts = 0;
    this.#connect();
  };

  #seen() {
    const fresh = this.#socket && Date.now() - this.#heardAt < SILENCE / 4;
    if (!document.hidden && !fresh) this.renew();
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
