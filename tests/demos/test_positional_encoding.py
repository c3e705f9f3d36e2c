"""Positional encoding against the code of transformers and the formula of the paper; its linear shift; and order."""

import math

import numpy as np
import pytest
from transformers.models.marian.modeling_marian import MarianSinusoidalPositionalEmbedding

from demos.positional_encoding import (
    demo,
    exchanged,
    frequencies,
    looking_back,
    one_code,
    positional_encoding,
    shift,
    similarity,
)

SIZES = [(2, 10000.0), (4, 10.0), (6, 10000.0), (32, 1000.0), (60, 10000.0), (512, 10000.0)]


@pytest.mark.parametrize("d_model", [2, 8, 64, 512])
def test_holds_the_numbers_of_transformers_in_the_order_of_the_paper(d_model):
    theirs = MarianSinusoidalPositionalEmbedding(300, d_model).create_weight().numpy()  # all sines, then all cosines
    codes = positional_encoding(np.arange(300), d_model)
    np.testing.assert_allclose(codes[:, 0::2], theirs[:, : d_model // 2], atol=1e-6)
    np.testing.assert_allclose(codes[:, 1::2], theirs[:, d_model // 2 :], atol=1e-6)


@pytest.mark.parametrize(("d_model", "base"), SIZES)
def test_equals_the_formula_entry_by_entry(d_model, base):
    positions = [0, 1, 2, 17, 200]
    expected = [
        [
            (math.sin if j % 2 == 0 else math.cos)(t / base ** (2 * (j // 2) / d_model))  # section 3.5 of the paper
            for j in range(d_model)
        ]
        for t in positions
    ]
    np.testing.assert_allclose(positional_encoding(positions, d_model, base), expected, atol=1e-12)


@pytest.mark.parametrize(("d_model", "base"), SIZES)
def test_one_position_number_by_number_gives_what_many_at_once_give(d_model, base):
    one_by_one = [one_code(position, d_model, base) for position in (-3, 0, 1, 200)]
    np.testing.assert_allclose(positional_encoding([-3, 0, 1, 200], d_model, base), one_by_one, atol=1e-12)


def test_the_hands_turn_from_one_radian_down_towards_one_part_of_the_base():
    w = frequencies(512)
    assert w[0] == 1
    assert w[-1] == pytest.approx(10000 ** (-510 / 512))
    np.testing.assert_allclose(w[1:] / w[:-1], 10000 ** (-2 / 512), rtol=1e-12)


def test_a_code_of_an_odd_size_is_refused():
    with pytest.raises(ValueError, match="there can not be 7 of them"):
        frequencies(7)


@pytest.mark.parametrize(("d_model", "base"), SIZES)
@pytest.mark.parametrize("offset", [-30, -1, 0, 1, 5, 77])
def test_one_matrix_moves_every_code_by_the_same_number_of_positions(d_model, base, offset):
    positions = np.arange(-50, 300)
    moved = positional_encoding(positions, d_model, base) @ shift(offset, d_model, base)
    np.testing.assert_allclose(moved, positional_encoding(positions + offset, d_model, base), atol=1e-12)


def test_the_matrix_of_a_shift_is_a_rotation_and_two_shifts_add_up():
    one, two = shift(3, 16), shift(11, 16)
    np.testing.assert_allclose(one @ one.T, np.eye(16), atol=1e-12)
    assert np.linalg.det(one) == pytest.approx(1)
    np.testing.assert_allclose(one @ two, shift(14, 16), atol=1e-12)


@pytest.mark.parametrize(("d_model", "base"), SIZES)
def test_similarity_depends_on_the_distance_alone_and_looks_the_same_both_ways(d_model, base):
    codes = positional_encoding(np.arange(120), d_model, base)
    cosine = codes @ codes.T / (np.linalg.norm(codes, axis=1)[:, None] * np.linalg.norm(codes, axis=1))
    distance = np.abs(np.arange(120)[:, None] - np.arange(120))
    np.testing.assert_allclose(cosine, similarity(distance.ravel(), d_model, base).reshape(120, 120), atol=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_self_attention_can_tell_two_orders_apart_only_with_codes(seed):
    words = np.random.default_rng(seed).normal(size=(3, 16))
    assert exchanged(words, np.zeros((3, 16))).max() < 1e-12
    assert exchanged(words, positional_encoding(range(3), 16)).min() > 0.01


def test_words_that_are_alike_may_be_exchanged_even_with_codes():
    word, other = np.random.default_rng(0).normal(size=(2, 16))
    assert exchanged(np.stack([word, other, word]), positional_encoding(range(3), 16))[1] < 1e-12


@pytest.mark.parametrize("offset", [1, 5, 20])
def test_a_head_finds_the_place_that_many_positions_back(offset):
    weights = looking_back(offset, 60, 10000.0)
    assert (weights.argmax(axis=1)[offset:] == np.arange(40 - offset)).all()
    assert np.diagonal(weights, -offset).min() > 0.95


def test_the_figures_of_the_defaults_worked_out_by_the_sum_of_cosines():
    numbers = demo().numbers
    hands = [10000 ** (-2 * i / 32) for i in range(16)]
    expected = sum(math.cos(5 * w) for w in hands) / 16
    assert numbers["similarity at this offset"] == pytest.approx(expected, rel=1e-12)
    assert numbers["longest wave in positions"] == pytest.approx(2 * math.pi * 10000 ** (30 / 32))
    assert numbers["largest difference of that between positions"] < 1e-12
    assert numbers["error of the shift by one matrix"] < 1e-12
    assert numbers["largest change when dog and man are exchanged, without codes"] < 1e-12
    assert numbers["largest change when dog and man are exchanged, with codes"] > 0.1


def test_a_single_hand_comes_around_and_makes_twins():
    numbers = demo(d_model=2).numbers
    # 333 is the number up to 500 that comes closest to a multiple of 2π: 53 turns are 333.009.
    assert numbers["distance to the most similar position"] == 333
    assert numbers["similarity of the most similar position"] == pytest.approx(math.cos(333))
    assert numbers["weight of the head on the position it looks for"] < 0.5
    assert demo(d_model=60).numbers["distance to the most similar position"] == 1


def test_the_curve_slides_with_the_position():
    here, there = demo(position=50).show[0].series[0].y, demo(position=90).show[0].series[0].y
    np.testing.assert_allclose(here[:160], there[40:200], atol=1e-12)
