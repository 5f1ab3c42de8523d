// The overlay's configurator, live: what one chooses is seen at once, the address follows, and a press copies it. The server
// says what a choice means: each time the page is asked for as its own form would ask, and its fresh parts are taken over.

import { again } from "./again.js";

const PAUSE = 180;
const GLANCE = 50;
/** No entrance takes longer, and what takes longer is none. */
const ENTRANCE = 1_500;
const PATIENCE = 4_000;
const TOLD = 2_500;
const FADE = 300;
const root = document.getElementById("desk");
const form = document.getElementById("look");
const screen = document.getElementById("screen");
let asking = 0;
let pause = 0;
/** The overlay that is seen, and the one that will take its place. */
let seen = document.querySelector(".screen iframe");
let coming = null;

const wait = (time) => new Promise((done) => setTimeout(done, time));

/** The page's own address, with what is chosen now. */
function address() {
  const url = new URL(form.action);
  url.search = new URLSearchParams(new FormData(form));
  return url;
}

/** Waits until an overlay shows its track, with its entrance behind it. */
async function stands(frame) {
  const page = frame.contentDocument;
  const state = () => page?.querySelector("[data-state]")?.dataset.state ?? "empty";
  for (let waited = 0; state() === "empty" && waited < PATIENCE; waited += GLANCE) await wait(GLANCE);
  await wait(GLANCE);
  const ends = (animation) => animation.effect?.getComputedTiming().endTime < ENTRANCE;
  const entrance = page?.getAnimations().filter(ends).map(({ finished }) => finished);
  await Promise.race([Promise.allSettled(entrance ?? []), wait(ENTRANCE)]);
}

/** Puts another overlay in the place of the one that is seen, which stays until the new one stands; or is seen to come. */
function put(src, isSeenToCome) {
  coming?.remove();
  const next = (coming = seen.cloneNode());
  next.className = "coming";
  next.src = src;
  const swap = () => {
    if (next !== coming) return;
    const before = seen;
    [seen, coming] = [next, null];
    seen.className = "";
    before.className = "coming";
    setTimeout(() => before.remove(), FADE);
  };
  next.addEventListener("load", () => (isSeenToCome ? swap() : stands(next).then(swap)), { once: true });
  screen.after(next);
}

/** Takes over a fresh part of the page. */
function take(fresh) {
  const mine = document.getElementById(fresh.id);
  if (!mine) return;
  if (mine.matches("input")) mine.value = fresh.value;
  else if (mine.matches("a")) mine.href = fresh.href;
  else if (mine.matches("circle")) mine.setAttribute("fill", fresh.getAttribute("fill"));
  else if (mine.textContent !== fresh.textContent) mine.textContent = fresh.textContent;
}

async function refresh(isSeenToCome) {
  const [asked, url] = [(asking += 1), address()];
  const answer = await fetch(url, { headers: { accept: "text/html" } }).catch(() => null);
  if (asked !== asking || !answer) return;
  if (answer.status === 401) return again();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(".screen iframe");
  if (asked !== asking || !fresh) return;
  history.replaceState(null, "", url);
  page.querySelectorAll("[data-fresh]").forEach(take);
  // Which parts are shown is the style's choice until it is one's own.
  page.querySelectorAll("[name=show]").forEach(({ checked }, place) => (form.elements.show[place].checked = checked));
  const size = page.getElementById("screen");
  const isOtherSize = screen.width !== size.width || screen.height !== size.height;
  if (isOtherSize) [screen.width, screen.height, seen.className] = [size.width, size.height, "coming"];
  put(fresh.getAttribute("src"), isSeenToCome || isOtherSize);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  refresh(true);
});

/** What is chosen in detail is meant: a colour, a font of one's own. */
const meant = { accent_own: "accent", font_own: "font" };

function chosen({ target }) {
  if (target.form !== form) return;
  if (target.name === "scene") return history.replaceState(null, "", address());
  const radio = meant[target.name];
  if (radio) form.elements[radio].value = "own";
  const said = target.id && document.getElementById(`${target.id}-is`);
  if (said) said.textContent = target.value;
  asking += 1;
  clearTimeout(pause);
  pause = setTimeout(() => refresh(target.name === "anim"), PAUSE);
}

/** Copies without the permission that only safe origins can have. */
function copyByHand(text) {
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "unseen" });
  root.append(field);
  field.focus({ preventScroll: true });
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  const isCopied = await (navigator.clipboard?.writeText(field.value) ?? Promise.reject())
    .then(() => true)
    .catch(() => copyByHand(field.value));
  button.focus();
  const word = (button.dataset.word ??= button.textContent);
  button.textContent = isCopied ? root.dataset.copied : root.dataset.byHand;
  if (!isCopied && field.offsetParent) field.select();
  setTimeout(() => (button.textContent = word), TOLD);
}

root.addEventListener("input", chosen);
root.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-copy]");
  if (button) copy(button);
  if (target.id === "again") put(seen.getAttribute("src"), true);
});
root.classList.add("live");
