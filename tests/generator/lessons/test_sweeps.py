"""What the controls of a page do before Python is there: run, drawn, checked, kept."""

import json
import xml.etree.ElementTree as ET
import zlib
from dataclasses import replace
from functools import cache

import pytest

from demos._run import run
from demos._run.source import DEMOS, names, read, runs_in_browser
from demos._show.axes import number
from demos._show.colors import colored
from demos._show.pictures import drawing_name, html
from generator.cache import kept
from generator.lessons import run as lessons_run
from generator.lessons import sweeps as lessons_sweeps
from generator.lessons.positions import sweeps
from generator.lessons.sweeps import MOST_BYTES, Task, drawn, lines_of, sweep
from generator.lessons.teach import teach
from generator.load.glossary import load
from tests.generator.conftest import DEMO, entry, write_yaml
from tests.generator.lessons.applying import applied, same

CHART = DEMO.replace("Result, Table", "Result, Table, axes, curves").replace(
    '[Table("Sizes", ["size"], [[size]])]',
    '[axes("A curve", "x", "y") + curves([0, 1, 2], {"a": [0, size, size / 2]}), Table("Sizes", ["size"], [[size]])]',
)


def swept(project, text=CHART, given=None, **more):
    """The sweeps of the one page of a project -> the lessons, and the files by their place in the site."""
    (project / "demos" / "tiny.py").write_text(text, encoding="utf-8")
    demo = {"module": "tiny", **({"with": given} if given else {})}
    write_yaml(project / "terms" / "neuron.yml", entry(demo=demo, **more))
    glossary = load(project).glossary
    lessons, problems = teach(glossary, project, project / ".cache" / "lessons")
    assert problems == []
    return sweep(glossary, lessons, project, project / ".cache" / "sweeps")


def only(files):
    (text,) = files.values()
    return json.loads(text)


@pytest.fixture
def runs(monkeypatch):
    """The changes of every program that was really run since last asked."""
    given = []
    program = lessons_run.run

    def noted(command, *more):
        if "demos._run.sweep" in command:
            given.append(json.loads(command[-1]))
        return program(command, *more)

    monkeypatch.setattr(lessons_run, "run", noted)

    def asked():
        seen = list(given)
        given.clear()
        return seen

    return asked


# --- a file -----------------------------------------------------------------------------------------------


def test_a_file_holds_every_position_of_every_control(project):
    lessons, files = swept(project)
    found = only(files)
    assert (found["demo"], found["settings"]) == ("tiny", {"size": 2, "loud": False})
    assert {name: one["at"] for name, one in found["sweeps"].items()} == {
        "size": [1, 2, 3, 4, 5, 6, 7, 8, 9],
        "loud": [False, True],
    }
    size = found["sweeps"]["size"]
    assert size["own"] == 1
    assert size["states"][1] == {"ops": []}
    assert size["states"][5]["summary"] == "The size is 6."
    assert size["states"][5]["figures"] == [["size", "6"], ["half of it", "3"]]
    assert size["views"] == [{"x": [0, 2], "y": [0, 8]}, None]  # 9 asks for an axis five times as long
    assert size["base"][1] == ""  # the table is as in the page
    assert found["sweeps"]["loud"]["base"] == ["", ""]
    (lesson,) = lessons.shown.values()
    assert [lesson.sweep] == list(files)


SCALES = CHART.replace("loud: bool = False", "loud: bool = {own}").replace(
    'axes("A curve", "x", "y") + curves([0, 1, 2], {"a": [0, size, size / 2]})',
    'axes("A curve", "x", "y", log="{log}" if loud else "") + curves({x}, {"a": {y} if loud else {linear}})',
)
ONE_TO_THREE, FROM_ZERO, BELOW_ZERO = "[1, 2, 3]", "[0, size, size / 2]", "[-size, 0, size]"


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize(
    ("log", "x", "linear"),
    [
        ("y", ONE_TO_THREE, FROM_ZERO),
        ("y", ONE_TO_THREE, BELOW_ZERO),
        ("x", "[1, 2, 3] if loud else [0, 1, 2]", FROM_ZERO),
        ("xy", "[1, 2, 3] if loud else [-1, 0, 1]", BELOW_ZERO),
    ],
)
def test_a_setting_may_exchange_a_logarithmic_axis_for_a_linear_one(project, own, log, x, linear):
    text = SCALES.replace("{own}", str(own)).replace("{log}", log)
    text = text.replace("{x}", x).replace("{y}", "[1, 10 * size, 100 * size]").replace("{linear}", linear)
    found = only(swept(project, text, given={"size": 2})[1])["sweeps"]
    at_page, other = found["loud"]["own"], 1 - found["loud"]["own"]
    assert found["loud"]["at"][at_page] is own
    assert found["loud"]["states"][at_page] == {"ops": []}
    assert {"html", "ops"} & found["loud"]["states"][other].keys()  # it is drawn, and by its own scale
    alone = found["loud"]["views"][0]
    assert all(low > 0 for along, (low, high) in alone.items() if own and along in log)
    assert alone["y"][1] <= 1000 if own else alone["y"][1] < 10


