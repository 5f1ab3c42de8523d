// Keeps the control page true without a reload: asks for the state every two seconds and fills it in. Without
// scripts every button works too, and the page comes anew.
const EVERY = 2000;
const put = (card, name, text) => {
  const element = card.querySelector(`[data-${name}]`);
  if (element.textContent !== String(text)) element.textContent = text;
};

function show(card, person) {
  const { playing } = person;
  put(card, "state", playing.state);
  put(card, "title", playing.title);
  put(card, "artist", playing.artist);
  put(card, "next", person.next);
  put(card, "looks", person.looks);
  put(card, "refreshes", person.refreshes);
  card.querySelector("[data-air]").hidden = person.live_since === null;
  const cover = card.querySelector("[data-cover]");
  if (cover.getAttribute("src") !== playing.cover) cover.setAttribute("src", playing.cover);
  const progress = card.querySelector("[data-progress]");
  progress.max = playing.duration_ms;
  progress.value = playing.progress_ms;
  fill(card.querySelector("[data-faults]"), person.faults, (fault) => item("li", fault));
}

function item(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

function row(...cells) {
  const element = document.createElement("tr");
  element.append(...cells.map((text) => item("td", text)));
  return element;
}

const fill = (list, entries, make) => list.replaceChildren(...entries.map(make));

async function look() {
  const answer = await fetch("/control/state");
  const state = await answer.json();
  for (const person of state.persons) {
    const card = document.querySelector(`[data-login="${CSS.escape(person.login)}"]`);
    if (card) show(card, person);
  }
  fill(document.querySelector("[data-subscriptions]"), state.subscriptions, (s) => row(s.kind, s.about, s.transport, s.standing));
  fill(document.querySelector("[data-calls]"), state.calls, (c) => row(c.at, c.endpoint, c.login, c.status));
}

// A button pressed stays in place: what it does is sent, then the state is looked at.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.closest("[data-login]")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const answer = await fetch(form.action, { method: "POST", body });
  const title = form.elements.namedItem("title");
  title?.setCustomValidity(answer.ok ? "" : "No track of this title");
  title?.reportValidity();
  title?.addEventListener("input", () => title.setCustomValidity(""), { once: true });
  await look();
});

async function keepLooking() {
  try {
    if (!document.hidden) await look();
  } catch {
    // The twins are away; the next look may find them.
  }
  setTimeout(keepLooking, EVERY);
}

setTimeout(keepLooking, EVERY);
