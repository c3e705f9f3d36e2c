"""The fixed texts: what they promise to every demo that learns from them."""

import json
import re
from collections import Counter

import pytest
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from demos import asset
from demos.parts.corpus import FUNCTION_WORDS, TOY_WORDS, glossary_text, paragraphs, small_text, toy_text


def test_the_english_text_is_plain_ascii_so_that_bytes_are_characters():
    text = small_text()
    assert set(text) - {"\n"} <= {chr(code) for code in range(32, 127)}
    assert len(asset("small-text.txt").read_bytes()) == len(text)


def test_the_english_text_has_paragraphs_of_one_line_each_and_reads_in_minutes():
    text = small_text()
    assert text.endswith(".\n")
    assert not re.search(r"\n{3}| \n|  |[^\n]\n[^\n]", text)
    assert 1200 <= len(text.split()) <= 1800


def test_all_paragraphs_together_hold_every_word_of_the_text_once():
    text = small_text()
    found = [word for paragraph in paragraphs(text) for word in paragraph]
    assert found == [word.strip(".,:?").lower() for word in text.split()]
    assert len(paragraphs(text)) == text.strip().count("\n\n") + 1


def test_paragraphs_drop_case_and_punctuation_but_keep_the_apostrophe_inside_a_word():
    assert paragraphs("The reader's 'soup'. Salt!\n\n...\n\nA river") == [
        ["the", "reader's", "soup", "salt"],
        ["a", "river"],
    ]


def test_the_toy_text_says_every_word_as_often_as_the_paper_does():
    assert Counter(toy_text().splitlines()) == {"low": 5, "lower": 2, "newest": 6, "widest": 3} == TOY_WORDS


def test_function_words_are_stop_words_for_scikit_learn_too():
    assert FUNCTION_WORDS - {"does", "or"} <= ENGLISH_STOP_WORDS


def test_every_data_file_is_listed_with_its_license():
    rows = re.findall(
        r"^\| `(.+?)` \|.*\| (.+) \|$", asset("README.md").read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    files = {path.name for path in asset("README.md").parent.iterdir() if path.suffix not in ("", ".py")}
    assert {name for name, license in rows if license.strip()} == files - {"README.md"}


@pytest.mark.parametrize("split", ["training", "held_out"])
def test_the_glossary_text_has_paragraphs_of_one_line_each_with_an_empty_line_after_it(split):
    text = glossary_text(split)
    assert len(text) > 5000
    assert text.endswith("\n\n")
    assert all(re.fullmatch(r"\S[^\n]*\S", paragraph) for paragraph in text[:-2].split("\n\n"))


@pytest.mark.parametrize("split", ["training", "held_out"])
def test_the_glossary_text_is_prose_without_marks(split):
    text = glossary_text(split)
    assert not re.search(r"\[\[|\]\]|\]\(|`|\*\*|\\[a-z]|\$[a-z\\]", text)


def test_no_paragraph_of_the_held_out_text_was_in_the_training_text():
    training, held_out = (set(glossary_text(split).split("\n\n")) - {""} for split in ("training", "held_out"))
    assert not training & held_out
    assert len(training) > len(held_out)


def test_the_list_of_data_files_gives_the_glossary_text_the_license_that_is_in_it():
    license = json.loads(asset("glossary-corpus.json").read_text(encoding="utf-8"))["license"]
    listed = asset("README.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `glossary-corpus\.json` \|.*\| {re.escape(license)} \|$", listed, flags=re.MULTILINE)
