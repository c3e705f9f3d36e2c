"""Where a sweep stands: the positions of each control at which a page knows what a demo shows before Python is there.

One control leaves the page's settings at a time, so their number grows with the controls and not with their product.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from demos._run.syntax import Parameter

MAIN, PLAYED, OTHER = 21, 61, 9  # positions of the first control, of one that can be played, of the others
LOG_STEPS = 200  # of a slider that is spaced by factors, as in live/browser/controls.js


@dataclass(frozen=True)
class Sweep:
    """One control and its positions, `own` being the index of the page's setting. `kept`: the last to lose any."""

    name: str
    at: tuple[Any, ...]
    own: int
    kept: bool


def sweeps(parameters: Iterable[Parameter], settings: Mapping[str, Any]) -> list[Sweep]:
    """The positions of every control that has any. settings: those of the page, all of them."""
    found = []
    for index, parameter in enumerate(parameters):
        own = settings[parameter.name]
        at = _positions(parameter, own, MAIN if index == 0 else OTHER)
        if len(at) > 1:
            kept = index == 0 or parameter.play
            # 1 and 1.0 and True are equal, and one of each may be in a list; the type tells them apart.
            place = next(i for i, value in enumerate(at) if value == own and type(value) is type(own))
            found.append(Sweep(parameter.name, tuple(at), place, kept))
    return found


def _positions(parameter: Parameter, own: Any, usual: int) -> list[Any]:
    match parameter.kind:
        case "bool":
            return [False, True]
        case "choice":
            return list(parameter.choices)
        case "text" | "points" | "pixels":
            return []
    grid = _grid(parameter)
    most = parameter.stops or (PLAYED if parameter.play else usual)
    if len(grid) > most:
        grid = [grid[round(i * (len(grid) - 1) / (most - 1))] for i in range(most)]
    return sorted({*grid, own})


def _grid(parameter: Parameter) -> list[float]:
    """Every value that the slider of the page can give, as the page spells it: 0.3 and not 0.1 + 0.2."""
    low, high, step = parameter.low, parameter.high, parameter.step
    assert low is not None
    assert high is not None
    assert step is not None
    if parameter.log:
        factors = [low * (high / low) ** (i / LOG_STEPS) for i in range(LOG_STEPS + 1)]
        if parameter.kind == "int":
            values: list[float] = [math.floor(value + 0.5) for value in factors]
        else:
            values = [float(f"{value:.3g}") for value in factors]
        return sorted({min(max(value, low), high) for value in values})
    if parameter.kind == "int":
        return list(range(int(low), int(high) + 1, int(step)))
    first, each = Decimal(repr(low)), Decimal(repr(step))
    return [float(first + i * each) for i in range(round((high - low) / step) + 1)]
