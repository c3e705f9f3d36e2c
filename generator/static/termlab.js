// What the theme leaves undone for keyboard and screen reader. Pages are complete without this file.
function mend() {
  const search = document.querySelector('[data-md-component="search"]');
  search?.setAttribute("aria-label", "Search");
  document.querySelector('[data-md-component="search-query"]')?.setAttribute("aria-label", "Search the glossary");
  for (const code of document.querySelectorAll(".highlight code")) code.setAttribute("tabindex", "0");
  // A ladder wider than the screen is shown from its middle, where it is tallest.
  for (const ladder of document.querySelectorAll(".tl-ladder")) {
    const view = ladder.parentElement;
    view.scrollLeft = (view.scrollWidth - view.clientWidth) / 2;
  }
  // A label that opens the search box is a button to the keyboard too.
  for (const label of document.querySelectorAll(".tl-search-open")) {
    label.setAttribute("role", "button");
    label.setAttribute("tabindex", "0");
    label.onkeydown = (event) => {
      if (event.key === "Enter" || event.key === " ") label.click();
    };
  }
}

// The theme's instant navigation replaces the page without loading it; `document$` tells.
if (window.document$) window.document$.subscribe(mend);
else document.addEventListener("DOMContentLoaded", mend);
