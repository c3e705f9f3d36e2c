"""KV cache: keep the keys and values of the tokens that were read, and put only the new token through the layers.

Notation: ids [T] new tokens, S tokens in all once they are in; C numbers per vector, B blocks;
          cache: for each block its keys [S, C] and values [S, C] so far. Weights: as in transformer_forward.
Leaves out: several texts at once, memory reserved in advance, and sharing keys between heads.

Source: Shazeer (2019), section 2.4, https://arxiv.org/abs/1911.02150
        Pope et al. (2022), section 2, https://arxiv.org/abs/2211.05102
"""

from typing import Annotated, Literal

import numpy as np

from demos import Heatmap, Label, Range, Result, axes, curves
from demos.byte_pair_encoding import encode, train
from demos.parts.corpus import small_text
from demos.self_attention import causal_mask
from demos.transformer_forward import (
    attend,
    blocks,
    embed,
    feed_forward,
    forward,
    multiply_adds,
    queries_keys_values,
    random_weights,
    scores,
    stream,
)


def generate_rereading(prompt, count, weights, heads):
    """Write `count` tokens behind the prompt, each the one with the highest score, and read all anew for each.

    -> ids, the tokens of both; steps [count, V], the scores from which each was chosen
    """
    ids, steps = list(prompt), []
    for _ in range(count):
        steps.append(forward(np.array(ids), weights, heads)[-1])
        ids.append(int(steps[-1].argmax()))
    return ids, np.array(steps)


def empty_cache(weights):
    """Nothing read yet -> for each block keys [0, C] and values [0, C]"""
    nothing = np.zeros((0, weights["tokens"].shape[1]), weights["tokens"].dtype)
    return [(nothing, nothing) for _ in blocks(weights)]


def extend(ids, cache, weights, heads):
    """Read new tokens behind those in the cache.  ids: [T] -> x [T, C] after the last block, the longer cache

    Under the causal mask no old token looks at a new one, so nothing that was computed for the old ones can change.
    """
    past = len(cache[0][0])
    x, longer = embed(ids, weights, past), []
    mask = causal_mask(past + len(ids))[past:]  # [T, S], the rows of the new tokens
    for w, (keys, values) in zip(blocks(weights), cache, strict=True):
        q, k, v = queries_keys_values(x, w)
        longer.append((np.concatenate([keys, k]), np.concatenate([values, v])))
        x = x + attend(q, *longer[-1], w, heads, mask)
        x = x + feed_forward(x, w)
    return x, longer


def generate(prompt, count, weights, heads):
    """The same tokens written with a cache, so that every token is read once -> ids, steps [count, V], the cache.

    The last token written is not in the cache at the end, because it has not been read.
    """
    ids, steps = list(prompt), []
    x, cache = extend(ids, empty_cache(weights), weights, heads)
    while True:
        steps.append(scores(x[-1], weights))
        ids.append(int(steps[-1].argmax()))
        if len(steps) == count:
            break
        x, cache = extend(ids[-1:], cache, weights, heads)
    return ids, np.array(steps), cache


def stored(cache):
    """How many numbers a cache holds."""
    return sum(keys.size + values.size for keys, values in cache)


def work(weights, prompt, count):
    """Multiply-adds in the blocks for each of `count` tokens written -> with a cache [count], without [count]"""
    first = multiply_adds(weights, prompt)
    cached = [first] + [multiply_adds(weights, 1, past=prompt + n) for n in range(count - 1)]
    return np.array([cached, [multiply_adds(weights, prompt + n) for n in range(count)]], dtype=np.int64)


def difference_from_scratch(ids, steps, weights, heads):
    """The largest difference between scores found with a cache and those of one pass over the whole text.

    ids: [T], steps: [count, V], as from `generate` -> a number that should be rounding alone
    """
    *_, x = stream(np.array(ids[:-1]), weights, heads)
    return np.abs(scores(x[-len(steps) :], weights) - steps).max()


