// What a reader holds in the hand: a table of points with handles on the main picture, and a small drawing.
//
// Loaded when the fold of such a control is opened for the first time. As long as the fold is open, points can be dragged,
// added and removed on the picture; the table beside does the same for the keyboard. Each change is a text that the
// control takes (points.js), so what is set, the link and Python see no difference.

import { make } from "./controls.js";
import { pointsIn, textOf, two } from "./points.js";

const SVG = "http://www.w3.org/2000/svg";
const STILL = 5; // pixels of the screen that a click may move

const svg = (tag, attributes) => {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};

// control: a Control; fold: its <details>; changed(): the reader has set another value.
export const take = (control, fold, changed) => new (control.kind === "points" ? Points : Pixels)(control, fold, changed);

class Hand {
  constructor(control, fold, changed) {
    Object.assign(this, { control, fold, changed, parameter: control.parameter });
  }

  // False where the control refuses it, which it says itself.
  put(text) {
    if (!this.control.setText(text)) return false;
    this.changed();
    return true;
  }
}

class Points extends Hand {
  constructor(...parts) {
    super(...parts);
    this.section = this.fold.closest(".tl-demo");
    this.stage = this.section.querySelector(".tl-main");
    this.groups = this.parameter.groups > 1 ? Array.from({ length: this.parameter.groups }, (_, i) => i) : null;
    this.build();
    this.sheet = svg("svg", { class: "tl-handles", "aria-hidden": "true" });
    const again = () => this.drag || this.place();
    this.section.addEventListener("termlab:shown", () => this.come());
    this.fold.addEventListener("toggle", () => this.come());
    this.watch = new ResizeObserver(again); // also of the drawing, which other fonts and longer words make smaller
    this.watch.observe(this.stage);
    this.stage.addEventListener("scroll", again, true);
    this.come();
  }

  // --- the table --------------------------------------------------------------------------------------------------

  build() {
    const button = (text, onclick) => make("button", { type: "button", class: "tl-button", onclick }, text);
    const adds = this.groups?.map((group) => make("option", { value: group }, `adds to group ${group}`)) ?? [make("option", { value: 0 }, "adds a point")];
    this.click = make("select", { "aria-label": "A click on the picture" }, ...adds, make("option", { value: "remove" }, "removes a point"));
    const heads = ["x", "y", ...(this.groups ? ["group"] : []), ""].map((head) => make("th", { scope: "col" }, head));
    this.rows = make("tbody");
    this.fold.append(
      make("p", {}, "Drag the points on the picture. A click there "),
      this.click,
      make("div", { class: "tl-points-table" }, make("table", { class: "tl-points-rows" }, make("thead", {}, make("tr", {}, ...heads)), this.rows)),
      make("div", { class: "tl-toolbar" }, button("Add a point", () => this.add()), button("Take those shown", () => this.takeShown()), button("Give back", () => this.put("") && this.come())),
    );
  }

  // What the table says becomes what is set.
  read() {
    const rows = [...this.rows.children].map((row) => [...row.querySelectorAll("input, select")].map((each) => each.value || "?").join(","));
    this.put(rows.join(" "));
  }

  row(point, number) {
    const { x, y } = this.parameter;
    const input = (value, [min, max], name) =>
      make("input", { type: "number", min, max, step: 0.01, value, "aria-label": `${name} of point ${number}`, autocomplete: "off", oninput: () => this.read() });
    const cells = [input(point[0], x, "x"), input(point[1], y, "y")];
    if (this.groups) {
      const choices = this.groups.map((group) => make("option", { value: group, selected: group === point[2] }, String(group)));
      cells.push(make("select", { "aria-label": `group of point ${number}`, onchange: () => this.read() }, ...choices));
    }
    cells.push(make("button", { type: "button", "aria-label": `Remove point ${number}`, onclick: () => this.remove(number - 1) }, "×"));
    return make("tr", {}, ...cells.map((cell) => make("td", {}, cell)));
  }

