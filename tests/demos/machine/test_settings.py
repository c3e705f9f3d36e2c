"""Values for the parameters of a demo: what is taken, and the sentence for what is not."""

import numpy as np
import pytest

from demos._run import run as _run
from demos._run.settings import BadSetting
from tests.demos.machine.spring import SPRING


def settings(given):
    return _run.settings("spring", given, SPRING)


def refusal(given):
    with pytest.raises(BadSetting) as caught:
        settings(given)
    return str(caught.value)


def test_defaults_are_filled_in_in_the_order_of_the_signature():
    assert list(settings({"note": "x", "force": 1}).items()) == [
        ("force", 1.0),
        ("coils", 10),
        ("shape", "round"),
        ("size", 16),
        ("damped", False),
        ("note", "x"),
    ]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"force": "0.5"}, 0.5),
        ({"force": " -1e-1 "}, -0.1),
        ({"force": 3}, 3.0),
        ({"force": 0.123}, 0.123),  # between the steps of the slider
        ({"force": 5.0000000001}, 5.0),  # a slider's rounding error
        ({"force": np.float64(1.5)}, 1.5),
        ({"coils": "3"}, 3),
        ({"coils": 3.0}, 3),
        ({"coils": "3.0"}, 3),
        ({"coils": np.int64(3)}, 3),
        ({"shape": "square"}, "square"),
        ({"size": "32"}, 32),
        ({"damped": "true"}, True),
        ({"damped": "Yes"}, True),
        ({"damped": "off"}, False),
        ({"damped": True}, True),
        ({"note": ""}, ""),
        ({"note": "0.5"}, "0.5"),
    ],
)
def test_values_are_taken_as_they_are_meant(given, meant):
    (name,) = given
    found = settings(given)[name]
    assert found == meant
    assert type(found) is type(meant)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"force": 9}, "force is 9, and must lie between -5 and 5"),
        ({"force": "9"}, "force is 9, and must lie between -5 and 5"),
        ({"force": -5.1}, "force is -5.1, and must lie between -5 and 5"),
        ({"force": "much"}, "force is 'much', and must be a number"),
        ({"force": ""}, "force is '', and must be a number"),
        ({"force": None}, "force is None, and must be a number"),
        ({"force": True}, "force is true, and must be a number"),
        ({"force": [1]}, "force is [1], and must be a number"),
        ({"force": float("nan")}, "force is nan, and must be finite"),
        ({"force": "inf"}, "force is inf, and must be finite"),
        ({"coils": 2.5}, "coils is 2.5, and must be a whole number"),
        ({"coils": "2.5"}, "coils is 2.5, and must be a whole number"),
        ({"coils": "many"}, "coils is 'many', and must be a whole number"),
        ({"coils": False}, "coils is false, and must be a whole number"),
        ({"coils": float("inf")}, "coils is inf, and must be finite"),
        ({"coils": 0}, "coils is 0, and must lie between 1 and 50"),
        ({"coils": 10**400}, f"coils is 1{'0' * 39}, and must lie between 1 and 50"),
        ({"shape": "sqare"}, "shape is 'sqare', and must be one of round, square\nhint: did you mean 'square'?"),
        ({"shape": 7}, "shape is 7, and must be one of round, square"),
        ({"size": 17}, "size is 17, and must be one of 16, 32"),
        ({"damped": "maybe"}, "damped is 'maybe', and must be true or false"),
        ({"damped": 1}, "damped is 1, and must be true or false"),
        ({"note": "x" * 21}, f"note is '{'x' * 21}', and must have at most 20 characters, not 21"),
        ({"note": "x" * 90}, f"note is '{'x' * 40}…', and must have at most 20 characters, not 90"),
        ({"note": 5}, "note is 5, and must be text"),
        ({"forse": 1}, "spring has no setting called 'forse'\nhint: did you mean 'force'?"),
        (
            {"zzz": 1},
            "spring has no setting called 'zzz'\nhint: it has force, coils, shape, size, damped, note",
        ),
    ],
)
def test_each_wrong_value_gets_a_sentence(given, said):
    assert refusal(given) == said


def test_all_wrong_values_are_told_at_once():
    with pytest.raises(BadSetting) as caught:
        settings({"forse": 1, "shape": "sqare", "coils": 99})
    assert caught.value.problems == [
        ("spring has no setting called 'forse'", "did you mean 'force'?"),
        ("coils is 99, and must lie between 1 and 50", ""),
        ("shape is 'sqare', and must be one of round, square", "did you mean 'square'?"),
    ]
    assert caught.value.message == (
        "spring has no setting called 'forse'\n"
        "coils is 99, and must lie between 1 and 50\n"
        "shape is 'sqare', and must be one of round, square"
    )
    assert caught.value.hint == "did you mean 'force'?\ndid you mean 'square'?"
