from collections.abc import Iterator

from generator.model.entries import AnyEntry, Comparison, Path, Term
from generator.problems import Where
from generator.text.markdown import parts
from generator.text.mathml import latex_of


def formulas(entry: AnyEntry) -> Iterator[tuple[Where, str, bool]]:
    """Every formula that the page of an entry shows: the way to it, its LaTeX, and whether it has lines of its own."""
    for where, text in markdown_texts(entry):
        for kind, part in parts(text):
            if kind == "math":
                yield where, *latex_of(part)
    for i, item in enumerate(entry.formula if isinstance(entry, Term) else ()):
        yield ("formula", i, "latex"), item.latex, True
        for symbol in item.symbols:
            yield ("formula", i, "symbols", symbol), symbol, False


def markdown_texts(entry: AnyEntry) -> Iterator[tuple[Where, str]]:
    """Every Markdown text of an entry: the way to it, and what it says."""
    match entry:
        case Term():
            yield ("explanation",), entry.explanation
            for i, text in enumerate(entry.examples):
                yield ("examples", i), text
            for i, item in enumerate(entry.misconceptions):
                yield ("misconceptions", i, "wrong"), item.wrong
                yield ("misconceptions", i, "right"), item.right
            for i, question in enumerate(entry.faq):
                yield ("faq", i, "answer"), question.answer
            for where, use in entry.demo_places:
                yield (*where, "caption"), use.caption
            if entry.note:
                yield ("note",), entry.note
        case Comparison():
            yield ("summary",), entry.summary
            for i, row in enumerate(entry.rows):
                for key, cell in row.values.items():
                    if isinstance(cell, str):
                        yield ("rows", i, "values", key), cell
            for key, text in entry.choose.items():
                yield ("choose", key), text
        case Path():
            yield ("summary",), entry.summary
            yield ("outcome",), entry.outcome
            for i, rung in enumerate(entry.steps):
                yield ("steps", i, "why"), rung.why


def plain_texts(entry: AnyEntry) -> Iterator[tuple[Where, str]]:
    """Every text of an entry that is shown as it is. Other names are none: they may be anything people search for."""
    yield ("title",), entry.title
    match entry:
        case Term():
            yield ("definition",), entry.definition
            for i, item in enumerate(entry.formula):
                for symbol, meaning in item.symbols.items():
                    yield ("formula", i, "symbols", symbol), meaning
            for i, asked in enumerate(entry.faq):
                yield ("faq", i, "question"), asked.question
        case Comparison():
            for i, side in enumerate(entry.sides):
                yield ("sides", i, "label"), side.label
            for i, row in enumerate(entry.rows):
                yield ("rows", i, "aspect"), row.aspect
