// Begins an overlay. A server that is just stopped, or replaced, may answer with the page and not with all that it is made of:
// then nothing is drawn, and the page begins anew once the server is there.

const { source } = document.documentElement.dataset;
const styles = [...document.querySelectorAll("[rel=stylesheet]")];

function again() {
  setTimeout(async () => {
    const answer = await fetch(location).catch(() => {});
    if (answer?.ok) location.reload();
    else again();
  }, 15_000);
}

if (!styles.every(({ sheet }) => sheet)) again();
else (source === "tracks" ? import("./overlay-tracks.js") : import("./overlay.js")).catch(again);
