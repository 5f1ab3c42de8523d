// The rules of overlays, told as stories: at so many seconds this happens, or that is seen. Gives what is not so.
(async () => {
    const [moment, latest] = await Promise.all([import("/static/moment.js"), import("/static/latest.js")]);
    const BEGAN = Date.parse("2026-11-20T20:00:00Z");
    const ms = (second) => BEGAN + Math.round(second * 1_000);
    const iso = (second) => new Date(ms(second)).toISOString();
    const track = (name, began = 0, length = 200) => ({ id: name.toLowerCase(), name, started_at: iso(began), duration_ms: 1_000 * length });
    const plays = (name, into = 0, is_playing = true, began = 0) => ({ track: track(name, began), is_playing, progress_ms: 1_000 * into });
    const paused = (name, into) => plays(name, into, false);
    const now = (now_playing) => ({ type: "now_playing", now_playing });
    const gap = (reason, to = null) => ({ type: "gap", gap: { id: reason, reason, to } });
    const open = (reason) => gap(reason).gap;
    const gone = (name) => ({ type: "track_removed", id: name.toLowerCase() });
    const renamed = (name, title) => ({ type: "track_updated", track: { ...track(name), name: title } });
    const added = (name, began) => ({ type: "track_added", track: track(name, began) });
    const starts = (id) => ({ type: "stream_started", stream: { id } });
    const ends = { type: "stream_ended", stream: { id: "s" } };
    const found = (now_playing, tracks, gaps = []) => ({ type: "snapshot", live: true, stream: { id: "s" }, now_playing, tracks: tracks.map(([name, began]) => track(name, began)), gaps });
    const [lost, closed] = [{ type: "lost" }, { type: "gone" }];
    const A = [["A", 0]];

    // Of what plays: [second, frame] or [second, "sees", title] or [second, "cuts", how often].
    const ofWhatPlays = {
        "a track is seen until it is overdue": [{}, [0, now(plays("A"))], [1, "sees", "A"], [289, "sees", "A"], [290, "sees", null]],
        "one track follows another": [{}, [0, now(plays("A"))], [90, now(plays("B", 1))], [91, "sees", "B"], [91, "cuts", 0]],
        "what is paused is not seen": [{}, [0, now(plays("A"))], [5, now(paused("A", 5))], [6, "sees", null], [900, now(plays("A", 5))], [901, "sees", "A"], [901, "cuts", 0]],
        "or is, as paused, where one wishes so": [{ hide: "never" }, [0, now(paused("A", 5))], [9_000, "sees", "A"]],
        "a page that is opened in mid-track": [{}, [100, found(plays("A", 100), A)], [101, "sees", "A"], [291, "sees", null]],
        "when nothing plays nothing is seen, at once": [{}, [0, now(plays("A"))], [5, now(null)], [5, "sees", null], [5, "cuts", 1]],
        "a hidden track goes at once": [{}, [0, now(plays("A"))], [5, gone("A")], [5, "sees", null], [5, "cuts", 1]],
        "another that is hidden is nobody's business": [{}, [0, now(plays("A"))], [5, gone("Z")], [5, "sees", "A"], [5, "cuts", 0]],
        "but for a line that may still say it": [{ trails: true }, [0, now(plays("A"))], [5, gone("Z")], [5, "sees", "A"], [5, "cuts", 1]],
        "on which the one before may still run when its hiding is found out": [{ trails: true }, [0, now(plays("A"))], [50, now(plays("B", 0, true, 50))], [60, lost], [70, found(plays("B", 20, true, 50), [["B", 50]])], [70, "sees", "B"], [70, "cuts", 1], [80, found(plays("B", 30, true, 50), [["B", 50]])], [80, "cuts", 1]],
        "and which runs on when nothing was": [{ trails: true }, [0, now(plays("A"))], [50, now(plays("B", 0, true, 50))], [60, lost], [70, found(plays("B", 20, true, 50), [["A", 0], ["B", 50]])], [70, "cuts", 0]],
        "a closed list is nobody's": [{}, [0, now(plays("A"))], [5, closed], [5, "sees", null], [5, "cuts", 1]],
        "and opens again": [{}, [0, now(plays("A"))], [5, closed], [60, found(plays("A", 60), A)], [60, "sees", "A"]],
        "a stream that ends fades": [{}, [0, now(plays("A"))], [5, ends], [5, "sees", null], [5, "cuts", 0]],
        "a title is corrected": [{}, [0, now(plays("A"))], [5, renamed("A", "Right")], [5, "sees", "Right"]],
        "a lost server: the last track stays for half a minute": [{}, [0, now(plays("A"))], [10, lost], [39, "sees", "A"], [40, "sees", null], [55, found(plays("A", 55), A)], [55, "sees", "A"]],
        "counted from the first doubt": [{}, [0, now(plays("A"))], [10, lost], [30, lost], [40, "sees", null]],
        "back in time nothing has happened": [{}, [0, now(plays("A"))], [10, lost], [30, found(plays("A", 30), A)], [41, "sees", "A"], [41, "cuts", 0]],
        "what was hidden meanwhile goes at once": [{}, [0, now(plays("A"))], [10, lost], [20, found(plays("B", 5), [["B", 15]])], [20, "sees", "B"], [20, "cuts", 1]],
        "a lost link: the same half minute": [{}, [0, now(plays("A"))], [10, gap("link_lost")], [10.1, now(null)], [39, "sees", "A"], [40, "sees", null], [41, "cuts", 0]],
        "over a reconnection too": [{}, [0, now(plays("A"))], [10, gap("link_lost")], [10.1, now(null)], [20, found(null, A, [open("link_lost")])], [39, "sees", "A"], [40, "sees", null]],
        "but not when it is hidden": [{}, [0, now(plays("A"))], [10, gap("link_lost")], [10.1, now(null)], [15, gone("A")], [15, "sees", null], [15, "cuts", 1]],
        "nor for whoever comes then": [{}, [20, found(null, A, [open("link_lost")])], [20, "sees", null]],
        "a link that is found again": [{}, [0, now(plays("A"))], [10, gap("link_lost")], [10.1, now(null)], [50, gap("link_lost", iso(50))], [50, now(plays("A", 50))], [51, "sees", "A"]],
        "silence long after a lost link is silence": [{}, [0, now(plays("A"))], [10, gap("link_lost")], [20, now(null)], [20, "sees", null], [20, "cuts", 1]],
        "and so it is in any other gap": [{}, [0, now(plays("A"))], [10, gap("paused")], [10, now(null)], [10, "sees", null]],
        "seen for a while when it is new": [{ hideAfter: 10_000 }, [0, now(plays("A"))], [9, "sees", "A"], [10, "sees", null], [60, now(plays("B", 40))], [69, "sees", "B"], [70, "sees", null]],
        "once, whatever happens to it": [{ hideAfter: 10_000 }, [0, now(plays("A"))], [5, now(paused("A", 5))], [30, now(plays("A", 5))], [30, "sees", null], [40, found(plays("A", 15), A)], [40, "sees", null]],
        "not again in a page that is opened anew": [{ hideAfter: 10_000 }, [30, found(plays("A", 30), A)], [30, "sees", null]],
        "but for what is left of it": [{ hideAfter: 10_000 }, [4, found(plays("A", 4), A)], [9, "sees", "A"], [10, "sees", null]],
        "later": [{ delay: 20_000 }, [0, now(plays("A"))], [19.9, "sees", null], [20, "sees", "A"], [30, now(plays("B"))], [49.9, "sees", "A"], [50, "sees", "B"], [339.9, "sees", "B"], [340, "sees", null]],
        "later, and seen for a while": [{ delay: 20_000, hideAfter: 10_000 }, [0, now(plays("A"))], [20, "sees", "A"], [29.9, "sees", "A"], [30, "sees", null]],
        "pauses come later": [{ delay: 20_000 }, [0, now(plays("A"))], [30, now(paused("A", 30))], [49.9, "sees", "A"], [50, "sees", null]],
        "silence does not, and nothing that waits is told": [{ delay: 20_000 }, [0, now(plays("A"))], [30, now(plays("B"))], [35, now(null)], [35, "sees", null], [60, "sees", null], [60, "cuts", 1]],
        "what is hidden while it waits is never told": [{ delay: 20_000 }, [0, now(plays("A"))], [30, now(plays("B"))], [35, gone("B")], [60, "sees", "A"], [60, "cuts", 0]],
        "nor when that is found out within a lost link": [{ delay: 20_000 }, [0, now(plays("A"))], [30, now(plays("B"))], [31, gap("link_lost")], [31.1, now(null)], [32, lost], [35, found(null, A, [open("link_lost")])], [35, "sees", "A"], [55, "sees", "A"], [61, "sees", null], [61, "cuts", 0]],
        "what is corrected while it waits is told right": [{ delay: 20_000 }, [0, now(plays("A"))], [5, renamed("A", "Right")], [20, "sees", "Right"]],
        "a lost server is lost now": [{ delay: 60_000 }, [0, now(plays("A"))], [70, now(plays("B"))], [100, lost], [129, "sees", "A"], [131, "sees", null]],
        "a page that is opened later shows what was": [{ delay: 20_000 }, [110, found(plays("C", 5, true, 105), [["A", 0], ["B", 50], ["C", 105]])], [110, "sees", "B"], [124.9, "sees", "B"], [125, "sees", "C"]],
        "as late as the streamer has it told": [{ delay: 20_000 }, [140, found(plays("C", 5, true, 105), [["A", 0], ["B", 50], ["C", 105]])], [154.9, "sees", "B"], [155, "sees", "C"]],
        "but in a long pause nothing": [{ delay: 20_000 }, [300, found(plays("C", 5, false, 105), [["A", 0], ["B", 50], ["C", 105]])], [300, "sees", null], [321, "sees", null], [330, now(plays("C", 5, true, 105))], [349.9, "sees", null], [350, "sees", "C"]],
        "and in a short one what was": [{ delay: 20_000 }, [112, found(plays("C", 5, false, 105), [["A", 0], ["B", 50], ["C", 105]])], [112, "sees", "B"]],
        "and nothing before the first": [{ delay: 20_000 }, [5, found(plays("A", 5), A)], [5, "sees", null], [19.9, "sees", null], [20, "sees", "A"]],
        "or what has played for long": [{ delay: 20_000 }, [100, found(plays("A", 100), A)], [100, "sees", "A"]],
        "a frame from tomorrow is one of now": [{ delay: 20_000 }, [0, { ...now(plays("A")), at: iso(3_600) }], [20, "sees", "A"]],
        "a track without a length goes soon": [{}, [0, now({ ...plays("A"), track: track("A", 0, 0) })], [89, "sees", "A"], [90, "sees", null]],
        "what it does not know it does not mind": [{}, [0, now(plays("A"))], [1, { type: "day_changed", date: "2026-11-21" }], [1, { type: "poem" }], [2, "sees", "A"]],
    };

    // Of the last tracks: [second, "sees", titles].
    const three = found(plays("C", 5, true, 105), [["A", 0], ["B", 50], ["C", 105]]);
    const ofTheLast = {
        "the newest first, so many": [{ count: 2 }, [110, three], [110, "sees", "C B"], [120, added("D", 119)], [120, "sees", "D C"]],
        "each in its place": [{}, [110, three], [111, added("X", 70)], [111, "sees", "C X B A"]],
        "another takes the place of one that is hidden, at once": [{ count: 2 }, [110, three], [111, gone("C")], [111, "sees", "B A"], [111, "cuts", 1]],
        "titles are corrected": [{}, [110, three], [111, { type: "track_updated", track: { ...track("B", 50), name: "Right" } }], [111, "sees", "C Right A"]],
        "of a track of another day nothing is known": [{}, [110, three], [111, { type: "track_updated", track: track("Z") }], [111, "sees", "C B A"]],
        "a new stream begins with nothing": [{}, [110, three], [111, ends], [111, "sees", ""], [115, starts("t")], [115, "sees", ""], [116, added("D", 116)], [116, "sees", "D"]],
        "a short break changes nothing": [{}, [110, three], [111, ends], [115, starts("s")], [115, "sees", "C B A"]],
        "the last stream is nobody's": [{}, [110, { ...three, live: false }], [110, "sees", ""]],
        "a lost server": [{}, [110, three], [120, lost], [149, "sees", "C B A"], [150, "sees", ""], [160, three], [160, "sees", "C B A"], [160, "cuts", 0]],
        "what was hidden meanwhile goes at once": [{}, [110, three], [120, lost], [125, found(null, A)], [125, "sees", "A"], [125, "cuts", 1]],
        "a closed list": [{}, [110, three], [120, closed], [120, "sees", ""], [120, "cuts", 1]],
        "later": [{ delay: 20_000 }, [110, three], [110, "sees", "B A"], [124.9, "sees", "B A"], [125, "sees", "C B A"], [130, added("D", 130)], [140, gone("D")], [155, "sees", "C B A"]],
        "for a while": [{ hideAfter: 10_000 }, [110, three], [114.9, "sees", "C B A"], [115, "sees", ""], [120, added("D", 119)], [129.9, "sees", "D C B A"], [130, "sees", ""]],
        "never too many": [{ count: 20 }, [0, found(null, A)], ...Array.from({ length: 500 }, (_, n) => [n, added(`T${n}`, n)]), [500, "holds", 60]],
    };

    const wrong = [];
    const tell = (title, rules, [set, ...story], show) => {
        const state = rules.begin(set);
        for (const [second, what, wanted] of story) {
            const asked = {
                sees: () => show(rules.seen(state, ms(second))),
                cuts: () => state.cuts,
                holds: () => state.rows.length + state.waiting.length,
            };
            const got = asked[what] ? asked[what]() : rules.hear(state, { at: iso(second), ...what }, ms(second));
            if (got !== wanted) wrong.push(`${title}: at ${second} s ${what} ${got}, not ${wanted}`);
        }
    };
    for (const [title, story] of Object.entries(ofWhatPlays)) tell(title, moment, story, (play) => play && play.now.track.name);
    for (const [title, story] of Object.entries(ofTheLast)) tell(title, latest, story, (rows) => rows.map(({ name }) => name).join(" "));
    return wrong;
})()
