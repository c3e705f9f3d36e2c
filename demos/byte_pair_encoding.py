"""Byte-Pair Encoding: glue the commonest pair of neighbors into one token, again and again.

Notation: ids 0 to 255 are the bytes themselves; merge number i, counted from 0, makes the token with id 256 + i.
A text is first cut into pieces: a word with the space before it, a run of digits, of signs, or of white space.
No token ever reaches across two pieces.
Leaves out: special tokens, and GPT-2's extra rule that keeps the 've of "I've" in one piece.

Source: Sennrich, Haddow & Birch (2015), https://arxiv.org/abs/1508.07909
        Radford et al. (2019), section 2.2, who begin with bytes,
        https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf
"""

import re
from collections import Counter, defaultdict
from itertools import pairwise
from typing import Annotated, Literal

from demos import Chart, Range, Result, Series, Table, Text, Tokens
from demos.parts.corpus import small_text, toy_text

# GPT-2 asks for the Unicode categories of letters and numbers, which Python's re does not know. Here [^\W\d_] are the
# letters (and the few numbers that are no decimal digits, such as ½), and \s+(?!\S) leaves the last space to the word.
PIECE = re.compile(r" ?[^\W\d_]+| ?\d+| ?(?:[^\w\s]|_)+|\s+(?!\S)|\s+")


def cut(text):
    """The text in pieces, as bytes. Raises UnicodeEncodeError on half a surrogate pair, which is no character."""
    return [piece.encode() for piece in PIECE.findall(text)]


def glue(ids, pair, new):
    """Replace `pair` by the id `new` wherever it stands, from left to right: of a a a the first two become one."""
    out, i = [], 0
    while i < len(ids):
        found = tuple(ids[i : i + 2]) == pair
        out.append(new if found else ids[i])
        i += 2 if found else 1
    return out


def learn(pieces, merges):
    """Learn up to `merges` merges from pieces, {bytes: how often they occur}.

    -> the merges, pairs of ids in the order learned (fewer when every piece has become one token);
       lengths: [M + 1], the tokens in all pieces together after 0, 1, ... M merges.
    Among equally common pairs the smallest wins, comparing the left id first. The trainer of the `tokenizers` library
    does so too, and so finds the same merges.
    """
    words, times = [list(piece) for piece in pieces], list(pieces.values())
    counts: Counter[tuple[int, int]] = Counter()  # how common a pair is
    where = defaultdict(set)  # in which words it has been seen
    for word, ids in enumerate(words):
        for pair in pairwise(ids):
            counts[pair] += times[word]
            where[pair].add(word)

    learned: list[tuple[int, int]] = []
    lengths = [sum(n * len(ids) for ids, n in zip(words, times, strict=True))]
    while len(learned) < merges and (most := max(counts.values(), default=0)) > 0:
        best = min(pair for pair, n in counts.items() if n == most)
        length = lengths[-1]
        for word in where[best]:  # the other words stay as they are, so their pairs need no new count
            old, new = words[word], glue(words[word], best, 256 + len(learned))
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
                ids = glue(ids, best, 256 + rank[best])
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
    """A token for the eye: spaces and line ends visible, bytes of half a character as \\xf0."""
    return token.decode("utf-8", "backslashreplace").replace(" ", "␣").replace("\n", "⏎")


def demo(
    *,
    merges: Annotated[int, Range(0, 500)] = 200,
    learn_from: Literal["english", "toy"] = "english",
    text: Annotated[str, Text(max_length=200)] = "The lowest stones of the river are unbreakable 🌊",
) -> Result:
    """Add merges and watch letters grow into words; then write a word the training text never saw, or an emoji.

    merges: how many pairs to glue, the commonest first
    learn_from: the text that the pairs are counted in
    text: your own text, cut by the merges learned
    """
    corpus = small_text() if learn_from == "english" else toy_text()
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair becomes a question mark
    learned, lengths = learn(Counter(cut(corpus)), merges)
    tokens, ids = vocabulary(learned), encode(text, learned)

    every = len(learned) // 60 + 1
    steps = [*range(0, len(learned), every), len(learned)]
    lines = [Series("training text", steps, [100 * lengths[k] / lengths[0] for k in steps])]
    size = len(text.encode())
    if text:
        lines.append(Series("your text", steps, [100 * len(encode(text, learned[:k])) / size for k in steps]))
    return Result(
        summary=(
            f"After {len(learned)} merge{'s' * (len(learned) != 1)} the training text of {lengths[0]:,} bytes is "
            f"{lengths[-1]:,} tokens long, and your text of {size} byte{'s' * (size != 1)} is cut into {len(ids)}."
            f"{'' if len(learned) == merges else ' There was nothing left to merge.'}"
        ),
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
            Tokens(
                title="Your text in tokens",
                pieces=[tokens[i].decode("utf-8", "backslashreplace") for i in ids],
                notes=ids,
            ),
            Chart(title="Every merge shortens the text", series=lines, x="merges", y="tokens per 100 bytes"),
            Table(
                title="The first merges",
                columns=["merge", "left", "right", "new token", "id", "times glued"],
                rows=[
                    [k + 1, *map(readable, (tokens[left], tokens[right], tokens[256 + k])), 256 + k, before - after]
                    for k, ((left, right), before, after) in enumerate(
                        zip(learned[:15], lengths, lengths[1:], strict=False)
                    )
                ],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
