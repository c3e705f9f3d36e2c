"""Transformer: tokens in, scores for the next token out, through blocks of attention and feed-forward layers.

Notation: ids [.., T] tokens, x [.., T, C] the stream, one vector per token, to which every layer adds its part;
          V tokens in the vocabulary, N positions at most, B blocks, H heads, F numbers inside a feed-forward layer.
The weights are one flat dictionary of arrays, so that np.savez and np.load can keep them:
          tokens [V, C], positions [N, C], norm.gain [C], norm.bias [C], and for each block b = 0, 1, ..
          b.norm_1.gain, b.norm_1.bias [C], b.W_q, b.W_k, b.W_v, b.W_o [C, C], b.b_q, b.b_k, b.b_v, b.b_o [C],
          b.norm_2.gain, b.norm_2.bias [C], b.W_1 [C, F], b.b_1 [F], b.W_2 [F, C], b.b_2 [C].
This is the form of GPT-2, and with its weights the same scores come out. Here the weights are random, not trained.
Leaves out: training; dropout; and the encoder that the first transformer had in front of this, for translation.

Source: Vaswani et al. (2017), https://arxiv.org/abs/1706.03762
        Radford et al. (2019), section 2.3, which moves the normalization to the front of each layer,
        https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf
"""

from itertools import pairwise
from typing import Annotated, Literal

import numpy as np

from demos import Edge, Graph, Heatmap, Label, Node, Range, Result, Text, axes, bars
from demos.activation_functions import gelu_tanh
from demos.byte_pair_encoding import encode, readable, train, vocabulary
from demos.embedding import lookup
from demos.multi_head_attention import heads_apart
from demos.normalization_layers import layer_norm
from demos.parts.corpus import small_text
from demos.positional_encoding import positional_encoding
from demos.self_attention import causal_mask
from demos.softmax import softmax


def blocks(weights):
    """The weights of each block, its number taken off their names -> list of dictionaries."""
    count = sum(name.endswith(".W_q") for name in weights)
    return [{n.split(".", 1)[1]: w for n, w in weights.items() if n.startswith(f"{b}.")} for b in range(count)]


def embed(ids, weights, past=0):
    """What each token is plus where it stands.  ids: [.., T], the first of them at position `past` -> [.., T, C]"""
    last = past + np.shape(ids)[-1]
    if last > len(weights["positions"]):
        raise ValueError(f"{last} tokens, but the table of positions has {len(weights['positions'])} rows")
    return lookup(weights["tokens"], ids) + weights["positions"][past:last]


def queries_keys_values(x, w):
    """Queries, keys and values of one block.  x: [.., T, C], w: weights of the block -> three times [.., T, C]"""
    x = layer_norm(x, w["norm_1.gain"], w["norm_1.bias"])
    return x @ w["W_q"] + w["b_q"], x @ w["W_k"] + w["b_k"], x @ w["W_v"] + w["b_v"]


def attend(q, k, v, w, heads, mask):
    """Attention: each token takes from the others.  q: [.., T, C], k, v: [.., S, C], mask: [T, S] -> [.., T, C]"""
    mixed, _ = heads_apart(q, k, v, heads, mask)
    return mixed @ w["W_o"] + w["b_o"]


def feed_forward(x, w):
    """A network with one hidden layer, for each token by itself.  x: [.., T, C] -> [.., T, C]"""
    x = layer_norm(x, w["norm_2.gain"], w["norm_2.bias"])
    return gelu_tanh(x @ w["W_1"] + w["b_1"]) @ w["W_2"] + w["b_2"]


def stream(ids, weights, heads):
    """The stream x [.., T, C], first as embedded, then after each layer: 1 + 2 B times."""
    yield from stream_from(embed(ids, weights), weights, heads)


def stream_from(x, weights, heads):
    """The same for tokens that are embedded already.  x: [.., T, C]"""
    mask = causal_mask(x.shape[-2])
    yield x
    for w in blocks(weights):
        q, k, v = queries_keys_values(x, w)
        x = x + attend(q, k, v, w, heads, mask)
        yield x
        x = x + feed_forward(x, w)
        yield x


