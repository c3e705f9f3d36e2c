"""Byte-pair encoding against the trainer of `tokenizers`, the published toy dictionary, and the round trip."""

import json
import re
import sys
import unicodedata
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from demos.byte_pair_encoding import cut, decode, demo, encode, learn, learn_by_recounting, merge, train, vocabulary
from demos.parts.corpus import TOY_WORDS, small_text, toy_text

# The split of the demo as its docstring says it, written with the Unicode categories that Python's re lacks.
SPLIT = pre_tokenizers.Split(
    Regex(r" ?[\p{L}\p{Nl}\p{No}]+| ?\p{Nd}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"), behavior="isolated"
)
UNICODE = (
    "Zürich, straße, naïve — “quoted” … 東京タワーは東京にある。नमस्ते दुनिया, नमस्ते! Привет, мир! مرحبا بالعالم\n"
    "🌊🌊🌊 👩‍👩‍👧‍👦 and 👩‍👩‍👧 wave; ½ and ² and Ⅷ; 12345 12 123 1234; snake_case, __init__ and __main__\r\n\r\n"
    "a   b\t\tc      d\u00a0e\u3000f   \n\n\n   g    \n"
)
TEXTS = {
    "English": small_text(),
    "toy": toy_text(),
    "Unicode": UNICODE * 2 + UNICODE[::-1],
    "one letter": "aaaaaaaa aaa aaaaa aaaa a",
    "white space": " \n\n\n    \t \n \n\n      ",
    "empty": "",
}
ENGLISH, MIXED = train(TEXTS["English"], 300), train(TEXTS["Unicode"], 300)


def as_letters(text):
    """Pieces as `tokenizers` splits them, every byte written as the character of that number, so that ids are bytes."""
    return [piece.encode().decode("latin-1") for piece, _ in SPLIT.pre_tokenize_str(text)]


