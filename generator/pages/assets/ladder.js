// The matrix of terms lights what a term stands on and what it carries, and finds the shortest way between two of them.
// Without this file it is a list. What each term directly stands on is in the page, the rest is worked out here.

// Everything that can be reached from a place, nearest first -> place: how many steps away.
export function reach(place, nextTo) {
  const far = new Map([[place, 0]]);
  for (const at of far.keys()) for (const other of nextTo[at]) if (!far.has(other)) far.set(other, far.get(at) + 1);
  far.delete(place);
  return far;
}

// The shortest list that ends with `to` and names nothing before all it stands on, for who knows `from` and whatever
// that stands on. from: -1 for nothing. -> places in the order in which to read them
export function readingList(from, to, below) {
  const known = new Set(from < 0 ? [] : [from, ...reach(from, below).keys()]);
  const list = [];
  const waiting = [[to, 0]];
  while (waiting.length) {
    const top = waiting.at(-1);
    const [place, next] = top;
    if (known.has(place)) waiting.pop();
    else if (next < below[place].length) {
      top[1] += 1;
      waiting.push([below[place][next], 0]);
    } else {
      known.add(place);
      list.push(place);
      waiting.pop();
    }
  }
  return list;
}

export function spokenMinutes(minutes) {
  const hours = Math.round(minutes / 30) / 2;
  if (minutes < 90) return `about ${minutes} minute${minutes === 1 ? "" : "s"}`;
  return `about ${Math.floor(hours) || ""}${hours % 1 ? "½" : ""} hours`;
}

/** What to say where an address names terms that are not here. */
export function unknownTerms(slugs) {
  const named = slugs.map((slug) => `“${[...slug].length > 40 ? `${[...slug].slice(0, 40).join("")}…` : slug}”`);
  const is = named.length > 1 ? "neither of which is the name of a term here" : "which is not the name of a term here";
  return `The address of this page asks for ${named.join(" and ")}, ${is}. Choose from the lists above.`;
}

const slugOf = (item) => item.id.replace(/^at-/, "");
const terms = (count) => `${count} ${count === 1 ? "term" : "terms"}`;

class Matrix {
  constructor(section) {
    this.section = section;
    this.items = [...section.querySelectorAll("ul > li")];
    this.links = this.items.map((item) => item.querySelector("a"));
    this.below = this.items.map((item) => (item.dataset.on ?? "").split(" ").filter(Boolean).map(Number));
    this.above = this.items.map(() => []);
    this.below.forEach((on, place) => on.forEach((other) => this.above[other].push(place)));
    this.places = new Map(this.items.map((item, place) => [slugOf(item), place]));
    // The theme takes a link's own description away when it gets the focus, for the preview that it would show.
    this.links.forEach((link, place) => {
      link.setAttribute("aria-description", this.items[place].querySelector("small").textContent);
    });
    this.pinned = null; // what stays lit when nobody points at anything
    this.tapped = -1;
    this.touching = false;
    const make = (name, given) => Object.assign(document.createElement(name), given);
    const says = make("div", { className: "tl-says" });
    this.text = make("span");
    this.open = make("a", { textContent: "Open its page", tabIndex: -1 }); // the term itself leads there too
    this.hiding = make("label");
    this.box = make("input", { type: "checkbox" });
    this.box.addEventListener("change", () => section.toggleAttribute("data-only", this.box.checked));
    this.hiding.append(this.box, " Hide the rest");
    says.append(this.text, this.open, this.hiding);
    section.append(says);
    this.listen();
    this.rest();
  }

  listen() {
    const place = (event) => this.items.indexOf(event.target.closest?.("ul > li"));
    this.section.addEventListener("pointerdown", (event) => { this.touching = event.pointerType !== "mouse"; }, true);
    this.section.addEventListener("pointerover", (event) => {
      if (event.pointerType === "mouse" && !this.only) place(event) < 0 ? this.rest() : this.light(place(event));
    });
    this.section.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") this.rest(); });
    this.section.addEventListener("focusin", (event) => {
      if (!this.touching && place(event) >= 0 && !this.only) this.light(place(event));
    });
    this.section.addEventListener("focusout", () => { if (!this.touching) this.rest(); });
    this.section.addEventListener("keydown", (event) => {
      this.touching = false;
      if (event.key === "Escape") this.pin(null);
    });
    // The theme would fetch a preview of each page that a pointer passes, which would lie over what is lit.
    this.section.addEventListener("mouseenter", (event) => { if (place(event) >= 0) event.stopPropagation(); }, true);
    // A finger can not point without pressing, so its first press lights, and the second opens.
    this.section.addEventListener("click", (event) => {
      const at = place(event);
      if (at < 0 || !event.target.closest("a") || !this.touching || this.tapped === at) return;
      event.preventDefault();
      event.stopPropagation();
      this.tapped = at;
      this.pin(at);
    }, true);
  }

  get only() {
    return this.section.hasAttribute("data-only");
  }

  pin(what) {
    this.pinned = what;
    if (what === null) {
      this.tapped = -1;
      this.section.removeAttribute("data-only");
    }
    this.rest();
  }

