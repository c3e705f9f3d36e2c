"""The filter against scikit-learn's naive Bayes under cross-validation, its rates against its confusion matrix."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import PredefinedSplit, cross_val_predict
from sklearn.naive_bayes import MultinomialNB

from demos.guardrail import ALPHA, cross_scored, demo, listed, mistakes, score, stacked, traffic, train
from demos.parts.bakery import ALLOWED, FORBIDDEN, messages, words


def tokens():
    texts, label = traffic()
    return [words(text) for text in texts], label


def test_scores_are_the_log_odds_of_scikit_learn_for_messages_it_never_saw():
    texts, label = tokens()
    logs = np.empty((len(texts), 2))
    for k in range(3):  # the vocabulary, too, is that of the other two thirds
        test = np.arange(len(texts)) % 3 == k
        counter = CountVectorizer(analyzer=lambda text: text, binary=True)
        x = counter.fit_transform([text for text, out in zip(texts, test, strict=True) if not out])
        model = MultinomialNB(alpha=ALPHA).fit(x, label[~test])
        logs[test] = model.predict_log_proba(counter.transform([t for t, out in zip(texts, test, strict=True) if out]))
    np.testing.assert_allclose(cross_scored(texts, label), logs[:, 1] - logs[:, 0], atol=1e-9)


def test_the_verdicts_are_about_those_of_cross_val_predict():
    texts, label = tokens()
    x = CountVectorizer(analyzer=lambda text: text, binary=True).fit_transform(texts)
    said = cross_val_predict(MultinomialNB(alpha=ALPHA), x, label, cv=PredefinedSplit(np.arange(len(texts)) % 3))
    assert ((cross_scored(texts, label) >= 0) == said).mean() > 0.95  # it knows words of the held-out third


@pytest.mark.parametrize("threshold", [-3.0, 0.0, 2.5])
def test_rates_are_those_of_the_confusion_matrix(threshold):
    rng = np.random.default_rng(0)
    label, scores = rng.integers(0, 2, 200), rng.normal(0, 3, 200)
    (tn, fp), (fn, tp) = confusion_matrix(label, scores >= threshold)
    np.testing.assert_allclose(mistakes(scores, label, threshold), [fn / (fn + tp), fp / (fp + tn)])


def test_a_score_on_the_threshold_is_blocked_and_a_word_counts_once():
    assert mistakes(np.array([1.0, 1.0]), np.array([1, 0]), 1.0) == (0, 1)
    assert score(["a", "b", "a", "new"], 0.5, {"a": 2.0, "b": -1.0}) == 1.5
    assert (listed(["my", "secret"]), listed(["my", "rolls"])) == (3, -3)


def test_of_ten_thousand_messages():
    found = demo(rare=0.1).numbers
    missed, alarmed = (
        found["share of forbidden messages that pass"],
        found["share of ordinary messages that are blocked"],
    )
    wrongly = found["wrongly blocked of 10,000 messages"]
    assert wrongly == pytest.approx(9000 * alarmed)
    assert found["share of blocked messages that are forbidden"] == pytest.approx(
        1000 * (1 - missed) / (1000 * (1 - missed) + wrongly)
    )
    assert found["forbidden among 10,000 that pass"] == pytest.approx(1000 * missed)


def test_a_lower_threshold_lets_less_pass_and_blocks_more():
    found = [list(demo(threshold=float(at)).numbers.values())[:2] for at in (-8, -2, 0, 3, 8)]
    assert [pair[0] for pair in found] == sorted(pair[0] for pair in found)
    assert [pair[1] for pair in found] == sorted((pair[1] for pair in found), reverse=True)


def test_the_strictest_and_the_mildest_threshold_are_on_the_curve():
    ends = demo().numbers
    both = [demo(threshold=0.25 * at).numbers for at in range(-32, 33)]
    rates = [
        (n["share of forbidden messages that pass"], n["share of ordinary messages that are blocked"]) for n in both
    ]
    assert ends["false alarms where nothing forbidden passes"] == min(alarm for miss, alarm in rates if miss == 0)
    assert ends["misses where no ordinary message is blocked"] == min(miss for miss, alarm in rates if alarm == 0)


def test_dots_stand_on_piles():
    x, y = stacked(np.array([0.1, 0.4, 0.6, 0.2]), -1)
    assert x.tolist() == [0.25, 0.25, 0.75, 0.25]
    assert y.tolist() == [-1, -2, -1, -3]


def test_messages_are_all_unlike_and_of_both_kinds():
    forbidden, allowed = messages(FORBIDDEN), messages(ALLOWED)
    assert len(set(forbidden + allowed)) == len(forbidden) + len(allowed) > 100
    assert 0.3 < len(forbidden) / len(forbidden + allowed) < 0.5
    assert words("Wh4t's THE-cake?") == ["wh4t", "s", "the", "cake"]
    prior, votes = train(*tokens())
    assert prior < 0 < votes["recipe"]
