"""Beam search against trying everything, against an exact search of the same language model, and by hand."""

from heapq import heappop, heappush
from itertools import product

import numpy as np
import pytest

from demos.beam_search import MERGES, ORDER, Guess, beam_search, choose, demo, worth
from demos.byte_pair_encoding import decode, encode
from demos.ngram_lm import next_token, probabilities, read

V, END = 4, 3  # of the made-up models; token 3 completes a text
ENDS = np.arange(V) == END


def made_up(seed):
    """A model that looks back two tokens, drawn at random: [V + 1, V + 1, V], with V for what is before the text."""
    return np.random.default_rng(seed).dirichlet(np.full(V, 0.7), size=(V + 1, V + 1))


def score(model, ids):
    """The logarithm of the probability of a text, token by token as the chain rule has it."""
    padded = (V, V, *ids)
    return sum(np.log(model[padded[i], padded[i + 1], token]) for i, token in enumerate(ids))


def asked(model):
    return lambda ids: np.log(model[(V, V, *ids)[-2], (V, V, *ids)[-1]])


def everything(length):
    """All texts that are complete, and all that the limit cuts off."""
    complete = [(*ids, END) for n in range(length) for ids in product(range(V - 1), repeat=n)]
    return complete + list(product(range(V - 1), repeat=length))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("power", [0, 0.6, 1])
def test_a_beam_that_drops_nothing_finds_what_trying_everything_finds(seed, power):
    model, length = made_up(seed), 5
    found = choose(beam_search(asked(model), V**length, length, ENDS), power, ENDS)
    best = max(everything(length), key=lambda ids: score(model, ids) / len(ids) ** power)
    assert found.ids == best
    assert found.score == pytest.approx(score(model, best), rel=1e-12)


@pytest.mark.parametrize("width", [1, 2, 5])
@pytest.mark.parametrize("seed", range(20))
def test_each_step_keeps_the_best_of_all_that_grow_out_of_the_step_before(seed, width):
    model, beam = made_up(seed), [()]
    for kept in beam_search(asked(model), width, 6, ENDS):
        grown = [(*ids, token) for ids in beam for token in range(V)]
        expected = sorted(grown, key=lambda ids: score(model, ids), reverse=True)[:width]
        assert [guess.ids for guess in kept] == expected
        np.testing.assert_allclose([guess.score for guess in kept], [score(model, ids) for ids in expected], rtol=1e-12)
        beam = [ids for ids in expected if ids[-1] != END]


@pytest.mark.parametrize("seed", range(20))
def test_with_width_one_it_takes_the_likeliest_token_again_and_again(seed):
    model, ids = made_up(seed), ()
    while len(ids) < 7 and END not in ids:
        ids = (*ids, int(np.argmax(model[(V, V, *ids)[-2], (V, V, *ids)[-1]])))
    assert choose(beam_search(asked(model), 1, 7, ENDS), 0, ENDS).ids == ids


def test_the_example_of_the_page_by_hand():
    """0 nice, 1 bright; after nice 0.5 and 0.5, after bright 0.9 and 0.1; two tokens, none of them an end."""
    model = {(): [0.6, 0.4], (0,): [0.5, 0.5], (1,): [0.9, 0.1]}
    never = np.array([False, False])
    for width, ids, p in [(1, (0, 0), 0.30), (2, (1, 0), 0.36)]:
        found = choose(beam_search(lambda before: np.log(model[before]), width, 2, never), 0, never)
        assert found.ids == ids
        assert np.exp(found.score) == pytest.approx(p, rel=1e-12)


