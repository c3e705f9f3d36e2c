"""Language model: give every possible next token a probability, here by counting what followed before.

Notation: ids [N], a text as numbers of tokens; V tokens in the vocabulary; an n-gram is n tokens in a row, the last of
          them the one to guess and the others its context; B guesses at once; orders 1 to n, an order being how long
          the n-grams are. bits: the surprise about a token, minus the base-2 logarithm of its probability.
Leaves out: learning. A neural language model puts a network in place of the counts, so that it can also use contexts
            that are merely similar to those it has seen; it is asked and scored in the same way.

Source: Shannon (1948), sections 2 and 3, https://doi.org/10.1002/j.1538-7305.1948.tb01338.x
        Witten & Bell (1991), https://doi.org/10.1109/18.87000, interpolated as in
        Chen & Goodman (1999), https://doi.org/10.1006/csla.1999.0128
"""

from collections import Counter, defaultdict
from functools import cache
from typing import Annotated, Literal, NamedTuple

import numpy as np

from demos import Label, Range, Result, Text, Tokens, axes, bars, curves, point
from demos.byte_pair_encoding import cut, decode, encode, learn, readable, vocabulary
from demos.parts.corpus import glossary_text, small_text

LONGEST = 6  # the highest order; an n-gram is stored as one number in base V, which must fit into 64 bits
WRITE = 100  # tokens that the model adds to your text


def followers(ids, order):
    """The plain way to count: how often each token followed each context of at most order - 1 tokens.

    ids: [N], a list -> {context, a tuple of ids: Counter of the tokens that followed it}
    """
    after: defaultdict[tuple[int, ...], Counter[int]] = defaultdict(Counter)
    for at, token in enumerate(ids):
        for n in range(min(order, at + 1)):
            after[tuple(ids[at - n : at])][token] += 1
    return after


def interpolated(after, context, token, V):
    """The plain form of Witten-Bell: the probability of one token after one context, a tuple of ids -> one number

    The counts are mixed with the probability after a context that is one token shorter; below the shortest, every
    token is alike. `count`, `look_up` and `witten_bell` give the same for many tokens at once.
    """
    shorter = interpolated(after, context[1:], token, V) if context else 1 / V
    seen = after.get(context, Counter())
    return (seen[token] + len(seen) * shorter) / (seen.total() + len(seen)) if seen else shorter


class Table(NamedTuple):
    """How often each n-gram of one length occurs. Sorted, so that those with the same context stand side by side."""

    grams: np.ndarray  # [G] all that occur, each as one number in base V
    before: np.ndarray  # [G + 1] how often those occur, all together, that stand before each of them, and in total


def windows(ids, n):
    """All n-grams of a text.  ids: [N] -> [N - n + 1, n]"""
    return np.lib.stride_tricks.sliding_window_view(ids, n)


def as_number(grams, V):
    """Read each n-gram as a number in base V.  grams: [B, n] -> [B];  without any token it is zero."""
    number = np.zeros(len(grams), dtype=np.int64)
    for column in grams.T:
        number = number * V + column
    return number


def count(ids, V, order=LONGEST):
    """Count all n-grams of a text up to a length.  ids: [N] with N >= order -> one Table per order."""
    if V**order > 2**63:
        raise ValueError(f"{order} tokens out of {V} do not fit into 64 bits: take fewer merges or a lower order")
    tables = []
    for n in range(1, order + 1):
        grams, times = np.unique(as_number(windows(ids, n), V), return_counts=True)
        tables.append(Table(grams, np.concatenate([[0], np.cumsum(times)])))
    return tables


def look_up(tables, contexts, tokens, V):
    """What the counts say about each guess.  contexts: [B, order - 1], tokens: [B] -> three arrays [order, B]:

    times: how often the token followed the last n - 1 tokens of its context, in row n - 1;
    total: how often any token did;  kinds: how many different ones did.
    """
    times, total, kinds = np.zeros((3, len(tables), len(tokens)), dtype=np.int64)
    for n, (grams, before) in enumerate(tables):
        context = as_number(contexts[:, contexts.shape[1] - n :], V)
        first, last = np.searchsorted(grams, context * V), np.searchsorted(grams, (context + 1) * V)
        here, after = np.searchsorted(grams, context * V + tokens + np.array([[0], [1]]))
        times[n], total[n], kinds[n] = before[after] - before[here], before[last] - before[first], last - first
    return times, total, kinds


