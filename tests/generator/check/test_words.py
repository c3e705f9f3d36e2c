"""Words of definitions, and how words are spelled."""

import pytest

from tests.generator.check.conftest import GRADIENT, NEURON, neuron, told
from tests.generator.conftest import PROSE, a_comparison, a_path, a_term, entry

PLAINLY = "use a plainer word, write a term or an alias for it, or add it with a reason to terms/allowed-words.yml"


def undefined(word):
    message = f"the definition says '{word}', which is neither common English nor a term here"
    return f"terms/neuron.yml definition: {message} | {PLAINLY}"


def test_every_word_of_a_definition_is_common_english_or_a_term():
    text = "A neuron is a tensor of logits and gradients."
    assert neuron(definition=text) == [undefined("tensor"), undefined("logits")]
    assert neuron(definition=text, aliases=["Logit", {"text": "tensor", "link": False}]) == []


def test_an_allowed_word_may_stand_in_a_definition():
    tensor = a_term("Neuron", definition="A neuron is a tensor of logits.")
    assert told(tensor, GRADIENT, allowed_words={"logit": "It is said below."}) == [undefined("tensor")]


def test_a_definition_is_not_asked_for_more_where_it_is_a_placeholder_or_names_may_be_missing():
    tensor = a_term("Neuron", definition="A neuron is a tensor.")
    assert told(tensor, GRADIENT, unread=frozenset({"terms/tensor.yml"})) == []
    assert told(tensor, GRADIENT, unread=frozenset({"terms/allowed-words.yml"})) == []
    assert [line for line in neuron(definition="A neuron is TODO tensor.") if "common" in line] == []


def test_an_allowed_word_is_needed():
    tensor = a_term("Neuron", definition="A neuron is a tensor.")
    words = {"tensor": "x", "logit": "x", "thing": "x", "neuron": "x", "gradients": "x"}
    assert told(tensor, GRADIENT, allowed_words=words) == [
        "terms/allowed-words.yml logit: no definition says 'logit' | take it out",
        "terms/allowed-words.yml thing: 'thing' is common English or a term | take it out",
        "terms/allowed-words.yml neuron: 'neuron' is common English or a term | take it out",
        "terms/allowed-words.yml gradients: 'gradients' is common English or a term | take it out",
    ]
    assert told(tensor, GRADIENT, allowed_words=words, unread=frozenset({"terms/logit.yml"})) == []
    assert told(tensor, GRADIENT, allowed_words={"tensors": "x"}) == [], "in whatever form it is listed"


IF_RIGHT = "if it is right, write it as code, or add it to generator/words/right.txt"
TEH = f"'teh' is misspelled | did you mean 'the'? {IF_RIGHT}"


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"definition": "A neuron is teh thing."}, "definition"),
        ({"explanation": f"{PROSE} teh"}, "explanation"),
        ({"formula": [{"latex": "teh", "symbols": {"teh": "teh thing"}}]}, "formula.0.symbols.teh"),
        ({"examples": ["One.", "teh"]}, "examples.1"),
        ({"misconceptions": [{"wrong": "teh", "right": "It is."}]}, "misconceptions.0.wrong"),
        ({"faq": [{"question": "Is teh?", "answer": "Yes."}]}, "faq.0.question"),
        ({"faq": [{"question": "Is it?", "answer": "teh"}]}, "faq.0.answer"),
        ({"demo": {"module": "tiny", "home": True, "caption": "teh"}}, "demo.caption"),
        ({"note": "teh"}, "note"),
    ],
)
def test_a_misspelled_word_is_told_wherever_readers_see_it(changes, where):
    found = [line for line in neuron(**changes) if "is neither" not in line]
    assert found == [f"terms/neuron.yml {where}: {TEH}"]


def test_a_title_is_spelled_right_and_other_names_and_sources_are_spelled_as_they_are():
    source = {**entry()["sources"][0], "title": "Teh Things", "authors": "Teh", "url": "https://example.org/teh"}
    assert neuron(aliases=["teh neuron"], sources=[source], note="After Teh.") == []
    misspelled = a_term("Teh Things", "things", aliases=["thing"], definition="A thing is big.", related=["neuron"])
    assert told(NEURON, GRADIENT, misspelled) == [f"terms/things.yml title: {TEH.replace('teh', 'Teh')}"]


def test_words_of_comparisons_and_paths_are_spelled_right_too():
    rows = [{"aspect": "Teh aspect", "values": {"neuron": "a thing", "teh": "teh"}}] * 2
    page = a_comparison(title="Teh", sides=["neuron", {"label": "teh", "about": "gradient"}], summary="teh", rows=rows,
                        choose={"neuron": "teh", "teh": "x"})  # fmt: skip
    steps = [{"term": "neuron", "why": "teh"}, {"term": "gradient", "why": "x"}]
    way = a_path("neuron", "gradient", title="Teh", summary="teh", outcome="teh", steps=steps)
    assert [line.partition(": ")[0].partition(" ")[2] for line in told(NEURON, GRADIENT, page, way)] == [
        "title", "sides.1.label", "summary", "rows.0.aspect", "rows.0.values.teh", "rows.1.aspect", "rows.1.values.teh",
        "choose.neuron", "title", "summary", "outcome", "steps.0.why",
    ]  # fmt: skip


def test_words_that_may_mean_several_things_are_told_with_all_of_them():
    assert neuron(note="The gradiant.") == [
        f"terms/neuron.yml note: 'gradiant' is misspelled | did you mean 'gradient' or 'radiant'? {IF_RIGHT}"
    ]
