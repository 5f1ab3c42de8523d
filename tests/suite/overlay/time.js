// Before a page begins: its time can be made to pass, its machine to sleep, whoever looks at it to look away; and it is written
// down what it hears and how its overlay comes and goes.
(() => {
    const [steady, wall, later, never, every, animate] = [performance.now.bind(performance), Date.now, setTimeout, clearTimeout, setInterval, Element.prototype.animate];
    let [passed, slept, stood] = [0, 0, 0];

    // A page that takes the place of another goes on in its time, and to begin anew takes none until the page hears something: how
    // busy the machine is does not count.
    const memory = location.protocol === "http:" ? sessionStorage : {};
    const isAnew = performance.getEntriesByType("navigation")[0]?.type === "reload";
    let stands = isAnew ? steady() : null;
    const began = (Number(memory.left) || wall()) - steady();
    const goesOn = () => {
        if (stands !== null) stood += steady() - stands;
        stands = null;
    };
    performance.now = () => (stands ?? steady()) - stood + passed;
    Date.now = () => Math.floor(began + performance.now() + slept);
    window.sleeps = (seconds) => void (slept += 1_000 * seconds);
    window.addEventListener("pagehide", () => (memory.left = Date.now()));

    // Timers of a page that nobody sees stand still.
    let isHidden = false;
    const held = [];
    const fires = (does) => (isHidden ? held.push(does) : does());
    Object.defineProperty(Document.prototype, "hidden", { get: () => isHidden });
    Object.defineProperty(Document.prototype, "visibilityState", { get: () => (isHidden ? "hidden" : "visible") });
    window.isSeen = (is) => {
        isHidden = !is;
        document.dispatchEvent(new Event("visibilitychange"));
        if (is) held.splice(0).forEach((does) => later(does));
    };
    window.setInterval = (does, wait, ...rest) => every(() => isHidden || does(...rest), wait);

    // Whoever waits for long waits in this time.
    const waits = new Map();
    const sets = (id, does, at) => {
        const ends = () => waits.delete(id) && fires(does);
        waits.set(id, { does, at, timer: later(ends, at - performance.now()) });
    };
    let number = 0;
    window.setTimeout = (does, wait, ...rest) => {
        if (!(wait > 5_000)) return later(() => fires(() => does(...rest)), wait);
        const id = `wait ${(number += 1)}`;
        sets(id, () => does(...rest), performance.now() + wait);
        return id;
    };
    window.clearTimeout = (id) => {
        never(waits.get(id)?.timer ?? id);
        waits.delete(id);
    };
    window.passes = (seconds) => {
        passed += 1_000 * seconds;
        for (const [id, { does, at, timer }] of waits) never(timer), sets(id, does, at);
    };

    window.heard = [];
    window.WebSocket = class extends WebSocket {
        constructor(url) {
            super(url);
            this.addEventListener("message", ({ data }) => goesOn(heard.push(data)));
        }
    };
    window.moves = [];
    Element.prototype.animate = function (frames, timing) {
        if (this.matches(".overlay")) moves.push(frames[0].opacity === 0 ? "comes" : "goes");
        return animate.call(this, frames, timing);
    };
})();
