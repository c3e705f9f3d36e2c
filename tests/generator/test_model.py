"""What entries are, and what follows from what they say."""

import json

import pytest
from pydantic import ValidationError

from generator.load.glossary import load
from generator.model.entries import RESERVED, Opening, slugify
from generator.model.schema import json_schema
from tests.generator.conftest import ROOT, a_comparison, a_glossary, a_path, a_term, entry


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Byte-Pair Encoding", "byte-pair-encoding"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("Naïve Bayes", "naive-bayes"),
        ("  A*  search ", "a-search"),
        ("GPT-2", "gpt-2"),
        ("L₂ norm", "l2-norm"),
        ("λ", ""),
    ],
)
def test_a_name_becomes_an_address(name, slug):
    assert slugify(name) == slug


def test_an_entry_is_closed_and_can_not_be_changed():
    with pytest.raises(ValidationError, match="Extra inputs"):
        a_term(colour="red")
    with pytest.raises(ValidationError, match="frozen"):
        a_term().title = "Cell"


def test_a_plain_text_is_one_line_whatever_the_file_looks_like():
    assert a_term(definition="  A Neuron is\n  a   thing. ").definition == "A Neuron is a thing."


def test_text_stands_for_an_alias_a_demo_and_a_side():
    term = a_term(aliases=["unit", {"text": "node", "link": False}], demo="tiny")
    assert [(alias.text, alias.link) for alias in term.aliases] == [("unit", True), ("node", False)]
    assert (term.demo.module, term.demo.with_) == ("tiny", {})
    sides = a_comparison(sides=["neuron", {"label": "slope", "about": "gradient"}]).sides
    assert [(side.key, side.about) for side in sides] == [("neuron", "neuron"), ("slope", "gradient")]


@pytest.mark.parametrize("value", [True, 2, 0.5, "relu"])
def test_a_setting_keeps_its_type(value):
    given = a_term(demo={"module": "tiny", "with": {"size": value}}).demo.with_["size"]
    assert (given, type(given)) == (value, type(value))


# --- names in sentences -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("definition", "opening"),
    [
        ("A neuron is small.", Opening("A", "neuron", "is")),
        ("An artificial neuron is small.", Opening("An", "artificial neuron", "is")),
        ("The neuron is small.", Opening("The", "neuron", "is")),
        ("Neurons are small.", Opening("", "Neurons", "are")),
        ("A neuron (from Greek) is small.", Opening("A", "neuron", "is")),
        ("A neuron, is small.", Opening("A", "neuron", "is")),
        ("A neuron-like thing is small.", None),
        ("A neuron isn't small.", None),
        ("A small neuron is nice.", None),
        ("It is small.", None),
    ],
)
def test_the_opening_of_a_definition_gives_the_grammar(definition, opening):
    assert a_term(aliases=["artificial neuron", "neurons"], definition=definition).opening == opening


@pytest.mark.parametrize(
    ("title", "definition", "prose", "in_sentence", "with_article"),
    [
        ("Neural Network", "A neural network is a stack.", "", "neural network", "a neural network"),
        ("Embedding", "An embedding is a vector.", "", "embedding", "an embedding"),
        ("LSTM", "An LSTM is a cell.", "", "LSTM", "an LSTM"),
        ("Attention", "Attention is a mix.", "", "attention", "attention"),
        ("BPE", "BPE is a code.", "", "BPE", "BPE"),
        ("GPT-2 Model", "GPT-2 model is a model.", "", "GPT-2 model", "GPT-2 model"),
        ("Adam", "Adam is a rule.", "Today many train with Adam, and rest.", "Adam", "Adam"),
        ("Adam", "Adam is a rule.", "Nobody trains\nAdam now.", "Adam", "Adam"),
        ("Softmax", "Softmax is a map.", "Softmax at the start. Here softmax inside.", "softmax", "softmax"),
        ("Bayes Rule", "Bayes rule is a rule.", "They use Bayes rules, then Bayes Rule.", "Bayes Rule", "Bayes Rule"),
        ("Embedding", "Embeddings are vectors.", "", "embeddings", "embeddings"),
        ("Odd", "This does not start with the term.", "", "Odd", "Odd"),
    ],
)
def test_a_name_stands_in_a_sentence_as_its_author_would_write_it(title, definition, prose, in_sentence, with_article):
    term = a_term(title, definition=definition, explanation=prose or "Nothing.", aliases=["embeddings"])
    assert (term.in_sentence, term.with_article) == (in_sentence, with_article)


