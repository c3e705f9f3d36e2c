"""Indexes, the home page and the ladder."""

import pytest

from tests.generator.conftest import a_glossary, a_term, as_page
from tests.generator.pages.conftest import DEMOS, TERMS, files_of, made


def links(files, path, selector):
    page = as_page(files[path])[1]
    return [(" ".join(link.get_text().split()), link["href"]) for link in page.select(selector)]


def test_a_to_z_lists_every_name_under_its_letter(files):
    page = as_page(files["terms/index.md"])[1]
    listed = {
        heading.find(string=True): [name.get_text() for name in heading.find_next("dl").find_all("dt")]
        for heading in page.find_all("h2")
    }
    assert listed == {
        "A": ["Adam", "ANN", "ANN", "Artificial Neuron"],
        "G": ["Gradient"],
        "L": ["λ-rule"],
        "N": ["neuron"],
        "T": ["Threshold Unit"],
    }
    says = {name.get_text(): name.find_next("dd").get_text() for name in page.find_all("dt")}
    assert says["Adam"] == "Adam is a rule. Many train with Adam."
    assert says["Threshold Unit"] == "see Artificial Neuron"


def test_letters_of_every_alphabet_stand_where_readers_look_for_them_and_a_bar_leads_there():
    names = ["Élő Rating", "β-VAE", "3×3 Kernel", "ε-Greedy Search", "Éclat", "Łukasiewicz Logic", "Eclipse", "Lattice"]
    page = as_page(files_of(*(a_term(name) for name in names))["terms/index.md"])[1]
    listed = {
        heading["id"]: [name.get_text() for name in heading.find_next("dl").find_all("dt")]
        for heading in page.find_all("h2")
    }
    assert listed == {
        "digits": ["3×3 Kernel"],
        "b": ["β-VAE"],
        "e": ["Éclat", "Eclipse", "Élő Rating", "ε-Greedy Search"],
        "l": ["Lattice", "Łukasiewicz Logic"],
    }
    bar = page.select("nav.tl-letters a")
    assert [link["href"] for link in bar] == [f"#{place}" for place in listed]
    assert [link.get_text() for link in bar] == ["#", "B", "E", "L"]
    assert bar[0]["aria-label"] == "Digits"


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
