"""Large language model, in small: a transformer in PyTorch that learns to write like the pages it reads.

Notation: ids [B, T], B texts of T tokens; V tokens in the vocabulary, C numbers per vector, H heads, D = C / H numbers
          each; N tokens at most in view, the context; S tokens in all, with those read before. A window is N + 1 tokens
          in a row: its first N are read, and at each of them the next one is to be guessed.
Three things, one after the other: the model, its training, and writing with it. The form is that of GPT-2: learned
positions, normalization in front of each layer, GELU, and scores made with the table of embeddings. The loop in train()
is the one that trains models a hundred thousand times as large, here on this glossary's own text.
Leaves out: dropout inside attention, which would keep it from running as one fused operation; and everything that comes
            after pretraining, such as learning to follow instructions. What makes training faster, and what keeps a
            long run safe, is in demos/parts: devices, processes, checkpoints, logbook and sizes.

Source: Radford et al. (2019), section 2,
        https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf
        Brown et al. (2020), appendix B: optimizer, warm-up, cosine, clipping, https://arxiv.org/abs/2005.14165
"""

import math
from dataclasses import asdict, dataclass
from typing import Annotated, Literal

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from demos import CannotRun, Range, Result, Step, Text, Trace, announce, axes, curves
from demos.byte_pair_encoding import decode, encode
from demos.ngram_lm import probabilities, read
from demos.parts.checkpoints import NOT_KEPT, Keep, digest
from demos.parts.choosing import Chooser
from demos.parts.logbook import Logbook
from demos.parts.processes import ALONE, faster, in_parts, mean_over, world
from demos.parts.sizes import needs, parameters_in

# --- the model ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shape:
    """The size of a model: V, N, C, blocks, H."""

    vocabulary: int
    context: int
    width: int
    depth: int
    heads: int


class Block(nn.Module):
    """Attention, where tokens meet, then a feed-forward layer, where each is on its own.  x: [B, T, C] -> [B, T, C]"""

    def __init__(self, C, heads, dropout, place):
        super().__init__()
        self.heads, self.drop, self.place = heads, nn.Dropout(dropout), place  # place: which block of the model it is
        self.norm_1, self.norm_2 = nn.LayerNorm(C), nn.LayerNorm(C)
        self.queries_keys_values, self.mix = nn.Linear(C, 3 * C), nn.Linear(C, C)
        self.up, self.down = nn.Linear(C, 4 * C), nn.Linear(4 * C, C)

    def forward(self, x, cache=None):
        x = x + self.drop(self.attention(self.norm_1(x), cache))
        return x + self.drop(self.feed_forward(self.norm_2(x)))

    def attention(self, x, cache):
        B, T, C = x.shape
        q, k, v = self.queries_keys_values(x).view(B, T, 3, self.heads, -1).unbind(2)  # [B, T, H, D] each
        mask, causal = None, True  # each token looks at itself and at earlier ones
        if cache:  # those that were read before are not in x
            k, v, mask = cache.extend(self.place, k, v)  # [B, S, H, D] each
            causal = mask is None and T > 1
        q, k, v = q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2)  # each head by itself
        mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=causal)  # [B, H, T, D]
        return self.mix(mixed.transpose(1, 2).reshape(B, T, C))

    def feed_forward(self, x):
        return self.down(F.gelu(self.up(x), approximate="tanh"))