def test_settings_of_a_page_have_a_sweep_of_their_own(project):
    found = only(swept(project, given={"size": 4})[1])
    assert found["settings"]["size"] == 4
    assert found["sweeps"]["size"]["own"] == 3


ASKED = [
    {"ask": "Both?", "from": {"size": 3}, "to": {"size": 3, "loud": True}, "watch": "size", "answer": "stays",
     "because": "So."},
    {"ask": "How large?", "settings": {"size": 7}, "watch": "half of it", "choices": [3, 3.5, 9], "because": "So."},
]  # fmt: skip


def test_what_an_experiment_sets_is_in_the_file_and_is_never_lost(project, monkeypatch):
    text = CHART.replace("Range(1, 9)", "Range(1, 9, stops=2)")
    found = only(swept(project, text, experiments=ASKED)[1])["sweeps"]
    assert found["size"]["at"] == [1, 2, 3, 7, 9]
    assert found["#0"]["at"] == [{}, {"size": 3}, {"size": 3, "loud": True}]
    assert [state.get("summary") for state in found["#0"]["states"]] == [None, *["The size is 3."] * 2]
    monkeypatch.setattr(lessons_sweeps, "MOST_BYTES", 1)
    least = only(swept(project, text.replace("stops=2", "stops=9"), experiments=ASKED)[1])["sweeps"]
    assert least["size"]["at"] == [1, 2, 3, 7, 9]
    assert least["#0"] == found["#0"]


def test_a_file_says_of_which_form_it_is(project):
    assert only(swept(project)[1])["edition"] == lessons_sweeps.EDITION


def test_a_demo_that_no_page_can_run_has_none(project):
    glossary = load(project).glossary
    lessons, _ = teach(glossary, project, project / ".cache" / "lessons")
    lessons = replace(lessons, in_browser=frozenset())
    left, files = sweep(glossary, lessons, project, project / ".cache" / "sweeps")
    assert (left, files) == (lessons, {})


def test_two_computations_give_the_same_bytes(project):
    first = swept(project)[1]
    for path in (project / ".cache" / "sweeps").iterdir():
        path.unlink()
    assert swept(project)[1] == first


# --- what goes wrong --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    ["raise ValueError('seven')", "import os; os._exit(3)", "import os; os.write(1, b'x\\n'); os._exit(0)"],
    ids=["raises", "ends its process", "says something else"],
)
def test_a_position_that_fails_waits_for_python_and_the_others_are_there(project, broken):
    text = CHART.replace("    return Result(", f"    if size == 7:\n        {broken}\n    return Result(")
    states = only(swept(project, text)[1])["sweeps"]["size"]["states"]
    assert [state is None for state in states] == [i == 6 for i in range(9)]


def test_a_position_with_other_pictures_waits_for_python(project):
    text = CHART.replace(
        "    return Result(", "    if size == 7:\n        return Result('Seven.', {}, [])\n    return Result("
    )
    assert only(swept(project, text)[1])["sweeps"]["size"]["states"][6] is None


