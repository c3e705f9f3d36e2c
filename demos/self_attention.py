"""Self-attention: every word of a text asks a question, and the same text answers all of them at once.

Notation: x [T, C] one vector for each of T words; W_q, W_k [C, d_k] and W_v [C, d_v] make queries, keys and values
          out of it; mask [T, T] is True where the word of the row may look at the word of the column.
Leaves out: learning, since the matrices are set by hand here; several heads; and the place of a word in the text.

Source: Cheng, Dong & Lapata (2016), https://arxiv.org/abs/1601.06733 (there called intra-attention)
        Vaswani et al. (2017), sections 3.2.3 and 4, https://arxiv.org/abs/1706.03762 (the mask)
"""

from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Label, Range, Result, axes, bars
from demos.attention import KEYS, WORDS, attention


def self_attention(x, W_q, W_k, W_v, mask=None):
    """Queries, keys and values all from one text.  x: [.., T, C] -> output [.., T, d_v], weights [.., T, T]"""
    return attention(x @ W_q, x @ W_k, x @ W_v, mask)


def causal_mask(T):
    """Each word may look at itself and at those before it -> [T, T], True on and below the diagonal."""
    return np.tri(T, dtype=bool)


def masked_too_late(x, W_q, W_k, W_v, mask):
    """A mistake worth seeing: the mask comes after softmax.  Shapes as above.

    The forbidden weights are zero as they should be. But softmax had already divided by a sum over all words, so the
    words that nobody may look at still decide how much weight the others keep.
    """
    _, weights = self_attention(x, W_q, W_k, W_v)
    weights = np.where(mask, weights, 0.0)
    return weights @ x @ W_v, weights


# What a word looks for, given what it is: one row of W_q per property. A quality looks for a thing to belong to, a
# thing for its quality, an action for who acts, a time for what happened. The words themselves come from attention.
PROPERTIES = ["thing", "alive", "place", "action", "quality", "time"]
LOOKS_FOR = {
    "thing": ["quality"],
    "alive": ["alive"],
    "place": ["place"],
    "action": ["thing", "alive"],
    "quality": ["thing"],
    "time": ["action"],
}
QUERIES = np.array([[float(wanted in LOOKS_FOR[own]) for wanted in PROPERTIES] for own in PROPERTIES])  # [6, 6]
PLAIN = np.eye(6)  # keys and values are the words as they are
STRANGER = np.ones(6)  # a word with every property at once, to put in place of another

NAMES = list(WORDS)
ORDERS = {
    "as written": NAMES,
    "tired and wide swapped": ["yesterday", "a", "wide", "dog", "crossed", "the", "tired", "street"],
    "backwards": NAMES[::-1],
}
CHANGED = 1e-12  # the same numbers added in another order may differ in the last digit; that is no change


def read(x, sharpness, mask):
    """One pass of the demo.  x: [T, 6], mask: how looking ahead is forbidden -> output [T, 6], weights [T, T]"""
    matrices = sharpness * QUERIES, PLAIN, PLAIN
    if mask == "causal, after softmax":
        return masked_too_late(x, *matrices, causal_mask(len(x)))
    return self_attention(x, *matrices, causal_mask(len(x)) if mask == "causal" else None)


def rows_of(words):
    """The words in this order as vectors -> x [T, 6]"""
    return KEYS[[NAMES.index(word) for word in words]]


def moved_by(order, *settings):
    """How much the output of each word changes when the words stand in this order.  settings: those of `read` -> [T]"""
    before, after = read(rows_of(NAMES), *settings)[0], read(rows_of(order), *settings)[0]
    same_word = [order.index(word) for word in NAMES]  # row by row, so that each word is compared with itself
    return np.abs(after[same_word] - before).max(axis=1)


def changed_by_edit(x, at, *settings):
    """How much each output changes when the word at this place is replaced by the stranger.  x: [T, 6] -> [T]"""
    edited = np.where(np.arange(len(x))[:, None] == at, STRANGER, x)
    return np.abs(read(edited, *settings)[0] - read(x, *settings)[0]).max(axis=1)


def count_changed(change):
    """How many outputs changed, apart from rounding.  change: [..] -> count"""
    return (change > CHANGED).sum()


def demo(
    *,
    mask: Literal["none", "causal", "causal, after softmax"] = "none",
    order: Annotated[
        Literal["as written", "tired and wide swapped", "backwards"], Label("order of the words")
    ] = "as written",
    edited: Annotated[
        Literal["yesterday", "a", "tired", "dog", "crossed", "the", "wide", "street"], Label("word to replace")
    ] = "street",
    sharpness: Annotated[float, Range(0, 20, 0.5)] = 6.0,
) -> Result:
    """Swap tired and wide: without a mask the dog still finds tired, for it can't tell where a word stands. Then turn
    on the causal mask, and put it after softmax: the triangle looks the same, but now the past knows of the future.

    mask: whether a word may look at later words, and if not, when the mask is put on
    order: how the eight words of the sentence are arranged
    edited: a word to replace by a stranger; the second picture shows whose output that changes
    sharpness: how much the queries insist; zero asks for nothing, and every word gets the same weight
    """
    words = ORDERS[order]
    x, at, dog = rows_of(words), words.index(edited), words.index("dog")
    output, weights = read(x, sharpness, mask)  # [T, 6], [T, T]
    change = changed_by_edit(x, at, sharpness, mask)  # [T]
    before, later = change[:at], change[at + 1 :]
    moved = {name: moved_by(other, sharpness, mask) for name, other in ORDERS.items() if name != "as written"}
    swapped, backwards = map(count_changed, moved.values())  # apart, since a mask hides one swap from the last word
    return Result(
        summary=f"“dog” gives “{words[weights[dog].argmax()]}” weight {weights[dog].max():.2f}. Replacing “{edited}” "
        f"changes {count_changed(before)} of the {len(before)} outputs before it and {count_changed(later)} of the "
        f"{len(later)} after it. Swapping “tired” and “wide” changes {swapped} outputs, reading backwards {backwards}.",
        numbers={
            "weights computed": weights.size,
            "weight from dog to tired": weights[dog, words.index("tired")],
            "share of all weight that goes to later words": np.triu(weights, 1).sum() / weights.sum(),
            "sum of the weights of the first word": weights[0].sum(),
            "outputs before the edited word that change": count_changed(before),
            "outputs after the edited word that change": count_changed(later),
            "largest change before the edited word": before.max(initial=0),
            "outputs that change when tired and wide are swapped": swapped,
            "outputs that change when the words stand backwards": backwards,
            "largest change when the words are reordered": max(move.max() for move in moved.values()),
        },
        show=[
            Heatmap("Where each word looks", weights, words, words, "word looked at", "word that asks", annotate=True),
            axes(f"Change of each output when “{edited}” is replaced", y="change")
            + bars(words, {"largest change of any number": change}),
            Heatmap("What each word takes in: the mix that comes back", output, PROPERTIES, words, annotate=True),
            axes("Change of each output in another order of the words", y="change") + bars(NAMES, moved),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
