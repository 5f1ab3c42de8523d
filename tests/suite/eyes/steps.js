// Remembers where Tab has led. Parts of a live page are replaced meanwhile, so what a thing is counts, not which node.
const what = (node) => node.outerHTML + (node.form?.elements.track?.value ?? "");
const trodden = new WeakSet();
const known = new Set();
let last = null;

/** Whether a ring is drawn around it; a field may have it around itself and its button. */
function isRinged(node) {
  const { outlineStyle, outlineWidth } = getComputedStyle(node);
  return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
}

/** Where the focus is: null outside the page. */
function step() {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const box = node.getBoundingClientRect();
  const isAgain = trodden.has(node) && node !== last;
  trodden.add(node);
  known.add(what(node));
  last = node;
  const ring = isRinged(node) || isRinged(node.parentElement);
  const seen = box.width > 1 && box.height > 1 && box.bottom > 0 && box.top < innerHeight;
  const name = node.getAttribute("aria-label") || node.innerText?.trim() || node.name || node.localName;
  const [top, bottom] = [box.top + scrollY, box.bottom + scrollY];
  return { name, ring: ring && seen, isAgain, left: box.left, top, bottom };
}

/** What could have been reached and was not; of radio buttons with one name one is. */
function missed() {
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')];
  const open = all.filter((node) => node.checkVisibility() && !node.disabled && node.type !== "hidden");
  const isReached = (node) => known.has(what(node));
  const kin = (node) => (node.type === "radio" ? [...node.form.elements].filter((one) => one.name === node.name) : [node]);
  return open.filter((node) => !kin(node).some(isReached)).map((node) => node.outerHTML.slice(0, 120));
}

window.hands = { step, missed };