def test_the_verb_of_the_definition_says_whether_the_name_is_plural():
    assert a_term("Embeddings", definition="Embeddings are vectors.").is_plural
    assert not a_term("Embedding", definition="An embedding is a vector.").is_plural
    assert not a_term("Embedding", definition="Vectors are embeddings.").is_plural


# --- the glossary as a whole ------------------------------------------------------------------------------


def test_a_relation_is_written_once_and_seen_from_both_sides():
    glossary = a_glossary(
        a_term("Neuron", related=["gradient", "nowhere"]), a_term("Gradient"), a_term("Loss", related=["gradient"])
    )
    assert glossary.related == {"neuron": ["gradient"], "gradient": ["neuron", "loss"], "loss": ["gradient"]}


def test_a_prerequisite_leads_to_the_terms_that_name_it():
    glossary = a_glossary(
        a_term("Neuron"), a_term("Loss", prerequisites=["neuron"]), a_term("Adam", prerequisites=["loss", "nowhere"])
    )
    assert glossary.leads_to == {"neuron": ["loss"], "loss": ["adam"], "adam": []}


def test_the_home_of_a_demo_comes_first_among_its_users():
    glossary = a_glossary(a_term("Gradient"), a_term("Neuron"), a_term("Loss", demo="other"))
    assert glossary.demo_users == {"tiny": ["neuron", "gradient"], "other": ["loss"]}


def test_a_term_knows_the_comparisons_with_a_side_about_it_each_once():
    sides = [{"label": "one", "about": "neuron"}, {"label": "other", "about": "neuron"}]
    glossary = a_glossary(a_comparison(), a_comparison("second", sides=sides))
    assert glossary.compared_in == {"neuron": ["neuron-vs-gradient", "second"], "gradient": ["neuron-vs-gradient"]}


def test_an_ambiguous_acronym_knows_all_its_terms():
    shared = [{"text": "ANN", "ambiguous": True}]
    glossary = a_glossary(a_term("Neuron", aliases=shared), a_term("Search", aliases=[*shared, "ANNS"]))
    assert glossary.ambiguous == {"ANN": ["neuron", "search"]}


def test_every_name_is_an_address_and_a_slug_beats_them_all():
    glossary = a_glossary(
        a_term("Artificial Neuron", "neuron", aliases=["The Unit", "gradient"], former_slugs=["cell"]),
        a_term("Gradient"),
    )
    assert glossary.addresses == {
        "artificial-neuron": "neuron",
        "the-unit": "neuron",
        "gradient": "gradient",
        "cell": "neuron",
        "neuron": "neuron",
    }


@pytest.mark.parametrize(
    ("unread", "whole"),
    [
        (set(), True),
        ({"terms/loss.yml"}, False),
        ({"terms/categories.yml", "terms/comparisons/a.yml", "terms/paths/a.yml", "demos/tiny.py"}, True),
    ],
)
def test_a_glossary_is_whole_when_every_term_could_be_read(unread, whole):
    glossary = a_glossary(a_term(), a_path("neuron", "loss"), unread=frozenset(unread))
    assert glossary.is_whole is whole
    assert (glossary.has_term("neuron"), glossary.has_term("loss")) == (True, not whole)


# --- the schema for editors -------------------------------------------------------------------------------


def fits(value, schema, definitions):
    """Whether plain data fits a JSON Schema, as far as ours goes."""
    if "$ref" in schema:
        return fits(value, definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
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
    for slug, term in load(ROOT).glossary.terms.items():
        data = json.loads(term.model_dump_json(by_alias=True, exclude={"slug"}, exclude_unset=True))
        assert fits(data, SCHEMA, SCHEMA["$defs"]), slug


def test_reserved_names_are_those_of_systems_and_of_pages_that_every_site_has():
    assert {"index", "404", "con", "aux", "nul", "com1", "lpt9"} <= RESERVED
