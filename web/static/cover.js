// Covers, and what stands for them: a record in one of a few colours.

import { html } from "./looks.js";

const HUES = 8;
/** A cover that takes longer comes when it comes; its track does not wait. */
const PATIENCE = 900;

/** The drawn record of a track without a cover: the same sum as in the markup of rows. */
export function hue(uri) {
  return new TextEncoder().encode(uri).reduce((sum, byte) => sum + byte, 0) % HUES;
}

/** The cover's address, or none: only HTTP addresses become images, and only where the house shows covers. */
export function cover({ image_url: url }) {
  return !html.dataset.covers && html.dataset.show.includes("cover") && /^https?:\/\//.test(url ?? "") ? url : null;
}

/** The picture, ready to be painted; null when there is none to be had. */
export async function picture(url) {
  if (!url) return null;
  const image = new Image();
  image.alt = "";
  image.src = url;
  return image.decode().then(() => image, () => null);
}

/** What the promise leads to, or nothing when that takes too long. */
export const soon = (promise) => Promise.race([promise, new Promise((done) => setTimeout(done, PATIENCE))]);
