"""The benchmark of transformers compares like with like and counts right. Nothing here is timed."""

import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode
from transformers import GPT2LMHeadModel

from bench import transformer as bench
from bench.transformer import SIDES, WARM_UP, Case, How, Worker, flops_per_token, side_named, weights_of
from demos.tiny_gpt import GPT, Shape

TINY = Case("tiny", Shape(50, 16, 8, 2, 2), tokens=12, batch=3, prompt=4, written=8)
HERE = How("cpu", torch.get_num_threads(), compiled=False, clock="wall")


@pytest.fixture(scope="module")
def weights():
    with weights_of(TINY.shape) as path:
        yield path


@pytest.fixture
def worker(weights):
    return lambda name: Worker(name, TINY, HERE, weights)


@pytest.mark.parametrize(("shape", "tokens"), [(TINY.shape, 12), (Shape(33, 24, 16, 3, 4), 24)])
def test_operations_are_counted_as_pytorch_counts_them(shape, tokens):
    windows = torch.randint(shape.vocabulary, (3, tokens + 1))
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:  # fused attention computes some twice
        GPT(shape)(windows[:, :-1], windows[:, 1:]).backward()
    assert 3 * tokens * flops_per_token(shape, tokens) == counter.get_total_flops()


def test_gpt2_small_needs_as_many_operations_as_its_weights_and_its_context_say():
    small = bench.cases("cuda")["small"]
    weights = 124_439_808 - 1024 * 768 - 12 * 13 * 768 - 2 * 768  # all but positions, biases and gains
    assert flops_per_token(small.shape, 1024) == 6 * weights + 12 * 12 * 1024 * 768
    assert flops_per_token(small.shape, 1024, attention=0.5) == 6 * weights + 6 * 12 * 1024 * 768


def test_all_sides_find_the_same_losses_in_training_and_write_the_same(worker):
    losses, written = {}, {}
    for name in SIDES:
        side = worker(name)
        losses[name] = side.begin_training()
        side.end_training()
        written[name] = [side.begin_writing(rows) for rows in (1, 8)]
    assert len(set(losses["ours"])) == WARM_UP
    for name in SIDES:
        assert losses[name] == pytest.approx(losses["ours"], rel=1e-5)
        assert written[name] == written["ours"]
    assert [[len(text) for text in texts] for texts in written["ours"]] == [[8], [8] * 8]


def test_writing_begins_with_the_first_weights_however_long_a_side_was_trained(worker):
    untrained, trained = worker("ours"), worker("ours")
    trained.begin_training()
    trained.train(0)
    trained.end_training()
    assert trained.begin_writing(8) == untrained.begin_writing(8) == untrained.check()[1]


@pytest.mark.parametrize("name", SIDES)
def test_a_turn_does_at_least_one_piece_of_work(worker, name):
    side = worker(name)
    side.begin_training()
    assert side.train(0) > 0
    peak, before = side.end_training()
    assert peak >= before > 0
    side.begin_writing(1)
    assert side.write(1, 0) > 0


def test_the_loss_taken_for_transformers_is_its_own(weights):
    side = side_named("theirs", TINY, torch.load(weights, weights_only=True))
    windows = torch.randint(50, (3, 13))
    own = side.model(windows, labels=windows).loss.item()
    assert side.trainer()(windows[:, :-1], windows[:, 1:]).item() == pytest.approx(own, rel=1e-6)


def test_transformers_reads_one_token_at_a_time_and_nothing_stands_between_scores_and_choice(weights, monkeypatch):
    side = side_named("theirs", TINY, torch.load(weights, weights_only=True))
    read, processors = [], []
    forward, chosen = GPT2LMHeadModel.forward, GPT2LMHeadModel._get_logits_processor

    def reading(self, input_ids, **others):
        read.append(input_ids.shape[1])
        return forward(self, input_ids, **others)

    def choosing(self, *given, **others):
        processors.extend(found := chosen(self, *given, **others))
        return found

    monkeypatch.setattr(GPT2LMHeadModel, "forward", reading)
    monkeypatch.setattr(GPT2LMHeadModel, "_get_logits_processor", choosing)
    side.write(torch.randint(50, (2, 4)), 8)
    assert read == [4] + [1] * 7
    assert processors == []
    assert side.model.config._attn_implementation == "sdpa"


@pytest.mark.parametrize(
    ("name", "activation"), [("theirs", "GELUTanh"), ("published", "NewGELUActivation")], ids=["theirs", "published"]
)
def test_the_sides_of_transformers_differ_in_their_gelu(weights, name, activation):
    side = side_named(name, TINY, torch.load(weights, weights_only=True))
    assert type(side.model.transformer.h[0].mlp.act).__name__ == activation


@pytest.mark.parametrize(
    ("theirs", "sentence"),
    [
        ((2.1, [[1, 2]]), "bench.transformer: the losses differ: 2.0 in ours and 2.1 in theirs"),
        ((float("nan"), [[1, 2]]), "bench.transformer: the losses differ: 2.0 in ours and nan in theirs"),
        ((2.0, [[1, 3]]), "bench.transformer: ours and theirs write different tokens"),
    ],
)
def test_sides_that_differ_are_not_timed(theirs, sentence):
    bench.must_agree({"ours": (2.0, [[1, 2]]), "theirs": (2.00001, [[1, 2]])})
    with pytest.raises(SystemExit, match=f"^{sentence}$"):
        bench.must_agree({"ours": (2.0, [[1, 2]]), "theirs": theirs})


def test_sides_that_drift_apart_in_training_are_not_timed():
    bench.must_be_close({"ours": [2.0, 1.9], "theirs": [2.0, 1.91]}, torch.bfloat16)
    sentence = "bench.transformer: at step 2 the losses differ: 1.9 in ours and 1.91 in theirs"
    with pytest.raises(SystemExit, match=f"^{sentence}$"):
        bench.must_be_close({"ours": [2.0, 1.9], "theirs": [2.0, 1.91]}, torch.float32)


def test_the_table_tells_medians_ranges_and_ratios():
    sides = {
        "ours": {"training": [900.0, 1200.0, 1100.0], "share": [0.42, 0.5, 0.45], "writing 1": [33.3]},
        "theirs": {"training": [1000.0, 900.0, 1100.0], "share": [0.4, 0.4, 0.4], "writing 1": [22.2]},
    }
    for found, peak in zip(sides.values(), (400.0, 500.0), strict=True):
        found |= {"peak": [peak], "of the model": [peak - 300], "writing 8": [120.0]}
    assert bench.table([(TINY, HERE, sides)]).splitlines()[2:] == [
        "| tiny, 3 × 12 | no | training, tokens per second | 1,100 (900–1,200) | 1,000 (900–1,100) | 1.10 |  |  |",
        "| tiny, 3 × 12 | no | training, share of the matrix rate | 45% (42%–50%) | 40% (40%–40%) |  |  |  |",
        "| tiny, 3 × 12 | no | peak memory in training, MB | 400 | 500 | 0.80 |  |  |",
        "| tiny, 3 × 12 | no | of which not there before the model, MB | 100 | 200 | 0.50 |  |  |",
        "| tiny, 3 × 12 | no | writing one text, tokens per second | 33.3 | 22.2 | 1.50 |  |  |",
        "| tiny, 3 × 12 | no | writing eight, tokens per second | 120 | 120 | 1.00 |  |  |",
    ]