class GPT(nn.Module):
    """Token ids in, scores of the next token out."""

    def __init__(self, shape, dropout=0.0):
        super().__init__()
        if shape.width % shape.heads:
            raise CannotRun(f"a width of {shape.width} can not be shared evenly by {shape.heads} heads")
        self.shape, C = shape, shape.width
        self.tokens, self.positions = nn.Embedding(shape.vocabulary, C), nn.Embedding(shape.context, C)
        self.drop, self.norm = nn.Dropout(dropout), nn.LayerNorm(C)
        self.blocks = nn.ModuleList([Block(C, shape.heads, dropout, b) for b in range(shape.depth)])
        spread = 0.02 * math.sqrt(768 / C)  # GPT-2's at its width; narrower sums need larger terms
        for name, weights in self.named_parameters():
            if weights.ndim == 2:  # what enters the stream is made smaller, the more layers add to it
                layers = 2 * shape.depth if name.endswith(("mix.weight", "down.weight")) else 1
                nn.init.normal_(weights, std=spread / math.sqrt(layers))
            elif name.endswith("bias"):
                nn.init.zeros_(weights)

    def stream(self, ids, cache=None):
        """The vector of each token after the last block.  ids: [B, T], behind those in the cache -> [B, T, C]"""
        at = cache.begin(ids) if cache else torch.arange(ids.shape[1], device=ids.device)
        x = self.drop(self.tokens(ids) + self.positions(at))
        for block in self.blocks:
            x = block(x, cache)
        return x

    def scores(self, x):
        """Compare each vector with that of every token.  x: [.., C] -> [.., V]"""
        return F.linear(self.norm(x), self.tokens.weight)

    def forward(self, ids, targets):
        """The loss: the mean surprise, in nats, about the tokens that came next.  ids, targets: [B, T] -> one number"""
        return F.cross_entropy(self.scores(self.stream(ids)).flatten(0, 1), targets.flatten())


# --- training -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """What decides how a training run goes, and so what a checkpoint must agree with to be gone on with."""

    steps: int
    batch: int
    accumulate: int
    learning_rate: float
    dropout: float
    seed: int


def train(model, optimizer, batches, accumulate=1):
    """The training loop: a batch, its loss, the gradient of the loss, and a step against it -> yields each loss.

    batches: for each step its learning rate and its windows [B, N + 1];  accumulate: in how many parts it is computed
    """
    for rate, windows in batches:
        for group in optimizer.param_groups:
            group["lr"] = rate
        total = 0.0
        for part in in_parts(windows, accumulate, model):  # the gradients of all parts add up
            loss = model(part[:, :-1], part[:, 1:]) / accumulate
            loss.backward()
            total += loss.detach()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)  # so that no odd batch throws the model far off
        optimizer.step()
        optimizer.zero_grad()
        yield total


