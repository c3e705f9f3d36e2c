"""Points that readers drag and small drawings: read from a signature, checked, and handed to a demo."""

import json

import numpy as np
import pytest

from demos.__main__ import main
from demos._run import run as _run
from demos._run.fingerprint import fingerprint
from demos._run.points import as_text, from_text
from demos._run.settings import BadSetting
from demos._run.source import SourceProblems, read

POINTS = "Annotated[Sequence[tuple[float, float]], Points(x=(0, 10), y=(-1, 1), most=4)] = ()"
GROUPED = "Annotated[Sequence[tuple[float, float, int]], Points((0, 10), (-1, 1), groups=2, label='my own')] = ()"
PIXELS = "Annotated[Sequence[Sequence[float]], Pixels(2, 3)] = ()"


def garden(first=POINTS):
    return f'''\
"""Garden: whatever is planted.

Source: none."""

from collections.abc import Sequence
from typing import Annotated

from demos import Pixels, Points, Result, Table


def demo(
    *,
    trees: {first},
    beds: {GROUPED},
    plan: {PIXELS},
) -> Result:
    """Plant.

    trees: where they stand
    beds: where they are
    plan: what is dug
    """
    rows = [[name, repr(value)] for name, value in (("trees", trees), ("beds", beds), ("plan", plan))]
    return Result("It grows.", {{"trees": len(trees)}}, [Table("What came in", ["name", "value"], rows)])


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
'''


def settings(given):
    return _run.settings("garden", given, garden())


def came_in(given):
    """What demo() was handed, by name."""
    return dict(_run.run("garden", given, garden())["show"][0]["rows"])


def refused(given):
    with pytest.raises(BadSetting) as caught:
        settings(given)
    return caught.value.problems


def complaint(first):
    with pytest.raises(SourceProblems) as caught:
        read("garden", text=garden(first))
    return str(caught.value)


# --- the signature --------------------------------------------------------------------------------------------


def test_reads_points_and_drawings():
    trees, beds, plan = read("garden", text=garden()).parameters
    assert (trees.kind, trees.x, trees.y, trees.most, trees.groups) == ("points", (0.0, 10.0), (-1.0, 1.0), 4, 1)
    assert (beds.most, beds.groups, beds.label, beds.default) == (40, 2, "my own", "")
    assert (plan.kind, plan.size, plan.label, plan.default) == ("pixels", (2, 3), "plan", "")


def test_a_default_may_hold_points():
    written = POINTS.replace("= ()", "= ((1, 0.5), (2, -0.25))")
    assert read("garden", text=garden(written)).parameters[0].default == "1,0.5 2,-0.25"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (POINTS.replace("x=(0, 10)", "x=(10, 0)"), "has Points whose x goes from 10 to 0, which is empty"),
        (POINTS.replace("x=(0, 10)", "x=10"), "has Points whose x is 10, which is not two numbers"),
        (POINTS.replace("x=(0, 10), ", ""), "has bounds without x: Points(y=(-1, 1), most=4)"),
        (POINTS.replace("most=4", "most=0"), "has Points whose most is 0, which is not a whole number from 1 to 100"),
        (POINTS.replace("most=4", "groups=9"), "has Points whose groups is 9, which is not a whole number from 1 to 6"),
        (POINTS.replace("Sequence[tuple[float, float]]", "list"), "has a type that is not known here"),
        (
            POINTS.replace("float, float", "float, float, int"),
            "write Annotated[Sequence[tuple[float, float]], Points(…)]",
        ),
        (POINTS.replace("= ()", "= ((1, 3),)"), "and its point 1 has y = 3, which must lie between -1 and 1"),
        (POINTS.replace("= ()", "= 'abc'"), "has the default 'abc', which is no rows of numbers\nhint: write ()"),
        (PIXELS.replace("2, 3", "2, 99"), "has Pixels whose columns is 99, which is not a whole number from 1 to 28"),
        (PIXELS.replace("= ()", "= ((0, 1, 0),)"), "and must have 2 rows, not 1"),
    ],
)
def test_a_signature_that_is_wrong_gets_a_sentence(written, said):
    assert said in complaint(written)


def test_a_label_changes_no_result(tmp_path):
    def digest(first):
        (tmp_path / "garden.py").write_text(garden(first))
        return fingerprint("garden", {}, tmp_path)

    assert digest(POINTS) == digest(POINTS.replace("most=4", "most=4, label='oaks'"))
    assert digest(POINTS) != digest(POINTS.replace("most=4", "most=5"))


# --- settings -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({"trees": "1,0.5 2,-0.25"}, "1,0.5 2,-0.25"),
        ({"trees": "  1.0,+.500\n2,-0.254 "}, "1,0.5 2,-0.25"),
        ({"trees": "10.004,-0.001"}, "10,0"),  # to two decimals, and those are within
        ({"trees": [(1, 0.5), [2.0, -0.25]]}, "1,0.5 2,-0.25"),
        ({"trees": np.array([[1, 0.5], [2, -0.25]])}, "1,0.5 2,-0.25"),
        ({"trees": " "}, ""),
        ({"trees": ()}, ""),
        ({"beds": "1,0.5,1 2,0,0"}, "1,0.5,1 2,0,0"),
        ({"beds": [(1, 0.5, 1)]}, "1,0.5,1"),
        ({"plan": "019 900"}, "019 900"),
        ({"plan": [[0, 0.1, 1], [0.99, 0, 0]]}, "019 900"),
        ({"plan": "000 000"}, ""),
    ],
)
def test_a_setting_is_one_short_text(given, text):
    (name,) = given
    assert settings(given)[name] == text
    assert settings({name: text})[name] == text