  // The table shows what is set, unless the reader is writing in it.
  tabulate() {
    const { value } = this.control;
    if (this.tabled === value || (this.rows.contains(document.activeElement) && document.activeElement.localName === "input")) return;
    this.tabled = value;
    this.rows.replaceChildren(...pointsIn(value).map((point, i) => this.row(point, i + 1)));
  }

  // A new point in the middle, for the table to set. The demo's own points go, unless they were taken before.
  add() {
    const { x, y } = this.parameter;
    const middle = [x, y].map(([low, high]) => two((low + high) / 2));
    if (!this.put(textOf([...pointsIn(this.control.value), [...middle, ...(this.groups ? [0] : [])]]))) return;
    this.come();
    this.rows.lastElementChild.querySelector("input").focus();
  }

  remove(index) {
    document.activeElement.blur();
    this.put(textOf(this.points().toSpliced(index, 1)));
    this.come();
    (this.rows.children[Math.min(index, this.rows.children.length - 1)]?.querySelector("button") ?? this.click).focus({ preventScroll: true });
  }

  takeShown() {
    const points = this.shown();
    if (!points.length) return this.control.judge("The picture shows no points that could be taken.");
    if (this.put(textOf(points))) this.come();
  }

  // --- the picture ------------------------------------------------------------------------------------------------

  // What is set, or else the points that the picture shows.
  points() {
    return this.control.value ? pointsIn(this.control.value) : this.shown();
  }

  // Where the plot of the main picture lies in its drawing, and what its axes say; null where it has no such axes.
  frame() {
    const drawing = this.stage.querySelector(".tl-svg");
    const [left, top, width, height, ...ends] = (drawing?.dataset.plot ?? "").split(" ").map(Number);
    return ends.length === 4 ? { drawing, left, top, width, height, x: ends.slice(0, 2), y: ends.slice(2) } : null;
  }

  // The points that the picture itself shows, read from its signs: one look, one group.
  shown() {
    const frame = this.frame();
    if (!frame) return [];
    const inside = frame.drawing.getScreenCTM().inverse();
    const looks = new Map();
    for (const sign of frame.drawing.querySelectorAll("path[transform][fill]")) {
      if (sign.closest(".tl-ghost")) continue;
      const { e, f } = inside.multiply(sign.getScreenCTM());
      const { left, top, width, height } = frame;
      if (e < left - 1 || e > left + width + 1 || f < top - 1 || f > top + height + 1) continue; // of the legend
      const look = sign.getAttribute("fill");
      if (!looks.has(look)) looks.set(look, []);
      looks.get(look).push(this.valueAt(frame, e, f));
    }
    if (looks.size !== (this.groups?.length ?? 1)) return [];
    return [...looks.values()].flatMap((points, group) => points.map((point) => (this.groups ? [...point, group] : point)));
  }

  // A place of the drawing as a point within its bounds, and back.
  valueAt({ left, top, width, height, x, y }, across, down) {
    const at = [x[0] + ((across - left) / width) * (x[1] - x[0]), y[1] - ((down - top) / height) * (y[1] - y[0])];
    return [this.parameter.x, this.parameter.y].map(([low, high], axis) => two(Math.min(high, Math.max(low, at[axis]))));
  }

  placeOf({ left, top, width, height, x, y }, point) {
    return [left + ((point[0] - x[0]) / (x[1] - x[0])) * width, top + ((y[1] - point[1]) / (y[1] - y[0])) * height];
  }

  // Table and handles follow what is set and shown, as long as the fold is open and in the page.
  come() {
    if (!this.fold.isConnected || !this.fold.open) return void this.sheet.remove();
    this.tabulate();
    if (!this.drag) this.place();
  }

  place() {
    const frame = this.fold.open && this.fold.isConnected ? this.frame() : null;
    if (!frame) return void this.sheet.remove();
    this.watch.observe(frame.drawing);
    const at = frame.drawing.getBoundingClientRect();
    const around = this.stage.getBoundingClientRect();
    const { scrollLeft, scrollTop, clientLeft, clientTop } = this.stage;
    const place = { left: at.left - around.left - clientLeft + scrollLeft, top: at.top - around.top - clientTop + scrollTop, width: at.width, height: at.height };
    for (const [name, value] of Object.entries(place)) this.sheet.style[name] = `${value}px`;
    this.sheet.setAttribute("viewBox", frame.drawing.getAttribute("viewBox"));
    const { left: x, top: y, width, height } = frame;
    const ground = svg("rect", { x, y, width, height });
    ground.addEventListener("click", (event) => this.clicked(event, frame));
    this.sheet.replaceChildren(ground, ...this.points().map((point, i) => this.handle(point, i, frame)));
    if (this.sheet.parentNode !== this.stage) this.stage.append(this.sheet);
  }

