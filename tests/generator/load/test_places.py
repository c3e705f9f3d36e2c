"""The line of a problem is looked up by the way to a value."""

from generator.load.places import located
from generator.problems import Problem
from tests.generator.load.conftest import GOOD


def test_a_place_is_looked_up_by_the_way_to_a_value(project):
    (project / "terms" / "neuron.yml").write_text(GOOD, encoding="utf-8")
    ways = [("level",), ("aliases", 1, "text"), ("examples", 1), ("explanation",), ("sources", 0), ("nowhere", 3), ()]
    problems = [Problem("terms/neuron.yml", str(way), where=way) for way in ways]
    assert [(problem.message, problem.line, problem.column) for problem in located(project, problems)] == [
        ("('nowhere', 3)", 1, 1),
        ("()", 1, 1),
        ("('aliases', 1, 'text')", 2, 24),
        ("('level',)", 4, 8),
        ("('explanation',)", 6, 14),
        ("('examples', 1)", 11, 5),
        ("('sources', 0)", 16, 5),
    ]
