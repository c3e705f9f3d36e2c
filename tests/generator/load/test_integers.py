"""Integers that would overflow in a page are named in a demo, with their line and the remedy, and few others are."""

import pytest

from demos._run.source import DEMOS
from generator.load.glossary import load
from generator.load.integers import narrow_integers
from tests.generator.conftest import DEMO


def lines(code, head="import numpy as np\n"):
    """The lines of a program that are named, counted from 1 without its head."""
    return [fault.line - head.count("\n") for fault in narrow_integers(head + code)]


GROWING = [
    "2 ** np.arange(n)",
    "np.arange(n) ** 2",
    "1 << np.arange(n)",
    "np.arange(1, len(x) + 1).prod()",
    "np.arange(n).cumsum()",
    "np.cumprod(np.arange(x.size))",
    "np.cumprod(range(1, len(x)))",
    "np.sum([len(word) for word in x])",
    "np.prod([part.size for part in x])",
    "np.array([len(word) ** 3 for word in x]).sum()",
    "np.asarray([1, 2, len(x)]) @ np.arange(3)",
    "np.full(n, 7).prod()",
    "np.full(n, fill_value=7).prod()",
    "np.zeros(n, int).sum()",
    "np.ones((n, n), dtype='int').sum(axis=0)",
    "np.ones(n, dtype=np.int_).cumsum()",
    "np.empty(n, dtype=np.intp).sum()",
    "np.array(x, dtype=int).sum()",
    "x.astype(int).sum()",
    "x.astype(np.intp) ** 3",
    "np.outer(np.arange(n), np.arange(n))",
    "np.power(2, np.arange(n))",
    "np.dot(np.arange(n), np.arange(n))",
    "np.arange(n).dot(np.arange(n))",
    "np.abs(-np.arange(n))[1:] * np.arange(n).reshape(-1, 1)",
    "np.where(x > 0, np.arange(n), 0).sum()",
    "sum(np.arange(n))",
    "f'{np.arange(n).sum():,}'",
    "{'all': [np.arange(n).sum() for _ in x]}",
]

HARMLESS = [
    "np.arange(n, dtype=np.int64).sum()",
    "np.arange(n).sum(dtype=np.int64)",
    "np.cumsum(np.arange(n), dtype=np.int64)",
    "np.array([len(word) for word in x], dtype=float).sum()",
    "x.astype(np.int64) ** 3",
    "2.0 ** np.arange(n)",
    "0.5 * np.arange(n) ** 2.0",
    "(np.arange(n) / n) ** 2",
    "(np.arange(n) % 2).sum()",
    "2 ** np.arange(9)",
    "np.array([1, 2, 3]).sum()",
    "(x > 0).sum() + (x > 0).astype(int).sum()",
    "x[np.arange(n), np.array([1, 2])]",
    "np.argsort(x)[np.arange(len(x))] == np.arange(n)",
    "np.arange(1, n + 1) * 3 + len(x)",
    "np.arange(0.5, n) ** 2",
    "np.zeros(n).sum() + np.full(n, 0.5).sum()",
    "sum(len(word) for word in x) ** 5",
    "np.array([f(word) for word in x]).sum()",
    "x.arange(n).sum()",
]


@pytest.mark.parametrize("code", GROWING)
def test_default_integers_that_grow_are_named(code):
    assert lines(f"def demo(x, n):\n    return {code}\n") == [2]


@pytest.mark.parametrize("code", HARMLESS)
def test_wide_integers_other_numbers_and_indices_are_left_alone(code):
    assert lines(f"def demo(x, n):\n    return {code}\n") == []


def test_an_array_is_followed_from_name_to_name():
    body = "def demo(n: int, x):\n    a, b = np.arange(n), x\n    c = a + 1\n    return c * c, b * b\n"
    assert lines(body) == [4]
    assert lines("SIZES = np.arange(n)\ndef demo(k: int):\n    return SIZES**k\n") == [3]
    assert lines("def demo(n, SIZES):\n    return SIZES.sum()\nSIZES = np.arange(n)\n") == []
    assert lines("def f(n):\n    a = np.arange(n)\n    a = a / 2\n    return a.sum()\n") == []
    assert lines("def f(n):\n    a = np.arange(n)\ndef g(a):\n    return a.sum()\n") == []
    assert lines("def f(n):\n    for row in np.arange(n).reshape(2, -1):\n        yield row.sum()\n") == [3]


def test_what_grows_from_turn_to_turn_is_named():
    assert lines(
        "def f(x, V: int):\n    n = np.zeros(len(x), int)\n    for k in range(V):\n        n = n * V + k\n"
    ) == [4]
    assert lines("def f(x, V: int):\n    n = np.zeros(len(x), int)\n    while x:\n        n *= V\n") == [4]
    assert lines("def f(x, V: int):\n    n = np.zeros(len(x), int)\n    n = n * V\n    n *= V\n") == []
    assert lines("def f(x, V: int):\n    n = np.zeros(len(x), int)\n    for k in range(V):\n        n = n + k\n") == []


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("import numpy\n", "numpy.arange(n).sum()"),
        ("import numpy as n_p\n", "n_p.arange(n).sum()"),
        ("from numpy import arange, intp as wide\n", "arange(n, dtype=wide).sum()"),
        ("from numpy import arange as count, cumsum\n", "cumsum(count(n))"),
    ],
)
def test_numpy_may_have_another_name(head, code):
    assert lines(f"def f(n):\n    return {code}\n", head) == [2]


def test_the_sentence_says_where_the_array_is_made():
    far, near = narrow_integers("import numpy as np\nA = np.arange(n)\nB = A.sum()\nC = np.arange(n).sum()\n")
    assert (far.line, near.line) == (3, 4)
    assert far.message == (
        "this sums up integers of NumPy's default width, and in a page it has 32 bits: from 2**31 they are wrong"
    )
    assert far.hint == ("say dtype=np.int64 where the array is made, in line 2, or compute with Python's own integers")
    assert near.hint == "say dtype=np.int64 where the array is made, here, or compute with Python's own integers"


def test_what_is_not_python_is_told_elsewhere():
    assert narrow_integers("def (") == []


@pytest.mark.parametrize(
    "path", sorted([*DEMOS.glob("[!_]*.py"), *DEMOS.glob("parts/*.py")]), ids=lambda path: path.stem
)
def test_our_own_demos_and_parts_are_clean(path):
    assert narrow_integers(path.read_text(encoding="utf-8")) == []


def test_check_names_the_line_of_a_demo_and_of_a_part_as_long_as_it_is_there(tmp_path):
    demos, cache = tmp_path / "demos", tmp_path / ".cache" / "entries.pickle"
    (demos / "parts").mkdir(parents=True)
    (tmp_path / "terms").mkdir()
    grown = "\nimport numpy as np\n\nGROWN = np.arange(len('abc')).cumsum()\n"
    (demos / "tiny.py").write_text(DEMO + grown, encoding="utf-8")
    (demos / "parts" / "some.py").write_text('"""Some."""\n' + grown, encoding="utf-8")
    for _ in range(2):  # also by who has seen it already
        told = [str(problem) for problem in load(tmp_path, cache=cache)[1] if "32 bits" in problem.message]
        assert [line.partition(": this sums up")[0] for line in told] == [
            "demos/tiny.py:25",
            "demos/parts/some.py:5",
        ]
    (demos / "tiny.py").write_text(DEMO, encoding="utf-8")
    (demos / "parts" / "some.py").write_text('"""Some."""\n', encoding="utf-8")
    assert not [problem for problem in load(tmp_path, cache=cache)[1] if "32 bits" in problem.message]