  spot(event) {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.sheet.getScreenCTM().inverse());
    return [x, y];
  }

  clicked(event, frame) {
    if (this.click.value === "remove") return;
    const point = this.valueAt(frame, ...this.spot(event));
    const all = this.points();
    this.put(textOf([...all, this.groups ? [...point, Number(this.click.value)] : point]));
    this.come();
  }

  handle(point, index, frame) {
    const [cx, cy] = this.placeOf(frame, point);
    const handle = svg("circle", { cx, cy, r: 9 });
    handle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false }); // or the page scrolls
    handle.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      event.preventDefault();
      handle.setPointerCapture(event.pointerId);
      this.drag = { points: this.points(), from: [event.clientX, event.clientY], moved: false };
    });
    handle.addEventListener("pointermove", (event) => {
      if (!this.drag) return;
      const [x, y] = this.drag.from;
      this.drag.moved ||= Math.hypot(event.clientX - x, event.clientY - y) > STILL;
      if (!this.drag.moved) return;
      const value = this.valueAt(frame, ...this.spot(event));
      const { points } = this.drag;
      points[index] = [...value, ...points[index].slice(2)];
      const [left, top] = this.placeOf(frame, value);
      handle.setAttribute("cx", left);
      handle.setAttribute("cy", top);
      const text = textOf(points);
      if (text !== this.control.value) this.put(text);
    });
    const end = () => {
      const still = this.drag && !this.drag.moved;
      this.drag = null;
      if (still && this.click.value === "remove") this.put(textOf(this.points().toSpliced(index, 1)));
      this.come();
    };
    handle.addEventListener("pointerup", end);
    handle.addEventListener("pointercancel", () => {
      if (this.drag) this.drag.moved = true;
      end();
    });
    return handle;
  }
}

class Pixels extends Hand {
  constructor(...parts) {
    super(...parts);
    const [rows, columns] = this.parameter.size;
    this.cells = Array.from({ length: rows * columns }, () => make("i"));
    const board = make("div", { class: "tl-board", style: `--columns: ${columns}`, "aria-hidden": "true" }, ...this.cells);
    const clear = make("button", { type: "button", class: "tl-button", onclick: () => this.put("") && this.show() }, "Clear");
    this.fold.append(board, make("div", { class: "tl-toolbar" }, clear));
    let ink = null; // what the pen leaves, while it is down: a cell that is set is rubbed out
    const draw = (event) => {
      const index = this.cells.indexOf(document.elementFromPoint(event.clientX, event.clientY));
      if (ink === null || index < 0) return;
      const digits = this.digits();
      if (digits[index] === ink) return;
      digits[index] = ink;
      this.put(Array.from({ length: rows }, (_, row) => digits.slice(row * columns, (row + 1) * columns).join("")).join(" "));
      this.show();
    };
    board.addEventListener("pointerdown", (event) => {
      const index = this.cells.indexOf(event.target);
      if (event.button || index < 0) return;
      event.preventDefault();
      board.setPointerCapture(event.pointerId);
      ink = this.digits()[index] === "0" ? "9" : "0";
      draw(event);
    });
    board.addEventListener("pointermove", draw);
    for (const type of ["pointerup", "pointercancel"]) board.addEventListener(type, () => (ink = null));
    this.fold.closest(".tl-demo").addEventListener("termlab:shown", () => this.show());
    this.show();
  }

  digits() {
    const all = this.control.value.replaceAll(" ", "");
    return [...(all || "0".repeat(this.cells.length))];
  }

  show() {
    this.digits().forEach((digit, i) => this.cells[i].style.setProperty("--ink", digit / 9));
  }
}
