"""The whole folder: a page for everything, a way to everything, and the glossary for other programs."""

import json
from pathlib import Path, PurePosixPath

import pytest
from bs4 import BeautifulSoup

from demos._run.source import read
from generator.config import Site
from generator.exports.glossary_json import export
from generator.exports.search import search_index
from generator.output.write import Page
from generator.pages.site import site
from tests.generator.conftest import DEMO, a_comparison, a_glossary, a_path, a_term, as_page, lessons_for

SITE = Site("https://example.org/")
SHARED = {"text": "ANN", "ambiguous": True}
TERMS = [
    a_term("Artificial Neuron", "neuron", aliases=["neuron", "Threshold Unit", SHARED], former_slugs=["cell"],
           demo={"module": "tiny", "home": True}),
    a_term("Gradient", category="more", level="advanced", prerequisites=["neuron"], related=["adam"],
           faq=[{"question": "Why gradients?", "answer": "So."}]),
    a_term("Adam", aliases=["λ-rule", SHARED], demo="other", definition="Adam is a rule. Many train with Adam."),
]  # fmt: skip
DEMOS = {"tiny": read("tiny", text=DEMO), "other": read("other", text=DEMO)}


def made(glossary, **changes):
    """Every file of the site, with the pages made."""
    files = site(glossary, lessons_for(glossary, **changes), SITE)
    return {path: content.make() if isinstance(content, Page) else content for path, content in files.items()}


def files_of(*entries, **changes):
    return made(a_glossary(*entries, **changes))


@pytest.fixture(scope="module")
def files():
    return files_of(*TERMS, a_comparison(summary="Both *occur*."), a_path("neuron", "gradient"), demos=DEMOS)


def links(files, path, selector):
    page = as_page(files[path])[1]
    return [(" ".join(link.get_text().split()), link["href"]) for link in page.select(selector)]


def test_everything_has_a_page(files):
    pages = {path for path in files if path.endswith(".md")}
    assert pages == {
        "index.md", "ladder.md", "terms/index.md", "terms/neuron.md", "terms/gradient.md", "terms/adam.md",
        "terms/ann.md", "categories/index.md", "categories/basics.md", "categories/more.md", "levels/index.md",
        "levels/beginner.md", "levels/intermediate.md", "levels/advanced.md", "comparisons/index.md",
        "comparisons/neuron-vs-gradient.md", "paths/index.md", "paths/from-here-to-there.md", "demos/index.md",
        "contribute/index.md", "contribute/help-wanted.md", "contribute/how-to-write-a-term.md",
        "contribute/how-to-write-a-demo.md",
    }  # fmt: skip


def test_every_page_has_a_title_and_a_description_and_keeps_out_of_the_search_of_the_engine(files):
    for path, content in files.items():
        if path.endswith(".md"):
            front, page = as_page(content)
            assert front["title"], path
            assert front["description"].endswith((".", "?")), path
            assert front["search"] == {"exclude": True}, path
            assert len(page.find_all("h1")) == 1, path


def test_every_link_of_every_page_lands(files):
    addresses = {
        PurePosixPath(path.removesuffix(".md").removesuffix("index")) for path in files if path.endswith(".md")
    }
    for path, content in files.items():
        if not path.endswith(".md"):
            continue
        here = PurePosixPath(path)
        for link in as_page(content)[1].find_all("a", href=True):
            to = link["href"]
            if to.startswith(("https:", "#")):
                continue
            target, _, anchor = to.partition("#")
            if target.endswith(".md"):  # Markdown links start at the file, and the engine turns them into addresses
                assert str(resolved(here.parent / target)) in files, (path, to)
            else:  # raw HTML starts at the address of the page, which is a folder
                folder = here.parent if here.stem == "index" else here.with_suffix("")
                assert resolved(folder / target) in addresses, (path, to)
            if anchor == "try-it":
                assert "## Try it" in files[f"{resolved(folder / target)}.md"], (path, to)


def resolved(path):
    """A path without its dots; fails where it leaves the top."""
    parts = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return PurePosixPath(*parts)


