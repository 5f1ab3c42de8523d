// How an overlay is set: what the markup says of it, as scripts need it, and as custom properties for styles.

/** Where the settings stand that styles read as well. */
export const html = document.documentElement;

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Gives the styles what only numbers and names can say. */
export function dress(root) {
  const { accent, font, scale, count } = root.dataset;
  for (const [name, value] of Object.entries({ accent, font, scale, count })) {
    if (value) html.style.setProperty(`--${name}`, value);
  }
}

/** Whether text may wander. */
export const wanders = () => html.dataset.marquee !== "off" && !calm.matches;

/** Whether anything may come and go in steps that are seen; nobody sees them in a hidden page, where they would never end. */
export const moves = () => html.dataset.anim !== "none" && !calm.matches && !document.hidden;

/** So many pixels are this length of the design: everything is drawn in proportion to the source. */
export const px = (rem) => rem * parseFloat(getComputedStyle(html).fontSize);

/** Writes only what is new: the same text again would cost a layout. */
export function put(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}
