"""What the tests of loading have in common: files that are well, and what is said of others."""

import pytest

from generator.load.entry import parse_entry
from generator.load.glossary import load
from generator.load.places import located
from generator.model.entries import Term

GOOD = """\
title: Neuron
aliases: [unit, {text: node, link: false}]
category: basics
level: beginner
definition: A neuron is a thing.
explanation: |
  One line.
  Another line.
examples:
  - First.
  - Second.
misconceptions:
  - {wrong: No., right: Yes.}
demo: {module: tiny, with: {size: 2}}
sources:
  - {title: Paper, url: "https://example.org/", year: 1943, kind: paper}
written: 2026-11-23
"""
COMPARISON = """\
title: A vs. B
sides: [a, {label: bee, about: b}]
summary: Both.
rows:
  - aspect: One
    values: {a: x, bee: y}
  - aspect: Two
    values:
      a: {demo: tiny, number: size}
      bee: z
choose: {a: this, bee: that}
sources: [{title: Paper, url: "https://example.org/", year: 1943, kind: paper}]
written: 2026-11-23
"""
PATH = """\
title: There and back
summary: A way.
outcome: walk
steps:
  - {term: a, why: it comes first}
  - {term: b, why: it comes second}
written: 2026-11-23
"""


def read(text, kind=Term):
    data = text if isinstance(text, bytes) else text.encode()
    entry, problems = parse_entry("f.yml", data, kind, slug="neuron")
    return entry, "\n".join(map(str, sorted(problems, key=lambda problem: problem.order)))


def changed(text, old, new):
    assert text.count(old) == 1, f"{old!r} must occur once"
    return text.replace(old, new)


HINT = "\n    hint: "
YAML = "this is not valid YAML: "
SLUG_HINT = "use lower-case letters, digits and single hyphens: neural-network"


def told(project):
    problems = load(project).problems
    return [str(problem) for problem in located(project, problems)]


@pytest.fixture
def cache(tmp_path):
    return tmp_path / ".cache" / "terms.pickle"
