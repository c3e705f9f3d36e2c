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

from demos import Chart, Heatmap, Range, Result, Series, Text, Tokens
from demos.byte_pair_encoding import encode, readable, vocabulary
from demos.kv_cache import empty_cache, extend
from demos.multi_head_attention import heads_apart
from demos.parts.trained import trained
from demos.sampling import draw, entropy, prepare
from demos.self_attention import causal_mask
from demos.softmax import softmax
from demos.transformer_forward import blocks, queries_keys_values, scores, stream

SHOWN = 24  # tokens in the pictures of attention, the last ones read


def attention_maps(ids, weights, heads):
    """How much each token takes from each.  ids: [T] -> [B, H, T, T], every row summing to one"""
    entering = list(stream(ids, weights, heads))[:-1:2]  # the stream in front of every block
    mask = causal_mask(len(ids))
    asked = [queries_keys_values(x, w) for x, w in zip(entering, blocks(weights), strict=True)]
    return np.stack([heads_apart(q, k, v, heads, mask)[1] for q, k, v in asked])


def write(ids, count, model, rng, **how):
    """Continue a text, keeping what was computed for the tokens already read.  ids: [T] with T + count <= N

    how: temperature, top_k, top_p, min_p.  -> `count` new ids, and for each the scores [V] from which it was drawn
    """
    new, steps, unread, cache = [], [], ids, empty_cache(model.weights)
    for _ in range(count):
        x, cache = extend(unread, cache, model.weights, model.heads)
        steps.append(scores(x[-1], model.weights).astype(float))
        new.append(draw(prepare(steps[-1], **how), rng))
        unread = np.array(new[-1:])
    return new, np.array(steps)


def surprise(ids, model):
    """Bits of surprise about each token of a text but the first, given those before it.  ids: [T] -> [T - 1]"""
    *_, x = stream(ids, model.weights, model.heads)
    shares = softmax(scores(x[:-1], model.weights).astype(float))
    return -np.log2(shares[np.arange(len(ids) - 1), ids[1:]])


def demo(
    *,
    text: Annotated[str, Text(max_length=200)] = "A neural network is",
    new_tokens: Annotated[int, Range(1, 40)] = 30,
    temperature: Annotated[float, Range(0.05, 2, 0.05)] = 0.6,
    top_p: Annotated[float, Range(0.05, 1, 0.05)] = 0.9,
    block: Annotated[int, Range(1, 4)] = 3,
    seed: Annotated[int, Range(1, 20)] = 1,
) -> Result:
    """Type the beginning of a sentence about machine learning, then one about cooking: the bits of surprise show at
    which token the model loses the thread. Then look through the blocks for a head that mostly looks one token back.

    text: what the model reads; only the end of it where it is long
    new_tokens: how many tokens it writes
    temperature: low and it repeats itself, high and it forgets what it was saying
    top_p: tokens can be drawn until they hold this much of the whole, the likeliest first
    block: whose attention is shown, counted from the text up
    seed: which continuation is drawn
    """
    model = trained()
    tokens, B = vocabulary(model.merges), len(blocks(model.weights))
    text = text.encode("utf-8", "replace").decode()  # half a surrogate pair becomes a question mark
    every = encode("\n\n" + text, model.merges)  # as behind an empty line, where the pages it read begin a paragraph
    ids = np.array(every[-(model.context - new_tokens) :])
    left_out = len(every) - len(ids)

    written, steps = write(ids, new_tokens, model, np.random.default_rng(seed), temperature=temperature, top_p=top_p)
    plain = softmax(steps[0])  # as the model has it
    shares = prepare(steps[0], temperature, top_p=top_p)
    best = np.argsort(-plain, kind="stable")[:12]
    both = np.concatenate([ids, written])
    bits = surprise(both, model)
    maps = attention_maps(ids, model.weights, model.heads)  # [B, H, T, T]
    T, H = len(ids), model.heads
    first = max(0, T - SHOWN)
    names = [f"{t + 1} {readable(tokens[i])}" for t, i in enumerate(ids)][first:]
    one_back = np.diagonal(maps, -1, axis1=-2, axis2=-1)  # [B, H, T - 1], what each gives to the token before it
    habit = one_back.mean(axis=-1) if T > 1 else np.zeros((B, H))
    lead, leads = np.unravel_index(habit.argmax(), habit.shape)
    favorite = readable(tokens[best[0]])
    return Result(
        summary=(
            f"After your text the model expects “{favorite}” most, with {plain[best[0]]:.1%}; it could draw any of "
            f"{int((shares > 0).sum()):,} tokens. "
            + (
                f"Head {leads + 1} of block {lead + 1} gives {habit.max():.0%} of its attention to the token before."
                if T > 1
                else "With one token read, there is nothing else to attend to."
            )
            + f"{f' The first {left_out} tokens of your text are out of its view.' if left_out else ''}"
        ),
        numbers={
            "weights in the model": sum(w.size for w in model.weights.values()),
            "tokens in view": T,
            "probability of the favorite": float(plain[best[0]]),
            "entropy in bits": float(entropy(plain)),
            "tokens that can be drawn": int((shares > 0).sum()),
            "bits of surprise per token in your text": float(bits[: T - 1].mean()) if T > 1 else 0.0,
            "bits of surprise per token written": float(bits[T - 1 :].mean()),
            "largest mean attention to the token before": float(habit.max()),
        },
        show=[
            Tokens(
                title="What it reads, what it writes behind it, and the bits of surprise at each token",
                pieces=[
                    *(tokens[i].decode("utf-8", "backslashreplace") for i in ids),
                    "▸",
                    *(tokens[i].decode("utf-8", "backslashreplace") for i in written),
                ],
                notes=["", *(f"{b:.1f}" for b in bits[: T - 1]), "", *(f"{b:.1f}" for b in bits[T - 1 :])],
            ),
            Chart(
                title="What comes after your text",
                series=[
                    Series("as the model has it", [readable(tokens[i]) for i in best], plain[best], "bars"),
                    Series("at this temperature and top-p", [readable(tokens[i]) for i in best], shares[best], "bars"),
                ],
                x="next token",
                y="probability",
            ),
            *(
                Heatmap(
                    title=f"Block {block}, head {h + 1}: from which token (across) each takes how much",
                    values=maps[block - 1, h, first:, first:],
                    columns=names,
                    rows=names,
                    x="looked at",
                    y="looking",
                )
                for h in range(H)
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