  rest() {
    if (typeof this.pinned === "number") this.light(this.pinned);
    else if (this.pinned) this.lightList(this.pinned);
    else {
      this.mark(new Map());
      this.section.removeAttribute("data-lit");
      this.tell("Point at a term, or tap it, to see what it stands on and what it carries.");
    }
  }

  // far: place -> steps, below zero for what lies below
  mark(far) {
    this.items.forEach((item, place) => {
      const steps = far.get(place);
      if (steps === undefined) {
        item.removeAttribute("data-lit");
        item.style.removeProperty("--far");
        return;
      }
      item.dataset.lit = steps === 0 ? "this" : `${Math.abs(steps) === 1 ? "next " : ""}${steps < 0 ? "below" : "above"}`;
      item.style.setProperty("--far", Math.min(Math.abs(steps), 6));
    });
    this.section.setAttribute("data-lit", "");
  }

  light(place) {
    const below = reach(place, this.below);
    const above = reach(place, this.above);
    const far = new Map([[place, 0]]);
    for (const [other, steps] of below) far.set(other, -steps);
    for (const [other, steps] of above) far.set(other, steps);
    this.mark(far);
    const on = below.size ? `stands on ${terms(below.size)}` : "stands on nothing here";
    const title = this.links[place].textContent;
    this.tell(`${title} ${on} and carries ${above.size ? terms(above.size) : "none"}.`, place);
  }

  lightList(list) {
    const goal = list.at(-1);
    this.mark(new Map(list.map((place) => [place, place === goal ? 0 : -1])));
    this.tell(`Lit is what to read on the way to ${this.links[goal].textContent}.`);
  }

  tell(text, place = -1) {
    this.text.textContent = text;
    this.open.hidden = place < 0;
    if (place >= 0) this.open.href = this.links[place].href;
    this.hiding.hidden = this.pinned === null;
    this.box.checked = this.only;
  }
}

class ReadingList {
  constructor(form, matrix) {
    this.form = form;
    this.matrix = matrix;
    this.from = form.elements.from;
    this.to = form.elements.to;
    const titles = matrix.links.map((link, place) => [link.textContent, slugOf(matrix.items[place])]);
    titles.sort(([a], [b]) => a.localeCompare(b, "en"));
    for (const select of [this.from, this.to]) for (const [title, slug] of titles) select.append(new Option(title, slug));
    const asked = new URLSearchParams(location.search);
    this.unknown = [];
    for (const select of [this.from, this.to]) {
      const slug = asked.get(select.name);
      if (matrix.places.has(slug)) select.value = slug;
      else if (slug) this.unknown.push(slug);
    }
    form.addEventListener("change", () => this.chosen());
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    this.show();
  }

  chosen() {
    this.unknown = [];
    const address = new URL(location.href);
    for (const { name, value } of [this.from, this.to]) value ? address.searchParams.set(name, value) : address.searchParams.delete(name);
    address.hash = "";
    history.replaceState(history.state, "", address);
    this.show();
  }

  show() {
    const { matrix } = this;
    const steps = this.form.querySelector(".tl-reading-steps");
    steps.replaceChildren();
    if (this.unknown.length) {
      const says = Object.assign(document.createElement("p"), { className: "tl-unknown" });
      says.textContent = unknownTerms(this.unknown);
      steps.append(says);
    }
    if (!this.to.value) return matrix.pin(null);
    const to = matrix.places.get(this.to.value);
    const from = this.from.value ? matrix.places.get(this.from.value) : -1;
    const list = readingList(from, to, matrix.below);
    const title = (place) => matrix.links[place].textContent;
    const says = document.createElement("p");
    steps.append(says);
    if (!list.length) {
      says.textContent = from === to ? "That is the same term." : `${title(from)} stands on ${title(to)}, so you know it already.`;
      return matrix.pin(to);
    }
    const minutes = list.reduce((sum, place) => sum + Number(matrix.items[place].dataset.minutes), 0);
    says.textContent = `${terms(list.length)}, ${spokenMinutes(minutes)} of reading:`;
    const ordered = document.createElement("ol");
    for (const place of list) {
      const item = document.createElement("li");
      const link = Object.assign(document.createElement("a"), { href: matrix.links[place].href, textContent: title(place) });
      const time = Object.assign(document.createElement("small"), { textContent: `${matrix.items[place].dataset.minutes} min` });
      item.append(link, " ", time);
      ordered.append(item);
    }
    steps.append(ordered);
    matrix.pin(list);
  }
}

// One page, each time it is shown.
export function arrived() {
  for (const section of document.querySelectorAll(".tl-matrix:not([data-ready])")) {
    section.dataset.ready = "";
    const matrix = new Matrix(section);
    const form = document.querySelector(".tl-reading-list");
    if (form) new ReadingList(form, matrix);
    const place = matrix.places.get(decodeURIComponent(location.hash).replace(/^#at-/, ""));
    if (place === undefined) {
      if (location.hash.startsWith("#at-")) matrix.tell(`There is no term “${decodeURIComponent(location.hash.slice(4))}” here.`);
      continue;
    }
    matrix.pin(place);
    matrix.items[place].scrollIntoView({ block: "center" });
  }
}
