"""Rules about figures of demos that stand in texts, as in `{{loss at the end}}`."""

import re
from collections.abc import Iterator

from demos._run.settings import BadSetting
from generator.check.rule import EntryInGlossaryRule, EntryRule
from generator.model.entries import AnyEntry, Term
from generator.model.formulas import formulas
from generator.model.glossary import Outline
from generator.model.settings import all_settings
from generator.model.texts import Text, TextKind, prose
from generator.problems import Problem, did_you_mean
from generator.text.figures import figures_in, parse
from generator.text.markdown import parts, start_of


@EntryRule
def figures_can_be_read(entry: AnyEntry) -> Iterator[Problem]:
    """A figure of a demo, as in `{{loss at the end | steps=20 | .3f}}`, can be computed. It stands in prose,
    and in no name, no definition and no link."""
    for text in prose(entry):
        if "{{" not in text.content:
            continue
        for kind, part in parts(text.content):
            if kind == "figure" and not _may_have_figures(text):
                what = "a definition" if text.where == ("definition",) else "a name"
                hint = "say it in the explanation, or write the number if it holds for every setting"
                yield Problem(entry.file, f"{what} holds no figure of a demo: {start_of(part)}", hint, text.where)
            elif kind == "figure" and isinstance(wrong := parse(part), tuple):
                yield Problem(entry.file, *wrong, text.where)
            elif kind == "prose" and "{{" in part:
                message = f"a {{{{ opens a figure that does not close: {start_of(part[part.index('{{') :])}"
                yield Problem(entry.file, message, "close it with }} in the same paragraph", text.where)
            elif kind in ("link", "wiki", "heading") and "{{" in part:
                message = f"a figure is not computed inside a link: {start_of(part)}"
                yield Problem(entry.file, message, "put it beside the link", text.where)
    for where, latex, _ in formulas(entry):
        for found in _MEANT_IN_MATHEMATICS.finditer(latex):
            message = f"a figure is not computed inside mathematics, which shows its letters: {start_of(found[0])}"
            yield Problem(entry.file, message, "write it beside the formula: $s$ is {{weighted sum}}", where)


# LaTeX may need two braces, as in x_{{i}}. Words side by side, and a setting or a form after a bar, are a figure.
_MEANT_IN_MATHEMATICS = re.compile(
    r"\{\{(?=[^{}\\]*(?:[A-Za-z]{2}\s+\w|[A-Za-z]{2}\s*\|\s*(?:\w[\w ]*=|\+?,?(?:\.\d)?[efg%]\s*\})))[^{}\\]*\}\}"
)


def _may_have_figures(text: Text) -> bool:
    return text.kind is not TextKind.NAME and text.where != ("definition",)


@EntryInGlossaryRule
def figures_are_of_a_demo(glossary: Outline, entry: AnyEntry) -> Iterator[Problem]:
    """A figure in a text is one of a demo that exists, at settings that it takes. A page without a demo names it, as in
    `{{test loss | demo=overfitting}}`."""
    for text in prose(entry):
        for part in figures_in(text.content):
            figure = parse(part)
            if isinstance(figure, tuple):
                continue
            if not figure.demo and not isinstance(entry, Term):
                message, hint = f"{' '.join(part.split())} names no demo", "name it: {{test loss | demo=overfitting}}"
                yield Problem(entry.file, message, hint, text.where)
                continue
            use = entry.demo_called(figure.demo or None) if isinstance(entry, Term) else None
            module = use.module if use else figure.demo
            demo = glossary.demos.get(module)
            if demo is None:
                if f"demos/{module}.py" not in glossary.unread and use is None:
                    message = f"there is no demo called '{module}'"
                    yield Problem(entry.file, message, did_you_mean(module, glossary.demos), text.where)
                continue
            page = use.with_ if use else {}
            try:
                all_settings(demo, page)
            except BadSetting:  # which is told of the demo itself
                continue
            try:
                all_settings(demo, page, figure.settings)
            except BadSetting as error:
                for message, hint in error.problems:
                    yield Problem(entry.file, f"in {' '.join(part.split())}, {message}", hint, text.where)
