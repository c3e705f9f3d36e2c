"""Byte-Pair Encoding: merge the most frequent pair of neighbors into one token, again and again.

Notation: ids 0 to 255 are the bytes themselves; merge number i, counted from 0, makes the token with id 256 + i.
A text is first cut into pieces: a word with the space before it, a run of digits, of signs, or of white space.
No token ever reaches across two pieces. A word is a piece as ids; counts are how often each pair of neighbors occurs.
Leaves out: special tokens, and GPT-2's extra rule that keeps the 've of "I've" in one piece.

Source: Sennrich, Haddow & Birch (2015), https://arxiv.org/abs/1508.07909
        Radford et al. (2019), section 2.2, who begin with bytes,
        https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf
"""

import re
from collections import Counter, defaultdict
from itertools import pairwise
from typing import Annotated, Literal

from demos import Label, Range, Result, Text, Tokens, axes, columns, curves
from demos.parts.corpus import small_text, toy_text

# GPT-2 asks for the Unicode categories of letters and numbers, which Python's re does not know. Here [^\W\d_] are the
# letters (and the few numbers that are no decimal digits, such as ½), and \s+(?!\S) leaves the last space to the word.
PIECE = re.compile(r" ?[^\W\d_]+| ?\d+| ?(?:[^\w\s]|_)+|\s+(?!\S)|\s+")


def cut(text):
    """The text in pieces, as bytes. Raises UnicodeEncodeError on half a surrogate pair, which is no character."""
    return [piece.encode() for piece in PIECE.findall(text)]


def count_pairs(words, times):
    """How often each pair of neighbors occurs.  words: [W] lists of ids, times: [W] how often each occurs -> Counter"""
    counts: Counter[tuple[int, int]] = Counter()
    for ids, n in zip(words, times, strict=True):
        for pair in pairwise(ids):
            counts[pair] += n
    return counts


def most_frequent(counts):
    """The pair that occurs most often, or None where no pair occurs.

    Among equally frequent pairs the smallest wins, comparing the left id first. The trainer of the `tokenizers` library
    does so too, and so finds the same merges.
    """
    most = max(counts.values(), default=0)
    return min(pair for pair, n in counts.items() if n == most) if most else None


def merge(ids, pair, new):
    """Replace `pair` by the id `new` wherever it stands, from left to right: of a a a the first two become one."""
    out, i = [], 0
    while i < len(ids):
        found = tuple(ids[i : i + 2]) == pair
        out.append(new if found else ids[i])
        i += 2 if found else 1
    return out


def learn_by_recounting(pieces, merges):
    """Byte-pair encoding as it is defined: count all pairs, merge the most frequent one, repeat.

    pieces: {bytes: how often they occur} -> up to `merges` merges, pairs of ids in the order learned.
    """
    words, times = [list(piece) for piece in pieces], list(pieces.values())
    learned: list[tuple[int, int]] = []
    while len(learned) < merges and (best := most_frequent(count_pairs(words, times))):
        words = [merge(ids, best, 256 + len(learned)) for ids in words]
        learned.append(best)
    return learned


def learn(pieces, merges):
    """The same merges, faster: a merge changes few words, and only their pairs are counted again.

    pieces: {bytes: how often they occur}
    -> the merges, pairs of ids in the order learned (fewer when every piece has become one token);
       lengths: [M + 1], the tokens in all pieces together after 0, 1, ... M merges.
    """
    words, times = [list(piece) for piece in pieces], list(pieces.values())
    counts = count_pairs(words, times)
    where = defaultdict(set)  # the words in which a pair stands, or stood before another merge took it
    for word, ids in enumerate(words):
        for pair in pairwise(ids):
            where[pair].add(word)

    learned: list[tuple[int, int]] = []
    lengths = [sum(n * len(ids) for ids, n in zip(words, times, strict=True))]
    while len(learned) < merges and (best := most_frequent(counts)):
        length = lengths[-1]
        for word in where[best]:
            old, new = words[word], merge(words[word], best, 256 + len(learned))
            for pair in pairwise(old):
                counts[pair] -= times[word]
            for pair in pairwise(new):
                counts[pair] += times[word]
                where[pair].add(word)
            words[word] = new
            length -= times[word] * (len(old) - len(new))
        learned.append(best)
        lengths.append(length)
    return learned, lengths


