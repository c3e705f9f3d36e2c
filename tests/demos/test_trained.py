"""The weights that come with the demos: what made them still stands, and they do what is said of them."""

import numpy as np
import pytest
import torch

from demos import asset
from demos._run import run
from demos._run.fingerprint import fingerprint
from demos.byte_pair_encoding import decode
from demos.data import weights as _weights
from demos.ngram_lm import read
from demos.parts.gpt2_names import to_arrays
from demos.parts.trained import packed, trained, unpacked
from demos.tiny_gpt import GPT, Shape
from demos.transformer_forward import forward, random_weights, scores, stream

pytestmark = pytest.mark.usefixtures("one_thread")


def shape_of(model):
    V, C = model.weights["tokens"].shape
    depth = sum(name.endswith(".W_q") for name in model.weights)
    return Shape(V, model.context, C, depth, model.heads)


def in_torch(model):
    """The same weights in PyTorch, put there by hand."""
    weights = model.weights
    state = {"tokens.weight": weights["tokens"], "positions.weight": weights["positions"]}
    state |= {"norm.weight": weights["norm.gain"], "norm.bias": weights["norm.bias"]}
    for b in range(shape_of(model).depth):
        for i in (1, 2):
            state[f"blocks.{b}.norm_{i}.weight"] = weights[f"{b}.norm_{i}.gain"]
            state[f"blocks.{b}.norm_{i}.bias"] = weights[f"{b}.norm_{i}.bias"]
        for ours, theirs in (("o", "mix"), ("1", "up"), ("2", "down")):
            state[f"blocks.{b}.{theirs}.weight"] = weights[f"{b}.W_{ours}"].T
            state[f"blocks.{b}.{theirs}.bias"] = weights[f"{b}.b_{ours}"]
        queries_keys_values = [np.concatenate([weights[f"{b}.{kind}_{part}"].T for part in "qkv"]) for kind in "Wb"]
        state[f"blocks.{b}.queries_keys_values.weight"], state[f"blocks.{b}.queries_keys_values.bias"] = (
            queries_keys_values
        )
    network = GPT(shape_of(model)).eval()
    network.load_state_dict({name: torch.tensor(array) for name, array in state.items()})
    return network


# --- the file -----------------------------------------------------------------------------------------------------


def test_the_file_is_small_enough_for_a_page():
    assert asset("tiny-gpt.npz").stat().st_size <= 2_000_000


def test_what_made_it_is_unchanged():
    about = trained().about
    assert about["command"] == "make weights"
    assert about["settings"] == run.settings("tiny_gpt", _weights.SETTINGS)
    assert about["fingerprint"] == fingerprint("tiny_gpt", about["settings"]), "out of date; run: make weights"


def test_the_tokens_and_the_shape_are_those_of_its_settings():
    model = trained()
    settings = model.about["settings"]
    assert model.merges == read("glossary", settings["merges"])[0]
    sizes = {name: settings[name] for name in ("context", "width", "depth", "heads")}
    assert shape_of(model) == Shape(vocabulary=256 + settings["merges"], **sizes)
    assert {array.dtype for array in model.weights.values()} == {np.dtype(np.float32)}


def test_it_holds_half_the_digits_and_nothing_that_would_be_run():
    with np.load(asset("tiny-gpt.npz"), allow_pickle=False) as file:
        kinds = {name: file[name].dtype for name in file.files}
    assert kinds.pop("merges") == np.uint16
    assert kinds.pop("about").kind == "U"
    assert set(kinds.values()) == {np.dtype(np.float16)}


