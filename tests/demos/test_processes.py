"""Processes: several learn what one alone would learn, and only the first of them speaks."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch

from demos import CannotRun
from demos.parts import processes
from demos.parts.processes import World, in_parts, mean_over, world
from tests.demos import elsewhere
from tests.demos.kept import kept

ROOT = Path(__file__).parents[2]
TOGETHER = pytest.mark.skipif(sys.platform == "win32", reason="several processes are not tried on Windows")
SETTINGS = {"steps": 7, "width": 16, "depth": 2, "heads": 2, "context": 32, "merges": 400, "batch": 8, "dropout": 0}
SETTINGS |= {"device": "cpu", "learning-rate": 0.01, "checkpoint-every": 1}
RUN = ["tiny_gpt", "--json", *(word for name, value in SETTINGS.items() for word in (f"--{name}", str(value)))]
TORCHRUN = ["--standalone", "--nproc-per-node=2", "--local-addr=127.0.0.1"]
STATED = "17,600 parameters; 7 steps of 256 tokens; {} on cpu with 1 thread in float32, with about {} MB each\n"


def refused(work, *arguments):
    with pytest.raises(CannotRun) as caught:
        work(*arguments)
    return str(caught.value)


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


def test_parts_of_a_batch_are_in_order_and_gradients_are_exchanged_in_the_last_alone():
    class Model:
        waits = False

        @contextmanager
        def no_sync(self):
            self.waits = True
            yield
            self.waits = False

    model, windows = Model(), torch.arange(12).reshape(6, 2)
    for count in (1, 2, 3):
        found = [(part, model.waits) for part in in_parts(windows, count, model)]
        assert torch.equal(torch.cat([part for part, _ in found]), windows)
        assert [waits for _, waits in found] == [True] * (count - 1) + [False]


# --- together -----------------------------------------------------------------------------------------------------


def losses_in(path):
    """What a run kept in its checkpoint: losses of all steps, and the surprise of the held-out text on the way."""
    state = kept(path)
    return torch.tensor(state["losses"]), torch.tensor(state["trials"])


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The run of one process: its result and its checkpoint."""
    folder = tmp_path_factory.mktemp("alone")
    assert elsewhere.run([*RUN, "--checkpoint", folder / "run.safetensors"], folder / "out") == 0
    return elsewhere.result(folder / "out"), folder / "run.safetensors"


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
    assert elsewhere.run_together(2, [*RUN, "--checkpoint", tmp_path / "run.safetensors"], tmp_path) == [0, 0]
    same(tmp_path / "run.safetensors", alone[1])
    result, announced = elsewhere.result(tmp_path / "0"), elsewhere.told(tmp_path / "0")[1]
    assert announced == STATED.format("2 processes", 2)
    assert elsewhere.told(tmp_path / "1") == ("", "")
    name = "validation loss, nats per token"
    assert result["numbers"][name] == pytest.approx(alone[0]["numbers"][name], rel=1e-5)
    assert result["show"][1] == alone[0]["show"][1]  # what it writes


@TOGETHER
def test_two_processes_go_on_where_one_was_killed(alone, tmp_path):
    kept = ["--checkpoint", tmp_path / "run.safetensors"]
    assert elsewhere.run([*RUN, *kept], tmp_path / "out", kill_at=5) != 0
    assert len(losses_in(tmp_path / "run.safetensors")[0]) == 4
    assert elsewhere.run_together(2, [*RUN, *kept, "--resume"], tmp_path) == [0, 0]
    same(tmp_path / "run.safetensors", alone[1])


@TOGETHER
def test_the_script_under_torchrun_also_in_parts_has_the_losses_of_one_process(alone, tmp_path):
    script = [ROOT / "demos/tiny_gpt.py", *RUN[1:], "--accumulate", "2", "--checkpoint", tmp_path / "run.safetensors"]
    command = [sys.executable, "-m", "torch.distributed.run", *TORCHRUN, *script]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    finished = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    assert finished.stderr.count(STATED.format("2 processes", 1)) == 1  # and less at once
    same(tmp_path / "run.safetensors", alone[1])
    assert json.loads(finished.stdout)["show"][1] == alone[0]["show"][1]


@TOGETHER
def test_a_batch_that_processes_and_parts_can_not_share_is_refused(tmp_path):
    arguments = [*RUN, "--batch", "6", "--accumulate", "2"]
    assert elsewhere.run_together(2, arguments, tmp_path) == [1, 1]
    output, told = elsewhere.told(tmp_path / "0")
    assert told == "a batch of 6 can not be cut into 4 even parts\nhint: take a multiple of 4\n"
    assert json.loads(output)["error"]["hint"] == "take a multiple of 4"
