// Live demos, before they are touched: their controls and buttons work, and nothing else is loaded. What answers is in
// live.js, and it is fetched when a pointer, a finger or the focus comes near a demo, or by a link that carries settings.
//
// A <section class="tl-demo" data-demo data-manifest data-runtime data-settings> holds the result of the build, and with
// data-sweep the address of what its sliders show. With data-problem instead of data-runtime the site has no Python to
// run it, and the Run button says so.

const sections = new WeakMap(); // section -> what was found in it: {trouble, fold, edit, live}
const SCRIPTS = ["live.js", "controls.js", "points.js", "drawing.js", "sweep.js"]; // at once, and not one after the other

// For other scripts of the page, such as experiments.js: what is set and shown in a demo, and a way to set it.
//   settings()  name -> value      figures()  a Map: name -> the number that is shown
//   set({name: value}, {animate: true})  a promise of what is shown then, as in the event below, or null in trouble
// The section hears "termlab:shown" with {settings, figures, exact, …}; not exact is what stands in for what is set.
export function instrumentOf(section) {
  const live = () => sections.get(section)?.demo;
  const shown = () => [...section.querySelectorAll(".tl-numbers > div")].map((each) => [...each.children].map((cell) => cell.textContent));
  const own = () => {
    const given = JSON.parse(section.dataset.settings);
    const parameters = JSON.parse(section.querySelector(".tl-controls").dataset.parameters);
    return Object.fromEntries(parameters.map(({ name, default: usual }) => [name, given[name] ?? usual]));
  };
  return {
    settings: () => live()?.values() ?? own(),
    figures: () => live()?.numbers() ?? new Map(shown().map(([name, text]) => [name, Number(text.replaceAll(",", ""))])),
    set: (values, how) => load(section).then((demo) => demo.set(values, how)),
  };
}

// A module, the first of these scripts. A browser remembers as long as a page is open that a module did not come, so it is
// asked for only when it and what it needs have come; they lie in the browser's cache then.
async function bring(...names) {
  const urls = names.map((name) => new URL(name, import.meta.url).href);
  const come = async (url) => {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    await response.arrayBuffer();
  };
  await Promise.all(urls.map(come));
  return import(urls[0]);
}

function load(section) {
  const parts = sections.get(section);
  parts.live ??= bring(...SCRIPTS).then(({ Demo }) => {
    parts.demo = new Demo({ section, ...parts, asked, keyOf, bring });
    if (section.dataset.state === "error") {
      section.dataset.state = "idle";
      parts.trouble.hidden = true; // of a script that could not be loaded before; another trouble stays told
    }
    return parts.demo;
  });
  parts.live.catch(() => {
    parts.live = null; // whatever comes next tries again
    section.dataset.state = "error";
    const offline = navigator.onLine ? "" : "This computer is offline. ";
    parts.trouble.textContent = `A script could not be loaded, so nothing answers yet. ${offline}Touch or set anything here to try again.`;
    parts.trouble.hidden = false;
  });
  return parts.live;
}

function mount(section) {
  const { demo, problem } = section.dataset;
  const bench = section.querySelector(".tl-bench");
  const trouble = document.createElement("div");
  trouble.className = "tl-trouble";
  trouble.setAttribute("role", "alert");
  trouble.hidden = true;
  bench.after(trouble);
  const parts = { trouble };
  sections.set(section, parts);
  section.dataset.state = "idle";
  for (const element of bench.querySelectorAll(":disabled")) element.disabled = false;

  const run = section.querySelector(".tl-run");
  const act = (what) => load(section).then((live) => live[what]()).catch(() => {});
  if (problem) run.setAttribute("aria-disabled", "true");
  const buttons = { reset: "reset", link: "copyLink", play: "playOn", step: "stepOn" };
  for (const [name, what] of Object.entries(buttons)) {
    section.querySelector(`.tl-${name}`)?.addEventListener("click", () => act(what));
  }
  run.addEventListener("click", () => {
    if (!problem) return act("start");
    trouble.textContent = `${problem} The command below runs the demo in a terminal.`;
    trouble.hidden = false;
  });
  // Whoever asks to save data gets the rest at the first touch only.
  const near = navigator.connection?.saveData ? ["input", "change"] : ["pointerenter", "focusin", "touchstart", "input"];
  const come = () =>
    load(section).then(
      () => near.forEach((type) => section.removeEventListener(type, come)),
      () => {}, // it is told, and the next one tries again
    );
  for (const type of near) section.addEventListener(type, come, { passive: true });

  const folds = [...document.querySelectorAll("details.tl-code")];
  parts.fold = folds.find((fold) => fold.querySelector("summary code")?.textContent.trim() === `demos/${demo}.py`);
  if (!problem && parts.fold && !parts.fold.querySelector(".tl-edit")) {
    parts.edit = document.createElement("button");
    Object.assign(parts.edit, { type: "button", className: "tl-button tl-edit", textContent: "Edit" });
    parts.edit.addEventListener("click", () => act("edit"));
    const bar = document.createElement("div");
    bar.className = "tl-toolbar";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Edit this code");
    bar.append(parts.edit);
    parts.fold.querySelector("summary").after(bar);
  }
}