def witten_bell(times, total, kinds, V):
    """Mix each order with the one below; the more kinds of tokens came next, the less its counts are trusted.

    [order, B] each -> [order, B], probabilities; row n - 1 is a language model of its own, made of orders 1 to n.
    """
    p = np.full(times.shape[1], 1 / V)  # below the first order: every token alike
    rows = []
    for seen, of, different in zip(times, total, kinds, strict=True):
        p = np.where(of > 0, (seen + different * p) / np.maximum(of + different, 1), p)
        rows.append(p)
    return np.stack(rows)


def add_one(times, total, kinds, V):
    """The old remedy: pretend that every token has followed once more than it did.  [order, B] -> [order, B]"""
    return (times + 1) / (total + V)


SMOOTHING = {"Witten-Bell": witten_bell, "add one": add_one}


def probabilities(tables, context, ids, V, smooth=witten_bell):
    """Of each token of a text, given those before it.  context: ids before the text, ids: [N] -> [order, N]"""
    n = len(tables)
    text = np.concatenate([context[len(context) - n + 1 :], ids]).astype(np.int64)
    return smooth(*look_up(tables, windows(text, n)[:, :-1], text[n - 1 :], V), V)


def next_token(tables, context, V, smooth=witten_bell):
    """The probability of every token to come next.  context: [N] ids, N >= order - 1 -> [V], summing to one."""
    last = np.array(context[len(context) - len(tables) + 1 :], dtype=np.int64)
    return smooth(*look_up(tables, np.tile(last, (V, 1)), np.arange(V), V), V)[-1]


def perplexity(p):
    """How many equally likely tokens would surprise as much.  p: [.., N] probabilities of what came -> [..]"""
    return np.exp(-np.log(p).mean(axis=-1))  # e to the cross-entropy in nats, or 2 to the cross-entropy in bits


def never_seen(tables, context, ids, V):
    """The share of tokens of a text that the counts alone would call impossible.  context, ids: [N] -> one number"""
    return float((probabilities(tables, context, ids, V, lambda times, *_: times)[-1] == 0).mean())


def write(tables, context, V, length, rng, smooth=witten_bell):
    """Draw a token, put it at the end, draw the next -> `length` ids that continue the context."""
    ids = list(context)
    for _ in range(length):
        ids.append(rng.choice(V, p=next_token(tables, ids, V, smooth)))
    return ids[len(context) :]


def cross_entropy(p):
    """The average surprise in nats.  p: [N] probabilities of what came -> one number"""
    return -np.log(p).mean()


def bits_per_byte(p, size):
    """The same in bits and for each byte, which does not depend on how the text is cut.  p: [N], size: in bytes"""
    return cross_entropy(p) / np.log(2) * len(p) / size


def likeliest(following, common, most=12):
    """The tokens to expect; of equally likely ones, those that are common anywhere go first.  [V] both -> [most] ids"""
    return np.lexsort((-common, -following))[:most]


def expectation(following, best):
    """What a model expects, in words.  following: [V] probabilities, best: the token that is likeliest, readable"""
    return "every token alike" if following.max() - following.min() < 1e-12 else f"“{best}” most"


@cache  # the same for all settings but these two
def read(learn_from, merges):
    """A training text, "glossary" or "small text", and the held-out glossary text, in tokens learned from the former.

    -> the merges, ids of the training text, ids of the held-out text, counts of the training text
    """
    training = glossary_text("training") if learn_from == "glossary" else small_text() + "\n"
    held_out = glossary_text("held_out")
    learned, _ = learn(Counter(cut(training)), merges)
    ids, apart = np.array(encode(training, learned)), np.array(encode(held_out, learned))
    return learned, ids, apart, count(ids, 256 + len(learned))


