"""Running a demo: what comes out, and the sentence for everything that a demo can do wrong."""

import json
import sys

import numpy as np
import pytest

from demos._run import run as _run
from demos._run.run import DemoFailed, UnknownDemo, describe, run
from demos._run.source import DEMOS, read
from demos._run.syntax import parse
from tests.demos.machine.spring import FIRST, LINE, SPRING, failure, spring


def test_a_description_is_plain_data_that_survives_json():
    about = describe("neuron")
    assert json.loads(json.dumps(about)) == about
    assert set(about) == {
        "name",
        "summary",
        "doc",
        "hint",
        "parameters",
        "packages",
        "runs_in_browser",
        "builds_on",
    }
    assert (about["name"], about["packages"], about["runs_in_browser"], about["builds_on"]) == (
        "neuron",
        ["numpy"],
        True,
        [],
    )
    assert about["parameters"][0] == {
        "name": "weight_1",
        "kind": "float",
        "default": 1.0,
        "low": -3.0,
        "high": 3.0,
        "step": 0.1,
        "log": False,
        "choices": [],
        "max_length": None,
        "x": None,
        "y": None,
        "most": None,
        "groups": None,
        "size": None,
        "label": "weight of input 1",
        "play": False,
        "stops": 0,
        "help": "how much the first input counts",
        "line": read("neuron").parameters[0].line,
    }


def test_edited_text_is_described_in_place_of_the_file():
    text = read("neuron").text.replace("bias: moves the line", "bias: shifts the line")
    assert describe("neuron", text)["parameters"][2]["help"] == "shifts the line without turning it"


def test_an_unknown_demo_is_told_with_the_near_miss():
    for use in (describe, run, lambda name: _run.settings(name, {})):
        with pytest.raises(UnknownDemo) as caught:
            use("nueron")
        assert str(caught.value) == "there is no demo called 'nueron'\nhint: did you mean 'neuron'?"


def test_nothing_like_any_demo_points_to_the_list():
    with pytest.raises(UnknownDemo) as caught:
        run("zzzzzz")
    assert str(caught.value) == "there is no demo called 'zzzzzz'\nhint: python -m demos lists them all"


def test_a_real_demo_gives_json_and_the_same_bytes_each_time():
    first, second = (json.dumps(run("neuron", {"weight_1": 2}), allow_nan=False) for _ in range(2))
    assert first == second
    assert json.loads(first) == run("neuron", {"weight_1": 2})


def test_edited_text_runs_in_a_module_of_its_own_and_leaves_the_real_one_alone():
    before = run("neuron")
    real = sys.modules["demos.neuron"]
    text = read("neuron").text.replace("return squash(x @ w + b)", "return squash(x @ w + b) * 0")
    assert run("neuron", text=text)["numbers"]["output at (1, 1)"] == 0
    assert sys.modules["demos.neuron"] is real
    assert run("neuron") == before


HERE = f"demos/spring.py:{LINE}: "


FAILURES = [
    # instead of the body of demo(), what is said
    ("return 1 / 0", f"demos/spring.py:{FIRST}: ZeroDivisionError: division by zero"),
    (
        "raise ValueError('at step 7 the loss is nan')",
        f"demos/spring.py:{FIRST}: ValueError: at step 7 the loss is nan",
    ),
    ("assert False", f"demos/spring.py:{FIRST}: AssertionError"),
    ("raise SystemExit(3)", f"demos/spring.py:{FIRST}: SystemExit: 3"),
    ("return np.linalg.inv(np.zeros((2, 2)))", f"demos/spring.py:{FIRST}: LinAlgError: Singular matrix"),
    (
        "from demos.neuron import neuron; neuron(np.ones(2), np.ones(3), 0)",
        "demos/neuron.py:{neuron}: ValueError: {matmul}",
    ),
    (
        "import demos; find = demos.asset; find(3)",  # the line of the demo, not that of the machinery below it
        f"demos/spring.py:{FIRST}: TypeError: unsupported operand type(s) for /: '{type(DEMOS).__name__}' and 'int'",
    ),
    ("import tensorfloe", "this demo needs tensorfloe: pip install tensorfloe"),
    (
        "return 3",
        HERE + "demo() returned an int, and must return a Result\n"
        "hint: end it with: return Result(summary=…, numbers=…, show=[…])",
    ),
    (
        "pass",
        HERE + "demo() returned None, and must return a Result\n"
        "hint: end it with: return Result(summary=…, numbers=…, show=[…])",
    ),
    (
        "print('\\n  working'); print('…'); return Result('A.', {}, [])",
        HERE + "a demo never prints, and this one printed 'working'\n"
        "hint: put it into the summary, the numbers or a picture of its Result",
    ),
]


@pytest.mark.parametrize(("body", "said"), FAILURES, ids=[said.splitlines()[0] for _, said in FAILURES])
def test_each_failure_gets_a_sentence(body, said):
    if "{matmul}" in said:  # the words are NumPy's, the line is that of the neuron
        with pytest.raises(ValueError, match="matmul") as caught:
            np.ones(2) @ np.ones(3)
        lines = read("neuron").text.splitlines()
        line = next(number for number, text in enumerate(lines, 1) if "return squash(x @ w + b)" in text)
        said = said.format(neuron=line, matmul=caught.value)
    assert failure(body) == said


def test_missing_pytorch_is_told_with_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    assert failure("import torch.nn") == "this demo needs PyTorch: pip install 'termlab[torch]'"


def test_a_failure_knows_its_place_as_data():
    with pytest.raises(DemoFailed) as caught:
        spring("return 1 / 0")
    assert (caught.value.path, caught.value.line) == ("demos/spring.py", FIRST)
    assert caught.value.message == "ZeroDivisionError: division by zero"
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_text_that_is_no_demo_fails_with_its_line():
    with pytest.raises(DemoFailed) as caught:
        run("spring", text=SPRING.replace("return Result(", "return Result(("))
    assert str(caught.value).startswith(f"demos/spring.py:{FIRST + 2}: this is not Python: ")


def test_several_problems_of_a_text_are_told_at_once():
    text = SPRING.replace("= 2.0,", "= 9,").replace("    note: what to print\n", "")
    with pytest.raises(DemoFailed) as caught:
        describe("spring", text)
    assert str(caught.value) == (
        "demos/spring.py:12: the parameter 'force' has the default 9, which is not between -5 and 5\n"
        "demos/spring.py:17: the parameter 'note' is not explained\n"
        "hint: add a line to the docstring of demo(): 'note: what it does'"
    )


def test_a_stop_from_outside_is_handed_through():
    with pytest.raises(KeyboardInterrupt):
        spring("raise KeyboardInterrupt")


def test_what_is_loaded_to_run_a_demo_needs_the_standard_library_alone():
    for path in [DEMOS / "__init__.py", *(DEMOS / "_run").glob("*.py")]:
        assert parse(path.read_text(encoding="utf-8")).packages == (), path