def optimizer_for(model, weight_decay=0.1):
    """AdamW that pulls matrices toward zero, but no bias and no gain, which say where zero is."""
    weights = list(model.parameters())
    groups = [
        {"params": [w for w in weights if w.ndim == 2], "weight_decay": weight_decay},
        {"params": [w for w in weights if w.ndim != 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, betas=(0.9, 0.95), fused=weights[0].device.type in ("cuda", "cpu"))


def learning_rate_at(step, steps, peak):
    """Up in a straight line over the first twentieth, then down half a cosine to a tenth of the peak."""
    warm_up = max(1, steps // 20)
    if step < warm_up:
        return peak * (step + 1) / warm_up
    done = (step - warm_up) / max(1, steps - warm_up)
    return peak * (0.1 + 0.9 * (1 + math.cos(math.pi * done)) / 2)


def windows_at(step, ids, batch, N, seed):
    """The windows of one step -> [batch, N + 1]. It depends on the step alone, so a run can go on from any.

    A pass cuts the text into windows, from a start that is drawn anew, and visits each once at most, in any order.
    """
    count = (len(ids) - N) // N  # how many fit, wherever they start
    if count < batch:
        raise CannotRun(f"a batch of {batch} windows of {N} tokens does not fit into a text of {len(ids)} tokens")
    turn, place = divmod(step, count // batch)
    rng = np.random.default_rng([seed, turn])
    start = rng.integers(min(N, len(ids) - count * N))
    chosen = rng.permutation(count)[place * batch : (place + 1) * batch]
    return ids[start + chosen[:, None] * N + np.arange(N + 1)]


def batches(ids, N, run, here=ALONE, first=0):
    """What this process learns from, in each step from the first on: the learning rate, and its own windows."""
    for step in range(first, run.steps):
        windows = torch.as_tensor(windows_at(step, ids, run.batch, N, run.seed))
        mine = windows[here.rank :: here.size].to(here.device)  # no window goes to two processes
        torch.manual_seed((run.seed * 2**32 + step) * 2**12 + here.rank)  # for dropout: the step decides, not the past
        yield learning_rate_at(step, run.steps, run.learning_rate), mine


@torch.no_grad()
def surprise(model, before, ids, rows=16):
    """The nats of surprise about each token of a text, with at least half a context in view.  ids: [M] -> [M]"""
    N, device = model.shape.context, next(model.parameters()).device
    half = N // 2
    text = torch.as_tensor(np.concatenate([before[-half:], ids, np.zeros(-len(ids) % half, int)]), device=device)
    model.eval()
    found = []
    for part in text.unfold(0, 2 * half, half).split(rows):  # windows that overlap by half
        guesses = model.scores(model.stream(part[:, :-1])[:, half - 1 :])  # of the second half of each
        found.append(F.cross_entropy(guesses.float().transpose(1, 2), part[:, half:], reduction="none").flatten())
    model.train()
    return torch.cat(found)[: len(ids)]


def pretrain(model, texts, run, here=ALONE, keep=NOT_KEPT):
    """Trains a model on one text, and on the way tries it on another that it does not learn from -> Logbook

    texts: ids [M] of both;  here: the World of processes;  keep: where a checkpoint is kept, or gone on from
    """
    (training, held_out), N = texts, model.shape.context
    optimizer, log = optimizer_for(model), Logbook(run.steps, run.batch * N)
    settings = {**asdict(model.shape), **asdict(run), "text": digest(training)}
    first = keep.restore(settings, model, optimizer, log)
    losses = train(faster(model, here), optimizer, batches(training, N, run, here, first), run.accumulate)
    for step in log.follow(mean_over(loss, here) for loss in losses):
        if step > first and here.is_first:
            keep.save(settings, model, optimizer, log)
        if log.is_due:
            log.trials.append([step, float(surprise(model, training, held_out).mean())])
    return log


# --- writing ------------------------------------------------------------------------------------------------------


@torch.inference_mode()
def write(model, ids, count, **how):
    """Write `count` tokens behind a text, the plain way: for each of them, read everything again.

    ids: [T] with T + count <= N;  how: the settings of a Chooser -> a list of new ids
    """
    model.eval()
    text, choose = list(ids), Chooser(1, **how)
    for _ in range(count):
        x = model.stream(torch.tensor([text], device=model.tokens.weight.device))
        text += choose(model.scores(x[:, -1]), [text])
    return text[len(ids) :]


class Cache:
    """The fast way: keys and values of the tokens that were read, which no later token changes, with room for more.

    start: [B], the column of the first token of each text, where shorter ones stand behind padding; else None
    """

    def __init__(self, model, rows, room, start=None):
        shape, like = model.shape, model.tokens.weight
        size = (rows, room, 2, shape.heads, shape.width // shape.heads)
        self.kept, self.past, self.start, self.mask = [like.new_zeros(size) for _ in model.blocks], 0, start, None

    def begin(self, ids):
        """Makes ready for more tokens.  ids: [B, T] -> their positions, [T] or [B, T]"""
        T = ids.shape[1]
        at = torch.arange(self.past, self.past + T, device=ids.device)
        self.past += T
        if self.start is not None:
            self.mask = visible(at, self.start)
            return (at - self.start[:, None]).clamp(min=0)  # counted from the first token of each text
        first = self.past == T  # then the usual mask will do, and a single token may look at everything
        self.mask = None if first or T == 1 else visible(at, torch.zeros(1, dtype=torch.long, device=ids.device))
        return at

    def extend(self, b, k, v):
        """Adds keys and values of the new tokens in block b.  [B, T, H, D] -> all so far [B, S, H, D], and the mask"""
        kept, before = self.kept[b], self.past - k.shape[1]
        kept[:, before : self.past, 0] = k
        kept[:, before : self.past, 1] = v
        return *kept[:, : self.past].unbind(2), self.mask


def visible(at, start):
    """The columns a row may look at: its own, and earlier ones of its text.  at: [T], start: [B] -> [B, 1, T, S]"""
    columns = torch.arange(at[-1] + 1, device=at.device)
    mask = (columns <= at[:, None]) & (columns >= start[:, None, None])
    return (mask | (columns == at[:, None]))[:, None]  # padding looks at itself, since softmax over nothing is 0 / 0


@torch.inference_mode()
def generate(model, prompts, count, **how):
    """Write `count` tokens behind each prompt, a list of ids, the fast way -> a list of lists of new ids.

    What a prompt gets does not depend on its neighbors. Of a long prompt only the end is read, so that what is written
    fits into the context behind it.  how: the settings of a Chooser
    """
    N, device = model.shape.context, model.tokens.weight.device
    if not 0 < count < N:
        raise CannotRun(f"{count} new tokens do not fit behind a prompt into a context of {N}", f"write 1 to {N - 1}")
    if not all(prompts):
        raise CannotRun("a prompt is empty, and the model needs a token to begin with")
    model.eval()
    texts, choose = [list(prompt[-(N - count) :]) for prompt in prompts], Chooser(len(prompts), **how)
    longest = max(map(len, texts))
    start = [longest - len(text) for text in texts]  # shorter prompts are moved to the right, behind padding
    new = torch.tensor([[0] * gap + text for gap, text in zip(start, texts, strict=True)], device=device)
    cache = Cache(model, len(texts), longest + count, torch.tensor(start, device=device) if any(start) else None)
    for _ in range(count):
        chosen = choose(model.scores(model.stream(new, cache)[:, -1]), texts)
        for text, token in zip(texts, chosen, strict=True):
            text.append(token)
        new = torch.tensor(chosen, device=device)[:, None]
    return [text[-count:] for text in texts]


# --- the demo -----------------------------------------------------------------------------------------------------


def best_of_counting(merges=(0, 200, 400, 1000)):
    """The best n-gram model of this text -> bits per byte of the held-out text, its order, its merges."""
    found = []
    for m in merges:
        learned, training, held_out, tables = read("glossary", m)
        bits = -np.log2(probabilities(tables, training, held_out, 256 + m)).sum(axis=1)  # [order]
        found += [(total / len(decode(held_out, learned)), order, m) for order, total in enumerate(bits, start=1)]
    return min(found)


def bits_per_byte(losses, ids, learned):
    """Nats per token of a text in bits per byte, which do not depend on how it is cut into tokens.  [..] -> [..]"""
    return np.array(losses) / math.log(2) * len(ids) / len(decode(ids, learned))


def continuation(model, text, learned, **how):
    """What the model writes behind a text, and how many tokens of the text did not fit into its context."""
    N, text = model.shape.context, text.encode("utf-8", "replace").decode() or " "  # half a surrogate pair becomes "?"
    prompt = encode(text, learned)
    count = min(100, max(N // 2, N - len(prompt)))
    [new] = generate(model, [prompt], count, **how)
    return decode(new, learned).decode("utf-8", "replace"), max(0, len(prompt) - (N - count))


def demo(
    *,
    text: Annotated[str, Text(max_length=200)] = "A neural network is",
    steps: Annotated[int, Range(1, 20_000)] = 400,
    width: Annotated[int, Range(16, 1024, 16)] = 64,
    depth: Annotated[int, Range(1, 24)] = 2,
    heads: Annotated[int, Range(1, 16)] = 4,
    context: Annotated[int, Range(16, 1024, 16)] = 64,
    merges: Annotated[int, Range(0, 1000, 8)] = 512,
    batch: Annotated[int, Range(1, 512)] = 16,
    accumulate: Annotated[int, Range(1, 64)] = 1,
    learning_rate: Annotated[float, Range(0.0001, 0.01, 0.0001, log=True)] = 0.003,
    dropout: Annotated[float, Range(0, 0.5, 0.05)] = 0.1,
    temperature: Annotated[float, Range(0, 3, 0.05)] = 0.7,
    top_k: Annotated[int, Range(0, 50)] = 0,
    top_p: Annotated[float, Range(0.05, 1, 0.05)] = 0.9,
    min_p: Annotated[float, Range(0, 0.5, 0.01)] = 0.0,
    penalty: Annotated[float, Range(1, 2, 0.05)] = 1.0,
    device: Literal["auto", "cpu", "cuda", "mps"] = "auto",
    precision: Literal["auto", "float32", "bfloat16"] = "auto",
    compile: bool = False,
    checkpoint: Annotated[str, Text(max_length=200)] = "",
    checkpoint_every: Annotated[int, Range(1, 10_000)] = 100,
    resume: bool = False,
    seed: Annotated[int, Range(0, 1000)] = 0,
) -> Result:
    """Train it for longer, or make it larger: on so little text the loss on what it reads keeps falling, while the loss
    on pages it never saw stops, as it does for the counts of an n-gram model.

    text: what the trained model continues
    steps: how many batches it learns from
    width: how many numbers a token's vector has
    depth: how many blocks
    heads: how many attentions work side by side in a block
    context: how many tokens are in view
    merges: how many byte pairs are merged into tokens
    batch: how many windows of text a step learns from, on all devices together
    accumulate: in how many parts a batch is computed, where memory is short
    learning_rate: the largest; it rises at first and falls to a tenth
    dropout: the share of numbers that are left out in training, so that none is relied upon
    temperature: what the scores are divided by before drawing; 0 takes the favorite
    top_k: how many tokens can be drawn, the likeliest first; 0 means all
    top_p: tokens can be drawn until they hold this much of the whole
    min_p: tokens can be drawn that have at least this part of the favorite's share
    penalty: above 1, tokens that came before become less likely
    device: where to compute; auto takes a graphics card if there is one
    precision: of matrix products; auto takes bfloat16 on graphics cards
    compile: let PyTorch compile the model first, which pays in longer runs
    checkpoint: a file that keeps the run, such as run.safetensors
    checkpoint_every: after how many steps it is kept
    resume: go on from the checkpoint
    seed: draws the first weights, the order of the text, and the continuation
    """
    learned, training, held_out, _ = read("glossary", merges)
    shape = Shape(256 + merges, context, width, depth, heads)
    run = Run(steps, batch, accumulate, learning_rate, dropout, seed)
    keep = Keep(checkpoint, checkpoint_every, resume)
    with world(device, precision, compile) as here:
        announce(needs(shape, run, here))
        torch.manual_seed(seed)
        model = GPT(shape, dropout).to(here.device)
        log = pretrain(model, (training, held_out), run, here, keep)

    how = {"temperature": temperature, "top_k": top_k, "top_p": top_p, "min_p": min_p, "penalty": penalty, "seed": seed}
    written, cut = continuation(model, text, learned, **how)
    tried, nats = zip(*log.trials, strict=True)
    unseen, known = bits_per_byte(nats, held_out, learned), bits_per_byte(log.losses, training, learned)
    counting, order, counted = best_of_counting()
    pieces = np.array_split(np.arange(steps), min(steps, 50))  # one point for each, since single batches differ a lot
    return Result(
        summary=(
            f"After {steps:,} steps a transformer of {parameters_in(shape):,} parameters needs {unseen[-1]:.2f} bits "
            f"for each byte of the held-out text. The best n-gram model of the same text needs {counting:.2f}, so "
            f"{'the transformer wins' if unseen[-1] < counting else 'counting wins'}."
            f"{f' The first {cut} tokens of your text did not fit into its context.' if cut else ''}"
        ),
        numbers={
            "parameters": parameters_in(shape),
            "tokens in the training text": len(training),
            "tokens read in training": steps * batch * context,
            "validation loss, nats per token": nats[-1],
            "perplexity on the held-out text": math.exp(nats[-1]),
            "bits per byte on the held-out text": unseen[-1],
            "lowest bits per byte on the way": unseen.min(),
            "bits per byte on the training text, with dropout": known[pieces[-1]].mean(),
            "bits per byte of the best n-gram model": counting,
            "order of the best n-gram model": order,
            "merges of the best n-gram model": counted,
            "tokens per second in training": log.speed,
        },
        show=[
            axes("Learning", "step", "bits per byte")
            + curves(tried, {"held-out text": unseen})
            + curves([p.mean() + 1 for p in pieces], {"training text, with dropout": [known[p].mean() for p in pieces]})
            + curves([0, steps], {"best n-gram model, held-out text": [counting, counting]}),
            Trace("What it writes", [Step("your text", text), Step("the model", written)]),
        ],
    )


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
