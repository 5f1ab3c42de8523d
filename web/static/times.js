// Times in the viewer's zone, or in the streamer's for those who chose it. The server writes UTC, which stays for those
// without scripts.

const lang = document.documentElement.dataset.region;
const line = document.getElementById("zone");

function zone(timeZone) {
  try {
    return new Intl.DateTimeFormat(lang, { timeZone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** What this browser remembers to show; without a memory the choice holds for the page. */
function memory(choice) {
  try {
    if (choice) localStorage.setItem("zone", choice);
    return localStorage.getItem("zone");
  } catch {
    return choice;
  }
}

const yours = zone();
/** The streamer's time zone. */
export const theirs = zone(line.dataset.timezone) ?? yours;
let shown, clock, whole;

/** Puts the local time into every instant below `root`. */
export function localise(root) {
  for (const time of root.querySelectorAll('time[datetime$="Z"]')) {
    const at = new Date(time.dateTime);
    time.textContent = clock.format(at);
    time.title = whole.format(at);
  }
}

/** A day in words, as the server says it. */
export function longDate(date) {
  const words = { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" };
  return new Intl.DateTimeFormat(lang, words).format(new Date(date));
}

/** `America/New_York` is said "New York". */
const say = (text, zone) => text.replace("{zone}", zone.split("/").pop().replaceAll("_", " "));

function show(timeZone) {
  shown = timeZone;
  clock = new Intl.DateTimeFormat(lang, { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  whole = new Intl.DateTimeFormat(lang, { timeZone, dateStyle: "full", timeStyle: "medium" });
  localise(document);
  // The streamer's zone keeps the name it has here; browsers may know it by an older one.
  const { zone, timezone, theirs: toTheirs, yours: toYours } = line.dataset;
  line.textContent = say(zone, shown === theirs ? timezone : yours);
  button.textContent = shown === yours ? say(toTheirs, timezone) : say(toYours, yours);
}

const button = document.createElement("button");
button.type = "button";
button.onclick = () => show(memory(shown === yours ? "theirs" : "yours") === "theirs" ? theirs : yours);
show(memory() === "theirs" ? theirs : yours);
if (theirs !== yours) line.after(" ", button);
