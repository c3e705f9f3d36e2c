"""Beam search: keep the few likeliest beginnings of a text, not one, and let each of them go on.

Notation: a guess is a text so far, ids [L], and its score, the sum of the logarithms of its tokens' probabilities;
          B guesses are open at once, of at most `width`; V tokens, each of which may come next; ends [V] says which of
          them complete a text.
Leaves out: stopping early, once no open guess can win any more. And a large model computes all open guesses as one
            batch; here they take turns, and what was asked once is remembered.

Source: Graves (2012), https://arxiv.org/abs/1211.3711 (the search, and scores divided by the length)
        Sutskever, Vinyals & Le (2014), section 3.2, https://arxiv.org/abs/1409.3215 (complete texts leave the beam)
        Wu et al. (2016), section 7, https://arxiv.org/abs/1609.08144 (a power of the length)
"""

from functools import cache
from typing import Annotated, NamedTuple

import numpy as np

from demos import Chart, Edge, Graph, Node, Range, Result, Series, Table, Text, Tokens
from demos.byte_pair_encoding import decode, encode, readable, vocabulary
from demos.ngram_lm import next_token, read

ORDER, MERGES = 3, 1000  # the model that is asked: it looks back two tokens
WIDEST = 10  # also the end of the slider
DRAWN = 5  # steps of the search that the graph shows


class Guess(NamedTuple):
    """The beginning of a text, and how likely the model finds it."""

    ids: tuple[int, ...]
    score: float  # logarithm of its probability


def beam_search(scores_after, width, length, ends):
    """Widen every open guess by every token, and keep the best of all -> for each step, the guesses it kept.

    scores_after: ids -> [V], logarithms of the probabilities of the next token.  width: how many guesses are kept.
    length: tokens at most.  ends: [V], true for a token that completes a text; with width 1 the search is greedy.
    """
    beam = [Guess((), 0.0)]
    steps: list[list[Guess]] = []
    while beam and len(steps) < length:
        scores = np.stack([guess.score + scores_after(guess.ids) for guess in beam])  # [B, V], all that may come next
        best = np.argsort(-scores, axis=None, kind="stable")[:width]  # over all guesses at once, not for each of them
        rows, tokens = np.unravel_index(best, scores.shape)
        kept = [Guess((*beam[b].ids, int(t)), float(scores[b, t])) for b, t in zip(rows, tokens, strict=True)]
        steps.append(kept)
        beam = [guess for guess in kept if not ends[guess.ids[-1]]]
    return steps


def worth(guess, power):
    """What texts of different lengths are compared by; with power 0 it is the score itself, which favors short ones."""
    return guess.score / len(guess.ids) ** power


def choose(steps, power, ends):
    """The best of all complete texts that the search met, and of those that the limit of the length cut off."""
    complete = [guess for kept in steps for guess in kept if ends[guess.ids[-1]]]
    cut_off = [guess for guess in steps[-1] if not ends[guess.ids[-1]]]
    return max(complete + cut_off, key=lambda guess: worth(guess, power))


def tree(steps, chosen, tokens):
    """The first steps of a search as a picture: a box for each guess that was kept, and an arrow to what grew of it."""
    nodes, edges, above = [Node("", "your text", 0, 0)], [], [()]
    for x, kept in enumerate(steps[:DRAWN], start=1):
        kept = sorted(kept, key=lambda guess: above.index(guess.ids[:-1]))  # below what they grew of: no arrows cross
        for place, (ids, score) in enumerate(kept):
            name, before = " ".join(map(str, ids)), " ".join(map(str, ids[:-1]))
            mark = " ✓" if chosen.ids[:x] == ids else ""
            nodes.append(Node(name, f"{readable(tokens[ids[-1]])}{mark}\n{-score / np.log(2):.1f}", x, -place))
            edges.append(Edge(before, name, weight=3.0 if mark else 1.0))
        above = [guess.ids for guess in kept]
    return Graph("The first steps: each box a token, and the bits of surprise up to there", nodes, edges)


