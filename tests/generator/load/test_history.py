"""What files were called before, as git knows it: committed, merged, not committed, and not even told to git."""

import os
import subprocess

import pytest

from generator.__main__ import main
from generator.load.history import renames
from tests.generator.conftest import entry, write_yaml


def git(project, *words):
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *words], cwd=project, check=True, capture_output=True)


def commit(project, message="x"):
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", message)


@pytest.fixture
def project(project):
    """The small project with the term neuron, committed."""
    (project / ".gitignore").write_text(".cache/\nbuild/\n", encoding="utf-8")
    git(project, "init", "--quiet", "--initial-branch", "main")
    commit(project)
    return project


def move(project, old, new, how="git"):
    if how == "git":
        git(project, "mv", f"terms/{old}.yml", f"terms/{new}.yml")
    else:
        os.rename(project / "terms" / f"{old}.yml", project / "terms" / f"{new}.yml")


CELL = {"terms/cell.yml": ["terms/neuron.yml"]}


@pytest.mark.parametrize("how", ["git", "by hand"])
@pytest.mark.parametrize("committed", [True, False])
def test_a_rename_is_seen(project, how, committed):
    move(project, "neuron", "cell", how)
    if committed:
        commit(project)
    assert renames(project, project / ".cache" / "renames.json") == CELL
    assert renames(project, project / ".cache" / "renames.json") == CELL  # as it is remembered


def test_a_file_that_was_edited_as_well_is_the_same_and_one_that_was_written_anew_is_not(project):
    write_yaml(project / "terms" / "cell.yml", entry("Cell", written="2026-11-24"))
    (project / "terms" / "neuron.yml").unlink()
    assert renames(project) == CELL
    (project / "terms" / "cell.yml").write_text("title: Cell\nlevel: beginner\n", encoding="utf-8")
    assert renames(project) == {}


def test_names_are_followed_through_several_commits(project):
    move(project, "neuron", "cell")
    commit(project)
    move(project, "cell", "nerve")
    commit(project)
    move(project, "nerve", "unit")
    assert renames(project) == {"terms/unit.yml": ["terms/neuron.yml", "terms/cell.yml", "terms/nerve.yml"]}
    move(project, "unit", "neuron")
    assert renames(project) == {"terms/neuron.yml": ["terms/cell.yml", "terms/nerve.yml"]}


def test_what_is_written_later_under_a_name_that_was_given_up_was_never_called_otherwise(project):
    move(project, "neuron", "cell")
    commit(project)
    (project / "terms" / "cell.yml").unlink()
    commit(project)
    write_yaml(project / "terms" / "cell.yml", {"title": "Another", "level": "advanced"})
    commit(project)
    assert renames(project) == {}


def test_a_branch_counts_as_what_it_brought_when_it_was_merged(project):
    git(project, "switch", "--quiet", "--create", "side")
    move(project, "neuron", "draft")
    commit(project)
    move(project, "draft", "cell")
    commit(project)
    git(project, "switch", "--quiet", "main")
    write_yaml(project / "terms" / "gradient.yml", {"title": "Gradient"})
    commit(project)
    git(project, "merge", "--quiet", "--no-ff", "--no-edit", "side")
    assert renames(project) == CELL


def test_a_move_into_another_folder_is_no_rename(project):
    (project / "terms" / "paths").mkdir()
    move(project, "neuron", "paths/cell")
    commit(project)
    assert renames(project) == {}


def test_without_a_history_nothing_is_known(project, tmp_path_factory):
    bare = tmp_path_factory.mktemp("bare")
    write_yaml(bare / "terms" / "neuron.yml", entry())
    assert renames(bare) == {}
    git(bare, "init", "--quiet")  # and nothing was committed
    assert renames(bare) == {}


def test_check_tells_it_with_place_and_remedy_until_the_old_slug_is_written(project, capsys):
    move(project, "neuron", "cell")  # its title, Neuron, leads here from the old address for as long as it is that one
    told = (
        "terms/cell.yml:1:8: this file was terms/neuron.yml, and nothing keeps the old address leading here\n"
        "    hint: write `former_slugs: [neuron]` as its last field\n"
    )
    for arguments in ([], [str(project / "terms" / "cell.yml")]):
        assert main(["check", *arguments, "--root", str(project)]) == 1
        assert told in capsys.readouterr().err
    write_yaml(project / "terms" / "cell.yml", entry(former_slugs=["neuron"]))
    assert main(["check", "--root", str(project)]) == 0
