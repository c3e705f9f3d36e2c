// What the search box knows how to do: fold what a reader typed, and put the pages in order. No page is touched here.
//
// Written for this glossary because names are what readers type: none of the small libraries for a browser puts a name
// first wherever else its words stand, takes a question for the name in it, and tells C, C# and C++ apart.
//
// An index is {docs, version}. A doc: {location, title, kind, level?, text?, names?, asked?, meanwhile?}, where `names` are
// other names of the page, `asked` the questions that it answers, `text` what it is about, and `meanwhile` names of what
// has no page yet, for which this one is the nearest.

const LONGEST = 200; // characters of a query that are looked at; whoever pastes a page gets an answer to its beginning
const MOST_WORDS = 24;
const SHOWN = 30;

// Letters that stay as they are when accents are taken off, and Greek ones, which readers type by name.
const LETTERS = {
  ł: "l", ø: "o", đ: "d", ð: "d", þ: "th", ß: "ss", æ: "ae", œ: "oe", ı: "i", ħ: "h",
  α: "alpha", β: "beta", γ: "gamma", δ: "delta", ε: "epsilon", ζ: "zeta", η: "eta", θ: "theta", ι: "iota", κ: "kappa",
  λ: "lambda", μ: "mu", ν: "nu", ξ: "xi", ο: "omicron", π: "pi", ρ: "rho", σ: "sigma", ς: "sigma", τ: "tau",
  υ: "upsilon", φ: "phi", χ: "chi", ψ: "psi", ω: "omega", "×": "x", "∞": "infinity", "∇": "nabla", "∂": "partial",
};

// Words that say nothing about what is asked for: those of any sentence, and those that only questions have. Others
// belong to a question after "do" or "how" alone, since there are names with them, such as k-means.
const split = (words) => new Set(words.trim().split(/\s+/));
const ASKING = split(`what whats which who whom whose how hows why when where is are was were do does did can could should
  would will explain explained explanation define defined definition meaning tell difference differences example examples
  compare compared comparison versus`);
const SMALL = split(`a an the of in on at to for from by with as than and or be it its this that these those i me my we our
  you your they them their vs`);
const SMALL_WHEN_ASKING = split(`about exactly really simply basically simple words terms into if not have has need used
  use uses using get gets there between stand stands called done please`);
const SMALL_AFTER_DO = split("work works working mean means happen happens");
const AGAINST = split("vs versus difference differences compare compared comparison between");

