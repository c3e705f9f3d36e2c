"""Masks against `transformers`, against drawing, against every text there is, and against JSON Schema."""

import itertools
import json

import jsonschema
import numpy as np
import pytest
import torch
from transformers.generation.logits_process import PrefixConstrainedLogitsProcessor

from demos.byte_pair_encoding import encode
from demos.constrained_decoding import both_ways, demo, one_of_each, settled, tree, valid_outputs
from demos.parts.trained import trained
from demos.sampling import heat
from demos.softmax import softmax

pytestmark = pytest.mark.usefixtures("one_thread")
V = 5


def a_model(seed, longest=4):
    """Scores after every beginning, at random: ids -> [V]"""
    rng = np.random.default_rng(seed)
    table = {
        ids: 2 * rng.normal(size=V) for n in range(longest) for ids in itertools.product(range(V), repeat=n)
    }  # the smallest thing that depends on all tokens before
    return lambda path: np.array([table[path[:t]] for t in range(len(path))])


def some_paths(seed):
    """Paths of which none begins another, since each ends with the token 0 and has none before."""
    rng = np.random.default_rng(seed)
    return list({(*(int(i) for i in rng.integers(1, V, rng.integers(1, 4))), 0) for _ in range(6)})


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("temperature", [0.3, 1.0, 1.7])
def test_the_mask_equals_that_of_transformers(seed, temperature):
    paths, ask = some_paths(seed), a_model(seed)
    allowed = tree(paths)
    processor = PrefixConstrainedLogitsProcessor(lambda _, ids: allowed[tuple(ids.tolist())], num_beams=1)
    expected = []
    for path in paths:
        steps, p = ask(path), 1.0
        for t, token in enumerate(path):
            before = torch.tensor([path[:t]], dtype=torch.long).reshape(1, t)
            p *= softmax(processor(before, torch.tensor(steps[t : t + 1] / temperature)).numpy()[0])[token]
        expected.append(p)
    masked, *_ = both_ways(paths, ask, temperature)
    np.testing.assert_allclose(masked, expected, rtol=1e-9)
    np.testing.assert_allclose(masked.sum(), 1, rtol=1e-12)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("temperature", [0.3, 1.0, 1.7])
def test_among_the_valid_it_is_the_model_s_own_share(seed, temperature):
    """By the definition: of all texts that the model may write, keep those that are valid."""
    paths, ask = some_paths(seed), a_model(seed)
    everything = {}
    for text in itertools.product(range(V), repeat=4):
        shares = softmax(heat(ask(text), temperature))
        everything[text] = np.prod(shares[range(4), text])
    own = [sum(p for text, p in everything.items() if text[: len(path)] == path) for path in paths]
    _, among, free, _ = both_ways(paths, ask, temperature)
    np.testing.assert_allclose([np.exp(each.sum()) for each in free], own, rtol=1e-9)
    np.testing.assert_allclose(among, np.array(own) / sum(own), rtol=1e-9)


def test_a_likely_beginning_leads_astray():
    """By hand: 1 then 0 has 0.6 times 0.1, 2 then 0 has 0.3 times 1. The mask sees the first token alone."""
    first, after_1, after_2 = ([0.0, 0.6, 0.3, 0.1], [0.1, 0.9, 0, 0], [1.0, 0, 0, 0])
    steps = {(1, 0): np.array([first, after_1]), (2, 0): np.array([first, after_2])}
    with np.errstate(divide="ignore"):
        masked, among, *_ = both_ways([(1, 0), (2, 0)], lambda path: np.log(steps[path]))
    np.testing.assert_allclose(masked, [2 / 3, 1 / 3])
    np.testing.assert_allclose(among, [1 / 6, 5 / 6])


@pytest.mark.parametrize("seed", range(3))
def test_without_a_fork_behind_the_first_token_both_are_alike(seed):
    """Where each output is a token and then what must follow for sure, there is nothing to be led into."""
    steps = np.random.default_rng(seed).normal(size=V)
    masked, among, *_ = both_ways([(i,) for i in range(3)], lambda path: steps[None])
    np.testing.assert_allclose(masked, among, rtol=1e-12)


def test_drawing_under_the_mask_gives_these_shares():
    paths, ask, rng = some_paths(1), a_model(1), np.random.default_rng(0)
    allowed, steps = tree(paths), {}
    for path in paths:
        steps |= {path[: t + 1]: row for t, row in enumerate(ask(path))}
    counts = dict.fromkeys(paths, 0)
    for _ in range(4000):
        text = ()
        while text not in counts:
            row = next(row for key, row in steps.items() if key[:-1] == text)
            share = softmax(row[allowed[text]])
            text = (*text, int(rng.choice(allowed[text], p=share)))
        counts[text] += 1
    masked, *_ = both_ways(paths, ask)
    np.testing.assert_allclose(np.array([counts[path] for path in paths]) / 4000, masked, atol=0.03)


@pytest.mark.parametrize(
    "options", ["yes, no", 'a "quote", a \\ backslash, }', "a, a., a.b", "é, 漢字, 😀, \x00", "", " , ,"]
)
def test_json_is_json_and_no_output_begins_another(options):
    for form in ("JSON", "plain words"):
        outputs = valid_outputs(options, form)
        paths = [tuple(encode(text, trained().merges)) for text in outputs.values()]
        assert len(set(paths)) == len(outputs) > 0
        assert not any(a != b and b[: len(a)] == a for a in paths for b in paths)
        np.testing.assert_allclose(both_ways(paths, lambda path: np.zeros((len(path), 1256)))[0].sum(), 1)
    schema = {"type": "object", "required": ["answer"], "additionalProperties": False}
    schema["properties"] = {"answer": {"enum": list(outputs)}}
    for name, text in valid_outputs(options, "JSON").items():
        jsonschema.validate(json.loads(text), schema)
        assert json.loads(text)["answer"] == name


def test_a_mask_that_leaves_one_token_settles_it():
    assert settled((1, 2, 3), tree([(1, 2, 3)])) == 3
    assert settled((1, 2, 3), tree([(1, 2, 3), (1, 4)])) == 2


def test_what_is_drawn_is_valid_or_cut_off():
    model = trained()
    path = tuple(encode(valid_outputs("good", "JSON")["good"], model.merges))
    rng = np.random.default_rng(0)
    free, held = one_of_each(np.array(encode("x", model.merges)), path, model, rng, 20, 1.0)
    assert json.loads(held) == {"answer": "good"}
    assert free != held
    assert not one_of_each(np.array([1]), path, model, rng, 5, 1.0)[1].endswith("}")


def test_the_demo_is_valid_with_the_mask_as_long_as_there_is_room():
    full, short = demo(form="JSON").numbers, demo(form="JSON", most=10).numbers
    assert full["percent of valid outputs with the mask"] == pytest.approx(100)
    assert full["percent of valid outputs without the mask"] < 1e-20
    assert short["percent of valid outputs with the mask"] == 0
    assert demo().numbers["largest shift by the mask, in percentage points"] > 90


@pytest.mark.parametrize("text", ["Noise is", "The best is", "", "x" * 120])
def test_the_shares_sum_to_one_as_far_as_seven_digits_go(text):
    bars = demo(text=text, options="good, bad, a problem, an error, a risk").show[0].series
    np.testing.assert_allclose([sum(each.y) for each in bars], 1, atol=1e-5)
