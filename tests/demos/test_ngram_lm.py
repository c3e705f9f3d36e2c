"""The n-gram model against NLTK and PyTorch, by hand, by a slow second version, and by what makes a language model."""

import math
from collections import Counter, defaultdict
from itertools import pairwise

import numpy as np
import pytest
import torch
from nltk.lm import Laplace, Vocabulary, WittenBellInterpolated
from nltk.util import everygrams

from demos.byte_pair_encoding import decode, encode
from demos.ngram_lm import (
    LONGEST,
    SMOOTHING,
    add_one,
    count,
    demo,
    followers,
    interpolated,
    look_up,
    never_seen,
    next_token,
    perplexity,
    probabilities,
    read,
    windows,
    witten_bell,
    write,
)
from demos.parts.corpus import glossary_text, small_text

SMALL = encode(small_text(), [])


def slowly(ids, order):
    """Witten-Bell as a recursion over dictionaries, as one would write it from the formula -> p(token, context, V)"""
    after = defaultdict(Counter)
    for n in range(order):
        for i in range(n, len(ids)):
            after[tuple(ids[i - n : i])][ids[i]] += 1

    def p(token, context, V):
        context = tuple(context)
        lower = p(token, context[1:], V) if context else 1 / V
        seen = after[context]
        return (seen[token] + len(seen) * lower) / (sum(seen.values()) + len(seen)) if seen else lower

    return p


