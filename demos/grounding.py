"""Grounding: each claim of an answer is held against a text, and is kept only if a sentence there supports it.

Notation: N sentences of the text; claims, single statements that an answer might make; support, from 0 to 1: how much
          of what a claim says stands in the sentence that fits it best, with rare words counting more.
The text and the checks are real. The claims were written by hand for this demo, twelve of each sort.
Leaves out: a language model that writes claims, and the checkers of today, networks trained to tell whether one
          sentence follows from another.

Source: Rashkin et al. (2021), https://arxiv.org/abs/2112.12870 (what it means that a source supports a sentence)
        Honovich et al. (2022), https://arxiv.org/abs/2204.04991 (checks compared, overlap of words among them)
"""

import math
import re
from itertools import pairwise
from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, Step, Text, Trace, axes, columns, curves, point
from demos.parts.corpus import small_text
from demos.rag import words

CLAIMS = {
    "copied": (
        "The soup boils slowly until the beans are soft.|In winter ice covers the water from bank to bank.|"
        "The baker mixes flour, water and salt with a little yeast.|The river begins as a small stream in the hills.|"
        "The flood covers the fields on both banks.|The boats stay in the harbor.|"
        "The loss is a number that says how large the error of the network is.|"
        "A neuron multiplies its inputs by its weights.|With a step that is too small, training takes weeks.|"
        "Words with a similar meaning get similar vectors.|The cook carries bread, cheese and a pot of soup.|"
        "On feast days the cook bakes a fish with onions and potatoes in the oven."
    ),
    "reworded": (
        "The beans cook gently until they are tender.|The lake freezes over in the cold season.|"
        "Dough is made of flour, water, salt and some yeast.|The source of the river lies in the hills.|"
        "After a storm the farmland beside the river is under water.|Ships remain in port when the river is high.|"
        "How wrong the network is gets measured by the loss.|Each neuron takes its inputs times its weights.|"
        "Learning is slow if the steps are tiny.|Vectors of words that mean nearly the same are close.|"
        "Bread and soup are brought along by the cook.|At a feast the cook makes fish in the oven."
    ),
    "altered": (
        "The soup boils quickly until the beans are soft.|In summer ice covers the water from bank to bank.|"
        "The baker mixes flour, milk and salt with a little yeast.|The river begins as a small stream in the valley.|"
        "No flood covers the fields on both banks.|The boats do not stay in the harbor.|"
        "The gradient is a number that says how large the error of the network is.|"
        "A neuron divides its inputs by its weights.|With a step that is too large, training takes weeks.|"
        "Words with a similar length get similar vectors.|The reader carries bread, cheese and a pot of soup.|"
        "On feast days the baker bakes a fish with onions and potatoes in the oven."
    ),
    "invented": (
        "The cook learned her trade from her grandmother.|The lake is forty meters deep.|"
        "The baker sells the bread at the market for two coins.|The river is three hundred miles long.|"
        "The old bridge was built by the Romans.|The boats are painted blue and white.|"
        "The network was trained on pictures of cats.|The machine costs less than a house.|"
        "The town has a famous museum of machines.|The children go to school in the town.|"
        "The reader writes poems about the sea.|The harbor closes in December."
    ),
}  # the first two sorts are true by the text; of the third it says something else, and of the last nothing
TRUE, THRESHOLDS = ("copied", "reworded"), np.linspace(0, 1, 101)


def sentences(text):
    """The sentences of a text, without its headings."""
    lines = [line for line in text.split("\n") if line.endswith(".")]
    return [sentence for line in lines for sentence in re.split(r"(?<=[.?!])\s+", line)]


def parts_of(text, unit):
    """What is compared: the telling words of a text, or each two that follow each other -> set"""
    found = words(text)
    return set(found) if unit == "words" else set(pairwise(found))


