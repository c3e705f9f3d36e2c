"""Neighbors of a name that is not there yet: by shared words, the closest first, each with its reason."""

import pytest

from generator.authors.neighbors import MOST, neighbors, usual
from tests.generator.conftest import a_glossary, a_term

GLOSSARY = a_glossary(
    a_term("Attention", level="intermediate"),
    a_term("Cross Entropy", category="more", aliases=["log loss"]),
    a_term("Query", definition="A query is what attention starts from."),
    a_term("Decoder", category="more", examples=["Some use cross-attention.", "Others do not."]),
    a_term("Token"),
)


def found(name, glossary=GLOSSARY):
    return [(one.slug, one.why) for one in neighbors(name, glossary)]


def test_the_closest_come_first_and_each_says_why():
    assert found("Cross-Attention") == [
        ("decoder", "its page speaks of this"),
        ("cross-entropy", "'cross' in its names"),
        ("attention", "its name is part of this one"),
        ("query", "'attention' in its definition"),
    ]


def test_only_a_term_whose_whole_name_is_part_of_it_comes_first():
    assert {one.slug: one.comes_first for one in neighbors("Cross-Attention", GLOSSARY)} == {
        "decoder": False, "cross-entropy": False, "attention": True, "query": False
    }  # fmt: skip
    assert not any(one.comes_first for one in neighbors("Attention", GLOSSARY))


@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("Tokens", ["token"]),  # one s more
        ("TOKEN", ["token"]),
        ("Log Losses", ["cross-entropy"]),  # by an alias
        ("The Use of It and That", []),  # words that say nothing
        ("Entrop", []),  # half a word
        ("C++", []),
        ("注意", []),
    ],
)
def test_words_count_whole_in_any_case_and_number_unless_they_say_nothing(name, slugs):
    assert [slug for slug, _ in found(name)] == slugs


def test_a_page_speaks_of_a_name_only_where_it_is_a_word_of_its_own():
    speaking = a_glossary(a_term("Neuron", examples=["It uses AIs daily.", "Yes."]))
    assert found("AI", speaking) == [("neuron", "its page speaks of this")]
    assert found("AI", a_glossary(a_term("Neuron", examples=["We aim high.", "In vain."]))) == []
    assert found("dail", speaking) == []


def test_a_rare_word_says_more_than_a_common_one():
    terms = [a_term(f"Deep {name}") for name in ("Alpha", "Beta", "Gamma", "Delta")]
    assert found("Deep Search", a_glossary(*terms, a_term("Search Omega")))[0][0] == "search-omega"


def test_not_more_are_named_than_help():
    glossary = a_glossary(*(a_term(f"Deep {letter * 3}") for letter in "ABCDEFGHIJ"))
    assert [slug for slug, _ in found("Deep Search", glossary)] == [f"deep-{letter * 3}" for letter in "abcdefgh"]
    assert MOST == 8


def test_what_is_usual_is_what_the_closest_have():
    near = neighbors("Cross-Attention", GLOSSARY)
    assert (usual(near, "category"), usual(near, "level")) == ("more", "beginner")
    assert usual(neighbors("Attention Span", GLOSSARY), "level") == "intermediate"
    assert usual([], "category") == ""
