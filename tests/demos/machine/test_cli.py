"""The command line, as a newcomer meets it: what is printed, where, and with which exit code."""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from demos.__main__ import main
from demos._run.run import run
from demos._run.source import machinery_files, names

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")


def said(capsys, *arguments):
    """Exit code, standard output and standard error of a command."""
    code = main(arguments)
    return code, *capsys.readouterr()


# --- the list -------------------------------------------------------------------------------------------------


def test_without_arguments_every_demo_is_listed_in_one_line_of_the_terminal(capsys):
    code, out, err = said(capsys)
    *lines, empty, hint = out.splitlines()
    assert (code, err, empty) == (0, "", "")
    assert [line.split()[0] for line in lines] == names()
    assert all(len(line) <= 80 for line in lines)
    assert len({re.match(r"\w+ +", line).end() for line in lines}) == 1  # aligned
    assert hint == "Run one: python -m demos NAME    What can be set: python -m demos NAME --help"


def test_the_list_does_not_repeat_a_name_as_a_title(capsys):
    _, out, _ = said(capsys)
    assert re.search(r"^neuron +weigh the inputs, add a bias, bend the sum\.$", out, re.MULTILINE)


def test_a_narrow_terminal_cuts_the_lines(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    _, out, _ = said(capsys)
    lines = out.splitlines()[:-2]
    assert max(map(len, lines)) == 40
    assert all(line.endswith("…") for line in lines if len(line) == 40)


def test_help_shows_the_ways_to_call(capsys):
    code, out, _ = said(capsys, "--help")
    assert code == 0
    assert "python -m demos neuron --weight-1 2" in out
    assert "python -m demos record" in out


# --- running one ----------------------------------------------------------------------------------------------


def test_a_demo_shows_its_idea_its_finding_its_numbers_and_its_pictures(capsys):
    code, out, err = said(capsys, "neuron", "--weight-1", "2")
    result = run("neuron", {"weight_1": 2})
    assert (code, err) == (0, "")
    assert out.startswith("Neuron: weigh the inputs, add a bias, bend the sum.\n\n")
    assert " ".join(out.split()).count(result["summary"]) == 1
    for name in result["numbers"]:
        assert out.count(name) == 1
    for picture in result["show"]:
        assert picture["title"] in out
    assert all(len(line) <= 80 for line in out.splitlines())


def test_json_is_what_a_run_gives(capsys):
    code, out, err = said(capsys, "neuron", "--json", "--activation=step", "--bias", "-1e-1")
    assert (code, err) == (0, "")
    expected = run("neuron", {"activation": "step", "bias": -0.1})
    assert out == json.dumps(expected, ensure_ascii=False) + "\n"
    assert list(json.loads(out)) == ["demo", "settings", "summary", "numbers", "show"]


def test_a_name_may_be_written_with_dashes(capsys):
    assert said(capsys, "gradient-descent", "--json") == said(capsys, "gradient_descent", "--json")


@pytest.mark.parametrize(("ending", "start"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("html", b"<!doctype html>")])
def test_pictures_are_saved(capsys, tmp_path, ending, start):
    file = tmp_path / f"chart.{ending}"
    code, out, err = said(capsys, "neuron", "--save", str(file))
    assert (code, err) == (0, f"saved {file}\n")
    assert "Neuron" in out
    assert file.read_bytes().lower().startswith(start.lower())


def test_the_help_of_a_demo_comes_from_its_signature_and_docstring(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["neuron", "--help"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == textwrap.dedent(
        """\
        usage: python -m demos neuron [options]

        Neuron: weigh the inputs, add a bias, bend the sum.

        Set the weights and the bias so that the line cuts off one corner: that is AND.
        Now try OR, NAND, and XOR.

        options:
          -h, --help         show this help message and exit

        settings:
          --weight-1 X       weight of input 1: how much the first input counts (from -3
                             to 3, default 1)
          --weight-2 X       weight of input 2: how much the second input counts (from
                             -3 to 3, default 1)
          --bias X           moves the line without turning it (from -3 to 3, default
                             -1.5)
          --activation WORD  how the weighted sum is bent into the output: by a hard
                             step or by a softer curve (step, sigmoid, tanh or relu;
                             default sigmoid)

        output:
          --json             print the result as JSON
          --save FILE        draw the pictures into a .svg, .png or .html file

        Notation: x [N, n] inputs, w [n] weights, b bias, z = x·w + b the weighted sum, N examples of n inputs.
        Leaves out: learning. Here you set the weights by hand; gradient descent finds them for you.

        Source: McCulloch & Pitts (1943), https://doi.org/10.1007/BF02478259
                Rosenblatt (1958), https://doi.org/10.1037/h0042519
        """
    )


def test_a_seed_for_a_demo_without_randomness_is_a_note_and_no_error(capsys):
    code, out, err = said(capsys, "neuron", "--seed", "3", "--json")
    assert (code, err) == (0, "neuron uses no randomness, so --seed changes nothing\n")
    assert json.loads(out) == run("neuron")


# --- slips of the reader --------------------------------------------------------------------------------------

ASK = "hint: python -m demos neuron --help\n"


@pytest.mark.parametrize(
    ("arguments", "err"),
    [
        (["nueron"], "there is no demo called 'nueron'\nhint: did you mean 'neuron'?\n"),
        (["zzzzzz"], "there is no demo called 'zzzzzz'\nhint: python -m demos lists them all\n"),
        (["_run"], "there is no demo called '_run'\nhint: python -m demos lists them all\n"),
        (["../neuron"], "there is no demo called '../neuron'\nhint: did you mean 'neuron'?\n"),
        (["--json"], "--json comes before the name of a demo\nhint: python -m demos NAME [options]\n"),
        (["record"], "record needs the name of a demo\nhint: python -m demos record NAME [options]\n"),
        (["record", "nueron"], "there is no demo called 'nueron'\nhint: did you mean 'neuron'?\n"),
        (["neuron", "--bias"], f"--bias: expected one argument\n{ASK}"),
        (["neuron", "--json=3"], f"--json: ignored explicit argument '3'\n{ASK}"),
        (["neuron", "--bias", "9"], "bias is 9, and must lie between -3 and 3\n"),
        (["neuron", "--wieght-1", "2"], "neuron has no option --wieght-1\nhint: did you mean '--weight-1'?\n"),
        (["neuron", "--weight", "2"], "neuron has no option --weight\nhint: did you mean '--weight-2'?\n"),
        (["neuron", "--zzzzzz"], f"neuron has no option --zzzzzz\n{ASK}"),
        (["neuron", "2"], f"'2' belongs to no option\n{ASK}"),
        (
            ["neuron", "--activation", "rellu", "--bias=-9", "--wieght-1", "-2", "more"],
            "neuron has no option --wieght-1\nhint: did you mean '--weight-1'?\n"
            f"'more' belongs to no option\n{ASK}"
            "bias is -9, and must lie between -3 and 3\n"
            "activation is 'rellu', and must be one of step, sigmoid, tanh, relu\nhint: did you mean 'relu'?\n",
        ),
        (
            ["neuron", "--save", "no/such/folder/chart.svg"],
            "cannot save no/such/folder/chart.svg: there is no folder no/such/folder\n",
        ),
        (["neuron", "--save", "chart.pdf"], "cannot save 'chart.pdf': its name must end in .svg, .png or .html\n"),
        (["neuron", "--save", "chart"], "cannot save 'chart': its name must end in .svg, .png or .html\n"),
        (["neuron", "--save", ""], "cannot save '.': its name must end in .svg, .png or .html\n"),
        (["record", "neuron", "--json"], "neuron has no option --json\nhint: python -m demos record neuron --help\n"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_slip_gets_a_sentence_and_exit_code_2(capsys, arguments, err):
    assert said(capsys, *arguments) == (2, "", err)


def test_an_ending_that_cannot_be_drawn_is_told(capsys, tmp_path):
    code, _, err = said(capsys, "neuron", "--save", str(tmp_path / "chart.pdf"))
    assert code == 2
    assert "pdf" in err
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_loses_no_result_and_exits_with_1(capsys, monkeypatch):
    def full(data, path):
        raise OSError(errno.ENOSPC, "No space left on device", ".chart.svg.part")

    monkeypatch.setattr("demos._show.save.save", full)
    code, out, err = said(capsys, "neuron", "--save", "chart.svg")
    assert (code, err) == (1, "cannot save chart.svg: No space left on device\n")
    assert run("neuron")["summary"] in out


# --- a project of its own, with demos that fail ---------------------------------------------------------------

LAMP = '''\
"""Lamp: switch it."""

from typing import Annotated

from demos import Range, Result, Table, Text


def demo(
    *,
    on: bool = True,
    dim: bool = False,
    seed: Annotated[int, Range(0, 99)] = 0,
    note: Annotated[str, Text(max_length=40)] = "100% bright, from the first second on",
    slow: Annotated[int, Range(0, 9)] = 0,
) -> Result:
    """Switch.

    on: whether it shines
    dim: whether it shines less
    seed: where randomness starts
    note: what is written on it
    slow: how many seconds it takes to warm up
    """
    import time

    time.sleep(slow)
    return Result(f"on={on} dim={dim} seed={seed} ²", {"light": int(on)}, [Table("Note", ["note"], [[note]])])


if __name__ == "__main__":
    from demos.__main__ import run_file

    run_file(__file__)
'''

CLIMB = """    import time

    from demos import announce, progress

    announce("the lamp climbs")
    for step in range(1, 31):
        time.sleep(slow / 30)
        progress(step, 30, f"height {step}")
    announce("the lamp is up")
"""

REFUSAL = """    from demos import CannotRun

    raise CannotRun("there is no socket here", "carry it elsewhere")
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with the machinery of this one and demos of its own, most of them broken."""
    root = tmp_path_factory.mktemp("project")
    (root / "demos").mkdir()
    for path in machinery_files():
        copy = root / path.relative_to(ROOT)
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(path, copy)
    demos = {
        "lamp": LAMP,
        "fuse": LAMP.replace("    import time\n", "    raise ValueError('it blew')\n"),
        "loud": LAMP.replace("    import time\n", "    import time; print('click')\n"),
        "bare": LAMP.replace("    on: whether it shines\n", ""),
        "torn": LAMP.replace("def demo(", "def demo(("),
        "rare": LAMP.replace("    import time\n", "    import time, tensorfloe\n"),
        "climb": LAMP.replace("    import time\n\n    time.sleep(slow)\n", CLIMB),
        "plug": LAMP.replace("    import time\n\n    time.sleep(slow)\n", REFUSAL),
    }
    for name, text in demos.items():
        (root / "demos" / f"{name}.py").write_text(text, encoding="utf-8")
    return root


def call(root, *arguments, **environment):
    """Exit code, standard output and standard error of a command in that project, in a process of its own."""
    environment = os.environ | {"COLUMNS": "80", "PYTHONPATH": "", "PYTHONIOENCODING": "utf-8"} | environment
    command = [sys.executable, *arguments]
    finished = subprocess.run(command, cwd=root, env=environment, capture_output=True, encoding="utf-8")
    return finished.returncode, finished.stdout, finished.stderr


def test_a_switch_has_an_option_for_either_side(project):
    def summary(*arguments):
        return json.loads(call(project, "-m", "demos", "lamp", "--json", *arguments)[1])["summary"]

    assert summary() == "on=True dim=False seed=0 ²"
    assert summary("--no-on", "--dim") == "on=False dim=True seed=0 ²"


def test_a_demo_with_randomness_takes_its_seed(project):
    code, out, err = call(project, "-m", "demos", "lamp", "--seed", "7", "--json")
    assert (code, err, json.loads(out)["settings"]["seed"]) == (0, "", 7)


def test_help_shows_switches_texts_and_percent_signs_as_they_are(project):
    code, out, err = call(project, "-m", "demos", "lamp", "--help")
    assert (code, err) == (0, "")
    settings = " ".join(out[out.index("settings:") : out.index("output:")].split())
    assert settings == (
        "settings: --on, --no-on whether it shines (default on) "
        "--dim, --no-dim whether it shines less (default off) "
        "--seed N where randomness starts (from 0 to 99, default 0) "
        "--note TEXT what is written on it (at most 40 characters; default: 100% bright, from the first se…) "
        "--slow N how many seconds it takes to warm up (from 0 to 9, default 0)"
    )


def test_broken_demos_do_not_hide_the_others_from_the_list(project):
    code, out, err = call(project, "-m", "demos")
    assert (code, err) == (0, "")
    assert out.splitlines()[:-2] == [
        "bare   (cannot be read; python -m demos bare says why)",
        "climb  Lamp: switch it.",
        "fuse   Lamp: switch it.",
        "lamp   switch it.",
        "loud   Lamp: switch it.",
        "plug   Lamp: switch it.",
        "rare   Lamp: switch it.",
        "torn   (cannot be read; python -m demos torn says why)",
    ]


@pytest.mark.parametrize(
    ("name", "err"),
    [
        ("fuse", "demos/fuse.py:24: ValueError: it blew\n"),
        (
            "loud",
            "demos/loud.py:8: a demo never prints, and this one printed 'click'\n"
            "hint: put it into the summary, the numbers or a picture of its Result\n",
        ),
        (
            "bare",
            "demos/bare.py:10: the parameter 'on' is not explained\n"
            "hint: add a line to the docstring of demo(): 'on: what it does'\n",
        ),
        ("torn", "demos/torn.py:8: this is not Python: '(' was never closed\n"),
        (
            "rare",
            f"{sys.executable} lacks tensorfloe, which this demo needs: "
            f"type {sys.executable} -m pip install tensorfloe\n",
        ),
        ("plug", "there is no socket here\nhint: carry it elsewhere\n"),
    ],
)
def test_a_demo_that_fails_is_told_with_its_line_and_exit_code_1(project, name, err):
    assert call(project, "-m", "demos", name) == (1, "", err)


@pytest.mark.parametrize("folder", [".", "demos", ".."])
def test_a_demo_runs_as_a_file_from_any_folder_and_takes_the_same_options(project, folder):
    # Another copy of the package is installed, and knows no lamp: the copy that the file lies in must be run.
    expected = call(project, "-m", "demos", "lamp", "--dim", "--json")
    file = os.path.relpath(project / "demos/lamp.py", project / folder)
    assert expected[0] == 0
    assert call(project / folder, file, "--dim", "--json", PYTHONPATH=str(ROOT)) == expected


def test_a_closed_pipe_is_no_failure_worth_a_word(project):
    reader, writer = os.pipe()
    os.close(reader)  # as `| head` does when it has seen enough
    command = [sys.executable, "-m", "demos", "lamp"]
    environment = os.environ | {"PYTHONUNBUFFERED": ""}  # so that something is left to be written at exit
    finished = subprocess.run(command, cwd=project, env=environment, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (finished.returncode, finished.stderr) == (141, b"")


def test_a_console_without_such_letters_prints_question_marks_and_json_stays_utf8(project):
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "demos", "lamp"]
    shown = subprocess.run(command, cwd=project, env=environment, capture_output=True)
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert b"seed=0 ?" in shown.stdout
    data = subprocess.run([*command, "--json"], cwd=project, env=environment, capture_output=True)
    assert json.loads(data.stdout.decode("utf-8"))["summary"].endswith("²")


# --- patience -------------------------------------------------------------------------------------------------


def on_a_terminal(project, *arguments):
    """What a terminal on standard error receives while a command runs."""
    ours, theirs = pytest.importorskip("pty").openpty()
    command = [sys.executable, "-m", "demos", *arguments]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        received = b""
        while True:
            try:
                block = os.read(ours, 1000)
            except OSError:  # how Linux says that the other end is closed
                break
            if not block:
                break
            received += block
    os.close(ours)
    return process.returncode, received.decode()


def test_a_run_of_more_than_two_seconds_counts_the_time_and_wipes_it_at_the_end(project):
    code, shown = on_a_terminal(project, "lamp", "--slow", "4")
    assert code == 0
    times = [60 * int(minutes) + int(seconds) for minutes, seconds in re.findall(r"running lamp, (\d+):(\d+)", shown)]
    assert times[1] >= 2  # the first is where the line begins; it counts from the start of the run
    assert times == sorted(times)
    assert shown.rpartition("running lamp")[2].endswith("\r")
    assert shown.split("\r")[-2].strip() == ""


def test_a_quick_run_shows_nothing_of_the_kind(project):
    assert on_a_terminal(project, "lamp") == (0, "")


def test_nothing_of_the_kind_is_shown_where_nobody_watches(project):
    code, _, err = call(project, "-m", "demos", "lamp", "--slow", "3", "--json")
    assert (code, err) == (0, "")


def test_a_demo_that_tells_its_progress_gets_a_bar_with_its_note_that_is_gone_at_the_end(project):
    code, shown = on_a_terminal(project, "climb", "--slow", "5")
    assert code == 0
    bars = re.findall(r"running climb: (\d+)%\|[^|]*\| (\d+)/30 \[\d+:\d+<\d+:\d+, height (\d+)\]", shown)
    assert len(bars) > 3
    assert all(done == height for _, done, height in bars)
    assert all(int(percent) == round(int(done) * 100 / 30) for percent, done, _ in bars)
    assert [int(done) for _, done, _ in bars] == sorted(int(done) for _, done, _ in bars)
    assert shown.split("\r")[-2].strip() == ""


def test_what_a_demo_announces_stands_on_a_line_of_its_own_also_while_a_bar_is_drawn(project):
    _, shown = on_a_terminal(project, "climb", "--slow", "4")
    lines = [line.split("\r")[-1] for line in shown.split("\r\n")]  # what is left after all that was drawn over it
    assert lines[:2] == ["the lamp climbs", "the lamp is up"]


def test_what_a_demo_announces_is_told_where_nobody_watches_and_a_bar_is_not(project):
    code, out, err = call(project, "-m", "demos", "climb", "--slow", "3", "--json")
    assert (code, err) == (0, "the lamp climbs\nthe lamp is up\n")
    assert json.loads(out)["numbers"] == {"light": 1}


def test_of_several_processes_only_the_first_speaks_and_writes(project, tmp_path):
    picture = tmp_path / "lamp.html"
    arguments = ["-m", "demos", "climb", "--json", "--save", picture]
    assert call(project, *arguments, RANK="1") == (0, "", "")
    assert not picture.exists()
    code, out, err = call(project, *arguments, RANK="0")
    assert (code, err) == (0, f"the lamp climbs\nthe lamp is up\nsaved {picture}\n")
    assert json.loads(out)["numbers"] == {"light": 1}
    assert picture.exists()


def test_of_several_processes_only_the_first_draws_a_bar(project, monkeypatch):
    monkeypatch.setenv("RANK", "1")
    assert on_a_terminal(project, "climb", "--slow", "3") == (0, "")


# --- recording ------------------------------------------------------------------------------------------------


def test_a_recording_is_kept_beside_the_demos_and_told(project):
    code, out, err = call(project, "-m", "demos", "record", "lamp", "--no-on")
    assert (code, err) == (0, "")
    assert out == "on=False dim=False seed=0 ²\nrecorded in demos/recorded/lamp--on=false.json\n"
    recorded = json.loads((project / "demos/recorded/lamp--on=false.json").read_text(encoding="utf-8"))
    assert recorded["settings"]["on"] is False
    assert recorded["result"]["numbers"] == {"light": 0}
    assert set(recorded["made_with"]) == {"python", "device", "hardware", "seconds"}
    assert len(recorded["fingerprint"]) == 64


def test_of_several_processes_only_the_first_records(project):
    assert call(project, "-m", "demos", "record", "climb", RANK="1") == (0, "", "")
    assert not (project / "demos/recorded/climb.json").exists()


def test_a_demo_that_fails_records_nothing(project):
    assert call(project, "-m", "demos", "record", "fuse") == (1, "", "demos/fuse.py:24: ValueError: it blew\n")
    assert not (project / "demos/recorded/fuse.json").exists()