def tokenizers_trained_on(text, merges):
    tokenizer = Tokenizer(models.BPE())
    alphabet = [chr(byte) for byte in range(256)]
    trainer = trainers.BpeTrainer(vocab_size=256 + merges, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(as_letters(text), trainer)
    return tokenizer


def merges_of(tokenizer):
    model = json.loads(tokenizer.to_str())["model"]
    return [(model["vocab"][left], model["vocab"][right]) for left, right in model["merges"]]


def ids_from(tokenizer, text):
    return [i for piece in as_letters(text) for i in tokenizer.encode(piece).ids]


@pytest.mark.parametrize("name", TEXTS)
def test_learns_the_merges_that_the_tokenizers_library_learns(name):
    expected = merges_of(tokenizers_trained_on(TEXTS[name], 500))
    assert train(TEXTS[name], 500) == expected
    assert len(expected) >= {"English": 500, "Unicode": 100, "empty": 0}.get(name, 3)


@pytest.mark.parametrize("learned_from", ["English", "Unicode"])
@pytest.mark.parametrize("name", TEXTS)
def test_gives_the_ids_that_the_tokenizers_library_gives_also_to_texts_never_seen(learned_from, name):
    tokenizer = tokenizers_trained_on(TEXTS[learned_from], 300)
    assert encode(TEXTS[name], train(TEXTS[learned_from], 300)) == ids_from(tokenizer, TEXTS[name])


@given(st.text(alphabet="ab ", max_size=60))
@settings(max_examples=150, deadline=None)
def test_ties_and_overlaps_are_settled_as_the_tokenizers_library_settles_them(text):
    assert train(text, 30) == merges_of(tokenizers_trained_on(text, 30))


@pytest.mark.parametrize("name", TEXTS)
def test_counting_anew_what_changed_learns_what_counting_everything_anew_learns(name):
    pieces = Counter(cut(TEXTS[name]))
    for merges in (0, 1, 80, 500):
        assert learn(pieces, merges)[0] == learn_by_recounting(pieces, merges)


@given(st.dictionaries(st.text(alphabet="abc", min_size=1, max_size=12), st.integers(1, 9), max_size=8))
@settings(max_examples=150, deadline=None)
def test_both_ways_of_learning_agree_on_words_full_of_ties_and_overlaps(words):
    pieces = {word.encode(): times for word, times in words.items()}
    assert learn(pieces, 20)[0] == learn_by_recounting(pieces, 20)


def test_the_split_treats_every_character_as_the_unicode_categories_say():
    separators = {"\x1c", "\x1d", "\x1e", "\x1f"}  # Python counts these four as white space, Unicode does not
    old = unicodedata.ucd_3_2_0.category  # characters that are old enough for both to know; the newest ones may differ
    some = (chr(code) for code in range(0, sys.maxunicode, 3))
    characters = [c for c in some if old(c) not in ("Cn", "Co", "Cs") and c not in separators]
    text = "".join(f"a{c}1{c}!{c}  {c} " for c in characters)
    assert len(characters) > 30_000
    assert cut(text) == [piece.encode() for piece, _ in SPLIT.pre_tokenize_str(text)]


def test_a_word_keeps_the_space_before_it_and_a_run_of_spaces_leaves_its_last_one():
    assert cut("I've  42 rivers_!\n\n\tgo ") == [
        b"I",
        b"'",
        b"ve",
        b" ",
        b" 42",
        b" rivers",
        b"_!",
        b"\n\n",
        b"\t",
        b"go",
        b" ",
    ]


def test_the_toy_dictionary_gives_the_suffix_est_and_the_stem_low_by_hand():
    merges = train(toy_text(), 4)
    assert [vocabulary(merges)[i] for i in range(256, 260)] == [b"es", b"est", b"lo", b"low"]
    assert merges == [(ord("e"), ord("s")), (256, ord("t")), (ord("l"), ord("o")), (258, ord("w"))]


def test_every_merge_of_the_toy_dictionary_is_one_the_published_procedure_could_have_made():
    """The paper marks the end of a word and replays merges on words spelled with spaces. Which of several equally
    common pairs goes first depends there on the order of a dictionary, so each of them counts as right."""
    merges, lengths = learn({f"{word}·".encode("latin-1"): n for word, n in TOY_WORDS.items()}, 10)
    symbol = [token.decode("latin-1") for token in vocabulary(merges)]
    words = {" ".join(word + "·"): n for word, n in TOY_WORDS.items()}
    common = []
    for left, right in merges:
        pairs = Counter()
        for word, n in words.items():
            for pair in pairwise(word.split()):
                pairs[pair] += n
        common.append(pairs[symbol[left], symbol[right]])
        assert common[-1] == max(pairs.values())
        alone = re.compile(rf"(?<!\S){re.escape(symbol[left])} {re.escape(symbol[right])}(?!\S)")
        words = {alone.sub(symbol[left] + symbol[right], word): n for word, n in words.items()}
    assert common == [9, 9, 9, 7, 7, 6, 6, 6, 5, 3]  # es, est, est· 6 + 3; lo, low 5 + 2; new, newest· 6; low· 5; 3
    assert symbol[256] == "es"
    assert {"est·", "lo", "low", "new", "newest·", "low·"} <= set(symbol)
    assert lengths[-1] == sum(n * len(word.split()) for word, n in words.items())


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_any_text_comes_back_from_its_ids(text):
    assert decode(encode(text, ENGLISH), ENGLISH).decode() == text
    assert decode(encode(text, MIXED), MIXED) == b"".join(cut(text)) == text.encode()


@given(st.binary(max_size=80))
def test_any_bytes_can_be_written_as_ids(data):
    assert decode(list(data), ENGLISH) == data


def test_a_half_of_a_surrogate_pair_is_refused_because_it_is_no_character():
    with pytest.raises(UnicodeEncodeError):
        encode("\ud83c", ENGLISH)


def test_merge_goes_from_left_to_right_and_never_takes_an_id_twice():
    assert merge([1, 1, 1, 2, 1, 1], (1, 1), 9) == [9, 1, 2, 9]
    assert merge([1, 2, 1], (1, 2), 9) == [9, 1]
    assert merge([2, 1], (1, 2), 9) == [2, 1]
    assert merge([], (1, 2), 9) == []


@pytest.mark.parametrize("name", ["English", "Unicode", "one letter"])
def test_the_lengths_are_those_of_the_text_encoded_with_the_first_merges(name):
    merges, lengths = learn(Counter(cut(TEXTS[name])), 60)
    assert lengths[0] == len(TEXTS[name].encode())
    assert all(after < before for before, after in pairwise(lengths))
    for k in (0, 1, 7, len(merges)):
        assert lengths[k] == len(encode(TEXTS[name], merges[:k]))


def test_fewer_merges_are_learned_when_every_word_has_become_one_token():
    merges = train(toy_text(), 500)
    assert {bytes([10]), b"low", b"lower", b"newest", b"widest"} == {
        vocabulary(merges)[i] for i in encode(toy_text(), merges)
    }
    assert demo(learn_from="toy", merges=500).numbers["merges learned"] == len(merges) < 500


def test_the_figures_of_the_defaults_are_those_of_the_tokenizers_library():
    tokenizer = tokenizers_trained_on(small_text(), 200)
    result = demo()
    text = "The lowest stones of the river are unbreakable 🌊"
    assert result.numbers["tokens in the training text"] == len(ids_from(tokenizer, small_text()))
    assert result.numbers["tokens in your text"] == len(ids_from(tokenizer, text))
    assert list(result.show[0].notes) == ids_from(tokenizer, text)
    assert result.numbers["tokens in the vocabulary"] == tokenizer.get_vocab_size() == 456
    assert result.numbers["bytes in your text"] == len(text.encode()) == len(text) + 3
