"""Tokenization against `tokenizers` and `tiktoken`, by the length of UTF-8, and by the round trip."""

import pytest
import tiktoken
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from demos.byte_pair_encoding import vocabulary
from demos.parts.corpus import glossary_text
from demos.tokenization import (
    LEVELS,
    OTHER,
    SENTENCE,
    SIGN,
    UNKNOWN,
    demo,
    ids_from,
    learn_vocabularies,
    listed,
    pieces_of,
    text_from,
)

# The words of the demo, written with the Unicode categories that Python's re lacks.
WORD = r" ?[\p{L}\p{Nl}\p{No}]+| ?\p{Nd}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LISTS, MERGES = learn_vocabularies(500)
TEXTS = {**SENTENCE, **OTHER, "held out": glossary_text("held_out"), "spaces": " a  b\n\n  c \t", "empty": ""}


@pytest.mark.parametrize("name", TEXTS)
def test_byte_pairs_are_those_of_tiktoken_with_the_same_ranks(name):
    ranks = {token: i for i, token in enumerate(vocabulary(MERGES))}
    assert len(ranks) == 756  # no two merges made the same token, or the ranks would be ambiguous
    encoding = tiktoken.Encoding("termlab", pat_str=WORD, mergeable_ranks=ranks, special_tokens={})
    assert ids_from(TEXTS[name], "byte pairs", LISTS, MERGES) == encoding.encode(TEXTS[name])


@pytest.mark.parametrize("name", TEXTS)
def test_bytes_and_characters_are_as_many_as_in_utf_8_and_in_unicode(name):
    text = TEXTS[name]
    assert ids_from(text, "bytes", LISTS, MERGES) == list(text.encode())
    assert len(ids_from(text, "characters", LISTS, MERGES)) == len(text)
    assert [piece.decode() for piece in pieces_of(text, "characters")] == list(text)


