"""What can be wrong with an entry, said so that its author can mend it, in English that counts right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from demos._show.counted import counted as counted
from demos._show.counted import plural as plural

Where = tuple[str | int, ...]  # the way from the top of a file to a value: ("related", 2)
ProblemKind = Literal["error", "unfinished", "untidy", "due"]


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where, what, and how.

    A check knows `where` in the data a problem sits; load.places.located() looks up the line and column of it. What is
    "unfinished" is not wrong, only not yet written: it may be looked at with `serve`, and is published no more than
    an error. So is what is "untidy", which `check --fix` mends by itself. What is "due" for a second look keeps
    nobody from anything.
    """

    path: str
    message: str
    hint: str = ""
    where: Where = ()
    line: int = 0
    column: int = 0
    kind: ProblemKind = "error"

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part)
        return f"{place}: {self.message}" + (f"\n    hint: {self.hint}" if self.hint else "")

    @property
    def order(self) -> tuple[str, int, int, str]:
        """Problems are told file by file, from top to bottom."""
        return self.path, self.line, self.column, self.message


class Refused(Exception):  # noqa: N818  says what happened
    """What can not be done, and not for a problem in a file: a sentence and a remedy."""


class Broken(Exception):  # noqa: N818  the glossary is broken, the program is fine
    """The problems that stop a command."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(counted(len(problems), "problem"))
        self.problems = list(problems)


def did_you_mean(word: object, known: Iterable[str], otherwise: str = "") -> str:
    """The near miss as a hint, or what to say where nothing is near."""
    folded = {name.casefold(): name for name in known}
    near = get_close_matches(str(word).casefold(), folded, n=1, cutoff=0.6)
    return f"did you mean '{folded[near[0]]}'?" if near else otherwise


def one_of(names: Iterable[str]) -> str:
    """A closed list as a hint; a long one is cut."""
    names = list(dict.fromkeys(names))
    if not names:
        return "there are none"
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return ("one of: " if len(names) > 1 else "it can only be ") + ", ".join(names[:12]) + more


def listed(items: Sequence[str], joint: str = "and") -> str:
    """ "a", "a and b", "a, b, and c"."""
    if len(items) < 3:
        return f" {joint} ".join(items)
    return ", ".join(items[:-1]) + f", {joint} {items[-1]}"
