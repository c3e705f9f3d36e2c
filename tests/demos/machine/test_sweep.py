"""A demo run at many settings by one program: what it prints, a line for each."""

import json
import subprocess
import sys

from demos._run.run import run
from demos._run.source import DEMOS
from demos._run.sweep import main, sweep


def test_each_line_is_a_run_and_what_did_not_move_is_left_out():
    own, warmer, same = sweep("softmax", {}, [{"cat": 1.5}, {"cat": run("softmax")["settings"]["cat"]}])
    whole = run("softmax", {"cat": 1.5})
    assert own == {part: run("softmax")[part] for part in ("summary", "numbers", "show")}
    assert (warmer["summary"], warmer["numbers"]) == (whole["summary"], whole["numbers"])
    moved = [item if item != before else None for item, before in zip(whole["show"], own["show"], strict=True)]
    assert warmer["show"] == moved
    assert same == own | {"show": [None] * len(own["show"])}


def test_a_position_that_fails_says_why_and_the_next_one_is_run():
    _, bad, good = sweep("softmax", {}, [{"cat": -99}, {"cat": 1.0}])
    assert bad.keys() == {"error"}
    assert "cat is -99" in bad["error"]
    assert good["summary"]


def test_the_program_prints_a_line_for_each(capsys):
    main(["neuron", '{"weight_1": 2}', '[{"bias": 1}]'])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == [*sweep("neuron", {"weight_1": 2}, [{"bias": 1}])]


def test_it_is_a_program_of_its_own():
    command = [sys.executable, "-m", "demos._run.sweep", "neuron", "{}", "[]"]
    done = subprocess.run(command, cwd=DEMOS.parent, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["summary"] == run("neuron")["summary"]
