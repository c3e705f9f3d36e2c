"""What the glossary could use next: the right pages, in the right order, and a list of wishes that stays true."""

import pytest

from generator.check.rules import check
from generator.load.glossary import load
from generator.load.places import located
from generator.model.entries import Wanted
from generator.pages.upkeep import SHOWN, Chore, Wish, upkeep, ways_in
from tests.generator.conftest import a_comparison, a_glossary, a_path, a_term, entry

HINT = "\n    hint: "
OTHER_SOURCE = {"title": "On Others", "url": "https://example.org/others", "year": 2000, "kind": "article"}


def titles(chores):
    return [row.title for row in chores.rows]


# --- pages that could use a hand --------------------------------------------------------------------------


def test_the_oldest_text_waits_first_for_a_second_reader():
    found = upkeep(
        a_glossary(
            a_term("Neuron", written="2026-03-01"),
            a_term("Gradient", written="2025-12-31"),
            a_term("Adam", reviewed={"date": "2026-01-01", "by": "Ada"}),
            a_comparison(written="2026-01-15"),
        )
    )
    assert found.unreviewed.rows == (
        Chore("Gradient", "terms/gradient.md", "terms/gradient.yml", "written 2025-12-31"),
        Chore(
            "Neuron vs. Gradient",
            "comparisons/neuron-vs-gradient.md",
            "terms/comparisons/neuron-vs-gradient.yml",
            "written 2026-01-15",
        ),
        Chore("Neuron", "terms/neuron.md", "terms/neuron.yml", "written 2026-03-01"),
    )


def test_the_oldest_review_comes_first():
    found = upkeep(
        a_glossary(
            a_term("Gradient", reviewed={"date": "2026-02-01", "by": "Ada"}),
            a_term("Neuron", reviewed={"date": "2025-02-01", "by": "Grace"}),
            a_term("Adam"),
        )
    )
    assert [(row.title, row.says) for row in found.reviewed.rows] == [
        ("Neuron", "reviewed 2025-02-01 by Grace"),
        ("Gradient", "reviewed 2026-02-01 by Ada"),
    ]
    assert titles(found.unreviewed) == ["Adam"]


def test_pages_with_one_source_are_listed_with_its_kind():
    two = [*entry()["sources"], OTHER_SOURCE]
    found = upkeep(a_glossary(a_term("Neuron"), a_term("Gradient", sources=two), a_comparison(sources=two)))
    assert [(row.title, row.says) for row in found.one_source.rows] == [("Neuron", "rests on one paper")]


def test_every_page_that_leads_to_a_term_is_a_way_in():
    glossary = a_glossary(
        a_term("Neuron", related=["gradient"]),
        a_term("Gradient", prerequisites=["adam"]),
        a_term("Adam", related=["neuron"]),
        a_term("Token"),
        a_comparison(),
        a_path("adam", "neuron"),
    )
    # neuron: gradient, adam, the comparison, the path. gradient: neuron, adam, the comparison. adam: gradient, neuron,
    # the path.
    assert ways_in(glossary) == {"neuron": 4, "gradient": 3, "adam": 3, "token": 0}
    rows = upkeep(glossary).few_ways_in.rows
    assert [(row.title, row.says) for row in rows] == [
        ("Token", "0 ways in"),
        ("Gradient", "3 ways in"),
        ("Adam", "3 ways in"),
        ("Neuron", "4 ways in"),
    ]


def test_a_term_that_is_named_twice_has_one_way_in():
    glossary = a_glossary(a_term("Neuron", prerequisites=["gradient"]), a_term("Gradient", related=["neuron"]))
    assert ways_in(glossary) == {"neuron": 1, "gradient": 1}
    assert upkeep(glossary).few_ways_in.rows[0].says == "1 way in"


def test_a_long_list_is_cut_and_still_counted():
    found = upkeep(a_glossary(*(a_term(f"Term {i:02}") for i in range(SHOWN + 3))))
    assert titles(found.unreviewed) == [f"Term {i:02}" for i in range(SHOWN)]
    assert found.unreviewed.count == SHOWN + 3


# --- terms that are wanted --------------------------------------------------------------------------------


def wanted(*names, **about):
    return [Wanted(title=name, why=f"To know {name}.", **about) for name in names]


def test_what_most_pages_speak_of_is_wanted_most():
    glossary = a_glossary(
        a_term("Neuron", examples=["One GPT.", "Another."], faq=[{"question": "Why?", "answer": "Beam\nsearch."}]),
        a_term("Gradient", misconceptions=[{"wrong": "GPTs are big.", "right": "No."}]),
        wanted=wanted("Entropy", "Beam Search", "GPT"),
    )
    assert upkeep(glossary).wanted == (
        Wish("GPT", "To know GPT.", "", 2),
        Wish("Beam Search", "To know Beam Search.", "", 1),
        Wish("Entropy", "To know Entropy.", "", 0),
    )


