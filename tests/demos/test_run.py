"""Running a demo: what goes in, what comes out, and the sentence for everything that a demo can do wrong."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from demos._run import run as _run
from demos._run.run import DemoFailed, UnknownDemo, describe, run
from demos._run.settings import BadSetting
from demos._run.source import DEMOS, read
from demos._run.syntax import parse

SPRING = '''\
"""Spring: pull harder, stretch further."""

from typing import Annotated, Literal

import numpy as np

from demos import Chart, Edge, Graph, Heatmap, Node, Range, Result, Series, Step, Table, Text, Tokens, Trace


def demo(
    *,
    force: Annotated[float, Range(-5, 5, 0.1)] = 2.0,
    coils: Annotated[int, Range(1, 50)] = 10,
    shape: Literal["round", "square"] = "round",
    size: Literal[16, 32] = 16,
    damped: bool = False,
    note: Annotated[str, Text(max_length=20)] = "hello",
) -> Result:
    """Pull.

    force: how hard
    coils: how many
    shape: of the wire
    size: of the wire
    damped: whether it rests
    note: what to print
    """
    settings = dict(force=force, coils=coils, shape=shape, size=size, damped=damped, note=note)
    picture = Table("Settings", ["name", "value"], [[name, value] for name, value in settings.items()])
    return Result(summary="It stretches.", numbers={"stretch": force / coils}, show=[picture])
'''
BODY = SPRING[SPRING.index("    settings = dict") :]
LINE = 10  # of `def demo(`
FIRST = SPRING[: SPRING.index("    settings = dict")].count("\n") + 1  # line of its first statement


def spring(body=None, given=None):
    """Runs the spring, or one whose demo() does something else."""
    return run("spring", given, SPRING if body is None else SPRING.replace(BODY, f"    {body}\n"))


def failure(body):
    with pytest.raises(DemoFailed) as caught:
        spring(body)
    return str(caught.value)


# --- describing -----------------------------------------------------------------------------------------------


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


# --- settings -------------------------------------------------------------------------------------------------


def settings(given):
    return _run.settings("spring", given, SPRING)


def refusal(given):
    with pytest.raises(BadSetting) as caught:
        settings(given)
    return str(caught.value)


def test_defaults_are_filled_in_in_the_order_of_the_signature():
    assert list(settings({"note": "x", "force": 1}).items()) == [
        ("force", 1.0),
        ("coils", 10),
        ("shape", "round"),
        ("size", 16),
        ("damped", False),
        ("note", "x"),
    ]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"force": "0.5"}, 0.5),
        ({"force": " -1e-1 "}, -0.1),
        ({"force": 3}, 3.0),
        ({"force": 0.123}, 0.123),  # between the steps of the slider
        ({"force": 5.0000000001}, 5.0),  # a slider's rounding error
        ({"force": np.float64(1.5)}, 1.5),
        ({"coils": "3"}, 3),
        ({"coils": 3.0}, 3),
        ({"coils": "3.0"}, 3),
        ({"coils": np.int64(3)}, 3),
        ({"shape": "square"}, "square"),
        ({"size": "32"}, 32),
        ({"damped": "true"}, True),
        ({"damped": "Yes"}, True),
        ({"damped": "off"}, False),
        ({"damped": True}, True),
        ({"note": ""}, ""),
        ({"note": "0.5"}, "0.5"),
    ],
)
def test_values_are_taken_as_they_are_meant(given, meant):
    (name,) = given
    found = settings(given)[name]
    assert found == meant
    assert type(found) is type(meant)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"force": 9}, "force is 9, and must lie between -5 and 5"),
        ({"force": "9"}, "force is 9, and must lie between -5 and 5"),
        ({"force": -5.1}, "force is -5.1, and must lie between -5 and 5"),
        ({"force": "much"}, "force is 'much', and must be a number"),
        ({"force": ""}, "force is '', and must be a number"),
        ({"force": None}, "force is None, and must be a number"),
        ({"force": True}, "force is true, and must be a number"),
        ({"force": [1]}, "force is [1], and must be a number"),
        ({"force": float("nan")}, "force is nan, and must be finite"),
        ({"force": "inf"}, "force is inf, and must be finite"),
        ({"coils": 2.5}, "coils is 2.5, and must be a whole number"),
        ({"coils": "2.5"}, "coils is 2.5, and must be a whole number"),
        ({"coils": "many"}, "coils is 'many', and must be a whole number"),
        ({"coils": False}, "coils is false, and must be a whole number"),
        ({"coils": float("inf")}, "coils is inf, and must be finite"),
        ({"coils": 0}, "coils is 0, and must lie between 1 and 50"),
        ({"coils": 10**400}, f"coils is 1{'0' * 39}, and must lie between 1 and 50"),
        ({"shape": "sqare"}, "shape is 'sqare', and must be one of round, square\nhint: did you mean 'square'?"),
        ({"shape": 7}, "shape is 7, and must be one of round, square"),
        ({"size": 17}, "size is 17, and must be one of 16, 32"),
        ({"damped": "maybe"}, "damped is 'maybe', and must be true or false"),
        ({"damped": 1}, "damped is 1, and must be true or false"),
        ({"note": "x" * 21}, f"note is '{'x' * 21}', and must have at most 20 characters, not 21"),
        ({"note": "x" * 90}, f"note is '{'x' * 40}…', and must have at most 20 characters, not 90"),
        ({"note": 5}, "note is 5, and must be text"),
        ({"forse": 1}, "spring has no setting called 'forse'\nhint: did you mean 'force'?"),
        (
            {"zzz": 1},
            "spring has no setting called 'zzz'\nhint: it has force, coils, shape, size, damped, note",
        ),
    ],
)
def test_each_wrong_value_gets_a_sentence(given, said):
    assert refusal(given) == said


def test_all_wrong_values_are_told_at_once():
    with pytest.raises(BadSetting) as caught:
        settings({"forse": 1, "shape": "sqare", "coils": 99})
    assert caught.value.problems == [
        ("spring has no setting called 'forse'", "did you mean 'force'?"),
        ("coils is 99, and must lie between 1 and 50", ""),
        ("shape is 'sqare', and must be one of round, square", "did you mean 'square'?"),
    ]
    assert caught.value.message == (
        "spring has no setting called 'forse'\n"
        "coils is 99, and must lie between 1 and 50\n"
        "shape is 'sqare', and must be one of round, square"
    )
    assert caught.value.hint == "did you mean 'force'?\ndid you mean 'square'?"


# --- running --------------------------------------------------------------------------------------------------


def test_a_result_is_plain_data_with_the_settings_that_made_it():
    assert spring(given={"force": "1", "coils": 4}) == {
        "demo": "spring",
        "settings": {"force": 1.0, "coils": 4, "shape": "round", "size": 16, "damped": False, "note": "hello"},
        "summary": "It stretches.",
        "numbers": {"stretch": 0.25},
        "show": [
            {
                "type": "table",
                "title": "Settings",
                "columns": ["name", "value"],
                "rows": [
                    ["force", 1.0],
                    ["coils", 4],
                    ["shape", "round"],
                    ["size", 16],
                    ["damped", False],
                    ["note", "hello"],
                ],
            }
        ],
    }


def test_a_real_demo_gives_json_and_the_same_bytes_each_time():
    first, second = (json.dumps(run("neuron", {"weight_1": 2}), allow_nan=False) for _ in range(2))
    assert first == second
    assert json.loads(first) == run("neuron", {"weight_1": 2})


def test_arrays_and_their_scalars_become_lists_and_numbers():
    found = spring(
        "return Result('A.', {'a': np.float32(0.5), 'b': np.int8(3), 'c': np.array(2.0)},"
        " [Heatmap('H', np.eye(2), np.arange(2), ('a', np.str_('b')), overlay=[Series('s', np.arange(2), np.ones(2))]),"
        "  Tokens('T', np.array(['x', 'y']), range(2))])"
    )
    assert found["numbers"] == {"a": 0.5, "b": 3, "c": 2.0}
    assert found["show"][0]["values"] == [[1.0, 0.0], [0.0, 1.0]]
    assert found["show"][0]["columns"] == [0, 1]
    assert found["show"][0]["rows"] == ["a", "b"]
    assert found["show"][0]["overlay"] == [{"name": "s", "x": [0, 1], "y": [1.0, 1.0], "mark": "line", "labels": []}]
    assert found["show"][1] == {"type": "tokens", "title": "T", "pieces": ["x", "y"], "notes": [0, 1]}

    def types(item):
        if isinstance(item, dict | list):
            children = item.values() if isinstance(item, dict) else item
            return {type(item)}.union(*map(types, children))
        return {type(item)}

    assert types(found) == {dict, list, str, int, float, bool}


def test_every_kind_of_picture_arrives():
    found = spring(
        "return Result('A.', {}, [Chart('C', [Series('s', ['a'], [1], mark='bars')]),"
        " Graph('G', [Node('a', 'A', 0, 0), Node('b', 'B', 1, 1)], [Edge('a', 'b')]), Trace('R', [Step('me', 'hi')])])"
    )
    assert [picture["type"] for picture in found["show"]] == ["chart", "graph", "trace"]
    assert found["show"][1]["edges"] == [{"source": "a", "target": "b", "label": "", "weight": 1.0}]
    assert found["show"][2]["steps"] == [{"who": "me", "text": "hi"}]


def test_edited_text_runs_in_a_module_of_its_own_and_leaves_the_real_one_alone():
    before = run("neuron")
    real = sys.modules["demos.neuron"]
    text = read("neuron").text.replace("return squash(x @ w + b)", "return squash(x @ w + b) * 0")
    assert run("neuron", text=text)["numbers"]["output at (1, 1)"] == 0
    assert sys.modules["demos.neuron"] is real
    assert run("neuron") == before


# --- what a demo can do wrong ---------------------------------------------------------------------------------

HERE = f"demos/spring.py:{LINE}: "
A_LINE = "'train', [1, 2], [1, 2]"

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
    ("return Result('', {}, [])", HERE + "the summary is empty"),
    ("return Result('One.\\nTwo.', {}, [])", HERE + "the summary has several lines, and must be one sentence"),
    ("return Result('A.', {'loss': np.nan}, [])", HERE + "the number 'loss' is nan, and must be finite"),
    ("return Result('A.', {'loss': -np.inf}, [])", HERE + "the number 'loss' is -inf, and must be finite"),
    (
        "return Result('A.', {'loss': None}, [])",
        HERE + "the number 'loss' is None, and must be a number, text or a list of them",
    ),
    ("return Result('A.', {'loss': 'low'}, [])", HERE + "the number 'loss' is 'low', which is not a number"),
    ("return Result('A.', {'done': True}, [])", HERE + "the number 'done' is true, which is not a number"),
    (
        "return Result('A.', {}, [dict(title='x')])",
        HERE + "picture 1 is a dict, and must be one of Chart, Heatmap, Table, Tokens, Graph, Trace",
    ),
    ("return Result('A.', {}, [Table('', [], [])])", HERE + "picture 1, a table, has no title"),
    (
        f"return Result('A.', {{}}, [Chart('Loss', [Series({A_LINE}), Series('test', [0, 1], [0, np.inf])])])",
        HERE + "the chart 'Loss': series[1]: y[1] is inf, and must be finite",
    ),
    (
        "return Result('A.', {}, [Chart('Loss', [Series('test', [0, None], [0, {}])])])",
        HERE + "the chart 'Loss': series[0]: x[1] is None, and must be a number, text or a list of them\n"
        "the chart 'Loss': series[0]: y[1] is a dict, and must be a number, text or a list of them",
    ),
    ("return Result('A.', {}, [Chart('Loss', [])])", HERE + "the chart 'Loss': it has no series"),
    (
        "return Result('A.', {}, [Chart('Loss', [Series('train', [1, 2, 3], [1, 2])])])",
        HERE + "the chart 'Loss': the series 'train' has 3 values of x and 2 of y",
    ),
    (
        f"return Result('A.', {{}}, [Chart('Loss', [Series({A_LINE}, labels=['a'])])])",
        HERE + "the chart 'Loss': the series 'train' has 1 labels for 2 values",
    ),
    (
        f"return Result('A.', {{}}, [Chart('Loss', [Series({A_LINE}, mark='pie')])])",
        HERE + "the chart 'Loss': the series 'train' has the mark 'pie', "
        "which is not one of line, step, area, points, bars",
    ),
    (
        "return Result('A.', {}, [Chart('Loss', [Series('train', ['a', 'b'], [1, 2])])])",
        HERE + "the chart 'Loss': the series 'train' has an x that is not a number, and only bars may have names there",
    ),
    (
        "return Result('A.', {}, [Chart('Loss', [Series('train', [1, 2], ['a', 'b'])])])",
        HERE + "the chart 'Loss': the series 'train' has a y that is not a number",
    ),
    (
        "return Result('A.', {}, [Chart('Loss', [Series('train', [1, 2], [0, 2])], log_y=True)])",
        HERE + "the chart 'Loss': the series 'train' has y = 0, which a logarithmic axis cannot show",
    ),
    (
        "return Result('A.', {}, [Heatmap('Map', np.eye(2), [1, 2], [1, 2, 3])])",
        HERE + "the heatmap 'Map': values has 2 rows, and rows names 3",
    ),
    (
        "return Result('A.', {}, [Heatmap('Map', np.eye(2), [1], [1, 2])])",
        HERE + "the heatmap 'Map': row 1 of values has 2 cells, and columns names 1",
    ),
    (
        "return Result('A.', {}, [Heatmap('Map', [[0, 1], [2, np.nan]], [1, 2], [1, 2])])",
        HERE + "the heatmap 'Map': values[1][1] is nan, and must be finite",
    ),
    (
        "return Result('A.', {}, [Heatmap('Map', np.diag([1.5, np.inf]), [1, 2], [1, 2])])",
        HERE + "the heatmap 'Map': values[1][1] is inf, and must be finite",
    ),
    (
        "return Result('A.', {}, [Heatmap('Map', [['a']], [1], [1])])",
        HERE + "the heatmap 'Map': row 1 of values holds something that is not a number",
    ),
    (
        "return Result('A.', {}, [Heatmap('Map', [[1]], [1], [1], scale='hot')])",
        HERE + "the heatmap 'Map': the scale 'hot' is not one of sequential, diverging",
    ),
    (
        "return Result('A.', {}, [Heatmap('Map', [[1]], [1], [1], overlay=[Series('line', [1], [])])])",
        HERE + "the heatmap 'Map': the overlay 'line' has 1 values of x and 0 of y",
    ),
    (
        "return Result('A.', {}, [Table('T', ['a', 'b'], [[1, 2], [1]])])",
        HERE + "the table 'T': row 2 has 1 cells for 2 columns",
    ),
    (
        "return Result('A.', {}, [Table('T', ['a'], [[[1]]])])",
        HERE + "the table 'T': row 1 holds a cell that is neither text nor a number",
    ),
    ("return Result('A.', {}, [Tokens('T', [1])])", HERE + "the tokens 'T': it holds a piece that is not text"),
    (
        "return Result('A.', {}, [Tokens('T', ['a', 'b'], [1])])",
        HERE + "the tokens 'T': it has 1 notes for 2 pieces",
    ),
    (
        "return Result('A.', {}, [Graph('G', [Node('a', '', 0, 0), Node('a', '', 1, 1)], [])])",
        HERE + "the graph 'G': two nodes are called 'a'",
    ),
    (
        "return Result('A.', {}, [Graph('G', [Node('a', '', 0, 0)], [Edge('a', 'b')])])",
        HERE + "the graph 'G': the edge from 'a' to 'b' needs a node 'b', which is not there",
    ),
    (
        "return Result('A.', {}, [Trace('R', [Step('me', 1)])])",
        HERE + "the trace 'R': it holds a step that is not text",
    ),
    (
        "return Result('', {'loss': np.nan}, [Chart('C', [])])",
        HERE + "the summary is empty\nthe number 'loss' is nan, and must be finite",
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


def test_the_machinery_needs_the_standard_library_alone():
    for name in ("__init__", "_source", "_run"):
        source = parse((Path(DEMOS) / f"{name}.py").read_text(encoding="utf-8"))
        assert source.packages == ()
