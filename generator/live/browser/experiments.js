// Experiments: the page asks before it shows. One at a time above the picture, with its answers as buttons; after a
// guess the controls move from where the experiment starts to where it leads, and the reason appears. A goal is noticed
// as soon as the demo shows it. What was answered is kept in the page only.
//
// The page holds a fold for each, with all of it in data-experiment. What shows states is demo.js, by
// instrumentOf(section): settings(), figures(), and set(values, {animate}), which gives null where it fails; it says
// "termlab:shown" for each state.

const mounted = new WeakSet();

// As in controls.js, which a page loads only when a demo is touched; this script is there from the start.
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const button = (text, onclick, attributes = {}) => make("button", { type: "button", onclick, ...attributes }, text);

// A figure may come as the page shows it: "12,346", "−0.5".
const number = (value) => (typeof value === "string" ? Number(value.replace(/,/g, "").replace("−", "-")) : Number(value));

const COMPARED = {
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "=": (a, b) => a === b,
};

function given(name, { settings, figures }) {
  const shown = figures instanceof Map ? figures : new Map(figures ? Object.entries(figures) : []);
  return shown.has(name) ? shown.get(name) : settings?.[name];
}

// Whether a state is what a goal asks for: [[name, "<=", value], …], names of figures first, and of settings else.
export function isReached(reach, state) {
  return reach.every(([name, compare, value]) => {
    const now = given(name, state);
    if (now === undefined) return false;
    if (typeof value === "string" || typeof now === "boolean") {
      return compare === "=" && String(now).toLowerCase() === String(value).toLowerCase();
    }
    return COMPARED[compare](number(now), value);
  });
}

const LONGEST_WAIT = 2000; // milliseconds until a guess is judged, whether or not the picture is there

const movesLittle = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

class Experiments {
  constructor(section, place, instrument) {
    this.section = section;
    this.instrument = instrument;
    this.moving = 0; // counts moves, so that an older one that ends late says nothing
    this.busy = false;
    this.at = 0;
    this.all = [...place.querySelectorAll("details[data-experiment]")].map((fold) => ({
      ...JSON.parse(fold.dataset.experiment),
      question: fold.querySelector("summary").textContent,
      because: fold.querySelector(".tl-because").textContent,
      done: null, // {said, chosen, right} once it was answered
    }));
    this.count = make("span", { class: "tl-experiment-count" });
    this.previous = button("‹", () => this.go(-1), { "aria-label": "Previous experiment" });
    this.next = button("›", () => this.go(1), { "aria-label": "Next experiment" });
    const ways = make("div", { class: "tl-experiment-ways" }, this.count, this.previous, this.next);
    this.ask = make("p", { class: "tl-ask" });
    this.answers = make("div", { class: "tl-answers", role: "group", "aria-label": "Answers" });
    // There from the start and empty, since a screen reader announces what comes into it later.
    this.verdict = make("div", { class: "tl-verdict", role: "status", "aria-live": "polite" });
    this.startsFrom = make("p", { class: "tl-starts", hidden: true });
    place.replaceChildren(ways, this.ask, this.startsFrom, this.answers, this.verdict);
    place.classList.add("tl-asking");
    ways.hidden = this.all.length < 2;
    section.addEventListener("termlab:shown", ({ detail }) => this.seen(detail));
    this.draw();
    this.tellStart();
  }

  get current() {
    return this.all[this.at];
  }

  go(by) {
    this.moving++;
    this.busy = false;
    this.at = (this.at + by + this.all.length) % this.all.length;
    this.draw();
    this.startsFrom.hidden = true;
    const { kind, done, reach, start } = this.current;
    if (done) return;
    // Whoever is asked what becomes of a state sees that state. A guess need not wait for it, so this is no move.
    if (kind !== "goal") this.showStart();
    // Nobody is told that a goal is reached by what another experiment has left behind.
    else if (isReached(reach, this.state())) this.move(start, false);
  }

  showStart() {
    this.instrument.set(this.current.start, { animate: false }).then(() => this.tellStart(), () => this.tellStart());
  }

  // Where the picture shows another state than the one that is asked about, the question says which one it is, and gives
  // a way to see it. The page comes so, or by a link: nothing on it moves before the reader does something.
  tellStart() {
    const { kind, done, start } = this.current;
    const now = this.state().settings ?? {};
    const other = kind === "goal" || done ? [] : Object.entries(start).filter(([name, value]) => name in now && now[name] !== value);
    this.startsFrom.hidden = !other.length;
    if (!other.length) return;
    const words = other.map(([name, value]) => {
      const label = this.section.querySelector(`.tl-control[data-name="${name}"] label`)?.textContent ?? name.replaceAll("_", " ");
      const text = value === true ? "on" : value === false ? "off" : String(value);
      return `${label} ${text.length > 24 ? `${text.slice(0, 23)}…` : text}`;
    });
    const show = button("Show it", () => this.showStart());
    this.startsFrom.replaceChildren(`This starts from ${words.join(", ")}; the picture shows another setting. `, show);
  }

