"""Demos run in processes of their own, once for each setting; what goes wrong in one is told and stops the build."""

import json

import pytest

from demos._run.fingerprint import fingerprint
from generator.cache import kept
from generator.lessons import run as lessons_run
from generator.lessons import teach as lessons_teach
from generator.lessons.recordings import stale_recordings
from generator.lessons.run import run_job
from generator.lessons.teach import Lesson, Lessons, teach
from generator.load.glossary import load
from generator.load.places import located
from tests.generator.conftest import DEMO, entry, write_yaml
from tests.patience import within

RETURN = DEMO[DEMO.index("    return Result(") :]
COMPARISON = {
    "title": "Neuron vs. Gradient",
    "sides": ["neuron", "gradient"],
    "summary": "Both.",
    "rows": [
        {"aspect": "Size", "values": {"neuron": {"demo": "tiny", "number": "sise"}, "gradient": "x"}},
        {"aspect": "Half", "values": {"neuron": {"demo": "tiny", "number": "half of it"}, "gradient": "x"}},
    ],
    "choose": {"neuron": "x", "gradient": "y"},
    "sources": entry()["sources"],
    "written": "2026-11-23",
}


def write_demo(project, text=DEMO, name="tiny"):
    (project / "demos" / f"{name}.py").write_text(text, encoding="utf-8")


def taught(project):
    loaded = load(project)
    glossary, problems = loaded.glossary, loaded.problems
    assert problems == []
    found, problems = teach(glossary, project, project / ".cache" / "lessons")
    return found, [str(problem) for problem in located(project, problems)]


def line_of(project, text):
    """Line and column of the one place in terms/ that holds a text."""
    places = [
        f"{i}:{line.index(text) + 1}"
        for path in sorted((project / "terms").rglob("*.yml"))
        for i, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if text in line
    ]
    assert len(places) == 1
    return places[0]


@pytest.fixture
def runs(monkeypatch):
    """The settings with which demos were really run since last asked."""
    given = []
    run = run_job
    monkeypatch.setattr(
        lessons_teach, "run_job", lambda job, folder: (given.append(dict(job.given)), run(job, folder))[1]
    )

    def asked():
        seen = sorted(given, key=str)
        given.clear()
        return seen

    return asked


def test_a_page_gets_what_its_demo_showed_at_its_setting(project):
    write_yaml(project / "terms" / "neuron.yml", entry(demo={"module": "tiny", "with": {"size": 3}}))
    found, told = taught(project)
    assert told == []
    lesson = found.of("tiny", {"size": 3})
    assert (lesson.summary, lesson.numbers) == ("The size is 3.", {"size": 3, "half of it": 1.5})
    assert lesson.command == "python -m demos tiny --size=3"
    assert len(lesson.pictures) == 1
    assert "Sizes" in lesson.pictures[0]


def test_the_command_says_every_setting_as_an_option():
    lesson = Lesson("tiny", {"learning_rate": -0.5, "loud": True, "quiet": False, "name": "a b"}, "", {}, ())
    assert lesson.command == "python -m demos tiny --learning-rate=-0.5 --loud --no-quiet '--name=a b'"


# --- what goes wrong --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("    return 1 / (size - 2)\n", "demos/tiny.py:18:5: ZeroDivisionError: division by zero"),
        ("    raise SystemExit(3)\n", "demos/tiny.py:18:5: SystemExit: 3"),
        ("    raise SystemExit\n", "demos/tiny.py:18:5: SystemExit"),
        ("    demo()\n", "demos/tiny.py:18:5: RecursionError: maximum recursion depth exceeded"),
        ("    import os\n    os._exit(7)\n", "demos/tiny.py:1:1: it ended with exit code 7 and said nothing"),
        ("    import os\n    os.abort()\n", "demos/tiny.py:1:1: it ended with SIGABRT and said nothing"),
        ("    print('hello')\n" + RETURN,
         "demos/tiny.py:12:1: a demo never prints, and this one printed 'hello'\n"
         "    hint: put it into the summary, the numbers or a picture of its Result"),
        ("    import os\n    os.write(1, b'\\xff')\n" + RETURN,
         "demos/tiny.py:1:1: its output is not its result alone\n"
         "    hint: a demo returns its Result and prints nothing"),
        ("    while True:\n        pass\n",
         "demos/tiny.py:1:1: it ran for more than 2 seconds\n    hint: make it smaller, or record it"),
        (RETURN.replace('"size": size,', '"size": float("nan"),'),
         "demos/tiny.py:12:1: the number 'size' is nan, and must be finite"),
        (RETURN.replace("size / 2", "size / 1e-320 * 1e300"),
         "demos/tiny.py:12:1: the number 'half of it' is inf, and must be finite"),
        ("    return 3\n",
         "demos/tiny.py:12:1: demo() returned an int, and must return a Result\n"
         "    hint: end it with: return Result(summary=…, numbers=…, show=[…])"),
        ("    pass\n",
         "demos/tiny.py:12:1: demo() returned None, and must return a Result\n"
         "    hint: end it with: return Result(summary=…, numbers=…, show=[…])"),
        (RETURN.replace('f"The size is {size}."', '""'), "demos/tiny.py:12:1: the summary is empty"),
        ("    import warnings\n    warnings.warn('first')\n    raise ValueError('then')\n",
         "demos/tiny.py:20:5: ValueError: then"),
    ],
)  # fmt: skip
def test_a_demo_that_fails_is_told_with_its_line(project, monkeypatch, body, told):
    monkeypatch.setattr(lessons_run, "LONGEST_RUN", 2 if "while" in body else round(within(20)))
    write_demo(project, "\n" + DEMO.replace(RETURN, body))
    assert taught(project) == (Lessons({}, {"tiny": []}, frozenset({"tiny"})), [told])