def telling(sources):
    """How telling each part is: the more, the fewer sentences have it.  sources: [N] sets -> {part: weight}"""
    every = sorted({part for each in sources for part in each})
    return {part: math.log(1 + len(sources) / sum(part in each for each in sources)) for part in every}


def support(claim, sources, weight):
    """How much of a claim stands in each sentence, from 0 to 1.  claim: set, sources: [N] sets -> [N]

    A part that the text never has weighs as much as one that a single sentence has.
    """
    rare = math.log(1 + len(sources))
    whole = math.fsum(weight.get(part, rare) for part in sorted(claim))
    return np.array([math.fsum(weight[part] for part in sorted(claim & each)) / max(whole, 1e-9) for each in sources])


def order(true, false):
    """How often a true claim has more support than a false one, ties counting half: the area under the ROC curve."""
    gap = np.subtract.outer(true, false)
    return (gap > 1e-9).mean() + (abs(gap) <= 1e-9).mean() / 2


def demo(
    *,
    threshold: Annotated[float, Range(0, 1, 0.01, label="support that a claim needs")] = 0.0,
    unit: Annotated[Literal["words", "pairs of words"], Label("what is compared")] = "words",
    claim: Annotated[str, Text(120, label="your claim")] = "The lake freezes over in winter.",
) -> Result:
    """Raise the threshold: inventions go first. Go on, and honest rewordings go next, while claims with one word
    altered stay. Then write a claim of your own.

    threshold: a claim is kept if the best sentence supports it at least so much
    unit: whether single words are looked for, or pairs that follow each other
    claim: a statement about cooking, a river, learning machines, or words
    """
    text = sentences(small_text())
    sources = [parts_of(sentence, unit) for sentence in text]
    weight = telling(sources)
    best = {
        sort: np.array([support(parts_of(each, unit), sources, weight).max() for each in told.split("|")])
        for sort, told in CLAIMS.items()
    }
    kept = {sort: 100 * (each >= THRESHOLDS[:, None] - 1e-9).mean(axis=1) for sort, each in best.items()}  # [101]
    now = {sort: 100 * (each >= threshold - 1e-9).mean() for sort, each in best.items()}
    own = support(parts_of(claim, unit), sources, weight)
    verdict = "kept" if own.max() >= threshold - 1e-9 else "left out: no sentence supports it enough"
    false = np.concatenate([best[sort] for sort in best if sort not in TRUE])
    gain = sum(each if sort in TRUE else -each for sort, each in kept.items())
    true = np.concatenate([best[sort] for sort in TRUE])
    examples = [
        (told.split("|")[i], sort, best[sort][i].round(2)) for i in (0, 1, 3, 6) for sort, told in CLAIMS.items()
    ]
    return Result(
        summary=f"At {threshold:.2f} the check keeps {now['copied']:.0f} % of the copied claims and "
        f"{now['reworded']:.0f} % of those in other words, {now['altered']:.0f} % of those with a word altered, and "
        f"{now['invented']:.0f} % of the invented ones.",
        numbers={
            **{f"percent of {sort} claims kept": each for sort, each in now.items()},
            "percent of kept claims that are true": 100
            * sum(now[sort] for sort in TRUE) / max(sum(now.values()), 1e-9),
            "chance that a true claim beats a false one": order(true, false),
            "chance that a reworded claim beats an altered one": order(best["reworded"], best["altered"]),
            "chance that a true claim beats an invented one": order(true, best["invented"]),
            "threshold that tells true from false best": THRESHOLDS[int(np.argmax(gain))],
            "support of your claim": own.max(),
        },
        show=[
            axes("Which claims are kept", "support that a claim needs", "percent kept")
            + curves(THRESHOLDS, kept, "step")
            + point("now", threshold, *now.values()),
            Trace("Your claim", [Step("claim", claim), Step("closest sentence", text[int(own.argmax())]),
                                 Step("check", f"support {own.max():.2f}, {verdict}")]),
            columns("Support of some claims", ["claim", "sort", "support"], list(zip(*examples, strict=True))),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
