"""The whole glossary as JSON, for other programs: one line per term."""

import json
from collections.abc import Callable, Iterator
from functools import partial

from generator.model.glossary import Glossary


def files(glossary: Glossary) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """One file at the top of the site."""
    yield "glossary.json", partial(export, glossary)


def export(glossary: Glossary) -> bytes:
    """The whole glossary as JSON, for other programs: one line per term."""
    lines = []
    for slug, term in glossary.terms.items():
        own = term.model_dump_json(by_alias=True, exclude={"slug", "related"}, exclude_defaults=True).removesuffix("}")
        lines.append(f'"{slug}": {own},"related":{json.dumps(glossary.related[slug])}}}'.encode())
    # Bytes, since this is by far the largest file, and text takes up to four times as much memory.
    return b'{"license": "CC-BY-4.0", "terms": {\n' + b",\n".join(lines) + b"\n}}\n"