@pytest.fixture(scope="module")
def by_words():
    """The list of words that the `tokenizers` library learns from the training text."""
    tokenizer = Tokenizer(models.WordLevel(unk_token="[unknown]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(WORD), behavior="isolated")
    trainer = trainers.WordLevelTrainer(
        vocab_size=100_000, min_frequency=0, special_tokens=["[unknown]"], show_progress=False
    )
    tokenizer.train_from_iterator([glossary_text("training")], trainer)
    return tokenizer


def test_the_words_known_are_those_that_the_tokenizers_library_knows(by_words):
    assert {word.decode() for word in LISTS["words"]} == by_words.get_vocab().keys() - {"[unknown]"}


@pytest.mark.parametrize("name", TEXTS)
def test_the_unknown_words_are_those_that_the_tokenizers_library_does_not_know(by_words, name):
    ours = [i == UNKNOWN for i in ids_from(TEXTS[name], "words", LISTS, MERGES)]
    assert ours == [i == 0 for i in by_words.encode(TEXTS[name]).ids]


def test_the_commonest_piece_gets_the_lowest_id_and_zero_is_kept_for_unknown():
    ids = listed([b"b", b"a", b"b", b"c", b"b", b"c"])
    assert ids == {b"b": 1, b"c": 2, b"a": 3}
    assert ids_from("abd", "characters", {"characters": ids}, []) == [3, 1, UNKNOWN]


@pytest.mark.parametrize("level", ["bytes", "byte pairs"])
@given(text=st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_comes_back_from_bytes_and_byte_pairs(level, text):
    assert text_from(ids_from(text, level, LISTS, MERGES), level, LISTS, MERGES).decode() == text


@pytest.mark.parametrize("level", ["characters", "words"])
@given(text=st.text(alphabet="the gradient of loss\n.ü界", max_size=60))
@settings(max_examples=150, deadline=None)
def test_a_text_comes_back_from_a_list_with_a_sign_for_each_piece_that_is_not_on_it(level, text):
    back = text_from(ids_from(text, level, LISTS, MERGES), level, LISTS, MERGES).decode()
    assert back == "".join(
        piece.decode() if piece in LISTS[level] else SIGN for piece in pieces_of(text, level)
    )  # fmt: skip


def test_a_family_is_one_picture_seven_characters_and_twenty_five_bytes():
    numbers = demo(text="your own", your_own="👩‍👩‍👧‍👦", cut_into="bytes").numbers
    assert numbers["characters in the text"] == 7  # four people and three joiners, of 4 and 3 bytes each
    assert numbers["bytes in the text"] == numbers["tokens in the text"] == 4 * 4 + 3 * 3


def test_an_empty_text_has_no_tokens_and_comes_back_from_all_levels():
    result = demo(text="your own", your_own="")
    assert result.numbers["tokens in the text"] == 0
    assert [row[4] for row in result.show[2].rows] == ["yes"] * 4


@pytest.mark.parametrize("cut_into", LEVELS)
def test_the_picture_shows_as_many_pieces_as_ids_and_the_bars_those_of_each_sentence(cut_into):
    for name, sentence in SENTENCE.items():
        tokens, chart, _ = demo(cut_into=cut_into, text=name).show
        assert len(tokens.pieces) == len(tokens.notes)
        assert dict(zip(chart.series[0].x, chart.series[0].y, strict=True))[name] == len(tokens.notes)
        if cut_into in LISTS:
            assert "".join(tokens.pieces) == sentence


def test_chinese_is_shortest_in_characters_and_not_in_bytes_and_hindi_dearest_in_byte_pairs():
    def cost(cut_into):
        bars = demo(cut_into=cut_into).show[1].series[0]
        return dict(zip(bars.x, bars.y, strict=True))

    assert min(cost("characters"), key=cost("characters").get) == "Chinese"
    assert min(cost("bytes"), key=cost("bytes").get) != "Chinese"
    assert cost("byte pairs")["Hindi"] > 5 * cost("byte pairs")["English"]


def test_the_figures_of_the_defaults_are_those_of_the_tokenizers_library(by_words):
    def as_letters(text):  # every byte as the character of that number, so that the alphabet is in the order of bytes
        split = pre_tokenizers.Split(Regex(WORD), behavior="isolated").pre_tokenize_str(text)
        return [piece.encode().decode("latin-1") for piece, _ in split]

    tokenizer = Tokenizer(models.BPE())
    alphabet = [chr(byte) for byte in range(256)]
    trainer = trainers.BpeTrainer(vocab_size=756, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(as_letters(glossary_text("training")), trainer)
    held_out, numbers = glossary_text("held_out"), demo().numbers
    bytes_ = len(held_out.encode())

    assert numbers["bytes in the text"] == numbers["characters in the text"] == 63
    assert numbers["vocabulary, bytes"] == 256
    assert numbers["vocabulary, characters"] == len(set(glossary_text("training"))) + 1
    assert numbers["vocabulary, words"] == by_words.get_vocab_size()
    assert numbers["vocabulary, byte pairs"] == tokenizer.get_vocab_size() == 756
    assert numbers["tokens per 100 bytes of held-out text, bytes"] == 100
    assert numbers["tokens per 100 bytes of held-out text, characters"] == pytest.approx(100 * len(held_out) / bytes_)
    words = by_words.encode(held_out).ids
    assert numbers["tokens per 100 bytes of held-out text, words"] == pytest.approx(100 * len(words) / bytes_)
    assert numbers["unknown per 100 tokens of held-out text, words"] == pytest.approx(100 * words.count(0) / len(words))
    pairs = sum(len(tokenizer.encode(piece).ids) for piece in as_letters(held_out))
    assert numbers["tokens per 100 bytes of held-out text, byte pairs"] == pytest.approx(100 * pairs / bytes_)
    assert numbers["unknown per 100 tokens of held-out text, byte pairs"] == 0
