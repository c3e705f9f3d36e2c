"""Rules about dates, those that need a calendar included."""

from collections.abc import Iterator
from datetime import date, timedelta

from generator.check.rule import CalendarRule, EntryRule
from generator.model.entries import AnyEntry, Path
from generator.model.glossary import Outline
from generator.model.outline import ComparisonOutline, TermOutline
from generator.problems import Problem, Where

FIRST_DAY = date(2000, 1, 1)  # before that there was no web page to write
A_YEAR = timedelta(days=365)
A_DAY = timedelta(days=1)  # by which it may be later where an author lives


@EntryRule
def dates_make_sense(entry: AnyEntry) -> Iterator[Problem]:
    """Dates are plausible: nothing was written before the year 2000, or changed or reviewed before it was written."""
    if entry.written < FIRST_DAY:
        hint = f"no date lies before {FIRST_DAY}; sources have a year of their own"
        yield Problem(entry.file, f"it can not have been written on {entry.written}", hint, ("written",))
    if entry.changed and entry.changed < entry.written:
        message = f"it was changed on {entry.changed}, and written after that, on {entry.written}"
        yield Problem(entry.file, message, "mend one of the dates", ("changed",))
    if not isinstance(entry, Path) and entry.reviewed and entry.reviewed.date < entry.written:
        message = f"it was reviewed on {entry.reviewed.date}, and written after that, on {entry.written}"
        yield Problem(entry.file, message, "mend one of the dates", ("reviewed", "date"))


@CalendarRule
def ahead_of(glossary: Outline, today: date) -> Iterator[Problem]:
    """Dates that are still to come, by more than a day. `check` tells them; a build does not ask what day it is, since
    the same files must make the same site."""
    days: list[tuple[str, date, Where]] = [(entry.file, entry.written, ("written",)) for entry in glossary.entries]
    days += [(entry.file, entry.changed, ("changed",)) for entry in glossary.entries if entry.changed]
    for entry in _reviewable(glossary):
        if entry.reviewed:
            days.append((entry.file, entry.reviewed.date, ("reviewed", "date")))
    for path, day, where in days:
        if day > today + A_DAY:
            yield Problem(path, f"{day} is still to come", f"today is {today}", where)


@CalendarRule
def due_for_review(glossary: Outline, today: date) -> Iterator[Problem]:
    """Entries that nobody has looked at for a year. That is nothing wrong, only something to do."""
    for entry in _reviewable(glossary):
        seen = entry.reviewed.date if entry.reviewed else entry.written
        if today - seen > A_YEAR:
            told = f"last reviewed on {seen}" if entry.reviewed else f"written on {seen} and never reviewed"
            hint = "read it again, look its sources up, mend it, and say so in 'reviewed'"
            where: Where = ("reviewed", "date") if entry.reviewed else ("written",)
            yield Problem(entry.file, f"{told}, more than a year ago", hint, where, kind="due")


def _reviewable(glossary: Outline) -> list[TermOutline | ComparisonOutline]:
    """What a person can have reviewed as a page: a path is as good as its terms."""
    return [*glossary.terms.values(), *glossary.comparisons.values()]