def demo(
    *,
    order: Annotated[int, Range(1, 6, label="order of the n-grams")] = 3,
    merges: Annotated[int, Range(0, 400, 50, label="merges of byte pairs")] = 300,
    smoothing: Literal["Witten-Bell", "add one"] = "Witten-Bell",
    learn_from: Annotated[Literal["glossary", "small text"], Label("text to learn from")] = "glossary",
    text: Annotated[str, Text(max_length=100, label="your text")] = "The gradient of the loss",
    seed: Annotated[int, Range(1, 20, label="random seed")] = 1,
) -> Result:
    """Let the model look farther back: what it writes gets better and better, but its guesses about a text it never
    saw soon do not, because by then it recites. Then take the merges away: perplexity falls to a fraction although
    the model has become no better, as bits per byte show. It is torn between fewer tokens, and must guess more often.

    order: how many tokens make an n-gram; the model looks back one less
    merges: how many byte pairs are merged into tokens; with none, every byte is a token
    smoothing: what is done about tokens that never followed the context
    learn_from: pages of this glossary, or a much smaller text, mostly on other subjects; the held-out pages stay
    text: your own text, which the model scores and continues
    seed: another number draws another continuation
    """
    learned, training, held_out, every_table = read(learn_from, merges)
    tokens, V, smooth = vocabulary(learned), 256 + len(learned), SMOOTHING[smoothing]
    unseen = probabilities(every_table, training, held_out, V, smooth)  # [LONGEST, N], one row for every order
    known = probabilities(every_table, training, training[: len(held_out)], V, smooth)
    p, size, torn = unseen[order - 1], len(decode(held_out, learned)), perplexity(unseen)[order - 1]
    tables, orders = every_table[:order], np.arange(1, LONGEST + 1)

    yours = encode(text.encode("utf-8", "replace").decode(), learned)  # half a surrogate pair becomes a question mark
    before = [*training, *yours]
    shown = np.array([*yours, *write(tables, before, V, WRITE, np.random.default_rng(seed), smooth)])
    surprise = -np.log2(probabilities(tables, training, shown, V, smooth)[-1])
    following = next_token(tables, before, V, smooth)
    top = likeliest(following, common=next_token(every_table[:1], [], V, smooth))
    names, chances = [readable(tokens[i]) for i in top], following[top]
    return Result(
        summary=f"Looking back {order - 1} token{'s' * (order != 2)}, the model is as torn over the next token of the "
        f"held-out text as between {torn:.1f} equally likely ones, out of {V}; that is {bits_per_byte(p, size):.2f} "
        f"bits per byte. After your text it expects {expectation(following, names[0])}, with {chances[0]:.1%}.",
        numbers={
            "tokens in the vocabulary": V,
            "perplexity on the held-out text": torn,
            "cross-entropy on the held-out text, nats per token": cross_entropy(p),
            "bits per byte on the held-out text": bits_per_byte(p, size),
            "bytes per token in the held-out text": size / len(held_out),
            "perplexity on the training text": perplexity(known)[order - 1],
            "percent of held-out tokens that never followed their context": 100
            * never_seen(tables, training, held_out, V),
            "probability of the token expected most": chances[0],
            "bits of surprise in your text": surprise[: len(yours)].sum(),
        },
        show=[
            axes("What comes after your text", "next token", "probability") + bars(names, {"probability": chances}),
            axes("Between how many tokens the model is torn", "order: tokens in an n-gram", "perplexity", log="y")
            + curves(orders, {"held-out text": perplexity(unseen), "training text": perplexity(known)})
            + curves(orders, {"an even guess": [V] * LONGEST})
            + point("now", order, torn),
            Tokens(
                "Your text, what the model adds, and the bits of surprise about each token",
                [tokens[i].decode("utf-8", "backslashreplace") for i in shown],
                [f"{bits:.1f}" for bits in surprise],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
