"""The JSON Schemas that editors read, one beside each kind of entry: fields complete, and errors show while one types.

They are made from the classes of entries and the list of categories, and kept in git, where an editor finds them
without any setup.
"""

import json
from collections.abc import Iterable
from typing import Any

from generator.model.entries import KINDS, Category, Entry, Term


def schemas(categories: Iterable[Category]) -> dict[str, str]:
    """Each file and the text that it should hold: terms/_schema.json, and one in the folder of each other kind."""
    known = list(categories)
    return {f"{folder}/_schema.json": schema_text(kind, known) for folder, kind in KINDS.items()}


def schema_text(kind: type[Entry], categories: Iterable[Category]) -> str:
    """The schema of one kind of entry, as it stands in its file."""
    return json.dumps(json_schema(kind, categories), indent=2, ensure_ascii=False) + "\n"


def json_schema(kind: type[Entry] = Term, categories: Iterable[Category] = ()) -> dict[str, Any]:
    """The JSON Schema of one kind of file, for editors. With categories, editors offer those and no others."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **kind.model_json_schema(by_alias=True)}
    if (known := list(categories)) and "category" in schema["properties"]:
        scopes = [f"{category.title}: {category.scope}" for category in known]
        schema["properties"]["category"] |= {
            "enum": [category.slug for category in known],
            "enumDescriptions": scopes,  # no word of JSON Schema; editors show these beside the choices
        }
    return schema