@pytest.mark.parametrize("said", ["cross-entropy", "Cross-Entropy", "two cross-entropies", "(cross entropy)"])
def test_a_name_is_found_however_it_is_spelled(said):
    glossary = a_glossary(a_term("Neuron", examples=[f"It has {said}.", "Another."]), wanted=wanted("Cross-Entropy"))
    assert upkeep(glossary).wanted[0].mentioned == 1


@pytest.mark.parametrize("said", ["biases", "unbiased", "antibias", "bias_term"])
def test_a_name_inside_another_word_is_no_mention(said):
    glossary = a_glossary(a_term("Neuron", examples=[f"It has {said}.", "Another."]), wanted=wanted("Bia"))
    assert upkeep(glossary).wanted[0].mentioned == 0


def test_a_wish_leads_to_where_it_is_talked_about():
    issue = "https://example.org/issues/7"
    assert upkeep(a_glossary(wanted=wanted("Entropy", issue=issue))).wanted[0].issue == issue


def test_a_wish_leads_to_the_term_that_says_most_about_it():
    glossary = a_glossary(a_term("Neuron"), wanted=wanted("Entropy", meanwhile="neuron"))
    assert upkeep(glossary).wanted[0].meanwhile == ("neuron", "Neuron")


def told(project):
    loaded = load(project)
    glossary, problems = loaded.glossary, loaded.problems
    return [str(problem) for problem in located(project, [*problems, *check(glossary)])]


def wish(project, text):
    (project / "terms" / "wanted.yml").write_text(text, encoding="utf-8")
    return told(project)


def test_the_list_of_wishes_is_read(project):
    assert wish(project, "- title: Beam Search\n  why: It shows why.\n  issue: https://example.org/7\n") == []
    found = load(project).glossary.wanted
    assert found == [Wanted(title="Beam Search", why="It shows why.", issue="https://example.org/7")]


@pytest.mark.parametrize("text", ["[]\n", "# all of them are written\n\n# really\n"])
def test_nothing_has_to_be_wanted(project, text):
    assert told(project) == []
    assert wish(project, text) == []
    assert load(project).glossary.wanted == []


def test_a_list_of_wishes_is_no_term(project):
    wish(project, "- {title: Beam Search, why: It shows why.}\n")
    assert list(load(project).glossary.terms) == ["neuron"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {title: Neuron, why: It fires.}",
         "terms/wanted.yml:1:11: 'Neuron' is wanted, and terms/neuron.yml has it" + HINT + "take it off the list"),
        ("- {title: Beam Search, why: It shows.}\n- {title: Beam search, why: Again.}",
         "terms/wanted.yml:2:11: 'Beam search' is wanted twice" + HINT + "keep one of them"),
        ("- {title: Index, why: It lists.}",
         "terms/wanted.yml:1:11: 'Index' can not be a title" + HINT + "it becomes an address: choose another"),
        ("- {title: ¿?, why: It beats.}",
         "terms/wanted.yml:1:11: '¿?' can not be a title" + HINT + "it becomes an address: choose another"),
        ("- {title: \u0415ntropy, why: It grows.}",
         "terms/wanted.yml:1:11: the title '\u0415ntropy' holds '\u0415' (cyrillic capital letter ie), which readers "
         "can not tell or type" + HINT + "use Latin letters; a Greek one may stand where it looks like no other"),
        ("- {title: Beam Search}",
         "terms/wanted.yml:1:3: the field 'why' is missing" + HINT + "one line: what readers would get from it"),
        ("- {title: Beam Search, why: It shows., issue: 7}",
         "terms/wanted.yml:1:47: 'issue' must be text, and is the number 7" + HINT + 'put quotes around it: "7"'),
        ("- {title: Beam Search, why: It shows., issue: 'javascript:7'}",
         "terms/wanted.yml:1:47: 'javascript:7' is not a web address" + HINT
         + "it starts with https:// and has no spaces"),
        ("- {title: Beam Search, why: It shows., meanwhile: neuro}",
         "terms/wanted.yml:1:51: there is no term called 'neuro'" + HINT + "did you mean 'neuron'?"),
        ("- {title: Beam Search, why: It shows., typed: [Beams, Neuron]}",
         "terms/wanted.yml:1:55: readers who type 'Neuron' get terms/neuron.yml, which has that name" + HINT
         + "take it out"),
        ("title: Beam Search",
         "terms/wanted.yml:1:1: this must be a list, and is a group of fields" + HINT
         + "write each entry on a line of its own, after a dash"),
    ],
)  # fmt: skip
def test_a_wrong_wish_is_told(project, text, message):
    assert wish(project, text + "\n") == [message]


def test_a_wish_that_was_just_fulfilled_keeps_nobody_from_looking_at_the_page(project):
    wish(project, "- {title: Neuron, why: It fires.}\n")
    assert [problem.kind for problem in check(load(project).glossary)] == ["unfinished"]