def test_a_demo_that_fails_at_a_setting_is_told_with_the_setting_and_who_asks_for_it(project):
    write_yaml(project / "terms" / "neuron.yml", entry(demo={"module": "tiny", "with": {"size": 3}}))
    write_yaml(project / "terms" / "gradient.yml", entry("Gradient", demo={"module": "tiny", "home": True}))
    write_demo(
        project, DEMO.replace("    return", "    if size == 3:\n        raise ValueError('too big')\n    return")
    )
    found, told = taught(project)
    assert told == ["demos/tiny.py:18:9: ValueError: too big (with --size=3, as in terms/neuron.yml)"]
    assert [lesson.settings for lesson in found.shown.values()] == [{}]


def test_a_number_that_a_comparison_wants_and_the_demo_does_not_report_is_told(project):
    write_yaml(project / "terms" / "gradient.yml", entry("Gradient"))
    write_yaml(project / "terms" / "comparisons" / "neuron-vs-gradient.yml", COMPARISON)
    assert taught(project)[1] == [
        f"terms/comparisons/neuron-vs-gradient.yml:{line_of(project, 'sise')}: the demo 'tiny' reports no 'sise'\n"
        "    hint: did you mean 'size'?"
    ]


# --- the cache --------------------------------------------------------------------------------------------


def test_what_has_been_run_once_is_not_run_again(project, runs):
    write_yaml(project / "terms" / "gradient.yml", entry("Gradient"))
    write_yaml(project / "terms" / "loss.yml", entry("Loss", demo={"module": "tiny", "with": {"size": 3}}))
    first = taught(project)
    assert runs() == [{"size": 3}, {}]
    assert taught(project) == first
    assert runs() == []


def test_a_setting_that_is_written_out_is_in_the_command_even_where_it_is_the_default(project):
    write_yaml(project / "terms" / "gradient.yml", entry("Gradient", demo={"module": "tiny", "with": {"size": 2}}))
    for _ in range(2):  # made, and from the cache
        found, _told = taught(project)
        commands = [found.of("tiny", given).command for given in ({}, {"size": 2})]
        assert commands == ["python -m demos tiny", "python -m demos tiny --size=2"]


@pytest.mark.parametrize(
    ("old", "new", "again"),
    [
        ("size / 2", "size / 3", True),
        ("= 2, loud", "= 3, loud", True),
        ("    return", "    # halves it\n    return", False),
        ("Source: made up", "Source: still made up", False),
    ],
)
def test_a_change_of_code_or_defaults_runs_a_demo_again_and_a_remark_does_not(project, runs, old, new, again):
    taught(project)
    runs()
    write_demo(project, DEMO.replace(old, new))
    taught(project)
    assert runs() == [{}] * again


def test_a_change_of_what_a_demo_imports_runs_it_again(project, runs):
    (project / "demos" / "parts").mkdir()
    part = project / "demos" / "parts" / "corpus.py"
    part.write_text('"""Words."""\n\nHALF = 0.5\n', encoding="utf-8")
    write_demo(project, DEMO.replace("size / 2", "size * HALF").replace(
        "from demos import", "from demos.parts.corpus import HALF\nfrom demos import"))  # fmt: skip
    assert taught(project)[0].of("tiny", {}).numbers["half of it"] == 1
    part.write_text('"""Words."""\n\nHALF = 0.75\n', encoding="utf-8")
    assert taught(project)[0].of("tiny", {}).numbers["half of it"] == 1.5
    assert runs() == [{}, {}]


def test_another_way_of_drawing_makes_lessons_anew(project, runs, monkeypatch):
    taught(project)
    runs()
    monkeypatch.setattr(lessons_teach, "machinery", lambda: "another version")
    taught(project)
    assert runs() == [{}]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"demo": "tiny"}'])
