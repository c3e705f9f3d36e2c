"""The settings of a demo as an entry means them: what it gives, on top of those of a page, on top of the demo's own."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from demos._run.settings import fill, shown_value
from demos._run.source import Source as DemoSource
from demos._run.syntax import Parameter, Setting


def all_settings(demo: DemoSource, *given: Mapping[str, Any]) -> dict[str, Setting]:
    """A value for every parameter; what is given later counts more. Raises BadSetting for what it does not take."""
    joined: dict[str, Any] = {}
    for one in given:
        joined |= one
    return fill(demo.name, demo.parameters, joined)


def unlike_default(demo: DemoSource, settings: Mapping[str, Setting]) -> dict[str, Setting]:
    """Those settings that are not the demo's own, so that the same run has one name however it was asked for."""
    return {one.name: settings[one.name] for one in demo.parameters if settings[one.name] != one.default}


def out_of_reach(demo: DemoSource, given: Mapping[str, Setting]) -> Iterator[tuple[str, str]]:
    """Settings at which no slider stops, so that a reader could not set them: a sentence and a remedy for each."""
    for one in demo.parameters:
        if one.name in given and one.kind in ("float", "int") and not one.log and (near := _stops_near(one, given)):
            message = f"{one.name} is {shown_value(given[one.name])}, and its slider does not stop there"
            yield message, f"it stops at {' and '.join(map(shown_value, near))}"


def _stops_near(one: Parameter, given: Mapping[str, Setting]) -> list[float]:
    """The two stops around a value; none where it is a stop itself."""
    value = given[one.name]
    assert isinstance(value, int | float)
    assert one.low is not None
    assert one.step is not None
    steps = (value - one.low) / one.step
    if abs(steps - round(steps)) < 1e-6:
        return []
    return [one.low + count * one.step for count in (math.floor(steps), math.ceil(steps))]