def scores(x, weights):
    """Compare each vector with that of every token: the embedding table, used backwards.  x: [.., C] -> [.., V]"""
    return layer_norm(x, weights["norm.gain"], weights["norm.bias"]) @ weights["tokens"].T


def forward(ids, weights, heads):
    """The whole transformer.  ids: [.., T] -> [.., T, V]: at each position the scores of what may come next."""
    *_, x = stream(ids, weights, heads)
    return scores(x, weights)


def multiply_adds(weights, T, past=0):
    """Multiplications in matrix products while T tokens pass through the blocks, behind `past` earlier ones -> int

    With those of attention that the mask throws away, as the code computes them; without the scores of the next token.
    """
    matrices = sum(w[name].size for w in blocks(weights) for name in ("W_q", "W_k", "W_v", "W_o", "W_1", "W_2"))
    C = weights["tokens"].shape[1]
    return T * matrices + len(blocks(weights)) * 2 * T * (past + T) * C  # queries with keys, weights with values


def random_weights(rng, V, N, C, B, F=None):
    """Weights before any training -> the dictionary described above.  F: 4 C unless given.

    Drawn like those of GPT-2: normal, with 0.02 at its width of 768, and more at a smaller width, so that sums stay as
    large; what enters the stream is made smaller the more parts there are. Unlike there, the positions begin as waves.
    """
    F, spread = F or 4 * C, 0.02 * np.sqrt(768 / C)

    def draw(*shape, parts=1):
        return rng.normal(scale=spread / np.sqrt(parts), size=shape)

    weights = {
        "tokens": draw(V, C),
        "positions": np.sqrt(2) * spread * positional_encoding(np.arange(N), C),
        "norm.gain": np.ones(C),
        "norm.bias": np.zeros(C),
    }
    for b in range(B):
        block = {f"norm_{i}.{part}": fill(C) for i in (1, 2) for part, fill in (("gain", np.ones), ("bias", np.zeros))}
        block |= {f"W_{name}": draw(C, C) for name in "qkv"} | {f"b_{name}": np.zeros(C) for name in "qkvo"}
        block |= {"W_o": draw(C, C, parts=2 * B), "W_1": draw(C, F), "W_2": draw(F, C, parts=2 * B)}
        block |= {"b_1": np.zeros(F), "b_2": np.zeros(C)}
        weights |= {f"{b}.{name}": array for name, array in block.items()}
    return weights


MERGES, MOST = 200, 60  # of the tokenizer; tokens of your text that are used
SILENT = {"nothing": [], "attention": ["W_o"], "feed-forward": ["W_2"], "positions": ["positions"]}

PARTS = {
    "tokens": ["tokens"],
    "positions": ["positions"],
    "attention": ["W_q", "W_k", "W_v", "W_o", "b_q", "b_k", "b_v", "b_o"],
    "feed-forward": ["W_1", "b_1", "W_2", "b_2"],
    "norms": ["gain", "bias"],
}


def size_of(part, weights):
    """How many numbers one of PARTS has."""
    return sum(w.size for name, w in weights.items() if name.split(".")[-1] in PARTS[part])


def diagram(T, C, V, B, H, F):
    """The layers as boxes with the shapes of what they make: on the left the stream, on the right what adds to it."""
    boxes = [
        ("tokens", f"[{T}]", 0, 0),
        ("embedding", f"plus positions\n[{T}, {C}]", 0, -2),
        ("norm 1", f"[{T}, {C}]", 1, -3),
        ("attention", f"{H} × [{T}, {T}]", 2, -3),
        ("+ 1", f"[{T}, {C}]", 0, -4),
        ("norm 2", f"[{T}, {C}]", 1, -5),
        ("feed-forward", f"[{T}, {F}]", 2, -5),
        ("+ 2", f"[{T}, {C}]", 0, -6),
        ("norm 3", f"[{T}, {C}]", 0, -8),
        ("scores", f"of the next token\n[{T}, {V}]", 0, -10),
    ]
    down = ["tokens", "embedding", "+ 1", "+ 2", "norm 3", "scores"]
    aside = [["embedding", "norm 1", "attention", "+ 1"], ["+ 1", "norm 2", "feed-forward", "+ 2"]]
    return Graph(
        f"The layers; the part from the first norm to the second + is there {B} time{'s' * (B > 1)}",
        [Node(name, f"{name.rstrip(' 123')}\n{shape}", x, y) for name, shape, x, y in boxes],
        [Edge(*pair) for path in (down, *aside) for pair in pairwise(path)],
    )


