"""The JSON Schemas that editors read, one beside each kind of entry: fields complete, and errors show while one types.

They are made from model.py and the list of categories, and kept in git, where an editor finds them without any setup.
"""

import json
from collections.abc import Iterable

from generator.model import Category, Comparison, Entry, Path, Term, json_schema

KINDS: dict[str, type[Entry]] = {
    "terms/_schema.json": Term,
    "terms/comparisons/_schema.json": Comparison,
    "terms/paths/_schema.json": Path,
}


def schemas(categories: Iterable[Category]) -> dict[str, str]:
    """Each file of KINDS and the text that it should hold."""
    known = list(categories)
    return {path: schema_text(kind, known) for path, kind in KINDS.items()}


def schema_text(kind: type[Entry], categories: Iterable[Category]) -> str:
    """The schema of one kind of entry, as it stands in its file."""
    return json.dumps(json_schema(kind, categories), indent=2, ensure_ascii=False) + "\n"
