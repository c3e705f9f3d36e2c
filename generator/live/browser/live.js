// Live demos, from the first touch on: what is set, what is shown for it, and where that comes from. A demo answers from
// its sweep (sweep.js) wherever that knows the settings, and otherwise from Python (python.js), which is loaded then.

import { Control, make } from "./controls.js";
import { ghostOf, morph, safe, wordsIn } from "./drawing.js";
import { Sweep } from "./sweep.js";

const REST = 400; // milliseconds without a move, after which the reader's hand is taken to rest
const VEILED = "computed for the settings of the link …";
const UNKNOWN = "not yet computed for these settings";
const PLAY_WAITS = "Play waits for Python";
const QUICK = 150; // milliseconds; where Python needs less, nothing stands in for its result meanwhile

const button = (text, onclick, attributes = {}) =>
  make("button", { type: "button", class: "tl-button", onclick, ...attributes }, text);

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const same = (a, b) => Object.keys(a).every((name) => a[name] === b[name]);

let engine = null; // of python.js, once it is there
let limits = null;

const edits = new Map(); // demo -> edited source; it lives as long as the tab and goes nowhere

export class Demo {
  // What demo.js has found in the page: the section, a place for messages, the fold with the code and its button, and
  // what it knows of addresses and of loading scripts.
  constructor({ section, trouble, fold, edit, asked, keyOf, bring }) {
    Object.assign(this, { section, trouble, fold, editButton: edit, asked, keyOf, bring });
    this.name = section.dataset.demo;
    this.part = (name) => section.querySelector(`.tl-${name}`);
    this.stages = [...section.querySelectorAll(".tl-stage")];
    this.more = this.stages[1]?.closest("details"); // the fold of all pictures but the main one
    this.pictures = this.stages.flatMap((stage) => [...stage.children]);
    this.came = [...this.pictures]; // with the page
    this.python = []; // the pictures as Python has drawn them, by position
    this.source = "page"; // where the pictures come from that are shown: the page, its sweep, or Python
    this.edited = null; // source in use instead of the original
    this.busy = this.wanted = false;
    this.took = 0; // milliseconds of the last run
    this.standing = ""; // what is said on the picture as long as it does not show what is set
    this.moves = 0; // counts whoever moves the controls, so that the reader's hand ends what a script began
    this.refused = null; // what a link asked for in vain
    this.last = { name: null, own: true }; // whose axes the main picture has, and whether it shows the page's own settings
    this.touched = null; // the name of the setting that was changed last
    this.moved = -Infinity; // when
    this.addressed = this.said(); // what the address said of this demo when it was read or written last
    this.waiting = []; // whoever waits until what is set is shown
    this.hidden = new Set(section.dataset.hide?.split(" "));

    const controls = this.part("controls");
    this.pageParameters = this.parameters = JSON.parse(controls.dataset.parameters);
    const given = JSON.parse(section.dataset.settings || "{}");
    this.own = Object.fromEntries(this.pageParameters.map((p) => [p.name, given[p.name] ?? p.default]));
    this.controls = new Map();
    for (const parameter of this.pageParameters) {
      const element = [...controls.children].find((each) => each.dataset.name === parameter.name);
      if (element) this.controls.set(parameter.name, new Control(parameter, element, (control) => this.changed(control)));
    }
    const numbers = [...section.querySelectorAll(".tl-numbers > div")];
    this.ownFigures = numbers.map((each) => [...each.children].map((cell) => cell.textContent));
    this.ownSummary = this.part("outcome").textContent;
    this.figures = this.ownFigures;
    this.megabytes = Number(section.dataset.megabytes) || 0; // of Python on the wire; every number of them is made of it
    this.shownFor = this.own; // the settings that the picture belongs to

    const toolbar = this.part("toolbar");
    this.stopButton = button("Stop", () => this.stop(), { hidden: true });
    this.note = this.part("say");
    toolbar.append(this.stopButton);
    this.bar = make("progress", { "aria-label": "Loading Python", hidden: true });
    this.words = make("span");
    this.mark = make("p", { class: "tl-mark", hidden: true }, this.words, this.bar);
    this.before = make("p", { class: "tl-before", "aria-hidden": "true", hidden: true }, make("span", {}, "before"));
    this.part("main").append(make("div", { class: "tl-marks" }, this.before, this.mark));
    this.told = make("p", { class: "tl-told", role: "status" });
    section.append(this.told);
    section.addEventListener("toggle", ({ target }) => this.unfolded(target), true);
    this.play = toolbar.querySelector(".tl-play");

    const { manifest, runtime, sweep, edition } = section.dataset;
    const address = (path) => path && new URL(path, document.baseURI).href;
    Object.assign(this, { manifestUrl: address(manifest), runtime: address(runtime) });
    Object.assign(this, { sweep: null, sweepUrl: address(sweep), edition });
    this.sweeping = sweep && this.loadSweep(); // a promise while it is on its way
    if (!same(this.own, this.values())) this.changed([...this.controls.values()].find((each) => each.value !== this.own[each.name]));
  }