# --- other names ------------------------------------------------------------------------------------------


def test_other_names_lead_to_the_term(files):
    redirects = {path: content for path, content in files.items() if path.endswith(".html")}
    assert set(redirects) == {
        "terms/artificial-neuron/index.html", "terms/threshold-unit/index.html", "terms/cell/index.html",
        "terms/rule/index.html",
    }  # fmt: skip
    page = BeautifulSoup(redirects["terms/cell/index.html"], "html5lib")
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    assert page.select_one("meta[http-equiv=refresh]")["content"] == "0; url=../neuron/"
    assert page.select_one("link[rel=canonical]")["href"] == "../neuron/"
    assert (page.a["href"], page.a.get_text()) == ("../neuron/", "Artificial Neuron")


def test_a_redirect_shows_a_title_as_text():
    files = files_of(a_term('</title><script>alert("x")</script>', "neuron", aliases=["unit"]))
    page = BeautifulSoup(files["terms/unit/index.html"], "html5lib")
    assert page.script is None
    assert page.title.get_text() == '</title><script>alert("x")</script>'


def test_an_acronym_with_two_meanings_gets_a_page_that_says_which_is_which(files):
    front, page = as_page(files["terms/ann.md"])
    assert front["description"] == "ANN can stand for artificial neuron or Adam."
    assert page.h1.get_text() == "ANN"
    assert [link.get_text() for link in page.select(".tl-card a")] == ["Artificial Neuron", "Adam"]


# --- indexes ----------------------------------------------------------------------------------------------


def test_a_to_z_lists_every_name_under_its_letter(files):
    page = as_page(files["terms/index.md"])[1]
    listed = {
        heading.find(string=True): [name.get_text() for name in heading.find_next("dl").find_all("dt")]
        for heading in page.find_all("h2")
    }
    assert listed == {
        "#": ["λ-rule"],
        "A": ["Adam", "ANN", "ANN", "Artificial Neuron"],
        "G": ["Gradient"],
        "N": ["neuron"],
        "T": ["Threshold Unit"],
    }
    says = {name.get_text(): name.find_next("dd").get_text() for name in page.find_all("dt")}
    assert says["Adam"] == "Adam is a rule. Many train with Adam."
    assert says["Threshold Unit"] == "see Artificial Neuron"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("categories/basics.md", ["Adam", "Artificial Neuron"]),
        ("categories/more.md", ["Gradient"]),
        ("levels/beginner.md", ["Adam", "Artificial Neuron"]),
        ("levels/intermediate.md", []),
        ("levels/advanced.md", ["Gradient"]),
        ("categories/index.md", ["Basics", "More"]),
        ("levels/index.md", ["Beginner", "Intermediate", "Advanced"]),
        ("comparisons/index.md", ["Neuron vs. Gradient"]),
        ("paths/index.md", ["From here to there"]),
        ("demos/index.md", ["Tiny: one number.", "Tiny: one number."]),
    ],
)
def test_an_index_lists_what_belongs_to_it(files, path, expected):
    assert [title for title, _ in links(files, path, ".tl-card a")] == expected


def test_an_index_counts_what_it_leads_to(files):
    page = as_page(files["categories/index.md"])[1]
    assert [meta.get_text() for meta in page.select(".tl-card-meta")] == ["2 terms", "1 term"]


def test_the_index_of_demos_leads_to_their_homes(files):
    assert [to for _, to in links(files, "demos/index.md", ".tl-card a")] == [
        "../terms/neuron/#try-it",
        "../terms/adam/#try-it",
    ]


def test_the_home_page_invites(files):
    page = as_page(files["index.md"])[1]
    found = dict(links(files, "index.md", "a"))
    assert found["Start at an artificial neuron"] == "terms/neuron/"
    assert found["All terms"] == "terms/"
    assert found["From here to there"] == "paths/from-here-to-there/"
    assert found["Basics"] == "categories/basics/"
    assert found["Help wanted"] == "contribute/help-wanted/"
    assert "3 terms" in page.get_text()
    assert page.select_one(".tl-demo")["data-demo"] == "tiny"


