"""A trained transformer in NumPy against `transformers` with the same weights: what it attends to, what it expects, how
surprised it is, and what it writes."""

import numpy as np
import pytest
import torch
from transformers.generation.logits_process import (
    LogitsProcessorList,
    TemperatureLogitsWarper,
    TopPLogitsWarper,
)

from demos._run import source
from demos.byte_pair_encoding import decode, encode, readable, vocabulary
from demos.parts.trained import Trained, trained
from demos.text_generation import SHOWN, attention_maps, demo, surprise, write, write_plainly
from demos.tiny_gpt import Shape
from demos.transformer_forward import blocks, forward
from tests.demos.gpt2 import gpt2

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def twin():
    """The shipped weights in the GPT-2 of `transformers`, put there by hand."""
    model = trained()
    w, (V, C) = model.weights, model.weights["tokens"].shape
    state = {"wte.weight": w["tokens"], "wpe.weight": w["positions"]}
    state |= {"ln_f.weight": w["norm.gain"], "ln_f.bias": w["norm.bias"]}
    for b, block in enumerate(blocks(w)):
        for kind, theirs in (("W", "weight"), ("b", "bias")):
            state[f"h.{b}.attn.c_attn.{theirs}"] = np.concatenate([block[f"{kind}_{part}"] for part in "qkv"], axis=-1)
            for part, name in (("o", "attn.c_proj"), ("1", "mlp.c_fc"), ("2", "mlp.c_proj")):
                state[f"h.{b}.{name}.{theirs}"] = block[f"{kind}_{part}"]
        for i in (1, 2):
            state |= {f"h.{b}.ln_{i}.weight": block[f"norm_{i}.gain"], f"h.{b}.ln_{i}.bias": block[f"norm_{i}.bias"]}
    shape = Shape(V, model.context, C, len(blocks(w)), model.heads)
    twin = gpt2(shape, attn_implementation="eager")
    twin.transformer.load_state_dict({name: torch.tensor(array) for name, array in state.items()})
    twin.tie_weights()
    return twin


def read(text):
    """The ids of a text, as the demo reads it."""
    return np.array(encode("\n\n" + text, trained().merges))


TEXTS = ["A neural network is", "Whisk the eggs until they are pale.", "x"]


@pytest.mark.parametrize("text", TEXTS)
def test_attention_is_that_of_transformers_and_every_row_sums_to_one(text, twin):
    model, ids = trained(), read(text)
    maps = attention_maps(ids, model.weights, model.heads)
    with torch.no_grad():
        expected = twin(torch.tensor(ids[None]), output_attentions=True).attentions
    assert maps.shape == (len(blocks(model.weights)), model.heads, len(ids), len(ids))
    np.testing.assert_allclose(maps, torch.cat(expected).numpy(), atol=1e-5)
    np.testing.assert_allclose(maps.sum(axis=-1), 1, atol=1e-5)
    assert (maps == np.tril(maps)).all()


@pytest.mark.parametrize("text", TEXTS)
def test_surprise_is_the_cross_entropy_of_pytorch_in_bits(text, twin):
    ids = read(text)
    with torch.no_grad():
        scores = twin(torch.tensor(ids[None])).logits[0, :-1]
    nats = torch.nn.functional.cross_entropy(scores, torch.tensor(ids[1:]), reduction="none").numpy()
    np.testing.assert_allclose(surprise(ids, trained()), nats / np.log(2), atol=1e-3)


@pytest.mark.parametrize("text", TEXTS)
def test_with_a_cache_it_expects_what_reading_everything_again_gives(text):
    model, ids = trained(), read(text)
    new, steps = write(ids, 20, model, np.random.default_rng(3), temperature=1.0, top_p=0.95)
    everything = np.array([*ids, *new])
    expected = forward(everything[:-1], model.weights, model.heads)[len(ids) - 1 :]
    assert steps.shape == (20, len(model.weights["tokens"]))
    np.testing.assert_allclose(steps, expected, atol=1e-4)


