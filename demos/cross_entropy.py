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

from demos import Chart, Range, Result, Series
from demos.softmax import log_softmax, softmax, softmax_backward

LEARNING_RATE, STEPS = 1.0, 100


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
    """The rival.  scores, truth: [.., K] -> [..], the squared distance between prediction and truth, at most 2."""
    return ((softmax(scores) - truth) ** 2).sum(axis=-1)


def squared_error_gradient(scores, truth):
    """d squared_error / d scores.  [.., K]: here the slope of softmax stays, and it is flat where a share is tiny."""
    shares = softmax(scores)
    return softmax_backward(shares, 2 * (shares - truth))


def descend(gradient, scores, truth):
    """Gradient descent on the scores of one example [K] -> [STEPS + 1], the share of class 0 before each step."""
    history = []
    for _ in range(STEPS + 1):
        history.append(softmax(scores)[0])
        scores = scores - LEARNING_RATE * gradient(scores, truth)
    return np.array(history)


def demo(
    *,
    gap: Annotated[float, Range(-10, 10, 0.5)] = -5.0,
    classes: Annotated[int, Range(2, 10)] = 3,
    label_smoothing: Annotated[float, Range(0, 0.4, 0.05)] = 0.0,
) -> Result:
    """Make the prediction confidently wrong with a gap far below zero: squared error all but stops pulling, and
    cross-entropy pulls hardest. Then add label smoothing, and being too sure of the right class starts to cost.

    gap: how far the score of the right class lies above its strongest rival
    classes: how many classes there are
    label_smoothing: the part of the truth that is spread evenly over all classes
    """
    others = -2.0 * np.arange(classes - 1)  # the strongest rival has score 0, the next one −2, and so on
    names = ["right", "rival", *(f"other {k}" for k in range(1, classes - 1))]
    scores, truth = np.array([gap, *others]), target_shares(0, classes, label_smoothing)  # [K], class 0 is right
    shares, gradient = softmax(scores), cross_entropy_gradient(scores, truth)
    gradient_squared = squared_error_gradient(scores, truth)
    loss, loss_squared = float(cross_entropy(scores, truth)), float(squared_error(scores, truth))
    learned, learned_squared = (
        descend(rule, scores, truth) for rule in (cross_entropy_gradient, squared_error_gradient)
    )

    gaps = np.linspace(-10, 10, 81)
    sweep = np.column_stack([gaps, np.tile(others, (81, 1))])  # [81, K]
    steps = np.arange(STEPS + 1)
    possible = truth[truth > 0]
    return Result(
        summary=(
            f"The right class has a share of {shares[0]:.2%}. The gradient on its score is {gradient[0]:.2g} with "
            f"cross-entropy and {gradient_squared[0]:.2g} with squared error; {STEPS} steps of gradient descent bring "
            f"the share to {learned[-1]:.2%} and {learned_squared[-1]:.2%}."
        ),
        numbers={
            "share of the right class": float(shares[0]),
            "cross-entropy": loss,
            "squared error": loss_squared,
            "gradient on the right score, cross-entropy": float(gradient[0]),
            "gradient on the right score, squared error": float(gradient_squared[0]),
            f"share after {STEPS} steps, cross-entropy": float(learned[-1]),
            f"share after {STEPS} steps, squared error": float(learned_squared[-1]),
            "lowest cross-entropy possible": float(possible @ np.log(1 / possible)),
        },
        show=[
            Chart(
                title="Pull on the right score (minus the gradient)",
                series=[
                    Series("cross-entropy", gaps, -cross_entropy_gradient(sweep, truth)[:, 0]),
                    Series("squared error", gaps, -squared_error_gradient(sweep, truth)[:, 0]),
                    Series("now", [gap] * 2, [-gradient[0], -gradient_squared[0]], "points"),
                ],
                x="gap between the right score and its rival",
                y="pull",
            ),
            Chart(
                title="Loss",
                series=[
                    Series("cross-entropy", gaps, cross_entropy(sweep, truth)),
                    Series("squared error", gaps, squared_error(sweep, truth)),
                    Series("now", [gap] * 2, [loss, loss_squared], "points"),
                ],
                x="gap between the right score and its rival",
                y="loss",
            ),
            Chart(
                title="Learning from here",
                series=[
                    Series("cross-entropy", steps, learned),
                    Series("squared error", steps, learned_squared),
                ],
                x="step of gradient descent",
                y="share of the right class",
            ),
            Chart(
                title="The gradient of cross-entropy is prediction minus truth",
                series=[
                    Series("prediction", names, shares, "bars"),
                    Series("truth", names, truth, "bars"),
                    Series("gradient", names, gradient, "bars"),
                ],
                x="class",
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
