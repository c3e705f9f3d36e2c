"""How long pages are: the height of every term's page in pixels, and of its sections, in Chromium.

    python -m bench.heights                      the site in build/site (make it first: make site)
    python -m bench.heights --site other/site    another one

A page is measured once its scripts have nothing left to do, with all its folds closed, as a reader finds it.
"""

import argparse
import shutil
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.browser import FLAGS, ROOT, Server

SCREENS = {1280: (800, 5000), 390: (844, 8000)}  # width -> height of the screen, and what the median is to be at most
WHOLE = "whole page"

# Pixels from each heading that stands in its section to the next, and of the page.
MEASURE = """whole => {
  const article = document.querySelector("article");
  const bottom = article.getBoundingClientRect().bottom;
  const heads = [...article.querySelectorAll("h2")].filter(head => head.checkVisibility());
  const tops = heads.map(head => head.getBoundingClientRect().top);
  const found = {"head": (tops[0] ?? bottom) - article.getBoundingClientRect().top};
  heads.forEach((head, i) => found[head.id] = (tops[i + 1] ?? bottom) - tops[i]);
  return {...found, [whole]: document.documentElement.scrollHeight};
}"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints a line per section: the median over all terms, at both widths."""
    parser = argparse.ArgumentParser(prog="python -m bench.heights", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--site", type=Path, default=ROOT / "build" / "site", help="the finished site")
    site: Path = parser.parse_args(arguments).site.resolve()
    pages = terms(site)
    if not pages:
        print(f"{site} has no pages of terms in it\n    hint: make site", file=sys.stderr)
        return 2
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        print("no Chromium on this machine\n    hint: install the package chromium", file=sys.stderr)
        return 2

    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        server = Server(site)
        found = {width: measured(browser, server.url, pages, width) for width in SCREENS}
        browser.close()
    print(f"median pixels over {len(pages)} terms" + "".join(f"{f'at {width}':>12}" for width in SCREENS))
    for section in dict.fromkeys(section for page in found[1280].values() for section in page):
        print(f"{section:<28}" + "".join(f"{median(found[width], section):>12,.0f}" for width in SCREENS))
    print(f"{'aim':<28}" + "".join(f"{most:>12,}" for _, most in SCREENS.values()))
    for width, heights in found.items():
        longest = max(heights, key=lambda page: heights[page][WHOLE])
        print(f"the longest at {width}: {longest}, {heights[longest][WHOLE]:,.0f} px")
    return 0


def terms(site: Path) -> list[str]:
    """The slugs of all terms that have a page, and no redirects."""
    found = sorted(site.glob("terms/*/index.html"))
    return [page.parent.name for page in found if 'class="tl-definition"' in page.read_text(encoding="utf-8")]


def measured(browser: Any, url: str, pages: Sequence[str], width: int) -> dict[str, dict[str, float]]:
    """By page, the height of each section in pixels, as it is once the scripts have done their part."""
    page = browser.new_page(viewport={"width": width, "height": SCREENS[width][0]})
    found = {}
    for slug in pages:
        page.goto(f"{url}terms/{slug}/")
        page.evaluate("() => new Promise(done => requestIdleCallback(() => done(), {timeout: 1000}))")
        found[slug] = page.evaluate(MEASURE, WHOLE)
    page.close()
    return found


def median(heights: dict[str, dict[str, float]], section: str) -> float:
    """Over those pages that have the section."""
    return statistics.median(page[section] for page in heights.values() if section in page)


if __name__ == "__main__":
    sys.exit(main())
