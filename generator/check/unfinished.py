"""Rules about what is still a placeholder."""

import re
from collections.abc import Iterator

from generator.check.rule import EntryRule, GlossaryRule
from generator.model.entries import AnyEntry
from generator.model.glossary import Outline
from generator.model.texts import all_texts
from generator.problems import Problem
from generator.text.markdown import parts


@EntryRule
def texts_are_finished(entry: AnyEntry) -> Iterator[Problem]:
    """No text of an entry is a placeholder, as in terms/_template.yml. Code may say such a word, and mean it."""
    for text in all_texts(entry):
        if is_unfinished(text.content):
            said = [part for kind, part in parts(text.content) if kind not in _CODE]
            for word in dict.fromkeys(mark for part in said for mark in _marks(part)):
                hint = f"finish it, or write `{word}` where the word itself is meant"
                message = f"'{word}' says that this text is not finished"
                yield Problem(entry.file, message, hint, text.where, kind="unfinished")


def is_unfinished(text: str) -> bool:
    """Whether a text holds a word by which authors mark what is still to be written."""
    # The marks are looked for first, since to find none of them is much faster; written out, because all texts come by.
    marked = "TODO" in text or "FIXME" in text or "TBD" in text or "XXX" in text or "orem" in text
    return marked and _UNFINISHED.search(text) is not None


def _marks(text: str) -> list[str]:
    return [" ".join(mark.split()) for mark in _UNFINISHED.findall(text)]


_UNFINISHED = re.compile(r"\b(?:TODO|FIXME|TBD|XXX|[Ll]orem\s+ipsum)\b")
_CODE = ("code", "fence")


@GlossaryRule
def programs_are_finished(glossary: Outline) -> Iterator[Problem]:
    """No demo, test of a demo or deliberate bug is still the placeholder that `new` wrote."""
    demos = {f"demos/{name}.py": demo.text for name, demo in glossary.demos.items()}
    for path, text in (*demos.items(), *glossary.tests.items()):
        for line, code in enumerate(text.splitlines() if is_unfinished(text) else (), start=1):
            if found := _UNFINISHED.search(code):
                message, hint = f"'{found[0]}' says that this is not finished", "finish it, and take the word out"
                yield Problem(path, message, hint, (), line, found.start() + 1, "unfinished")
