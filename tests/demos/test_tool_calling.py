"""The check of arguments against jsonschema, calls by hand, and the rates of outcomes against their closed form."""

import json

import jsonschema
import numpy as np
import pytest

from demos.tool_calling import (
    MISTAKES,
    REQUESTS,
    TOOLS,
    Tool,
    check,
    converse,
    convert,
    demo,
    draw_mistakes,
    outcome,
    run_call,
    spoil,
)

VALUES = [0, 1, -1, 3.0, 2.5, -0.5, 1000, 1001, True, False, None, "", "12", "m", "km", "mile", "meter", [], [1], {}]
RIGHT = REQUESTS[0][1]  # three tickets at 12: 36
SEEN = [mistake for mistake in MISTAKES if mistake != "wrong value"]  # those that a check of the form can see


def schema_of(tool):
    """The tool's arguments as one JSON Schema."""
    return {
        "type": "object",
        "properties": {name: dict(schema) for name, schema in tool.arguments.items()},
        "required": list(tool.arguments),
        "additionalProperties": False,
    }


@pytest.mark.parametrize("name", TOOLS)
def test_accepts_what_jsonschema_accepts_and_refuses_what_it_refuses(name):
    tool, rng = TOOLS[name], np.random.default_rng(0)
    validator = jsonschema.Draft202012Validator(schema_of(tool))
    verdicts = []
    for _ in range(4000):
        keys = [key for key in [*tool.arguments, "more"] if rng.random() < (0.1 if key == "more" else 0.95)]
        arguments = {key: VALUES[rng.integers(len(VALUES))] for key in keys}
        if rng.random() < 0.5:  # most random arguments are wrong, and both verdicts should occur
            call = REQUESTS[0 if name == "bill" else 2][1]
            arguments = {
                key: value if rng.random() < 0.3 else call["arguments"][key]
                for key, value in arguments.items()
                if key in call["arguments"]
            }
        verdicts.append(validator.is_valid(arguments))
        assert (check(arguments, tool.arguments) == []) is verdicts[-1], arguments
    assert 400 < sum(verdicts) < 3600


@pytest.mark.parametrize("mistake", [None, *MISTAKES])
@pytest.mark.parametrize("request_number", range(len(REQUESTS)))
def test_refuses_the_calls_that_are_spoiled_as_jsonschema_would(mistake, request_number):
    text = spoil(REQUESTS[request_number][1], mistake)
    answer = run_call(text, TOOLS)
    try:
        call = json.loads(text)
        schema = {"properties": {"tool": {"enum": list(TOOLS)}, "arguments": schema_of(TOOLS[call["tool"]])}}
        jsonschema.validate(call, schema)
        valid = True
    except (json.JSONDecodeError, KeyError, jsonschema.ValidationError):
        valid = False
    assert valid == (mistake in (None, "wrong value"))
    assert answer.ended == ("done" if valid else "refused")


def test_the_tools_compute_what_is_true():
    values = [run_call(spoil(call, None), TOOLS).value for _, call in REQUESTS]
    assert values == pytest.approx([36, 50, 3218.688, 9842.519685])
    assert convert(1, "foot", "m") == pytest.approx(0.3048)


def test_without_the_check_a_text_is_multiplied_and_a_negative_price_is_paid():
    text, negative = spoil(RIGHT, "text for a number"), spoil(RIGHT, "below the minimum")
    assert run_call(text, TOOLS, checked=False).value == "121212"
    assert run_call(negative, TOOLS, checked=False).value == -36
    assert "must be of type number" in run_call(text, TOOLS).text
    assert "must be at least 0" in run_call(negative, TOOLS).text


@pytest.mark.parametrize(
    "text", ["", "[]", "3", "null", '{"tool": []}', '{"tool": "bill"}', '{"tool": "bill", "arguments": 3}', "{" * 50]
)
def test_any_text_gets_an_answer_and_none_stops_the_program(text):
    answer = run_call(text, TOOLS)
    assert answer.ended == "refused"
    assert answer.text.startswith("error: ")


def test_not_a_number_is_below_every_minimum_and_no_integer():
    for key in ("price", "count"):
        arguments = {"price": 1, "count": 1, key: float("nan")}
        assert len(check(arguments, TOOLS["bill"].arguments)) == 1


