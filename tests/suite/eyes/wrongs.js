(async () => {
  // What is wrong with a page as it was loaded, one text each. COVERS is the only foreign address it may ask, for images.
  const wrong = [];
  const expect = (is, text) => is || wrong.push(text);
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const name = (node) => (node?.id ? `#${node.id}` : `${node?.localName ?? node?.nodeName}.${node?.className ?? ""}`);

  const seen = [...document.images].filter((image) => image.getBoundingClientRect().top < innerHeight);
  await Promise.all(seen.map((image) => image.decode().catch(() => {})));
  const shifts = [];
  const watch = new PerformanceObserver((list) => shifts.push(...list.getEntries()));
  watch.observe({ type: "layout-shift", buffered: true });
  await frame();
  await frame();
  shifts.push(...watch.takeRecords());
  const jumped = shifts.filter((shift) => !shift.hadRecentInput);
  const sum = jumped.reduce((all, shift) => all + shift.value, 0);
  const whats = new Set(jumped.flatMap((shift) => shift.sources.map((source) => name(source.node))));
  expect(sum < 0.0001, `jumps by ${sum.toFixed(4)}: ${[...whats].join(", ")}`);

  const out = document.documentElement.scrollWidth - innerWidth;
  const wide = [...document.querySelectorAll("body *")].filter((node) => node.getBoundingClientRect().right > innerWidth);
  expect(out <= 0, `sticks out by ${out} px: ${wide.slice(0, 3).map(name).join(", ")}`);

  expect(document.querySelectorAll("h1").length === 1, "has not just one h1");
  expect(document.querySelectorAll("main").length === 1, "has not just one main");
  expect(document.title.trim().length > 3, "has no title");
  expect(/^[a-z]{2}$/.test(document.documentElement.lang), "says not what language it is in");

  const asked = new Map(performance.getEntriesByType("resource").map((entry) => [entry.name, entry]));
  for (const { name: url, initiatorType } of asked.values()) {
    const isCover = url.startsWith("COVERS") && initiatorType === "img";
    expect(new URL(url).origin === location.origin || isCover, `asks for ${url} (${initiatorType})`);
  }
  for (const kind of [".css", ".js"]) {
    const files = [...asked.values()].filter((entry) => new URL(entry.name).pathname.endsWith(kind));
    const bytes = files.reduce((all, entry) => all + entry.decodedBodySize, 0);
    expect(bytes <= 20 * 1024, `loads ${bytes} bytes of ${kind}`);
    expect(bytes > 0 || kind === ".js", "loads no styles");
  }
  return wrong;
})()
