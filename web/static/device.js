// Waits until a login by device code is confirmed, or over: then the page has something new to say.

const pause = Number(document.getElementById("device").dataset.interval) * 1_000;

async function look() {
  const answer = await fetch("/auth/twitch/device/status").catch(() => null);
  const state = answer?.ok ? (await answer.json().catch(() => null))?.state : null;
  if (state === "over") location.replace("/auth/twitch/device");
  else setTimeout(look, pause);
}

setTimeout(look, pause);
