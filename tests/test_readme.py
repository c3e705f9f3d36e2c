"""What the README tells people to write and to run does what it says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from demos.ngram_lm import read
from demos.tiny_gpt import GPT, Shape, learning_rate_at, optimizer_for, train_step, windows_at

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
    before, losses = torch.get_num_threads(), []
    torch.set_num_threads(1)
    torch.manual_seed(0)
    model = GPT(Shape(vocabulary=768, context=64, width=64, depth=2, heads=4))
    optimizer, ids = optimizer_for(model), read("glossary", 512)[1]
    for step in range(10):
        windows = torch.as_tensor(windows_at(step, ids, 16, 64, seed=0))
        losses.append(train_step(model, optimizer, [windows], learning_rate_at(step, 10, 0.003)).item())
    torch.set_num_threads(before)
    return losses


@pytest.mark.skipif(sys.platform == "win32", reason="several processes are not tried on Windows")
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
