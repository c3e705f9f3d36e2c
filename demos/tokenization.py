"""Token: one piece of a text as a model counts it: a byte, a character, a word, or something in between.

Notation: a text of N tokens becomes ids [N], which are numbers of entries in a vocabulary; V is how many it has.
Byte pairs are bytes joined by merges. Characters and words are looked up in a list of those that the training text
has, and whatever is not on that list gets the id 0: unknown. The rule for what a word is was made for English. It
does not count the vowel signs of Hindi as letters, nor does GPT-2's, and so cuts Hindi inside of words.
Leaves out: special tokens, such as the one that ends a text, and tokenizers that are not built from pairs.

Source: Sennrich, Haddow & Birch (2015), on unknown words and parts of words, https://arxiv.org/abs/1508.07909
        Petrov et al. (2023), on what the same text costs in different languages, https://arxiv.org/abs/2305.15425
        Universal Declaration of Human Rights (1948), Article 1, whose first sentence is cut here in five languages,
        https://www.ohchr.org/en/human-rights/universal-declaration
"""

from collections import Counter
from functools import cache
from typing import Annotated, Literal

from demos import Range, Result, Table, Text, Tokens, axes, bars
from demos.byte_pair_encoding import cut, decode, encode, learn, vocabulary
from demos.parts.corpus import glossary_text

LEVELS = ["bytes", "characters", "byte pairs", "words"]
UNKNOWN, SIGN = 0, "�"  # the id of what is not on the list, and what is put in its place when the text is put back

SENTENCE = {
    "English": "All human beings are born free and equal in dignity and rights.",
    "German": "Alle Menschen sind frei und gleich an Würde und Rechten geboren.",
    "Swahili": "Watu wote wamezaliwa huru, hadhi na haki zao ni sawa.",
    "Chinese": "人人生而自由，在尊严和权利上一律平等。",
    "Hindi": "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।",
}
OTHER = {"code": "for i in range(10):\n    print(i, i ** 2)\n", "emoji": "👍🏽 👩‍👩‍👧‍👦 🇺🇳"}
OF_TEXT = ["tokens in the text", "unknown", "comes back whole", "tokens in the held-out text", "unknown there"]


def pieces_of(text, level):
    """A text cut into characters or words, as bytes; a word takes the space before it along."""
    return cut(text) if level == "words" else [character.encode() for character in text]


def listed(pieces):
    """Number the pieces of a training text, the commonest first -> {piece: id}, from 1 on, since 0 is for unknown."""
    return {piece: i for i, (piece, _) in enumerate(Counter(pieces).most_common(), start=1)}


def ids_from(text, level, lists, merges):
    """A text as ids.  lists: {level: {piece: id}}, merges: pairs of ids -> list of ids"""
    if level in lists:
        return [lists[level].get(piece, UNKNOWN) for piece in pieces_of(text, level)]
    return encode(text, merges if level == "byte pairs" else [])


def text_from(ids, level, lists, merges):
    """The text of a list of ids, as bytes. An unknown piece is lost, and only a sign stands for it."""
    if level in lists:
        names = {i: piece for piece, i in lists[level].items()} | {UNKNOWN: SIGN.encode()}
        return b"".join(names[i] for i in ids)
    return decode(ids, merges)


@cache  # the same for every setting but this one
def learn_vocabularies(merges):
    """From the glossary's training text -> lists of characters and of words, and the merges of byte pairs."""
    text = glossary_text("training")
    lists = {level: listed(pieces_of(text, level)) for level in ("characters", "words")}
    return lists, learn(Counter(cut(text)), merges)[0]


def sizes_of(lists, merges):
    """How many entries each vocabulary has -> {level: V}; a list has one more for unknown pieces."""
    return {"bytes": 256, "byte pairs": 256 + len(merges)} | {level: 1 + len(lists[level]) for level in lists}


def unknown(ids, level, lists):
    """How many tokens of a text are unknown; bytes and byte pairs can spell everything -> count"""
    return ids.count(UNKNOWN) if level in lists else 0


def spelled(text, ids, level, lists, merges):
    """The pieces of a text as they are shown; part of a character is shown as its bytes -> [N] strings"""
    pieces = pieces_of(text, level) if level in lists else [vocabulary(merges)[i] for i in ids]
    return [piece.decode("utf-8", "backslashreplace") for piece in pieces]


