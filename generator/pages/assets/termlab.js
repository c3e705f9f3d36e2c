// What the theme leaves undone for keyboard and screen reader. Pages are complete without this file.

// What only some pages have is loaded where it is there.
const HERE = document.currentScript.src;
const NARROW = matchMedia("(max-width: 20em)");
const PARTS = { ".tl-matrix": "ladder.js", ".tl-ask": "home.js" };

function mend() {
  for (const code of document.querySelectorAll(".highlight code")) code.setAttribute("tabindex", "0");
  // The bar of buttons in a block of code is a landmark; several on a page need names.
  document.querySelectorAll(".md-code__nav").forEach((bar, i) => bar.setAttribute("aria-label", `Code block ${i + 1}`));
  // A formula of a line fits all but the narrowest screens with the largest letters; there it scrolls.
  for (const math of NARROW.matches ? document.querySelectorAll(".tl-math") : []) {
    if (math.scrollWidth > math.clientWidth) math.setAttribute("tabindex", "0");
  }
  for (const [wanted, file] of Object.entries(PARTS)) {
    if (document.querySelector(wanted)) import(new URL(file, HERE)).then((part) => part.arrived()).catch(() => {});
  }
}

// The theme's instant navigation replaces the page without loading it; `document$` tells.
if (window.document$) window.document$.subscribe(mend);
else document.addEventListener("DOMContentLoaded", mend);
