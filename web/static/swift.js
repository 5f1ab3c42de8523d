// Forms that are sent without leaving the page: `done` is called when the server has taken one. Without scripts they lead
// back to the page by themselves.

import { again } from "./again.js";

/** Sends the forms below `root` that say so. */
export function swift(root, done) {
  root.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-swift]")) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    const buttons = [...form.querySelectorAll("button")];
    for (const button of buttons) button.disabled = true;
    // Not `form.action`: that is the button of this name.
    const path = form.getAttribute("action");
    const answer = await fetch(path, { method: "POST", body, redirect: "manual" }).catch(() => null);
    for (const button of buttons) button.disabled = false;
    if (answer?.type === "opaqueredirect") done(form);
    else if (answer) await refused(answer);
  });
}

/** What could not be done is told by the page that the server would have shown. */
async function refused(answer) {
  if (answer.status === 401) again();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = page.querySelector(".said");
  const place = document.getElementById("said");
  if (said && place) place.replaceChildren(said);
}

/** Puts fresh markup in the place of old, unless nothing is new; what had the focus has it afterwards. */
export function renew(old, fresh) {
  if (!old || !fresh || old.innerHTML === fresh.innerHTML) return;
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const { id, name, value } = held ?? {};
  old.innerHTML = fresh.innerHTML;
  if (!held) return;
  const twin = id ? document.getElementById(id) : old.querySelector(`[name="${name}"][value="${value}"]`);
  (twin ?? old.querySelector("button"))?.focus({ preventScroll: true });
}