@pytest.mark.parametrize("text", TEXTS)
def test_the_fast_way_writes_what_the_plain_one_does(text):
    model, ids, how = trained(), read(text), {"temperature": 0.8, "top_p": 0.9}
    new, _ = write(ids, 20, model, np.random.default_rng(1), **how)
    assert new == write_plainly(ids, 20, model, np.random.default_rng(1), **how)
    assert len(set(new)) > 5


@pytest.mark.parametrize(("temperature", "top_p"), [(0.6, 0.9), (1.5, 0.5), (1.0, 1.0)])
def test_draws_what_transformers_would_draw(temperature, top_p, twin):
    ids, rng, expected = read("Training a model"), np.random.default_rng(5), []
    warpers = LogitsProcessorList([TemperatureLogitsWarper(temperature), TopPLogitsWarper(top_p)])
    for _ in range(15):
        text = torch.tensor([[*ids, *expected]])
        with torch.no_grad():
            shares = torch.softmax(warpers(text, twin(text).logits[:, -1].double()), dim=-1)[0].numpy()
        expected.append(int(rng.choice(len(shares), p=shares / shares.sum())))
    new, _ = write(ids, 15, trained(), np.random.default_rng(5), temperature=temperature, top_p=top_p)
    assert new == expected


def test_a_model_that_knows_what_comes_is_not_surprised_by_it_and_writes_it():
    # One block made by hand: it always expects the token whose id is one higher than that of the token it sees.
    V, N = 6, 8
    block = {f"W_{part}": np.zeros((V, V)) for part in "qkvo"} | {f"b_{part}": np.zeros(V) for part in "qkvo12"}
    block |= {f"norm_{i}.gain": np.ones(V) for i in (1, 2)} | {f"norm_{i}.bias": np.zeros(V) for i in (1, 2)}
    block |= {"W_1": np.eye(V), "W_2": 100 * np.roll(np.eye(V), 1, axis=1)}
    weights = {"tokens": np.eye(V), "positions": np.zeros((N, V))} | {f"0.{name}": w for name, w in block.items()}
    weights |= {"norm.gain": np.full(V, 30.0), "norm.bias": np.zeros(V)}
    model = Trained(weights, 1, [], {})
    ids = np.array([2, 3, 4, 5, 0, 1])
    np.testing.assert_allclose(surprise(ids, model), 0, atol=1e-6)
    assert surprise(ids[::-1], model).min() > 10
    assert write(ids[:2], 5, model, np.random.default_rng(0))[0] == [4, 5, 0, 1, 2]


# --- the demo -----------------------------------------------------------------------------------------------------


def test_the_blocks_one_can_look_at_are_those_it_has():
    [block] = [parameter for parameter in source.read("text_generation").parameters if parameter.name == "block"]
    assert (block.low, block.high) == (1, len(blocks(trained().weights)))


