"""How well and how fast the search box finds what readers type, in Chromium, with the script of the site itself.

    python -m bench.search                   queries made from all terms: for how many of them the right page is first
    python -m bench.search --missed          also which ones miss, and what comes first instead
    python -m bench.search --terms 1000      the size of the index for as many made-up terms, and the time of an answer

The queries are made from whatever terms there are, with a fixed seed, so that two versions are asked the same. For each
kind of query the reader wants one page, that of the term whose name was typed; where an alias belongs to several terms,
the page that lists them, or any of theirs.
"""

import argparse
import functools
import gzip
import http.server
import random
import shutil
import statistics
import string
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from generator.model.glossary import Glossary

HERE = Path(__file__).parent.parent
ASSETS = HERE / "generator" / "pages" / "assets"
SCRIPTS = ("ranking.js", "search.js")
SHARE = 395 / 414  # of all queries, for which the right page must be first
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


class Query(NamedTuple):
    """What a reader types, of what kind that is, and the addresses of the pages that are right."""

    kind: str
    typed: str
    right: frozenset[str]


# --- what readers type --------------------------------------------------------------------------------------


def queries(glossary: "Glossary", seed: int = 1) -> Iterator[Query]:
    """Queries made from all terms of a glossary, in the kinds that readers use, the same for the same seed.

    name: a title or an alias; question: "what is a token", or one that the page answers, word for word; plural;
    letter: one of a title left out, swapped with the next, or wrong; mark: a name between signs, or joined otherwise.
    """
    from generator.problems import plural

    rng = random.Random(seed)
    for term in glossary.terms.values():
        own = f"terms/{term.slug}/"
        for name in term.names:
            sharing = glossary.ambiguous.get(name, [])
            right = {own, *(f"terms/{slug}/" for slug in [*sharing, name.lower()] if sharing)}
            yield Query("name", rng.choice([name, name, name.lower()]), frozenset(right))
        right = frozenset([own])
        title = term.title
        yield Query("question: what is", f"what is {term.with_article}", right)
        yield Query("question: how", rng.choice(["how does {} work", "{} explained", "Define {}"]).format(title), right)
        if term.faq:
            yield Query("question: its own", rng.choice(term.faq).question, right)
        yield Query("plural", plural(title).lower(), right)
        letters = [place for place in range(1, len(title) - 1) if title[place : place + 2].isalpha()]
        if len(title) > 3 and letters:
            at = rng.choice(letters)
            yield Query("letter missing", (title[:at] + title[at + 1 :]).lower(), right)
            swaps = [place for place in letters if title[place].lower() != title[place + 1].lower()] or letters
            at = rng.choice(swaps)
            yield Query("letter swapped", (title[:at] + title[at + 1] + title[at] + title[at + 2 :]).lower(), right)
            at = rng.choice(letters)
            wrong = rng.choice([one for one in string.ascii_lowercase if one != title[at].lower()])
            yield Query("letter wrong", (title[:at] + wrong + title[at + 1 :]).lower(), right)
        yield Query("mark", rng.choice(["{}:", "“{}”", "({})", "{}?", "‘{}’,", "**{}**", "`{}`"]).format(title), right)
        joined = title.replace("-", " ") if "-" in title else title.replace(" ", rng.choice("-‑–/_"))
        yield Query("mark", joined, right)


# --- asking -------------------------------------------------------------------------------------------------

ASK = """async ([script, index, typed]) => {
  const { ready, search } = await import(script);
  const known = ready(index);
  return typed.map((text) => search(known, text).slice(0, 3).map((hit) => hit.doc.location));
}"""

# Every query is asked four times, since the first time a browser is still compiling. The shortest time counts, since
# others may be at work on the machine.
TIMES = """async ([script, index, typed]) => {
  const { ready, search } = await import(script);
  let started = performance.now();
  const known = ready(index);
  const before = performance.now() - started;
  const spent = typed.map(() => Infinity);
  for (let round = 0; round < 4; round++) {
    typed.forEach((text, i) => {
      started = performance.now();
      search(known, text);
      spent[i] = Math.min(spent[i], performance.now() - started);
    });
  }
  return [before, spent];
}"""


def first_pages(page: Any, script: str, index: dict[str, Any], typed: Sequence[str]) -> list[list[str]]:
    """What the script of the site finds first for each query: up to three addresses, the best first.

    page: a page of Playwright on the origin that serves the script; script: its address.
    """
    found: list[list[str]] = page.evaluate(ASK, [script, index, list(typed)])
    return found


