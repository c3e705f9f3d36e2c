// What the theme leaves undone for keyboard and screen reader. Pages are complete without this file.
function mend() {
  for (const code of document.querySelectorAll(".highlight code")) code.setAttribute("tabindex", "0");
  // The bar of buttons in a block of code is a landmark; several on a page need names.
  document.querySelectorAll(".md-code__nav").forEach((bar, i) => bar.setAttribute("aria-label", `Code block ${i + 1}`));
  // A ladder wider than the screen is shown from its middle, where it is tallest.
  for (const ladder of document.querySelectorAll(".tl-ladder")) {
    const view = ladder.parentElement;
    view.scrollLeft = (view.scrollWidth - view.clientWidth) / 2;
  }
  // The home page's search button needs this script, so it is hidden without it.
  for (const button of document.querySelectorAll(".tl-search-open")) {
    button.hidden = false;
    button.onclick = () => document.querySelector('label[for="__search"]').click();
  }
}

// The theme's instant navigation replaces the page without loading it; `document$` tells.
if (window.document$) window.document$.subscribe(mend);
else document.addEventListener("DOMContentLoaded", mend);
