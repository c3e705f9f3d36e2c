"""The runner of deliberate bugs, on a tiny project: which bugs it calls killed, survived and broken."""

import shutil
from pathlib import Path

import pytest

from tests import mutants
from tests.mutants import Mutant, MutantError

ROOT = Path(__file__).parents[1]
CODE = "def half(x):\n    return x / 2\n\n\ndef third(x):\n    return x / 3\n"
TEST = "from demos.maths import half\n\n\ndef test_half():\n    assert half(3) == 1.5\n"
KILLED = '- {file: demos/maths.py, find: "x / 2", replace: "x // 2", slip: rounds down}\n'
SURVIVED = '- {file: demos/maths.py, find: "x / 3", replace: "x * 3", slip: turned round}\n'
BROKEN = '- {file: demos/maths.py, find: "def half(x):", replace: "def half(x)", slip: colon lost}\n'


@pytest.fixture
def project(tmp_path):
    """A project with one demo, whose tests know half of it."""
    (tmp_path / "demos").mkdir()
    (tmp_path / "tests/demos").mkdir(parents=True)
    (tmp_path / "demos/__init__.py").write_text("")
    (tmp_path / "demos/maths.py").write_text(CODE)
    (tmp_path / "tests/demos/test_maths.py").write_text(TEST)
    (tmp_path / "tests/demos/mutants.yml").write_text(KILLED)
    shutil.copy(ROOT / "tests/conftest.py", tmp_path / "tests")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


ONE_LINE = "each line is - {file: demos/neuron.py, find: a text, replace: another, slip: what kind of mistake it is}"


def list_of(project, text):
    (project / "tests/demos/mutants.yml").write_text(text)


def without_times(output):
    return "\n".join(line.partition(" in ")[0] if line.startswith("[") else line for line in output.splitlines())


def test_a_bug_that_a_test_notices_is_killed(project, capsys):
    assert mutants.main([], project) == 0
    assert without_times(capsys.readouterr().out) == (
        "1 mutant\n[1/1] killed\nthe 1 test that noticed must pass without any bug …\n\n1 of 1 mutant killed"
    )


def test_tests_of_the_machinery_are_named_with_their_folder(project):
    (project / "tests/demos/machine").mkdir()
    (project / "tests/demos/machine/test_maths.py").write_text(TEST)
    list_of(project, KILLED.replace("}", ", test: machine/maths}"))
    assert [mutant.test for mutant in mutants.read(project)] == ["tests/demos/machine/test_maths.py"]


def test_a_bug_that_no_test_notices_survives_and_is_shown_with_its_place(project, capsys):
    list_of(project, KILLED + SURVIVED)
    assert mutants.main([], project) == 1
    assert without_times(capsys.readouterr().out).endswith(
        "\ndemos/maths.py:6: turned round\n"
        "  - x / 3\n"
        "  + x * 3\n"
        "  tests/demos/test_maths.py passes all the same: add a test that fails with it\n"
        "\n"
        "1 of 2 mutants killed"
    )


def test_a_bug_that_no_test_can_even_load_counts_as_broken(project, capsys):
    list_of(project, BROKEN)
    assert mutants.main([], project) == 1
    output = capsys.readouterr().out
    assert "the mutant broke the test run of tests/demos/test_maths.py: pytest ended with 2:" in output
    assert "SyntaxError: expected ':'" in output


def test_a_bug_that_never_ends_counts_as_broken(project, monkeypatch):
    monkeypatch.setattr(mutants, "SECONDS", 2)
    mutant = Mutant("demos/maths.py", 2, "return x / 2", "while x: pass", "for ever", "tests/demos/test_maths.py")
    with mutants.Tester(project) as tester:
        verdict = mutants.try_out(mutant, tester)
    assert (verdict.outcome, verdict.why) == ("broke", "the tests did not end within 2 s")
    assert (project / "demos/maths.py").read_text() == CODE


def test_tests_that_fail_without_any_bug_prove_nothing(project, capsys):
    (project / "tests/demos/test_maths.py").write_text(TEST.replace("1.5", "2.5"))
    assert mutants.main([], project) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith("tests/demos/test_maths.py fails without any mutant:\n")
    assert " killed\n" not in printed.out


def test_tests_that_notice_no_bug_may_fail_as_they_like(project, capsys):
    broken = "\n\ndef test_of_something_else():\n    assert half(4) == 3\n"
    (project / "tests/demos/test_maths.py").write_text(TEST + broken)
    assert mutants.main([], project) == 0
    assert "1 of 1 mutant killed" in capsys.readouterr().out


