"""Temperature and filters against `transformers`, by hand, and by what each of them leaves as it was."""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
import scipy.stats
import torch
from transformers.generation.logits_process import (
    LogitsProcessorList,
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from demos.byte_pair_encoding import encode
from demos.ngram_lm import next_token, read
from demos.sampling import (
    MERGES,
    ORDER,
    demo,
    discourage,
    draw,
    entropy,
    heat,
    keep_min_p,
    keep_top_k,
    keep_top_p,
    prepare,
)
from demos.softmax import softmax


def scores(seed, shape=(4, 60)):
    return 3 * np.random.default_rng(seed).normal(size=shape)


def warped(values, *warpers):
    """What `transformers` makes of scores, which it calls logits."""
    return LogitsProcessorList(warpers)(torch.zeros(1, 1, dtype=torch.long), torch.tensor(values)).numpy()


@pytest.mark.parametrize("temperature", [0.05, 0.7, 1.0, 3.0])
def test_heat_equals_transformers(temperature):
    np.testing.assert_allclose(
        heat(scores(0), temperature), warped(scores(0), TemperatureLogitsWarper(temperature)), rtol=1e-15
    )


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("k", [1, 2, 17, 60, 100])
def test_top_k_equals_transformers(seed, k):
    np.testing.assert_array_equal(keep_top_k(scores(seed), k), warped(scores(seed), TopKLogitsWarper(k)))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("p", [0.05, 0.3, 0.9, 0.999])
def test_top_p_equals_transformers(seed, p):
    np.testing.assert_array_equal(keep_top_p(scores(seed), p), warped(scores(seed), TopPLogitsWarper(p)))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("part", [0.001, 0.1, 0.5, 1.0])
def test_min_p_equals_transformers(seed, part):
    np.testing.assert_array_equal(keep_min_p(scores(seed), part), warped(scores(seed), MinPLogitsWarper(part)))


@pytest.mark.parametrize("seed", range(5))
def test_all_of_them_in_a_row_equal_transformers(seed):
    rng = np.random.default_rng(seed)
    temperature, k, p, part = rng.uniform(0.3, 2.5), int(rng.integers(5, 40)), rng.uniform(0.5, 0.95), 0.02
    warpers = [TemperatureLogitsWarper(temperature), TopKLogitsWarper(k), TopPLogitsWarper(p), MinPLogitsWarper(part)]
    expected = torch.softmax(torch.tensor(warped(scores(seed), *warpers)), dim=-1).numpy()
    found = prepare(scores(seed), temperature, k, p, part)
    np.testing.assert_array_equal(found == 0, expected == 0)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("penalty", [1.0, 1.2, 2.0])
@pytest.mark.parametrize("before", [[7], [3, 3, 59, 0, 3], list(range(60))], ids=len)
def test_the_penalty_on_repeating_equals_transformers(seed, penalty, before):
    values = scores(seed, 60)
    assert min(values[before]) < 0 or max(values[before]) > 0
    processor = RepetitionPenaltyLogitsProcessor(penalty)
    expected = processor(torch.tensor([before]), torch.tensor(values[None]))[0].numpy()
    np.testing.assert_allclose(discourage(values, before, penalty), expected, rtol=1e-15)


def test_the_penalty_makes_what_came_before_less_likely_whatever_its_sign_and_leaves_the_rest():
    values = np.array([2.0, -2.0, 0.5, -0.5])
    assert discourage(values, [1, 0, 1], 2.0).tolist() == [1.0, -4.0, 0.5, -0.5]  # once, however often it came
    assert values.tolist() == [2.0, -2.0, 0.5, -0.5]
    assert discourage(values, [], 2.0).tolist() == values.tolist()


def test_by_hand():
    values = np.log([0.5, 0.3, 0.15, 0.05])
    np.testing.assert_allclose(prepare(values), [0.5, 0.3, 0.15, 0.05])
    np.testing.assert_allclose(prepare(values, temperature=0.5), np.array([25, 9, 2.25, 0.25]) / 36.5)  # squares
    np.testing.assert_allclose(prepare(values, top_k=2), [0.625, 0.375, 0, 0])
    np.testing.assert_allclose(prepare(values, top_p=0.7), [0.625, 0.375, 0, 0])
    np.testing.assert_allclose(prepare(values, top_p=0.9), np.array([50, 30, 15, 0]) / 95)
    np.testing.assert_allclose(prepare(values, min_p=0.25), np.array([50, 30, 15, 0]) / 95)


def test_two_scores_that_tie_for_the_last_place_of_top_k_are_both_kept():
    values = np.array([1.0, 3.0, 1.0, 0.0])
    assert keep_top_k(values, 2).tolist() == [1.0, 3.0, 1.0, -np.inf]
    np.testing.assert_array_equal(keep_top_k(values, 2), warped(values[None], TopKLogitsWarper(2))[0])


def test_the_settings_that_keep_all_change_nothing():
    np.testing.assert_array_equal(keep_top_k(scores(1), 0), scores(1))
    np.testing.assert_array_equal(keep_top_p(scores(1), 1.0), scores(1))
    np.testing.assert_array_equal(keep_min_p(scores(1), 0.0), scores(1))


@pytest.mark.parametrize("temperature", [0.2, 0.9, 2.5])
def test_heating_keeps_the_ranking_and_raises_every_ratio_to_one_over_the_temperature(temperature):
    cold, hot = softmax(scores(2)), prepare(scores(2), temperature)
    np.testing.assert_array_equal(np.argsort(cold), np.argsort(hot))
    for i, j in combinations(range(6), 2):
        np.testing.assert_allclose(hot[:, i] / hot[:, j], (cold[:, i] / cold[:, j]) ** (1 / temperature), rtol=1e-10)


def test_the_entropy_grows_with_the_temperature_from_none_to_that_of_an_even_guess():
    found = [entropy(prepare(scores(3, 60), t)) for t in (1e-3, 0.1, 0.5, 1, 2, 10, 1e6)]
    assert found == sorted(found)
    assert found[0] == pytest.approx(0, abs=1e-9)
    assert found[-1] == pytest.approx(np.log2(60), rel=1e-9)


@pytest.mark.parametrize("settings", [{"top_k": 9}, {"top_p": 0.8}, {"min_p": 0.05}])
def test_a_filter_takes_from_the_bottom_and_keeps_the_ratios_of_what_is_left(settings):
    before, after = softmax(scores(4)), prepare(scores(4), **settings)
    assert ((after > 0).sum(axis=-1) > 0).all()
    assert ((after > 0).sum(axis=-1) < 60).all()
    for row, left in zip(before, after, strict=True):
        kept = left > 0
        assert row[kept].min() > row[~kept].max()
        np.testing.assert_allclose(left[kept], row[kept] / row[kept].sum(), rtol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_entropy_equals_that_of_scipy_also_where_shares_are_zero(seed):
    shares = prepare(scores(seed), top_k=10)
    np.testing.assert_allclose(entropy(shares), scipy.stats.entropy(shares, base=2, axis=-1), rtol=1e-12)


def test_tokens_are_drawn_as_often_as_their_shares_say_and_filtered_ones_never():
    shares, rng = prepare(scores(5, 8), temperature=2, top_k=5), np.random.default_rng(0)
    drawn = Counter(draw(shares, rng) for _ in range(5000))
    assert set(drawn) == set(np.flatnonzero(shares))
    np.testing.assert_allclose([drawn[i] / 5000 for i in range(8)], shares, atol=4 * np.sqrt(0.25 / 5000))


# --- the demo ---------------------------------------------------------------------------------------------------


def test_the_figures_of_the_defaults_are_those_of_the_model_at_half_the_temperature():
    learned, training, _, tables = read("glossary", MERGES)
    p = next_token(tables[:ORDER], [*training, *encode("The slope of", learned)], 256 + MERGES)
    expected = torch.softmax(torch.log(torch.tensor(p)) / 0.5, dim=0).numpy()
    numbers = demo().numbers
    assert numbers["probability of the favorite"] == pytest.approx(expected.max(), rel=1e-9)
    assert numbers["entropy in bits"] == pytest.approx(scipy.stats.entropy(expected, base=2), rel=1e-9)
    assert numbers["entropy in bits at temperature 1"] == pytest.approx(scipy.stats.entropy(p, base=2), rel=1e-9)
    assert numbers["tokens below 1 percent"] == (p < 0.01).sum()
    assert numbers["percent of draws from tokens below 1 percent"] == pytest.approx(100 * expected[p < 0.01].sum())
    assert numbers["tokens that can be drawn"] == 256 + MERGES
    assert numbers["percent that the filters cut away"] == 0


def test_the_figures_of_a_filter_are_those_of_transformers_on_the_same_model():
    learned, training, _, tables = read("glossary", MERGES)
    p = next_token(tables[:ORDER], [*training, *encode("The slope of", learned)], 256 + MERGES)
    heated = torch.softmax(torch.log(torch.tensor(p)) / 1.5, dim=0).numpy()
    kept = warped(np.log(p)[None], TemperatureLogitsWarper(1.5), TopPLogitsWarper(0.9))[0] > -np.inf
    numbers = demo(temperature=1.5, top_p=0.9).numbers
    assert numbers["tokens that can be drawn"] == kept.sum()
    assert numbers["percent that the filters cut away"] == pytest.approx(100 * heated[~kept].sum())


def test_when_heated_most_draws_come_from_unlikely_tokens_and_top_p_lets_ever_more_of_them_through():
    plain = [demo(temperature=t).numbers["percent of draws from tokens below 1 percent"] for t in (0.5, 1.0, 2.0)]
    assert plain[0] < 5
    assert plain[2] > 50
    kept = [demo(temperature=t, top_p=0.9).numbers["tokens that can be drawn"] for t in (0.5, 1.0, 2.0, 3.0)]
    assert kept == sorted(set(kept))
    assert kept[0] < 30 < 500 < kept[-1]


def test_the_text_is_continued_and_not_changed():
    trace = demo(text="Half \ud83c a pair", temperature=1.0).show[2]
    assert len({step.text for step in trace.steps}) > 1
    assert all(step.text.startswith("Half ? a pair") for step in trace.steps)
