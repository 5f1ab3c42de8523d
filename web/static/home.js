// Who is live and what plays there, by itself: while somebody looks, the page is asked for again every few seconds, and what
// is new takes the place of what was. The browser's memory makes that a question of some bytes while nothing has changed.

const EVERY = 10_000;
const PATIENCE = 8_000;
const SECOND = 1_000;

const calm = matchMedia("(prefers-reduced-motion: reduce)");
const lost = document.getElementById("lost");
/** The markup that each entry was made of: what runs by itself in it is no news. */
const made = new WeakMap();
let asking = false;
let ahead = 0;
let seen = "";

const entries = (root) => [...root.querySelectorAll(":scope > [data-key]")];

function appear(element) {
  if (!calm.matches && !document.hidden) element.animate({ opacity: [0, 1] }, { duration: 420, easing: "ease-out" });
}

/** Takes over what is new of an entry; its link stays the same one, and keeps the focus. */
function refresh(entry, fresh) {
  const html = fresh.innerHTML;
  if (made.get(entry) === html) return;
  made.set(entry, html);
  const link = entry.querySelector("a");
  link.innerHTML = fresh.querySelector("a").innerHTML;
  appear(link.querySelector(".words") ?? link);
}

function welcome(entry) {
  made.set(entry, entry.innerHTML);
  appear(entry);
}

/** Makes a list what the fresh one is, entry by entry: whoever stays is not touched. */
function follow(list, fresh) {
  const wanted = entries(fresh);
  const keys = new Set(wanted.map((entry) => entry.dataset.key));
  const old = new Map(entries(list).map((entry) => [entry.dataset.key, entry]));
  for (const [key, entry] of old) if (!keys.has(key)) entry.remove();
  wanted.forEach((entry, place) => {
    const there = old.get(entry.dataset.key);
    const node = there ?? document.importNode(entry, true);
    if (list.children[place] !== node) list.insertBefore(node, list.children[place] ?? null);
    if (there) refresh(there, entry);
    else welcome(node);
  });
}

function renew(fresh) {
  for (const old of document.querySelectorAll("[data-renew]")) {
    const twin = fresh.getElementById(old.id);
    if (!twin) continue;
    old.hidden = twin.hidden;
    if (twin.dataset.state) old.dataset.state = twin.dataset.state;
    if (old.localName === "ul") follow(old, twin);
    else if (old.innerHTML !== twin.innerHTML) old.innerHTML = twin.innerHTML;
  }
}

/** Changes the page without moving what one reads, or losing the place of the focus. */
function steadily(change) {
  const held = document.activeElement?.closest("[data-key]");
  const items = scrollY > 0 ? [...document.querySelectorAll("[data-key], .kept > *")] : [];
  const tops = items.map((item) => [item, item.getBoundingClientRect().top]).filter(([, top]) => top >= 0);
  change();
  const still = tops.find(([item]) => item.isConnected);
  if (still) scrollBy({ top: still[0].getBoundingClientRect().top - still[1], behavior: "instant" });
  if (!held || held.isConnected) return;
  const twin = document.querySelector(`[data-key="${CSS.escape(held.dataset.key)}"] a`);
  (twin ?? document.getElementById("content")).focus({ preventScroll: true });
}

/** Moves each progress to where it should be by now. */
function tick() {
  if (document.hidden) return;
  for (const bar of document.querySelectorAll("progress[data-began]")) {
    const done = Math.min(bar.max, Math.max(0, Date.now() - ahead - Date.parse(bar.dataset.began)));
    bar.value = done < bar.max ? done - (done % SECOND) : done;
  }
}

function hear(date) {
  const said = Date.parse(date);
  if (!Number.isNaN(said)) ahead = Date.now() - said - SECOND / 2;
}

async function look() {
  if (asking || document.hidden) return;
  asking = true;
  try {
    const answer = await fetch(location.href, { signal: AbortSignal.timeout(PATIENCE) });
    // The list was closed meanwhile, or has another name: the server says so better.
    if (answer.redirected || answer.status === 404) return location.reload();
    if (!answer.ok) throw new Error(answer.statusText);
    hear(answer.headers.get("date"));
    const html = await answer.text();
    if (html !== seen) steadily(() => renew(new DOMParser().parseFromString(html, "text/html")));
    seen = html;
    lost.hidden = true;
    tick();
  } catch {
    lost.hidden = false;
  } finally {
    asking = false;
  }
}

for (const list of document.querySelectorAll("ul[data-renew]")) {
  for (const entry of entries(list)) made.set(entry, entry.innerHTML);
}
tick();
setInterval(tick, SECOND);
setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
addEventListener("online", look);
addEventListener("pageshow", (event) => event.persisted && look());