  state() {
    return { settings: this.instrument.settings?.(), figures: this.instrument.figures?.() };
  }

  draw() {
    const { kind, question, answers = [], done } = this.current;
    const solved = this.all.filter((one) => one.done).length;
    this.count.textContent = `${kind === "goal" ? "Goal" : "Guess"} ${this.at + 1} of ${this.all.length}`;
    this.count.title = `${solved} of ${this.all.length} done`;
    this.ask.textContent = question;
    const choices = answers.map(([text, right]) => button(text, () => this.answer(text), { "data-right": right }));
    const show = button(kind === "goal" ? "Show me one way" : "Show me", () => this.answer(null), { class: "tl-show" });
    this.answers.replaceChildren(...choices, show);
    this.verdict.replaceChildren();
    if (done) this.conclude();
  }

  // chosen: the text of an answer, or null for somebody who would rather see it.
  async answer(chosen) {
    const one = this.current;
    if (this.busy || one.done) return this.again();
    this.mark(chosen);
    this.startsFrom.hidden = true;
    this.look();
    const playing = this.play();
    // The answer is known already. Where the picture has to wait for Python, the reader does not.
    const said = await Promise.race([playing, new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT, ""))]);
    if (said === undefined) return; // the reader went on to another
    const right = one.answers?.find(([text]) => text === chosen)?.[1];
    const word = chosen === null ? "" : right ? "Right. " : "Not so. ";
    const text = `${word}${one.outcome}`;
    one.done = { chosen, text: text + said };
    this.concludeIf(one);
    const late = await playing;
    if (late && late !== said) {
      one.done.text = text + late;
      this.concludeIf(one);
    }
  }

  concludeIf(one) {
    if (one !== this.current) return;
    this.conclude();
    this.look();
  }

  // The picture that answers is to be seen, and what is said above it as far as there is room.
  look() {
    this.section.querySelector(".tl-main")?.scrollIntoView({ block: "nearest", behavior: movesLittle() ? "auto" : "smooth" });
  }

  // Somebody who has answered may see it again.
  again() {
    if (!this.busy) this.play();
  }

  // From where the experiment starts to where it leads -> "", what went wrong, or undefined if it was left meanwhile.
  async play() {
    const { start, end } = this.current;
    this.busy = true;
    const move = ++this.moving;
    let said = "";
    try {
      await this.instrument.set(start, { animate: false });
      if (move !== this.moving) return undefined;
      const shown = await this.instrument.set(end, { animate: !movesLittle() });
      if (shown === null) said = " The demo can't show it now.";
    } catch {
      said = " The demo can't show it now.";
    }
    if (move !== this.moving) return undefined;
    this.busy = false;
    return said;
  }

  async move(settings, animate) {
    this.busy = true;
    const move = ++this.moving;
    await this.instrument.set(settings, { animate }).catch(() => {});
    if (move === this.moving) this.busy = false;
  }

  seen(state) {
    if (!this.startsFrom.hidden) this.tellStart();
    const { kind, reach, done } = this.current;
    if (kind !== "goal" || done || this.busy || state.exact === false || !isReached(reach, state)) return;
    this.current.done = { chosen: null, text: "Reached." };
    this.conclude();
  }

  // While the demo moves: which answer was chosen. Buttons keep the focus, so they are not disabled.
  mark(chosen) {
    for (const each of this.answers.children) {
      each.setAttribute("aria-pressed", String(each.textContent === chosen));
      each.setAttribute("aria-disabled", "true");
    }
  }

  conclude() {
    const { done, because, kind } = this.current;
    this.mark(done.chosen);
    for (const each of this.answers.children) {
      if (each.dataset.right === "") each.classList.add("tl-right");
      else if (each.textContent === done.chosen) each.classList.add("tl-wrong-answer");
      if (each.classList.contains("tl-show")) {
        each.removeAttribute("aria-disabled");
        each.removeAttribute("aria-pressed");
        each.textContent = kind === "goal" ? "Show one way" : "Show it again";
      }
    }
    this.verdict.replaceChildren(make("strong", {}, done.text), ` ${because}`);
  }
}

async function mount(section) {
  const place = section.querySelector(".tl-experiments");
  if (!place || mounted.has(section) || !(section.dataset.manifest || section.dataset.sweep)) return;
  mounted.add(section);
  const instrument = await import(new URL("demo.js", import.meta.url).href)
    .then(({ instrumentOf }) => instrumentOf?.(section))
    .catch(() => null);
  if (instrument) new Experiments(section, place, instrument);
  else place.classList.add("tl-folds"); // all of them
}

const mountAll = () => document.querySelectorAll(".tl-demo").forEach((section) => mount(section).catch(console.error));

// The theme swaps pages without loading them anew, and says so here.
if (window.document$) window.document$.subscribe(mountAll);
else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mountAll);
else mountAll();
