"""Where sweeps stand: on the grid of each control, with both ends and the page's own setting."""

from itertools import pairwise

import pytest

from demos._run import run
from demos._run.source import names, read, runs_in_browser
from generator.lessons.positions import sweeps

SIGNATURE = '''"""Sum.

Source: made up
"""

from typing import Annotated, Literal

from demos import Range, Result, Text


def demo(*, {}) -> Result:
    """Try."""
'''


def parsed(parameters):
    """A demo with these parameters; every one is explained so that it can be read."""
    text = SIGNATURE.format(parameters)
    listed = [line.split(":")[0].strip() for line in parameters.split("; ")]
    text = text.replace("; ", ", ").replace(
        '"""Try."""', '"""Try.\n\n' + "".join(f"    {name}: a\n" for name in listed) + '    """'
    )
    return read("sum", text=text)


def along(parameters, **given):
    """The positions of each control, by name."""
    source = parsed(parameters)
    settings = {parameter.name: parameter.default for parameter in source.parameters} | given
    return {sweep.name: sweep for sweep in sweeps(source.parameters, settings)}


FIRST = "first: bool = False; "
TENTHS = "x: Annotated[float, Range(-3, 3, 0.1{})] = 1.0"


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        (TENTHS.format("").replace("= 1.0", "= 0.9"), 21),
        (TENTHS.format(""), 22),  # the page's own lies between two of them
        (TENTHS.format(", play=True"), 61),
        (FIRST + TENTHS.format(""), 10),
        (FIRST + TENTHS.format(", play=True"), 61),
        (FIRST + TENTHS.format(", stops=3"), 4),
        (TENTHS.format(", play=True, stops=31"), 31),
        ("x: Annotated[int, Range(1, 5)] = 2", 5),
        (FIRST + "x: Annotated[int, Range(1, 9, 2)] = 3", 5),
    ],
)
def test_how_many_positions_a_slider_has(parameters, count):
    assert len(along(parameters)["x"].at) == count


def test_positions_are_spelled_as_the_slider_of_a_page_spells_them():
    found = along(TENTHS.format(", stops=61"))["x"].at
    assert found == tuple(float(f"{i / 10:.1f}") for i in range(-30, 31))


def test_a_setting_of_the_page_between_two_steps_is_a_position_too():
    sweep = along(TENTHS.format(", stops=3"), x=0.123)["x"]
    assert sweep.at == (-3, 0, 0.123, 3)
    assert sweep.own == 2


def test_a_slider_by_factors_stands_where_the_page_puts_it():
    at = along("x: Annotated[float, Range(0.001, 1, 0.001, log=True, stops=4)] = 0.01")["x"].at
    assert at == (0.001, 0.01, 0.0101, 0.0989, 1)
    whole = along("x: Annotated[int, Range(1, 1000, log=True)] = 10")["x"].at
    assert all(isinstance(value, int) for value in whole)
    assert (whole[0], whole[-1]) == (1, 1000)


def test_switches_and_lists_have_every_value_and_text_has_none():
    found = along("a: bool = True; b: Literal['x', 'y', 'z'] = 'y'; c: Annotated[str, Text()] = 'w'")
    assert (found["a"].at, found["a"].own) == ((False, True), 1)
    assert (found["b"].at, found["b"].own) == (("x", "y", "z"), 1)
    assert "c" not in found


def test_the_first_control_and_the_one_that_plays_are_the_last_to_lose_positions():
    found = along("a: bool = True; b: bool = True; " + TENTHS.format(", play=True"))
    assert [sweep.kept for sweep in found.values()] == [True, False, True]


PLANE = "a: Annotated[float, Range(0, 50, 0.5)] = 1.0; b: bool = False; c: Annotated[str, Text(max_length=9)] = 'x'"


def asking(*pairs):
    """The sweeps of a plane, of a page that asks about these changes of its settings."""
    own = {"a": 1.0, "b": False, "c": "x"}
    asked = [({**own, **start}, {**own, **end}) for start, end in pairs]
    return {one.name: one for one in sweeps(parsed(PLANE).parameters, own, asked)}


def test_what_an_experiment_sets_with_one_control_is_a_position_of_it_that_stays():
    assert 3.5 not in asking()["a"].at
    found = asking(({}, {"a": 3.5}))
    assert list(found) == ["a", "b"]
    assert [found["a"].at[i] for i in found["a"].asked] == [3.5]
    assert found["a"].at[found["a"].own] == 1


def test_what_an_experiment_sets_with_more_is_a_sweep_of_its_own_told_once():
    pair = ({"b": True}, {"a": 3.5, "b": True})
    found = asking(pair, pair, ({}, {"c": "y"}))
    assert [found[name].at for name in found if name.startswith("#")] == [
        ({}, {"b": True}, {"a": 3.5, "b": True}),
        ({}, {"c": "y"}),
    ]
    assert found["#0"].change(2) == {"a": 3.5, "b": True}
    assert found["a"].change(0) == {"a": 0}


@pytest.mark.parametrize("name", [name for name in names() if runs_in_browser(name)])
def test_every_demo_stands_at_its_ends_and_its_defaults_and_takes_every_position(name):
    parameters = {parameter.name: parameter for parameter in read(name).parameters}
    settings = run.settings(name, {})
    found = sweeps(list(parameters.values()), settings)
    none = ("text", "points", "pixels")
    assert {sweep.name for sweep in found} == {one.name for one in parameters.values() if one.kind not in none}
    for sweep in found:
        parameter = parameters[sweep.name]
        assert sweep.at[sweep.own] == parameter.default
        if parameter.kind in ("int", "float"):
            assert (sweep.at[0], sweep.at[-1]) == (parameter.low, parameter.high)
            assert all(a < b for a, b in pairwise(sweep.at))
        for value in sweep.at:
            assert run.settings(name, {sweep.name: value})[sweep.name] == value


@pytest.mark.parametrize("name", [name for name in names() if runs_in_browser(name)])
def test_the_slider_that_plays_has_the_most_positions_of_its_demo(name):
    """Or all that it can take, or as many as its demo asks for."""
    parameters = read(name).parameters
    played = [parameter for parameter in parameters if parameter.play]
    found = {sweep.name: len(sweep.at) for sweep in sweeps(parameters, run.settings(name, {}))}
    for play in played:
        every = play.stops or round((play.high - play.low) / play.step) + 1
        assert found[play.name] >= min(max(found.values()), every)