def test_a_damaged_lesson_is_made_anew(project, runs, damage):
    first = taught(project)
    runs()
    for path in (project / ".cache" / "lessons").iterdir():
        path.write_text(damage, encoding="utf-8")
    assert taught(project) == first
    assert runs() == [{}]


def test_lessons_that_nobody_asks_for_are_forgotten(project):
    cache = project / ".cache" / "lessons"
    taught(project)
    (cache / "tiny-0123.4567-890").write_text("half of a lesson that a killed build left", encoding="utf-8")
    write_yaml(project / "terms" / "neuron.yml", entry(demo={"module": "tiny", "with": {"size": 3}}))
    taught(project)
    assert [json.loads(kept(path))["settings"] for path in cache.iterdir()] == [{"size": 3}]


def test_a_failure_is_not_remembered(project, runs):
    there = project / "fixed"
    looks = f"    import os\n    assert os.path.exists({str(there)!r})\n    return"
    write_demo(project, DEMO.replace("    return", looks))
    assert len(taught(project)[1]) == 1
    there.touch()
    assert taught(project)[1] == []
    assert runs() == [{}, {}]


# --- recorded results -------------------------------------------------------------------------------------

TORCH = DEMO.replace("from typing", "import torch\nfrom typing")


def record(project, name="tiny", **changes):
    """A recorded result, as `python -m demos record` leaves it."""
    settings = {"size": 2, "loud": False}
    data = {
        "fingerprint": fingerprint("tiny", settings, project / "demos"),
        "settings": settings,
        "made_with": {"device": "cpu", "seconds": 3},
        "result": {"summary": "Recorded.", "numbers": {"size": 2}, "show": []},
    }
    path = project / "demos" / "recorded" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(data | changes), encoding="utf-8")


def test_a_demo_that_needs_more_than_numpy_shows_its_recorded_run(project, runs):
    write_demo(project, TORCH)
    record(project)
    found, told = taught(project)
    assert (told, runs()) == ([], [])
    assert found.of("tiny", {}).summary == "Recorded."
    assert found.of("tiny", {}).made_with == {"device": "cpu", "seconds": 3}
    assert found.in_browser == frozenset()


def test_a_new_recording_takes_the_place_of_the_old_one(project):
    write_demo(project, TORCH)
    record(project)
    taught(project)
    record(project, result={"summary": "Recorded again.", "numbers": {}, "show": []})
    assert taught(project)[0].of("tiny", {}).summary == "Recorded again."


def test_a_demo_that_needs_more_than_numpy_and_has_no_recording_is_told(project):
    write_demo(project, TORCH)
    write_yaml(project / "terms" / "neuron.yml", entry(demo={"module": "tiny", "with": {"size": 3}}))
    record(project)  # at another setting
    assert taught(project)[1] == [
        f"terms/neuron.yml:{line_of(project, 'demo:')}: "
        "'tiny' needs torch, so its page shows a recorded run, and there is none\n"
        "    hint: record it: python -m demos record tiny --size=3"
    ]


def stale(project):
    glossary = load(project).glossary
    return [str(problem) for problem in stale_recordings(glossary, project)]


def test_a_recording_that_is_fresh_is_told_nothing(project):
    record(project)
    assert stale(project) == []


def test_a_recording_of_other_code_is_told(project):
    record(project)
    write_demo(project, DEMO.replace("size / 2", "size / 3"))
    assert stale(project) == [
        "demos/recorded/tiny.json: this recorded result is out of date\n"
        "    hint: run: python -m demos record tiny --size=2 --no-loud"
    ]


def test_a_recording_from_a_graphics_card_may_be_old_and_its_page_says_so(project):
    record(project, made_with={"device": "cuda"})
    write_demo(project, TORCH)
    assert stale(project) == []
    assert taught(project)[0].of("tiny", {}).made_with == {
        "device": "cuda",
        "made by": "an earlier version of this demo",
    }


def test_recordings_that_are_damaged_or_of_no_demo_are_told(project):
    record(project, "gone")
    (project / "demos" / "recorded" / "tiny--size=3.json").write_text('{"fingerprint": ', encoding="utf-8")
    assert stale(project) == [
        "demos/recorded/tiny--size=3.json: this file is damaged\n    hint: remake it: python -m demos record tiny",
        "demos/recorded/gone.json: there is no demo called 'gone' to make this\n    hint: delete the file",
    ]


# --- what builds on what ----------------------------------------------------------------------------------


def test_lessons_know_what_builds_on_what_and_what_runs_in_a_page():
    found = Lessons(builds_on={"a": [], "b": ["a"], "c": ["a", "b"]}, in_browser=frozenset("ab"))
    assert found.used_by == {"a": ["b", "c"], "b": ["c"], "c": []}
