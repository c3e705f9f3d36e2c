"""Cross-entropy: how surprised a prediction is by the truth, and why classifiers learn from it.

Notation: scores [.., K], one for each of K classes; truth [.., K] the shares that would be right, summing to one;
          shares = softmax(scores), the prediction.
Leaves out: the network. Gradient descent moves the scores themselves, so that nothing but the loss is compared.

Source: Goodfellow, Bengio & Courville (2016), Deep Learning, section 6.2.2, https://www.deeplearningbook.org/
        Szegedy et al. (2015), section 7 (label smoothing), https://arxiv.org/abs/1512.00567
        Brier (1950), https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2
"""

from typing import Annotated

import numpy as np

from demos import Range, Result, axes, bars, curves, point
from demos.softmax import log_softmax, softmax, softmax_backward

STEPS = 100


def target_shares(target, classes, label_smoothing=0.0):
    """target: [..] numbers of the right classes -> truth [.., classes].

    Everything on the right class; label smoothing takes a part of that and spreads it evenly over all classes.
    """
    return (1 - label_smoothing) * np.eye(classes)[target] + label_smoothing / classes


def cross_entropy(scores, truth):
    """scores, truth: [.., K] -> [..], one loss per example, in nats: the surprise, averaged over the truth."""
    return -(truth * log_softmax(scores)).sum(axis=-1)


def cross_entropy_gradient(scores, truth):
    """d cross_entropy / d scores.  [.., K]: the logarithm cancels the slope of softmax, and the error is left."""
    return softmax(scores) - truth


def squared_error(scores, truth):
    """The alternative.  scores, truth: [.., K] -> [..], squared distance between prediction and truth, at most 2."""
    return ((softmax(scores) - truth) ** 2).sum(axis=-1)


def squared_error_gradient(scores, truth):
    """d squared_error / d scores.  [.., K]: here the slope of softmax stays, and it is flat where a share is tiny."""
    shares = softmax(scores)
    return softmax_backward(shares, 2 * (shares - truth))


LOSSES = {
    "cross-entropy": (cross_entropy, cross_entropy_gradient),
    "squared error": (squared_error, squared_error_gradient),
}


def losses(scores, truth):
    """Both losses of the same prediction.  scores: [.., K], truth: [K] -> {name: [..]}"""
    return {name: loss(scores, truth) for name, (loss, _) in LOSSES.items()}


def pulls(scores, truth):
    """How hard each loss pulls the score of the right class up: minus the gradient.  [.., K], [K] -> {name: [..]}"""
    return {name: -gradient(scores, truth)[..., 0] for name, (_, gradient) in LOSSES.items()}


def entropy(truth):
    """The lowest cross-entropy possible, reached where the prediction equals the truth.  truth: [K] -> one number"""
    possible = truth[truth > 0]
    return possible @ np.log(1 / possible)


def descend(gradient, scores, truth, learning_rate):
    """Gradient descent on the scores of one example [K] -> [STEPS + 1], the share of class 0 before each step."""
    history = []
    for _ in range(STEPS + 1):
        history.append(softmax(scores)[0])
        scores = scores - learning_rate * gradient(scores, truth)
    return np.array(history)


def scores_with(gap, classes):
    """Class 0 is right, the strongest rival has score 0, the next one −2, and so on.  gap: [..] -> [.., classes]"""
    scores = np.tile([0.0, *(-2.0 * np.arange(classes - 1))], (*np.shape(gap), 1))
    scores[..., 0] = gap
    return scores


def demo(
    *,
    gap: Annotated[float, Range(-10, 10, 0.5, label="gap to the rival")] = -5.0,
    classes: Annotated[int, Range(2, 10)] = 3,
    label_smoothing: Annotated[float, Range(0, 0.4, 0.05)] = 0.0,
    learning_rate: Annotated[float, Range(0.5, 20, 0.5)] = 1.0,
) -> Result:
    """Make the prediction confidently wrong with a gap far below zero: squared error all but stops pulling, and
    cross-entropy pulls hardest. Then add label smoothing, and being too sure of the right class starts to cost.

    gap: how far the score of the right class lies above that of its strongest rival; below zero it is behind
    classes: how many classes there are to choose from
    label_smoothing: the part of the truth that is taken from the right class and spread evenly over all
    learning_rate: how far a step of gradient descent goes, with both losses
    """
    scores, truth = scores_with(gap, classes), target_shares(0, classes, label_smoothing)  # [K] both
    shares, gradient = softmax(scores), cross_entropy_gradient(scores, truth)  # [K] both
    loss, pull = losses(scores, truth), pulls(scores, truth)
    learned = {
        name: descend(rule, scores, truth, learning_rate) for name, (_, rule) in LOSSES.items()
    }  # [STEPS + 1] for each
    ends = [history[-1] for history in learned.values()]

    gaps, across = np.linspace(-10, 10, 81), "gap between the right score and its rival"
    sweep = scores_with(gaps, classes)  # [81, K]
    names = ["right", "rival", *(f"other {k}" for k in range(1, classes - 1))]
    return Result(
        summary=f"The right class has a share of {shares[0]:.2%}. The gradient on its score is {gradient[0]:.2g} with "
        f"cross-entropy and {-pull['squared error']:.2g} with squared error; {STEPS} steps of gradient descent bring "
        f"the share to {ends[0]:.2%} and {ends[1]:.2%}.",
        numbers={
            "share of the right class": shares[0],
            **loss,
            **{f"gradient on the right score, {name}": -upward for name, upward in pull.items()},
            **{f"share after {STEPS} steps, {name}": end for name, end in zip(learned, ends, strict=True)},
            "lowest cross-entropy possible": entropy(truth),
        },
        show=[
            axes("Pull on the right score (minus the gradient)", across, "pull")
            + curves(gaps, pulls(sweep, truth))
            + point("now", gap, *pull.values()),
            axes("Loss", across, "loss") + curves(gaps, losses(sweep, truth)) + point("now", gap, *loss.values()),
            axes("Learning from here", "step of gradient descent", "share of the right class")
            + curves(range(STEPS + 1), learned),
            axes("The gradient of cross-entropy is prediction minus truth", "class")
            + bars(names, {"prediction": shares, "truth": truth, "gradient": gradient}),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
