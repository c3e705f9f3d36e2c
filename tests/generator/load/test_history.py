"""What files were called before, as git knows it: committed, merged, not committed, and not even told to git."""

import json
import os
import subprocess
import sys

import pytest

from generator.__main__ import main
from generator.cache import keep
from generator.load.history import full_name, renames
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


@pytest.mark.parametrize("committed", [True, False])
@pytest.mark.parametrize("kind", ["paths", "comparisons"])
def test_a_move_to_another_kind_of_page_is_seen_and_back(project, kind, committed):
    (project / "terms" / kind).mkdir()
    move(project, "neuron", f"{kind}/cell")
    if committed:
        commit(project)
    assert renames(project) == {f"terms/{kind}/cell.yml": ["terms/neuron.yml"]}
    if not committed:
        commit(project)
    move(project, f"{kind}/cell", "neuron")
    assert renames(project) == {"terms/neuron.yml": [f"terms/{kind}/cell.yml"]}


@pytest.mark.parametrize("to", ["terms/paths/deep/neuron.yml", "terms/_neuron.yml", "neuron.yml", "terms/wanted.yml"])
def test_what_is_moved_to_where_no_page_comes_from_is_no_rename_and_neither_is_what_comes_from_there(project, to):
    (project / to).parent.mkdir(parents=True, exist_ok=True)
    git(project, "mv", "terms/neuron.yml", to)
    commit(project)
    assert renames(project) == {}
    git(project, "mv", to, "terms/nerve.yml")
    commit(project)
    assert renames(project) == {}


def test_check_tells_of_a_move_to_another_kind_of_page_until_its_old_address_is_written(project, capsys):
    write_yaml(project / "terms" / "gradient.yml", entry("Gradient", prerequisites=["neuron"]))
    comparison = {**entry("Neuron"), "title": "Neuron"}
    write_yaml(project / "terms" / "comparisons" / "cell.yml", comparison)
    commit(project)
    git(project, "mv", "terms/comparisons/cell.yml", "terms/cell.yml")
    write_yaml(project / "terms" / "cell.yml", entry("Cell", demo={"module": "tiny"}, related=["neuron"]))
    told = (
        "terms/cell.yml:1:8: this file was terms/comparisons/cell.yml, and nothing keeps the old address leading here\n"
        "    hint: write `former_slugs: [comparisons/cell]` as its last field\n"
    )
    assert main(["check", "--root", str(project)]) == 1
    assert told in capsys.readouterr().err
    kept = entry("Cell", demo={"module": "tiny"}, related=["neuron"], former_slugs=["comparisons/cell"])
    write_yaml(project / "terms" / "cell.yml", kept)
    assert main(["check", "--root", str(project)]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("kind", ["paths", "comparisons"])
def test_a_move_into_a_folder_of_ones_own_is_told(project, capsys, kind):
    (project / "terms" / kind / "deep").mkdir(parents=True)
    move(project, "neuron", f"{kind}/deep/neuron")
    assert main(["check", "--root", str(project)]) == 1
    assert f"terms/{kind}/deep: {kind} are not sorted into folders\n    hint: put its files" in capsys.readouterr().err


def test_what_an_older_version_remembered_is_not_believed(project):
    place = project / ".cache" / "renames.json"
    (project / "terms" / "paths").mkdir()
    move(project, "neuron", "paths/cell")
    commit(project)
    keep(place, json.dumps({"head": full_name(project, "HEAD"), "names": {}}).encode())
    assert renames(project, place) == {"terms/paths/cell.yml": ["terms/neuron.yml"]}


def test_a_demo_that_moved_is_told_wherever_it_was_named(project, capsys):
    """Demos have no pages, and so no addresses; who types or writes the old name is told the new one."""
    os.rename(project / "demos" / "tiny.py", project / "demos" / "tiny_one.py")
    assert main(["check", "--root", str(project)]) == 1
    assert "did you mean 'tiny_one'?" in capsys.readouterr().err
    done = subprocess.run(
        [sys.executable, "-m", "demos", "tiny"],
        cwd=project, env={**os.environ, "PYTHONPATH": str(project)}, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "there is no demo called 'tiny'")
    assert "tiny_one" in done.stderr


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
