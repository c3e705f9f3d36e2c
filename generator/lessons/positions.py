"""Where a sweep stands: the positions of each control at which a page knows what a demo shows before Python is there.

One control leaves the page's settings at a time, so their number grows with the controls and not with their product.
What the page's experiments set is known as well, so that a guess needs no Python either.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from demos._run.syntax import Parameter

MAIN, PLAYED, OTHER = 21, 61, 9  # positions of the first control, of one that can be played, of the others
LOG_STEPS = 200  # of a slider that is spaced by factors, as in live/browser/controls.js


ASIDE = "#"  # begins the name of what leaves the page's settings with more than one control


@dataclass(frozen=True)
class Sweep:
    """One control and its positions, `own` being the index of the page's setting. `kept`: the last to lose any.

    asked: indexes of what experiments set, which are never lost. A sweep whose name begins with ASIDE is no control's:
    its positions are the settings that an experiment changes, {} for none.
    """

    name: str
    at: tuple[Any, ...]
    own: int
    kept: bool
    asked: tuple[int, ...] = ()

    def change(self, index: int) -> dict[str, Any]:
        """What a position changes of the page's settings."""
        return dict(self.at[index]) if self.name.startswith(ASIDE) else {self.name: self.at[index]}


def sweeps(
    parameters: Sequence[Parameter],
    settings: Mapping[str, Any],
    asked: Iterable[tuple[Mapping[str, Any], Mapping[str, Any]]] = (),
) -> list[Sweep]:
    """The positions of every control that has any, and those of experiments that no control leads to alone.

    settings: those of the page, all of them. asked: where experiments start and where they lead, all settings too.
    """
    pairs = [tuple(_unlike(settings, one) for one in pair) for pair in asked]
    alone = [change for pair in pairs for change in pair if len(change) == 1]
    found = []
    for index, parameter in enumerate(parameters):
        own = settings[parameter.name]
        at = _positions(parameter, own, MAIN if index == 0 else OTHER)
        if len(at) > 1:
            wanted = {change[parameter.name] for change in alone if parameter.name in change}
            if parameter.kind in ("int", "float"):
                at = sorted({*at, *wanted})
            kept = index == 0 or parameter.play
            # 1 and 1.0 and True are equal, and one of each may be in a list; the type tells them apart.
            place = next(i for i, value in enumerate(at) if value == own and type(value) is type(own))
            told = tuple(i for i, value in enumerate(at) if value in wanted)
            found.append(Sweep(parameter.name, tuple(at), place, kept, told))
    names = {sweep.name for sweep in found}
    aside = [
        [{}, *(change for change in pair if change)]
        for pair in pairs
        if any(len(change) > 1 or not names.issuperset(change) for change in pair)
    ]
    each = [group for i, group in enumerate(aside) if group not in aside[:i]]
    return found + [Sweep(f"{ASIDE}{i}", tuple(group), 0, kept=True) for i, group in enumerate(each)]


def _unlike(settings: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in other.items() if value != settings[name]}


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
