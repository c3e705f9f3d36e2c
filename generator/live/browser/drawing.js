// Pictures in the page: text made safe, and a new drawing turned into the one that is there.

// Pictures arrive as text from code that the reader may have edited. Only what a picture needs becomes an element.
const ELEMENTS = new Set(
  ("svg g path rect line circle text tspan image defs clippath lineargradient stop title desc " +
    "figure figcaption div span p ol ul li dl dt dd table caption colgroup col thead tbody tr th td " +
    "details summary strong em b i small code br").split(" "),
);
const LINKS = /^(#|data:image\/png;base64,)/;

// mark: put before the names inside a drawing, since several drawings of a page may use the same; "" keeps them.
export function safe(text, mark = "") {
  return clean(new DOMParser().parseFromString(text, "text/html").body, mark).childNodes;
}

// A piece of a picture, as it is read inside such an element: nodes.
const elsewhere = new DOMParser().parseFromString("", "text/html"); // where nothing is loaded or run
export function piece(text, inside) {
  const host = elsewhere.importNode(inside, false);
  host.innerHTML = text;
  return [...clean(host, "").childNodes];
}

function clean(root, mark) {
  const refers = (value) => value.replace(/url\((["']?)#/g, `url($1#${mark}`);
  for (const element of [...root.querySelectorAll("*")]) {
    if (!ELEMENTS.has(element.localName.toLowerCase())) {
      element.remove();
      continue;
    }
    for (const { name, value } of [...element.attributes]) {
      if (!allowed(name, value)) element.removeAttribute(name);
      else if (name === "id") element.id = mark + value;
      else if (mark && value.includes("url(")) element.setAttribute(name, refers(value));
    }
  }
  return root;
}

export const allowed = (name, value) => !name.startsWith("on") && (!/(href|src)$/.test(name) || LINKS.test(value));

// A picture in the page becomes the new one: only attributes and texts that differ are set, where the elements are the
// same, and only what is built otherwise is exchanged. Whether a fold is open is the reader's business.
export function morph(old, fresh) {
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.attributes.length !== fresh.attributes.length) {
    for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  }
  const here = [...old.childNodes].filter((node) => !node.classList?.contains("tl-ghost"));
  const there = [...fresh.childNodes];
  if (here.length !== there.length || here.some((node, i) => node.nodeName !== there[i].nodeName)) {
    old.replaceChildren(...there);
    return;
  }
  here.forEach((node, i) => {
    if (node.nodeType === Node.ELEMENT_NODE) morph(node, there[i]);
    else if (node.data !== there[i].data) node.data = there[i].data;
  });
}

// What a drawing looked like before the reader's hand moved it, to lie faint on top of the new one, in its coordinates.
// Words, areas and images would only make that one harder to read, so lines and points are left.
export function ghostOf(figure) {
  const drawing = figure.querySelector(".tl-svg");
  if (!drawing) return null;
  const ghost = document.createElementNS("http://www.w3.org/2000/svg", "g");
  ghost.setAttribute("class", "tl-ghost");
  ghost.append(...drawing.cloneNode(true).childNodes);
  const unwanted = figure.classList.contains("tl-heatmap") ? "text, image, rect, path:not([stroke])" : "text, image";
  for (const element of ghost.querySelectorAll(`.tl-ghost, ${unwanted}`)) if (!element.closest("clipPath")) element.remove();
  for (const element of ghost.querySelectorAll("[id]")) element.removeAttribute("id"); // those of the drawing serve both
  return { ghost, size: drawing.getAttribute("viewBox") };
}

export const wordsIn = (figure) => [...figure.querySelectorAll("svg text")].map((word) => word.textContent).join("|");
