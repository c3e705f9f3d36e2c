"""Text generation: a trained transformer guesses the next token, one is drawn, and it reads on from there.

Notation: ids [T], your text as numbers of tokens; V tokens in the vocabulary; B blocks, H heads;
          shares [V], the probability of each token to come next; N tokens at most in view, the context.
The weights are real: a transformer of less than a million of them has read the pages of this glossary. What it writes
sounds like them and means little; the same code with a hundred thousand times the weights is a large language model.
Leaves out: training, which is in tiny_gpt; and a prompt that teaches the model to answer instead of going on.

Source: Radford et al. (2019), https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf
"""

from typing import Annotated

import numpy as np

from demos import Heatmap, Range, Result, Text, Tokens, axes, bars
from demos.byte_pair_encoding import encode, readable, vocabulary
from demos.kv_cache import empty_cache, extend
from demos.multi_head_attention import heads_apart
from demos.parts.trained import trained
from demos.sampling import draw, entropy, prepare
from demos.self_attention import causal_mask
from demos.softmax import softmax
from demos.transformer_forward import blocks, queries_keys_values, scores, stream

# --- guess, draw, read on -----------------------------------------------------------------------------------------


def read(text, model, room):
    """A text as the model reads it: only its end, where it has more tokens than there is room for.

    -> ids [T] with T <= room, and how many tokens are left out
    """
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair becomes a question mark
    ids = encode("\n\n" + text, model.merges)  # as behind an empty line, where the pages it read begin a paragraph
    return np.array(ids[-room:]), max(0, len(ids) - room)


def next_scores(ids, model):
    """The score of each token to come next, after reading all of a text.  ids: [T] -> [V]"""
    *_, x = stream(ids, model.weights, model.heads)  # [T, C], after the last block
    return scores(x[-1], model.weights).astype(float)


def write_plainly(ids, count, model, rng, **how):
    """Continue a text, the plain way: for each new token, read everything again.  ids: [T] with T + count <= N

    how: temperature, top_k, top_p, min_p  -> `count` new ids
    """
    text = list(ids)
    for _ in range(count):
        shares = prepare(next_scores(np.array(text), model), **how)
        text.append(draw(shares, rng))
    return text[len(ids) :]


def write(ids, count, model, rng, **how):
    """The same, the fast way: what was computed for the tokens already read is kept.

    -> `count` new ids, and for each the scores [V] from which it was drawn
    """
    new, steps, unread, cache = [], [], ids, empty_cache(model.weights)
    for _ in range(count):
        x, cache = extend(unread, cache, model.weights, model.heads)
        steps.append(scores(x[-1], model.weights).astype(float))
        new.append(draw(prepare(steps[-1], **how), rng))
        unread = np.array(new[-1:])
    return new, np.array(steps)


# --- looking inside -----------------------------------------------------------------------------------------------


def surprise(ids, model):
    """Bits of surprise about each token of a text but the first, given those before it.  ids: [T] -> [T - 1]"""
    *_, x = stream(ids, model.weights, model.heads)
    shares = softmax(scores(x[:-1], model.weights).astype(float))
    return -np.log2(shares[np.arange(len(ids) - 1), ids[1:]])


def attention_maps(ids, weights, heads):
    """How much each token takes from each.  ids: [T] -> [B, H, T, T], every row summing to one"""
    entering = list(stream(ids, weights, heads))[:-1:2]  # the stream in front of every block
    mask = causal_mask(len(ids))
    asked = [queries_keys_values(x, w) for x, w in zip(entering, blocks(weights), strict=True)]
    return np.stack([heads_apart(q, k, v, heads, mask)[1] for q, k, v in asked])


def looking_back(maps):
    """How much each head takes from the token just before, on average.  [B, H, T, T] -> [B, H], zero for one token"""
    one_back = np.diagonal(maps, -1, axis1=-2, axis2=-1)  # [B, H, T - 1]
    return one_back.mean(axis=-1) if one_back.size else np.zeros(maps.shape[:2])


# --- the demo -----------------------------------------------------------------------------------------------------

SHOWN = 24  # tokens in the pictures of attention, the last ones read


