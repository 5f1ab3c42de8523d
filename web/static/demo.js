// An evening that nobody plays: what a streamer sees while setting an overlay up, and a designer while drawing one. The
// same frames as from the server, of invented tracks, hard ones among them.

const EVERY = 20_000;
/** Longer than the longest list. */
const BEFORE = 20;
const GAP = 215_000;
/** Pictures of our own, beside each other in one file. */
const COVERS = "./covers.svg";

/** Title, artists, album, cover if any, length and the second at which it is come upon. */
const TRACKS = [
  ["Slow Harbour", ["Maren Vale", "Odd Numbers"], "Tidewater Letters", "harbour", 238, 71],
  ["Paper Lanterns at the End of a Very Long Street That Nobody Remembers the Name Of", ["The Night Ferry"], "Streets, Renamed", "lantern", 312, 96],
  ["ليلة بلا نهاية", ["فرقة الميناء"], "المرفأ", "moon", 274, 58],
  ["夜のラジオ局", ["小さな灯台", "Aoi Mizuno"], "海辺の周波数", "radio", 226, 104],
  ["Night Bus 🌙✨", ["Dela & the Low Lights"], "N38", "bus", 189, 40],
  ["Õhtu Ääres (Ünder Glass)", ["Tõnu Järv"], "Klaas", "glass", 203, 88],
  ["Tape 4, Side B", [], null, null, 180, 33],
  ["שיר לים הפתוח והאור שנשאר דולק על המרפסת עד הבוקר", ["נועה גל", "Maren Vale"], "מרפסת", "sun", 251, 120],
  ["Orchard", ["Ines Calloway"], "Four Seasons of Static", "orchard", 167, 62],
  ["밤의 정류장", ["푸른 전구"], "정류장", "bus", 214, 77],
  ["Donaudampfschifffahrtsgesellschaft", ["Kapelle Süd", "Wanda & Söhne", "Orchester der langen Namen"], "Flusslieder", "harbour", 295, 143],
  ["Tiếng Việt ế ộ ữ", ["Phạm Quỳnh Ngân"], "Đêm", null, 232, 51],
];

class Demo {
  #hear;
  #number = BEFORE;
  #list = [];

  /** Tells each frame to `hear`. */
  constructor(hear) {
    this.#hear = hear;
    const now = Date.now();
    this.#list = Array.from({ length: BEFORE }, (_, at) => track(at, now - (BEFORE - at) * GAP));
    this.#comes();
    const [stream, date] = [{ id: "demo", started_at: this.#list[0].started_at }, new Date().toISOString().slice(0, 10)];
    const tell = { streamer: { login: "demo", name: "Demo" }, date, live: true, stream, gaps: [] };
    this.#tell("snapshot", { ...tell, now_playing: this.#plays(), tracks: this.#list });
    setInterval(() => {
      this.#comes();
      this.#tell("track_added", { track: this.#list.at(-1) });
      this.#tell("now_playing", { now_playing: this.#plays() });
    }, EVERY);
  }

  #comes() {
    const number = this.#number++;
    this.#list = [...this.#list, track(number, Date.now() - entered(number))].slice(-BEFORE);
  }

  #plays() {
    return { track: this.#list.at(-1), is_playing: true, progress_ms: entered(this.#number - 1) };
  }

  #tell(type, frame) {
    this.#hear({ type, cursor: `demo-${this.#number}`, at: new Date().toISOString(), ...frame });
  }
}

/** The evening begins with the first track, after as many as a list may have. */
const told = (number) => TRACKS[(number - BEFORE + 2 * TRACKS.length) % TRACKS.length];
const entered = (number) => told(number)[5] * 1_000;

function track(number, started) {
  const [name, artists, album, cover, seconds] = told(number);
  const image_url = cover && new URL(`${COVERS}#${cover}`, import.meta.url).href;
  return {
    id: `demo-${number}`, provider: "spotify", provider_id: null, uri: `airlog:demo:${name}`, name, artist: artists.join(", "), artists, album,
    duration_ms: seconds * 1_000, started_at: new Date(started).toISOString(), url: null, image_url, source: "poll",
  };
}

/** What steadfast.js does, of an evening that nobody plays: it is never renewed. */
export function follow(_, clock, tell) {
  new Demo((frame) => {
    clock.hear(frame.at, true);
    tell(frame);
  });
  return null;
}