// --- addresses: settings in the link, and links within the page ----------------------------------------------------

let page = ""; // the path of the page that is shown, or on its way

// An address says `?bias=3` of the first demo of its page, and `?ID.bias=3` of another, with the id of its section, so that
// all can be set at once. `?demo=ID&bias=3` is an older way to speak of one that is not the first.
const firstOf = () => document.querySelector(".tl-demo");
const keyOf = (section, name) => (section === firstOf() ? name : `${section.id}.${name}`);

// The settings that an address asks a demo for, and what they are called there: [[name, text, key], …].
function asked(section, search) {
  const all = new URLSearchParams(search);
  const plain = all.has("demo") ? section.id === all.get("demo") : section === firstOf();
  const start = `${section.id}.`;
  return [...all]
    .filter(([key]) => (key.includes(".") ? section.id && key.startsWith(start) : plain && key !== "h" && key !== "demo"))
    .map(([key, text]) => [key.includes(".") ? key.slice(start.length) : key, text, key]); // `h` is the theme's own
}

// Every demo that the address has settings for shows them; so do others that are loaded, which then have the page's own.
function openLinks() {
  for (const section of document.querySelectorAll(".tl-demo")) {
    const parts = sections.get(section);
    if (!parts) continue;
    if (parts.demo) parts.demo.addressed === parts.demo.said() || parts.demo.openLink();
    else if (asked(section, location.search).length) {
      section.toggleAttribute("data-veiled", true); // the picture of the page is not the link's
      load(section).then((demo) => demo.openLink()).catch(() => section.removeAttribute("data-veiled"));
    }
  }
}

function arrived() {
  page = location.pathname;
  for (const section of document.querySelectorAll(".tl-demo")) {
    const { manifest, problem, state, sweep } = section.dataset;
    if (!state && (manifest || problem || sweep)) mount(section);
  }
  openLinks();
}

// A link within the page is followed by the browser itself, with the settings that stand in the address.
function clicked(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || link.target || link.hasAttribute("download")) return;
  if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const { origin, pathname, hash } = new URL(link.href);
  if (origin !== location.origin || pathname !== location.pathname || !hash) return;
  event.preventDefault();
  event.stopPropagation();
  if (location.hash === hash) document.getElementById(decodeURIComponent(hash.slice(1)))?.scrollIntoView();
  else location.hash = hash;
}

// Back and forward within the page bring the settings of the address back.
function moved() {
  if (history.state?.y != null || !location.hash) scrollTo(0, history.state?.y ?? 0);
  openLinks();
}

// The theme fetches a page at the first change of the address, even if that leads to another place of the same page,
// and puts it over this one with everything that was set, drawn and written in it. So it hears of other pages only.
const addresses = window.location$;
if (addresses) {
  const { next } = addresses;
  addresses.next = (url) => {
    if (url.pathname === page) return moved();
    page = url.pathname;
    return next.call(addresses, url);
  };
}

document.addEventListener("click", clicked, true);

// The theme swaps pages without loading them anew, and says so here; this script and the worker stay.
if (window.document$) window.document$.subscribe(arrived);
else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", arrived);
else arrived();