def test_what_is_packed_comes_out_again(tmp_path):
    weights = random_weights(np.random.default_rng(0), 260, 16, 16, 2)
    halves = {name: array.astype(np.float16) for name, array in weights.items()}
    merges = [(101, 32), (256, 256), (257, 97), (65535, 0)]
    about = {"fingerprint": "abc", "settings": {"text": "½"}}
    np.savez_compressed(tmp_path / "file.npz", **packed(halves, 4, merges, about))
    with np.load(tmp_path / "file.npz", allow_pickle=False) as file:
        found = unpacked({name: file[name] for name in file.files})
    assert (found.heads, found.merges, found.about, found.context) == (4, merges, about, 16)
    assert found.weights.keys() == halves.keys()
    assert all((found.weights[name] == halves[name]).all() for name in halves)


# --- what it does -------------------------------------------------------------------------------------------------


def test_torch_and_numpy_agree_on_it():
    model = trained()
    ids = read("glossary", len(model.merges))[2][: 8 * model.context].reshape(8, model.context)
    with torch.no_grad():
        network = in_torch(model)
        expected = network.scores(network.stream(torch.as_tensor(ids))).numpy()
    assert expected.std() > 0.5
    np.testing.assert_allclose(forward(ids, model.weights, model.heads), expected, atol=1e-4, rtol=1e-5)


def test_its_names_are_those_that_pytorchs_weights_are_given():
    model = trained()
    arrays = to_arrays(in_torch(model))
    assert arrays.keys() == model.weights.keys()
    assert all((arrays[name] == model.weights[name]).all() for name in arrays)


def test_numpy_needs_as_many_bits_for_the_held_out_text_as_training_recorded():
    model = trained()
    _, training, held_out, _ = read("glossary", len(model.merges))
    half, nats = model.context // 2, 0.0
    text = np.concatenate([training[-half:], held_out])
    starts = np.arange(0, len(text) - 2 * half, half)  # each window is scored on its second half
    windows = text[starts[:, None] + np.arange(2 * half)]
    rest = text[starts[-1] + half :]  # and what is left behind the last of them, on its end
    for part in [*np.array_split(windows, 8), rest[None]]:
        *_, x = stream(part[:, :-1], model.weights, model.heads)
        found = scores(x[:, half - 1 :], model.weights)
        found -= found.max(axis=-1, keepdims=True)
        of_next = np.take_along_axis(found, part[:, half:, None], axis=-1)[..., 0]
        nats += float((np.log(np.exp(found).sum(axis=-1)) - of_next).sum(dtype=float))
    assert len(windows) * half + len(rest) - half == len(held_out)
    bits = nats / np.log(2) / len(decode(held_out, model.merges))
    assert bits == pytest.approx(model.about["bits per byte on the held-out text"], abs=0.01)


# --- the command that makes it ------------------------------------------------------------------------------------


def test_the_command_trains_and_leaves_what_can_be_read_and_what_was_recorded(tmp_path, monkeypatch, capsys):
    settings = {"steps": 2, "width": 16, "depth": 1, "heads": 2, "context": 16, "merges": 8, "device": "cpu"}
    recorded = []
    monkeypatch.setattr(_weights, "SETTINGS", settings)
    monkeypatch.setattr(_weights, "FILE", tmp_path / "weights.npz")
    monkeypatch.setattr(_weights, "write", lambda *found: recorded.append(found) or tmp_path / "recording.json")
    assert _weights.main() == 0
    with np.load(tmp_path / "weights.npz", allow_pickle=False) as file:
        model = unpacked({name: file[name] for name in file.files})
    [(result, seconds)] = recorded
    assert model.about["fingerprint"] == fingerprint("tiny_gpt", settings)
    assert model.about["settings"] == result["settings"]
    assert model.about["settings"] | settings | {"checkpoint": ""} == model.about["settings"]
    assert model.about["made_with"]["seconds"] == round(seconds, 2)
    name = "bits per byte on the held-out text"
    assert model.about[name] == result["numbers"][name]
    assert shape_of(model) == Shape(264, 16, 16, 1, 2)
    assert len(model.merges) == 8
    size = (tmp_path / "weights.npz").stat().st_size
    said = capsys.readouterr().out
    assert said == f"{result['summary']}\nwrote weights.npz, {size:,} bytes, and recording.json\n"
