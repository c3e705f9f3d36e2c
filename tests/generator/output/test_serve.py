"""What `serve` watches, and how it knows when something was edited."""

import errno
import os
import time

import pytest

from generator.output.serve import _built, _snapshot, _Watch


@pytest.fixture
def watch(project):
    return _Watch(project)


def aged(place, seconds):
    """Makes a file look as if it was saved some seconds ago -> when."""
    when = time.time() - seconds
    os.utime(place, (when, when))
    return when


def test_without_an_edit_there_is_none(watch):
    assert watch.edited() is None


def test_an_edit_is_told_once_with_its_time(watch, project):
    watch.looked -= 10
    when = aged(project / "terms" / "neuron.yml", 3)
    assert watch.edited() == pytest.approx(when, rel=0, abs=0.01)
    assert watch.edited() is None


def test_of_several_edits_the_last_counts(watch, project):
    watch.looked -= 10
    aged(project / "terms" / "neuron.yml", 5)
    when = aged(project / "demos" / "tiny.py", 3)
    assert watch.edited() == pytest.approx(when, rel=0, abs=0.01)


def test_what_was_moved_here_was_not_edited_before_the_last_look(watch, project):
    (project / "terms" / "gradient.yml").write_text("title: Gradient\n", encoding="utf-8")
    aged(project / "terms" / "gradient.yml", 1000)
    looked = watch.looked
    assert watch.edited() == looked


def test_what_was_taken_away_is_an_edit_since_the_last_look(watch, project):
    (project / "terms" / "neuron.yml").unlink()
    looked = watch.looked
    assert watch.edited() == looked


def test_a_clock_that_runs_ahead_gives_no_time_to_come(watch, project):
    aged(project / "terms" / "neuron.yml", -1000)
    assert watch.edited() <= time.time()


def test_what_editors_and_python_leave_behind_is_no_edit(watch, project):
    (project / "terms" / ".neuron.yml.swp").write_text("x", encoding="utf-8")
    (project / "demos" / "__pycache__").mkdir(exist_ok=True)
    (project / "demos" / "__pycache__" / "tiny.pyc").write_text("x", encoding="utf-8")
    assert watch.edited() is None


def test_a_new_look_can_be_asked_for(watch):
    watch.forget()
    assert watch.edited() is not None


def test_a_file_that_vanishes_during_a_look_is_not_there(project):
    (project / "terms" / "gone.yml").symlink_to(project / "nowhere")
    assert str(project / "terms" / "neuron.yml") in _snapshot(project / "terms")
    assert str(project / "terms" / "gone.yml") not in _snapshot(project / "terms")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_file_that_can_not_be_written_is_told_in_one_line_and_serving_goes_on(watch, capsys, number):
    def full(_):
        raise OSError(number, os.strerror(number), "build/docs/index.md")

    assert not _built(full, None, None, watch)
    assert capsys.readouterr().err == f"build/docs/index.md: {os.strerror(number)}\n"


def test_a_fault_of_ours_is_told_with_its_lines_and_serving_goes_on(watch, capsys):
    assert not _built(lambda _: 1 / 0, None, None, watch)
    assert "ZeroDivisionError" in capsys.readouterr().err
