"""The schemas that editors read: they are kept current, they take every entry, and they explain every field."""

import json

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from generator.__main__ import main
from generator.load.glossary import load
from generator.model import entries
from generator.model.entries import LISTS, Entry
from generator.model.schema import schemas
from tests.generator.conftest import ROOT, entry, ours

SCHEMAS = ["terms/_schema.json", "terms/comparisons/_schema.json", "terms/paths/_schema.json"]
REMAKE = "is out of date; run: python -m generator schema --write"


def categories():
    return ours().glossary.categories.values()


@pytest.mark.parametrize("path", SCHEMAS)
def test_the_schema_in_git_is_current(path):
    assert (ROOT / path).read_text(encoding="utf-8") == schemas(categories())[path], f"{path} {REMAKE}"


@pytest.mark.parametrize("path", SCHEMAS)
def test_the_schema_takes_every_entry_beside_it(path):
    schema = json.loads((ROOT / path).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    files = [file for file in (ROOT / path).parent.glob("*.yml") if f"terms/{file.name}" not in LISTS]
    assert len(files) > 2
    for file in files:
        data = yaml.load(file.read_text(encoding="utf-8"), Loader=Editor)
        wrong = [error.message for error in Draft202012Validator(schema).iter_errors(typed(data))]
        assert wrong == [], file


class Quoted(str):
    """Text that stands in quotes or in a block, and is text whatever it says."""


class Editor(yaml.BaseLoader):
    def construct_scalar(self, node):
        value = super().construct_scalar(node)
        return Quoted(value) if node.style else value


def typed(value):
    """Plain data as an editor sees it: dates are text."""
    match value:
        case dict():
            return {key: typed(inner) for key, inner in value.items()}
        case list():
            return [typed(inner) for inner in value]
        case Quoted():
            return str(value)
        case "true" | "false":
            return value == "true"
    try:
        return json.loads(value)
    except ValueError:
        return value


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"category": "zoology"}, "'zoology' is not one of ['foundations', 'classical-ml', 'neural-networks', "),
        ({"level": "hard"}, "'hard' is not one of ['beginner', 'intermediate', 'advanced']"),
        ({"levl": "beginner"}, "Additional properties are not allowed ('levl' was unexpected)"),
        ({"examples": ["One."]}, "['One.'] is too short"),
        ({"slug": "neuron"}, "Additional properties are not allowed ('slug' was unexpected)"),
        ({"demo": None}, "'demo' is a required property"),
    ],
)
def test_the_schema_refuses_what_the_model_would_refuse(changes, message):
    schema = json.loads(schemas(categories())["terms/_schema.json"])
    data = {name: value for name, value in (entry(category="foundations") | changes).items() if value is not None}
    (error,) = Draft202012Validator(schema).iter_errors(data)
    assert error.message.startswith(message)


def test_editors_are_offered_the_categories_with_what_belongs_there():
    field = json.loads(schemas(categories())["terms/_schema.json"])["properties"]["category"]
    assert field["enum"] == [category.slug for category in categories()]
    assert field["enumDescriptions"][0] == (
        "Foundations: Data, models, probability and information; why learning works, and when it fails."
    )
    assert len(field["enumDescriptions"]) == len(field["enum"])


KINDS_OF_FIELDS = [kind for kind in vars(entries).values() if isinstance(kind, type) and issubclass(kind, Entry)]


@pytest.mark.parametrize("kind", sorted(KINDS_OF_FIELDS, key=lambda kind: kind.__name__))
def test_every_field_says_what_it_is(kind):
    assert kind.__doc__
    assert kind.__doc__ != BaseModel.__doc__
    unsaid = [name for name, info in kind.model_fields.items() if not info.description]
    assert unsaid in ([], ["slug"])  # for an entry, the slug is the name of its file


def test_the_template_points_editors_to_the_schema():
    first = (ROOT / "terms" / "_template.yml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=_schema.json"


# --- the command ------------------------------------------------------------------------------------------


def test_the_schema_of_terms_is_printed(project, capsys):
    assert main(["schema", "--root", str(project)]) == 0
    assert json.loads(capsys.readouterr().out)["properties"]["category"]["enum"] == ["basics", "more"]


def test_the_schemas_are_written_where_they_differ(project, capsys):
    assert main(["schema", "--write", "--root", str(project)]) == 0
    assert capsys.readouterr().out == "".join(f"{path}: written\n" for path in SCHEMAS)
    assert all((project / path).is_file() for path in SCHEMAS)
    assert load(project).problems == []

    (project / "terms" / "paths" / "_schema.json").write_text("{}", encoding="utf-8")
    assert main(["schema", "--write", "--root", str(project)]) == 0
    assert capsys.readouterr().out == "terms/paths/_schema.json: written\n"
    assert main(["schema", "--write", "--root", str(project)]) == 0
    assert capsys.readouterr().out == "the schemas are as they should be\n"


def test_no_schema_is_written_where_categories_can_not_be_read(project, capsys):
    (project / "terms" / "categories.yml").write_text("- [\n", encoding="utf-8")
    assert main(["schema", "--write", "--root", str(project)]) == 1
    assert capsys.readouterr().err == (
        "terms/categories.yml:2:1: this is not valid YAML: a value is missing here, or a bracket is not closed\n"
        "    hint: write it, or put quotes around the text\n"
        "\n1 problem. Nothing was written.\n"
    )
    assert not (project / "terms" / "_schema.json").exists()