def test_what_is_too_large_loses_positions_and_first_those_of_other_controls(project, monkeypatch):
    text = CHART.replace("loud: bool = False", "loud: Annotated[int, Range(0, 8)] = 3")
    (whole,) = swept(project, text)[1].values()

    def within(most):
        monkeypatch.setattr(lessons_sweeps, "MOST_BYTES", most)
        for path in (project / ".cache" / "sweeps").iterdir():
            path.unlink()
        return {name: one["at"] for name, one in only(swept(project, text)[1])["sweeps"].items()}

    less = within(len(zlib.compress(whole.encode(), 6)) - 1)
    assert less["size"] == [1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert set(less["loud"]) < set(range(9))
    least = within(1)
    assert least["size"] == [1, 2, 9]  # both ends and the page's own are never lost
    assert least["loud"] == [0, 3, 8]


# --- what is kept -----------------------------------------------------------------------------------------


def test_what_is_kept_is_run_once(project, runs):
    first = swept(project)[1]
    assert len(runs()) == 1
    assert swept(project)[1] == first
    assert runs() == []


def test_another_code_other_settings_and_other_machinery_are_run_anew(project, runs, monkeypatch):
    swept(project)
    swept(project, CHART.replace("size / 2]", "size / 3]"))
    swept(project, given={"size": 4})
    swept(project, CHART.replace("Range(1, 9)", "Range(1, 9, stops=3)"))
    monkeypatch.setattr(lessons_sweeps, "machinery", lambda: "another version")
    swept(project)
    assert len(runs()) == 5


def test_other_words_for_a_control_run_nothing_anew(project, runs):
    swept(project)
    runs()
    swept(project, CHART.replace("Range(1, 9)", 'Range(1, 9, label="how big")'))
    assert runs() == []


def test_what_is_damaged_is_made_anew_and_what_nobody_asks_for_is_forgotten(project, runs):
    first = swept(project)[1]
    (path,) = (project / ".cache" / "sweeps").iterdir()
    path.write_bytes(path.read_bytes()[:-9])
    (project / ".cache" / "sweeps" / "old.json").write_text("old")
    runs()
    assert swept(project)[1] == first
    assert len(runs()) == 1
    assert [path] == list((project / ".cache" / "sweeps").iterdir())
    assert kept(path).decode() in first.values()


# --- real demos -------------------------------------------------------------------------------------------

LIVE = [name for name in names() if runs_in_browser(name)]
SAMPLE = {"activation_functions", "autograd", "byte_pair_encoding", "gradient_descent", "softmax"}
LOOKED_AT = [pytest.param(name, marks=() if name in SAMPLE else pytest.mark.parity) for name in LIVE]


def ends(name):
    """The sweeps of a demo at both ends of every control, its own setting between."""
    settings = run.settings(name, {})
    along = [
        replace(
            one,
            at=tuple(at := sorted({one.at[0], one.at[one.own], one.at[-1]}, key=one.at.index)),
            own=at.index(one.at[one.own]),
        )
        for one in sweeps(read(name).parameters, settings)
    ]
    return Task(name, settings, tuple(along), "edition")


@cache
def drawn_at_ends(name):
    """The file of these sweeps."""
    task = ends(name)
    return drawn(task, lines_of(task, DEMOS))


@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_sweep_shows_at_the_ends_what_a_run_there_shows(name):
    task = ends(name)
    found = json.loads(drawn_at_ends(name))
    assert list(found["sweeps"]) == [one.name for one in task.along]
    own = run.run(name)
    shown, colors = colored(own["show"]), {}
    for control, one in found["sweeps"].items():
        for value, state in zip(one["at"], one["states"], strict=True):
            try:
                there = run.run(name, {control: value})
            except run.DemoFailed:
                assert state is None
                continue
            assert state.get("summary", own["summary"]) == there["summary"]
            figures = {key: number(figure) for key, figure in own["numbers"].items()} | dict(state.get("figures", ()))
            assert figures == {key: number(figure) for key, figure in there["numbers"].items()}
            for i, item in enumerate(colored(there["show"])):
                for thing, color in item.get("colors", {}).items():
                    assert colors.setdefault(thing, color) == color  # a slider changes the color of nothing
                view, name_ = one["views"][i], drawing_name(shown[i])
                wanted = html({**item, "view": view} if view else item, name=name_)
                base = one["base"][i] or html(shown[i], name=name_)
                made = [operation for picture, *operation in state["ops"] if picture == i]
                whole = state.get("html", {}).get(str(i))
                became = ET.fromstring(whole) if whole else applied(base, made)
                assert same(became, ET.fromstring(wanted)), (control, value, item["title"])


@pytest.mark.parametrize("name", LOOKED_AT)
def test_a_file_is_small_enough_for_a_reader_with_a_telephone(name):
    assert len(zlib.compress(drawn_at_ends(name).encode(), 6)) <= MOST_BYTES
