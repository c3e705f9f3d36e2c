"""Beam search: keep the few likeliest beginnings of a text, not one, and continue each of them.

Notation: a guess is a text so far, ids [L], and its score, the sum of the logarithms of its tokens' probabilities;
          B guesses are open at once, of at most `width`; V tokens, each of which may come next; ends [V] says which of
          them complete a text.
Leaves out: stopping early, once no open guess can win any more. And a large model computes all open guesses as one
            batch; here they take turns, and what was asked once is remembered.

Source: Graves (2012), https://arxiv.org/abs/1211.3711 (the search, and scores divided by the length)
        Sutskever, Vinyals & Le (2014), section 3.2, https://arxiv.org/abs/1409.3215 (complete texts leave the beam)
        Wu et al. (2016), section 7, https://arxiv.org/abs/1609.08144 (a power of the length)
"""

from functools import cache, lru_cache, partial
from math import log
from typing import Annotated, NamedTuple

import numpy as np

from demos import Edge, Graph, Node, Range, Result, Text, Tokens, axes, columns, curves, point
from demos.byte_pair_encoding import encode, readable, vocabulary
from demos.ngram_lm import next_token, read

ORDER, MERGES = 3, 1000  # the model that is asked: it looks back two tokens
WIDEST = 10  # also the end of the slider
DRAWN = 5  # steps of the search that the graph shows


class Guess(NamedTuple):
    """The beginning of a text, and how likely the model finds it."""

    ids: tuple[int, ...]
    score: float  # logarithm of its probability

    @property
    def bits(self):
        """The surprise in the whole text; one bit for every halving of its probability."""
        return -self.score / log(2)

    @property
    def bits_per_token(self):
        return self.bits / len(self.ids)


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


def times_asked(steps, ends):
    """How often a search asked the model: once for the first step, then once for each guess that was still open."""
    return 1 + sum(not ends[guess.ids[-1]] for kept in steps[:-1] for guess in kept)


@lru_cache(maxsize=4)
def continue_text(text):
    """The n-gram model that has read the glossary, put to work on a text.

    -> scores_after, which beam_search asks; tokens [V], the bytes of each; ends [V].
    """
    learned, training, _, tables = read("glossary", MERGES)
    tokens, before = vocabulary(learned), (*training[-ORDER:], *encode(text, learned))
    ends = np.array([any(mark in token for mark in (b".", b"?", b"!", b"\n")) for token in tokens])

    @cache  # beams of different width ask for the same contexts
    def remembered(context):
        return np.log(next_token(tables[:ORDER], context, len(tokens)))  # [V], finite: no token is called impossible

    return lambda ids: remembered((*before, *ids)[-(ORDER - 1) :]), tokens, ends


@lru_cache(maxsize=4)  # width and power of the length choose among the same searches
def searches(text, length):
    """The text continued with a beam of each width from 1 to WIDEST -> for each width, the steps of its search."""
    scores_after, _, ends = continue_text(text)
    return [beam_search(scores_after, wide, length, ends) for wide in range(1, WIDEST + 1)]


def surprise(guess, scores_after, tokens):
    """The tokens of a guess, and how many bits of surprise the model finds in each after those before it -> [L], [L]"""
    bits = [-scores_after(guess.ids[:i])[token] / log(2) for i, token in enumerate(guess.ids)]
    return [tokens[i].decode("utf-8", "backslashreplace") for i in guess.ids], [f"{each:.1f}" for each in bits]


def written(guess, tokens):
    """A guess as text."""
    return b"".join(tokens[i] for i in guess.ids).decode("utf-8", "replace")


def told(guess, text, ends):
    """A guess in a sentence. Bits per token, since of two texts the shorter is nearly always the likelier."""
    count, limit = len(guess.ids), "" if ends[guess.ids[-1]] else ", cut off by the limit of the length"
    return (
        f"“{text.strip()}”, with {guess.bits:.1f} bits of surprise in {count} token{'s' * (count != 1)}, "
        f"{guess.bits_per_token:.2f} for each{limit}"
    )