def test_the_demo_gets_rows_of_numbers_and_the_result_keeps_the_text():
    given = {"trees": "1,0.5 2,0", "beds": "3,0,1", "plan": "009 000"}
    assert came_in(given) == {
        "trees": "[(1.0, 0.5), (2.0, 0.0)]",
        "beds": "[(3.0, 0.0, 1)]",
        "plan": "[(0.0, 0.0, 1.0), (0.0, 0.0, 0.0)]",
    }
    assert came_in({}) == {"trees": "()", "beds": "()", "plan": "()"}
    found = _run.run("garden", given, garden())
    assert found["settings"] == given
    assert json.loads(json.dumps(found)) == found


def test_every_shade_comes_back():
    plan = read("garden", text=garden()).parameters[2]
    for text in ("012 345", "678 900"):
        assert as_text(plan, from_text(plan, text)) == text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"trees": "1,2"}, ["trees is '1,2', and its point 1 has y = 2, which must lie between -1 and 1"]),
        (
            {"trees": "1,0 11,-7"},
            [
                "trees is '1,0 11,-7', and its point 2 has x = 11, which must lie between 0 and 10",
                "trees is '1,0 11,-7', and its point 2 has y = -7, which must lie between -1 and 1",
            ],
        ),
        ({"trees": "1,0 x,0"}, ["trees is '1,0 x,0', and its point 2 has an x that is not a number"]),
        ({"trees": "nan,0"}, ["trees is 'nan,0', and its point 1 has an x that is not a number"]),
        ({"trees": "1e999,0"}, ["trees is '1e999,0', and its point 1 has an x that is not a number"]),
        ({"trees": "1_0,0"}, ["trees is '1_0,0', and its point 1 has an x that is not a number"]),
        ({"trees": "1"}, ["trees is '1', and its point 1 has 1 number, and must have 2: x and y"]),
        ({"trees": "1,0,0"}, ["trees is '1,0,0', and its point 1 has 3 numbers, and must have 2: x and y"]),
        ({"trees": [(1, True)]}, ["trees is [(1, True)], and its point 1 has a y that is not a number"]),
        ({"trees": [(10**400, 0)]}, [f"trees is [(1{'0' * 37}, and its point 1 has an x that is not a number"]),
        ({"trees": [3]}, ["trees is [3], and its point 1 has no numbers, and must have 2: x and y"]),
        ({"trees": 5}, ["trees is 5, and must be points such as '1,2 3,4'"]),
        ({"trees": "1,0 " * 5}, ["trees is '1,0 1,0 1,0 1,0 1,0 ', and must have at most 4 points, not 5"]),
        ({"beds": "1,0"}, ["beds is '1,0', and its point 1 has 2 numbers, and must have 3: x, y and group"]),
        ({"beds": "1,0,2"}, ["beds is '1,0,2', and its point 1 has a group that is not a whole number from 0 to 1"]),
        ({"beds": "1,0,.5"}, ["beds is '1,0,.5', and its point 1 has a group that is not a whole number from 0 to 1"]),
        ({"plan": "01"}, ["plan is '01', and must have 2 rows, not 1"]),
        ({"plan": "01 000"}, ["plan is '01 000', and its row 1 must have 3 cells, not 2"]),
        ({"plan": "01² 000"}, ["plan is '01² 000', and its row 1 holds something that is not a digit from 0 to 9"]),
        ({"plan": [[0, 0, 2], 5]}, [
            "plan is [[0, 0, 2], 5], and its row 1 holds a cell that is not a number from 0 to 1",
            "plan is [[0, 0, 2], 5], and its row 2 is none",
        ]),
        ({"plan": 7}, ["plan is 7, and must be a drawing of 2 rows, each of 3 digits from 0 to 9"]),
    ],
)  # fmt: skip
def test_each_wrong_point_and_cell_is_told_with_its_place(given, told):
    assert refused(given) == [(sentence, "") for sentence in told]


def test_of_many_wrong_points_the_first_are_told_and_the_others_counted():
    told = [message.partition(", and ")[2] for message, _ in refused({"trees": "11,0 12,0 13,0 14,0"})]
    assert told[0] == "its point 1 has x = 11, which must lie between 0 and 10"
    assert told[3:] == ["1 more of its points are wrong"]


# --- the command line -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", [["--own-points=-0.5,1 0.5,-1"], ["--own-points", "-0.5,1 0.5,-1"]])
def test_points_are_given_in_the_terminal(written, capsys):
    assert main(["overfitting", "--degree", "1", *written, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["settings"]["own_points"] == "-0.5,1 0.5,-1"
    assert found["numbers"]["training loss"] == pytest.approx(0, abs=1e-12)  # a line through two points


def test_points_out_of_bounds_are_told_in_the_terminal_and_nothing_runs(capsys):
    assert main(["overfitting", "--own-points", "0,1 5,x", "--noise", "9"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "its point 2 has x = 5, which must lie between -1 and 1" in err
    assert "its point 2 has a y that is not a number" in err
    assert "noise is 9" in err


def test_the_help_says_how_points_are_written(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    with pytest.raises(SystemExit):
        main(["overfitting", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert '--own-points "X,Y X,Y …"' in said
    assert "at most 40 points, x from -1 to 1, y from -3 to 3; default: points of the demo" in said
