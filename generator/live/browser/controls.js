// The controls of a demo: those in the page are adopted, and made anew where edited code changes what can be set.

import { read } from "./points.js";

const STEPS = 200; // of a slider that is spaced by factors; lessons/positions.py has the same number
const LONG = 80; // characters from which a text gets more than one line

const FOLDS = { points: "Move the points", pixels: "Draw" };

let uid = 0;

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export class Control {
  // element: the control as the page has it, or nothing: then it is the one at that place, from 1; changed(control) is
  // called when the reader has set another value.
  constructor(parameter, element, changed, place = 1) {
    this.parameter = parameter;
    this.name = parameter.name;
    this.kind = parameter.kind === "int" ? "float" : parameter.kind;
    this.element = element ?? this.build(place);
    this.slider = this.element.querySelector('input[type="range"]');
    this.box = this.element.querySelector("[name]"); // the number box, the choices, the switch or the text
    this.wrong = this.element.querySelector(".tl-wrong");
    this.listen(() => changed(this));
    const fold = this.element.querySelector(".tl-hand");
    const open = () => this.open(fold, () => changed(this));
    if (fold?.open) open(); // while this script was on its way
    else fold?.addEventListener("toggle", open, { once: true });
    this.begin();
    const now = () => {
      for (const each of this.element.parentNode?.children ?? []) each.classList.toggle("tl-now", each === this.element);
    };
    for (const touched of ["pointerdown", "focusin"]) this.element.addEventListener(touched, now);
  }

  // What was written while this script was on its way, and can not be, is told like all else that somebody writes.
  begin() {
    const written = this.box.value;
    const found = this.found();
    if (this.kind !== "float" && this.kind !== "text") return void this.set(found);
    this.set(this.kind === "text" ? this.box.defaultValue : Number(this.box.defaultValue));
    if (!this.setText(String(found))) this.box.value = written;
  }

  // The same elements as the macro `control` of templates/parts.html.j2 writes.
  build(place) {
    const { name, kind, low, high, step, log, choices = [], help, max_length: most, label, play } = this.parameter;
    const me = `tl-${++uid}-${name}`;
    const box = { id: me, name, "aria-describedby": `${me}-help ${me}-wrong`, autocomplete: "off" };
    const ends = log ? { min: 0, max: STEPS, step: 1 } : { min: low, max: high, step };
    const inputs = {
      float: () => [
        make("input", { type: "range", ...ends, "aria-labelledby": `${me}-label`, autocomplete: "off" }),
        make("input", { type: "number", min: low, max: high, step: log ? "any" : step, ...box }),
      ],
      choice: () => [make("select", box, ...choices.map((choice, i) => make("option", { value: i }, String(choice))))],
      bool: () => [make("input", { type: "checkbox", role: "switch", ...box })],
      points: () => this.held(box, "1,2 3,4"),
      pixels: () => this.held(box, "0099 0990"),
      text: () => [make(most > LONG ? "textarea" : "input", { spellcheck: "false", rows: most > LONG && 3, ...box })],
    }[this.kind]();
    const longest = this.kind === "float" ? `; --chars: ${Math.max(String(low).length, String(high).length)}` : "";
    return make(
      "div",
      { class: `tl-control tl-${kind}`, "data-name": name, style: `--n: ${place}${longest}`, "data-play": Boolean(play) },
      make("label", { for: me, id: `${me}-label` }, label || name.replaceAll("_", " ")),
      make("div", { class: "tl-inputs" }, ...inputs),
      make("p", { class: "tl-help", id: `${me}-help` }, help),
      make("p", { class: "tl-wrong", id: `${me}-wrong`, role: "status" }),
    );
  }

  // A box for the text of points or a drawing, and a fold, which is filled when it is opened; see hand.js.
  held(box, placeholder) {
    const fold = make("details", { class: "tl-hand" }, make("summary", {}, FOLDS[this.kind]));
    return [make("input", { spellcheck: "false", placeholder, ...box }), fold];
  }

  open(fold, changed) {
    import(new URL("hand.js", import.meta.url).href).then(
      ({ take }) => take(this, fold, changed),
      () => this.judge("A script could not be loaded: write into the box instead."),
    );
  }

  listen(changed) {
    const { box, slider } = this;
    slider?.addEventListener("input", () => this.set(this.slid(Number(slider.value))) && changed());
    if (this.kind === "choice") box.addEventListener("change", () => this.set(this.parameter.choices[box.value]) && changed());
    else if (this.kind === "bool") box.addEventListener("change", () => this.set(box.checked) && changed());
    else box.addEventListener("input", () => this.setText(box.value) && changed());
  }

  // What the elements say now: the page's own setting, or what somebody has set while this script was on its way.
  found() {
    const { box, slider, parameter } = this;
    if (this.kind === "choice") return parameter.choices[box.value];
    if (this.kind === "bool") return box.checked;
    if (this.kind === "text") return box.value;
    if (this.kind in FOLDS) return this.typed() ?? "";
    const moved = slider.value !== slider.defaultValue && box.value === box.defaultValue;
    return moved ? this.slid(Number(slider.value)) : Number(box.value);
  }

  // What the box says of points or a drawing, or null where it says nothing that can be set.
  typed() {
    try {
      return read(this.box.value, this.parameter);
    } catch {
      return null;
    }
  }

  // A place of the slider as a value.
  slid(at) {
    const { low, high, log, kind } = this.parameter;
    if (!log) return at;
    const value = low * (high / low) ** (at / STEPS);
    return Math.min(high, Math.max(low, Number(kind === "int" ? Math.round(value) : value.toPrecision(3))));
  }

  // A value as a place of the slider, which need not be one where the slider can stand.
  place(value) {
    const { low, high, log } = this.parameter;
    return log ? (STEPS * Math.log(value / low)) / Math.log(high / low) : value;
  }

  show(value) {
    const { box, slider } = this;
    if (this.kind === "choice") box.value = this.parameter.choices.indexOf(value);
    else if (this.kind === "bool") box.checked = value;
    else if (this.kind === "text") box.value === value || (box.value = value);
    else if (this.kind in FOLDS) (document.activeElement === box && this.typed() === value) || (box.value = value);
    else {
      if (document.activeElement !== box || Number(box.value) !== value) box.value = value;
      slider.value = this.place(value);
      slider.setAttribute("aria-valuetext", value);
    }
  }

  // A text as a value. Throws a sentence where it is none that can be set.
  read(text) {
    const { low, high, kind, choices, max_length: most } = this.parameter;
    if (this.kind === "choice") {
      const found = choices.find((choice) => String(choice) === text);
      if (found === undefined) throw `One of ${choices.join(", ")}, please.`;
      return found;
    }
    if (this.kind === "bool") {
      if (!/^(true|false|1|0)$/i.test(text)) throw "True or false, please.";
      return /^(true|1)$/i.test(text);
    }
    if (this.kind === "text") {
      // Characters as Python counts them. The attribute maxlength would count an emoji as two.
      const { length } = [...text];
      if (length > most) throw `At most ${most} characters, please, and not ${length}.`;
      return text;
    }
    if (this.kind in FOLDS) return read(text, this.parameter);
    const value = text.trim() === "" ? NaN : Number(text);
    if (Number.isFinite(value) && value >= low && value <= high && (kind !== "int" || Number.isInteger(value))) return value;
    throw `${kind === "int" ? "A whole number" : "A number"} from ${low} to ${high}, please.`;
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

  get judged() {
    return this.wrong.textContent !== "";
  }

  judge(message) {
    this.wrong.textContent = message;
    if (!message) this.box.removeAttribute("aria-invalid");
    else this.box.setAttribute("aria-invalid", "true");
  }
}
