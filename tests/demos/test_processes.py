"""Devices and processes: which device a name means, and that several processes learn what one alone would learn."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from demos import CannotRun
from demos.parts import processes
from demos.parts.processes import World, device_named, mean_over, name_of, precision_named, world
from tests.demos import elsewhere

ROOT = Path(__file__).parents[2]
TOGETHER = pytest.mark.skipif(sys.platform == "win32", reason="several processes are not tried on Windows")
SETTINGS = {"steps": 7, "width": 16, "depth": 2, "heads": 2, "context": 32, "merges": 400, "batch": 8, "dropout": 0}
SETTINGS |= {"device": "cpu", "learning-rate": 0.01, "checkpoint-every": 1}
RUN = ["tiny_gpt", "--json", *(word for name, value in SETTINGS.items() for word in (f"--{name}", str(value)))]
TORCHRUN = ["--standalone", "--nproc-per-node=2", "--local-addr=127.0.0.1"]
STATED = "17,600 parameters; 7 steps of 256 tokens; {} on cpu with 1 thread in float32, with about {} MB each\n"


def machine_with(monkeypatch, cards=0, mps=False):
    """As if this machine had so many graphics cards, or an Apple chip."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cards > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: cards)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)


def refused(work, *arguments):
    with pytest.raises(CannotRun) as caught:
        work(*arguments)
    return str(caught.value)


# --- devices ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cards", "mps", "device"),
    [(0, False, "cpu"), (0, True, "mps"), (1, False, "cuda:0"), (2, True, "cuda:0")],
)
def test_auto_is_the_fastest_that_there_is(monkeypatch, cards, mps, device):
    machine_with(monkeypatch, cards, mps)
    assert device_named("auto") == torch.device(device)
    assert device_named("cpu") == torch.device("cpu")


@pytest.mark.parametrize(
    ("name", "cards", "mps", "told"),
    [
        ("cuda", 0, False, "there is no cuda device on this machine\nhint: it has cpu; auto picks the fastest"),
        ("cuda", 0, True, "there is no cuda device on this machine\nhint: it has cpu and mps; auto picks the fastest"),
        ("mps", 2, False, "there is no mps device on this machine\nhint: it has cpu and cuda; auto picks the fastest"),
    ],
)
def test_a_device_that_is_not_there_is_refused_and_the_others_are_named(monkeypatch, name, cards, mps, told):
    machine_with(monkeypatch, cards, mps)
    assert refused(device_named, name) == told


def test_every_process_takes_a_graphics_card_of_its_own_and_one_too_many_is_refused(monkeypatch):
    machine_with(monkeypatch, cards=2)
    assert [device_named("auto", rank) for rank in (0, 1)] == [torch.device("cuda:0"), torch.device("cuda:1")]
    assert refused(device_named, "cuda", 2) == (
        "process 2 on this machine finds no graphics card: there are 2\n"
        "hint: start it with torchrun --nproc-per-node 2, or compute on --device cpu"
    )
    assert device_named("cpu", 2) == torch.device("cpu")


def test_auto_precision_is_the_full_one_but_on_cards_that_know_bfloat16(monkeypatch):
    for known in (True, False):
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda known=known: known)
        assert precision_named("auto", torch.device("cpu")) == torch.float32
        assert precision_named("auto", torch.device("mps")) == torch.float32
        assert precision_named("auto", torch.device("cuda:0")) == (torch.bfloat16 if known else torch.float32)
        assert precision_named("bfloat16", torch.device("cpu")) == torch.bfloat16
        assert precision_named("float32", torch.device("cuda:0")) == torch.float32


def test_a_processor_is_named_by_its_threads(monkeypatch):
    for threads, name in ((1, "cpu with 1 thread"), (8, "cpu with 8 threads")):
        monkeypatch.setattr(torch, "get_num_threads", lambda threads=threads: threads)
        assert name_of(torch.device("cpu")) == name
    assert name_of(torch.device("mps")) == "mps"


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a graphics card that PyTorch can compute on")
def test_a_graphics_card_is_named_as_its_maker_does():
    assert name_of(device_named("cuda")) == torch.cuda.get_device_name()


