// Asks for the page anew, unless its visitor is on their way to another: what they asked for comes first.

const PATIENCE = 30_000;
let leftAt = -PATIENCE;

addEventListener("beforeunload", () => {
  leftAt = performance.now();
});

export function again() {
  if (performance.now() - leftAt >= PATIENCE) location.reload();
}
