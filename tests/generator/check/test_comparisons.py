"""Comparisons and paths speak of terms that exist, and are complete."""

import pytest

from tests.generator.check.conftest import GRADIENT, NEURON, told
from tests.generator.conftest import a_comparison, a_path, a_term

ROW = {"aspect": "Kind", "values": {"neuron": "thing", "gradient": "list"}}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sides": ["neuron", "gradiant"], "rows": [ROW, ROW]},
         ["sides.1: there is no term called 'gradiant' | did you mean 'gradient'?",
          "rows.0.values.gradient: the row 'Kind' speaks of 'gradient', which is no side | did you mean 'gradiant'?",
          "rows.0.values: the row 'Kind' says nothing about 'gradiant' | add a line that starts with gradiant:",
          "rows.1.values.gradient: the row 'Kind' speaks of 'gradient', which is no side | did you mean 'gradiant'?",
          "rows.1.values: the row 'Kind' says nothing about 'gradiant' | add a line that starts with gradiant:",
          "choose.gradient: 'choose' speaks of 'gradient', which is no side | did you mean 'gradiant'?",
          "choose: 'choose' says nothing about 'gradiant' | add a line that starts with gradiant:"]),
        ({"sides": ["neuron", "gradient", "neuron"]},
         ["sides.2: 'neuron' is on two sides | give one of them a label"]),
        ({"rows": [ROW, {"aspect": "Size", "values": {"neuron": "big", "slope": "small"}}]},
         ["rows.1.values.slope: the row 'Size' speaks of 'slope', which is no side | one of: neuron, gradient",
          "rows.1.values: the row 'Size' says nothing about 'gradient' | add a line that starts with gradient:"]),
        ({"choose": {"neuron": "For things."}},
         ["choose: 'choose' says nothing about 'gradient' | add a line that starts with gradient:"]),
    ],
)  # fmt: skip
def test_a_comparison_speaks_of_its_sides_in_every_row(changes, expected):
    assert told(NEURON, GRADIENT, a_comparison(**changes)) == [
        f"terms/comparisons/neuron-vs-gradient.yml {line}" for line in expected
    ]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (["neuron", "gradient", "loss"], []),
        (["neuron", "gradiant"], ["steps.1.term: there is no term called 'gradiant' | did you mean 'gradient'?"]),
        (["neuron", "neuron"], ["steps.1.term: 'neuron' comes twice | take one out"]),
        (["gradient", "neuron"], ["steps.0.term: 'gradient' needs neuron first | put it before this step"]),
        (["loss", "neuron"], ["steps.0.term: 'loss' needs gradient and neuron first | put them before this step"]),
    ],
)
def test_a_path_climbs(steps, expected):
    loss = a_term("Loss", prerequisites=["gradient", "neuron"])
    assert told(NEURON, GRADIENT, loss, a_path(*steps)) == [
        f"terms/paths/from-here-to-there.yml {line}" for line in expected
    ]


def test_a_path_may_start_higher_and_says_what_to_know_first():
    loss = a_term("Loss", prerequisites=["gradient", "neuron"])
    assert told(NEURON, GRADIENT, loss, a_path("loss", "neuron", prerequisites=["gradient", "neuron"])) == [
        "terms/paths/from-here-to-there.yml steps.1.term: 'neuron' comes twice | take one out"
    ]
    assert told(NEURON, GRADIENT, a_path("neuron", "gradient", prerequisites=["gradiant"])) == [
        "terms/paths/from-here-to-there.yml prerequisites.0: "
        "there is no term called 'gradiant' | did you mean 'gradient'?"
    ]
