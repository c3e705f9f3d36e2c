// The search box: asks ranking.js at every change, shows what it finds, and takes keys as the theme's own search does.
import { fold, lettersOf, near, passageWith, ready, readyWords, search, searchTexts } from "./ranking.js";

const SITE = new URL("../", import.meta.url);
const INDEX = new URL("search/search_index.json", SITE);
const STARTS = "A term, a question, or any words";
const KINDS = {
  term: "Term", acronym: "Stands for several terms", comparison: "Side by side", path: "Path", demo: "Demo",
  subject: "Subject", level: "Level", guide: "Contribute", wanted: "Wanted, not written yet",
};
const ALSO = { wanted: "looked for as " }; // which need not be another name for the same
const FEW = 10; // results: with fewer of them, the texts of the pages are searched too
const REST = 250; // ms without a change before more is loaded
const GOING = "termlab.search"; // where a search leads to, for the page that is loaded there

const $ = (selector) => document.querySelector(selector);
const box = $(".tl-search");
const query = box.querySelector("input");
const form = query.form;
const said = box.querySelector(".md-search-result__meta");
const list = box.querySelector(".md-search-result__list");
const suggestion = box.querySelector(".md-search__suggest");
const toggle = $("#__search");

let index; // a promise of it, from when the box is first used
let answered = 0; // the number of the query that is shown, so that a late answer does not replace a newer one
let goes = false; // whether the first result is to be opened as soon as it is there
let from; // what had the focus before

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** The index, fetched once; after a failure anew when somebody types on. */
function getIndex() {
  index ??= fetch(INDEX, { cache: "no-cache" })
    .then((response) => {
      if (!response.ok) throw new Error(`${INDEX.pathname} answered ${response.status}`);
      return response.json();
    })
    .then(ready)
    .catch((error) => {
      index = undefined;
      throw error;
    });
  return index;
}

async function answer() {
  const number = ++answered;
  const typed = query.value;
  suggestion.textContent = "";
  if (!typed.trim()) return show([], STARTS);
  const waits = setTimeout(() => number === answered && show([], "Loading what can be found …"), 300);
  try {
    const known = await getIndex();
    if (number !== answered) return;
    const hits = search(known, typed);
    if (hits.length) show(hits, counted(hits.length));
    else showNearest(known, typed);
    if (hits.length) suggest(typed, hits[0]);
    if (goes && hits.length) open(list.querySelector("a"));
    else if (hits.length < FEW) setTimeout(() => number === answered && answerFromTexts(known, typed, hits, number), REST);
  } catch (error) {
    console.error(`The search index could not be used: ${error.message}`);
    if (number !== answered) return;
    show([], "What can be found did not load, or is damaged. Type on to try again, or look at ");
    said.append(make("a", { href: new URL("terms/", SITE).href, textContent: "all terms from A to Z" }), ".");
  } finally {
    clearTimeout(waits);
    if (number === answered) goes = false;
  }
}

const counted = (count) => (count === 1 ? "1 result" : `${count} results`);

function showNearest(known, typed) {
  const close = near(known, typed);
  show(close, `Nothing found for “${shortened(typed)}”.${close.length > 1 ? " The nearest terms:" : ""}`);
}

const files = new Map(); // address -> a promise of what is in it

function getFile(path) {
  if (!files.has(path)) {
    const loading = fetch(new URL(path, SITE)).then((response) => {
      if (!response.ok) throw new Error(`${path} answered ${response.status}`);
      return response.json();
    });
    files.set(path, loading);
    loading.catch(() => files.delete(path)); // to be tried again by the next query
  }
  return files.get(path);
}

/** Adds the pages in whose texts the words stand, each with the sentence, below those that were found otherwise. */
async function answerFromTexts(known, typed, hits, number) {
  try {
    const letters = lettersOf(known, typed);
    const loaded = await Promise.all(letters.map((letter) => getFile(`search/words/${letter}.json`)));
    const shelves = loaded.map((file) => readyWords(known, file));
    const more = searchTexts(known, shelves, typed, new Set(hits.map(({ doc }) => doc)));
    const sentences = await Promise.all(
      more.map(({ doc }) => getFile(`search/texts/${doc.location.split("/")[1]}.json`).catch(() => [])),
    );
    if (number !== answered || !more.length) return;
    more.forEach((hit, i) => (hit.passage = passageWith(sentences[i], hit.words) || undefined));
    said.textContent = counted(hits.length + more.length);
    if (hits.length) list.append(...more.map(item));
    else show(more, counted(more.length));
  } catch (error) {
    console.warn(`The texts of the pages could not be searched: ${error.message}`); // the rest of the answer is there
  }
}

const shortened = (text) => ([...text.trim()].length > 40 ? `${[...text.trim()].slice(0, 40).join("")}…` : text.trim());

function show(hits, words) {
  if (said.textContent !== words) said.textContent = words;
  list.replaceChildren(...hits.map(item));
  list.hidden = !hits.length;
  list.closest(".md-search__scrollwrap").scrollTop = 0;
}

