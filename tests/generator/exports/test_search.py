"""What search knows of each page."""

import pytest

from generator.cache import WORDS
from generator.exports import search
from generator.exports.search import search_index, text_words
from generator.model.entries import Wanted
from tests.generator.conftest import a_comparison, a_glossary, a_path, a_term
from tests.generator.pages.conftest import TERMS


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch, tmp_path):
    monkeypatch.setattr(search, "HERE", tmp_path)
    monkeypatch.setattr(search, "_last", None)


def test_the_search_knows_each_page_by_its_names_and_its_definition():
    docs = search_index(a_glossary(*TERMS, a_comparison(summary="Both *occur*."), a_path("neuron", "gradient")))["docs"]
    by_place = {doc["location"]: doc for doc in docs}
    assert list(by_place) == [
        "terms/neuron/", "terms/gradient/", "terms/adam/", "comparisons/neuron-vs-gradient/",
        "contribute/", "contribute/help-wanted/", "contribute/how-to-write-a-term/", "contribute/how-to-write-a-demo/",
        "terms/ann/", "categories/basics/", "categories/more/", "levels/beginner/", "levels/intermediate/",
        "levels/advanced/", "terms/neuron/#try-it", "paths/from-here-to-there/",
    ]  # fmt: skip
    assert by_place["terms/neuron/"] == {
        "location": "terms/neuron/", "title": "Artificial Neuron", "kind": "term", "level": "beginner",
        "text": TERMS[0].definition, "names": ["neuron", "Threshold Unit", "ANN"],
    }  # fmt: skip
    assert by_place["terms/gradient/"]["asked"] == ["Why gradients?"]
    assert by_place["terms/adam/"]["text"] == "Adam is a rule.", "of a definition only the first sentence"
    assert by_place["comparisons/neuron-vs-gradient/"]["text"] == "Both occur."
    assert by_place["terms/ann/"]["text"] == "ANN can stand for artificial neuron or Adam."
    assert by_place["contribute/how-to-write-a-demo/"]["title"] == "How to write a demo"
    assert by_place["terms/neuron/#try-it"] == {"location": "terms/neuron/#try-it", "title": "Tiny", "kind": "demo"}


def test_the_search_knows_what_is_wished_for():
    glossary = a_glossary(*TERMS, wanted=[Wanted(title="GPT", why="Many ask.")])
    wished = [doc for doc in search_index(glossary)["docs"] if doc["kind"] == "wanted"]
    assert [(doc["title"], doc["text"], doc["location"]) for doc in wished] == [
        ("GPT", "Many ask.", "contribute/help-wanted/#gpt")
    ]


def test_the_search_leads_from_a_wish_to_the_page_that_says_most_about_it():
    wishes = [
        Wanted(title="GPT", why="Many ask.", typed=["ChatGPT"], meanwhile="neuron"),
        Wanted(title="Entropy", why="So.", meanwhile="neuron"),
        Wanted(title="BERT", why="So."),
    ]
    docs = {doc["title"]: doc for doc in search_index(a_glossary(*TERMS, wanted=wishes))["docs"]}
    assert docs["Artificial Neuron"]["meanwhile"] == ["GPT", "ChatGPT", "Entropy"]
    assert "meanwhile" not in docs["Gradient"]
    assert docs["GPT"]["names"] == ["ChatGPT"], "so that the wish is found as well"


def test_the_search_gets_texts_as_they_are_since_it_shows_them_as_text():
    term = a_term("Neuron", aliases=["R&D"], definition="A neuron is 1 < 2.", faq=[{"question": "<b>?", "answer": "x"}])
    doc = search_index(a_glossary(term))["docs"][0]
    assert (doc["text"], doc["names"], doc["asked"]) == ("A neuron is 1 < 2.", ["R&D"], ["<b>?"])


def test_the_version_changes_with_the_pages_and_their_order_and_with_nothing_else():
    one, two = a_term("One"), a_term("Two")
    version = search_index(a_glossary(one, two))["version"]
    assert search_index(a_glossary(a_term("One", definition="One is else."), two))["version"] == version
    assert search_index(a_glossary(two, one))["version"] != version
    assert search_index(a_glossary(one))["version"] != version


def test_words_of_the_texts_are_kept_by_their_first_letter_with_the_terms_in_which_they_stand(tmp_path):
    terms = [
        a_term("One", definition="One is odd. It gauges zeal.", explanation="Zeal, *zeal* and `9th` naïve ideas."),
        a_term("Two", explanation="Zeal is shared by all."),
        *(a_term(name, explanation="Here it is: all.") for name in ("Three", "Four", "Five", "Six")),
    ]
    glossary = a_glossary(*terms)
    found = text_words(glossary, search_index(glossary), tmp_path)
    assert list(found) == [*"abcdefghijklmnopqrstuvwxyz", "0"]
    assert found["z"] == {"zeal": [0, 1]}
    assert found["n"] == {"naive": [0]}
    assert found["0"] == {"9th": [0]}
    assert found["g"] == {"gauges": [0]}, "also of the rest of the definition"
    assert "odd" not in found["o"], "the index knows that it stands there"
    assert "all" not in found["a"], "it stands in all texts"
    assert "is" not in found["i"]


def test_sentences_are_read_from_the_site_where_they_are(tmp_path):
    glossary = a_glossary(a_term("One"), a_term("Two"))
    (tmp_path / "search" / "texts").mkdir(parents=True)
    (tmp_path / "search" / "texts" / "one.json").write_text('["It is zany."]')
    assert text_words(glossary, search_index(glossary), tmp_path)["z"] == {"zany": [0]}


def test_words_of_the_texts_are_remembered_until_a_term_says_something_else(tmp_path, monkeypatch):
    def words_of(explanation):
        glossary = a_glossary(a_term("One", explanation=explanation), a_term("Two"))
        return text_words(glossary, search_index(glossary), tmp_path)

    first = words_of("It gauges zeal.")
    monkeypatch.setattr(search, "_last", None)  # as in another process
    monkeypatch.setattr(search, "passages", lambda _: pytest.fail("this was looked up before"))
    assert words_of("It gauges zeal.") == first
    monkeypatch.undo()
    monkeypatch.setattr(search, "HERE", tmp_path)
    assert words_of("It gauges zest.")["z"] == {"zest": [0]}


def test_words_that_somebody_else_remembered_are_not_believed(tmp_path, monkeypatch):
    glossary = a_glossary(a_term("One", explanation="It gauges zeal."), a_term("Two"))
    first = text_words(glossary, search_index(glossary), tmp_path)
    place = tmp_path / WORDS
    place.write_bytes(place.read_bytes().replace(b"zeal", b"zest"))
    monkeypatch.setattr(search, "_last", None)
    assert text_words(glossary, search_index(glossary), tmp_path) == first