  async loadSweep() {
    const { name, own, came, edition } = this;
    try {
      this.sweep = await Sweep.load(this.sweepUrl, { demo: name, own, figures: came, edition });
      if (this.cut) this.say("");
      this.cut = false;
    } catch (reason) {
      this.dropSweep(reason);
      this.cut = reason.again; // the next touch asks for it once more
    }
    this.sweeping = null;
  }

  // A sweep that is of no use: Python takes over.
  dropSweep(reason) {
    this.sweep = null;
    const next = reason.again ? "Python computes them instead, and the next move tries again." : "Python computes them instead.";
    this.say(`The computed states of this demo could not be used: ${reason.message ?? reason}. ${next}`);
  }

  state(name) {
    this.section.dataset.state = name;
    this.stopButton.hidden = name !== "loading" && name !== "running";
    this.section.setAttribute("aria-busy", String(name === "loading" || name === "running"));
  }

  say(text) {
    this.note.textContent = text;
  }

  // The picture does not show what is set, and this says what it shows; "" where it does.
  stand(text) {
    this.standing = text;
    this.remark(text);
  }

  // Something about the picture, written below it.
  remark(text, bar = false) {
    this.words.textContent = text;
    this.bar.hidden = !bar;
    this.mark.hidden = !text;
  }

  // --- what is set ------------------------------------------------------------------------------------------------

  buildControls(parameters, keep = {}) {
    this.parameters = parameters;
    this.controls.clear();
    for (const parameter of parameters) {
      if (this.hidden.has(parameter.name)) continue;
      const control = new Control(parameter, null, (each) => this.changed(each), this.controls.size + 1);
      this.controls.set(parameter.name, control);
      control.set(keep[parameter.name] ?? this.own[parameter.name] ?? parameter.default);
    }
    this.part("controls").replaceChildren(...[...this.controls.values()].map((control) => control.element));
    this.showCommand();
  }

  values() {
    const hidden = Object.fromEntries([...this.hidden].map((name) => [name, this.own[name]]));
    return { ...hidden, ...Object.fromEntries([...this.controls].map(([name, control]) => [name, control.value])) };
  }

  // The reader has set something.
  changed(control) {
    this.moves++;
    this.refused?.remove();
    this.pause();
    this.touch(control.name);
    this.follow();
  }

  touch(name) {
    const now = performance.now();
    if (now - this.moved > 2 * REST || name !== this.touched) this.beforehand = null; // a new move: with a new ghost
    Object.assign(this, { touched: name, moved: now });
    if (this.cut && !this.sweeping) this.sweeping = this.loadSweep();
  }

  reset() {
    this.moves++;
    this.refused?.remove();
    this.pause();
    for (const [name, control] of this.controls) control.set(this.own[name] ?? control.parameter.default);
    this.beforehand = this.touched = this.pausedAt = null;
    this.follow();
  }

  unlike(other) {
    return Object.entries(this.values()).filter(([name, value]) => value !== other[name]);
  }

