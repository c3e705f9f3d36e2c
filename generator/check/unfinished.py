import re
from collections.abc import Iterator
from typing import Any

from generator.check.rule import EntryRule, GlossaryRule
from generator.model.entries import AnyEntry
from generator.model.glossary import Glossary
from generator.problems import Problem, Where
from generator.text.markdown import parts


@EntryRule
def texts_are_finished(entry: AnyEntry) -> Iterator[Problem]:
    """No text of an entry is a placeholder, as in terms/_template.yml. Code may say such a word, and mean it."""
    for where, text in _texts(entry.model_dump(by_alias=True)):
        if is_unfinished(text):
            for word in dict.fromkeys(mark for kind, part in parts(text) if kind not in _CODE for mark in _marks(part)):
                hint = f"finish it, or write `{word}` where the word itself is meant"
                message = f"'{word}' says that this text is not finished"
                yield Problem(entry.file, message, hint, where, kind="unfinished")


def is_unfinished(text: str) -> bool:
    """Whether a text holds a word by which authors mark what is still to be written."""
    return _UNFINISHED.search(text) is not None


def _marks(text: str) -> list[str]:
    return [" ".join(mark.split()) for mark in _UNFINISHED.findall(text)]


_UNFINISHED = re.compile(r"\b(?:TODO|FIXME|TBD|XXX|[Ll]orem\s+ipsum)\b")

_CODE = ("code", "fence")


def _texts(value: Any, where: Where = ()) -> Iterator[tuple[Where, str]]:
    """Every text in plain data, and the way to it."""
    match value:
        case str():
            yield where, value
        case dict():
            for key, inner in value.items():
                yield from _texts(inner, (*where, key))
        case list():
            for i, inner in enumerate(value):
                yield from _texts(inner, (*where, i))


@GlossaryRule
def programs_are_finished(glossary: Glossary) -> Iterator[Problem]:
    """No demo, test of a demo or deliberate bug is still the placeholder that `new` wrote."""
    demos = {f"demos/{name}.py": demo.text for name, demo in glossary.demos.items()}
    for path, text in (*demos.items(), *glossary.tests.items()):
        for line, code in enumerate(text.splitlines() if is_unfinished(text) else (), start=1):
            if found := _UNFINISHED.search(code):
                message, hint = f"'{found[0]}' says that this is not finished", "finish it, and take the word out"
                yield Problem(path, message, hint, (), line, found.start() + 1, "unfinished")
