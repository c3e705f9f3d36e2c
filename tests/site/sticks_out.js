// What of a page a reader does not get to see at this width -> a list of sentences, each with the element it is about.
//
// Five things are looked for, since none of them shows the others:
//   - the page is wider than the screen, so that all of it has to be moved from side to side;
//   - something lies beyond the edge of the screen, and no box scrolls it into view;
//   - a box cuts something off (overflow: hidden or clip), at a side, above or below: no scrollWidth of the page tells;
//   - something sticks out of the box it is written in, or out of one with an edge or a color, such as a button;
//   - a box scrolls by more than a letter or two, and no key leads into it.
// What scrolls by itself is fine, and so is what is hidden from eyes on purpose.
() => {
  const SLACK = 1.5; // pixels: places are fractions of pixels, and browsers round some of them
  const LETTERS = 20; // pixels: a box that scrolls by less hides nothing that a reader would miss
  const SOLID = "button, input, select, textarea, progress, img, svg, table, math, a, li, dt, dd";
  const ENTERED = "[tabindex], a[href], button, input, select, textarea";
  const screen = document.documentElement.clientWidth;
  const found = new Map(); // what is wrong with which element -> by how many pixels, at most

  const remembered = (make) => {
    const known = new Map();
    return (element) => known.get(element) ?? known.set(element, make(element)).get(element);
  };
  const style = remembered((element) => getComputedStyle(element));
  const edge = remembered((element) => element.getBoundingClientRect());
  const seen = (element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true });
  const scrolls = (element) => ["auto", "scroll"].includes(style(element).overflowX);
  const clips = (element) => ["hidden", "clip"].includes(style(element).overflowX);
  const framed = remembered((element) => {
    const { borderLeftWidth, borderRightWidth, backgroundColor } = style(element);
    const clear = ["transparent", "rgba(0, 0, 0, 0)"].includes(backgroundColor);
    return (parseFloat(borderLeftWidth) > 0 && parseFloat(borderRightWidth) > 0) || !clear;
  });

  const named = (element) => {
    const names = [...element.classList].map((name) => `.${name}`).join("");
    return `<${element.localName}${element.id ? `#${element.id}` : names}>`;
  };
  const tell = (what, element, text, pixels) => {
    const above = element.parentElement?.closest("[id], [class]");
    const short = text.trim().replace(/\s+/g, " ");
    const quoted = short && ` “${short.length > 60 ? `${short.slice(0, 59)}…` : short}”`;
    const key = `${above ? `${named(above)} ` : ""}${named(element)}${quoted} ${what}`;
    found.set(key, Math.max(found.get(key) ?? 0, Math.round(pixels)));
  };

  // Goes outwards from a piece of the page to what cuts it off first, or to the edge of the screen.
  const follow = (box, element, text) => {
    const beyond = ({ left, right }) => Math.max(box.right - right, left - box.left);
    const below = ({ top, bottom }) => Math.max(box.bottom - bottom, top - box.top);
    let nearest = true;
    for (let outer = text ? element : element.parentElement; outer !== document.body; outer = outer.parentElement) {
      const { display, position, textOverflow } = style(outer);
      if (display === "contents" || (display === "inline" && outer.localName !== "svg")) continue; // no box of its own
      // A line is higher than its letters, so a line that is cut by less than a third loses none of them.
      // The numbers of lines in the editor are moved along with the lines.
      const whole = !["hidden", "clip"].includes(style(outer).overflowY) || element.closest(".tl-lines");
      const cut = text && !whole ? below(edge(outer)) : 0;
      if (cut > (box.bottom - box.top) / 3 && edge(outer).height > 1 && edge(outer).width > 1) {
        return tell(`is cut off above or below by ${named(outer)}`, element, text, cut);
      }
      if (scrolls(outer)) return;
      if (clips(outer)) {
        // The theme shortens the title of a page in its bar, with an ellipsis; the page itself says all of it.
        if (textOverflow === "ellipsis" && outer.closest(".md-header")) return;
        if (edge(outer).width <= 1 || edge(outer).height <= 1) return; // for a screen reader alone
        if (beyond(edge(outer)) > SLACK) return tell(`is cut off by ${named(outer)}`, element, text, beyond(edge(outer)));
      }
      const frame = nearest ? outer.localName !== "svg" : text && framed(outer);
      if (frame && beyond(edge(outer)) > SLACK) {
        return tell(`sticks out of ${named(outer)}`, element, text, beyond(edge(outer)));
      }
      nearest = false;
      if (position === "fixed" && outer.matches(".md-sidebar--primary")) return; // the menu, while it is closed
    }
    const off = beyond({ left: 0, right: screen });
    if (off > SLACK) tell("sticks out of the screen", element, text, off);
  };

  const range = document.createRange();
  const visit = (element) => {
    if (element.matches("script, style, template, noscript") || style(element).display === "none") return;
    const wide = element.scrollWidth - element.clientWidth;
    if (wide > LETTERS && element.clientWidth && scrolls(element) && seen(element)) {
      const entered = element.matches(ENTERED) || element.querySelector(ENTERED);
      if (!entered) tell("scrolls, and no key leads into it", element, element.textContent, wide);
    }
    if (element.matches(SOLID) && !element.parentElement.closest("svg") && style(element).display !== "inline") {
      if (edge(element).width > 1 && edge(element).height > 1 && seen(element)) follow(edge(element), element, "");
    }
    if (element.localName === "code" && scrolls(element)) return; // thousands of words, each in a box of its own
    for (const child of element.childNodes) {
      if (child.nodeType === Node.ELEMENT_NODE) visit(child);
      if (child.nodeType !== Node.TEXT_NODE || !child.data.trim() || !seen(element)) continue;
      range.selectNodeContents(child);
      const lines = [...range.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
      const [left, top] = ["left", "top"].map((side) => Math.min(...lines.map((line) => line[side])));
      const [far, bottom] = ["right", "bottom"].map((side) => Math.max(...lines.map((line) => line[side])));
      // Where spaces are kept, the one at which a line breaks hangs over its end, and nobody sees it.
      const space = style(element).whiteSpace === "pre-wrap" ? parseFloat(style(element).fontSize) : 0;
      if (lines.length) follow({ left, right: far - space, top, bottom }, element, child.data);
    }
  };

  const wider = document.documentElement.scrollWidth - screen;
  if (wider > 0) found.set("the page is wider than the screen", wider);
  visit(document.body);
  return [...found].map(([what, pixels]) => `${what} by ${pixels} px`);
};
