"""What changes the fingerprint of a demo, and what does not."""

import ast
import os
import subprocess
import sys

import pytest

from demos._run.fingerprint import _dump, fingerprint
from demos._run.source import (
    DEMOS,
)
from tests.demos.machine.spring import GOOD, put


def test_layout_comments_and_docstrings_do_not_change_the_fingerprint(folder):
    before = fingerprint("spring", {}, folder)
    text = (
        GOOD.replace("= 2,", "= 2,  # strong")
        .replace("Pull until", "Go on until")
        .replace("import json", "\nimport json")
    )
    text = text.replace('    return Result("", {}, [])', "    return Result(\n        '', {},\n        [],\n    )")
    assert text != GOOD
    (folder / "spring.py").write_bytes(text.replace("\n", "\r\n").encode())
    assert fingerprint("spring", {}, folder) == before


@pytest.mark.parametrize(
    ("find", "replace"),
    [
        ('Result("", {}, [])', 'Result(" ", {}, [])'),
        ('return Result("", {}, [])', "return"),
        ('return Result("", {}, [])', "return None"),
        ("= 2,", "= 3,"),
        ("import numpy as np", "import numpy"),
        ("import torch.nn", "import torch.nn as nn"),
    ],
)
def test_any_change_of_code_changes_the_fingerprint(folder, find, replace):
    assert GOOD.count(find) == 1
    before = fingerprint("spring", {"force": 1}, folder)
    (folder / "spring.py").write_text(GOOD.replace(find, replace))
    assert fingerprint("spring", {"force": 1}, folder) != before


def test_labels_and_how_a_slider_is_driven_do_not_change_the_fingerprint(folder):
    before = fingerprint("spring", {}, folder)
    text = GOOD.replace("0.1)", "0.1, label='the pull', play=True, stops=11)")
    text = text.replace("damped: bool", "damped: Annotated[bool, Label('at rest')]")
    text = text.replace("Text(max_length=20)", "Text(max_length=20, label='a word')")
    text = text.replace("from demos import ", "from demos import Label, ")
    assert text.count("abel") == 4
    (folder / "spring.py").write_text(text)
    assert fingerprint("spring", {}, folder) == before
    (folder / "spring.py").write_text(text.replace("0.1, label", "0.5, label"))
    assert fingerprint("spring", {}, folder) != before


def test_to_return_nothing_and_to_return_none_are_different_code(folder):
    found = set()
    for end in ("return", "return None", "return ''", "return 0", "return 0.0", "return -0.0", "return False"):
        (folder / "spring.py").write_text(GOOD.replace('return Result("", {}, [])', end))
        found.add(fingerprint("spring", {}, folder))
    assert len(found) == 7


def test_code_and_data_below_change_the_fingerprint_and_other_demos_do_not(ladder):
    def now():
        return fingerprint("clock", {}, ladder)

    before = now()
    put(ladder, "rope", "")
    assert now() == before
    (ladder / "data" / "ore.txt").write_bytes(b"iron\r\ncoal\r\n")  # as git checks it out on Windows
    assert now() == before
    (ladder / "data" / "ore.txt").write_text("gold\n")
    changed = now()
    assert changed != before
    put(ladder, "mass", "import numpy as np\nG = 9.81")
    assert now() not in (before, changed)


def test_binary_data_is_taken_byte_for_byte(ladder):
    (ladder / "data" / "ore.txt").write_bytes(b"\0\r\n")
    before = fingerprint("clock", {}, ladder)
    (ladder / "data" / "ore.txt").write_bytes(b"\0\n")
    assert fingerprint("clock", {}, ladder) != before


def test_settings_count_with_their_defaults_filled_in_and_a_whole_number_is_a_float(folder):
    def of(settings):
        return fingerprint("spring", settings, folder)

    assert of({}) == of({"force": 2}) == of({"force": 2.0, "coils": 10}) == of({"coils": 10, "force": 2})
    assert of({"force": 2.1}) != of({})
    assert of({"shape": "square"}) != of({})


# Everything whose syntax tree has changed between versions of Python, as far as all of them can read it.
HARD = '''\
"""Hard: what trees disagree about."""
class A(object, metaclass=type):
    """Docstring."""
    async def f(self, a, /, b: int = 1, *c, d=u"x", **e) -> None:
        """Only this."""
    def g(): pass
def demo(*, x: bool = True) -> Result:
    """Look.

    x: it
    """
    k = lambda: (yield)
    print(f"{x!r:>{k}} {{literal}} {x=} {x:}" "tail" f"{x}", {**k, 1: 2}, [*k])
    print(b"\\x00", 1e400, 1j, ..., "😀\\U0001fae8")
    match x:
        case {"a": [1, *_], **rest} | A(b=None) if x: pass
        case _: return
    with (open(k) as a, open(k) as b): a[1:2, ..., ::3] = b; del a
    try: pass
    except* ValueError: raise E from e
'''


def test_the_fingerprint_is_the_same_for_every_version_of_python(folder):
    (folder / "hard.py").write_text(HARD, encoding="utf-8")
    assert fingerprint("hard", {}, folder) == FINGERPRINT_OF_HARD


FINGERPRINT_OF_HARD = "bf83168fd9866b9c1d4a74fd8af70a9602b3fe74d8d0ce85e63f9d19197b9ea4"


def test_an_f_string_counts_the_same_however_a_version_of_python_cuts_its_text():
    name = ast.FormattedValue(ast.Name("x", ast.Load()), -1)
    whole = ast.JoinedStr([ast.Constant("ab"), name])
    assert _dump(ast.JoinedStr([ast.Constant("a"), ast.Constant("b"), name, ast.Constant("")])) == (_dump(whole))
    assert _dump(ast.JoinedStr([name, ast.Constant("ab")])) != _dump(whole)


def test_the_fingerprint_does_not_hang_on_the_hash_seed(folder):
    code = "import sys, pathlib; from demos._run.fingerprint import fingerprint; "
    code += "print(fingerprint('spring', {}, pathlib.Path(sys.argv[1])))"
    found = {
        subprocess.run(
            [sys.executable, "-c", code, str(folder)],
            cwd=DEMOS.parent,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {fingerprint("spring", {}, folder)}
