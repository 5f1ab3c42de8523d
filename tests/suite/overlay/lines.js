(async () => {
    // Drives a stage or a ticker in a page that shows nothing else, and tells what is wrong with how lines move, one text each.
    const wrong = [];
    /** So long a line stands at its beginning. */
    const RESTS = 3_500;
    const expect = (is, text) => is || wrong.push(text);
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const now = (name, artist = "Maren Vale", more = {}) => ({
        track: { id: name, uri: `twin:${name}`, name, artist, album: null, duration_ms: 200_000, image_url: null },
        is_playing: true,
        progress_ms: 50_000,
        ...more,
    });
    const at = () => new Date().toISOString();
    const root = document.getElementById("overlay");
    const box = root.querySelector(".overlay");
    const long = "Paper Lanterns at the End of a Very Long Street Nobody Knows ".repeat(4);
    const hebrew = "שיר לים הפתוח והאור שנשאר דולק על המרפסת עד הבוקר ".repeat(3);
    const clock = { now: () => Date.now() };

    const stage = async () => {
        const { Stage } = await import("/static/stage.js");
        const stage = new Stage(root, clock);
        const line = root.querySelector(".title");
        const text = line.firstElementChild;
        const x = () => text.getBoundingClientRect().x;
        const round = () => text.getAnimations()[0];
        const wanders = async () => {
            const from = x();
            round().currentTime += RESTS - 100;
            while (Math.abs(x() - from) < 6) await frame();
            return x() - from;
        };

        await stage.show(now(long), at());
        round().currentTime = 0;
        const start = x();
        expect((await wanders()) < 0, "a long line does not go to its end");
        expect(box.getBoundingClientRect().right <= innerWidth && root.scrollWidth <= innerWidth, "a long line sticks out");
        const going = round();
        stage.correct(now(long, "Somebody else", { progress_ms: 60_000, is_playing: false }), at());
        expect(round() === going && going.playState === "running", "a line that did not change began anew");
        expect(root.dataset.state === "paused", "paused is not told");
        expect(root.querySelector(".artist").innerText === "Somebody else", "a correction is not shown");

        // The next track: each frame of the change is looked at.
        const seen = [];
        const rests = () => !(round()?.currentTime >= RESTS);
        let isOver = false;
        const watch = async () => {
            while (!isOver) {
                seen.push({ text: text.textContent, x: x(), rests: rests(), hidden: box.hidden });
                await frame();
            }
        };
        const watched = watch();
        const next = `Next ${long}`;
        await stage.show(now(next), at());
        isOver = true;
        await watched;
        const old = seen.filter((one) => one.text === long);
        const fresh = seen.filter((one) => one.text === next && !one.hidden && one.rests);
        expect(old.every((one, nth) => !nth || one.x <= old[nth - 1].x), "the old line jumps back");
        expect(fresh.length > 0 && fresh.every((one) => Math.abs(one.x - start) < 1), "the new line does not stand at its beginning");
        expect(seen.every((one) => [long, next, ""].includes(one.text)), "there are other words");

        await stage.show(now(hebrew), at());
        expect(line.dataset.way === "rtl" && (await wanders()) > 0, "a line from right to left does not go to its end");
        document.documentElement.dataset.anim = "none";
        for (const name of ["ليلة بلا نهاية", "夜のラジオ局", "Night Bus 🌙✨👩🏽‍🎤", "Tiếng Việt ế ộ ữ", "ç̧̀̂́"]) {
            await stage.show(now(name, ""), at());
            expect(round() === undefined, `${name} fits and wanders`);
            expect(root.querySelector(".artist").hidden, `${name} has an empty line`);
            const [inner, outer] = [text.getBoundingClientRect(), line.getBoundingClientRect()];
            expect(outer.top <= inner.top && inner.bottom <= outer.bottom, `${name} is cut off`);
        }
        await stage.clear();
        expect(box.hidden && !root.querySelector(".words").textContent.includes("ç"), "something stays");
        expect(document.getAnimations().length === 0, "animations stay");
    };

    const ticker = async () => {
        const { Ticker } = await import("/static/ticker.js");
        const ticker = new Ticker(root, clock);
        const paths = new Map();
        let isOver = false;
        const watch = async () => {
            while (!isOver) {
                const runs = [...root.querySelectorAll(".run")].map((run) => ({ run, ...run.getBoundingClientRect().toJSON() }));
                const time = document.timeline.currentTime;
                const moving = runs.filter(({ run }) => run.getAnimations()[0]?.pending === false);
                for (const { run, x } of moving) paths.set(run, [...(paths.get(run) ?? []), { time, x }]);
                const row = runs.sort((one, other) => one.x - other.x);
                expect(row.every((one, nth) => !nth || one.x >= row[nth - 1].right + 16), "two texts touch");
                await frame();
            }
        };
        await ticker.show(now("Slow Harbour"), at());
        const watched = watch();
        while (![...paths.values()].some((path) => path.at(-1).x < 300)) await frame();
        await ticker.show(now("Night Bus"), at());
        ticker.correct(now("Night Bus", "Dela"), at());
        while (!root.textContent.includes("Night Bus")) await frame();
        const begun = performance.now();
        while (performance.now() - begun < 1_500) await frame();
        isOver = true;
        await watched;
        const speed = 5 * parseFloat(getComputedStyle(document.documentElement).fontSize);
        for (const path of paths.values()) {
            const [first, ...rest] = path;
            const off = rest.map(({ time, x }) => Math.abs(first.x - ((time - first.time) / 1_000) * speed - x));
            expect(Math.max(0, ...off) < 2, `a text jumps by ${Math.max(...off)} px`);
        }
        // An hour that nobody saw is not caught up with.
        const old = [...root.querySelectorAll(".run")];
        for (const run of old) run.getAnimations()[0].currentTime += 3_600_000;
        while (old.some((run) => run.isConnected) || !root.querySelector(".run")) await frame();
        expect(root.querySelectorAll(".run").length === 1, "passes come all at once");
        await ticker.clear(true);
        expect(!root.querySelector(".run") && document.getAnimations().length === 0, "something stays");
        await ticker.show(now(hebrew), at());
        const run = root.querySelector(".run");
        const from = run.getBoundingClientRect().right;
        while (run.getBoundingClientRect().right < from + 20) await frame();
        await ticker.clear();
    };

    const list = async () => {
        const { Rows } = await import("/static/rows.js");
        const rows = new Rows(root);
        const tracks = ["One", "Two", "Three"].map((name) => ({ ...now(name).track, started_at: "2026-11-20T20:00:00Z" }));
        const titles = () => [...root.querySelectorAll(".title")].map((title) => title.innerText).join();
        rows.set(tracks.slice(1));
        const two = root.querySelector(".track");
        while (box.getAnimations().length) await frame();
        const from = two.offsetTop;
        rows.set(tracks.slice(0, 2));
        expect(titles() === "One,Two" && two.offsetTop > from, "the list is not in its order");
        expect(two.getBoundingClientRect().y - box.getBoundingClientRect().y < from + 8, "a row jumps to its place");
        rows.set([{ ...tracks[0], name: "Uno" }, tracks[1]]);
        expect(titles() === "Uno,Two" && two.isConnected, "a correction is not shown");
        while (document.getAnimations().length) await frame();
        rows.set([]);
        while (!box.hidden) await frame();
        expect(!root.querySelector(".track") && document.getAnimations().length === 0, "something stays");
    };

    const { source, style } = document.documentElement.dataset;
    await (source === "tracks" ? list() : style === "ticker" ? ticker() : stage());
    return [...new Set(wrong)];
})()
