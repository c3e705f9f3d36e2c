"""The schema for editors takes what the model takes."""

import json

import pytest
from pydantic import ValidationError

from generator.model.schema import json_schema
from tests.generator.conftest import a_term, entry, ours


def fits(value, schema, definitions):
    """Whether plain data fits a JSON Schema, as far as ours goes."""
    if "$ref" in schema:
        return fits(value, definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
    if "oneOf" in schema:
        return sum(fits(value, one, definitions) for one in schema["oneOf"]) == 1
    if "anyOf" in schema:
        return any(fits(value, one, definitions) for one in schema["anyOf"])
    if "enum" in schema:
        return value in schema["enum"]
    match schema["type"]:
        case "object":
            known, more = schema.get("properties", {}), schema.get("additionalProperties", True)
            return (
                isinstance(value, dict)
                and set(schema.get("required", ())) <= value.keys()
                and all(
                    fits(item, known[name], definitions)
                    if name in known
                    else isinstance(more, dict) and fits(item, more, definitions)
                    for name, item in value.items()
                )
            )
        case "array":
            return (
                isinstance(value, list)
                and len(value) >= schema.get("minItems", 0)
                and all(fits(item, schema["items"], definitions) for item in value)
            )
    types = {"string": str, "integer": int, "number": int | float, "boolean": bool, "null": type(None)}
    return isinstance(value, types[schema["type"]])


SCHEMA = json_schema()


@pytest.mark.parametrize(
    ("changes", "valid"),
    [
        ({}, True),
        ({"aliases": ["unit", {"text": "node", "link": False}], "demo": "tiny"}, True),
        ({"demo": {"module": "tiny", "with": {"size": 2, "loud": True}}}, True),
        ({"formula": [{"latex": "x", "symbols": {"x": "input"}}], "note": "scaled down"}, True),
        ({"colour": "red"}, False),
        ({"slug": "neuron"}, False),
        ({"level": "hard"}, False),
        ({"examples": ["one"]}, False),
        ({"definition": None}, False),
        ({"aliases": [{"text": "node", "lnk": False}]}, False),
    ],
)
def test_the_schema_for_editors_takes_what_the_model_takes(changes, valid):
    data = entry(**changes)
    assert fits(data, SCHEMA, SCHEMA["$defs"]) is valid
    accepted = "slug" not in data
    try:
        a_term(**changes)
    except ValidationError:
        accepted = False
    assert accepted is valid


def test_every_real_term_fits_the_schema_for_editors():
    for slug, term in ours().glossary.terms.items():
        data = json.loads(term.model_dump_json(by_alias=True, exclude={"slug"}, exclude_defaults=True))
        assert fits(data, SCHEMA, SCHEMA["$defs"]), slug
