"""In-context learning against Bayes' theorem by hand, against scikit-learn's naive Bayes, and by what training adds."""

import numpy as np
import pytest
from scipy import stats
from sklearn.naive_bayes import CategoricalNB

from demos.few_shot import (
    DOUBT,
    INPUTS,
    LABELS,
    MOST,
    TASKS,
    answer,
    demo,
    draw,
    fresh,
    make,
    says,
    trained,
    weigh,
    world,
)  # fmt: skip
from demos.softmax import softmax


def some_prompts(seed, prompts=6, size=5):
    rng = np.random.default_rng(seed)
    table, logs = world(rng, 1.0)
    x, y = rng.integers(INPUTS, size=(prompts, size)), rng.integers(LABELS, size=(prompts, size))
    prior = rng.dirichlet(np.ones(TASKS), size=prompts)
    return table, logs, x, y, rng.integers(INPUTS, size=prompts), prior


@pytest.mark.parametrize("seed", range(3))
def test_weights_are_bayes_theorem_multiplied_out(seed):
    table, logs, x, y, _, prior = some_prompts(seed)
    weight = softmax(weigh(prior, table, logs, x, y))
    for p in range(len(x)):
        for shots in range(x.shape[1] + 1):
            joint = prior[p].copy()
            for a, b in zip(x[p, :shots], y[p, :shots], strict=True):
                for k in range(TASKS):
                    joint[k] *= np.exp(logs[k, a]) * ((1 - DOUBT) * (table[k, a] == b) + DOUBT / LABELS)
            np.testing.assert_allclose(weight[p, shots], joint / joint.sum(), rtol=1e-9, atol=1e-300)


def test_what_tasks_say_sums_to_one_and_an_answer_is_their_mean():
    table, logs, x, y, query, prior = some_prompts(1)
    every = sum(says(table, x, np.full_like(x, label)) for label in range(LABELS))
    np.testing.assert_allclose(every, 1)
    weight = softmax(weigh(prior, table, logs, x, y))
    found = answer(weight, table, query)
    np.testing.assert_allclose(found.sum(axis=-1), 1)
    for label in range(LABELS):
        each = says(table, query[:, None], np.full((len(query), 1), label))[:, 0]  # [P, K]
        np.testing.assert_allclose(found[..., label], (weight * each[:, None]).sum(axis=-1), rtol=1e-9)


def test_the_weights_of_two_tasks_are_those_of_scikit_learn_s_naive_bayes():
    """A task is a class, and an example is one feature: the pair of its input and its label."""
    rng = np.random.default_rng(0)
    table, logs = world(rng, 1.0)
    x, y, prior = rng.integers(INPUTS, size=(1, 4)), rng.integers(LABELS, size=(1, 4)), np.full((1, TASKS), 1 / TASKS)
    pairs = np.arange(INPUTS * LABELS).reshape(INPUTS, LABELS)
    each = np.exp(logs)[:, :, None] * ((1 - DOUBT) * np.eye(LABELS)[table] + DOUBT / LABELS)  # [K, X, L]
    model = CategoricalNB(alpha=1e-10, min_categories=INPUTS * LABELS, fit_prior=False)
    model.fit(np.tile(pairs.reshape(-1, 1), (TASKS, 4)), np.repeat(np.arange(TASKS), INPUTS * LABELS),
              sample_weight=each.reshape(-1))  # fmt: skip
    theirs = model.predict_proba(pairs[x, y])
    np.testing.assert_allclose(softmax(weigh(prior, table, logs, x, y))[:, -1], theirs, rtol=1e-6, atol=1e-12)


def test_inputs_are_drawn_as_a_task_likes_them():
    _, logs = world(np.random.default_rng(0), 1.5)
    found = draw(np.random.default_rng(1), logs[:1].repeat(50, axis=0), 400)
    assert stats.chisquare(np.bincount(found.ravel(), minlength=INPUTS), 20_000 * np.exp(logs[0])).pvalue > 0.001


def test_a_new_table_is_learned_by_counting():
    foretold, chance = fresh(np.array([[3, 3, 5]]), np.array([[1, 1, 0]]), np.array([3]))
    quarter = 1 / LABELS
    np.testing.assert_allclose(np.exp(foretold[0]), [1, quarter, quarter * (1 + quarter) / 2,
                                                     quarter * (1 + quarter) / 2 * quarter])  # fmt: skip
    np.testing.assert_allclose(chance[0, 0], quarter)
    np.testing.assert_allclose(chance[0, 2:, 1], (2 + quarter) / 3)


def test_training_ends_with_the_new_table_and_before_an_example_changes_next_to_nothing():
    rng = np.random.default_rng(0)
    table, logs = world(rng, 1.0)
    other, liked = world(rng, 1.0)
    x, y, query = make(rng, other, liked, 0.0)
    scores = weigh(np.full((TASKS, TASKS), 1 / TASKS), table, logs, x, y)
    found = trained(scores, table, x, y, query)
    np.testing.assert_allclose(found.sum(axis=-1), 1)
    np.testing.assert_allclose(found[:, 0], answer(softmax(scores), table, query)[:, 0] * 0.95 + 0.05 / LABELS)
    seen = (x == query[:, None]).sum(axis=1) > 1
    assert (found[seen, -1].argmax(axis=1) == other[np.arange(TASKS), query][seen]).all()


def test_labels_are_right_or_drawn_at_random():
    rng = np.random.default_rng(0)
    table, logs = world(rng, 1.0)
    for share, agree in ((0.0, 1.0), (0.4, 0.6 + 0.4 / LABELS), (1.0, 1 / LABELS)):
        x, y, query = make(rng, table.repeat(30, axis=0), logs.repeat(30, axis=0), share)
        assert (y == np.take_along_axis(table.repeat(30, axis=0), x, axis=1)).mean() == pytest.approx(agree, abs=0.01)
        assert x.shape == (600, MOST)
        assert query.shape == (600,)


def test_few_examples_are_enough_for_a_task_that_was_met_and_no_number_for_another():
    assert demo(shots=4).numbers["percent right"] > 95
    new = demo(shots=40, task="never met").numbers
    assert new["percent right"] < 60 < 80 < new["percent right if trained on the examples"]
    assert new["mean probability of the likeliest task"] > 0.9


def test_random_labels_do_little_harm_where_the_inputs_tell_the_task():
    assert demo(shots=40, wrong_labels=1.0, liking=2.0).numbers["percent right"] > 95
    assert demo(shots=40, wrong_labels=1.0, liking=0.0).numbers["percent right"] < 40


def test_a_clear_instruction_needs_no_example():
    clear, vague, none = (demo(instruction=each).numbers["percent right"] for each in ("clear", "vague", "none"))
    assert clear > 95 > vague > none


def test_training_on_a_task_that_was_met_does_not_forget_it():
    rng = np.random.default_rng(3)
    table, logs = world(rng, 1.0)
    x, y, query = make(rng, table, logs, 0.0)
    scores = weigh(np.full((TASKS, TASKS), 1 / TASKS), table, logs, x, y)
    np.testing.assert_allclose(
        trained(scores, table, x, y, query)[:, 12:], answer(softmax(scores), table, query)[:, 12:], atol=1e-3
    )
