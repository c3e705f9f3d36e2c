"""What stands on what: heights, everything below and above, and the ladder of a few terms alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.pages.rungs import SIDE, Rungs, matrix, strip
from tests.generator.conftest import a_glossary, a_term


@pytest.mark.parametrize(
    ("below", "height"),
    [
        ({}, {}),
        ({"a": []}, {"a": 1}),
        ({"c": ["b"], "b": ["a"], "a": []}, {"a": 1, "b": 2, "c": 3}),
        ({"c": ["a", "b"], "b": ["a"], "a": [], "d": []}, {"a": 1, "b": 2, "c": 3, "d": 1}),
    ],
)
def test_a_rung_is_as_high_as_the_longest_way_down(below, height):
    assert Rungs(below).height == height


# Each may stand only on those before it, so that nothing goes in a circle.
ladders = st.lists(st.lists(st.integers(0, 30), max_size=4, unique=True), min_size=1, max_size=30).map(
    lambda rows: {f"n{i}": [f"n{j}" for j in row if j < i] for i, row in enumerate(rows)}
)


def all_below(below, slug):
    """Everything below, the plain way."""
    return {slug for other in below[slug] for slug in {other, *all_below(below, other)}} if below[slug] else set()


@given(ladders)
def test_everything_below_and_above_is_counted_once(below):
    rungs = Rungs(below)
    under = {slug: all_below(below, slug) for slug in below}
    assert rungs.depth == {slug: len(found) for slug, found in under.items()}
    assert rungs.load == {slug: sum(slug in found for found in under.values()) for slug in below}
    assert all(rungs.height[other] < rungs.height[slug] for slug in below for other in under[slug])


@given(ladders, st.sets(st.integers(0, 30)))
def test_among_a_few_each_stands_on_what_it_stood_on_among_all(below, chosen):
    few = [slug for i, slug in enumerate(below) if i in chosen]
    alone = Rungs(below).among(few)
    assert list(alone.below) == few
    for slug in few:
        assert all_below(alone.below, slug) == all_below(below, slug) & set(few)


def test_a_ladder_of_thousands_of_rungs_is_no_deeper_than_the_stack():
    tall = Rungs({f"n{i}": [f"n{i - 1}"] if i else [] for i in range(5000)})
    assert (tall.height["n4999"], tall.depth["n4999"], tall.load["n0"]) == (5000, 4999, 4999)
    assert tall.among(["n0", "n4999"]).below == {"n0": [], "n4999": ["n0"]}


def test_a_prerequisite_that_is_not_there_carries_nothing():
    glossary = a_glossary(a_term("Gradient", prerequisites=["elsewhere"]))
    assert Rungs.of(glossary).below == {"gradient": []}


@pytest.mark.parametrize("count", [0, 1, SIDE, SIDE + 1, 40])
def test_a_side_of_a_strip_has_no_more_lines_than_fit_and_names_all_in_numbers(count):
    base = [a_term(f"Base {i}", f"base-{i}") for i in range(count)]
    hub = a_term("Hub", prerequisites=[one.slug for one in base])
    glossary = a_glossary(hub, *base)
    side = strip(glossary, Rungs.of(glossary), hub).below
    assert len(side.terms) + side.more == count
    assert len(side.terms) + bool(side.more) <= SIDE
    assert side.more != 1


def test_in_the_matrix_every_term_stands_above_all_that_it_stands_on():
    glossary = a_glossary(
        a_term("Neuron"), a_term("Zeta"), a_term("Gradient", category="more", prerequisites=["neuron", "zeta"])
    )
    rows = matrix(glossary, Rungs.of(glossary)).rows
    assert [(height, [(cell.subject, cell.column) for cell in cells]) for height, cells in rows] == [
        (2, [("More", 1)]), (1, [("Basics", 0)])
    ]  # fmt: skip
    order = [step for _, cells in rows for cell in cells for step in cell.steps]
    assert [step.term.slug for step in order] == ["gradient", "neuron", "zeta"]
    assert [step.on for step in order] == [[1, 2], [], []]
