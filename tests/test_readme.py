"""What the README tells people to write and to run does what it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from demos.ngram_lm import read
from demos.tiny_gpt import GPT, Run, Shape, batches, optimizer_for, train

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(heading, language):
    """The first block of code in this language below a heading."""
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", README, re.DOTALL | re.MULTILINE)
    assert section, f"README.md has no section '{heading}'"
    found = re.search(rf"^```{language}\n(.*?)^```$", section[1], re.DOTALL | re.MULTILINE)
    assert found, f"the section '{heading}' of README.md has no block of {language}"
    return found[1]


@pytest.fixture
def losses_of_one_process():
    """Of the model in the recipe, in one piece."""
    before, ids = torch.get_num_threads(), read("glossary", 512)[1]
    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = GPT(Shape(vocabulary=768, context=64, width=64, depth=2, heads=4))
    run = Run(steps=10, batch=16, accumulate=1, learning_rate=0.003, dropout=0, seed=0)
    losses = [loss.item() for loss in train(model, optimizer_for(model), batches(ids, 64, run))]
    torch.set_num_threads(before)
    return losses


@pytest.mark.skipif(sys.platform == "win32", reason="several processes are not tried on Windows")
# A process of PyTorch 2.13 ends now and then in an abort of its own threads, when all its work is done and told.
@pytest.mark.flaky(reruns=1)
def test_the_recipe_for_a_model_in_pieces_runs_on_two_processes_with_the_losses_of_one(tmp_path, losses_of_one_process):
    (tmp_path / "fsdp.py").write_text(block("Train on several machines", "python"), encoding="utf-8")
    command = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2", "--standalone"]
    command += ["--local-addr=127.0.0.1", "fsdp.py"]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    finished = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr
    lines = [re.fullmatch(r"step (\d+): loss ([\d.]+)", line) for line in finished.stdout.splitlines()]
    assert [int(line[1]) for line in lines] == list(range(1, 11))
    assert [float(line[2]) for line in lines] == pytest.approx(losses_of_one_process, rel=1e-5)
    assert losses_of_one_process[-1] < 0.95 * losses_of_one_process[0]
