// Before a page begins: its time can be made to pass, its machine to sleep, and it is written down what it hears and how its
// overlay comes and goes.
(() => {
    const [steady, wall, later, animate] = [performance.now.bind(performance), Date.now, setTimeout, Element.prototype.animate];
    // A page that begins anew lives in the same time.
    const memory = location.protocol === "http:" ? sessionStorage : {};
    let [passed, slept] = [Number(memory.passed) || 0, 0];
    performance.now = () => steady() + passed;
    Date.now = () => wall() + passed + slept;
    window.passes = (seconds) => void (memory.passed = passed += 1_000 * seconds);
    window.sleeps = (seconds) => void (slept += 1_000 * seconds);
    // Nobody waits for long in a story.
    window.setTimeout = (does, wait, ...rest) => later(does, wait > 5_000 ? wait / 4 : wait, ...rest);
    window.heard = [];
    window.WebSocket = class extends WebSocket {
        constructor(url) {
            super(url);
            this.addEventListener("message", ({ data }) => heard.push(data));
        }
    };
    window.moves = [];
    Element.prototype.animate = function (frames, timing) {
        if (this.matches(".overlay")) moves.push(frames[0].opacity === 0 ? "comes" : "goes");
        return animate.call(this, frames, timing);
    };
})();
