"""A glossary whose every plain text is an attack, made by the real engine and looked at in a real browser.

Check would refuse most of it. It is not asked here, since what makes the pages has to hold alone.
"""

import os
import shutil
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup

from tests.generator.conftest import CATEGORIES, DEMO, ROOT, copy_machinery, entry, write_yaml
from tests.generator.test_build import COMMAND
from tests.site.conftest import Served
from tests.site.test_browser import results

UNCHECKED = COMMAND.replace(
    "code = ", "from generator import build\nbuild.check = build.verdict = lambda *_: []\ncode = "
)
ATTACK = "<img src=x onerror=window.hacked=1>"
MEANT = "Neuron " + ATTACK


def write_project(folder, attack):
    """Three terms, a comparison, a path and categories, with this in every plain text."""
    source = {"title": f"On {attack}", "authors": attack, "url": "https://example.org/", "year": 1943, "kind": "paper"}
    write_yaml(
        folder / "terms" / "categories.yml",
        [{name: text if name == "slug" else f"{text} {attack}" for name, text in one.items()} for one in CATEGORIES],
    )
    for title, extra in (
        ("Neuron", {"formula": [{"latex": "x", "symbols": {"x": attack}}], "related": ["gradient"]}),
        ("Gradient", {"prerequisites": []}),
        ("Adam", {"prerequisites": ["gradient"]}),
    ):
        changes = {
            "aliases": [title, f"The {title} {attack}"],
            "sources": [source],
            "definition": f"A {title.lower()} is {attack}, a thing for tests.",
            "faq": [{"question": f"Why {title} {attack}?", "answer": "Because."}],
            "reviewed": {"date": "2026-11-23", "by": attack},
            "nolink": [attack],
        }
        write_yaml(
            folder / "terms" / f"{title.lower()}.yml", entry(title, **extra, **changes) | {"title": f"{title} {attack}"}
        )
    write_yaml(
        folder / "terms" / "comparisons" / "neuron-vs-gradient.yml",
        {
            "title": f"Neuron vs. {attack}",
            "sides": [{"label": f"N {attack}", "about": "neuron"}, "gradient"],
            "summary": "Both occur.",
            "rows": [
                {"aspect": f"{kind} {attack}", "values": {f"N {attack}": "x", "gradient": "y"}}
                for kind in ("Kind", "Size")
            ],
            "choose": {f"N {attack}": "x", "gradient": "y"},
            "sources": [source],
            "written": "2026-11-23",
        },
    )
    write_yaml(
        folder / "terms" / "paths" / "way.yml",
        {
            "title": f"Way {attack}",
            "summary": "A way.",
            "outcome": "walk",
            "steps": [{"term": slug, "why": "It comes now."} for slug in ("gradient", "neuron")],
            "written": "2026-11-23",
        },
    )
    demo = DEMO.replace("Tiny: one number.", f"Tiny: {attack}").replace(
        "The size is {size}.", f"The size is {{size}} {attack}."
    )
    demo = demo.replace('"Sizes", ["size"]', f'"Sizes {attack}", ["size {attack}"]').replace(
        "half of it", f"half {attack}"
    )
    demo = demo.replace("from typing", f"# </code></pre></details> {attack} ``` ~~~\nfrom typing")
    copy_machinery(folder / "demos")
    (folder / "demos" / "tiny.py").write_text(demo, encoding="utf-8")
    shutil.copytree(ROOT / "generator" / "theme", folder / "generator" / "theme")
    shutil.copy(ROOT / "mkdocs.yml", folder)
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The site of the attack, served, and beside it the same site with a harmless word in each place."""
    folders = [write_project(tmp_path_factory.mktemp("hostile"), text) for text in (ATTACK, "harmless words here")]
    served = Served(folders[0] / "build" / "site")
    for folder in folders:
        done = subprocess.run(
            [sys.executable, "-c", UNCHECKED, "site", "--root", str(folder)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env={**os.environ, "TERMLAB_URL": served.url},
        )
        assert done.returncode == 0, done.stdout + done.stderr
    yield served, *(folder / "build" / "site" for folder in folders)
    served.stop()


def elements(path):
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html5lib")
    return [(one.name, *sorted(one.attrs)) for one in page.find_all(True)]


def test_the_pages_of_an_attack_have_the_elements_of_any_other(built):
    _, hostile, harmless = built
    pages = [path.relative_to(harmless) for path in harmless.rglob("*.html")]
    same = [path for path in pages if (hostile / path).is_file()]
    assert len(same) >= 20  # all but those of other names, whose addresses are made of them
    assert [str(path) for path in same if elements(hostile / path) != elements(harmless / path)] == []


@pytest.mark.browser
def test_nothing_of_an_attack_runs_in_a_browser_not_even_from_the_search(built, browser_page):
    served, hostile, _ = built
    for path in sorted(hostile.rglob("index.html")):
        if 'http-equiv="refresh"' in path.read_text(encoding="utf-8"):
            continue  # leads to one of the others
        browser_page.goto(served.url + path.parent.relative_to(hostile).as_posix().removeprefix(".") + "/")
    browser_page.goto(served.url + "terms/neuron/")
    assert browser_page.text_content("h1").strip().startswith(MEANT)
    for query in ("neuron", "gradient", "thing"):
        browser_page.goto(served.url + "terms/neuron/")
        assert results(browser_page, query)
        assert ATTACK in browser_page.text_content(".md-search-result__list"), "the search shows the text of the attack"
        assert browser_page.query_selector(".md-search-result__list img") is None
    assert browser_page.evaluate("window.hacked") is None
