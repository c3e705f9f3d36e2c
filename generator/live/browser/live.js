// Live demos, from the first click on: controls, messages and limits. The worker (worker.js) computes and draws.

// How many times longer than a reader a page waits for a demo. Tests set it before the page loads, since they share
// their machine with other tests; nothing in a page or a link can.
const PATIENCE = Number(globalThis.termlabPatience) || 1;
const HARD_LIMIT = 10_000 * PATIENCE; // milliseconds; a worker that is silent for longer is ended
const SILENCE = 45_000 * PATIENCE; // milliseconds without a byte while loading

// --- small tools -----------------------------------------------------------------------------------------------

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

const button = (text, onclick, attributes = {}) =>
  make("button", { type: "button", class: "tl-button", onclick, ...attributes }, text);

let uid = 0;
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

// Pictures arrive as text from code that the reader may have edited. Only what a picture needs becomes an element.
const ELEMENTS = new Set(
  ("svg g path rect line circle text tspan image defs clippath lineargradient stop title desc " +
    "figure figcaption div span p ol ul li dl dt dd table caption colgroup col thead tbody tr th td " +
    "details summary strong em b i small code br").split(" "),
);
const LINKS = /^(#|data:image\/png;base64,)/;

function safe(text) {
  const body = new DOMParser().parseFromString(text, "text/html").body;
  const mark = `tl${++uid}-`; // several drawings of one page may use the same name for a gradient
  const refers = (value) => value.replace(/url\((["']?)#/g, `url($1#${mark}`);
  for (const element of [...body.querySelectorAll("*")]) {
    if (!ELEMENTS.has(element.localName.toLowerCase())) {
      element.remove();
      continue;
    }
    for (const { name, value } of [...element.attributes]) {
      if (name.startsWith("on") || (/(href|src)$/.test(name) && !LINKS.test(value))) element.removeAttribute(name);
      else if (name === "id") element.id = mark + value;
      else if (value.includes("url(")) element.setAttribute(name, refers(value));
    }
  }
  return body.childNodes;
}

// --- the worker: one per tab, started by the first Run ---------------------------------------------------------

const engine = {
  worker: null,
  needs: null, // {runtime, packages, files}: what to start with, also after it was ended
  ready: null, // a promise while it starts and after
  up: false,
  waiting: new Map(), // id -> what to do with the answer
  owner: null, // the demo whose pictures the worker remembers
  turn: Promise.resolve(),
  onprogress() {},

  start(needs = this.needs) {
    if (this.ready) return this.ready;
    this.needs = needs;
    const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    const endThis = (reason) => this.worker === worker && this.end(reason); // and no later one
    this.worker = worker;
    worker.onmessage = ({ data }) => this.answered(data);
    worker.onerror = ({ message }) =>
      endThis(this.up ? { kind: "broken", message } : { kind: "load", message: "worker.js could not be loaded" });
    this.ready = this.call("init", { ...needs, patience: PATIENCE }).then(() => (this.up = true));
    this.ready.catch(endThis);
    return this.ready;
  },

  call(type, data) {
    const id = ++uid;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, type, ...data });
    });
  },

  answered({ id, type, ok, result, error, ...rest }) {
    if (type === "progress") return this.onprogress(rest);
    const call = this.waiting.get(id);
    this.waiting.delete(id);
    if (ok) call?.resolve(result);
    else call?.reject(error);
    if (error?.fatal) this.restart(error);
  },

  // Everybody who waits is told why.
  end(reason) {
    this.worker?.terminate();
    const calls = [...this.waiting.values()];
    this.waiting.clear();
    Object.assign(this, { worker: null, ready: null, up: false, owner: null });
    for (const call of calls) call.reject(reason);
  },

  restart(reason) {
    this.end(reason);
    this.start().catch(() => {}); // the next Run says what is wrong
  },

  // Runs of several demos on a page take turns, so that a limit counts for its own run only.
  inTurn(work) {
    const done = this.turn.then(work, work);
    this.turn = done.catch(() => {});
    return done;
  },
};

// --- one parameter ---------------------------------------------------------------------------------------------

const STEPS = 200; // of a slider that is spaced by factors

class Control {
  constructor(parameter, changed) {
    this.parameter = parameter;
    this.changed = changed;
    const { name, kind, help } = parameter;
    const id = `tl-${name}-${++uid}`;
    const label = make("label", { for: id, id: `${id}-label` }, name.replaceAll("_", " "));
    this.wrong = make("p", { class: "tl-wrong", id: `${id}-wrong`, role: "status" });
    this.inputs = this[kind === "int" ? "float" : kind](id);
    const main = this.inputs[0];
    main.id = id;
    main.name = name;
    main.setAttribute("aria-describedby", `${id}-help ${id}-wrong`);
    this.inputs[1]?.setAttribute("aria-labelledby", `${id}-label`);
    const row = make("div", { class: "tl-inputs" }, ...[...this.inputs].reverse());
    const about = make("p", { class: "tl-help", id: `${id}-help` }, help);
    this.element = make("div", { class: `tl-control tl-${kind}`, "data-name": name }, label, row, about, this.wrong);
  }

  // A number box, and a slider that is a second way to set it.
  float() {
    const { low, high, step, log, kind } = this.parameter;
    const box = make("input", { type: "number", min: low, max: high, step: log ? "any" : step });
    const ends = log ? { min: 0, max: STEPS, step: 1 } : { min: low, max: high, step };
    const slider = make("input", { type: "range", ...ends });
    const round = (value) => Math.min(high, Math.max(low, Number(kind === "int" ? Math.round(value) : value.toPrecision(3))));
    this.show = (value) => {
      if (document.activeElement !== box || Number(box.value) !== value) box.value = value;
      slider.value = log ? (STEPS * Math.log(value / low)) / Math.log(high / low) : value;
      slider.setAttribute("aria-valuetext", value);
    };
    this.read = (text) => {
      const value = text.trim() === "" ? NaN : Number(text);
      if (Number.isFinite(value) && value >= low && value <= high && (kind !== "int" || Number.isInteger(value))) return value;
      throw `${kind === "int" ? "A whole number" : "A number"} from ${low} to ${high}, please.`;
    };
    slider.addEventListener("input", () => {
      const at = Number(slider.value);
      const value = log ? round(low * (high / low) ** (at / STEPS)) : at;
      if (this.set(value)) this.changed();
    });
    box.addEventListener("input", () => this.setText(box.value) && this.changed());
    return [box, slider];
  }

  choice() {
    const { choices } = this.parameter;
    const select = make("select", {}, ...choices.map((choice, i) => make("option", { value: i }, String(choice))));
    this.show = (value) => (select.value = choices.indexOf(value));
    this.read = (text) => {
      const found = choices.find((choice) => String(choice) === text);
      if (found === undefined) throw `One of ${choices.join(", ")}, please.`;
      return found;
    };
    select.addEventListener("change", () => this.set(choices[select.value]) && this.changed());
    return [select];
  }

  bool() {
    const box = make("input", { type: "checkbox", role: "switch" });
    this.show = (value) => (box.checked = value);
    this.read = (text) => {
      if (!/^(true|false|1|0)$/i.test(text)) throw "True or false, please.";
      return /^(true|1)$/i.test(text);
    };
    box.addEventListener("change", () => this.set(box.checked) && this.changed());
    return [box];
  }

  text() {
    const limit = this.parameter.max_length;
    const box = make(limit > 80 ? "textarea" : "input", { maxlength: limit, spellcheck: "false", rows: limit > 80 && 3 });
    this.show = (value) => box.value === value || (box.value = value);
    this.read = (text) => {
      if ([...text].length > limit) throw `At most ${limit} characters, please.`;
      return text;
    };
    box.addEventListener("input", () => this.setText(box.value) && this.changed());
    return [box];
  }

  // Text that somebody typed, or that a link carries. False, and a message, where it is not possible.
  setText(text) {
    try {
      return this.set(this.read(text));
    } catch (message) {
      this.judge(message);
      return false;
    }
  }

  set(value) {
    this.value = value;
    this.show(value);
    this.judge("");
    return true;
  }

  judge(message) {
    this.wrong.textContent = message;
    if (!message) this.inputs[0].removeAttribute("aria-invalid");
    else this.inputs[0].setAttribute("aria-invalid", "true");
  }
}

// --- one demo on a page ----------------------------------------------------------------------------------------

const edits = new Map(); // demo -> edited source; it lives as long as the tab and goes nowhere

export class Demo {
  // What demo.js has put on the page: the section, its toolbar with the Run button, a place for messages, and the fold
  // with the code and its Edit button.
  constructor({ section, toolbar, trouble, run, fold, edit }) {
    Object.assign(this, { section, trouble, fold, runButton: run, editButton: edit });
    this.name = section.dataset.demo;
    this.part = (name) => section.querySelector(`.tl-${name}`);
    this.live = false;
    this.busy = false;
    this.wanted = false;
    this.edited = null; // source in use instead of the original
    this.controls = new Map();
    this.manifestUrl = new URL(section.dataset.manifest, document.baseURI).href;
    this.runtime = new URL(section.dataset.runtime, document.baseURI).href;
    this.given = JSON.parse(section.dataset.settings || "{}");
    this.stopButton = button("Stop", () => this.stop(), { hidden: true });
    this.resetButton = button("Reset", () => this.reset(), { hidden: true });
    this.linkButton = button("Copy link", () => this.copyLink(), { hidden: true });
    this.bar = make("progress", { "aria-label": "Loading Python", hidden: true });
    this.note = make("span", { class: "tl-say" });
    toolbar.append(this.stopButton, this.resetButton, this.linkButton, this.bar, this.note);
  }

  state(name) {
    this.section.dataset.state = name;
    this.stopButton.hidden = name !== "loading" && name !== "running";
    this.bar.hidden = name !== "loading";
    this.section.setAttribute("aria-busy", String(name === "loading" || name === "running"));
  }

  say(text) {
    this.note.textContent = text;
  }

  // Manifest and controls; what a link with settings needs, and nothing of the runtime.
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
    const manifest = await this.manifest;
    if (!this.controls.size) this.buildControls(manifest.parameters);
    return manifest;
  }

  // --- controls --------------------------------------------------------------------------------------------------

  buildControls(parameters, keep = {}) {
    this.parameters = parameters;
    this.defaults = Object.fromEntries(parameters.map((p) => [p.name, this.given[p.name] ?? p.default]));
    this.controls.clear();
    for (const parameter of parameters) this.controls.set(parameter.name, new Control(parameter, () => this.changed()));
    this.part("controls").replaceChildren(...[...this.controls.values()].map((control) => control.element));
    for (const [name, control] of this.controls) control.set(name in keep ? keep[name] : this.defaults[name]);
    this.resetButton.hidden = this.linkButton.hidden = !parameters.length;
    this.showCommand();
  }

  values() {
    return Object.fromEntries([...this.controls].map(([name, control]) => [name, control.value]));
  }

  changed() {
    this.showCommand();
    if (this.live) this.run();
  }

  reset() {
    for (const [name, control] of this.controls) control.set(this.defaults[name]);
    this.changed();
  }

  unlike(defaults) {
    return [...this.controls].map(([name, { value }]) => [name, value]).filter(([name, value]) => value !== defaults(name));
  }

  showCommand() {
    const own = Object.fromEntries(this.parameters.map((p) => [p.name, p.default]));
    const options = this.unlike((name) => own[name]).map(([name, value]) => {
      const option = name.replaceAll("_", "-");
      if (typeof value === "boolean") return value ? `--${option}` : `--no-${option}`;
      const word = String(value);
      return `--${option}=` + (/^[\w.,:+-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
    });
    const code = this.section.querySelector(".tl-command code");
    if (code) code.textContent = ["python -m demos", this.name, ...options].join(" ");
  }

  link() {
    const url = new URL(location.href);
    url.search = new URLSearchParams(this.unlike((name) => this.defaults[name]).map(([k, v]) => [k, String(v)]));
    url.hash = this.section.id;
    return url.href;
  }

  async copyLink() {
    try {
      await navigator.clipboard.writeText(this.link());
      this.say("The link is copied. It opens this page with these settings.");
    } catch {
      const box = make("input", { readonly: true, value: this.link(), "aria-label": "Link with these settings" });
      this.note.replaceChildren("Copy this link: ", box);
      box.select();
    }
  }

  // A link fills the controls in. It runs nothing, and it cannot carry code.
  async openLink() {
    const asked = new URLSearchParams(location.search);
    try {
      await this.prepare();
    } catch {
      return; // Run says what is wrong
    }
    const refused = [];
    let filled = 0;
    for (const [name, control] of this.controls) {
      if (!asked.has(name)) continue;
      if (control.setText(asked.get(name))) {
        filled++;
      } else {
        refused.push(`${name}=${asked.get(name).slice(0, 40)}`);
        control.set(this.defaults[name]);
      }
    }
    this.showCommand();
    const from = filled ? "These settings come from the link. Press Run to see them." : "";
    const without = refused.length ? `The link asks for ${refused.join(", ")}, which is not possible here.` : "";
    this.say(`${from} ${without}`.trim());
  }

  // --- running: one at a time, and the latest wins ------------------------------------------------------------------

  async start() {
    this.live = true;
    this.trouble.hidden = true;
    await this.run();
  }

  async run() {
    this.wanted = true;
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.wanted) {
        this.wanted = false;
        await engine.inTurn(() => this.once());
      }
    } catch (error) {
      engine.owner = null; // whatever the worker remembers as drawn may not be on the page
      if (error.kind === "load") engine.end(error); // a new worker may have more luck
      this.wanted = false;
      this.tell(error);
    } finally {
      this.busy = false;
    }
  }

  async once() {
    await this.load();
    this.wanted = false; // what changed while loading is in the values below
    this.state("running");
    const fresh = engine.owner !== this;
    engine.owner = this;
    const timer = setTimeout(() => engine.restart({ kind: "hung" }), HARD_LIMIT);
    const started = performance.now();
    try {
      const most = Number(this.section.dataset.pictures) || null;
      const asked = { demo: this.name, settings: this.values(), text: this.edited, most, fresh };
      this.show(await engine.call("run", asked), started);
    } finally {
      clearTimeout(timer);
    }
  }

  async load() {
    if (this.loadedBy && this.loadedBy === engine.worker) return;
    this.state("loading");
    this.say("Loading Python …");
    let silence;
    const listen = () => {
      clearTimeout(silence);
      silence = setTimeout(() => engine.end({ kind: "load", message: "nothing has arrived for a while" }), SILENCE);
    };
    listen();
    engine.onprogress = ({ loaded, total }) => {
      listen();
      this.bar.max = total;
      this.bar.value = loaded;
      this.say(loaded < total ? `Loading Python: ${megabytes(loaded)} of ${megabytes(total)} MB` : "Starting Python …");
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
      this.bar.hidden = true;
      this.say("");
    }
  }

  // With a part of its sum, so that no cache hands out an older version of the file.
  url({ path, sha256 }) {
    return new URL(`${path.replace(/^demos\//, "")}?v=${sha256.slice(0, 12)}`, this.manifestUrl).href;
  }

  stop() {
    this.wanted = false;
    this.stopped = this.section.dataset.state === "loading" && !engine.worker;
    if (engine.up) engine.restart({ kind: "stopped" });
    else engine.end({ kind: "stopped" });
  }

  // --- showing -----------------------------------------------------------------------------------------------------

  show(result, started) {
    this.state("ready");
    this.trouble.hidden = true;
    this.section.toggleAttribute("data-edited", this.edited !== null);
    if (result.parameters && JSON.stringify(result.parameters) !== JSON.stringify(this.parameters)) {
      this.buildControls(result.parameters, result.settings);
    }
    const stage = this.part("stage");
    result.views.forEach((view, i) => {
      if (!view) return;
      const picture = this.picture(view, i);
      if (i < stage.children.length) stage.children[i].replaceWith(picture);
      else stage.append(picture);
    });
    while (stage.children.length > result.views.length) stage.lastElementChild.remove();
    this.part("numbers")?.replaceChildren(
      ...result.figures.map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", {}, text))),
    );
    this.announce(result.summary);
    this.markLine(null);
    const detail = { milliseconds: performance.now() - started, drawn: result.views.filter(Boolean).length };
    this.section.dispatchEvent(new CustomEvent("termlab:drawn", { bubbles: true, detail }));
  }

  // A screen reader hears where a drag ends, not every step of it.
  announce(text) {
    clearTimeout(this.announcing);
    this.announcing = setTimeout(() => (this.part("outcome").textContent = text), 150);
  }

  tell({ kind = "broken", message = "", hint = "", path = "", line = 0, own = false, code = "" }) {
    this.state("error");
    this.say("");
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
    if (kind !== "setting") more.push(make("p", {}, "The picture and the figures are those of the last run that finished."));
    const doors = make("div", { class: "tl-toolbar" });
    if (kind !== "setting") doors.append(button("Retry", () => this.retry()));
    if (own && line && this.edited !== null) doors.append(button(`Go to line ${line}`, () => this.editor.goTo(line)));
    this.trouble.replaceChildren(make("p", {}, sentence), ...more, doors);
    this.trouble.hidden = false;
    this.markLine(own ? line : null);
  }

  retry() {
    this.runButton.focus();
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
    const { Editor } = await import(new URL("editor.js", import.meta.url).href);
    this.editor = new Editor(edits.get(this.name) ?? this.original, {
      name: `demos/${this.name}.py`,
      change: (text) => edits.set(this.name, text),
      run: () => this.runEdited(),
      back: () => this.back(),
    });
    this.hidden = [...this.fold.children].filter((child) => child.localName !== "summary");
    for (const child of this.hidden) child.hidden = true;
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
    for (const child of this.hidden) child.hidden = false;
    this.editButton.focus();
    const { parameters } = await this.prepare();
    if (JSON.stringify(parameters) !== JSON.stringify(this.parameters)) this.buildControls(parameters);
    if (wasEdited) await this.start();
  }

  // --- pictures: made by the same Python as those of the static page, but for what Vega-Lite draws ------------------

  picture({ html, svg }, position) {
    const [figure] = safe(html);
    if (svg == null) return figure;
    const [drawing] = safe(svg);
    figure.querySelector("svg").append(...drawing.childNodes);
    const data = figure.querySelector(".tl-data");
    data.addEventListener("toggle", () => data.open && this.table(position, data));
    // An open one asks for the new rows.
    data.open = this.part("stage").children[position]?.querySelector(".tl-data")?.open ?? false;
    return figure;
  }

  async table(index, data) {
    if (data.querySelector("table") || engine.owner !== this) return;
    const { html } = await engine.inTurn(() => engine.call("table", { index }));
    data.append(...safe(html));
  }
}
