// Finding and copying in the list of a page, live or over. The server finds the same without a script (search.rs).

export const by = (id) => document.getElementById(id);
export const tape = by("tape");
export const rows = () => [...tape.querySelectorAll("[data-track-id]")];
const { region } = document.documentElement.dataset;
const [field, all, found, copied] = ["q", "all", "found", "copied"].map(by);
/** How long it is said that something was copied. */
const SAID = 2_500;
let saying;
/** What people type for letters that no accent can be taken from. */
const PLAIN = { œ: "oe", æ: "ae", ø: "o", ł: "l", đ: "d", ß: "ss", ς: "σ", "’": "'" };

/** Writes only what is new: the same words again would be read out again. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Says how many, in the form that the language has for it. */
export function say(words, n) {
  const form = words.dataset[new Intl.PluralRules(region).select(n)] ?? words.dataset.other;
  write(words, form.replace("{n}", n.toLocaleString(region)));
}

/** The text without case and accents. */
function fold(text) {
  const bare = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  return bare.replace(/[œæøłđßς’]/g, (letter) => PLAIN[letter]);
}

export const said = (root) => [...root.querySelectorAll("bdi")].map((part) => part.textContent);

/** Keeps in sight what is looked for, and says how much that is. */
export function sift() {
  const words = fold(field.value).split(/\s+/).filter(Boolean);
  const list = rows();
  for (const row of list) {
    const text = words[0] && fold(said(row).join(" "));
    row.hidden = !words.every((word) => text.includes(word));
  }
  const n = list.filter((row) => !row.hidden).length;
  tape.classList.toggle("sifted", Boolean(words[0]));
  all.hidden = !words[0];
  if (words[0]) say(found, n);
  else write(found, "");
  by("nothing").hidden = n > 0 || !words[0] || !tape.children.length;
}

function empty() {
  field.value = "";
  sift();
}

/** Gives a row what only a script can do. */
export function dress(row) {
  const { trackId: id } = row.dataset;
  const button = by("copy").content.firstElementChild.cloneNode(true);
  button.id = `c-${id}`;
  button.setAttribute("aria-labelledby", `c-${id} t-${id}`);
  row.querySelector(".words").after(button);
  return row;
}

/** Takes a text to the clipboard, also where pages without TLS have none. */
async function take(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.className = "unseen";
    area.value = text;
    button.after(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    button.focus({ preventScroll: true });
    return done;
  }
}

async function copy(button) {
  const [name, artist] = said(button.closest("li, section"));
  const text = `${artist} - ${name}`;
  write(copied, "");
  if (!(await take(text, button))) return;
  write(copied, copied.dataset.copied.replace("{track}", () => text));
  clearTimeout(saying);
  saying = setTimeout(() => write(copied, ""), SAID);
}

const jump = document.querySelector(".jump");

addEventListener("click", ({ target }) => {
  if (jump && !jump.contains(target)) jump.open = false;
  const button = target.closest(".copy");
  if (button) copy(button);
});

addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (key === "/" && field.checkVisibility() && !event.ctrlKey && !event.altKey && !event.metaKey && !target.closest("input, textarea")) {
    event.preventDefault();
    field.focus();
  }
  if (key !== "Escape") return;
  if (target === field) empty();
  else if (jump?.open) {
    jump.open = false;
    jump.querySelector("summary").focus();
  }
});

field.oninput = sift;
all.onclick = (event) => {
  event.preventDefault();
  empty();
  field.focus();
};

rows().forEach(dress);
document.querySelector(".handles")?.prepend(by("copy").content.cloneNode(true));
sift();