  showCommand() {
    const own = Object.fromEntries(this.parameters.map((p) => [p.name, p.default]));
    const options = this.unlike(own).map(([name, value]) => {
      const option = name.replaceAll("_", "-");
      if (typeof value === "boolean") return value ? `--${option}` : `--no-${option}`;
      const word = String(value);
      return `--${option}=` + (/^[\w.,:+-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
    });
    const code = this.section.querySelector(".tl-command code");
    if (code) code.textContent = ["python -m demos", this.name, ...options].join(" ");
  }

  // --- the address ------------------------------------------------------------------------------------------------

  // The address of this page with these settings. What it says of other demos of the page stays, if `others` do; the
  // demos stand in it as on the page, whichever was moved last, so that the same settings have one address.
  address(others = true) {
    const url = new URL(location.href);
    const mine = new Set(this.asked(this.section, url.search).map(([, , key]) => key));
    const kept = [...url.searchParams].filter(([key]) => others && key !== "demo" && !mine.has(key));
    const set = this.unlike(this.own).map(([name, value]) => [this.keyOf(this.section, name), String(value)]);
    const demo = ([key]) => key.slice(0, key.indexOf(".") + 1); // the first of a page has none
    const ordered = [...kept, ...set].sort((one, other) => demo(one).localeCompare(demo(other)));
    url.search = String(new URLSearchParams(ordered)).replaceAll("%2C", ","); // points have many
    return url;
  }

  // What an address says of this demo, as one text.
  said(search = location.search) {
    return JSON.stringify(this.asked(this.section, search).map(([name, text]) => [name, text]).sort());
  }

  // In the bar of the browser, once the hand rests: browsers allow only so many changes in a while.
  tellAddress() {
    clearTimeout(this.addressing);
    this.addressing = setTimeout(() => {
      if (!this.section.isConnected) return;
      history.replaceState(history.state, "", this.address());
      this.addressed = this.said();
    }, REST);
  }

  async copyLink() {
    const url = this.address(false);
    url.hash = this.section.id;
    try {
      await navigator.clipboard.writeText(url.href);
      this.say("The link is copied. It opens this page with these settings.");
    } catch {
      const box = make("input", { readonly: true, value: url.href, "aria-label": "Link with these settings" });
      this.note.replaceChildren("Copy this link: ", box);
      box.select();
    }
  }

  // A link sets what it names, and everything else as the page has it. It cannot carry code. Until that is shown, the
  // picture that came with the page is veiled, so that nobody takes it for the link's. What the reader has set while the
  // scripts of the page were on their way is newer than the link with which it is `arriving`, and stays.
  openLink({ arriving = false } = {}) {
    const wanted = new Map(this.asked(this.section, location.search));
    this.addressed = this.said();
    this.moves++;
    const refused = [];
    for (const [name, control] of this.controls) {
      const own = this.own[name] ?? control.parameter.default;
      if (arriving && (control.value !== own || control.judged)) {
        this.touched = name;
        continue;
      }
      control.set(own);
      if (wanted.has(name) && !control.setText(wanted.get(name))) {
        refused.push(`${name}=${wanted.get(name).slice(0, 40)}`);
        control.set(this.own[name]);
      } else if (control.value !== this.own[name]) this.touched = name;
    }
    this.beforehand = null;
    this.refuse(refused);
    this.veil(!same(this.values(), this.shownFor ?? {}));
    if (this.veiled) this.stand(VEILED);
    this.follow();
  }

  get veiled() {
    return "veiled" in this.section.dataset;
  }

  veil(on) {
    this.section.toggleAttribute("data-veiled", on);
  }

  // What a link asked for in vain is told above the picture, and brought into view: the reader has just come.
  refuse(refused) {
    this.refused?.remove();
    if (!refused.length) return;
    const words = `The link asks for ${refused.join(", ")}, which is not possible here. The page's own setting is shown instead.`;
    this.refused = make("p", { class: "tl-refused", role: "alert" }, words);
    this.part("bench").before(this.refused);
    requestAnimationFrame(() => {
      const { top, bottom } = this.refused.getBoundingClientRect();
      if (top < 60 || bottom > innerHeight) this.refused.scrollIntoView({ block: "center" });
    });
  }

  // --- from settings to pictures ------------------------------------------------------------------------------------

  // Shows what is set: at once where the sweep knows it or something near, and exactly as soon as possible.
  follow() {
    this.showCommand();
    this.tellAddress();
    clearTimeout(this.needing);
    if (this.sweeping) return void this.sweeping.then(() => this.follow());
    const spot = this.edited === null && this.spot();
    if (spot?.exact) {
      this.wanted = false;
      this.known = performance.now(); // a run that began before has nothing to add
      return this.fromSweep(spot) || this.need();
    }
    const ready = engine?.up && this.loadedBy === engine.worker;
    if (spot && !(ready && this.took < QUICK)) this.fromSweep(spot);
    else if (!ready) this.stand(this.veiled ? VEILED : UNKNOWN);
    const waits = this.playing && !ready && this.manifestUrl && !navigator.connection?.saveData;
    if (waits) this.stand([this.standing, PLAY_WAITS].filter(Boolean).join(" · "));
    // Play, and a link, say what is wanted; a hand may go on to a state that is known.
    this.need(ready ? 0 : this.playing || this.veiled ? 1 : REST);
  }

  // Where the sweep knows what is set, or something near: {name, index, value, exact}, the name of a control or of what
  // an experiment sets.
  // The page's own settings are known without one, and then it is {exact} alone.
  spot() {
    const off = this.unlike(this.own);
    const [name, value] = off[0] ?? [this.touched, this.own[this.touched]];
    const spot = off.length > 1 ? null : this.sweep?.spot(name, value);
    if (spot) return { name, ...spot };
    return off.length ? (this.sweep?.aside(off) ?? null) : { name: null, exact: true };
  }

  // Python, as soon as the hand rests. Whoever asks to save data is asked before it is loaded.
  need(delay = 0) {
    const sparing = delay && navigator.connection?.saveData;
    if (!this.manifestUrl) this.stand(this.standing && `${this.standing.replace(VEILED, UNKNOWN)} (this site has no Python)`);
    else if (sparing) this.stand(`${this.standing.replace(VEILED, UNKNOWN)}: press Run to load Python, about ${this.megabytes} MB`);
    if (!this.manifestUrl || sparing) {
      for (const done of this.waiting.splice(0)) done(null); // what is set will not be shown by itself
      this.veil(false);
      return;
    }
    if (delay) this.needing = setTimeout(() => this.run(), delay);
    else this.run(); // Python is up, and a timer would only add to the wait
  }

  // Draws a position of a slider, or what the page came with. False where the sweep turns out to be of no use.
  fromSweep({ name, index, value, exact }) {
    const started = performance.now();
    const { sweep } = this;
    const own = !name || index === sweep.sweeps[name].own;
    const { summary = this.ownSummary, figures = [] } = name ? sweep.said(name, index) : {};
    const picture = (position) => (name ? sweep.picture(name, index, position) : (sweep?.asCame(position) ?? this.came[position]));
    const draw = (position) => this.place(position, picture(position), own);
    try {
      this.exchange(name, own, () => draw(0));
    } catch (reason) {
      this.dropSweep(reason);
      return false;
    }
    this.source = name ? "sweep" : "page";
    this.trouble.hidden = true;
    if (this.section.dataset.state === "error") this.state("idle");
    const other = new Map(figures);
    this.tellOutcome(summary, this.ownFigures.map(([figure, text]) => [figure, other.get(figure) ?? text]));
    const label = this.controls.get(name)?.element.querySelector("label")?.textContent ?? name;
    this.stand(exact ? "" : `nearest known state: ${label} ${value}`);
    this.afterwards(() => {
      for (let position = 1; position < this.came.length; position++) draw(position);
    });
    this.shown(exact, started);
    return true;
  }

  // What comes after the main picture: the others, when the hand rests and if somebody sees them.
  afterwards(rest) {
    this.rest = rest;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.drawRest(), 80);
  }

  async drawRest() {
    if (!this.rest || (this.more && !this.more.open)) return;
    const { rest } = this;
    this.rest = null;
    await rest();
    this.section.dispatchEvent(new CustomEvent("termlab:settled", { bubbles: true }));
  }

  // Puts a picture into its place. own: whether it is the
  // page's own, whose data are known; null where Python has drawn it and knows them
  place(position, figure, own) {
    const before = this.pictures[position];
    const data = figure.querySelector(".tl-data");
    if (before !== figure) {
      if (data) data.open = before?.querySelector(".tl-data")?.open ?? false;
      if (before) before.replaceWith(figure);
      else (this.stages[position && this.stages.length - 1]).append(figure);
      this.pictures[position] = figure;
    }
    if (!data || own === null) return;
    figure.rows ??= [...data.children].slice(1);
    if (own && data.children.length === 1) data.append(...figure.rows);
    if (own) return;
    data.open = false;
    for (const row of figure.rows) row.remove();
  }

  // A change of the main picture leaves a ghost of what was there before the hand moved, where the axes stay.
  // name: of the setting whose axes the new drawing has; own: whether it shows the page's own settings
  exchange(name, own, draw) {
    const { sweep, last } = this;
    this.beforehand ??= ((before) => ({ ...ghostOf(before), words: wordsIn(before), axes: last.own ? name : last.name }))(
      last.own && sweep?.isFixed(name, 0) ? sweep.picture(name, sweep.sweeps[name].own, 0) : this.pictures[0],
    );
    draw();
    this.last = { name, own };
    const { ghost, size, words, axes } = this.beforehand;
    const drawing = this.pictures[0].querySelector(".tl-svg");
    const stay = (axes === name && sweep?.isFixed(name, 0)) || words === wordsIn(this.pictures[0]);
    const shown = ghost && stay && drawing?.getAttribute("viewBox") === size;
    if (shown) drawing.append(ghost);
    this.before.hidden = !shown || !ghost.querySelector("path, line, circle, rect");
    for (const other of this.section.querySelectorAll(".tl-ghost")) if (other !== ghost || !shown) other.remove();
  }

  tellOutcome(summary, figures) {
    this.figures = figures;
    const list = this.part("numbers");
    const outcome = this.part("outcome");
    if (outcome.textContent !== summary) outcome.textContent = summary;
    this.announce(summary);
    if (!list) return;
    const cells = [...list.querySelectorAll("dd")];
    const names = [...list.querySelectorAll("dt")].map((cell) => cell.textContent);
    if (names.length === figures.length && names.every((name, i) => name === figures[i][0])) {
      cells.forEach((cell, i) => cell.textContent === figures[i][1] || (cell.textContent = figures[i][1]));
    } else list.replaceChildren(...figures.map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", {}, text))));
  }

  // A screen reader hears where a drag ends, not every step of it.
  announce(text) {
    clearTimeout(this.announcing);
    this.announcing = setTimeout(() => this.playing || (this.told.textContent = text), REST);
  }

  numbers() {
    return new Map(this.figures.map(([name, text]) => [name, Number(text.replaceAll(",", ""))]));
  }

  // Tells everybody what is shown.
  shown(exact, started) {
    const settings = this.values();
    const detail = { settings, figures: this.numbers(), exact, milliseconds: performance.now() - started, source: this.source };
    this.shownFor = exact ? settings : null;
    this.veil(false);
    this.section.dispatchEvent(new CustomEvent("termlab:shown", { bubbles: true, detail }));
    if (exact) for (const done of this.waiting.splice(0)) done(detail);
  }

  // --- set by others: experiments and play ----------------------------------------------------------------------------

  // Sets values, which may glide there, and waits until they are shown exactly, or cannot be: then it is null.
  // Where the reader takes a control in hand meanwhile, that control is not moved any more, and it is undefined.
  async set(values, { animate = false } = {}) {
    this.pause();
    const move = ++this.moves;
    const moves = Object.entries(values).filter(([name, value]) => this.controls.has(name) && this.controls.get(name).value !== value);
    if (!moves.length) return;
    if (animate && moves.length === 1 && this.controls.get(moves[0][0]).slider && !calm()) {
      if (!(await this.glide(...moves[0], move))) return;
    }
    for (const [name, value] of moves) this.controls.get(name).set(value);
    this.touch(moves[0][0]);
    const done = new Promise((resolve) => this.waiting.push(resolve));
    this.follow();
    return done;
  }

  // False where somebody else has moved a control meanwhile.
  async glide(name, to, move, milliseconds = 900) {
    const control = this.controls.get(name);
    const [start, end] = [control.value, to].map((value) => control.place(value));
    const started = performance.now();
    for (let share = 0; share < 1; ) {
      const now = await new Promise(requestAnimationFrame);
      if (this.moves !== move) return false;
      share = Math.max(0, (now - started) / milliseconds);
      control.slider.value = start + (end - start) * Math.min(1, share); // the slider finds the place on its own grid
      const value = control.slid(Number(control.slider.value));
      if (share >= 1 || value === control.value) continue;
      control.set(value);
      this.touch(name);
      this.follow();
    }
    return true;
  }

  // Plays the one slider whose way is the story, or pauses. From its end, and from where the page has it, it starts with
  // the first position, since the way there is the story too; after a pause it goes on from where it stands.
  async playOn() {
    if (this.playing) return this.pause();
    this.moves++;
    const turn = (this.playing = {});
    this.play.textContent = "Pause";
    await this.sweeping;
    const control = this.played();
    const positions = this.positions(control);
    const { value } = control;
    let anew = value === positions.at(-1) || (value === this.own[control.name] && value !== this.pausedAt);
    const pause = Math.min(250, Math.max(60, 6000 / positions.length));
    while (this.playing === turn && this.section.isConnected) {
      const wait = new Promise((done) => setTimeout(done, pause));
      if (!(await (anew ? this.standAt(control, positions[0]) : this.step()))) break;
      anew = false;
      await wait;
    }
    if (this.playing === turn) this.pause();
  }

  pause() {
    if (!this.playing) return;
    this.playing = null;
    this.pausedAt = this.played()?.value;
    this.play.textContent = "Play";
    if (this.standing.endsWith(PLAY_WAITS)) this.stand(this.standing.slice(0, -PLAY_WAITS.length).replace(/ · $/, ""));
    this.announce(this.part("outcome").textContent);
  }

  async stepOn() {
    this.moves++;
    this.pause();
    await this.sweeping;
    await this.step();
  }

  // To the next position, once it is shown. False at the last one, and where it will not be shown.
  async step() {
    const control = this.played();
    const next = this.positions(control).find((at) => at > control.value);
    if (next === undefined) return false;
    return this.standAt(control, next);
  }

  // Sets one control and waits until that is shown. False where it will not be.
  async standAt(control, value) {
    control.set(value);
    this.touch(control.name);
    const done = new Promise((resolve) => this.waiting.push(resolve));
    this.follow();
    return (await done) !== null;
  }

  played() {
    return [...this.controls.values()].find(({ element }) => "play" in element.dataset);
  }

  positions(control) {
    const known = this.sweep?.positions(control.name) ?? [];
    if (known.length) return known;
    const { low, high, kind } = control.parameter;
    const all = Array.from({ length: 61 }, (_, i) => low + ((high - low) * i) / 60);
    return [...new Set(kind === "int" ? all.map(Math.round) : all)];
  }

  // --- Python: one run at a time, and the latest wins ---------------------------------------------------------------

  // Asked for by a button.
  async start() {
    this.trouble.hidden = true;
    await this.run();
  }

  async run() {
    clearTimeout(this.needing);
    this.wanted = true;
    if (this.busy) return;
    this.busy = true;
    try {
      limits ??= await this.bring("python.js").catch(() => {
        throw { kind: "load", message: "python.js could not be loaded" };
      });
      ({ engine } = limits);
      while (this.wanted) await engine.inTurn(() => this.once());
    } catch (error) {
      if (engine) engine.owner = null; // whatever the worker remembers as drawn may not be on the page
      if (error.kind === "load") engine?.end(error); // a new worker may have more luck
      this.wanted = false;
      this.tell(error);
    } finally {
      this.busy = false;
    }
  }

  async once() {
    await this.load();
    if (!this.wanted) return this.state("ready"); // the sweep knows what is set by now
    this.wanted = false; // what changed while loading is in the values below
    this.state("running");
    const fresh = engine.owner !== this;
    engine.owner = this;
    const timer = setTimeout(() => engine.restart({ kind: "hung" }), limits.HARD_LIMIT);
    const started = performance.now();
    try {
      const views = this.edited === null ? (this.sweep?.views(this.touched) ?? null) : null;
      const asked = { demo: this.name, settings: this.values(), text: this.edited, views, fresh };
      const result = await engine.call("run", asked);
      this.took = performance.now() - started;
      if (fresh) this.python = [];
      if (this.known > started) engine.owner = null;
      else this.fromPython(result, started, same(asked.settings, this.values()));
    } finally {
      clearTimeout(timer);
    }
    if (this.section.dataset.state === "running") this.state("ready");
  }

  async load() {
    if (this.loadedBy && this.loadedBy === engine.worker) return;
    this.state("loading");
    const before = () => this.standing && `${this.standing} · `;
    this.remark(`${before()}Loading Python …`, true);
    const loading = `Python is loading, about ${this.megabytes} MB.`;
    this.told.textContent = loading;
    let silence;
    const listen = () => {
      clearTimeout(silence);
      silence = setTimeout(() => engine.end({ kind: "load", message: "nothing has arrived for a while" }), limits.SILENCE);
    };
    listen();
    engine.onprogress = ({ loaded, total }) => {
      listen();
      this.bar.max = total;
      this.bar.value = loaded;
      // Bytes are counted as they are unpacked, and told as they come over the wire.
      const come = ((loaded / total) * this.megabytes).toFixed(1);
      const far = loaded < total ? `Loading Python: ${come} of about ${this.megabytes} MB` : "Starting Python …";
      this.remark(`${before()}${far}`, true);
    };
    try {
      const manifest = await this.prepare();
      if (this.stopped) throw { kind: "stopped" };
      const packages = manifest.packages;
      const { machinery, modules, assets } = manifest;
      const pinned = [{ ...machinery, unpack: true }, ...modules, ...assets];
      const files = pinned.map((file) => ({ ...file, url: this.url(file) }));
      await engine.start({ runtime: this.runtime, packages, files });
      await engine.call("load", { packages, files });
      this.loadedBy = engine.worker;
    } finally {
      clearTimeout(silence);
      this.stopped = false;
      engine.onprogress = () => {};
      this.remark(this.standing);
      if (this.told.textContent === loading) this.told.textContent = ""; // also where it failed
    }
  }

  // The manifest: what Python needs to run this demo.
  async prepare() {
    this.manifest ??= fetch(this.manifestUrl, { cache: "no-cache" }).then(
      (response) => {
        if (!response.ok) throw { kind: "load", message: `${this.name}.json could not be loaded: the server answered ${response.status}` };
        return response.json();
      },
      () => {
        throw { kind: "load", message: `${this.name}.json could not be loaded: the connection failed` };
      },
    );
    this.manifest.catch(() => (this.manifest = null));
    return this.manifest;
  }

  // With a part of its sum, so that no cache hands out an older version of the file.
  url({ path, sha256 }) {
    return new URL(`${path.replace(/^demos\//, "")}?v=${sha256.slice(0, 12)}`, this.manifestUrl).href;
  }

  stop() {
    this.wanted = false;
    this.stopped = this.section.dataset.state === "loading" && !engine?.worker;
    if (engine?.up) engine.restart({ kind: "stopped" });
    else engine?.end({ kind: "stopped" });
  }

  // Shows what came out: the main picture now, the others in a while. exact: nothing else is set by now
  fromPython(result, started, exact) {
    this.trouble.hidden = true;
    this.stand("");
    this.section.toggleAttribute("data-edited", this.edited !== null);
    if (result.parameters && JSON.stringify(result.parameters) !== JSON.stringify(this.parameters)) {
      this.buildControls(result.parameters, result.settings);
    }
    this.source = "python";
    const most = Number(this.section.dataset.pictures) || result.count;
    for (const surplus of this.pictures.splice(Math.min(most, result.count))) surplus.remove();
    this.exchange(this.touched, false, () => this.redraw(0, result.picture));
    this.tellOutcome(result.summary, result.figures);
    const rest = Array.from({ length: Math.min(most, result.count) }, (_, i) => i).slice(1);
    if (rest.length) this.afterwards(() => this.drawOthers(rest));
    else this.afterwards(() => {});
    this.markLine(null);
    this.shown(exact, started);
    this.table(0);
  }

  async drawOthers(positions) {
    const pictures = await engine.inTurn(() => (engine.owner === this ? engine.call("draw", { positions }) : null));
    if (!pictures || this.source !== "python") return;
    positions.forEach((position, i) => this.redraw(position, pictures[i]));
    for (const position of positions) this.table(position);
  }

  // A picture that Python has drawn, or null where it is the same as before. Python draws into figures of its own, since
  // a sweep knows its drawings by their elements.
  redraw(position, picture) {
    if (picture) {
      const mark = `${this.section.id}-${position}-`;
      const [fresh] = safe(picture.html, mark);
      if (picture.svg != null) fresh.querySelector("svg").append(...safe(picture.svg, mark)[0].childNodes);
      if (this.python[position]?.className === fresh.className) morph(this.python[position], fresh);
      else this.python[position] = fresh;
    }
    this.place(position, this.python[position], null);
  }

  // --- the data of a picture ------------------------------------------------------------------------------------------

  unfolded(fold) {
    if (fold === this.more) this.drawRest();
    if (!fold.open || !fold.matches(".tl-data") || fold.children.length > 1) return;
    if (this.source === "python") this.table(this.pictures.findIndex((picture) => picture.contains(fold)));
    else this.run();
  }

  // An open fold gets its rows from the newest run.
  async table(position) {
    const data = this.pictures[position]?.querySelector(".tl-data");
    if (!data?.open || data.children.length > 1 || this.source !== "python") return;
    const found = await engine.inTurn(() => (engine.owner === this ? engine.call("table", { index: position }) : null)).catch(() => null);
    if (found && data.children.length === 1) data.append(...safe(found.html));
  }

  // --- trouble --------------------------------------------------------------------------------------------------------

  tell({ kind = "broken", message = "", hint = "", path = "", line = 0, own = false, code = "" }) {
    this.state("error");
    const shows = this.shownFor && same(this.values(), this.shownFor);
    this.pause();
    this.stand(shows ? "" : (this.standing || UNKNOWN).replace(VEILED, UNKNOWN).replace("not yet", "not"));
    this.veil(false);
    const place = line ? `${path}, line ${line}` : "";
    const sentence = {
      setting: message,
      failed: [this.edited === null ? "The demo failed" : "The edited demo failed", place].filter(Boolean).join(" in ") + `: ${message}`,
      slow: "The run took longer than 4 seconds and was stopped. Smaller settings may help.",
      hung: "The run did not react for 10 seconds and was ended. Python starts again in the background.",
      stopped: "Stopped.",
      load: `The demo could not be loaded: ${message}.` + (navigator.onLine ? "" : " This computer is offline."),
      broken: `Something broke in the browser's Python: ${(message || "no reason was given").replace(/\.$/, "")}.`,
    }[kind];
    const more = [];
    if (code) more.push(make("pre", {}, make("code", {}, code)));
    if (hint) more.push(make("p", {}, hint));
    if (kind !== "setting") more.push(make("p", {}, "The picture and the figures are those that were shown last."));
    const doors = make("div", { class: "tl-toolbar" });
    if (kind !== "setting") doors.append(button("Retry", () => this.retry()));
    if (own && line && this.edited !== null) doors.append(button(`Go to line ${line}`, () => this.editor.goTo(line)));
    this.trouble.replaceChildren(make("p", {}, sentence), ...more, doors);
    this.trouble.hidden = false;
    this.markLine(own ? line : null);
    for (const done of this.waiting.splice(0)) done(null);
  }

  retry() {
    this.part("run").focus();
    return this.start();
  }

  markLine(line) {
    if (this.edited !== null) this.editor?.mark(line);
  }

  // --- editing -------------------------------------------------------------------------------------------------------

  async edit() {
    try {
      const { modules } = await this.prepare();
      const file = modules.find((each) => each.path === `demos/${this.name}.py`);
      const response = await fetch(this.url(file));
      if (!response.ok) throw { kind: "load", message: `${this.name}.py: the server answered ${response.status}` };
      this.original = await response.text();
    } catch (error) {
      return this.tell(error.kind ? error : { kind: "load", message: `${this.name}.py: ${error.message}` });
    }
    const { Editor } = await this.bring("editor.js");
    this.editor = new Editor(edits.get(this.name) ?? this.original, {
      name: `demos/${this.name}.py`,
      change: (text) => edits.set(this.name, text),
      run: () => this.runEdited(),
      back: () => this.back(),
    });
    this.covered = [...this.fold.children].filter((child) => child.localName !== "summary");
    for (const child of this.covered) child.hidden = true;
    this.fold.append(this.editor.element);
    this.editor.focus();
  }

  async runEdited() {
    this.edited = this.editor.text;
    this.section.scrollIntoView({ block: "start" });
    await this.start();
  }

  async back() {
    const wasEdited = this.edited !== null;
    this.editor.element.remove();
    this.editor = this.edited = null;
    edits.delete(this.name);
    for (const child of this.covered) child.hidden = false;
    this.editButton.focus();
    if (this.parameters !== this.pageParameters) this.buildControls(this.pageParameters);
    this.section.removeAttribute("data-edited");
    this.known = undefined;
    if (wasEdited) this.follow();
  }
}