def judged(asked: Sequence[Query], found: Sequence[Sequence[str]]) -> dict[str, tuple[int, int]]:
    """kind of query -> for how many of them the right page is first, and how many there are."""
    counts: dict[str, tuple[int, int]] = {}
    for query, pages in zip(asked, found, strict=True):
        right, all_of_them = counts.get(query.kind, (0, 0))
        counts[query.kind] = right + is_right(query, pages), all_of_them + 1
    return counts


def is_right(query: Query, pages: Sequence[str]) -> bool:
    return bool(pages) and pages[0] in query.right


# --- the command --------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other queries")
    parser.add_argument("--missed", action="store_true", help="show the queries for which another page is first")
    parser.add_argument("--terms", type=int, default=1_000, metavar="N", help="made-up terms for sizes and times")
    given = parser.parse_args()
    from generator.exports.search import packed, search_index, text_words
    from generator.load.glossary import load

    glossary = load(HERE).glossary
    asked = list(queries(glossary, given.seed))
    with tempfile.TemporaryDirectory(prefix="termlab-bench-") as folder, _page() as (page, script):
        found = first_pages(page, script, search_index(glossary), [query.typed for query in asked])
        print(_table(judged(asked, found)))
        for query, pages in zip(asked, found, strict=True):
            if given.missed and not is_right(query, pages):
                print(f"  {query.kind}: {query.typed} -> {pages[0] if pages else 'nothing'}")
        size = sum(_gzipped((ASSETS / name).read_bytes()) for name in SCRIPTS)
        print(f"\nscripts: {size / 1000:.1f} kB gzipped of 25")
        large = _made_up(Path(folder) / "made-up", given.terms)
        index = search_index(large)
        print(
            f"index of {given.terms:,} made-up terms: {_gzipped(packed(index).encode()) / 1000:.0f} kB gzipped of 150"
        )
        real = [doc for doc in search_index(glossary)["docs"] if doc["kind"] == "term"]
        half, whole = (_gzipped(packed(docs).encode()) for docs in (real[: len(real) // 2], real))
        print(f"  each of the later real terms: {(whole - half) / (len(real) - len(real) // 2):.0f} bytes of it")
        files = [packed(found).encode() for found in text_words(large, index, Path(folder)).values()]
        sizes = sorted(map(_gzipped, files))
        print(f"  words of the texts, in files that are loaded one by one: {sizes[-1] / 1000:.0f} kB gzipped", end="")
        print(f" at most, {sum(sizes) / 1000:.0f} kB together")
        typed = [query.typed for query in random.Random(1).sample(list(queries(large)), 300)]
        before, spent = page.evaluate(TIMES, [script, index, typed])
        print(f"made ready in {before:.0f} ms, once; an answer takes {statistics.median(spent):.1f} ms (p50)", end="")
        print(f", {statistics.quantiles(spent, n=20)[-1]:.1f} (p95), {max(spent):.1f} (most) of 20")


def _made_up(root: Path, size: int) -> "Glossary":
    from bench.scale import make
    from generator.load.glossary import load

    make(root, size, 1, False)
    return load(root).glossary


def _table(counts: dict[str, tuple[int, int]]) -> str:
    lines = [f"{kind:20}{right:6} of {many}" for kind, (right, many) in counts.items()]
    right, many = map(sum, zip(*counts.values(), strict=True))
    return "\n".join([*lines, f"{'all':20}{right:6} of {many}, {right / many:.1%} (aim: {SHARE:.1%})"])


def _gzipped(content: bytes) -> int:
    return len(gzip.compress(content, 9, mtime=0))


class _page:  # noqa: N801  used like a function
    """A page of Chromium on a server of the scripts: (page, address of ranking.js)."""

    def __enter__(self) -> tuple[Any, str]:
        from playwright.sync_api import sync_playwright

        chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        if chromium is None:
            sys.exit("no Chromium on this machine: install the package chromium to measure the search box")
        handler = functools.partial(_Quiet, directory=str(ASSETS))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.playwright = sync_playwright().start()
        self.browser = self.playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = self.browser.new_page()
        origin = f"http://127.0.0.1:{self.server.server_port}/"
        page.goto(origin + "termlab.css")
        return page, f"{origin}ranking.js"

    def __exit__(self, *_: object) -> None:
        self.browser.close()
        self.playwright.stop()
        self.server.shutdown()
        self.server.server_close()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    main()