/** Text without capitals, accents, typographic dashes and quotes. */
export function fold(text) {
  // Most texts have nothing to fold but capitals, which is much the faster.
  if (/^[\0-&(-_a-\x7f]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\0-\x7f]/gu, (letter) => LETTERS[letter] ?? letter)
    .replace(/['’‘ʼ`´]/g, "");
}

// A word is letters and numbers, and the signs behind them that make a name: C++, C#, A*.
const WORD = /[\p{L}\p{N}]+(?:[+#*]+(?![\p{L}\p{N}]))?/gu;

/** The words of a text. A sign at the end of one stays where it may be part of a name. */
export function wordsOf(text) {
  return fold(text).match(WORD) ?? [];
}

const SIGNS = { "+": "plus", "#": "sharp", "*": "star" };

/** How a word with signs at its end is said and typed, without spaces: "cplusplus" and "cpp" for C++, "astar" for A*. */
function spokenForms(word) {
  const letters = bare(word);
  const signs = [...word.slice(letters.length)];
  if (!signs.length) return [];
  const whole = letters + signs.map((sign) => SIGNS[sign]).join("");
  return signs.join("") === "++" ? [whole, `${letters}pp`] : [whole];
}

/** Words with those put together that say the name of a sign: ["c", "plus", "plus"] is "c++", where the index has that. */
function withSigns({ spoken }, words) {
  const found = [];
  for (let at = 0; at < words.length; ) {
    let end = Math.min(words.length, at + 4);
    while (end > at && !spoken.has(tight(words.slice(at, end)))) end--;
    found.push(end > at ? spoken.get(tight(words.slice(at, end))) : words[at]);
    at = Math.max(end, at + 1);
  }
  return found;
}

const bare = (word) => word.replace(/[+#*]+$/, "");
const tight = (words) => words.join("");

/** What a word may be the plural of, itself first. */
export function forms(word) {
  let found = remembered.get(word);
  if (!found) remembered.set(word, (found = formsOf(word)));
  return found;
}

const remembered = new Map();

function formsOf(word) {
  const found = [word];
  if (word.length < 3 || !word.endsWith("s") || word.endsWith("ss")) return found;
  found.push(word.slice(0, -1));
  if (word.endsWith("ies")) found.push(`${word.slice(0, -3)}y`);
  if (/(?:s|x|z|ch|sh|o)es$/.test(word)) found.push(word.slice(0, -2));
  if (word.endsWith("ices")) found.push(`${word.slice(0, -4)}ix`, `${word.slice(0, -4)}ex`);
  if (/[sx]es$/.test(word)) found.push(`${word.slice(0, -2)}is`);
  return found;
}

/** Whether two words are the same but for the ending of a plural. */
function akin(a, b) {
  if (a === b) return true;
  if (a[0] !== b[0] || Math.abs(a.length - b.length) > 3) return false;
  return forms(a).some((form) => forms(b).includes(form));
}

/** The letters of a word as bits, so that most words that are far from it are told from it at once. */
function letters(word) {
  let bits = 0;
  for (let i = 0; i < word.length; i++) bits |= 1 << (word.charCodeAt(i) & 31);
  return bits;
}

function apart(a, b) {
  let bits = a ^ b;
  let count = 0;
  for (; bits; bits &= bits - 1) count++;
  return count;
}

/** How many letters are wrong, missing, too many or swapped between two words, or `most` + 1 where it is more. */
export function distance(a, b, most = 2) {
  if (a === b) return 0;
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) endA--, endB--;
  a = a.slice(start, endA);
  b = b.slice(start, endB);
  if (!a.length || !b.length) return Math.max(a.length, b.length);
  let before = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      let best = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2] + 1);
      row.push(best);
      if (best < least) least = best;
    }
    if (least > most) return most + 1;
    before = last;
    last = row;
  }
  return last[b.length];
}

/** How many letters of a name of that length may be wrong. */
const forgiven = (length) => (length < 4 ? 0 : length < 9 ? 1 : 2);

const KINDS = ["term", "acronym", "comparison", "path", "demo", "subject", "level", "list", "guide", "wanted"];

/** An index made ready to be asked. Raises where it is none; a doc that is none is left out. */
export function ready(index) {
  if (!Array.isArray(index?.docs)) throw new TypeError("there are no docs in it");
  const docs = [];
  const vocabulary = new Map(); // word -> [[doc, weight], ...], each doc once with the best place that it stands in
  const name = (doc, text, isTitle, isMeanwhile = false) => {
    const words = wordsOf(text);
    const together = tight(words);
    for (const word of words) for (const said of spokenForms(word)) spoken.set(said, word);
    return { doc, text, isTitle, isMeanwhile, words, tight: together, letters: letters(together) };
  };
  const names = [];
  const spoken = new Map(); // a word with a sign as it is said, without spaces -> the word
  const weigh = (doc, words, weight) => {
    for (const word of words) {
      for (const one of bare(word) === word ? [word] : [word, bare(word)]) {
        let places = vocabulary.get(one);
        if (!places) vocabulary.set(one, (places = new Map()));
        if (weight > (places.get(doc) ?? 0)) places.set(doc, weight);
      }
    }
  };
  index.docs.forEach((said, place) => {
    if (typeof said?.location !== "string" || typeof said.title !== "string") return;
    const many = (value) => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);
    const doc = { place, location: said.location, title: said.title, kind: said.kind, level: said.level };
    doc.text = typeof said.text === "string" ? said.text : "";
    doc.order = (KINDS.indexOf(said.kind) + KINDS.length) % KINDS.length;
    doc.own = [
      name(doc, said.title, true),
      ...many(said.names).map((one) => name(doc, one, false)),
      ...many(said.meanwhile).map((one) => name(doc, one, false, true)),
    ];
    doc.asked = many(said.asked).map((text) => ({ text, words: wordsOf(text) }));
    for (const one of doc.asked) one.tight = tight(one.words);
    doc.words = wordsOf(doc.text);
    names.push(...doc.own);
    for (const one of doc.own) weigh(doc, one.words, one.isTitle ? 1 : 0.9);
    for (const one of doc.asked) weigh(doc, one.words, 0.55);
    weigh(doc, doc.words, 0.45);
    docs.push(doc);
  });
  for (const one of names) spoken.delete(one.tight); // which has that name anyway
  if (index.docs.length && !docs.length) throw new TypeError("none of its docs has a title and a place");
  const places = new Map(docs.map((doc) => [doc.location, doc]));
  for (const doc of docs) {
    const home = doc.kind === "demo" && !doc.text && places.get(doc.location.replace(/#.*/, ""));
    if (home) doc.text = `Runs on the page “${home.title}”.`;
  }
  return { docs, names, spoken, ...shelved(vocabulary), numbered: new Map(docs.map((doc) => [doc.place, doc])), version: index.version };
}

/** A vocabulary, word -> doc -> weight, with what finds words in it that are like another. */
function shelved(vocabulary) {
  const sorted = [...vocabulary.keys()].sort();
  return { vocabulary, sorted, bits: Int32Array.from(sorted, letters) };
}

/** Where words of the texts stand, as a file says it, made ready. Raises where it is none, or of another index. */
export function readyWords(index, { version, words }) {
  if (version !== index.version) throw new TypeError("it belongs to another index");
  const vocabulary = new Map();
  for (const [word, numbers] of Object.entries(words)) {
    const docs = numbers.map((number) => index.numbered.get(number)).filter(Boolean);
    vocabulary.set(word, new Map(docs.map((doc) => [doc, 0.3])));
  }
  return shelved(vocabulary);
}

/** The names of the files, by first letters, that may know in which texts the words of a query stand. */
export function lettersOf(index, typed) {
  const words = understood(index, typed).content.filter((word) => word.length > 2);
  return [...new Set(words.map((word) => (/[a-z]/.test(word[0]) ? word[0] : "0")))];
}

/** The pages in whose texts the words of a query stand, but for those that are `shown`: [{doc, score, words}]. */
export function searchTexts(index, files, typed, shown, most = 5) {
  const query = understood(index, typed);
  const found = wordHits(index, query, files);
  const hits = [...found].filter(([doc, { covered, inText }]) => covered >= 0.6 && inText && !shown.has(doc));
  hits.sort((a, b) => b[1].share - a[1].share);
  return hits.slice(0, most).map(([doc, { share, words }]) => ({ doc, score: share, words }));
}

/** Of some sentences the one with most of some words, or "" where none has any. */
export function passageWith(sentences, words) {
  let best = "";
  let most = 0;
  for (const sentence of sentences) {
    const has = new Set(wordsOf(sentence).map(bare));
    let count = 0;
    for (const word of words) count += has.has(word);
    if (count > most) [best, most] = [sentence, count];
  }
  return best;
}

/**
 * What was typed, cut into words: all of them; `rest`, without what makes a question of a name at both ends; and
 * `content`, those that say what is asked for. Words lose signs at their ends that the index does not know them with:
 * `softmax*`; but without its sign A* would be no name at all.
 */
export function understood(index, typed) {
  const text = [...typed.slice(0, 2 * LONGEST)].slice(0, LONGEST).join("");
  const known = (word) => (bare(word).length < 2 || index.vocabulary.has(word) ? word : bare(word));
  const words = withSigns(index, wordsOf(text).slice(0, MOST_WORDS)).map(known);
  const isAsking = words.some((word) => ASKING.has(word));
  const isAfterDo = isAsking && words.some((word) => /^(how|do|does|did|why)$/.test(word));
  const says = (word) =>
    !(
      SMALL.has(word) ||
      ASKING.has(word) ||
      (isAsking && SMALL_WHEN_ASKING.has(word)) ||
      (isAfterDo && SMALL_AFTER_DO.has(word))
    );
  const content = words.filter(says);
  const rest = content.length ? words.slice(words.findIndex(says), words.findLastIndex(says) + 1) : words;
  return {
    words,
    rest,
    content: content.length ? content : words,
    tight: tight(words),
    tightRest: tight(rest),
    isAgainst: words.some((word) => AGAINST.has(word)),
    isComplete: /[\s?.!,;:]$/.test(text), // or the last word may only have begun
  };
}

/** Where a run of words begins in others, by words that are equal or plurals of each other; -1 for nowhere. */
function runAt(run, words, same = akin) {
  for (let at = 0; at + run.length <= words.length; at++) {
    if (run.every((word, i) => same(word, words[at + i]))) return at;
  }
  return -1;
}

/**
 * The pages that a query means, the best first: [{doc, score, name?, meanwhile?, question?, words}].
 *
 * name: the other name by which a page was found; meanwhile: the name of what has no page yet; question: the question; words: what of the index was found, to be marked.
 * Scores of 6 and more stand for names: from 9 all of a name, from 8 what remains of a question, from 7 a beginning or a
 * name with a letter wrong, from 6 a part. Below that words count, more where few pages have them.
 */
export function search(index, typed) {
  const query = understood(index, typed);
  if (!query.words.length) return [];
  const hits = new Map();
  const note = (doc, score, more) => {
    const hit = hits.get(doc);
    if (!hit || score > hit.score) hits.set(doc, { doc, score, ...more });
  };
  for (const name of index.names) {
    const score = nameScore(query, name);
    // What has the name of a term beside its own page, such as a subject or a demo, comes after it.
    if (score) note(name.doc, score - (name.doc.order < 2 ? 0 : 0.55), shownName(name));
  }
  const isLong = query.rest.length > 1;
  for (const doc of index.docs) {
    for (const question of doc.asked) {
      if (question.tight === query.tight) note(doc, 8.7, { question: question.text });
      else if (query.words.length > 2 && question.tight.startsWith(query.tight)) note(doc, 6.55, { question: question.text });
      else if (isLong && runAt(query.rest, question.words) >= 0) note(doc, 5.96, { question: question.text });
    }
    if (isLong && runAt(query.rest, doc.words) >= 0) note(doc, 5.94, {});
  }
  const found = wordHits(index, query);
  for (const [doc, { share, covered, whole, words }] of found) {
    const hit = hits.get(doc);
    // Words refine the order of pages that were found by their names, and find others.
    if (hit) hits.set(doc, { ...hit, score: hit.score + share / 100, words });
    else if (covered >= 0.5) note(doc, (whole ? 4 : 2) + share, { words, question: questionWith(doc, words) });
  }
  const ordered = [...hits.values()].sort(
    (a, b) => b.score - a.score || a.doc.order - b.doc.order || a.doc.title.length - b.doc.title.length,
  );
  return ordered.slice(0, SHOWN).map((hit) => ({ words: new Set(query.content), ...hit }));
}

/** What is said of the name by which a page was found, where that is not its title. */
function shownName({ isTitle, isMeanwhile, text }) {
  if (isTitle) return {};
  return isMeanwhile ? { meanwhile: text } : { name: text };
}

/** How well a query means a name, 0 for not at all. */
function nameScore(query, name) {
  const other = name.isTitle ? 0 : 0.1;
  if (!name.tight) return 0;
  if (name.tight === query.tight) return 9.9 - other;
  if (isPlural(query.words, query.tight, name)) return 9.5 - other;
  const isQuestion = query.tightRest !== query.tight;
  if (isQuestion) {
    if (name.tight === query.tightRest) return name.isTitle ? 8.8 : 8.6;
    if (isPlural(query.rest, query.tightRest, name)) return 8.5 - other;
  }
  // A comparison of what is asked to be compared, in whatever order.
  if (query.isAgainst && name.doc.kind === "comparison" && query.content.length > 1) {
    if (query.content.every((word) => name.words.some((one) => akin(word, one)))) return 9.2 - other;
  }
  let best = 0;
  for (const said of isQuestion ? [query.tight, query.tightRest] : [query.tight]) {
    const less = other + (said === query.tight ? 0 : 0.05);
    if (name.tight.startsWith(said)) best = Math.max(best, 7.5 - less - Math.min(0.4, (name.tight.length - said.length) / 50));
    if (said.length < 3 || name.tight.length < 4) continue;
    const most = Math.min(forgiven(name.tight.length), forgiven(said.length + 1));
    const wrong = nearest(said, name, most);
    if (wrong <= most) best = Math.max(best, (wrong < 2 ? 7.3 : 6.5) - less);
  }
  if (best) return best;
  // Part of a name: a run of its words. And a query with a name in it, the longest and the first of them.
  const part = runAt(query.content, name.words);
  if (part >= 0) return 6.2 - other - Math.min(0.4, part / 10 + (name.words.length - query.content.length) / 50);
  const at = runAt(name.words, query.words);
  if (at < 0 || name.words.every((word) => SMALL.has(word) || ASKING.has(word))) return 0;
  return 5.4 - other / 4 + Math.min(0.5, name.words.length / 10) - Math.min(0.3, at / 50);
}

function isPlural(words, together, name) {
  return (name.words.length === words.length && runAt(words, name.words) === 0) || akin(name.tight, together);
}

/** The distance of what was typed to a name, or to what it would be without the ending of a plural. */
function nearest(said, name, most) {
  let least = most + 1;
  for (const form of forms(said)) {
    if (Math.abs(form.length - name.tight.length) > most || apart(letters(form), name.letters) > 2 * most) continue;
    least = Math.min(least, distance(form, name.tight, most) + (form === said ? 0 : 0.1));
  }
  return least;
}

/** doc -> what of a query stands in it: {share of 1, covered: the same wherever it stands, whole: whether all of it does, words that do, inText}. */
function wordHits(index, query, files = []) {
  const content = [...new Set(query.content)];
  const found = new Map();
  let all = 0;
  content.forEach((word, i) => {
    const isLast = !query.isComplete && i === content.length - 1;
    const best = new Map(); // doc -> [quality, the word of the index]
    for (const shelf of [index, ...files]) {
      for (const [one, quality] of alike(shelf, word, isLast)) {
        for (const [doc, weight] of shelf.vocabulary.get(one)) {
          if (quality * weight > (best.get(doc)?.[0] ?? 0)) best.set(doc, [quality * weight, one, shelf !== index, quality]);
        }
      }
    }
    const rare = Math.log(1 + index.docs.length / Math.max(1, best.size));
    all += rare;
    for (const [doc, [weighed, one, inText, quality]] of best) {
      const hit = found.get(doc) ?? { share: 0, covered: 0, count: 0, words: new Set(), inText: false };
      hit.covered += rare * Math.min(1, quality + 0.25);
      hit.inText ||= inText;
      hit.share += rare * weighed;
      hit.count++;
      hit.words.add(one);
      found.set(doc, hit);
    }
  });
  for (const hit of found.values()) {
    hit.share /= all;
    hit.covered /= all;
    hit.whole = hit.count === content.length;
  }
  return found;
}

/** The words of a vocabulary that a typed one may mean, each with how surely: [[word, quality], ...]. */
export function alike({ vocabulary, sorted, bits }, word, isLast) {
  const found = new Map();
  const add = (one, quality) => quality > (found.get(one) ?? 0) && vocabulary.has(one) && found.set(one, quality);
  add(word, 1);
  for (const form of forms(word)) {
    add(form, 0.95);
    for (const ending of ["s", "es"]) add(form + ending, 0.95);
    if (form.endsWith("y")) add(`${form.slice(0, -1)}ies`, 0.95);
  }
  const isKnown = found.size > 0;
  if (word.length > 1) {
    for (let at = lowerBound(sorted, word); at < sorted.length && sorted[at].startsWith(word); at++)
      add(sorted[at], (isLast ? 0.75 : 0.55) * (word.length < 4 && !isLast ? 0.5 : 1));
  }
  if (!isKnown && word.length > 3) {
    const most = forgiven(word.length);
    const own = letters(word);
    for (let at = 0; at < sorted.length; at++) {
      const one = sorted[at];
      if (Math.abs(one.length - word.length) > most || one.length < 4 || apart(bits[at], own) > 2 * most) continue;
      const wrong = distance(word, one, most);
      if (wrong <= most) add(one, wrong < 2 ? 0.6 : 0.35);
    }
  }
  return found;
}

function lowerBound(sorted, word) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of the questions of a page the one with most of some words, if it has any that the text of the page has not. */
function questionWith(doc, words) {
  const count = (all) => [...words].filter((word) => all.includes(word)).length;
  const best = doc.asked.reduce((one, other) => (count(other.words) > count(one.words) ? other : one), doc);
  return best === doc ? undefined : best.text;
}

/** The names that look most like what was typed, for a reader who gets nothing else: at most `most`, and last where terms are wished for. */
export function near(index, typed, most = 3) {
  const said = understood(index, typed).content.join(" ");
  const pairs = (text) => new Set([...` ${text}`].map((letter, i, all) => letter + (all[i + 1] ?? " ")));
  const typedPairs = pairs(said);
  const best = new Map();
  for (const name of index.names) {
    if (name.doc.kind !== "term" && name.doc.kind !== "wanted") continue;
    const has = pairs(name.words.join(" "));
    let both = 0;
    for (const pair of typedPairs) both += has.has(pair);
    const likeness = (2 * both) / (typedPairs.size + has.size);
    if (likeness > (best.get(name.doc) ?? 0.42)) best.set(name.doc, likeness);
  }
  const ordered = [...best].sort((a, b) => b[1] - a[1]).slice(0, most);
  const wanted = index.docs.find((doc) => doc.location === "contribute/help-wanted/" && doc.kind === "guide");
  return [...ordered, ...(wanted ? [[wanted, 0]] : [])].map(([doc, score]) => ({ doc, score, words: new Set() }));
}
