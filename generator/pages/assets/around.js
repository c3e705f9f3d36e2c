// The way about a page: its list of contents on a phone, the theme's button to the top, and folds on paper.
// Pages are complete without this file.

// A choice from the list closes it, so that it does not stand between the reader and what was chosen.
document.addEventListener("click", ({ target }) => {
  const link = target instanceof Element && target.closest(".tl-contents a");
  if (link) link.closest("details").open = false;
}, { capture: true });

// The theme opens all folds for paper. Those that are printed should be the ones that the reader opened, so it is not told.
addEventListener("beforeprint", (event) => event.stopImmediatePropagation(), { capture: true });

// The button to the top floats over the page, and would lie on the picture or the controls of a demo.
const onScreen = new Set();
const watched = new IntersectionObserver((seen) => {
  for (const { target, isIntersecting } of seen) onScreen[isIntersecting ? "add" : "delete"](target);
  document.documentElement.classList.toggle("tl-demo-on-screen", onScreen.size > 0);
});

function watch() {
  watched.disconnect();
  onScreen.clear();
  document.documentElement.classList.remove("tl-demo-on-screen");
  for (const demo of document.querySelectorAll(".tl-demo")) watched.observe(demo);
}

// The theme's instant navigation replaces the page without loading it; `document$` tells.
if (window.document$) window.document$.subscribe(watch);
else document.addEventListener("DOMContentLoaded", watch);
