"""Every formula of an entry, in its texts and in the fields that hold nothing else."""

from collections.abc import Iterator

from generator.model.entries import AnyEntry, Term
from generator.model.texts import markdown_texts
from generator.problems import Where
from generator.text.markdown import inside_links, parts
from generator.text.mathml import latex_of


def formulas(entry: AnyEntry) -> Iterator[tuple[Where, str, bool]]:
    """Every formula that the page of an entry shows: the way to it, its LaTeX, and whether it has lines of its own."""
    for text in markdown_texts(entry):
        for kind, part in parts(text.content):
            if kind == "math":
                yield text.where, *latex_of(part)
            elif kind in ("link", "wiki"):
                inside = parts(inside_links(kind, part))
                yield from ((text.where, *latex_of(inner)) for of, inner in inside if of == "math")
    for i, item in enumerate(entry.formula if isinstance(entry, Term) else ()):
        yield ("formula", i, "latex"), item.latex, True
        for symbol in item.symbols:
            yield ("formula", i, "symbols", symbol), symbol, False
