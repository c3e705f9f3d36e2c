"""Token: one piece of a text as a model counts it: a byte, a character, a word, or something in between.

Notation: a text of N tokens becomes ids [N], which are numbers of entries in a vocabulary; V is how many it has.
Bytes and byte pairs are glued by merges, bytes by none at all. Characters and words are looked up in a list of those
that the training text has, and whatever is not on that list gets the id 0: unknown. The rule for what a word is was
made for English. It takes the vowel signs of Hindi for no letters, as GPT-2's does, and so cuts Hindi inside of words.
Leaves out: special tokens, such as the one that ends a text, and tokenizers that are not built from pairs.

Source: Sennrich, Haddow & Birch (2015), on unknown words and parts of words, https://arxiv.org/abs/1508.07909
        Petrov et al. (2023), on what the same text costs in different languages, https://arxiv.org/abs/2305.15425
        Universal Declaration of Human Rights (1948), Article 1, whose first sentence is cut here in five languages,
        https://www.ohchr.org/en/human-rights/universal-declaration
"""

from collections import Counter
from functools import cache
from typing import Annotated, Literal

from demos import Chart, Range, Result, Series, Table, Text, Tokens
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


def demo(
    *,
    cut_into: Literal["bytes", "characters", "byte pairs", "words"] = "byte pairs",
    text: Literal["English", "German", "Swahili", "Chinese", "Hindi", "code", "emoji", "your own"] = "English",
    your_own: Annotated[str, Text(max_length=200)] = "A tokenizer cuts unbelievably long words.",
    merges: Annotated[int, Range(0, 1000, 100)] = 500,
) -> Result:
    """Cut the same sentence in five languages: Chinese is the shortest in characters but not in bytes, and Hindi takes
    several times as many byte pairs as English. Then cut into words, and see how few of them are known.

    cut_into: what one token is
    text: one sentence in several languages, or something that is no language
    your_own: a text of your own, for when you choose it
    merges: how many byte pairs are glued; the other ways of cutting do not depend on it
    """
    lists, learned = learn_vocabularies(merges)
    size = {"bytes": 256, "byte pairs": 256 + len(learned)} | {level: 1 + len(lists[level]) for level in lists}
    chosen = (SENTENCE | OTHER).get(text, your_own).encode("utf-8", "replace").decode()
    held_out = glossary_text("held_out")

    rows, numbers = [], dict[str, float]()
    for level in LEVELS:
        ids, apart = ids_from(chosen, level, lists, learned), ids_from(held_out, level, lists, learned)
        lost, lost_apart = (found.count(UNKNOWN) if level in lists else 0 for found in (ids, apart))
        whole = text_from(ids, level, lists, learned) == chosen.encode()
        numbers |= {
            f"vocabulary, {level}": size[level],
            f"tokens per 100 bytes of held-out text, {level}": 100 * len(apart) / len(held_out.encode()),
            f"unknown per 100 tokens of held-out text, {level}": 100 * lost_apart / len(apart),
        }
        rows.append([level, size[level], len(ids), lost, "yes" if whole else "no", len(apart), lost_apart])

    ids = ids_from(chosen, cut_into, lists, learned)
    lost = ids.count(UNKNOWN) if cut_into in lists else 0
    parts = pieces_of(chosen, cut_into) if cut_into in lists else [vocabulary(learned)[i] for i in ids]
    sentences = {name: ids_from(sentence, cut_into, lists, learned) for name, sentence in SENTENCE.items()}
    cost = {name: len(found) for name, found in sentences.items()}
    bars = [Series("tokens", list(cost), list(cost.values()), "bars")]
    if cut_into in lists:
        bars.append(Series("unknown among them", list(cost), [f.count(UNKNOWN) for f in sentences.values()], "bars"))
    return Result(
        summary=(
            f"Cut into {cut_into}, the text of {len(chosen)} characters is {len(ids)} token{'s' * (len(ids) != 1)} "
            f"long, {lost or 'none'} of them unknown. The Hindi sentence takes {cost['Hindi']} tokens "
            f"where the English one takes {cost['English']}."
        ),
        numbers={
            "characters in the text": len(chosen),
            "bytes in the text": len(chosen.encode()),
            "tokens in the text": len(ids),
            "unknown tokens in the text": lost,
            "tokens in Hindi for each in English": cost["Hindi"] / cost["English"],
            **numbers,
        },
        show=[
            Tokens(
                title=f"The text in {cut_into}, with the id of each",
                pieces=[part.decode("utf-8", "backslashreplace") for part in parts],
                notes=ids,
            ),
            Chart(
                title=f"The same sentence in {cut_into}",
                series=bars,
                y="tokens",
            ),
            Table(
                title="Four ways to cut",
                columns=[
                    "cut into",
                    "vocabulary",
                    "tokens in the text",
                    "unknown",
                    "comes back whole",
                    "tokens in the held-out text",
                    "unknown there",
                ],
                rows=rows,
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
