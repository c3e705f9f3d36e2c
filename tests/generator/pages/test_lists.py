"""Indexes, the home page and the ladder."""

import json
import re

import pytest

from generator.pages.home import A_FILE, TODAY
from tests.generator.conftest import a_path, a_term, as_page
from tests.generator.pages.conftest import files_of


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
    assert found["Artificial Neuron"] == "terms/neuron/"
    assert found["all terms from A to Z"] == "terms/"
    assert found["From here to there"] == "paths/from-here-to-there/"
    assert found["The ladder"] == "ladder/"
    assert found["Basics"] == "categories/basics/"
    assert found["Help wanted"] == "contribute/help-wanted/"
    assert "3 terms" in page.get_text()
    assert [item.get_text(" ", strip=True).partition(" terms")[0] for item in page.select(".tl-tiles li")] == [
        "Basics 2", "More 1 term What comes after."
    ]  # fmt: skip
    assert page.select_one(".tl-demo")["data-demo"] == "tiny"


def test_what_needs_a_script_on_the_home_page_waits_for_one(files):
    page = as_page(files["index.md"])[1]
    assert page.select_one(".tl-ask").has_attr("hidden")
    assert page.select_one(".tl-today h2").get_text().startswith("A term to start with")
    assert page.select_one(".tl-today a").get_text() == "Artificial Neuron"


def test_terms_to_start_with_need_nothing_and_those_come_first_with_which_paths_start_or_that_carry_most():
    terms = [
        a_term("Alpha"), a_term("Beta"), a_term("Gamma"), a_term("Hard", level="advanced"),
        a_term("Upper", prerequisites=["gamma", "beta"]), a_term("Top", prerequisites=["gamma"]),
    ]  # fmt: skip

    def named(*more):
        return [title for title, _ in links(files_of(*terms, *more), "index.md", ".tl-start .tl-chip")]

    assert named() == ["Gamma", "Beta", "Alpha"]
    assert named(a_path("alpha", "upper")) == ["Alpha", "Gamma", "Beta"]


def test_the_ladder_starts_with_what_beginners_can_read_and_not_with_the_first_of_the_alphabet():
    terms = [
        a_term("Alpha", level="intermediate"), a_term("Beta"), a_term("Gamma"), a_term("Hard", level="advanced"),
        a_term("Upper", prerequisites=["gamma"]), a_term("Delta"), a_term("Epsilon"),
    ]  # fmt: skip

    def named(*some):
        return [title for title, _ in links(files_of(*some), "ladder.md", ".tl-lead a")]

    assert named(*terms) == ["gamma", "beta", "delta"]
    assert named(terms[0]) == ["alpha"], "where there is nothing easier"
    assert named(*terms, a_path("delta", "upper", prerequisites=["gamma"]))[0] == "delta"


def test_a_path_says_at_each_step_what_it_takes_as_known():
    terms = [a_term(title) for title in ("Neuron", "Loss", "Adam")]
    terms += [a_term("Mix", prerequisites=["neuron", "loss", "adam"]), a_term("Top", prerequisites=["mix"])]
    page = as_page(
        files_of(*terms, a_path("adam", "mix", "top", prerequisites=["neuron", "loss"]))["paths/from-here-to-there.md"]
    )[1]
    said = [item.get_text() for item in page.select(".tl-rungs p")]
    assert said == [
        "It is step 1.",
        "It is step 2. It stands on neuron and loss, which this path takes as known.",
        "It is step 3.",
    ]


def test_the_newest_terms_come_first_and_only_some_are_named():
    terms = [a_term(f"Thing {i:02}", f"thing-{i:02}", written=f"2026-01-{1 + i // 2:02}") for i in range(20)]
    found = [title for title, _ in links(files_of(*terms), "index.md", ".tl-home-new .tl-rows a")]
    assert found == ["Thing 18", "Thing 19", "Thing 16", "Thing 17", "Thing 14", "Thing 15", "Thing 12", "Thing 13"]


def test_every_term_has_its_day_in_one_of_a_few_small_files():
    terms = [a_term(f"Thing {i:03}", f"thing-{i:03}") for i in range(A_FILE + 7)]
    files = files_of(*terms)
    rows = [json.loads(files[f"{TODAY}/{number}.json"]) for number in (0, 1)]
    assert list(map(len, rows)) == [A_FILE, 7]
    assert rows[1][0] == [terms[A_FILE].slug, terms[A_FILE].title, terms[A_FILE].definition]
    assert f"{TODAY}/2.json" not in files
    assert as_page(files["index.md"])[1].select_one(".tl-today")["data-count"] == str(A_FILE + 7)