def after_an_edit(ids, at, weights, heads):
    """Change one token of a text that was read: what is no longer right?  ids: [T], at: from 0 -> wrong, missed

    wrong: [B, T], True where the key or the value of a token is another now;  missed: how far the scores of the next
    token are off if they are computed from the old cache.
    """
    other = np.where(np.arange(len(ids)) == at, (ids + 1) % len(weights["tokens"]), ids)
    (x_old, old), (x_new, new) = (extend(text, empty_cache(weights), weights, heads) for text in (ids, other))
    pairs = zip(old, new, strict=True)
    wrong = np.array([np.abs(np.hstack(before) - np.hstack(after)).max(axis=1) > 0 for before, after in pairs])
    return wrong, np.abs(scores(x_new[-1], weights) - scores(x_old[-1], weights)).max()


LONGEST, MERGES = 60 + 128, 200  # tokens of the longest run; merges of the tokenizer


def demo(
    *,
    new_tokens: Annotated[int, Range(2, 128, stops=11, label="tokens to write")] = 64,
    prompt: Annotated[int, Range(1, 60, label="prompt, in tokens")] = 32,
    edited: Annotated[int, Range(1, 60, label="token to change")] = 16,
    depth: Annotated[int, Range(1, 6, label="depth, in blocks")] = 2,
    heads: Annotated[Literal["1", "2", "4", "8"], Label("attention heads")] = "4",
    width: Annotated[int, Range(16, 64, 16, label="width of the vectors")] = 32,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
) -> Result:
    """Write more tokens: with the cache each costs a little more than the one before, without it a lot more. Then edit
    the first token of the prompt: everything behind it goes wrong in the cache, except in the first block.

    new_tokens: how many tokens are written
    prompt: how many tokens are read before the first is written
    edited: which token of the prompt is changed afterwards, counted from 1; the last where there are not so many
    depth: how many blocks of layers follow each other
    heads: how many attentions work side by side in a block
    width: how many numbers a token's vector has
    seed: another number draws other weights; nobody has trained them
    """
    H, start = int(heads), np.array(encode(small_text(), train(small_text(), MERGES))[:prompt])
    weights = random_weights(np.random.default_rng(seed), 256 + MERGES, LONGEST, width, depth)
    ids, steps, cache = generate(start, new_tokens, weights, H)
    apart = difference_from_scratch(ids, steps, weights, H)
    with_cache, without = work(weights, prompt, new_tokens)
    more, same = without.sum() / with_cache.sum(), "the same" if apart < 1e-9 else "other"
    at = min(edited, prompt) - 1
    wrong, missed = after_an_edit(start, at, weights, H)
    kept = (~wrong.any(axis=0)).sum()

    written, per_token = np.arange(1, new_tokens + 1), stored(cache) // (len(ids) - 1)
    in_blocks = sum(w.size for block in blocks(weights) for w in block.values())
    return Result(
        summary=f"Writing {new_tokens} tokens behind a prompt of {prompt} takes {with_cache.sum():,} multiply-adds "
        f"with a cache and {without.sum():,} without, {more:.1f} times as many, for {same} scores. The cache grows by "
        f"{per_token} numbers per token. A change of token {at + 1} leaves {kept} of the {prompt} tokens of the "
        f"prompt with a cache that is still right.",
        numbers={
            "multiply-adds with the cache": with_cache.sum(),
            "multiply-adds without": without.sum(),
            "times as many without": more,
            "multiply-adds for the last token, with the cache": with_cache[-1],
            "multiply-adds for the last token, without": without[-1],
            "numbers stored per token": per_token,
            "numbers stored after the prompt": per_token * prompt,
            "numbers stored at the end": stored(cache),
            "weights in the blocks": in_blocks,
            "largest difference between the scores": apart,
            "tokens of the prompt whose cache survives the edit": kept,
            "change of the next scores that an old cache would miss": missed,
        },
        show=[
            axes("Work for each token that is written", "token written", "multiply-adds", log="y")
            + curves(written, {"read everything again": without, "with the cache": with_cache}),
            axes("What must be kept for it", "token written", "numbers")
            + curves(written, {"keys and values": per_token * (prompt + written - 1)})
            + curves(written, {"weights of the blocks, for comparison": np.full(new_tokens, in_blocks)}),
            Heatmap(
                f"What a change of token {at + 1} makes wrong in the cache (1: wrong)",
                wrong.astype(int),
                [str(t + 1) for t in range(prompt)],
                [f"block {b + 1}" for b in range(depth)],
                "token of the prompt",
            ),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
