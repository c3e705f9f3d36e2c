"""Categories, and words that are allowed, are read from lists."""

import pytest

from generator.load.glossary import load
from tests.generator.load.conftest import HINT, SLUG_HINT, YAML, told


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, f"terms/categories.yml: there is no list of categories{HINT}restore the file"),
        ("a: 1", f"terms/categories.yml:1:1: this must be a list, and is a group of fields{HINT}"
         "write each entry on a line of its own, after a dash"),
        ("- {slug: a, title: A}",
         f"terms/categories.yml:1:3: the field 'scope' is missing{HINT}one line: what belongs here"),
        ("- {slug: a, title: A, scope: s, x: 1}",
         f"terms/categories.yml:1:33: there is no field called 'x'{HINT}one of: slug, title, scope"),
        ("- {slug: a, title: A, scope: s}\n- {slug: a, title: B, scope: s}",
         f"terms/categories.yml:2:10: 'a' is listed twice{HINT}keep one of them"),
        ("- {slug: index, title: A, scope: s}",
         f"terms/categories.yml:1:10: 'index' can not be a slug{HINT}choose another"),
        ("- {slug: A b, title: A, scope: s}", f"terms/categories.yml:1:10: 'A b' is not a slug{HINT}{SLUG_HINT}"),
        ("[", f"terms/categories.yml:2:1: {YAML}a value is missing here, or a bracket is not closed{HINT}"
         "write it, or put quotes around the text"),
    ],
)  # fmt: skip
def test_a_wrong_list_of_categories_is_told(project, text, message):
    path = project / "terms" / "categories.yml"
    path.unlink() if text is None else path.write_text(text, encoding="utf-8")
    assert told(project) == [message]
    assert "terms/categories.yml" in load(project).glossary.unread


REASON = f"{HINT}write each as word: why a reader knows it, or where it is explained"


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("- a", [f"terms/allowed-words.yml:1:1: this is words with reasons, and not a list{REASON}"]),
        ("vector: of numbers\nTensor: x\ntwo words: x\nbyte-pair: x",
         [f"terms/allowed-words.yml:2:1: 'Tensor' is not one word in small letters{REASON}",
          f"terms/allowed-words.yml:3:1: 'two words' is not one word in small letters{REASON}",
          f"terms/allowed-words.yml:4:1: 'byte-pair' is not one word in small letters{REASON}"]),
        ("tensor:\nvector: ' '\nmatrix: [a]\nbyte: 8",
         [f"terms/allowed-words.yml:{i}:1: '{word}' has no reason{REASON}"
          for i, word in enumerate(["tensor", "vector", "matrix", "byte"], start=1)]),
        ("a: x\na: y", [f"terms/allowed-words.yml:2:1: 'a' is written twice{HINT}keep one of them"]),
        ("[", [f"terms/allowed-words.yml:2:1: {YAML}a value is missing here, or a bracket is not closed{HINT}"
               "write it, or put quotes around the text"]),
    ],
)  # fmt: skip
def test_a_wrong_list_of_allowed_words_is_told(project, text, messages):
    (project / "terms" / "allowed-words.yml").write_text(text, encoding="utf-8")
    assert [line for line in told(project) if "line ends" not in line] == messages
    glossary = load(project).glossary
    assert glossary.allowed_words == {}
    assert "terms/allowed-words.yml" in glossary.unread
    assert glossary.is_whole


def test_words_are_allowed_with_their_reasons_and_there_may_be_none(project):
    assert load(project).glossary.allowed_words == {}
    (project / "terms" / "allowed-words.yml").write_text("vector: of numbers\n", encoding="utf-8")
    loaded = load(project)
    glossary, problems = loaded.glossary, loaded.problems
    assert (glossary.allowed_words, problems) == ({"vector": "of numbers"}, [])
    assert list(glossary.terms) == ["neuron"]
