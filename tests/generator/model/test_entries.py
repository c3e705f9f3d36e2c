"""What an entry may say, and how its name stands in a sentence."""

import pickle

import pytest
from pydantic import ValidationError

from generator.model.entries import RESERVED, Opening
from tests.generator.conftest import a_comparison, a_term


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


def test_reserved_names_are_those_of_systems_and_of_pages_that_every_site_has():
    assert {"index", "404", "con", "aux", "nul", "com1", "lpt9"} <= RESERVED


def test_what_was_worked_out_of_a_term_is_not_kept_for_a_copy_that_says_something_else():
    term = a_term("Neuron", examples=["A neuron.", "Another."])
    before = (term.digest, term.shared_digest, term.names)
    copied = term.model_copy(update={"title": "Cell"})
    assert copied.names == ("Cell",)
    assert copied.digest not in before
    assert copied.shared_digest not in before
    assert term.model_copy().digest == term.digest


def test_a_term_that_was_remembered_is_the_same_term():
    term = a_term("Neuron", aliases=["cell"])
    again = pickle.loads(pickle.dumps(term))
    assert again == term
    assert again.model_dump_json(exclude_defaults=True) == term.model_dump_json(exclude_defaults=True)
    assert (again.digest, again.shared_digest) == (a_term("Neuron", aliases=["cell"]).digest, term.shared_digest)