def test_a_tool_that_breaks_is_reported_and_not_raised():
    tools = {"divide": Tool(lambda a, b: a / b, {"a": {"type": "number"}, "b": {"type": "number"}})}
    answer = run_call('{"tool": "divide", "arguments": {"a": 1, "b": 0}}', tools)
    assert (answer.ended, answer.text) == ("failed", "error: ZeroDivisionError: division by zero")


def test_repairs_happen_only_after_an_error_and_only_as_often_as_allowed():
    written, answers = converse(RIGHT, ["cut off", "unknown tool", None, None], True, 5)
    assert [answer.ended for answer in answers] == ["refused", "refused", "done"]
    assert len(written) == 3
    assert outcome(RIGHT, ["cut off", "unknown tool", None], True, 1) == ("none", 2, 2)
    assert outcome(RIGHT, ["wrong value", None], True, 5) == ("wrong", 1, 0)
    assert outcome(RIGHT, [None, "cut off"], True, 5) == ("right", 1, 0)


@pytest.mark.parametrize("repairs", [0, 2])
@pytest.mark.parametrize("seed", range(3))
def test_outcomes_are_as_frequent_as_the_closed_form_says(repairs, seed):
    rate, trials = 0.4, 1500
    rows = draw_mistakes(np.random.default_rng(seed), rate, trials)
    endings = [outcome(RIGHT, row, True, repairs)[0] for row in rows]
    noticed = rate * len(SEEN) / len(MISTAKES)  # the probability that one call is refused
    tries = sum(noticed**i for i in range(repairs + 1))
    for ending, p in {"right": (1 - rate) * tries, "wrong": rate / 6 * tries, "none": noticed ** (repairs + 1)}.items():
        error = (p * (1 - p) / trials) ** 0.5
        assert abs(endings.count(ending) / trials - p) < 4 * error


def test_a_higher_rate_adds_mistakes_and_takes_none_back():
    few, many = (draw_mistakes(np.random.default_rng(0), rate) for rate in (0.2, 0.6))
    pairs = [(a, b) for row in zip(few, many, strict=True) for a, b in zip(*row, strict=True)]
    assert all(a is None or a == b for a, b in pairs)
    assert abs(sum(b is not None for _, b in pairs) / len(pairs) - 0.6) < 4 * (0.24 / len(pairs)) ** 0.5


def test_the_figures_of_the_defaults_are_those_that_the_mistakes_imply():
    rows = draw_mistakes(np.random.default_rng(0), 0.3)
    ends = []
    for first, second, *_ in rows:
        last = second if first in SEEN else first
        ends.append("wrong" if last == "wrong value" else "none" if last else "right")
    numbers = demo().numbers
    assert numbers["percent answered right"] == 100 * ends.count("right") / 200
    assert numbers["percent answered wrong"] == 100 * ends.count("wrong") / 200
    assert numbers["percent not answered"] == 100 * ends.count("none") / 200
    assert numbers["calls per request"] == 1 + sum(row[0] in SEEN for row in rows) / 200
    assert numbers["calls in the conversation"] == 2


def test_repairs_let_more_wrong_answers_through():
    assert demo(repairs=5).numbers["percent answered wrong"] >= demo(repairs=0).numbers["percent answered wrong"]
    assert demo(repairs=5, mistake_rate=1.0).numbers["percent answered wrong"] > 50


@pytest.mark.parametrize("checked", [True, False])
@pytest.mark.parametrize("repairs", [0, 3])
def test_of_the_answers_given_the_wrong_part_leaves_out_what_was_not_answered(checked, repairs):
    rows = draw_mistakes(np.random.default_rng(0), 0.3)
    ends = [outcome(REQUESTS[i % len(REQUESTS)][1], row, checked, repairs)[0] for i, row in enumerate(rows)]
    given = [end for end in ends if end != "none"]
    numbers = demo(checked=checked, repairs=repairs, mistake_rate=0.3).numbers
    assert numbers["percent wrong of the answers given"] == pytest.approx(100 * given.count("wrong") / len(given))


def test_the_wrong_part_of_the_answers_given_does_not_depend_on_the_repairs():
    # of the calls that run, p / 6 are wrong and 1 - p are right, at the first try as at any later one
    for repairs in range(6):
        share = demo(repairs=repairs, mistake_rate=0.3).numbers["percent wrong of the answers given"] / 100
        assert abs(share - 0.05 / 0.75) < 4 * (0.0667 * 0.9333 / 150) ** 0.5
    assert demo(mistake_rate=1.0).numbers["percent wrong of the answers given"] == 100