function item({ doc, name, meanwhile, question, passage, words }) {
  const title = make("p", { className: "tl-hit-title" }, make("span", {}, ...marked(doc.title, words)));
  const kind = make("span", { className: "tl-hit-kind", textContent: KINDS[doc.kind] ?? "" });
  if (doc.level) kind.append(" · ", make("span", { className: `tl-level-${doc.level}`, textContent: doc.level }));
  title.append(kind);
  const article = make("article", { className: "md-search-result__article md-typeset tl-hit" }, title);
  if (name) article.append(make("p", { className: "tl-hit-name" }, ALSO[doc.kind] ?? "also called ", ...marked(name, words)));
  if (meanwhile) {
    const said = ["the nearest page to ", ...marked(meanwhile, words), ", which has none of its own yet"];
    article.append(make("p", { className: "tl-hit-name" }, ...said));
  }
  const text = passage ?? question ?? doc.text;
  if (text) article.append(make("p", {}, ...marked(text, words)));
  const link = make("a", { className: "md-search-result__link", href: new URL(doc.location, SITE).href, tabIndex: -1 });
  link.append(article);
  return make("li", { className: "md-search-result__item" }, link);
}

/** A text with the words that were found in it marked, as nodes. */
function marked(text, words) {
  const nodes = [];
  let end = 0;
  for (const { 0: word, index: at } of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    if (!words.has(fold(word))) continue;
    nodes.push(text.slice(end, at), make("mark", { textContent: word }));
    end = at + word.length;
  }
  return [...nodes, text.slice(end)];
}

/** Shows, behind what was typed, the rest of the name that it begins. */
function suggest(typed, { doc, name }) {
  const whole = [doc.title, name ?? ""].find((one) => one.toLowerCase().startsWith(typed.toLowerCase()));
  if (whole && whole.length > typed.length) suggestion.textContent = typed + whole.slice(typed.length);
}

// --- opening and closing ------------------------------------------------------------------------------------

const isOpen = () => toggle.checked;

function setOpen(wanted) {
  if (isOpen() !== wanted) toggle.click(); // the theme listens to it, to stop the page behind from moving
}

function close() {
  setOpen(false);
  query.blur();
}

toggle.addEventListener("change", () => {
  if (!isOpen()) return query.blur();
  if (document.activeElement !== query) query.focus();
  getIndex().catch(() => {}); // what went wrong is said to whoever types
});
query.addEventListener("focus", () => setOpen(true));
query.addEventListener("input", () => ((goes = false), answer())); // typed, pasted, dictated or dropped
form.addEventListener("reset", () => setTimeout(() => (query.focus(), answer())));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const first = list.querySelector("a");
  if (first && !said.textContent.startsWith("Nothing")) open(first);
  else if (query.value.trim() && !first) (goes = true), answer();
});

const isTyping = (element) =>
  element.isContentEditable ||
  element.matches("textarea, select, input:not([type=range], [type=checkbox], [type=radio], [type=button], [type=reset])");

window.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  const active = document.activeElement ?? document.body;
  if (!isOpen()) {
    if (!["/", "s", "f"].includes(event.key) || isTyping(active)) return;
    from = active;
    query.focus();
    query.select();
    event.preventDefault();
    return;
  }
  const stops = [query, ...list.querySelectorAll("a")];
  const at = stops.indexOf(active);
  switch (event.key) {
    case "Escape":
      close();
      if (from?.isConnected) from.focus();
      from = undefined;
      break;
    case "Tab":
      close();
      break;
    case "ArrowDown":
    case "ArrowUp":
      stops[(Math.max(0, at) + stops.length + (event.key === "ArrowUp" ? -1 : 1)) % stops.length].focus();
      event.preventDefault();
      break;
    case "ArrowRight":
      if (active !== query || query.selectionStart !== query.value.length || !suggestion.textContent) break;
      query.value = suggestion.textContent;
      answer();
      break;
    default: // whoever types on while on a result means the box
      if (at > 0 && (event.key.length === 1 || event.key === "Backspace") && event.key !== " ") query.focus();
  }
});

// --- following a result -------------------------------------------------------------------------------------

function open(link) {
  link.click();
}

list.addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  const to = new URL(link.href);
  close();
  from = undefined;
  if (to.pathname === location.pathname) {
    if (to.hash && to.hash !== location.hash) return setTimeout(() => arrive(to));
    event.preventDefault();
    event.stopPropagation();
    if (!to.hash) window.scrollTo(0, 0);
    return arrive(to);
  }
  going(to.href);
});

/** Puts the focus on the heading of what a search led to, so that keys and screen readers go on from there. */
function arrive(to) {
  const heading = (to.hash && document.getElementById(to.hash.slice(1))) || $("article h1") || $("h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: !to.hash });
}

/** Remembers where a search leads to, or takes it back; a browser that keeps nothing of a site loses only the focus. */
function going(to) {
  try {
    if (to) sessionStorage.setItem(GOING, to);
    const was = sessionStorage.getItem(GOING);
    if (!to) sessionStorage.removeItem(GOING);
    return was;
  } catch {
    return null;
  }
}

function arrived() {
  const to = going();
  if (to && new URL(to).pathname === location.pathname) arrive(new URL(to));
}

// The theme's instant navigation replaces the page without loading it; `document$` tells.
if (window.document$) window.document$.subscribe(() => setTimeout(arrived));
else arrived();

// An address with ?q= opens the box with that query, as with the theme's own search.
const asked = new URLSearchParams(location.search).get("q");
if (asked && !$(".tl-demo")) {
  query.value = asked;
  query.focus();
  answer();
}