def comparison(text, held_out, level, lists, merges):
    """One text, and one held out from training, cut at one level: what it costs and what is lost.

    -> tokens, unknown among them, whether the text comes back whole, tokens of the held-out text, unknown among them
    """
    ids, apart = ids_from(text, level, lists, merges), ids_from(held_out, level, lists, merges)
    whole = text_from(ids, level, lists, merges) == text.encode()
    return [len(ids), unknown(ids, level, lists), "yes" if whole else "no", len(apart), unknown(apart, level, lists)]


def rates(compared, held_out):
    """What a level costs and loses per 100, from its `comparison` -> name: number"""
    *_, tokens, lost = compared
    return {
        "tokens per 100 bytes of held-out text": 100 * tokens / len(held_out.encode()),
        "unknown per 100 tokens of held-out text": 100 * lost / tokens,
    }


def costs(level, lists, merges):
    """The same sentence in five languages, cut at one level -> {"tokens": [5], "unknown among them": [5]}"""
    cut_up = [ids_from(sentence, level, lists, merges) for sentence in SENTENCE.values()]
    lost = [ids.count(UNKNOWN) if level in lists else 0 for ids in cut_up]  # what is made of bytes can always be cut
    return {"tokens": [len(ids) for ids in cut_up], "unknown among them": lost}


def demo(
    *,
    cut_into: Literal["bytes", "characters", "byte pairs", "words"] = "byte pairs",
    text: Literal["English", "German", "Swahili", "Chinese", "Hindi", "code", "emoji", "your own"] = "English",
    your_own: Annotated[str, Text(max_length=200, label="your own text")] = "A tokenizer cuts unbelievably long words.",
    merges: Annotated[int, Range(0, 1000, 100, label="merges of byte pairs")] = 500,
) -> Result:
    """Cut the same sentence in five languages: Chinese is the shortest in characters but not in bytes, and Hindi takes
    several times as many byte pairs as English. Then cut into words, and see how few of them are known.

    cut_into: what one token is; byte pairs are pieces learned by merging frequent neighbors
    text: the same sentence in one of five languages, a line of code, emoji, or a text of your own
    your_own: a text of your own, which is cut when your own is chosen above
    merges: how many byte pairs are merged; the other ways of cutting do not depend on it
    """
    lists, learned = learn_vocabularies(merges)
    size, held_out = sizes_of(lists, learned), glossary_text("held_out")
    chosen = (SENTENCE | OTHER).get(text, your_own).encode("utf-8", "replace").decode()
    ids = ids_from(chosen, cut_into, lists, learned)
    lost, pieces = unknown(ids, cut_into, lists), spelled(chosen, ids, cut_into, lists, learned)
    cost = costs(cut_into, lists, learned)
    tokens = dict(zip(SENTENCE, cost["tokens"], strict=True))

    compared = {level: comparison(chosen, held_out, level, lists, learned) for level in LEVELS}
    numbers: dict[str, float] = {}
    for level, found in compared.items():
        numbers[f"vocabulary, {level}"] = size[level]
        numbers |= {f"{name}, {level}": rate for name, rate in rates(found, held_out).items()}
    return Result(
        summary=f"Cut into {cut_into}, the text of {len(chosen)} character{'s' * (len(chosen) != 1)} is "
        f"{len(ids)} token{'s' * (len(ids) != 1)} long, {lost or 'none'} of them unknown. "
        f"The Hindi sentence takes {tokens['Hindi']} tokens "
        f"where the English one takes {tokens['English']}.",
        numbers={
            "characters in the text": len(chosen),
            "bytes in the text": len(chosen.encode()),
            "tokens in the text": len(ids),
            "unknown tokens in the text": lost,
            "tokens in Hindi for each in English": tokens["Hindi"] / tokens["English"],
            **numbers,
        },
        show=[
            Tokens(f"The text in {cut_into}, with the id of each", pieces, ids),
            axes(f"The same sentence in {cut_into}", y="tokens") + bars(list(SENTENCE), cost),
            Table(
                "Four ways to cut",
                ["cut into", "vocabulary", *OF_TEXT],
                [[level, size[level], *found] for level, found in compared.items()],
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