def test_a_category_without_terms_is_not_on_the_home_page_and_has_a_page():
    files = files_of(a_term("Neuron"))
    assert "More" not in [title for title, _ in links(files, "index.md", ".tl-card a")]
    assert "categories/more.md" in files


def test_the_ladder_goes_rung_by_rung():
    files = made(a_glossary(*TERMS, demos=DEMOS), builds_on={"tiny": [], "other": ["tiny"]})
    page = as_page(files["ladder.md"])[1]
    rungs = [" ".join(rung.get_text().split()) for rung in page.select(".tl-rungs li")]
    assert rungs == ["Artificial Neuron", "Adam, built on artificial neuron"]
    assert {link.get_text(): link["href"] for link in page.select(".tl-ladder a")} == {
        "Artificial Neuron": "../terms/neuron/",
        "Adam": "../terms/adam/",
    }


def test_a_glossary_of_one_term_makes_a_site():
    assert "terms/neuron.md" in files_of(a_term("Neuron"))


# --- for other readers ------------------------------------------------------------------------------------


def test_the_glossary_is_exported_as_data():
    data = json.loads(export(a_glossary(*TERMS)))
    assert data["license"] == "CC-BY-4.0"
    assert list(data["terms"]) == ["neuron", "gradient", "adam"]
    gradient = data["terms"]["gradient"]
    assert (gradient["title"], gradient["related"], gradient["written"]) == ("Gradient", ["adam"], "2026-11-23")
    assert data["terms"]["adam"]["related"] == ["gradient"], "a relation is seen from both sides"
    assert data["terms"]["neuron"]["aliases"][1:] == [{"text": "Threshold Unit"}, SHARED]


def test_the_search_knows_each_page_by_its_names_and_its_definition():
    docs = search_index(a_glossary(*TERMS, a_comparison(summary="Both *occur*."), a_path("neuron", "gradient")))["docs"]
    by_place = {doc["location"]: doc for doc in docs}
    assert list(by_place) == [
        "terms/neuron/", "terms/gradient/", "terms/adam/", "comparisons/neuron-vs-gradient/",
        "contribute/", "contribute/help-wanted/", "contribute/how-to-write-a-term/", "contribute/how-to-write-a-demo/",
        "categories/basics/", "categories/more/", "paths/from-here-to-there/",
    ]  # fmt: skip
    assert by_place["terms/neuron/"] == {
        "location": "terms/neuron/", "title": "Artificial Neuron", "text": TERMS[0].definition,
        "aliases": "neuron Threshold Unit ANN", "tags": ["neuron", "Threshold Unit", "ANN"],
    }  # fmt: skip
    assert by_place["terms/gradient/"]["text"].endswith("Why gradients?")
    assert by_place["comparisons/neuron-vs-gradient/"]["text"] == "Both occur."
    assert by_place["contribute/how-to-write-a-demo/"]["title"] == "How to write a demo"


def test_the_search_gets_as_html_what_the_theme_takes_for_html():
    term = a_term("Neuron", aliases=["R&D"], definition="A neuron is 1 < 2.", faq=[{"question": "<b>?", "answer": "x"}])
    assert search_index(a_glossary(term))["docs"][0] == {
        "location": "terms/neuron/", "title": "Neuron", "text": "A neuron is 1 &lt; 2. &lt;b&gt;?", "aliases": "R&D",
        "tags": ["R&amp;D"],
    }  # fmt: skip


def test_what_pages_load_goes_along(files):
    assert {"assets/termlab.css", "assets/charts.css"} <= set(files)
    for path, content in files.items():
        assert isinstance(content, str | bytes) or (isinstance(content, Path) and content.is_file()), path


def test_the_same_glossary_makes_the_same_files(files):
    again = files_of(*TERMS, a_comparison(summary="Both *occur*."), a_path("neuron", "gradient"), demos=DEMOS)
    assert again == files