def test_the_project_itself_is_left_alone(project):
    def state():
        return {path: path.read_text() for path in project.rglob("*") if path.is_file()}

    before = state()
    mutants.main([], project)
    assert state() == before


def test_one_can_ask_for_some_of_them(project, capsys):
    shutil.copy(project / "demos/maths.py", project / "demos/other.py")
    list_of(project, KILLED + SURVIVED.replace("demos/maths.py", "demos/other.py").replace("}", ", test: maths}"))
    assert mutants.main(["maths"], project) == 0
    assert "1 of 1 mutant killed" in capsys.readouterr().out
    assert mutants.main(["mathe"], project) == 2
    assert capsys.readouterr().err == "tests/demos/mutants.yml has no mutant of mathe\n"


def test_without_what_runs_tests_it_is_said_how_to_get_it(project, capsys, monkeypatch):
    list_of(project, KILLED)
    monkeypatch.setattr(mutants, "find_spec", lambda name: None)
    assert mutants.main([], project) == 2
    assert capsys.readouterr().err.endswith("pytest is needed\nhint: make packages\n")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (
            "{file: demos/maths.py, find: x, replace: y, slip: it}",
            "'x' occurs 4 times in demos/maths.py, and must occur exactly once\n"
            "    hint: write as much of the line as makes it the only one",
        ),
        (
            "{file: demos/maths.py, find: z, replace: y, slip: it}",
            "'z' occurs 0 times in demos/maths.py, and must occur exactly once\n"
            "    hint: write as `find` what stands in demos/maths.py now, or take this line out",
        ),
        (
            "{file: demos/maths.py, find: x / 2, replace: x / 2, slip: it}",
            "'x / 2' is replaced by itself\n    hint: write as `replace` what a mistaken author might have written",
        ),
        (
            "{file: demos/meths.py, find: x + 1, replace: y, slip: it}",
            "there is no file demos/meths.py among the demos\n"
            "    hint: did you mean 'demos/maths.py'? If it is gone, take this line out",
        ),
        (
            "{file: demos/meths.py, find: x / 2, replace: y, slip: it}",
            "there is no file demos/meths.py among the demos\n    hint: that text is in demos/maths.py now: "
            "write file: demos/maths.py, and test: NAME where its tests have another",
        ),
        (
            "{file: pyproject.toml, find: zzz, replace: y, slip: it}",
            "there is no file pyproject.toml among the demos\n"
            "    hint: write the name that the file has now, or take this line out",
        ),
        (
            "{file: demos/../tests/demos/test_x.py, find: zzz, replace: y, slip: it}",
            "there is no file demos/../tests/demos/test_x.py among the demos\n"
            "    hint: write the name that the file has now, or take this line out",
        ),
        (
            "{file: demos/maths.py, find: x / 2, replace: 3, slip: it}",
            "replace must be text\n    hint: put it in quotes",
        ),
        (
            "{file: demos/maths.py, find: x / 2}",
            "a deliberate bug says file, find, replace and slip, and may say test; this one does not\n"
            f"    hint: {ONE_LINE}",
        ),
        (
            "{file: demos/maths.py, find: x / 2, replace: y, slip: it, test: test_parts.py}",
            "there is no tests/demos/test_parts.py\n"
            "    hint: say whose tests know about demos/maths.py, with test: NAME",
        ),
    ],
)
def test_an_entry_that_cannot_be_carried_out_is_told(project, entry, said):
    list_of(project, f"{KILLED}- {entry}\n")
    with pytest.raises(MutantError) as caught:
        mutants.read(project)
    assert str(caught.value) == f"tests/demos/mutants.yml:2: {said}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("- {file: [\n", "tests/demos/mutants.yml:1: this is not valid YAML: "),
        ("# one\n- {file: a\n- b", "tests/demos/mutants.yml:3: this is not valid YAML: "),
        ("a: 1", "tests/demos/mutants.yml:1: this is no list of deliberate bugs\n    hint: each line is - {file: "),
        ("- \xff", "tests/demos/mutants.yml:1: this is not valid YAML: "),
    ],
)
def test_a_list_that_is_none_is_told(project, text, told):
    (project / "tests/demos/mutants.yml").write_bytes(text.encode("latin-1"))
    with pytest.raises(MutantError) as caught:
        mutants.read(project)
    assert str(caught.value).startswith(told)


def test_the_list_of_this_project_can_be_carried_out():
    assert len(mutants.read()) > 0


def test_what_is_planted_sees_no_secrets(monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    assert "secret" not in mutants.Tester(tmp_path).environment.values()
    assert "PATH" in mutants.Tester(tmp_path).environment
