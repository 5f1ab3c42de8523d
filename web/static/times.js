// Times in the viewer's zone. The server writes UTC, which stays for those without scripts.

const lang = document.documentElement.lang;
const clock = new Intl.DateTimeFormat(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const whole = new Intl.DateTimeFormat(lang, { dateStyle: "full", timeStyle: "medium" });

/** Puts the viewer's time into every instant below `root`. */
export function localise(root) {
  for (const time of root.querySelectorAll('time[datetime$="Z"]')) {
    const at = new Date(time.dateTime);
    time.textContent = clock.format(at);
    time.title = whole.format(at);
  }
}

/** `America/New_York` is said "New York". */
function city(zone) {
  return zone.split("/").pop().replaceAll("_", " ");
}

const zone = document.getElementById("zone");
const name = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && name && name !== "UTC") zone.textContent = zone.dataset.zone.replace("{zone}", city(name));
localise(document);
