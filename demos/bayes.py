"""Bayes' theorem: what a positive test says depends on how common the illness is.

Notation: prior [K] probability of each hypothesis before the evidence, likelihood [K] probability of the evidence under
          each hypothesis, posterior [K] probability of each hypothesis after it;  here K = 2, ill and healthy.
Leaves out: unknown sensitivities and specificities, and tests whose mistakes have a common cause.

Source: Bayes (1763), https://doi.org/10.1098/rstl.1763.0053
        Gigerenzer and others (2007) for counting people, https://doi.org/10.1111/j.1539-6053.2008.00033.x
"""

from typing import Annotated

import numpy as np

from demos import Range, Result, axes, bars, cloud, curves, point

PEOPLE, HIGH = 1000, 25  # people in the picture, and how many stand in a column


def posterior(prior, likelihood):
    """Bayes' theorem: weigh each hypothesis by how well it predicted the evidence.  [..., K] both -> [..., K]"""
    joint = prior * likelihood  # both happen: the hypothesis holds, and the evidence comes out
    return joint / joint.sum(axis=-1, keepdims=True)


def of_evidence(outcome, sensitivity, specificity):
    """Likelihood of one outcome, "positive" or "negative" -> [2], if ill and if healthy."""
    positive = np.array([sensitivity, 1 - specificity])
    return positive if outcome == "positive" else 1 - positive


def one_by_one(prior, likelihood, times):
    """The posterior after each of several independent tests with one outcome -> [times + 1, K], the prior first."""
    beliefs = [prior]
    for _ in range(times):
        beliefs.append(posterior(beliefs[-1], likelihood))  # the posterior is the prior of the next test
    return np.array(beliefs)


def likelihood_ratio(likelihood):
    """By how much the evidence multiplies the odds of ill against healthy; infinity is given as a billion."""
    return min(likelihood[0] / likelihood[1], 1e9) if likelihood[1] > 0 else 1e9


def counts(prior, likelihood, people):
    """How many people to expect of each kind, rounded so that they add up.

    prior: [2], likelihood: [2] -> ill and positive, ill and not, healthy and positive, healthy and not
    """
    ill = round(people * prior[0])
    hits, alarms = round(ill * likelihood[0]), round((people - ill) * likelihood[1])
    return hits, ill - hits, alarms, people - ill - alarms


def crowd(sizes, high):
    """A place for each person, kind after kind, in columns from the left.  sizes: [S] -> S arrays [size, 2]"""
    at = np.arange(sum(sizes))
    places = np.stack([at // high, high - 1 - at % high], axis=1)
    return np.split(places, np.cumsum(sizes)[:-1])


def in_percent(share):
    """A probability as a sentence says it: more digits where it is small or close to one."""
    return f"{share:.1%}" if 0.001 <= share <= 0.999 else f"{share:.3%}"


def demo(
    *,
    prevalence: Annotated[float, Range(0.001, 0.5, 0.001, label="share of people who are ill")] = 0.01,
    sensitivity: Annotated[float, Range(0.5, 1, 0.01, label="sensitivity: positive if ill")] = 0.9,
    specificity: Annotated[float, Range(0.5, 1, 0.01, label="specificity: negative if healthy")] = 0.91,
    positives: Annotated[int, Range(1, 5, label="positive tests in a row", play=True)] = 1,
) -> Result:
    """Guess how many of those who test positive are ill, then count them. Make the illness more common, or the test
    more specific, or test again, and watch which of them helps most.

    prevalence: the share of people who are ill before anybody is tested, the prior
    sensitivity: of those who are ill, the share that tests positive
    specificity: of those who are healthy, the share that tests negative
    positives: how many tests in a row are positive, each with mistakes of its own
    """
    prior = np.array([prevalence, 1 - prevalence])
    once = of_evidence("positive", sensitivity, specificity)
    beliefs = one_by_one(prior, once, positives)[:, 0]  # [positives + 1]
    cleared = posterior(prior, of_evidence("negative", sensitivity, specificity))[0]
    kinds = counts(prior, once**positives, PEOPLE)
    hits, missed, alarms, right = crowd(kinds, HIGH)
    common = np.geomspace(0.001, 0.5, 60)  # [60]
    shares = np.stack([common, 1 - common], axis=-1)  # [60, 2]
    after = {
        f"after {n} positive test{'s' * (n > 1)}": posterior(shares, once**n)[:, 0] for n in sorted({1, 2, positives})
    }
    tests = "the test" if positives == 1 else f"all {positives} tests"
    return Result(
        summary=f"Of {PEOPLE:,} people {kinds[0] + kinds[2]} are positive in {tests}, and {kinds[0]} of these are ill: "
        f"a positive result makes {in_percent(prevalence)} into {in_percent(beliefs[-1])}.",
        numbers={
            "probability of illness if positive": beliefs[-1],
            "probability of illness if a test is negative": cleared,
            "odds multiplied by each positive test": likelihood_ratio(once),
            "odds multiplied by a negative test": likelihood_ratio(1 - once),
            "share of people who are positive": prior @ once**positives,
            "ill and positive, of 1,000": kinds[0],
            "healthy and positive, of 1,000": kinds[2],
            "ill and missed, of 1,000": kinds[1],
        },
        show=[
            axes("1,000 people", "each point is one person, in columns of 25")
            + cloud("ill, positive", hits)
            + cloud("ill, not positive", missed)
            + cloud("healthy, positive", alarms)
            + cloud("healthy, not positive", right),
            axes("The same test on a rarer or more common illness", "share who are ill", "probability if positive", "x")
            + curves(common, after)
            + point("now", prevalence, beliefs[-1]),
            axes("Test after test: the posterior is the next prior", "positive tests", "probability of illness")
            + bars([str(n) for n in range(positives + 1)], {"probability": beliefs}),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
