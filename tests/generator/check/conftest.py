"""What the tests of rules have in common: a term and its neighbor, and what check says of a change."""

from generator.check.rules import check
from tests.generator.conftest import a_glossary, a_term

NEURON = a_term("Neuron")
GRADIENT = a_term("Gradient", prerequisites=["neuron"])


def told(*entries, **changes):
    """What check says about a glossary: file, way to the value, message, remedy."""
    problems = check(a_glossary(*entries, **changes))
    return [f"{p.path} {'.'.join(map(str, p.where))}: {p.message} | {p.hint}" for p in problems]


def neuron(**changes):
    """What check says where one thing about the neuron is changed, and all else is well."""
    return told(a_term("Neuron", **changes), GRADIENT)
