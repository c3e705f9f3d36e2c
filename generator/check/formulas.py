"""Rules about the formulas of a term and what is said about their symbols."""

import re
from collections.abc import Iterator
from functools import lru_cache
from xml.etree.ElementTree import Element, fromstring

from generator.check.rule import EntryRule
from generator.model.entries import AnyEntry, Formula, Term
from generator.problems import Problem
from generator.text.mathml import mathml


@EntryRule
def formulas_have_no_dollars(entry: AnyEntry) -> Iterator[Problem]:
    """A formula of its own, and a symbol in it, is LaTeX alone: dollars are for mathematics inside of texts."""
    for i, formula in enumerate(entry.formula if isinstance(entry, Term) else ()):
        for where, latex in (
            (("formula", i, "latex"), formula.latex),
            *((("formula", i, "symbols", symbol), symbol) for symbol in formula.symbols),
        ):
            if sign := _dollar_in(latex):
                message = f"the page shows this {sign} as a sign of the formula: {latex}"
                yield Problem(entry.file, message, "take it out: here stands nothing but mathematics", where)


_TEXTS = re.compile(r"\\(?:text[a-z]*|mbox|hbox|fbox|emph)\s*\{(?:[^{}]|\{[^{}]*\})*\}")


def _dollar_in(latex: str) -> str:
    """The first $ or $$ that stands in LaTeX and in none of its texts; empty where there is none."""
    marks = re.findall(r"\\.|\$+", _TEXTS.sub("", latex), re.DOTALL)
    return next((mark for mark in marks if mark[0] == "$"), "")


@EntryRule
def symbols_are_those_of_the_formula(entry: AnyEntry) -> Iterator[Problem]:
    """Each symbol that is explained stands in its formula, and is explained once."""
    for i, formula in enumerate(entry.formula if isinstance(entry, Term) else ()):
        for symbol, message, hint in _wrong_symbols(formula):
            yield Problem(entry.file, message, hint, ("formula", i, "symbols", symbol))


def _wrong_symbols(formula: Formula) -> Iterator[tuple[str, str, str]]:
    if not formula.symbols:
        return
    whole = _tree(formula.latex)
    letters = set(_letters(whole)) if whole is not None else set[str]()
    seen: dict[str, str] = {}
    for symbol in formula.symbols:
        shown = _symbol(symbol)
        if shown is None or _dollar_in(symbol):  # which other rules tell
            continue
        looks, own = shown
        first = seen.setdefault(looks, symbol)
        if first != symbol:
            yield symbol, f"the symbol {symbol} looks like {first}, which is explained already", "keep one of them"
        elif whole is not None and not letters.issuperset(own):
            message = f"the symbol {symbol} does not stand in the formula"
            yield symbol, message, "spell it as the formula does, or take it out"


@lru_cache(maxsize=1024)  # formulas have most of their symbols in common
def _symbol(latex: str) -> tuple[str, frozenset[str]] | None:
    """What a symbol looks like, and its letters without indices; None where it is no LaTeX."""
    tree = _tree(latex)
    return None if tree is None else (_looks(tree), frozenset(_letters(tree, with_indices=False)))


def _tree(latex: str) -> Element | None:
    """LaTeX as a tree of MathML; None where it is none, which formulas_convert tells."""
    try:
        return fromstring(re.sub(r' xmlns="[^"]*"', "", mathml(latex, display=True)))
    except ValueError:
        return None


def _letters(element: Element, *, with_indices: bool = True) -> Iterator[str]:
    """All letters, numbers and words in a tree. An index is often another one in the formula: s^k stands for s^2."""
    if element.tag in ("mi", "mn", "mtext"):
        yield element.text or ""
    is_indexed = element.tag in ("msub", "msup", "msubsup")
    for inner in element[:1] if is_indexed and not with_indices else element:
        yield from _letters(inner, with_indices=with_indices)


def _looks(element: Element) -> str:
    """What tells whether two trees look alike: their elements without those that only group."""
    inside = "".join(map(_looks, element)) or element.text or ""
    if element.tag in ("math", "mrow"):
        return inside
    return f"<{element.tag} {element.get('mathvariant', '')}>{inside}</>"
