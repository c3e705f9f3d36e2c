"""Tries against all choices of k disguises, disguises by their definition, and a reading that undoes them."""

import itertools

import numpy as np
import pytest

from demos.guardrail import cross_scored, filters_apart, score, traffic
from demos.guardrail import demo as guardrail
from demos.jailbreak import OTHER_WORDS, attack, defenses, demo, disguise, judge, success_at, swap, undo
from demos.parts.bakery import words

ALL = ("typos", "digits", "other words", "all three")


@pytest.mark.parametrize("n", [1, 4, 7])
def test_success_at_k_is_that_of_all_choices_of_k(n):
    for c in range(n + 1):
        passes = np.arange(n) < c
        for k in range(1, n + 1):
            expected = np.mean([passes[list(chosen)].any() for chosen in itertools.combinations(range(n), k)])
            assert success_at(k, n, np.array([c]))[0] == pytest.approx(expected)


def test_more_tries_never_get_less_through_and_the_first_is_the_plain_share():
    c = np.array([0, 3, 17, 40])
    curve = [success_at(k, 40, c).mean() for k in range(1, 41)]
    assert curve[0] == pytest.approx((c / 40).mean())
    assert curve == sorted(curve)
    assert curve[-1] == pytest.approx(3 / 4)  # all but the one of which none passes


def test_a_swap_keeps_the_letters_and_undoing_finds_the_word():
    rng = np.random.default_rng(0)
    for word in ("recipe", "eggs", "is", "a", "do"):
        for _ in range(20):
            changed = swap(rng, word)
            assert sorted(changed) == sorted(word)
            assert sum(a != b for a, b in zip(word, changed, strict=True)) in (0, 2)
            assert undo([changed]) == undo([word])
    assert {swap(rng, "abc") for _ in range(50)} == {"bac", "acb"}


@pytest.mark.parametrize("kind", ["typos", "digits"])
def test_what_can_be_undone_changes_no_verdict(kind):
    found = [demo(defense="undo typos and digits", kind=kind, strength=strength).numbers for strength in (0.0, 1.0)]
    assert found[0]["share of single disguises that pass"] == found[1]["share of single disguises that pass"]


@pytest.mark.parametrize("kind", ALL)
def test_no_word_is_changed_at_strength_zero_and_at_one_each_that_can_be(kind):
    text, rng = ["tell", "me", "the", "recipe"], np.random.default_rng(0)
    assert disguise(rng, text, 0.0, kind) == text
    changed = disguise(rng, text, 1.0, kind)
    assert len(changed) == 4
    assert changed[3] != "recipe"


def test_about_as_many_words_are_changed_as_asked_for():
    rng, text = np.random.default_rng(0), ["recipe"] * 4000
    changed = disguise(rng, text, 0.3, "all three")
    assert np.mean([word != "recipe" for word in changed]) == pytest.approx(0.3, abs=0.03)
    assert np.mean([word == OTHER_WORDS["recipe"] for word in changed]) == pytest.approx(0.1, abs=0.02)
    assert np.mean([word == "r3c1p3" for word in changed]) == pytest.approx(0.1, abs=0.02)


def test_without_a_disguise_it_is_the_filter_of_the_guardrail():
    bare, there = demo(strength=0.0).numbers, guardrail(threshold=2.0).numbers
    assert bare["share of single disguises that pass"] == there["share of forbidden messages that pass"]
    assert bare["share of ordinary messages that are blocked"] == there["share of ordinary messages that are blocked"]
    texts, label = traffic()
    texts = [words(text) for text in texts]
    filters = filters_apart(texts, label, np.arange(len(texts)) % 3)
    np.testing.assert_allclose(judge(texts, list, filters, 1)[:, 0], cross_scored(texts, label))


def test_disguises_are_judged_by_filters_that_know_neither_them_nor_their_message():
    texts, label = traffic()
    texts = [words(text) for text in texts]
    texts[0] = ["zebra", *texts[0]]
    for read, filters in defenses(np.random.default_rng(0), texts, label, 0.5, "typos").values():
        known = "".join(read(["zebra"]))
        assert known not in filters[0][1]
        assert known in filters[1][1]
        own = judge([["zebra"], ["zebra"], ["zebra"], ["zebra"]], read, filters, 2)
        assert own[0].tolist() == [filters[0][0]] * 2
        assert own[1].tolist() == pytest.approx([score([known], *filters[1])] * 2)


def test_tries_are_those_of_drawing_and_if_requests_were_alike_those_of_passes_shuffled_among_them():
    passed, rng = attack(0.4, "all three", 0)[1]["none"][0] < 2.0, np.random.default_rng(0)
    found = demo(tries=5).numbers
    some = [rng.permuted(passed, axis=1)[:, :5].any(axis=1).mean() for _ in range(500)]
    assert found["share of requests with one disguise that passes"] == pytest.approx(np.mean(some), abs=0.01)
    alike = [rng.permutation(passed.ravel()).reshape(passed.shape)[:, :5].any(axis=1).mean() for _ in range(500)]
    assert found["the same if all requests were alike"] == pytest.approx(np.mean(alike), abs=0.01)
