"""The glossary as a whole: relations from both sides, homes of demos, addresses."""

import pytest

from tests.generator.conftest import a_comparison, a_glossary, a_path, a_term


def test_a_relation_is_written_once_and_seen_from_both_sides():
    glossary = a_glossary(
        a_term("Neuron", related=["gradient", "nowhere"]), a_term("Gradient"), a_term("Loss", related=["gradient"])
    )
    assert glossary.related == {"neuron": ["gradient"], "gradient": ["neuron", "loss"], "loss": ["gradient"]}


def test_a_prerequisite_leads_to_the_terms_that_name_it():
    glossary = a_glossary(
        a_term("Neuron"), a_term("Loss", prerequisites=["neuron"]), a_term("Adam", prerequisites=["loss", "nowhere"])
    )
    assert glossary.leads_to == {"neuron": ["loss"], "loss": ["adam"], "adam": []}


def test_the_home_of_a_demo_comes_first_among_its_users():
    glossary = a_glossary(a_term("Gradient"), a_term("Neuron"), a_term("Loss", demo="other"))
    assert glossary.demo_users == {"tiny": ["neuron", "gradient"], "other": ["loss"]}


def test_a_term_knows_the_comparisons_with_a_side_about_it_each_once():
    sides = [{"label": "one", "about": "neuron"}, {"label": "other", "about": "neuron"}]
    glossary = a_glossary(a_comparison(), a_comparison("second", sides=sides))
    assert glossary.compared_in == {"neuron": ["neuron-vs-gradient", "second"], "gradient": ["neuron-vs-gradient"]}


def test_an_ambiguous_acronym_knows_all_its_terms():
    shared = [{"text": "ANN", "ambiguous": True}]
    glossary = a_glossary(a_term("Neuron", aliases=shared), a_term("Search", aliases=[*shared, "ANNS"]))
    assert glossary.ambiguous == {"ANN": ["neuron", "search"]}


def test_every_name_is_an_address_and_a_slug_beats_them_all():
    glossary = a_glossary(
        a_term("Artificial Neuron", "neuron", aliases=["The Unit", "gradient"], former_slugs=["cell"]),
        a_term("Gradient"),
    )
    assert glossary.addresses == {
        "artificial-neuron": "neuron",
        "the-unit": "neuron",
        "gradient": "gradient",
        "cell": "neuron",
        "neuron": "neuron",
    }


@pytest.mark.parametrize(
    ("unread", "whole"),
    [
        (set(), True),
        ({"terms/loss.yml"}, False),
        ({"terms/categories.yml", "terms/comparisons/a.yml", "terms/paths/a.yml", "demos/tiny.py"}, True),
    ],
)
def test_a_glossary_is_whole_when_every_term_could_be_read(unread, whole):
    glossary = a_glossary(a_term(), a_path("neuron", "loss"), unread=frozenset(unread))
    assert glossary.is_whole is whole
    assert (glossary.has_term("neuron"), glossary.has_term("loss")) == (True, not whole)