# --- alone --------------------------------------------------------------------------------------------------------


def test_a_process_that_nobody_else_joins_is_the_whole_world(monkeypatch):
    for name in ("WORLD_SIZE", "RANK", "LOCAL_RANK"):
        monkeypatch.delenv(name, raising=False)
    with world("cpu") as here:
        assert here == World(0, 1, torch.device("cpu"))
        assert here.is_first
        assert not processes.dist.is_initialized()
        value = torch.tensor(3.0)
        assert mean_over(value, here) is value
    assert not World(1, 2, torch.device("cpu")).is_first


# --- together -----------------------------------------------------------------------------------------------------


def losses_in(path):
    """What a run kept in its checkpoint: losses of all steps, and the surprise of the held-out text on the way."""
    state = torch.load(path, weights_only=True)
    return torch.tensor(state["losses"]), torch.tensor(state["trials"])


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The run of one process: its result and its checkpoint."""
    folder = tmp_path_factory.mktemp("alone")
    assert elsewhere.run([*RUN, "--checkpoint", folder / "run.pt"], folder / "out") == 0
    return elsewhere.result(folder / "out"), folder / "run.pt"


def same(path, other):
    for ours, theirs in zip(losses_in(path), losses_in(other), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-5, atol=0)


def test_a_process_touches_no_graphics_card_that_it_does_not_compute_on(alone):
    assert elsewhere.told(alone[1].with_name("out"))[1] == STATED.format("1 process", 3)  # and not: CUDA was touched


def test_the_losses_that_are_compared_here_fall(alone):
    losses, trials = losses_in(alone[1])
    assert len(losses) == 7
    assert losses[-1] < 0.98 * losses[0]
    assert trials[-1, 1] < 0.98 * trials[0, 1]


@TOGETHER
def test_two_processes_have_the_losses_of_one_and_only_the_first_speaks(alone, tmp_path):
    assert elsewhere.run_together(2, [*RUN, "--checkpoint", tmp_path / "run.pt"], tmp_path) == [0, 0]
    same(tmp_path / "run.pt", alone[1])
    result, announced = elsewhere.result(tmp_path / "0"), elsewhere.told(tmp_path / "0")[1]
    assert announced == STATED.format("2 processes", 2)
    assert elsewhere.told(tmp_path / "1") == ("", "")
    name = "validation loss, nats per token"
    assert result["numbers"][name] == pytest.approx(alone[0]["numbers"][name], rel=1e-5)
    assert result["show"][1] == alone[0]["show"][1]  # what it writes


@TOGETHER
def test_two_processes_go_on_where_one_was_killed(alone, tmp_path):
    kept = ["--checkpoint", tmp_path / "run.pt"]
    assert elsewhere.run([*RUN, *kept], tmp_path / "out", kill_at=5) != 0
    assert len(losses_in(tmp_path / "run.pt")[0]) == 4
    assert elsewhere.run_together(2, [*RUN, *kept, "--resume"], tmp_path) == [0, 0]
    same(tmp_path / "run.pt", alone[1])


@TOGETHER
def test_the_script_under_torchrun_also_in_parts_has_the_losses_of_one_process(alone, tmp_path):
    script = [ROOT / "demos/tiny_gpt.py", *RUN[1:], "--accumulate", "2", "--checkpoint", tmp_path / "run.pt"]
    command = [sys.executable, "-m", "torch.distributed.run", *TORCHRUN, *script]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    finished = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr.count(STATED.format("2 processes", 1)) == 1  # and less at once
    same(tmp_path / "run.pt", alone[1])
    assert json.loads(finished.stdout)["show"][1] == alone[0]["show"][1]


@TOGETHER
def test_a_batch_that_processes_and_parts_can_not_share_is_refused(tmp_path):
    arguments = [*RUN, "--batch", "6", "--accumulate", "2"]
    assert elsewhere.run_together(2, arguments, tmp_path) == [1, 1]
    told = "a batch of 6 can not be cut into 4 even parts\nhint: take a multiple of 4\n"
    assert elsewhere.told(tmp_path / "0") == ("", told)