def leader(habit):
    """The head that looks back most, in a sentence.  habit: [B, H]"""
    block, head = np.unravel_index(habit.argmax(), habit.shape)
    return f"Head {head + 1} of block {block + 1} gives {habit.max():.0%} of its attention to the token before."


def surprising(ids, written, bits, tokens):
    """The text and what was written behind it, with the bits of surprise under each token but the first."""
    pieces = [tokens[i].decode("utf-8", "backslashreplace") for i in [*ids, *written]]
    notes = ["", *(f"{b:.1f}" for b in bits)]
    for row, mark in ((pieces, "▸"), (notes, "")):
        row.insert(len(ids), mark)  # where the text ends
    return Tokens("What it reads, what it writes behind it, and the bits of surprise at each token", pieces, notes)


def heads_of(block, maps, names):
    """A picture for each head of a block, counted from 1.  maps: [B, H, T, T]; names: [T] -> list of Heatmap"""
    title, last = f"Block {block}, head {{}}: from which token (across) each takes how much", slice(-SHOWN, None)
    return [
        Heatmap(title.format(h), one[last, last], names[last], names[last], "looked at", "looking")
        for h, one in enumerate(maps[block - 1], start=1)
    ]


def demo(
    *,
    text: Annotated[str, Text(max_length=200, label="your text")] = "A neural network is",
    new_tokens: Annotated[int, Range(1, 40, label="tokens to write")] = 30,
    temperature: Annotated[float, Range(0.05, 2, 0.05)] = 0.6,
    top_p: Annotated[float, Range(0.05, 1, 0.05, label="top-p: share kept")] = 0.9,
    block: Annotated[int, Range(1, 4, label="block shown")] = 3,
    seed: Annotated[int, Range(1, 20, label="random seed")] = 1,
) -> Result:
    """Type the beginning of a sentence about machine learning, then one about cooking: the bits of surprise show at
    which token the model loses the thread. Then look through the blocks for a head that mostly looks one token back.

    text: what the model reads; only the end of it where it is long
    new_tokens: how many tokens it writes
    temperature: low and it repeats itself, high and it forgets what it was saying
    top_p: only the likeliest tokens can be drawn, as many as together hold this much of the whole
    block: which block of the transformer has its attention shown, counted from the text up
    seed: another number draws another continuation
    """
    model = trained()
    tokens = vocabulary(model.merges)
    ids, left_out = read(text, model, model.context - new_tokens)
    written, steps = write(ids, new_tokens, model, np.random.default_rng(seed), temperature=temperature, top_p=top_p)
    bits = surprise(np.array([*ids, *written]), model)
    of_text, of_written = np.split(bits, [len(ids) - 1])
    maps = attention_maps(ids, model.weights, model.heads)  # [B, H, T, T]
    habit = looking_back(maps)

    plain, shares = softmax(steps[0]), prepare(steps[0], temperature, top_p=top_p)  # [V], as the model has it, and now
    best = np.argsort(-plain, kind="stable")[:12]
    names = [readable(tokens[i]) for i in best]
    return Result(
        summary=f"After your text the model expects “{names[0]}” most, with {plain[best[0]]:.1%}; it could draw any of "
        f"{(shares > 0).sum():,} tokens. "
        f"{leader(habit) if len(ids) > 1 else 'With one token read, there is nothing else to attend to.'}"
        f"{f' The first {left_out} tokens of your text are out of its view.' if left_out else ''}",
        numbers={
            "weights in the model": sum(w.size for w in model.weights.values()),
            "tokens in view": len(ids),
            "probability of the favorite": plain[best[0]],
            "entropy in bits": entropy(plain),
            "tokens that can be drawn": (shares > 0).sum(),
            "bits of surprise per token in your text": of_text.mean() if len(of_text) else 0.0,
            "bits of surprise per token written": of_written.mean(),
            "largest mean attention to the token before": habit.max(),
        },
        show=[
            surprising(ids, written, bits, tokens),
            axes("What comes after your text", "next token", "probability")
            + bars(names, {"as the model has it": plain[best], "at this temperature and top-p": shares[best]}),
            *heads_of(block, maps, [f"{t} {readable(tokens[i])}" for t, i in enumerate(ids, start=1)]),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