def test_its_figures_are_those_of_transformers_with_the_same_weights(twin):
    model, text, count = trained(), "A neural network is", 12
    ids = read(text)
    result = demo(text=text, new_tokens=count, temperature=0.7, top_p=0.8, seed=2, block=1)
    written, _ = write(ids, count, model, np.random.default_rng(2), temperature=0.7, top_p=0.8)
    both = torch.tensor([[*ids, *written]])
    with torch.no_grad():
        found = twin(both, output_attentions=True)
    nats = torch.nn.functional.cross_entropy(found.logits[0, :-1], both[0, 1:], reduction="none").numpy()
    shares = torch.softmax(found.logits[0, len(ids) - 1].double(), dim=-1)
    warpers = LogitsProcessorList([TemperatureLogitsWarper(0.7), TopPLogitsWarper(0.8)])
    drawable = warpers(both[:, : len(ids)], found.logits[:, len(ids) - 1])[0] > -torch.inf
    maps = torch.cat(found.attentions)[:, :, : len(ids), : len(ids)]
    habit = torch.diagonal(maps, -1, dim1=-2, dim2=-1).mean(dim=-1)
    close = {"rel": 1e-3}
    assert result.numbers == {
        "weights in the model": sum(weight.numel() for weight in twin.parameters()),
        "tokens in view": len(ids),
        "probability of the favorite": pytest.approx(shares.max().item(), **close),
        "entropy in bits": pytest.approx(-(shares * torch.log2(shares)).sum().item(), **close),
        "tokens that can be drawn": drawable.sum().item(),
        "bits of surprise per token in your text": pytest.approx(nats[: len(ids) - 1].mean() / np.log(2), **close),
        "bits of surprise per token written": pytest.approx(nats[len(ids) - 1 :].mean() / np.log(2), **close),
        "largest mean attention to the token before": pytest.approx(habit.max().item(), **close),
    }
    head, favorite = divmod(int(habit.argmax()), model.heads), readable(vocabulary(model.merges)[int(shares.argmax())])
    assert result.summary == (
        f"After your text the model expects “{favorite}” most, with {shares.max():.1%}; it could draw any of "
        f"{int(drawable.sum())} tokens. Head {head[1] + 1} of block {head[0] + 1} gives {habit.max():.0%} of its "
        "attention to the token before."
    )
    tokens, chart, *pictures = result.show
    assert b"".join(piece.encode() for piece in tokens.pieces) == (
        b"\n\n" + text.encode() + "▸".encode() + decode(written, model.merges)
    )
    assert tokens.notes[1 : len(ids)] == [f"{bits:.1f}" for bits in nats[: len(ids) - 1] / np.log(2)]
    assert tokens.notes[len(ids) + 1 :] == [f"{bits:.1f}" for bits in nats[len(ids) - 1 :] / np.log(2)]
    np.testing.assert_allclose(chart.series[0].y, torch.sort(shares, descending=True).values[:12], atol=1e-5)
    assert len(pictures) == model.heads
    for h, picture in enumerate(pictures):
        np.testing.assert_allclose(picture.values, maps[0, h].numpy(), atol=1e-5)


@pytest.mark.parametrize("block", [1, 2, 3, 4])
def test_a_block_shows_its_own_heads_and_only_the_last_tokens_of_a_long_text(block, twin):
    text = (
        "The gradient says how the loss changes when a weight changes a little, and not one word about eggs and sugar."
    )
    ids = read(text)
    assert len(ids) > SHOWN
    pictures = demo(text=text, new_tokens=1, block=block).show[2:]
    with torch.no_grad():
        expected = twin(torch.tensor(ids[None]), output_attentions=True).attentions[block - 1][0]
    for h, picture in enumerate(pictures):
        np.testing.assert_allclose(picture.values, expected[h, -SHOWN:, -SHOWN:].numpy(), atol=1e-5)
        assert picture.title.startswith(f"Block {block}, head {h + 1}: ")
        assert [int(name.split()[0]) for name in picture.rows] == list(range(len(ids) - SHOWN + 1, len(ids) + 1))


def test_of_a_text_that_is_too_long_the_end_is_read_and_the_summary_says_so():
    model, text = trained(), "q" * 200  # which no merge shortens
    ids = read(text)
    result = demo(text=text, new_tokens=40)
    room = model.context - 40
    assert result.summary.endswith(f" The first {len(ids) - room} tokens of your text are out of its view.")
    assert result.numbers["tokens in view"] == room
    assert (
        result.numbers["probability of the favorite"]
        == demo(text="q" * (room + 5), new_tokens=40).numbers["probability of the favorite"]
    )


def test_what_the_model_makes_of_a_sentence_like_those_it_read_and_of_another():
    known = demo(text="The gradient of the loss").numbers["bits of surprise per token in your text"]
    other = demo(text="Whisk eggs with sugar, then bake").numbers["bits of surprise per token in your text"]
    assert known < other


def test_the_seed_decides_what_is_written():
    assert len({"".join(demo(seed=seed, temperature=1.0).show[0].pieces) for seed in range(1, 5)}) == 4