def train(text, merges):
    """Learn up to `merges` merges from a text -> list of pairs of ids, in the order learned."""
    return learn(Counter(cut(text)), merges)[0]


def encode(text, merges):
    """Cut a text by merges learned before -> list of ids. In every piece the merge learned first goes first."""
    rank = {pair: i for i, pair in enumerate(merges)}
    done: dict[bytes, list[int]] = {}  # most pieces of a text have come before
    out = []
    for piece in cut(text):
        if piece not in done:
            ids = list(piece)
            while (best := min(pairwise(ids), key=lambda pair: rank.get(pair, len(rank)), default=None)) in rank:
                ids = merge(ids, best, 256 + rank[best])
            done[piece] = ids
        out += done[piece]
    return out


def vocabulary(merges):
    """The bytes that each token stands for -> list of 256 + M byte strings; token id i is item i."""
    tokens = [bytes([i]) for i in range(256)]
    for left, right in merges:
        tokens.append(tokens[left] + tokens[right])
    return tokens


def decode(ids, merges):
    """Turn ids back into bytes. They need not be whole characters: a token may end inside an emoji."""
    tokens = vocabulary(merges)
    return b"".join(tokens[i] for i in ids)


def readable(token):
    """A token for display: spaces and line ends visible, bytes of half a character as \\xf0."""
    return token.decode("utf-8", "backslashreplace").replace(" ", "␣").replace("\n", "⏎")


def first_merges(learned, lengths, most=15):
    """What the first merges did, as columns of up to `most` rows: number, left, right, new token, id, times merged."""
    tokens, shown = vocabulary(learned), learned[:most]
    number, new = range(1, len(shown) + 1), range(256, 256 + len(shown))
    left, right = ([readable(tokens[pair[side]]) for pair in shown] for side in (0, 1))
    saved = [before - after for before, after in pairwise(lengths[: len(shown) + 1])]  # one token each time
    return number, left, right, [readable(tokens[i]) for i in new], new, saved


def demo(
    *,
    merges: Annotated[int, Range(0, 500, play=True)] = 200,
    learn_from: Annotated[Literal["english", "toy"], Label("text to learn from")] = "english",
    text: Annotated[str, Text(max_length=200, label="your text")] = "The lowest stones of the river are unbreakable 🌊",
) -> Result:
    """Add merges and watch letters grow into words; then write a word the training text never saw, or an emoji.

    merges: how many pairs to merge, the most frequent first
    learn_from: the text in which the pairs are counted: 1,600 words of English, or a toy of four words
    text: your own text, which is cut by the merges that were learned
    """
    corpus = small_text() if learn_from == "english" else toy_text()
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair becomes a question mark
    learned, lengths = learn(Counter(cut(corpus)), merges)
    tokens, ids, size = vocabulary(learned), encode(text, learned), len(text.encode())

    shown = [*range(0, len(learned), len(learned) // 60 + 1), len(learned)]
    shorter = {"training text": [100 * lengths[k] / lengths[0] for k in shown]}
    if text:
        shorter["your text"] = [100 * len(encode(text, learned[:k])) / size for k in shown]
    return Result(
        summary=f"After {len(learned)} merge{'s' * (len(learned) != 1)} the training text of {lengths[0]:,} bytes is "
        f"{lengths[-1]:,} tokens long, and your text of {size} byte{'s' * (size != 1)} is cut into {len(ids)}."
        f"{'' if len(learned) == merges else ' There was nothing left to merge.'}",
        numbers={
            "merges learned": len(learned),
            "tokens in the vocabulary": len(tokens),
            "bytes in the training text": lengths[0],
            "tokens in the training text": lengths[-1],
            "bytes per token in the training text": lengths[0] / lengths[-1],
            "bytes in your text": size,
            "tokens in your text": len(ids),
            "longest token in bytes": max(map(len, tokens)),
        },
        show=[
            Tokens("Your text in tokens", [tokens[i].decode("utf-8", "backslashreplace") for i in ids], ids),
            axes("Every merge shortens the text", "merges", "tokens per 100 bytes") + curves(shown, shorter),
            columns(
                "The first merges",
                ["merge", "left", "right", "new token", "id", "times merged"],
                first_merges(learned, lengths),
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
