// What one slider shows at each of its positions, computed and drawn by the build: a demo answers without Python.
//
// The file of a demo holds, for one setting after the other with the others as the page has them, one drawing of each
// picture and of every position only what differs from it. See generator/lessons/sweeps.py.

import { allowed, piece, safe } from "./drawing.js";

// The theme puts two boxes of its own around each table of a page.
const OURS = ":not(.md-typeset__scrollwrap, .md-typeset__table)";

export class Sweep {
  // Fetches the file of a demo. Throws a sentence where it is missing, damaged, or not made for this page; {message, again}
  // where it may be there the next time.
  // own: the page's own settings; figures: the pictures in the page, as they came with it; edition: of the way that the
  // file is written; a page that says none takes any
  static async load(url, { demo, own, figures, edition }) {
    let response;
    try {
      response = await fetch(url);
    } catch {
      throw { message: "the connection failed", again: true };
    }
    if (!response.ok) throw { message: `the server answered ${response.status}`, again: response.status >= 500 };
    const bytes = await response.arrayBuffer();
    const expected = /-([0-9a-f]{12})\.json$/.exec(new URL(url).pathname)?.[1];
    if (expected && crypto.subtle) {
      const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
      const found = Array.from(sum.subarray(0, 6), (byte) => byte.toString(16).padStart(2, "0")).join("");
      if (found !== expected) throw "it is damaged";
    }
    let other = false;
    try {
      const data = JSON.parse(new TextDecoder().decode(bytes));
      other = edition !== undefined && String(data.edition ?? "") !== edition;
      const same = data.demo === demo && Object.keys(own).every((name) => data.settings[name] === own[name]);
      const whole = Object.values(data.sweeps).every(
        ({ at, own: index, states, base, views }) => at.length === states.length && states[index] && base && views,
      );
      if (same && whole && !other) return new Sweep(data.sweeps, figures);
    } catch {
      throw other ? "it is of another edition" : "it is damaged";
    }
    if (other) throw "it is of another edition";
    throw "it belongs to another version of this page";
  }

  constructor(sweeps, figures) {
    this.sweeps = sweeps;
    this.figures = figures.map((figure) => ({ figure, off: new Map(), nodes: null }));
    this.drawn = new Map(); // picture and HTML -> a drawing of it: {figure, nodes, off}
  }

  // The position nearest to a value: {index, value, exact}, or null where this setting has none.
  spot(name, value) {
    const sweep = this.sweeps[name];
    if (!sweep) return null;
    const known = sweep.at.map((at, index) => ({ at, index })).filter(({ index }) => sweep.states[index]);
    if (typeof value !== "number" || typeof sweep.at[0] !== "number") {
      const found = known.find(({ at }) => at === value);
      return found ? { index: found.index, value, exact: true } : null;
    }
    const far = (at) => Math.abs(at - value);
    const { at, index } = known.reduce((best, each) => (far(each.at) < far(best.at) ? each : best));
    return { index, value: at, exact: far(at) <= 1e-9 * Math.max(1, Math.abs(value)) };
  }

  // What an experiment sets with more than one control: {name, index, exact}, or null where none sets this.
  // off: [[name, value], …], all that is unlike the page's settings
  aside(off) {
    for (const [name, { at, states }] of Object.entries(this.sweeps)) {
      if (!name.startsWith("#")) continue;
      const asked = (change) => off.length === Object.keys(change).length && off.every(([each, value]) => change[each] === value);
      const index = at.findIndex((change, i) => states[i] && asked(change));
      if (index >= 0) return { name, index, exact: true };
    }
    return null;
  }

  // Whether the axes of a picture stay as they are over the whole slider.
  isFixed(name, picture) {
    return Boolean(this.sweeps[name]?.views[picture]);
  }

  views(name) {
    return this.sweeps[name]?.views ?? null;
  }

  positions(name) {
    return this.sweeps[name]?.at ?? [];
  }

  // What a position says: its sentence and its figures, where they differ from the page's own.
  said(name, index) {
    return this.sweeps[name].states[index];
  }

  // The figure element of a picture at a position, with everything set as it is there.
  picture(name, index, picture) {
    const sweep = this.sweeps[name];
    const state = sweep.states[index];
    const html = state.html?.[picture];
    if (html != null) return this.drawing(picture, html).figure;
    const drawing = sweep.base[picture] ? this.drawing(picture, sweep.base[picture]) : this.figures[picture];
    if (!drawing) throw "a picture is missing";
    this.apply(drawing, (state.sorted ??= this.sort(state.ops))[picture] ?? []);
    return drawing.figure;
  }

  // A picture as it came with the page.
  asCame(picture) {
    this.apply(this.figures[picture], []);
    return this.figures[picture].figure;
  }

  drawing(picture, html) {
    const key = `${picture} ${html}`;
    if (!this.drawn.has(key)) this.drawn.set(key, { figure: safe(html)[0], off: new Map(), nodes: null });
    return this.drawn.get(key);
  }

  // ops: [[picture, node, attribute, value], …] -> by picture
  sort(ops) {
    const sorted = [];
    for (const [picture, node, name, value] of ops) {
      if (allowed(name, value ?? "")) (sorted[picture] ??= []).push([node, name, value, `${node} ${name}`]);
    }
    return sorted;
  }

  // Does what makes a position of the drawing, and takes back what made the one before.
  apply(drawing, ops) {
    drawing.nodes ??= [drawing.figure, ...drawing.figure.querySelectorAll(OURS)];
    const { nodes, off } = drawing;
    const wanted = new Map(ops.map((op) => [op[3], op]));
    for (const [key, [node, name, value, back]] of [...off].reverse()) {
      const next = wanted.get(key);
      if (next && (name in STRUCTURE ? next[2] === value : true)) continue;
      back ? back() : write(node, name, value);
      off.delete(key);
    }
    for (const [index, name, value, key] of ops) {
      const node = nodes[index];
      if (!node) throw "a picture has changed";
      if (name in STRUCTURE) {
        if (!off.has(key)) off.set(key, [node, name, value, STRUCTURE[name](node, value)]);
        continue;
      }
      if (!off.has(key)) off.set(key, [node, name, read(node, name)]);
      write(node, name, value);
    }
  }
}

// Changes of what a drawing is made of; each gives back what undoes it. See generator/lessons/differences.py.
const STRUCTURE = {
  "-"(node) {
    const place = document.createComment("");
    node.replaceWith(place);
    return () => place.replaceWith(node);
  },
  "+"(node, html) {
    const come = piece(html, node.parentNode);
    node.after(...come);
    return () => come.forEach((each) => each.remove());
  },
  "*"(node, html) {
    const gone = [...node.childNodes];
    node.replaceChildren(...piece(html, node));
    return () => node.replaceChildren(...gone);
  },
};

const read = (node, name) => (name ? node.getAttribute(name) : node.textContent);

function write(node, name, value) {
  if (read(node, name) === value) return;
  if (!name) node.textContent = value;
  else if (value === null) node.removeAttribute(name);
  else if (name === "xlink:href") node.setAttributeNS("http://www.w3.org/1999/xlink", name, value);
  else node.setAttribute(name, value);
}
