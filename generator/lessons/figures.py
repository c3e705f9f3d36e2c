"""Figures of demos in texts: which runs they need, and the glossary with numbers in their place.

This is the only place where they are computed. Pages, exports, search and keys get the glossary that computed() makes,
and see plain text.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple, TypeVar

from generator.lessons.experiments import Numbers
from generator.lessons.run import Job, lesson_key
from generator.model.entries import AnyEntry, Term
from generator.model.glossary import Glossary
from generator.model.settings import all_settings, unlike_default
from generator.model.texts import Text, prose, rewritten
from generator.problems import Problem, Where, did_you_mean, one_of
from generator.text.figures import ComputedFigure, figures_in, numbers_in, parse, with_figures

E = TypeVar("E", bound=AnyEntry)


def jobs_of_figures(glossary: Glossary) -> Iterator[Job]:
    """Every run that a figure in a text needs."""
    for entry in glossary.entries:
        for text, figure in _figures(entry):
            yield _job(glossary, entry, figure, text)


def unknown_figures(glossary: Glossary, numbers: Numbers) -> Iterator[Problem]:
    """Figures in texts that their demo does not report."""
    for entry in glossary.entries:
        for text, figure in _figures(entry):
            job = _job(glossary, entry, figure, text)
            known = numbers.get(lesson_key(job.demo, job.given))
            if known is not None and figure.name not in known:
                others = [
                    use.module
                    for use in (entry.demos if isinstance(entry, Term) else ())
                    if figure.name in numbers.get(lesson_key(use.module, use.with_), ())
                ]
                hint = did_you_mean(figure.name, known, one_of(known))
                if others:
                    hint = f"another demo of the page does: {{{{{figure.name} | demo={others[0]}}}}}"
                yield Problem(entry.file, f"the demo '{job.demo}' reports no '{figure.name}'", hint, text.where)


def computed(glossary: Glossary, numbers: Numbers) -> Glossary:
    """The glossary with a number in the place of every figure. teach() has found all of them."""

    def written(entry: E) -> E:
        if not any(figures_in(text.content) for text in prose(entry)):
            return entry

        def change(text: Text) -> str:
            return with_figures(text.content, lambda part: _written(glossary, entry, part, text, numbers))

        return rewritten(entry, change)

    return replace(
        glossary,
        terms={slug: written(entry) for slug, entry in glossary.terms.items()},
        comparisons={slug: written(entry) for slug, entry in glossary.comparisons.items()},
        paths={slug: written(entry) for slug, entry in glossary.paths.items()},
    )


LEAST_DIGITS = 3  # of a number that is no coincidence


class Frozen(NamedTuple):
    """A number in a text that is a figure of a demo of its page, and does not say so."""

    where: Where
    written: str
    figure: str  # as it would be written instead


def frozen_figures(term: Term, numbers: Numbers) -> Iterator[Frozen]:
    """Numbers that are written out, and equal a figure that a demo of the page has computed at the page's settings."""
    for text in prose(term):
        for one in numbers_in(text.content) if text.where != ("definition",) else ():
            for use in term.demos if one.digits >= LEAST_DIGITS else ():
                found = [
                    name
                    for name, figure in numbers.get(lesson_key(use.module, use.with_), {}).items()
                    if one.is_of(figure) or (one.is_percent and one.is_of(100 * figure))
                ]
                if found:
                    demo = "" if use is term.demo else f" | demo={use.module}"
                    yield Frozen(text.where, one.text, f"{{{{{found[0]}{demo}}}}}")
                    break


def _figures(entry: AnyEntry) -> Iterator[tuple[Text, ComputedFigure]]:
    for text in prose(entry):
        for part in figures_in(text.content):
            figure = parse(part)
            assert isinstance(figure, ComputedFigure)  # check has read them
            yield text, figure


def _written(glossary: Glossary, entry: AnyEntry, part: str, text: Text, numbers: Numbers) -> str:
    figure = parse(part)
    assert isinstance(figure, ComputedFigure)
    job = _job(glossary, entry, figure, text)
    return figure.written(numbers[lesson_key(job.demo, job.given)][figure.name])


def _job(glossary: Glossary, entry: AnyEntry, figure: ComputedFigure, text: Text) -> Job:
    """The run that computes a figure: of a demo of the page with the page's settings, else of any with its own."""
    use = entry.demo_called(figure.demo or None) if isinstance(entry, Term) else None
    demo = glossary.demos[use.module if use else figure.demo]
    settings = all_settings(demo, use.with_ if use else {}, figure.settings)
    return Job(demo.name, unlike_default(demo, settings), entry.file, figure.name, text.where, drawn=False)