def random_texts(seed, V):
    """Two texts over the same tokens, the second of which has some that the first lacks."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, V - 2, size=300), rng.integers(0, V, size=80)


BYTES = Vocabulary(map(chr, range(255)))  # and its own sign for unknown makes 256


def scores_of_nltk(model, order):
    """What a model of NLTK, which reads strings, learns from 6,000 bytes and says about the next 300."""
    letters = [chr(byte) for byte in SMALL[:6300]]
    model.fit([everygrams(letters[:6000], max_len=order)])
    assert len(model.vocab) == 256
    return [model.unmasked_score(letters[i], tuple(letters[i - order + 1 : i])) for i in range(6000, 6300)]


# --- the model --------------------------------------------------------------------------------------------------


def test_by_hand():
    tables = count(np.array([0, 1, 0, 1, 0, 2]), V=4, order=2)  # a b a b a c
    first = np.array([(3 + 3 / 4) / 9, (2 + 3 / 4) / 9, (1 + 3 / 4) / 9, (0 + 3 / 4) / 9])  # 6 tokens of 3 kinds
    after_a = (np.array([0, 2, 1, 0]) + 2 * first) / 5  # 3 tokens of 2 kinds
    np.testing.assert_allclose(next_token(tables[:1], [], 4), first, rtol=1e-14)
    np.testing.assert_allclose(next_token(tables, [1, 0], 4), after_a, rtol=1e-14)
    np.testing.assert_allclose(next_token(tables, [2], 4), first, rtol=1e-14)  # nothing ever followed c
    np.testing.assert_allclose(next_token(tables, [0], 4, add_one), [1 / 7, 3 / 7, 2 / 7, 1 / 7], rtol=1e-14)


@pytest.mark.parametrize("V", [5, 30])
@pytest.mark.parametrize("seed", range(3))
def test_witten_bell_equals_a_slow_recursion_at_every_order(seed, V):
    training, text = random_texts(seed, V)
    p = slowly(training.tolist(), LONGEST)
    both = [*training.tolist(), *text.tolist()]
    found = probabilities(count(training, V), training, text, V)
    for order in range(1, LONGEST + 1):
        expected = [p(both[i], both[i - order + 1 : i], V) for i in range(len(training), len(both))]
        np.testing.assert_allclose(found[order - 1], expected, rtol=1e-12)


@pytest.mark.parametrize("order", [1, 3])
@pytest.mark.parametrize("seed", range(3))
def test_one_guess_at_a_time_gives_what_many_at_once_give(seed, order):
    training, text = (ids.tolist() for ids in random_texts(seed, 7))
    after, both = followers(training, order), training + text
    one_by_one = [
        interpolated(after, tuple(both[i - order + 1 : i]), both[i], 7) for i in range(len(training), len(both))
    ]
    at_once = probabilities(count(np.array(training), 7, order), np.array(training), np.array(text), 7)[-1]
    np.testing.assert_allclose(at_once, one_by_one, rtol=1e-12)


@pytest.mark.parametrize("order", [2, 3, 5])
def test_witten_bell_equals_nltk_which_begins_with_plain_frequencies(order):
    training, text = np.array(SMALL[:6000]), np.array(SMALL[6000:6300])
    expected = scores_of_nltk(WittenBellInterpolated(order, vocabulary=BYTES), order)
    contexts = windows(np.array(SMALL[6000 - order + 1 : 6300]), order)[:, :-1]
    times, total, kinds = look_up(count(training, 256, order), contexts, text, 256)
    known = times[0] > 0  # NLTK calls a letter that it never saw impossible
    assert known.sum() > 290
    one_over = (total[0] / times[0].clip(1))[known]  # its first order, in place of the even guess 1 / V
    found = witten_bell(times[1:, known], total[1:, known], kinds[1:, known], one_over)
    np.testing.assert_allclose(found[-1], np.array(expected)[known], rtol=1e-12)


@pytest.mark.parametrize("order", [1, 2, 4])
def test_add_one_equals_laplace_smoothing_of_nltk(order):
    training, text = np.array(SMALL[:6000]), np.array(SMALL[6000:6300])
    expected = scores_of_nltk(Laplace(order, vocabulary=BYTES), order)
    found = probabilities(count(training, 256, order), training, text, 256, add_one)
    np.testing.assert_allclose(found[-1], expected, rtol=1e-12)


@pytest.mark.parametrize("smooth", SMOOTHING.values(), ids=SMOOTHING)
@pytest.mark.parametrize("order", range(1, LONGEST + 1))
def test_the_probabilities_of_all_tokens_are_positive_and_sum_to_one(order, smooth):
    rng = np.random.default_rng(order)
    tables = count(np.array(SMALL), 256, order)
    for place in rng.integers(10, len(SMALL), size=10):
        for context in (SMALL[:place], rng.integers(0, 256, size=10).tolist()):
            p = next_token(tables, context, 256, smooth)
            assert p.min() > 0
            assert p.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("smooth", SMOOTHING.values(), ids=SMOOTHING)
def test_scoring_a_text_multiplies_what_is_said_about_each_next_token(smooth):
    training, text = random_texts(1, 9)
    tables = count(training, 9, 4)
    both = [*training, *text]
    one_by_one = [next_token(tables, both[:i], 9, smooth)[both[i]] for i in range(len(training), len(both))]
    np.testing.assert_allclose(probabilities(tables, training, text, 9, smooth)[-1], one_by_one, rtol=1e-13)


def test_what_followed_a_context_is_counted_across_the_whole_text_and_not_beyond_its_end():
    times, total, kinds = look_up(
        count(np.array([3, 1, 3, 1, 3]), 4, 2), np.array([[3], [1], [2]]), np.array([1, 3, 3]), 4
    )
    assert times.tolist() == [[2, 3, 3], [2, 2, 0]]
    assert total.tolist() == [[5, 5, 5], [2, 2, 0]]
    assert kinds.tolist() == [[2, 2, 2], [1, 1, 0]]


def test_never_seen_counts_the_tokens_that_did_not_follow_their_context():
    tables = count(np.array([0, 1, 0, 1, 0, 2]), 4, 2)
    assert never_seen(tables, np.array([1]), np.array([0, 1, 1, 2]), 4) == 0.5  # 1→0, 0→1 yes; 1→1, 1→2 no


def test_n_grams_that_do_not_fit_into_64_bits_are_refused():
    with pytest.raises(ValueError, match="6 tokens out of 2000 do not fit into 64 bits"):
        count(np.zeros(10, dtype=int), 2000)


# --- perplexity -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(3))
def test_perplexity_is_e_to_the_cross_entropy_of_pytorch(seed):
    training, text = random_texts(seed, 12)
    tables, both = count(training, 12, 3), [*training, *text]
    scores = [np.log(next_token(tables, both[:i], 12)) for i in range(len(training), len(both))]
    loss = torch.nn.functional.cross_entropy(torch.tensor(np.stack(scores)), torch.tensor(text))
    assert perplexity(probabilities(tables, training, text, 12)[-1]) == pytest.approx(math.exp(loss), rel=1e-9)


@pytest.mark.parametrize("V", [2, 256, 50_257])
def test_an_even_guess_has_the_perplexity_of_the_vocabulary(V):
    assert perplexity(np.full(7, 1 / V)) == pytest.approx(V, rel=1e-12)


def test_perplexity_is_a_geometric_mean_so_that_one_bad_token_weighs():
    assert perplexity(np.array([1 / 2, 1 / 8])) == pytest.approx(4)
    assert perplexity(np.array([0.5] * 9 + [1e-6])) == pytest.approx(2**0.9 * 10**0.6)


# --- writing ----------------------------------------------------------------------------------------------------


def test_tokens_are_drawn_as_often_as_the_model_says():
    training, _ = random_texts(2, 6)
    tables = count(training, 6, 2)
    rng = np.random.default_rng(0)
    drawn = Counter(write(tables, training, 6, 1, rng)[0] for _ in range(4000))
    p = next_token(tables, training, 6)
    np.testing.assert_allclose([drawn[i] / 4000 for i in range(6)], p, atol=4 * np.sqrt(0.25 / 4000))


def test_what_was_written_is_the_context_of_what_comes_next():
    tables = count(np.tile([0, 1, 2, 3], 2000), 4, 2)  # each token has one successor, all but surely
    out = write(tables, [0], 4, 50, np.random.default_rng(3))
    steps = Counter((b - a) % 4 for a, b in pairwise(out))
    assert steps[1] >= 48


# --- the demo ---------------------------------------------------------------------------------------------------


def test_the_figures_of_the_defaults_are_those_of_the_slow_recursion():
    numbers = demo().numbers
    learned, training, held_out, _ = read("glossary", 300)
    assert decode(held_out, learned).decode() == glossary_text("held_out")
    assert decode(training, learned).decode() == glossary_text("training")
    p, both = slowly(training.tolist(), 3), [*training.tolist(), *held_out.tolist()]
    nats = [-math.log(p(both[i], both[i - 2 : i], 556)) for i in range(len(training), len(both))]
    size = len(glossary_text("held_out").encode())
    assert numbers["tokens in the vocabulary"] == 556
    assert numbers["cross-entropy on the held-out text, nats per token"] == pytest.approx(sum(nats) / len(nats))
    assert numbers["perplexity on the held-out text"] == pytest.approx(math.exp(sum(nats) / len(nats)))
    assert numbers["bits per byte on the held-out text"] == pytest.approx(sum(nats) / math.log(2) / size)
    assert numbers["bytes per token in the held-out text"] == pytest.approx(size / len(nats))

    known = set(zip(*(training.tolist()[i:] for i in range(3)), strict=False))
    new = sum(tuple(both[i - 2 : i + 1]) not in known for i in range(len(training), len(both)))
    assert numbers["percent of held-out tokens that never followed their context"] == pytest.approx(
        100 * new / len(nats)
    )
    yours = [*training.tolist(), *encode("The gradient of the loss", learned)]
    bits = [-math.log2(p(yours[i], yours[i - 2 : i], 556)) for i in range(len(training), len(yours))]
    assert numbers["bits of surprise in your text"] == pytest.approx(sum(bits))
    best = max(p(token, yours[-2:], 556) for token in range(556))
    assert numbers["probability of the token expected most"] == pytest.approx(best)


def test_bytes_lower_the_perplexity_and_do_not_make_the_model_better():
    pairs, single = demo(merges=300).numbers, demo(merges=0).numbers
    assert single["perplexity on the held-out text"] < pairs["perplexity on the held-out text"] / 3
    assert single["bits per byte on the held-out text"] >= pairs["bits per byte on the held-out text"]


def test_looking_back_farther_always_helps_on_the_training_text_and_soon_not_on_the_held_out_text():
    held_out, training = (list(series.y) for series in demo().show[1].series[:2])
    assert training == sorted(training, reverse=True)
    assert held_out.index(min(held_out)) < LONGEST - 1
    assert demo(order=6).numbers["perplexity on the training text"] < 2


def test_adding_one_ruins_long_contexts():
    for order in (2, 4, 6):
        smooth, crude = (demo(order=order, smoothing=name).numbers for name in ("Witten-Bell", "add one"))
        assert crude["perplexity on the held-out text"] > 1.5 * smooth["perplexity on the held-out text"]


def test_a_context_that_was_never_seen_leaves_add_one_without_an_opinion():
    assert "expects every token alike, with 0.2%" in demo(smoothing="add one", order=5, text="qqqqqqqq").summary


def test_a_smaller_text_on_other_subjects_makes_a_worse_model_of_the_held_out_text():
    large, small = demo(merges=0).numbers, demo(merges=0, learn_from="small text").numbers
    assert small["bits per byte on the held-out text"] > large["bits per byte on the held-out text"] + 0.3


def test_both_training_texts_end_where_a_new_paragraph_can_begin():
    for name in ("glossary", "small text"):
        learned, training, _, _ = read(name, 100)
        assert decode(training[-10:], learned).endswith(b".\n\n")
