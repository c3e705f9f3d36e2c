"""Constrained decoding: at each step, only tokens that lead to a valid output can be drawn.

Notation: K valid outputs, each a path of token ids; V tokens in the vocabulary; T tokens in a path. Where several paths
          begin alike, the mask allows the next token of each of them, and sets all other scores to minus infinity.
The weights are real, those of demos/text_generation.py: a small transformer that has read the pages of this glossary.
Leaves out: grammars with endlessly many outputs, which need an automaton or a parser; other ways to cut an output into
          tokens; and, without the mask, what follows: a text that begins with a valid output counts as one.

Source: Willard & Louf (2023), https://arxiv.org/abs/2307.09702 (masks from an automaton)
        De Cao et al. (2020), https://arxiv.org/abs/2010.00904 (masks from a tree of valid outputs, as here)
        Park et al. (2024), https://arxiv.org/abs/2405.21047 (what masking does to the probabilities)
"""

import json
from typing import Annotated, Literal

import numpy as np

from demos import Label, Range, Result, Step, Text, Tokens, Trace, axes, bars
from demos.byte_pair_encoding import decode, encode, vocabulary
from demos.parts.trained import trained
from demos.sampling import heat
from demos.softmax import log_softmax, logsumexp, softmax
from demos.text_generation import read, write
from demos.transformer_forward import scores, stream

MOST, BYTES = 6, 20  # options that are taken, and how much of each


def valid_outputs(options, form):
    """The texts that can be written: names between commas, put into a form in which none begins another -> {name: text}

    A line break ends the plain form, and a brace the other; neither can stand at that place inside a name.
    """
    typed = options.encode("utf-8", "replace").decode().split(",")  # half a surrogate pair becomes a question mark
    shown = ("".join(filter(str.isprintable, each)).strip().encode()[:BYTES] for each in typed)
    names = list(dict.fromkeys(each.decode("utf-8", "ignore") for each in shown if each))[:MOST] or [""]
    quoted = {name: f'\n{{"answer": {json.dumps(name, ensure_ascii=False)}}}' for name in names}
    return quoted if form == "JSON" else {name: f" {name}.\n" for name in names}


def tree(paths):
    """Which tokens may come next after each beginning.  paths: [K] tuples of ids -> {beginning: sorted ids}"""
    allowed: dict[tuple[int, ...], set[int]] = {}
    for path in paths:
        for t, token in enumerate(path):
            allowed.setdefault(path[:t], set()).add(token)
    return {beginning: sorted(tokens) for beginning, tokens in allowed.items()}


def settled(path, allowed):
    """At how many tokens of a path the mask leaves no choice."""
    return sum(len(allowed[path[:t]]) == 1 for t in range(len(path)))


def in_percent(path, left, tokens):
    """A path as text, and under each token how much of the probability the mask left there.  left: [T], logarithms"""
    title = "The favorite, and how much of the probability the mask left at each token, in percent"
    pieces = [tokens[i].decode("utf-8", "backslashreplace") for i in path]
    return Tokens(title, pieces, [f"{100 * share:.2g}" for share in np.exp(left)])


def along(path, steps, allowed):
    """A path token by token, in logarithms of probabilities.  path: T ids, steps: scores [T, V] in front of each one

    -> free [T], what the model itself gives to each token;  left [T], what it gives to all that the mask allows there
    """
    logs = log_softmax(steps)
    left = [logsumexp(logs[t, allowed[path[:t]]]) for t in range(len(path))]
    return logs[np.arange(len(path)), path], np.array(left)


def both_ways(paths, ask, temperature=1.0):
    """The probability of every path, drawn token by token under the mask, and of all valid texts as the model has them.

    ask: path -> scores [T, V] -> masked [K], among the valid [K], both summing to one; free, left: for each path [T]
    """
    allowed = tree(paths)
    free, left = zip(*(along(path, heat(ask(path), temperature), allowed) for path in paths), strict=True)
    logs, mask = np.array([each.sum() for each in free]), np.array([each.sum() for each in left])
    return np.exp(logs - mask), softmax(logs), free, left


def one_of_each(ids, path, model, rng, most, temperature):
    """What is drawn behind ids [T] without the mask, and with it, both cut off after so many tokens -> two texts"""
    at_will, _ = write(ids[-(model.context - most) :], most, model, rng, temperature=temperature)
    return [decode(each, model.merges).decode("utf-8", "replace") for each in (at_will, path[:most])]


def demo(
    *,
    form: Annotated[Literal["plain words", "JSON"], Label("form of the output")] = "plain words",
    options: Annotated[str, Text(60, label="valid answers, with commas between")] = "good, bad, a problem",
    temperature: Annotated[float, Range(0.1, 2, 0.1, stops=9)] = 1.0,
    text: Annotated[str, Text(120, label="your text")] = "Overfitting is",
    most: Annotated[int, Range(1, 30, stops=7, label="most tokens to write")] = 20,
    seed: Annotated[int, Range(1, 20, stops=3, label="random seed")] = 1,
) -> Result:
    """The favorite of the mask is an answer that the model would hardly give: it was led there by a likely first token.
    Choose JSON, of which the model has read a single line: with the mask it writes nothing else. Then let it write
    fewer tokens, until no output is whole.

    form: how an answer must be written
    options: the answers that are allowed, six at most
    temperature: what the scores are divided by, before the mask
    text: what the model continues
    most: after so many tokens the output is cut off
    seed: another number draws other outputs
    """
    model, outputs = trained(), valid_outputs(options, form)
    paths = [tuple(encode(output, model.merges)) for output in outputs.values()]
    ids, left_out = read(text, model, model.context - max(len(path) for path in paths))

    def ask(path):
        *_, x = stream(np.array([*ids, *path]), model.weights, model.heads)
        return scores(x[len(ids) - 1 : -1], model.weights).astype(float)

    masked, among, free, left = both_ways(paths, ask, temperature)
    whole = np.array([len(path) <= most for path in paths])  # those that are not cut off
    valid, at_will = 100 * masked[whole].sum(), 100 * np.exp([each.sum() for each in free])[whole].sum()
    names, best = [name or "(nothing)" for name in outputs], int(masked.argmax())
    rng = np.random.default_rng(seed)
    chosen = rng.choice(len(paths), p=masked / masked.sum())  # seven digits are too few for a sum that is one
    texts = one_of_each(ids, paths[chosen], model, rng, most, temperature)
    return Result(
        summary=f"Drawn token by token under the mask, “{names[best]}” comes out {masked[best]:.1%} of the time; among "
        f"the valid outputs the model itself gives it {among[best]:.1%}. With the mask {valid:.0f} % of the outputs "
        f"are valid, without it {at_will:.2g} %."
        f"{f' The first {left_out} tokens of your text are out of view.' if left_out else ''}",
        numbers={
            "percent of valid outputs with the mask": valid,
            "percent of valid outputs without the mask": at_will,
            "probability of the favorite under the mask": masked[best],
            "its probability among the valid outputs": among[best],
            "largest shift by the mask, in percentage points": 100 * np.abs(masked - among).max(),
            "tokens in the favorite": len(paths[best]),
            "tokens of it that the mask settles alone": settled(paths[best], tree(paths)),
            "bits of surprise in the favorite without the mask": -free[best].sum() / np.log(2),
        },
        show=[
            axes("Which answer is written", "answer", "probability")
            + bars(names, {"under the mask, token by token": masked, "among the valid, as the model has it": among}),
            in_percent(paths[best], left[best], vocabulary(model.merges)),
            Trace("One draw each", [Step("without the mask", texts[0]), Step("with the mask", texts[1])]),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
