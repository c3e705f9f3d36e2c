"""Other names lead to the term."""

import json

import pytest
from bs4 import BeautifulSoup

from tests.generator.conftest import a_comparison, a_path, a_term, as_page
from tests.generator.pages.conftest import files_of


def test_other_names_lead_to_the_term(files):
    redirects = {path: content for path, content in files.items() if path.endswith(".html")}
    assert set(redirects) == {
        "terms/artificial-neuron/index.html", "terms/threshold-unit/index.html", "terms/cell/index.html",
        "terms/lambda-rule/index.html",
    }  # fmt: skip
    page = BeautifulSoup(redirects["terms/cell/index.html"], "html5lib")
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    assert page.select_one("meta[http-equiv=refresh]")["content"] == "0; url=../neuron/"
    assert page.select_one("link[rel=canonical]")["href"] == "../neuron/"
    assert (page.a["href"], page.a.get_text()) == ("../neuron/", "Artificial Neuron")


@pytest.mark.parametrize(
    ("entry", "old", "to"),
    [
        (a_comparison(former_slugs=["cell-vs-slope"]), "comparisons/cell-vs-slope", "../neuron-vs-gradient/"),
        (a_path("neuron", "gradient", former_slugs=["up"]), "paths/up", "../from-here-to-there/"),
        (a_path("neuron", "gradient", former_slugs=["neuron"]), "paths/neuron", "../from-here-to-there/"),
    ],
)
def test_an_old_address_of_a_comparison_or_a_path_leads_to_it(entry, old, to):
    terms = a_term("Neuron"), a_term("Gradient", prerequisites=["neuron"])
    made = files_of(*terms, entry)
    assert {path for path in made if path.endswith(".html")} == {f"{old}/index.html"}
    page = BeautifulSoup(made[f"{old}/index.html"], "html5lib")
    assert page.select_one("meta[http-equiv=refresh]")["content"] == f"0; url={to}"
    assert page.select_one("link[rel=canonical]")["href"] == to
    assert (page.a["href"], page.a.get_text()) == (to, entry.title)
    rows = json.loads(made["assets/names.json"])
    assert [row[2:] for row in rows if row[1] == entry.title] == [[old.rpartition("/")[2]]]


@pytest.mark.parametrize(
    ("entry", "old", "to"),
    [
        (a_comparison(former_slugs=["terms/cell"]), "terms/cell", "../../comparisons/neuron-vs-gradient/"),
        (
            a_path("neuron", "gradient", former_slugs=["comparisons/a-vs-b"]),
            "comparisons/a-vs-b",
            "../../paths/from-here-to-there/",
        ),
        (a_term("Softmax", prerequisites=["neuron"], former_slugs=["paths/up"]), "paths/up", "../../terms/softmax/"),
    ],
)
def test_an_old_address_as_another_kind_of_page_leads_to_it(entry, old, to):
    made = files_of(a_term("Neuron"), a_term("Gradient", prerequisites=["neuron"]), entry)
    page = BeautifulSoup(made[f"{old}/index.html"], "html5lib")
    assert page.select_one("meta[http-equiv=refresh]")["content"] == f"0; url={to}"
    assert page.select_one("link[rel=canonical]")["href"] == to
    assert page.a["href"] == to


def test_a_redirect_shows_a_title_as_text():
    files = files_of(a_term('</title><script>alert("x")</script>', "neuron", aliases=["unit"]))
    page = BeautifulSoup(files["terms/unit/index.html"], "html5lib")
    assert [script.string for script in page.find_all("script")] == [
        'location.replace("../neuron/" + location.search + location.hash)'
    ]
    assert page.title.get_text() == '</title><script>alert("x")</script>'


def test_an_acronym_with_two_meanings_gets_a_page_that_says_which_is_which(files):
    front, page = as_page(files["terms/ann.md"])
    assert front["description"] == "ANN can stand for artificial neuron or Adam."
    assert page.h1.get_text() == "ANN"
    assert [link.get_text() for link in page.select(".tl-card a")] == ["Artificial Neuron", "Adam"]