def test_a_wider_beam_can_end_at_a_less_likely_text():
    """By hand: both children of token 1, 0.34 · 0.49 each, push out the child of token 0, 0.36 · 0.4, which would have
    gone on with 0.98 where they go on with 0.4."""
    model = {(): [0.36, 0.34, 0.3], (0,): [0.4, 0.3, 0.3], (1,): [0.49, 0.49, 0.02], (0, 0): [0.98, 0.01, 0.01]}
    never = np.array([False, False, False])

    def found(width):
        steps = beam_search(lambda ids: np.log(model.get(ids, [0.4, 0.3, 0.3])), width, 3, never)
        return np.exp(choose(steps, 0, never).score)

    assert found(1) == pytest.approx(0.36 * 0.4 * 0.98, rel=1e-12)
    assert found(2) == pytest.approx(0.34 * 0.49 * 0.4, rel=1e-12)


def test_length_counts_as_worked_by_hand():
    short, long = Guess((0, 1), 2 * np.log(0.4)), Guess((0,) * 6, 6 * np.log(0.7))
    assert np.exp([worth(short, 0), worth(long, 0)]) == pytest.approx([0.16, 0.117649])
    assert np.exp([worth(short, 1), worth(long, 1)]) == pytest.approx([0.4, 0.7])
    assert [worth(short, 0.5), worth(long, 0.5)] == pytest.approx([-1.29584, -0.87368], rel=1e-5)


# --- the demo ---------------------------------------------------------------------------------------------------


def setting():
    learned, training, _, tables = read("glossary", MERGES)
    before = [*training, *encode("A transformer", learned)]
    return learned, before, tables[:ORDER], 256 + MERGES


def test_the_figures_of_the_defaults_are_those_that_the_language_model_gives_to_the_texts():
    learned, before, tables, size = setting()
    numbers, summary = demo().numbers, demo().summary
    for text, name in [(" is attention and little else.", "text of the beam"), (" is a neural network", "")]:
        ids = encode(text, learned)
        assert decode(ids, learned).decode() == text
        assert text in summary.replace("\n", " ")
        if name:
            bits = -np.log2(probabilities(tables, before, ids, size)[-1])
            assert numbers[f"bits of surprise in the {name}"] == pytest.approx(bits.sum(), rel=1e-9)
            assert numbers[f"tokens in the {name}"] == len(ids)
            assert numbers[f"bits per token in the {name}"] == pytest.approx(bits.mean(), rel=1e-9)


def test_without_length_the_wide_beam_finds_what_an_exact_search_finds_and_a_narrow_one_does_not():
    """The exact search always goes on with the likeliest beginning, so what it completes first is the likeliest."""
    learned, before, tables, size = setting()
    ends = [any(mark in decode([i], learned) for mark in (b".", b"?", b"!", b"\n")) for i in range(size)]
    heap, best = [(0.0, ())], None
    while best is None:
        bits, ids = heappop(heap)
        if ids and (ends[ids[-1]] or len(ids) == 12):
            best = bits, ids
            break
        for token, p in enumerate(next_token(tables, [*before, *ids], size)):
            heappush(heap, (bits - np.log2(p), (*ids, token)))
    name = "bits of surprise in the text of the beam"
    assert demo(length_power=0.0, width=10).numbers[name] == pytest.approx(best[0], rel=1e-9)
    assert demo(length_power=0.0, width=10).numbers["tokens in the text of the beam"] == len(best[1]) == 1
    assert demo(length_power=0.0, width=2).numbers[name] > best[0] + 1


def test_a_beam_of_width_one_is_greedy_and_asks_once_for_each_token():
    numbers = demo(width=1).numbers
    assert numbers["bits of surprise in the text of the beam"] == numbers["bits of surprise in the greedy text"]
    assert numbers["times the model was asked"] == numbers["tokens in the greedy text"]


def test_the_summary_gives_bits_per_token_and_says_which_text_the_limit_cut_off():
    beam, greedy = demo().summary.split(". Greedy choice writes ")
    assert beam.endswith("7.3 bits of surprise in 6 tokens, 1.22 for each")
    assert greedy.endswith("29.6 bits of surprise in 12 tokens, 2.47 for each, cut off by the limit of the length.")
    assert demo(width=1).summary.endswith("Greedy choice writes the same text.")


def test_the_text_may_hold_anything():
    assert "?" in demo(text="Half \ud83c a pair").summary
