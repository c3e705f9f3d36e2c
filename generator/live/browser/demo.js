// Live demos, before the click: a Run button beside each static result, and nothing else. What runs a demo is in
// live.js, and it is loaded when the reader presses Run or Edit, or comes by a link that carries settings.
//
// A <section class="tl-demo" data-demo data-manifest data-runtime data-settings> holds the result of the build. With
// data-problem instead of data-runtime the site has no Python to run it, and the button says so.

const demos = new WeakMap(); // section -> a promise of its Demo

function button(text, kind, onclick) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `tl-button ${kind}`;
  element.textContent = text;
  element.addEventListener("click", onclick);
  return element;
}

function toolbar(label, ...children) {
  const element = document.createElement("div");
  element.className = "tl-toolbar";
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", label);
  element.append(...children);
  return element;
}

function message(after) {
  const element = document.createElement("div");
  element.className = "tl-trouble";
  element.setAttribute("role", "alert");
  element.hidden = true;
  after.after(element);
  return element;
}

function demoOf(parts) {
  const { section, trouble } = parts;
  if (!demos.has(section)) {
    const loading = import(new URL("live.js", import.meta.url).href).then(({ Demo }) => new Demo(parts));
    demos.set(section, loading);
    loading.catch(() => {
      demos.delete(section);
      section.dataset.state = "error";
      trouble.textContent = "live.js could not be loaded, so the demo cannot run now. Press the button to try again.";
      trouble.hidden = false;
    });
  }
  return demos.get(section);
}

function mount(section) {
  const { demo, problem } = section.dataset;
  const controls = section.querySelector(".tl-controls");
  const bar = toolbar("Run this demo");
  controls.after(bar);
  const parts = { section, toolbar: bar, trouble: message(bar) };
  section.dataset.state = "idle";
  if (problem) {
    parts.run = button("Run", "tl-run", () => {
      parts.trouble.textContent = `${problem} The command below runs the demo in a terminal.`;
      parts.trouble.hidden = false;
    });
    parts.run.setAttribute("aria-disabled", "true");
    bar.append(parts.run);
    return;
  }

  const act = (what) => demoOf(parts).then((live) => live[what]()).catch(() => {});
  parts.run = button("Run", "tl-run", () => act("start"));
  bar.append(parts.run);
  const folds = [...document.querySelectorAll("details.tl-code")];
  parts.fold = folds.find((fold) => fold.querySelector("summary code")?.textContent.trim() === `demos/${demo}.py`);
  if (parts.fold && !parts.fold.querySelector(".tl-edit")) {
    parts.edit = button("Edit", "tl-edit", () => act("edit"));
    parts.fold.querySelector("summary").after(toolbar("Edit this code", parts.edit));
  }
  const first = document.querySelector(".tl-demo") === section;
  const asked = [...new URLSearchParams(location.search).keys()].some((name) => name !== "h"); // h: the theme's own
  if (asked && (location.hash === `#${section.id}` || (first && !location.hash))) act("openLink");
}

function mountAll() {
  for (const section of document.querySelectorAll(".tl-demo")) {
    const { manifest, problem, state } = section.dataset;
    if (!state && (manifest || problem)) mount(section);
  }
}

// The theme swaps pages without loading them anew, and says so here; this script and the worker stay.
if (window.document$) window.document$.subscribe(mountAll);
else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", mountAll);
else mountAll();