def streams(ids, weights, heads):
    """The whole stream as one array -> [1 + 2 B, T, C]"""
    return np.array(list(stream(ids, weights, heads)))


def without(kind, weights):
    """The same weights, with those of a kind in SILENT set to zero, so that it adds nothing to the stream."""
    return {name: np.zeros_like(w) if name.split(".")[-1] in SILENT[kind] else w for name, w in weights.items()}


def reach(ids, at, weights, heads):
    """How far each vector of the stream moves when the token at one place is exchanged.  ids: [T] -> [1 + 2 B, T]"""
    other = np.where(np.arange(len(ids)) == at, (ids + 1) % len(weights["tokens"]), ids)
    return np.linalg.norm(streams(other, weights, heads) - streams(ids, weights, heads), axis=-1)


def influence(ids, at, weights, heads, nudge=1e-4):
    """By how much the last vector of the stream moves per unit that one embedded vector is moved.  ids: [T] -> number

    The root mean square over directions: the vector of the token at that place is nudged along D axes, one at a time.
    All C of them would take long in a wide transformer, and 16 are enough, since random weights prefer none.
    """
    x = embed(ids, weights)  # [T, C]
    directions = np.eye(x.shape[1])[:: max(1, x.shape[1] // 16)]  # [D, C]
    nudges = np.zeros((len(directions), *x.shape))  # [D, T, C]
    nudges[:, at] = nudge * directions
    return np.sqrt(moves(x, nudges, weights, heads).mean()) / nudge


def moves(x, nudges, weights, heads):
    """The square of how far the last vector moves for each nudge.  x: [T, C], nudges: [D, T, C] -> [D]"""
    for now in stream_from(x, weights, heads):
        before = now[-1]  # [C]
    for now in stream_from(x + nudges, weights, heads):
        after = now[:, -1]  # [D, C]
    return ((after - before) ** 2).sum(axis=-1)


def influence_of_earlier(ids, weights, heads, nudge=1e-4, draws=32):
    """The influence of the tokens before the last, the root mean square over them.  ids: [T], T > 1 -> number

    All of them are nudged at once, each along a random diagonal. Small effects add up, and those of two tokens are as
    often opposed as alike, so the mean square over many draws is the sum of what single tokens do; within some percent.
    """
    x = embed(ids, weights)  # [T, C]
    nudges = nudge * np.random.default_rng(0).choice([-1.0, 1.0], size=(draws, *x.shape))  # [draws, T, C]
    nudges[:, -1] = 0
    return np.sqrt(moves(x, nudges, weights, heads).mean() / x[:-1].size) / nudge


def perplexity(shares):
    """How many equally likely tokens would leave as much doubt as these shares.  [V] -> one number"""
    return np.exp(-(shares * np.log(shares)).sum())


def demo(
    *,
    edited: Annotated[int, Range(1, 60, label="token to change")] = 3,
    text: Annotated[str, Text(max_length=80, label="your text")] = "The river flows through the valley and",
    leave_out: Literal["nothing", "attention", "feed-forward", "positions"] = "nothing",
    depth: Annotated[int, Range(1, 6, label="depth, in blocks")] = 2,
    heads: Annotated[Literal["1", "2", "4", "8"], Label("attention heads")] = "4",
    width: Annotated[int, Range(16, 64, 16, label="width of the vectors")] = 32,
    seed: Annotated[int, Range(0, 20, label="random seed")] = 0,
) -> Result:
    """Change one token: one block later every later token has noticed, and no earlier one ever does. Leave out
    attention, and nobody notices at all: the feed-forward layers, with most of a block's weights, see one token each.

    edited: which token is changed, counted from 1; the last where there are not so many
    text: what goes in; its first 60 tokens are used, and an empty text counts as a space
    leave_out: which kind of layer is silenced, or the positions of the tokens
    depth: how many blocks of attention and feed-forward follow each other
    heads: how many attentions work side by side in a block
    width: how many numbers a token's vector has
    seed: another number draws other weights; nobody has trained them
    """
    merges = train(small_text(), MERGES)
    tokens = [readable(token) for token in vocabulary(merges)]
    text = text.encode("utf-8", "replace").decode() or " "  # half a surrogate pair becomes a question mark
    ids = np.array(encode(text, merges)[:MOST])
    T, V, H, at = len(ids), len(tokens), int(heads), min(edited, len(ids)) - 1
    weights = without(leave_out, random_weights(np.random.default_rng(seed), V, MOST, width, depth))

    states, change = streams(ids, weights, H), reach(ids, at, weights, H)  # [1 + 2 B, T, C] and [1 + 2 B, T]
    noticed, spilled = (change[2, at + 1 :] > 0).sum(), (change[:, :at] > 0).any(axis=0).sum()
    share = change / np.linalg.norm(states, axis=-1)  # of the length of the vector
    shares = softmax(scores(states[-1, -1], weights))  # [V], what comes after the last token
    last = states[:, -1]  # [1 + 2 B, C], the stream at the last token
    first, before, own = (influence(ids, place, weights, H) for place in (0, max(T - 2, 0), T - 1))
    earlier = influence_of_earlier(ids, weights, H) if T > 1 else own
    added = [0, *np.linalg.norm(np.diff(last, axis=0), axis=-1)]

    layers = [f"{kind} {b + 1}" for b in range(depth) for kind in ("attention", "feed-forward")]
    stages, names = ["embedding", *layers], [f"{t + 1} {tokens[i].strip('␣')}" for t, i in enumerate(ids)]
    held, block = {part: size_of(part, weights) for part in PARTS}, blocks(weights)[0]
    return Result(
        summary=f"Changing token {at + 1} of {T} moves {noticed} of the {T - 1 - at} after it within one block, and "
        f"{spilled} of the {at} before it in the whole stack. Untrained, it gives its favorite next token a share of "
        f"{shares.max():.1%}, where an even guess would give {1 / V:.1%}.",
        numbers={
            "tokens": T,
            "tokens in the vocabulary": V,
            "weights": sum(held.values()),
            "share of the weights of a block in feed-forward": size_of("feed-forward", block)
            / sum(map(np.size, block.values())),
            "layers one after another": len(layers),
            "multiply-adds in the blocks": multiply_adds(weights, T),
            "later tokens that the edit reaches within one block": noticed,
            "largest change before the edited token": change[:, :at].max(initial=0),
            "influence of the first token on the last vector, as a share of the last token's own": first / own,
            "influence of the token before the last, as a share of the last token's own": before / own,
            "influence of an earlier token on average, as a share of the last token's own": earlier / own,
            "probability of the favorite next token": shares.max(),
            "tokens it hesitates between": perplexity(shares),
        },
        show=[
            Heatmap(
                f"How far a change of token {at + 1} reaches (0: not at all; one more: ten times as far)",
                np.log10(np.maximum(share, 1e-6)) + 6,
                names,
                stages,
                "token",
                "after",
            ),
            diagram(T, width, V, depth, H, 4 * width),
            axes("The stream at the last token, and what each layer adds", y="length of the vector")
            + bars(stages, {"stream": np.linalg.norm(last, axis=-1), "added": added}),
            axes("Where the weights are", y="numbers") + bars(list(held), {"weights": list(held.values())}),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
