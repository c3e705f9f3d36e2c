// On the page for addresses where nothing is: which pages the reader may have meant, guessed from the names of all, and
// the words of the address in the box that searches. Without this script that page has its links to all lists.

const MOST = 5; // guesses shown
const ENDINGS = /\.(html?|md|php|aspx?)$/i;

// A name or a piece of an address as words between hyphens, in small letters without accents.
function folded(text) {
  let plain = text;
  try {
    plain = decodeURIComponent(text);
  } catch {} // a lone % stands for itself
  return plain.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "");
}

// How many letters have to be put in, left out, exchanged or swapped with their neighbor to make one text of the other.
function slips(one, other) {
  let before = [];
  let row = [...Array(other.length + 1).keys()];
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const differs = one[i - 1] === other[j - 1] ? 0 : 1;
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + differs);
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      if (swapped) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[other.length];
}

// How far a name is from what was asked for: 0 is the same, Infinity is something else.
function distance(asked, name) {
  if (asked === name) return 0;
  const [a, n] = [asked, name].map((text) => text.replaceAll("-", ""));
  if (a === n || ["s", "es"].some((end) => a === n + end || n === a + end)) return 1;
  const wrong = Math.abs(a.length - n.length) < 4 ? slips(a, n) : Infinity;
  if (wrong <= Math.max(1, Math.floor(n.length / 4)) && n.length > 2) return 1 + Math.min(1, (4 * wrong) / n.length);
  const [words, others] = [asked, name].map((text) => text.split("-"));
  const known = words.filter((word) => others.includes(word));
  if (known.length === others.length && (name.length > 2 || words.length === 1)) return 2 + 0.1 * (words.length - known.length);
  if (known.length === words.length && asked.length > 2) return 3 + 0.1 * (others.length - known.length);
  if (asked.length > 2 && name.startsWith(asked)) return 5;
  return Infinity;
}

// The pieces of a path below the site as words between hyphens.
const piecesOf = (path) =>
  path.split("/").map((piece) => folded(piece.replace(ENDINGS, ""))).filter((piece) => piece && piece !== "index");

// What may have been meant by a path below the site, best first: [[address, title, name that is alike], …].
export function guesses(path, rows) {
  for (const asked of piecesOf(path).reverse()) {
    const found = rows.flatMap(([address, title, ...others]) => {
      const slug = address.split("/").at(-2);
      const names = [title, slug, ...others].map((name) => [distance(asked, folded(name)), name]);
      const [far, name] = names.reduce((best, one) => (one[0] < best[0] ? one : best));
      return far < Infinity ? [{ far, guess: [address, title, name === slug ? title : name] }] : [];
    });
    if (found.length) {
      found.sort((one, other) => one.far - other.far);
      return found.filter(({ far }) => far <= found[0].far + 2).slice(0, MOST).map(({ guess }) => guess);
    }
  }
  return [];
}

async function show(box) {
  const { names, base } = box.dataset;
  const root = new URL(base.endsWith("/") ? base : `${base}/`, location.href);
  const path = location.pathname.startsWith(root.pathname) ? location.pathname.slice(root.pathname.length) : location.pathname;
  const asked = document.querySelector(".tl-ask input");
  if (asked) asked.value = (piecesOf(path).at(-1) ?? "").replaceAll("-", " ");
  const answer = await fetch(new URL(names, location.href));
  if (!answer.ok) return;
  for (const [address, title, name] of guesses(path, await answer.json())) {
    const link = document.createElement("a");
    link.href = new URL(address, root);
    link.textContent = title;
    const item = document.createElement("li");
    item.append(link, name === title ? "" : `, also called ${name}`);
    box.querySelector("ul").append(item);
    box.hidden = false;
  }
}

// Where the names can not be had, the page stays as it is.
for (const box of document.querySelectorAll(".tl-guesses")) show(box).catch(() => {});