def tree(steps, chosen, tokens):
    """The first steps of a search as a picture: a box for each guess that was kept, and an arrow to what grew of it."""
    nodes, edges, above = [Node("", "your text", 0, 0)], [], [()]
    for x, kept in enumerate(steps[:DRAWN], start=1):
        kept = sorted(kept, key=lambda guess: above.index(guess.ids[:-1]))  # below what they grew of: no arrows cross
        for place, guess in enumerate(kept):
            name, before = " ".join(map(str, guess.ids)), " ".join(map(str, guess.ids[:-1]))
            mark = " ✓" if chosen.ids[:x] == guess.ids else ""
            nodes.append(Node(name, f"{readable(tokens[guess.ids[-1]])}{mark}\n{guess.bits:.1f}", x, -place))
            edges.append(Edge(before, name, weight=3.0 if mark else 1.0))
        above = [guess.ids for guess in kept]
    return Graph("The first steps: each box a token, and the bits of surprise up to there", nodes, edges)


def demo(
    *,
    width: Annotated[int, Range(1, 10, label="width of the beam")] = 5,
    length_power: Annotated[float, Range(0, 1, 0.1, label="power of the length")] = 0.7,
    length: Annotated[int, Range(1, 20, label="most tokens")] = 12,
    text: Annotated[str, Text(max_length=100, label="your text")] = "A transformer",
) -> Result:
    """Start at width 1, where the model always takes the likeliest token, and widen the beam: the likelier text goes
    through a token that looked worse. Then set the power of the length to 0: a wide beam now finds that ending at once
    is likelier than saying anything, since every further token costs.

    width: how many beginnings are kept at each step; 1 is greedy choice
    length_power: each score is divided by its length to this power, so that long texts stand a chance; 0 leaves it
    length: how many tokens a text may have; the end of a sentence or of a line completes it earlier
    text: what the model continues
    """
    yours = text.encode("utf-8", "replace").decode()  # half a surrogate pair becomes a question mark
    scores_after, tokens, ends = continue_text(yours)
    widths, by_token = range(1, WIDEST + 1), partial(surprise, scores_after=scores_after, tokens=tokens)
    of_width = searches(yours, length)
    found = [choose(steps, length_power, ends) for steps in of_width]
    texts = [written(guess, tokens) for guess in found]
    greedy, chosen, steps = found[0], found[width - 1], of_width[width - 1]

    same = chosen == greedy
    return Result(
        summary=f"A beam of width {width} finds {told(chosen, yours + texts[width - 1], ends)}. Greedy choice writes "
        f"{'the same text' if same else told(greedy, yours + texts[0], ends)}.",
        numbers={
            "bits of surprise in the text of the beam": chosen.bits,
            "bits of surprise in the greedy text": greedy.bits,
            "tokens in the text of the beam": len(chosen.ids),
            "tokens in the greedy text": len(greedy.ids),
            "bits per token in the text of the beam": chosen.bits_per_token,
            "bits per token in the greedy text": greedy.bits_per_token,
            "times the model was asked": times_asked(steps, ends),
        },
        show=[
            Tokens("What the beam finds, and the bits of surprise about each token", *by_token(chosen)),
            Tokens("What greedy choice finds", *by_token(greedy)),
            tree(steps, chosen, tokens),
            axes("A wider beam", "width", "bits of surprise in the whole text")
            + curves(widths, {"the text it finds": [guess.bits for guess in found]})
            + point("now", width, chosen.bits),
            columns(
                "What each width finds",
                ["width", "text", "tokens", "bits", "bits per token"],
                [
                    widths,
                    [found_text.replace("\n", "⏎") for found_text in texts],
                    [len(guess.ids) for guess in found],
                    [round(guess.bits, 1) for guess in found],
                    [round(guess.bits_per_token, 2) for guess in found],
                ],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
