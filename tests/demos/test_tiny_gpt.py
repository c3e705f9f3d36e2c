"""The transformer in PyTorch against GPT-2's own code, its training against a loop written apart from it, and its
writing against `transformers` and against reading everything again."""

import math
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.generation.logits_process import (
    LogitsProcessorList,
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

import demos
from demos import CannotRun, ngram_lm
from demos._run import run as _run
from demos._run.run import DemoFailed
from demos.byte_pair_encoding import decode, encode
from demos.ngram_lm import read
from demos.parts.gpt2_names import theirs, turned
from demos.parts.processes import World, in_parts
from demos.parts.sizes import expected_bytes, parameters_in
from demos.tiny_gpt import (
    GPT,
    Cache,
    Run,
    Shape,
    batches,
    best_of_counting,
    generate,
    learning_rate_at,
    optimizer_for,
    pretrain,
    surprise,
    train,
    windows_at,
    write,
)
from tests.demos.gpt2 import DEVICES, scrambled, texts, twin_of
from tests.demos.kept import kept

pytestmark = pytest.mark.usefixtures("one_thread")
SHAPES = [Shape(50, 16, 16, 1, 1), Shape(61, 24, 32, 3, 4), Shape(40, 32, 48, 2, 3)]
SMALL = SHAPES[1]


def model_of(shape, seed=0, device="cpu"):
    """With large random weights and in double precision, so that hardly anything is left to rounding."""
    return scrambled(GPT(shape).double(), seed).to(device)


def letters(count):
    """A text that repeats: whoever has seen the token before knows the next one."""
    return np.tile([3, 1, 4, 5, 9, 2, 6, 0], count)


def refused(work, *arguments, **named):
    with pytest.raises(CannotRun) as caught:
        work(*arguments, **named)
    return str(caught.value)


# --- the model ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_gives_the_loss_and_the_gradients_of_gpt2_with_the_same_weights(shape):
    model = model_of(shape)
    twin, ids = twin_of(model), texts(shape, 3, shape.context)
    loss = model(ids[:, :-1], ids[:, 1:])
    assert loss.item() == pytest.approx(twin(ids, labels=ids).loss.item(), rel=1e-6)  # computed in single precision
    exact = torch.nn.functional.cross_entropy(twin(ids).logits[:, :-1].flatten(0, 1), ids[:, 1:].flatten())
    assert loss.item() == pytest.approx(exact.item(), rel=1e-12)
    loss.backward()
    exact.backward()
    gradients = {name.removeprefix("transformer."): w.grad for name, w in twin.named_parameters()}
    for name, weight in model.named_parameters():
        assert weight.grad.abs().max() > 1e-6
        torch.testing.assert_close(weight.grad, turned(name, gradients[theirs(name)]), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("device", DEVICES)
def test_a_later_token_changes_no_earlier_score_by_a_single_bit(device):
    model, ids = model_of(SMALL, device=device), texts(SMALL, 1, 20).to(device)
    for place in (1, 7, 19):
        other = ids.clone()
        other[0, place] = (ids[0, place] + 1) % SMALL.vocabulary
        before, after = (model.scores(model.stream(text))[0] for text in (ids, other))
        assert torch.equal(before[:place], after[:place])
        assert ((before[place:] - after[place:]).abs().amax(dim=1) > 1e-3).all()


def test_a_token_is_scored_with_the_vector_that_it_is_read_with():
    model, x = model_of(SMALL), torch.randn(5, SMALL.width, dtype=torch.double)
    before, push = model.scores(x), torch.randn(SMALL.width, dtype=torch.double)
    with torch.no_grad():
        model.tokens.weight[7] += push
    change = model.scores(x) - before
    torch.testing.assert_close(change[:, 7], model.norm(x) @ push)
    change[:, 7] = 0
    assert not change.any()


def test_the_first_weights_are_drawn_as_those_of_gpt2_are():
    shape = Shape(300, 64, 768, 2, 12)
    torch.manual_seed(0)
    ours = GPT(shape)
    config = GPT2Config(vocab_size=300, n_positions=64, n_layer=2, bos_token_id=0, eos_token_id=0)
    twin = dict(GPT2LMHeadModel(config).transformer.named_parameters())
    for name, weight in ours.named_parameters():
        other = twin[theirs(name)]
        assert weight.mean().item() == pytest.approx(other.mean().item(), abs=1e-3)
        assert weight.std().item() == pytest.approx(other.std().item(), rel=0.05, abs=1e-9)


def test_an_untrained_one_is_as_surprised_as_by_an_even_guess():
    torch.manual_seed(0)
    model, ids = GPT(Shape(300, 32, 32, 2, 4)), texts(Shape(300, 32, 32, 2, 4), 8, 32)
    assert model(ids[:, :-1], ids[:, 1:]).item() == pytest.approx(math.log(300), rel=0.1)


def test_a_width_that_the_heads_can_not_share_is_refused():
    assert refused(GPT, Shape(50, 16, 32, 1, 5)) == "a width of 32 can not be shared evenly by 5 heads"


def test_dropout_acts_in_training_only():
    torch.manual_seed(0)
    model, ids = GPT(SMALL, dropout=0.5), texts(SMALL, 2, 10)
    assert not torch.equal(model.stream(ids), model.stream(ids))
    model.eval()
    assert torch.equal(model.stream(ids), model.stream(ids))


# --- the schedule and the windows ---------------------------------------------------------------------------------


def rates(steps, peak):
    """The same schedule from PyTorch's parts: a line up to the peak, then a cosine down to a tenth of it."""
    warm_up = max(1, steps // 20)
    found = []
    for count, schedule in (
        (warm_up, lambda optimizer: LinearLR(optimizer, 1 / warm_up, 1.0, max(1, warm_up - 1))),
        (steps - warm_up, lambda optimizer: CosineAnnealingLR(optimizer, max(1, steps - warm_up), peak / 10)),
    ):
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=peak)
        scheduler = schedule(optimizer)
        for _ in range(count):
            found.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
    return found


@pytest.mark.parametrize("steps", [1, 2, 19, 40, 100, 333])
def test_the_learning_rate_is_that_of_pytorchs_schedulers(steps):
    found = [learning_rate_at(step, steps, 0.003) for step in range(steps)]
    np.testing.assert_allclose(found, rates(steps, 0.003), rtol=1e-9)


def test_the_learning_rate_by_hand():
    assert [learning_rate_at(step, 100, 1.0) for step in (0, 1, 4, 5)] == pytest.approx([0.2, 0.4, 1.0, 1.0])
    assert learning_rate_at(52.5, 100, 1.0) == pytest.approx(0.55)  # half way down the cosine
    assert learning_rate_at(100, 100, 1.0) == pytest.approx(0.1)
    assert learning_rate_at(0, 1, 1.0) == 1.0


@pytest.mark.parametrize(("length", "batch", "N"), [(1000, 4, 16), (97, 1, 16), (160, 9, 16), (500, 7, 33)])
def test_a_pass_over_the_text_guesses_every_token_once_at_most_and_leaves_out_few(length, batch, N):
    ids = np.arange(length)  # so that a token says where it stands
    steps = (length - N) // N // batch
    passes = [[windows_at(turn * steps + step, ids, batch, N, 0) for step in range(steps)] for turn in range(3)]
    for one in passes:
        windows = np.concatenate(one)
        assert windows.shape == (steps * batch, N + 1)
        assert (np.diff(windows) == 1).all()
        guessed = windows[:, 1:].ravel()
        assert len(set(guessed)) == len(guessed)
        assert length - len(guessed) < 2 * N + batch * N  # the ends, and what fills no batch
    starts = {min(window[0] for window in np.concatenate(one)) % N for one in passes}
    assert len(starts) > 1  # every pass cuts the text elsewhere
    assert not np.array_equal(passes[0][0] % N, passes[1][0] % N)


def test_the_windows_of_a_step_depend_on_the_step_and_the_seed_and_on_nothing_before():
    ids = np.arange(1000)
    late = windows_at(37, ids, 4, 16, 5)
    for step in range(37):
        windows_at(step, ids, 4, 16, 5)
    np.testing.assert_array_equal(windows_at(37, ids, 4, 16, 5), late)
    assert not np.array_equal(windows_at(36, ids, 4, 16, 5), late)
    assert not np.array_equal(windows_at(37, ids, 4, 16, 6), late)


def test_a_batch_that_does_not_fit_into_the_text_is_refused():
    windows_at(0, np.arange(160), 9, 16, 0)
    sentence = "a batch of 10 windows of 16 tokens does not fit into a text of 160 tokens"
    assert refused(windows_at, 0, np.arange(160), 10, 16, 0) == sentence


# --- a step -------------------------------------------------------------------------------------------------------


def test_weights_are_pulled_toward_zero_but_no_bias_and_no_gain():
    model = model_of(SMALL)
    before = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    optimizer = optimizer_for(model, weight_decay=0.1)
    for group in optimizer.param_groups:
        group["lr"] = 0.5
    for weight in model.parameters():
        weight.grad = torch.zeros_like(weight)
    optimizer.step()
    for name, weight in model.named_parameters():
        matrix = not name.endswith("bias") and "norm" not in name
        torch.testing.assert_close(weight.detach(), before[name] * (0.95 if matrix else 1.0), rtol=1e-12, atol=0)


@pytest.mark.parametrize("parts", [1, 2, 4])
@pytest.mark.parametrize("device", DEVICES)
def test_a_batch_in_parts_gives_the_gradient_of_the_whole_batch(parts, device):
    model, windows = model_of(SMALL, device=device), texts(SMALL, 8, 17).to(device)
    model(windows[:, :-1], windows[:, 1:]).backward()
    gradients = [w.grad.clone() for w in model.parameters()]
    length = torch.cat([g.flatten() for g in gradients]).norm()
    assert length > 1  # so that it is cut
    before = [w.detach().clone() for w in model.parameters()]
    model.zero_grad()
    [loss] = train(model, torch.optim.SGD(model.parameters()), [(0.01, windows)], accumulate=parts)
    for weight, old, gradient in zip(model.parameters(), before, gradients, strict=True):
        torch.testing.assert_close((old - weight.detach()) / 0.01, gradient / length, rtol=1e-6, atol=1e-9)
    assert loss.item() == pytest.approx(model_of(SMALL)(windows[:, :-1].cpu(), windows[:, 1:].cpu()).item(), rel=1e-6)


def test_a_short_gradient_is_left_as_it_is():
    model, windows = model_of(SMALL), texts(SMALL, 4, 17)
    weights = list(model.parameters())
    with torch.no_grad():  # as flat as it gets: every score is about the same
        model.norm.weight *= 1e-3
        model.norm.bias *= 1e-3
    model(windows[:, :-1], windows[:, 1:]).backward()
    gradients = [w.grad.clone() for w in weights]
    assert torch.cat([g.flatten() for g in gradients]).norm() < 1
    before = [w.detach().clone() for w in weights]
    model.zero_grad()
    list(train(model, torch.optim.SGD(weights), [(0.01, windows)]))
    for weight, old, gradient in zip(weights, before, gradients, strict=True):
        torch.testing.assert_close((old - weight.detach()) / 0.01, gradient, rtol=1e-6, atol=1e-9)


def test_a_step_leaves_no_gradient_to_the_next():
    model, windows = model_of(SMALL), texts(SMALL, 4, 17)
    losses = []
    for loss in train(model, torch.optim.SGD(model.parameters()), [(0.0, windows)] * 3):
        assert all(weight.grad is None for weight in model.parameters())
        losses.append(loss.item())
    assert losses == [model(windows[:, :-1], windows[:, 1:]).item()] * 3


# --- training -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("accumulate", [1, 3])
def test_a_whole_run_goes_as_the_same_loop_around_gpt2(accumulate):
    model, ids = model_of(SMALL), np.random.default_rng(0).integers(SMALL.vocabulary, size=900)
    run = Run(steps=44, batch=6, accumulate=accumulate, learning_rate=0.01, dropout=0.0, seed=3)
    twin = twin_of(model).train()
    matrices = [w for name, w in twin.named_parameters() if not name.endswith("bias") and "ln_" not in name]
    vectors = [w for name, w in twin.named_parameters() if name.endswith("bias") or "ln_" in name]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.95), foreach=False)
    expected, lengths = [], []
    for step, rate in enumerate(rates(44, 0.01)):
        for group in optimizer.param_groups:
            group["lr"] = rate
        windows = torch.as_tensor(windows_at(step, ids, 6, SMALL.context, 3))
        scores = twin(windows[:, :-1]).logits
        loss = torch.nn.functional.cross_entropy(scores.flatten(0, 1), windows[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        lengths.append(torch.nn.utils.clip_grad_norm_(twin.parameters(), 1.0).item())
        optimizer.step()
        expected.append(loss.item())
    assert min(lengths) < 1 < max(lengths)
    log = pretrain(model, (ids, ids[:30]), run)
    np.testing.assert_allclose(log.losses, expected, rtol=1e-7)
    assert [step for step, _ in log.trials] == list(range(45))
    assert log.trials[-1][1] == pytest.approx(surprise(model, ids, ids[:30]).mean().item(), rel=1e-12)
    assert log.speed > 0


@pytest.mark.parametrize("device", DEVICES)
def test_learns_a_text_that_repeats_by_heart_and_goes_on_with_it(device):
    torch.manual_seed(0)
    here = World(0, 1, torch.device(device))
    model = GPT(Shape(16, 16, 32, 1, 2)).to(device)
    log = pretrain(model, (letters(60), letters(9)), Run(120, 16, 1, 0.01, 0.0, 0), here)
    assert log.losses[0] == pytest.approx(math.log(16), rel=0.3)
    assert log.losses[-1] < 0.05
    assert log.trials[-1][1] < 0.05
    assert generate(model, [[4, 5], [2]], 10, temperature=0) == [
        [9, 2, 6, 0, 3, 1, 4, 5, 9, 2],
        [6, 0, 3, 1, 4, 5, 9, 2, 6, 0],
    ]


@pytest.mark.parametrize("device", DEVICES)
def test_half_the_digits_stay_close_to_all_of_them(device):
    losses = {}
    for precision in (torch.float32, torch.bfloat16):
        here = World(0, 1, torch.device(device), precision)
        torch.manual_seed(0)
        model = GPT(Shape(16, 16, 32, 1, 2)).to(device)
        log = pretrain(model, (letters(60), letters(9)), Run(30, 16, 1, 0.01, 0.0, 0), here)
        losses[precision] = np.array(log.losses)
        assert model.tokens.weight.dtype == torch.float32  # only products are rounded
    difference = np.abs(losses[torch.bfloat16] - losses[torch.float32])
    assert 1e-4 < difference.max() < 0.1
    assert difference.mean() < 0.01
    assert losses[torch.float32][-1] < 0.5 * losses[torch.float32][0]


@pytest.mark.parametrize("device", DEVICES)
def test_a_compiled_model_learns_the_same(device, monkeypatch):
    if device == "cpu":  # without the compiler proper, which not every machine has: does it find one whole graph?
        monkeypatch.setattr(torch, "compile", partial(torch.compile, backend="eager", fullgraph=True))
    for precision in (torch.float32, torch.bfloat16):
        losses = []
        for compiled in (False, True):
            torch.manual_seed(0)
            model, here = (
                GPT(Shape(16, 16, 32, 1, 2)).to(device),
                World(0, 1, torch.device(device), precision, compiled),
            )
            log = pretrain(model, (letters(60), letters(9)), Run(5, 16, 2, 0.01, 0.0, 0), here)
            losses.append(log.losses)
        np.testing.assert_allclose(losses[0], losses[1], rtol=1e-4 if precision == torch.float32 else 1e-2)


def test_the_optimizer_is_one_fused_operation():
    assert all(group["fused"] for group in optimizer_for(GPT(SMALL)).param_groups)


@pytest.mark.parametrize(("size", "accumulate"), [(1, 1), (1, 4), (2, 2), (3, 1), (4, 2)])
def test_processes_and_parts_share_a_batch_without_overlap_and_nothing_is_lost(size, accumulate):
    ids, run = np.arange(700), Run(3, 24, accumulate, 0.01, 0.0, 1)
    worlds = [World(rank, size, torch.device("cpu")) for rank in range(size)]
    for step, shares in enumerate(zip(*(batches(ids, 16, run, here) for here in worlds), strict=True)):
        assert {rate for rate, _ in shares} == {learning_rate_at(step, 3, 0.01)}
        parts = [part.tolist() for _, windows in shares for part in in_parts(windows, accumulate, None)]
        assert [len(part) for part in parts] == [24 // size // accumulate] * size * accumulate
        windows = [tuple(window) for part in parts for window in part]
        assert len(set(windows)) == 24
        assert set(windows) == {tuple(window) for window in windows_at(step, ids, 24, 16, 1).tolist()}
    assert step == 2


def test_every_step_of_every_process_drops_out_other_numbers_and_a_second_run_the_same():
    ids = np.arange(700)

    def seeds(seed, rank, first=0):
        here, run = World(rank, 2, torch.device("cpu")), Run(5, 4, 1, 0.01, 0.1, seed)
        return [torch.initial_seed() for _ in batches(ids, 16, run, here, first)]

    every = [seed for run in (0, 1, 1000) for rank in (0, 1) for seed in seeds(run, rank)]
    assert len(set(every)) == len(every) == 3 * 2 * 5
    assert seeds(1, 1) == seeds(1, 1)
    assert seeds(1, 1, first=3) == seeds(1, 1)[3:]


# --- surprise -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [1, 7, 12, 13, 50])
def test_surprise_is_that_of_gpt2_with_half_a_context_and_more_before_each_token(length):
    model = model_of(SMALL)
    twin, half = twin_of(model), SMALL.context // 2
    before, ids = np.split(np.random.default_rng(1).integers(SMALL.vocabulary, size=30 + length), [30])
    text, expected = np.concatenate([before[-half:], ids]), []
    for i in range(length):
        view = text[i // half * half : half + i]
        with torch.no_grad():
            scores = twin(torch.as_tensor(view[None])).logits[0, -1]
        expected.append(-torch.log_softmax(scores, dim=0)[ids[i]].item())
    for rows in (1, 3, 16):
        np.testing.assert_allclose(surprise(model, before, ids, rows).numpy(), expected, rtol=1e-5)


def test_surprise_leaves_dropout_out_and_then_lets_training_go_on():
    torch.manual_seed(0)
    model = GPT(SMALL, dropout=0.5)
    ids = np.random.default_rng(1).integers(SMALL.vocabulary, size=60)
    assert torch.equal(surprise(model, ids, ids), surprise(model, ids, ids))
    assert model.training
    assert all(weight.grad is None for weight in model.parameters())


# --- the cache ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cuts", [[24], [1] * 24, [7, 17], [5, 1, 1, 9, 8], [23, 1]])
@pytest.mark.parametrize("device", DEVICES)
def test_with_a_cache_the_scores_are_those_without_however_the_text_is_cut(cuts, device):
    model, ids = model_of(SMALL, device=device), texts(SMALL, 3, 24).to(device)
    cache = Cache(model, 3, 24)
    found = torch.cat([model.stream(part, cache) for part in ids.split(cuts, dim=1)], dim=1)
    torch.testing.assert_close(model.scores(found), model.scores(model.stream(ids)), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("cuts", [[24], [1] * 24, [9, 15], [20, 1, 1, 2]])
@pytest.mark.parametrize("device", DEVICES)
def test_with_padding_in_front_the_scores_are_those_of_each_text_alone(cuts, device):
    model, ids = model_of(SMALL, device=device), texts(SMALL, 24, 24).to(device)  # every length from 1 to 24
    cache = Cache(model, 24, 24, torch.arange(24, device=device))
    found = torch.cat([model.stream(part, cache) for part in ids.split(cuts, dim=1)], dim=1)
    assert found.isfinite().all()
    for row in range(24):
        alone = model.stream(ids[row : row + 1, row:])
        torch.testing.assert_close(found[row : row + 1, row:], alone, rtol=1e-9, atol=1e-9)


# --- writing ------------------------------------------------------------------------------------------------------

DRAWN = {"temperature": 1.3, "top_k": 30, "top_p": 0.95, "min_p": 0.01, "penalty": 1.2, "seed": 4}


def prompts(shape, lengths, seed=0):
    rng = np.random.default_rng(seed)
    return [rng.integers(shape.vocabulary, size=length).tolist() for length in lengths]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("how", [{"temperature": 0}, {"temperature": 0, "penalty": 1.5}, DRAWN], ids=str)
def test_a_batch_of_prompts_gives_what_each_gives_alone(how, device):
    model = model_of(SMALL, device=device)
    batch = prompts(SMALL, [3, 14, 1, 7, 7, 20])
    together = generate(model, batch, 10, **how)
    assert together == [generate(model, [prompt], 10, **how)[0] for prompt in batch]
    assert len({tuple(new) for new in together}) == 6


@pytest.mark.parametrize("how", [{"temperature": 0}, {"temperature": 0, "penalty": 1.5}, DRAWN], ids=str)
@pytest.mark.parametrize("device", DEVICES)
def test_the_fast_way_writes_what_the_plain_one_does(device, how):
    model = model_of(SMALL, device=device)
    for prompt in prompts(SMALL, [1, 2, 7, 12]):
        assert generate(model, [prompt], 12, **how) == [write(model, prompt, 12, **how)]


def test_the_favorite_is_what_reading_everything_again_would_give():
    model = model_of(SMALL)
    twin = twin_of(model)
    for prompt, new in zip(
        batch := prompts(SMALL, range(1, 13)), generate(model, batch, 12, temperature=0), strict=True
    ):
        again = list(prompt)
        for token in new:
            with torch.no_grad():
                assert token == twin(torch.tensor([again])).logits[0, -1].argmax().item()
            again.append(token)


@pytest.mark.parametrize(
    "how",
    [
        {"temperature": 0.7},
        {"temperature": 2.0, "top_k": 5},
        {"temperature": 1.5, "top_p": 0.8},
        {"temperature": 1.5, "min_p": 0.1},
        {"temperature": 0.5, "penalty": 2.0},
        DRAWN,
    ],
    ids=str,
)
def test_draws_from_what_the_processors_of_transformers_leave(how):
    model = model_of(SMALL)
    twin, batch = twin_of(model), prompts(SMALL, [2, 9, 5])
    settings = {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0, "penalty": 1.0, "seed": 0} | how
    steps = [RepetitionPenaltyLogitsProcessor(settings["penalty"]), TemperatureLogitsWarper(settings["temperature"])]
    steps += [TopKLogitsWarper(settings["top_k"])] if settings["top_k"] else []
    steps += [TopPLogitsWarper(settings["top_p"]), MinPLogitsWarper(settings["min_p"])]
    expected = []
    for prompt in batch:
        rng, text = np.random.default_rng(settings["seed"]), list(prompt)
        for _ in range(12):
            with torch.no_grad():
                scores = twin(torch.tensor([text])).logits[:, -1]
            shares = torch.softmax(LogitsProcessorList(steps)(torch.tensor([text]), scores), dim=-1)[0].numpy()
            text.append(int(rng.choice(SMALL.vocabulary, p=shares / shares.sum())))
        expected.append(text[-12:])
    assert generate(model, batch, 12, **how) == expected


def test_the_seed_decides_what_is_drawn():
    model, batch = model_of(SMALL), prompts(SMALL, [4])
    drawn = [generate(model, batch, 12, seed=seed) for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_of_a_prompt_that_is_too_long_the_end_is_read():
    model, [prompt] = model_of(SMALL), prompts(SMALL, [100])
    assert generate(model, [prompt], 10, temperature=0) == generate(model, [prompt[-14:]], 10, temperature=0)
    assert generate(model, [prompt], 10, temperature=0) != generate(model, [prompt[-13:]], 10, temperature=0)
    assert len(generate(model, [prompt], 23)[0]) == 23  # a single token is read


@pytest.mark.parametrize("count", [24, 100, 0, -1])
def test_more_new_tokens_than_fit_into_the_context_are_refused(count):
    told = f"{count} new tokens do not fit behind a prompt into a context of 24\nhint: write 1 to 23"
    assert refused(generate, model_of(SMALL), [[1]], count) == told


def test_an_empty_prompt_is_refused():
    told = "a prompt is empty, and the model needs a token to begin with"
    assert refused(generate, model_of(SMALL), [[1], []], 5) == told


def test_writing_leaves_dropout_out():
    torch.manual_seed(0)
    model = GPT(SMALL, dropout=0.5)
    assert generate(model, [[1, 2]], 20, temperature=0) == generate(model, [[1, 2]], 20, temperature=0)


# --- the demo -----------------------------------------------------------------------------------------------------

TINY = {"device": "cpu", "steps": 15, "width": 16, "depth": 1, "heads": 2, "context": 16}
TINY |= {"merges": 200, "batch": 8, "learning_rate": 0.01}


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """A short run, what it announced, and the checkpoint it left."""
    path, told = tmp_path_factory.mktemp("run") / "run.safetensors", []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demos, "watchers", [lambda done, total, note: told.append((done, total, note))])
        result = _run.run("tiny_gpt", {**TINY, "text": "Attention", "temperature": 0, "checkpoint": str(path)})
    return SimpleNamespace(**result, told=told, state=kept(path))


def test_before_it_starts_it_states_parameters_device_precision_and_memory(shown):
    parameters = sum(w.numel() for w in GPT(Shape(456, 16, 16, 1, 2)).parameters())
    memory = expected_bytes(Shape(456, 16, 16, 1, 2), 8) / 1e6
    assert shown.told[0] == (
        0,
        0,
        f"{parameters:,} parameters; 15 steps of 128 tokens; 1 process on cpu with 1 thread in float32, "
        f"with about {memory:.0f} MB each",
    )
    assert [done for done, _, _ in shown.told[1:]] == list(range(2, 16))


def test_it_reports_the_figures_of_its_run(shown):
    learned, training, held_out, _ = read("glossary", 200)
    numbers, state = shown.numbers, shown.state
    size = len(decode(held_out, learned))
    model = GPT(Shape(456, 16, 16, 1, 2))
    model.load_state_dict(state["model"])
    loss = surprise(model, training, held_out).mean().item()
    bits = loss / math.log(2) * len(held_out) / size
    losses = np.array(state["losses"]) / math.log(2) * len(training) / len(decode(training, learned))
    counting, order, merges = best_of_counting()
    assert numbers == {
        "parameters": parameters_in(model.shape),
        "tokens in the training text": len(training),
        "tokens read in training": 15 * 8 * 16,
        "validation loss, nats per token": pytest.approx(loss, rel=1e-6),
        "perplexity on the held-out text": pytest.approx(math.exp(loss), rel=1e-6),
        "bits per byte on the held-out text": pytest.approx(bits, rel=1e-6),
        "lowest bits per byte on the way": pytest.approx(
            min(loss, *(nats for _, nats in state["trials"])) / math.log(2) * len(held_out) / size
        ),
        "bits per byte on the training text, with dropout": pytest.approx(losses[-1]),
        "bits per byte of the best n-gram model": counting,
        "order of the best n-gram model": order,
        "merges of the best n-gram model": merges,
        "tokens per second in training": numbers["tokens per second in training"],
    }
    assert numbers["tokens per second in training"] > 0
    assert shown.summary == (
        f"After 15 steps a transformer of {parameters_in(model.shape):,} parameters needs {bits:.2f} bits for each "
        f"byte of the held-out text. The best n-gram model of the same text needs {counting:.2f}, so counting wins."
    )


def test_what_it_reads_gets_less_surprising_and_so_does_what_it_never_saw(shown):
    held_out, training, counting = shown.show[0]["series"]
    assert held_out["x"] == list(range(16))
    assert held_out["y"][-1] < 0.9 * held_out["y"][0]
    assert training["x"] == list(range(1, 16))
    assert training["y"][-1] < 0.9 * training["y"][0]
    assert counting["y"] == [shown.numbers["bits per byte of the best n-gram model"]] * 2


def test_the_sample_is_what_gpt2_writes_with_the_weights_it_ended_with(shown):
    learned, *_ = read("glossary", 200)
    model = GPT(Shape(456, 16, 16, 1, 2))
    model.load_state_dict(shown.state["model"])
    twin = twin_of(model)
    prompt = encode("Attention", learned)
    text = list(prompt)
    with torch.no_grad():
        for _ in range(16 - len(prompt)):  # as many as the context has room for
            text.append(twin(torch.tensor([text])).logits[0, -1].argmax().item())
    assert shown.show[1]["steps"] == [
        {"who": "your text", "text": "Attention"},
        {"who": "the model", "text": decode(text[len(prompt) :], learned).decode("utf-8", "replace")},
    ]


def test_the_best_model_that_counts_is_the_one_that_its_own_demo_finds():
    bits, order, merges = best_of_counting()

    def by_its_demo(order, merges):
        return ngram_lm.demo(order=order, merges=merges).numbers["bits per byte on the held-out text"]

    assert bits == pytest.approx(by_its_demo(order, merges), rel=1e-12)
    assert bits < min(by_its_demo(order - 1, merges), by_its_demo(order + 1, merges), by_its_demo(order, 200))


def test_a_text_that_is_too_long_is_cut_and_the_summary_says_so():
    result = _run.run("tiny_gpt", {**TINY, "steps": 1, "merges": 0, "text": "A text of thirty-one bytes, long"})
    assert result["summary"].endswith(" The first 24 tokens of your text did not fit into its context.")
    assert len(result["show"][1]["steps"][1]["text"].encode()) >= 8
    assert result["numbers"]["tokens per second in training"] == 0  # one step is no measure


@pytest.mark.parametrize("text", ["", "Half \ud83c a pair"])
def test_any_text_is_continued(text):
    result = _run.run("tiny_gpt", {**TINY, "steps": 1, "merges": 0, "text": text, "temperature": 0})
    assert result["show"][1]["steps"][1]["text"]


def test_a_graphics_card_is_never_touched_where_there_is_none(monkeypatch):
    def touched():
        raise AssertionError("CUDA was touched")

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    monkeypatch.setattr(torch.cuda, "_lazy_init", touched)
    _run.run("tiny_gpt", {**TINY, "steps": 2, "device": "auto"})


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"device": "cuda"},
            "there is no cuda device on this machine\nhint: it has cpu; auto picks the fastest",
        ),
        (
            {"batch": 10, "accumulate": 4},
            "a batch of 10 can not be cut into 4 even parts\nhint: take a multiple of 4",
        ),
        ({"heads": 5}, "a width of 16 can not be shared evenly by 5 heads"),
    ],
)
def test_what_can_not_be_done_is_refused_with_a_sentence(given, sentence, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    with pytest.raises(DemoFailed) as caught:
        _run.run("tiny_gpt", {**TINY, **given})
    assert str(caught.value) == sentence


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a graphics card that PyTorch can compute on")
def test_on_a_graphics_card_it_takes_bfloat16_says_so_and_learns_the_same(shown, monkeypatch):
    told = []
    monkeypatch.setattr(demos, "watchers", [lambda done, total, note: told.append(note)])
    result = _run.run("tiny_gpt", {**TINY, "text": "Attention", "device": "cuda", "compile": True})
    assert f"1 process on {torch.cuda.get_device_name()} in bfloat16, " in told[0]
    name = "validation loss, nats per token"
    assert result["numbers"][name] == pytest.approx(shown.numbers[name], rel=0.05)  # dropout draws other numbers there
