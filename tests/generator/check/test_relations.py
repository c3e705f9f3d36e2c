"""What leads where: relations that land, no circles, nobody apart."""

import pytest

from tests.generator.check.conftest import GRADIENT, NEURON, neuron, told
from tests.generator.conftest import a_comparison, a_path, a_term


def test_a_glossary_without_terms_is_told():
    assert told() == ["terms : there are no terms | write the first one: start from terms/_template.yml"]
    assert told(unread=frozenset({"terms/neuron.yml"})) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"related": ["gradeint"]},
         "related.0: there is no term called 'gradeint' | did you mean 'gradient'?"),
        ({"related": ["quantum"]},
         "related.0: there is no term called 'quantum' | write terms/quantum.yml or take it out"),
        ({"prerequisites": ["slope-of-old"]},
         "prerequisites.0: there is no term called 'slope-of-old' | did you mean 'gradient'?"),
        ({"related": ["neuron"]}, "related.0: 'neuron' names itself in 'related' | take it out"),
        ({"prerequisites": ["neuron"]}, "prerequisites.0: 'neuron' names itself in 'prerequisites' | take it out"),
        ({"related": ["loss", "loss"]}, "related.1: 'loss' is written twice in 'related' | take one out"),
        ({"related": ["loss", "adam"]},
         "related.1: the relation to 'adam' is written on both sides | "
         "one side is enough, and pages show both: take it out here or in terms/adam.yml"),
        ({"related": ["gradient"]},
         "related.0: 'gradient' is a prerequisite and related | a prerequisite is shown as a neighbor already"),
    ],
)  # fmt: skip
def test_a_relation_lands_once_and_is_written_once(changes, expected):
    others = [
        a_term("Gradient", prerequisites=["neuron"], former_slugs=["slope-of-old"]),
        a_term("Loss", prerequisites=["gradient"]),
        a_term("Adam", related=["neuron"]),
    ]
    assert told(a_term("Neuron", **changes), *others) == [f"terms/neuron.yml {expected}"]


@pytest.mark.parametrize(
    ("below", "above", "is_told"),
    [
        ("beginner", "beginner", False), ("beginner", "advanced", False), ("intermediate", "advanced", False),
        ("advanced", "advanced", False), ("intermediate", "beginner", True), ("advanced", "beginner", True),
        ("advanced", "intermediate", True),
    ],
)  # fmt: skip
def test_a_term_is_no_easier_than_what_it_stands_on(below, above, is_told):
    terms = [
        a_term("Neuron", level=below),
        a_term("Loss"),
        a_term("Adam", level=above, prerequisites=["loss", "neuron"]),
    ]
    expected = (
        f"terms/adam.yml prerequisites.1: 'neuron' is {below}, and this term, which stands on it, is {above} | "
        f"make this term {below} too, or take the prerequisite out if readers can do without it"
    )
    found = [line for line in told(*terms) if "prerequisites" in line]
    assert found == ([expected] if is_told else [])


def ring(*slugs):
    """Terms that each need the one before, and the first the last."""
    return [a_term(slug.title(), prerequisites=[slugs[i - 1]], demo={"module": "tiny", "home": i == 0})
            for i, slug in enumerate(slugs)]  # fmt: skip


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (ring("a", "b"), ["terms/b.yml prerequisites.0: the prerequisites go in a circle: a -> b -> a"]),
        (ring("b", "a", "c"), ["terms/c.yml prerequisites.0: the prerequisites go in a circle: a -> c -> b -> a"]),
        (ring(*(f"t{i:02}" for i in range(50))),
         ["terms/t01.yml prerequisites.0: the prerequisites go in a circle: "
          + " -> ".join([f"t{i:02}" for i in range(50)] + ["t00"])]),
        (ring("a", "b") + [term.model_copy(update={"demo": a_term("Loss").demo, "related": ["a"]})
                           for term in ring("c", "d")],
         ["terms/b.yml prerequisites.0: the prerequisites go in a circle: a -> b -> a",
          "terms/d.yml prerequisites.0: the prerequisites go in a circle: c -> d -> c"]),
    ],
)  # fmt: skip
def test_every_circle_of_prerequisites_is_told_from_its_first_term_on(terms, expected):
    assert sorted(told(*terms)) == [f"{line} | take one of them out" for line in expected]


def test_circles_that_share_a_term_are_told_each():
    terms = [a_term("Neuron", prerequisites=["a", "b"])]
    terms += [a_term(title, prerequisites=["neuron"], demo="tiny") for title in "AB"]
    assert sorted(line.partition(": ")[2] for line in told(*terms)) == [
        "the prerequisites go in a circle: a -> neuron -> a | take one of them out",
        "the prerequisites go in a circle: b -> neuron -> b | take one of them out",
    ]


def test_a_category_is_one_of_the_closed_list():
    assert neuron(category="basic") == [
        "terms/neuron.yml category: there is no category called 'basic' | did you mean 'basics'?"
    ]
    assert neuron(category="zoology") == [
        "terms/neuron.yml category: there is no category called 'zoology' | one of: basics, more"
    ]


def test_a_term_that_nothing_leads_to_is_told():
    island = a_term("Island", demo="tiny")
    assert told(NEURON, GRADIENT, island) == [
        "terms/island.yml title: no other term leads to this one | name its neighbors in 'related'"
    ]
    assert told(NEURON, a_term("Gradient", prerequisites=["neuron"], related=["island"]), island) == []


def a_pair(one, other):
    """Two terms that know each other, and nobody else."""
    return a_term(one, related=[other.lower()]), a_term(other, demo="tiny")


APART = "nothing leads to the other terms | name a neighbor of one of them in 'related'"


def test_terms_that_only_know_each_other_are_told_once():
    assert told(NEURON, GRADIENT, a_term("Loss", prerequisites=["gradient"]), *a_pair("Adam", "Token")) == [
        f"terms/adam.yml title: from adam and token {APART}"
    ]
    assert told(*a_pair("Neuron", "Token")) == [], "those who are all there is are not apart"


@pytest.mark.parametrize(
    "bridge",
    [
        a_term("Loss", prerequisites=["gradient"], related=["adam"]),
        a_term("Loss", prerequisites=["gradient", "token"]),
        a_comparison("gradient-vs-token", sides=["gradient", "token"], choose={"gradient": "x", "token": "y"},
                     rows=[{"aspect": "A", "values": {"gradient": "x", "token": "y"}}] * 2),
        a_path("neuron", "gradient", "token"),
    ],
)  # fmt: skip
def test_a_relation_a_comparison_or_a_path_leads_from_one_group_to_the_other(bridge):
    assert told(NEURON, GRADIENT, a_term("Bias", prerequisites=["neuron"]), *a_pair("Adam", "Token"), bridge) == []


def test_nobody_is_said_to_stand_apart_where_a_term_could_not_be_read():
    others = [a_term("Loss", prerequisites=["gradient"]), *a_pair("Adam", "Token")]
    assert told(NEURON, GRADIENT, *others, unread=frozenset({"terms/bridge.yml"})) == []