def test_the_script_and_the_files_of_the_term_of_the_day_agree_on_how_many_are_in_one(files):
    assert f"const A_FILE = {A_FILE};" in files["assets/home.js"].read_text(encoding="utf-8")


def test_a_category_without_terms_is_not_on_the_home_page_and_has_a_page():
    files = files_of(a_term("Neuron"))
    assert [title for title, _ in links(files, "index.md", ".tl-tiles a")] == ["Basics"]
    assert "categories/more.md" in files


def test_the_ladder_has_its_lowest_rung_at_the_bottom_and_says_what_each_term_stands_on(files):
    page = as_page(files["ladder.md"])[1]
    rungs = [" ".join(rung.get_text(" ", strip=True).split()) for rung in page.select(".tl-matrix > ol > li")]
    assert rungs == [
        "Rung 2 Gradient stands on artificial neuron",
        "Rung 1 Adam stands alone Artificial Neuron carries 1",
    ]
    assert [name.get_text() for name in page.select(".tl-subjects span")] == ["Basics", "More"]
    assert [cell["style"] for cell in page.select(".tl-matrix ul")] == ["--column: 1", "--column: 0"]
    assert dict(links(files, "ladder.md", ".tl-matrix a")) == {
        "Gradient": "../terms/gradient/", "Adam": "../terms/adam/", "Artificial Neuron": "../terms/neuron/",
    }  # fmt: skip
    on = {item["id"]: item.get("data-on") for item in page.select(".tl-matrix ul > li")}
    assert on == {"at-gradient": "2", "at-adam": None, "at-neuron": None}
    described = {link["aria-describedby"] for link in page.select(".tl-matrix a")}
    assert described == {small["id"] for small in page.select(".tl-matrix small")}
    assert all(int(item["data-minutes"]) >= 1 for item in page.select(".tl-matrix ul > li"))
    assert page.select_one(".tl-reading-list").has_attr("hidden")


def test_a_path_shows_its_own_terms_as_a_ladder(files):
    page = as_page(files["paths/from-here-to-there.md"])[1]
    assert [item["id"] for item in page.select(".tl-matrix ul > li")] == ["at-gradient", "at-neuron"]


def test_a_path_tells_how_long_each_step_takes_to_read_and_all_of_them():
    long = a_term("Adam", related=["neuron"], explanation=" ".join(["It takes a step of the size three."] * 200))
    files = files_of(a_term("Neuron"), long, a_path("neuron", "adam"))
    page = as_page(files["paths/from-here-to-there.md"])[1]
    each = [int(re.match(r"(\d+) min read", one.get_text())[1]) for one in page.select(".tl-rungs .tl-reading")]
    assert each[0] == 1 < each[1]
    assert page.select_one(".tl-meta").get_text(" ").startswith(f"2 steps {sum(each)} min read")
    assert f"2 steps, {sum(each)} min read" in as_page(files["paths/index.md"])[1].get_text()


def test_each_term_stands_between_what_it_stands_on_and_what_it_carries(files):
    assert strip_of(files, "terms/gradient.md") == (
        ["Artificial Neuron"], "Gradient", ["nothing yet"]
    )  # fmt: skip
    assert strip_of(files, "terms/neuron.md") == (["nothing here: start with it"], "Artificial Neuron", ["Gradient"])


def test_a_strip_names_five_terms_a_side_at_most_and_counts_the_others():
    base = [a_term(f"Base {i}", f"base-{i}") for i in range(6)]
    hub = a_term("Hub", prerequisites=[one.slug for one in base])
    above = [a_term(f"Above {i}", f"above-{i}", prerequisites=["hub"]) for i in range(5)]
    files = files_of(hub, *base, *above)
    below, this, carried = strip_of(files, "terms/hub.md")
    assert below == ["Base 0", "Base 1", "Base 2", "Base 3", "2 more"]
    assert this == "Huball 6 below it, in order"
    assert carried == [f"Above {i}" for i in range(5)]
    found = dict(links(files, "terms/hub.md", ".tl-strip a"))
    assert found["2 more"] == "../../ladder/#at-hub"
    assert found["all 6 below it, in order"] == "../../ladder/?to=hub"


def strip_of(files, path):
    page = as_page(files[path])[1]
    below, above = page.select(".tl-strip ul")
    named = [[item.get_text() for item in side.find_all("li")] for side in (below, above)]
    return named[0], page.select_one(".tl-strip-this").get_text(), named[1]


def test_a_glossary_of_one_term_makes_a_site():
    assert "terms/neuron.md" in files_of(a_term("Neuron"))