def demo(
    *,
    width: Annotated[int, Range(1, 10)] = 5,
    length_power: Annotated[float, Range(0, 1, 0.1)] = 0.7,
    length: Annotated[int, Range(1, 20)] = 12,
    text: Annotated[str, Text(max_length=100)] = "A transformer",
) -> Result:
    """Start at width 1, where the model always takes the likeliest token, and widen the beam: the likelier text goes
    through a token that looked worse. Then set length_power to 0: a wide beam now finds that ending at once is likelier
    than saying anything, since every further token costs.

    width: how many beginnings are kept at each step; 1 is greedy choice
    length_power: texts are compared by their score divided by this power of their length; 0 compares the scores alone
    length: how many tokens a text may have; the end of a sentence or of a line completes it earlier
    text: what the model continues
    """
    learned, training, _, tables = read("glossary", MERGES)
    tables, tokens, V = tables[:ORDER], vocabulary(learned), 256 + len(learned)
    ends = np.array([any(mark in token for mark in (b".", b"?", b"!", b"\n")) for token in tokens])
    yours = text.encode("utf-8", "replace").decode()  # half a surrogate pair becomes a question mark
    before = (*training[-ORDER:], *encode(yours, learned))

    @cache  # beams of different width ask for the same contexts
    def remembered(context):
        return np.log(next_token(tables, context, V))  # [V], finite: the model calls nothing impossible

    def scores_after(ids):
        return remembered((*before, *ids)[-(ORDER - 1) :])

    def each_token(guess):  # its tokens, and the bits of surprise about each
        bits = [-scores_after(guess.ids[:i])[token] / np.log(2) for i, token in enumerate(guess.ids)]
        return [tokens[i].decode("utf-8", "backslashreplace") for i in guess.ids], [f"{one:.1f}" for one in bits]

    searches = [beam_search(scores_after, wide, length, ends) for wide in range(1, WIDEST + 1)]
    found = [choose(steps, length_power, ends) for steps in searches]
    bits = np.array([-guess.score / np.log(2) for guess in found])  # [WIDEST], of the whole text
    sizes = np.array([len(guess.ids) for guess in found])
    words = [decode(guess.ids, learned).decode("utf-8", "replace") for guess in found]
    chosen, steps = found[width - 1], searches[width - 1]
    asked = sum(1 for kept in steps[:-1] for guess in kept if not ends[guess.ids[-1]]) + 1
    factor = 2.0 ** (bits[0] - bits[width - 1])
    said = "the same text as greedy choice" if chosen == found[0] else f"“{(yours + words[width - 1]).strip()}”"
    gain = f"{factor:,.0f} times" if factor >= 10 else f"{factor:.2g} times"

    widths = np.arange(1, WIDEST + 1)
    return Result(
        summary=(
            f"A beam of width {width} finds {said}, with {bits[width - 1]:.1f} bits of surprise in {sizes[width - 1]} "
            f"token{'s' * bool(sizes[width - 1] != 1)}. Greedy choice writes “{(yours + words[0]).strip()}”, with "
            f"{bits[0]:.1f} bits in {sizes[0]}; so the text of the beam is {gain} as likely."
        ),
        numbers={
            "bits of surprise in the text of the beam": float(bits[width - 1]),
            "bits of surprise in the greedy text": float(bits[0]),
            "tokens in the text of the beam": int(sizes[width - 1]),
            "tokens in the greedy text": int(sizes[0]),
            "bits per token in the text of the beam": float(bits[width - 1] / sizes[width - 1]),
            "bits per token in the greedy text": float(bits[0] / sizes[0]),
            "times the model was asked": asked,
        },
        show=[
            Tokens("What the beam finds, and the bits of surprise about each token", *each_token(chosen)),
            Tokens("What greedy choice finds", *each_token(found[0])),
            tree(steps, chosen, tokens),
            Chart(
                title="A wider beam",
                series=[Series("the text it finds", widths, bits), Series("now", [width], [bits[width - 1]], "points")],
                x="width",
                y="bits of surprise in the whole text",
            ),
            Table(
                title="What each width finds",
                columns=["width", "text", "tokens", "bits", "bits per token"],
                rows=[
                    [int(wide), found_text.replace("\n", "⏎"), int(size), round(float(b), 1), round(float(b / size), 2)]
                    for wide, found_text, size, b in zip(widths, words, sizes, bits, strict=True)
                ],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
