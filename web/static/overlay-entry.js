// Begins an overlay. A server that is just stopped, or replaced, may answer with the page and not with all that it is made of:
// then nothing is drawn, and the page begins anew once the server is there.

const html = document.documentElement;

function again() {
  setTimeout(async () => {
    const answer = await fetch(location).catch(() => {});
    if (answer?.ok) location.reload();
    else again();
  }, 15_000);
}

// No preset has a reason to take this one away.
const isDressed = getComputedStyle(html).getPropertyValue("--fade");
if (!isDressed) again();
else (html.dataset.source === "tracks" ? import("./overlay-tracks.js") : import("./overlay.js")).catch(again);
