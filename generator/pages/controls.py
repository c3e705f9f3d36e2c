"""The controls of a demo as its page shows them, made from the parameters of demo().

They are in the page from the start, at the page's own settings, so that nothing moves when a script brings them to life
(generator/live/browser/live.js, which adopts them and makes them anew where edited code changes what can be set).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from types import SimpleNamespace

from demos._run.settings import BadSetting, fill
from demos._run.syntax import Parameter, Setting
from generator.lessons.positions import LOG_STEPS

LONG = 80  # characters from which a text gets more than one line


def controls(parameters: Sequence[Parameter], own: Mapping[str, Setting], hide: Sequence[str]) -> list[SimpleNamespace]:
    """What a template needs of each control, in the order of the signature.

    own: the settings of the page where they are not the demo's; hide: names of parameters that the page leaves out.
    """
    return list(_controls(parameters, own, hide))


def facts(parameters: Sequence[Parameter]) -> list[dict[str, object]]:
    """What the page's script must know of the parameters to set them, as plain data; the words stand in the page."""
    needed = ("name", "kind", "default", "low", "high", "step", "log", "choices", "max_length", "x", "y", "most",
              "groups", "size")  # fmt: skip
    every = ({name: getattr(parameter, name) for name in needed} for parameter in parameters)
    return [
        {
            name: value
            for name, value in one.items()
            if name == "default" or (value not in (None, ()) and value is not False)
        }
        for one in every
    ]


def _controls(
    parameters: Sequence[Parameter], own: Mapping[str, Setting], hide: Sequence[str]
) -> Iterator[SimpleNamespace]:
    try:
        values = fill("", parameters, own)
    except BadSetting:  # what a check refuses gets no control of its own
        values = fill("", parameters, {})
    for parameter in parameters:
        if parameter.name in hide:
            continue
        value = values[parameter.name]
        shown = SimpleNamespace(
            name=parameter.name,
            kind=parameter.kind,
            label=getattr(parameter, "label", "") or parameter.name.replace("_", " "),
            help=parameter.help,
            play=getattr(parameter, "play", False),
            value=value,
        )
        match parameter.kind:
            case "float" | "int":
                vars(shown).update(_slider(parameter, value))
            case "choice":
                shown.choices = [(str(choice), choice == value) for choice in parameter.choices]
            case "text":
                shown.long = (parameter.max_length or 0) > LONG
            case "points":
                shown.such, shown.fold = "1,2 3,4", "Move the points"
            case "pixels":
                shown.such, shown.fold = "0099 0990", "Draw"
        yield shown


def _slider(parameter: Parameter, value: Setting) -> dict[str, str]:
    """Ends, step and value of the number box and of the slider, as text for attributes."""
    low, high, step = parameter.low, parameter.high, parameter.step
    assert low is not None
    assert high is not None
    assert step is not None
    at = float(value)
    box = {"low": plain(low), "high": plain(high), "step": "any" if parameter.log else plain(step), "value": plain(at)}
    if not parameter.log:
        return {**box, "from": box["low"], "to": box["high"], "by": box["step"], "at": box["value"]}
    place = LOG_STEPS * math.log(at / low) / math.log(high / low)
    return {**box, "from": "0", "to": str(LOG_STEPS), "by": "1", "at": plain(round(place))}


def plain(value: float) -> str:
    """A number as an attribute says it: 10.0 -> "10"."""
    return f"{value:.12g}"
