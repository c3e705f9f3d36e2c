"""A figure of a demo in a text, as in `{{loss at the end | learning_rate=0.25 | .3f}}`, and what a goal asks of one.

The build computes such a figure, and everything that shows the text sees a number. What stands between the braces is
the figure's name and, each after a bar, settings unlike those of the page, the demo where it is not the first of the
page (demo=optimizers), and how the number is written.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from demos._show.axes import number
from generator.text.markdown import parts

FORMAT = re.compile(r"\+?,?(?:\.\d)?[efg%]|,")


@dataclass(frozen=True)
class ComputedFigure:
    """What stands between the braces. `demo` is empty for the first demo of the page, `form` where none is given."""

    name: str
    demo: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    form: str = ""

    def written(self, value: float) -> str:
        """The value as prose writes numbers: by the form, or as the page shows its figures; −0.5, 95 %, 2 × 10⁻⁵."""
        return in_prose(format(value, self.form) if self.form else number(value))


def in_prose(text: str) -> str:
    """A number that Python wrote, with a minus sign, a space before %, and powers of ten."""
    digits, exponential, exponent = text.partition("e")
    if exponential:
        digits += f" × 10{str(int(exponent)).translate(_RAISED)}"
    return digits.replace("-", "−").replace("%", " %")


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def parse(part: str) -> ComputedFigure | tuple[str, str]:
    """What a part of a text that is a figure says, or what is wrong with it: a sentence and a remedy."""
    name, *given = (" ".join(one.split()) for one in part[2:-2].split("|"))
    settings: dict[str, str] = {}
    form = ""
    if not name or "=" in name:
        return f"{_in_words(part)} names no figure", "begin with its name on the page: {{loss at the end}}"
    for one in given:
        setting, is_setting, value = (text.strip() for text in one.partition("="))
        if is_setting and setting and value:
            if setting in settings:
                return f"{_in_words(part)} sets '{setting}' twice", "keep one"
            settings[setting] = value
        elif FORMAT.fullmatch(one):
            if form:
                return f"{_in_words(part)} says twice how the number is written", "keep one"
            form = one
        else:
            message = f"in {_in_words(part)}, '{one}' is neither a setting nor a way to write a number"
            return message, "after a bar write steps=20, or one of .3f, .2g, .1e, .0% and ,.0f"
    return ComputedFigure(name, settings.pop("demo", ""), settings, form)


def _in_words(part: str) -> str:
    return " ".join(part.split())


def figures_in(text: str) -> list[str]:
    """The parts of a text that are figures, as they stand there."""
    return [part for kind, part in parts(text) if kind == "figure"] if "{{" in text else []


def with_figures(text: str, write: Callable[[str], str]) -> str:
    """The text with something else in the place of each figure."""
    if "{{" not in text:
        return text
    return "".join(write(part) if kind == "figure" else part for kind, part in parts(text))


# --- what a goal asks -------------------------------------------------------------------------------------

COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq,
}  # fmt: skip
_CONDITION = re.compile(r"(<=|>=|<|>|=)\s*([^<>=\s][^<>=]*)")


@dataclass(frozen=True)
class Condition:
    """One thing that a goal asks of a figure or a setting. The value is text for a choice, as in "= adam"."""

    compare: str
    value: float | str

    def holds(self, given: object) -> bool:
        """Whether something is as asked for; only numbers are more or less than others."""
        if isinstance(self.value, str) or isinstance(given, str | bool) or not isinstance(given, int | float):
            return self.compare == "=" and str(given).lower() == str(self.value).lower()
        return COMPARED[self.compare](given, self.value)


def conditions(text: str) -> list[Condition]:
    """What "< 0.001" or "> 1 and <= 2" asks; an empty list for a text that asks nothing."""
    found = []
    for one in re.split(r"\s+and\s+", text.strip()):
        match = _CONDITION.fullmatch(one)
        if not match:
            return []
        compare, value = match[1], match[2].strip()
        try:
            found.append(Condition(compare, float(value)))
        except ValueError:
            if compare != "=":
                return []
            found.append(Condition(compare, value))
    return found


# --- numbers as an author writes them ---------------------------------------------------------------------


def decimals(value: float) -> int:
    """How many digits a number has after its point: 0.25 has two, 10 has none, 1e-05 has five."""
    digits, _, exponent = repr(value).partition("e")
    return max(0, len(digits.partition(".")[2].removesuffix("0") if "." in digits else "") - int(exponent or 0))


def is_rounded(value: float, written: float) -> bool:
    """Whether a number is what an author wrote, to the digits that were written."""
    digits = decimals(written)
    return float(f"{value:.{digits}f}") == written


class Written(NamedTuple):
    """A number that stands in a text: as it is written, and how exactly that says what it is."""

    text: str
    value: float
    decimals: int
    digits: int  # that say something: 0.0060 has two, 1200 has two
    is_percent: bool

    def is_of(self, figure: float) -> bool:
        """Whether it is a figure, rounded as it is written."""
        return float(f"{figure:.{self.decimals}f}") == self.value


def numbers_in(text: str) -> Iterator[Written]:
    """The numbers that stand in the prose and the mathematics of a text, and not in a figure that is computed."""
    for kind, part in parts(text):
        if kind in ("prose", "math"):
            for match in _NUMBER.finditer(part):
                plain = match[1].replace(",", "").replace("−", "-")
                whole, point, fraction = plain.lstrip("-").partition(".")
                said = (whole + fraction).lstrip("0") if point else whole.strip("0")
                yield Written(match[1], float(plain), len(fraction), len(said), match[2] is not None)


_NUMBER = re.compile(
    r"(?<![\w.,^{−-])((?:[−-](?=\d))?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(\s?\\?%|\spercent)?(?![\w}]|[.,]\d)"
)
