// Asks for the page anew, or for a part of it, unless its visitor is on their way to another: what they asked for comes
// first, and whoever logs out or deletes their account is asked nothing more on the way.

const PATIENCE = 30_000;
/** A page that is still here so long after it was left was not: what came was a file. */
const DEPARTURE = 5_000;
let leftAt = -PATIENCE;
let stay = new AbortController();

addEventListener("beforeunload", () => {
  leftAt = performance.now();
  stay.abort();
  stay = new AbortController();
});

const leftSince = () => performance.now() - leftAt;

export function again() {
  if (leftSince() >= PATIENCE) location.reload();
}

/** The HTML at an address; null when there is none now. When that is for one of these reasons, the whole page is asked for. */
export async function part(url, lost = [401]) {
  if (leftSince() < DEPARTURE) return null;
  const options = { headers: { accept: "text/html" }, signal: stay.signal };
  const answer = await fetch(url, options).catch(() => null);
  if (lost.includes(answer?.status)) again();
  return answer?.ok ? answer.text().catch(() => null) : null;
}
