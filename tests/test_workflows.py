"""What runs for strangers: it may only read, it knows no secrets, and it runs the actions that were looked at."""

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import yaml

from generator.__main__ import main
from generator.live.runtime import LOCK

ROOT = Path(__file__).parent.parent
GITHUB = ROOT / ".github"
FILES = sorted((GITHUB / "workflows").iterdir())
WORKFLOWS = {file.name: yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader) for file in FILES}
JOBS = {(name, key): job for name, workflow in WORKFLOWS.items() for key, job in workflow["jobs"].items()}
STEPS = [(*where, step) for where, job in JOBS.items() for step in job["steps"]]
FORMS = sorted((GITHUB / "ISSUE_TEMPLATE").glob("[!c]*.yml"))

every_workflow = pytest.mark.parametrize("name", WORKFLOWS)
every_job = pytest.mark.parametrize(("name", "key"), JOBS)
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)


def text(name):
    """A workflow without its comments."""
    lines = (GITHUB / "workflows" / name).read_text(encoding="utf-8").splitlines()
    return "\n".join(line.partition(" #")[0] for line in lines if not line.lstrip().startswith("#"))


# --- rights -----------------------------------------------------------------------------------------------


@every_workflow
def test_a_workflow_may_read_and_nothing_else_unless_a_job_says_so(name):
    assert WORKFLOWS[name]["permissions"] == {"contents": "read"}


def test_only_the_deployment_of_main_may_write():
    rights = {
        (*where, right) for where, job in JOBS.items() for right, how in job.get("permissions", {}).items()
        if how != "read"
    }  # fmt: skip
    assert rights == {("publish.yml", "deploy", "pages"), ("publish.yml", "deploy", "id-token")}
    assert WORKFLOWS["publish.yml"]["on"] == {"push": {"branches": ["main"]}}
    condition = JOBS["publish.yml", "deploy"]["if"]
    assert condition == "github.event_name == 'push' && github.ref == 'refs/heads/main'"


def test_the_job_that_may_write_runs_nothing_of_this_repository():
    (step,) = JOBS["publish.yml", "deploy"]["steps"]
    assert step["uses"].startswith("actions/deploy-pages@")


@every_workflow
@pytest.mark.parametrize("trigger", ["pull_request_target", "workflow_run", "issue_comment", "issues"])
def test_no_trigger_gives_a_stranger_the_rights_of_the_house(name, trigger):
    assert trigger not in WORKFLOWS[name]["on"]


@every_workflow
@pytest.mark.parametrize("secret", ["secrets", "github.token", "GITHUB_TOKEN", "GH_TOKEN"])
def test_no_workflow_knows_a_secret(name, secret):
    assert secret not in text(name)


@pytest.mark.parametrize(
    ("name", "key", "step"), [(n, k, step) for n, k, step in STEPS if "actions/checkout@" in step.get("uses", "")]
)
def test_the_token_does_not_stay_in_the_checkout(name, key, step):
    assert step["with"]["persist-credentials"] == "false"


@pytest.mark.parametrize(("name", "key", "step"), [(n, k, step) for n, k, step in STEPS if "run" in step])
def test_no_command_has_text_filled_in_that_a_stranger_may_choose(name, key, step):
    assert "${{" not in step["run"]


# --- actions ----------------------------------------------------------------------------------------------


def used():
    """Every line that names an action, with its workflow."""
    return [(file.name, line.strip().removeprefix("- ")) for file in FILES
            for line in file.read_text(encoding="utf-8").splitlines() if "uses:" in line]  # fmt: skip


def test_every_action_is_named_by_a_commit_with_its_version_beside_it():
    pinned = re.compile(r"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [line for line in used() if not pinned.fullmatch(line[1])] == []


def test_an_action_is_the_same_commit_wherever_it_is_used():
    pins = {line.partition("@")[0]: set() for _, line in used()}
    for _, line in used():
        pins[line.partition("@")[0]].add(line)
    assert all(len(commits) == 1 for commits in pins.values()), pins


# --- what runs --------------------------------------------------------------------------------------------


@every_job
def test_no_job_runs_for_ever(name, key):
    assert 0 < int(JOBS[name, key]["timeout-minutes"]) <= 90


@every_workflow
def test_runs_of_a_workflow_do_not_pile_up(name):
    assert WORKFLOWS[name]["concurrency"]["group"].startswith(name.removesuffix(".yml"))


def test_tests_run_on_three_systems_with_every_python_from_the_oldest_that_is_stated():
    matrix = JOBS["check.yml", "test"]["strategy"]["matrix"]
    assert matrix == {
        "system": ["ubuntu-latest", "macos-latest", "windows-latest"],
        "python": ["3.11", "3.12", "3.13", "3.14"],
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={matrix['python'][0]}"


def test_every_night_every_python_builds_the_same_bytes():
    matrix = JOBS["check.yml", "test"]["strategy"]["matrix"]
    *_, pythons, build = JOBS["nightly.yml", "pythons"]["steps"]
    assert pythons["with"]["python-version"].split() == matrix["python"]
    assert build["run"].split() == ["python", "-m", "tests.pythons", *(f"python{one}" for one in matrix["python"])]


def test_linux_is_where_a_missing_browser_is_a_failure():
    (step,) = [step for step in JOBS["check.yml", "test"]["steps"] if step.get("run") == "make test"]
    assert step["env"]["TERMLAB_REQUIRE_BROWSER"] == "${{ runner.os == 'Linux' && '1' || '' }}"


def test_demos_are_compared_with_the_browser_on_every_system_and_where_that_is_promised_it_can_not_be_skipped():
    (elsewhere,) = [step for step in JOBS["check.yml", "test"]["steps"] if step.get("run") == "make parity-defaults"]
    (linux,) = [step for step in JOBS["check.yml", "thorough"]["steps"] if step.get("run") == "make parity"]
    assert elsewhere["if"] == "runner.os != 'Linux' && matrix.python == '3.14'"
    assert elsewhere["env"]["TERMLAB_REQUIRE_BROWSER"] == linux["env"]["TERMLAB_REQUIRE_BROWSER"] == "1"


@pytest.mark.parametrize(
    "target", sorted({word for name in WORKFLOWS for word in re.findall(r"make (\S+)", text(name))})
)
def test_every_target_that_a_workflow_makes_is_in_the_makefile(target):
    assert re.search(rf"^{target}:.* ## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(
    "line",
    sorted({line for name in WORKFLOWS for line in re.findall(r"python -m generator (\w[^|\n]*\w)", text(name))}),
)
def test_every_command_that_a_workflow_calls_is_understood(line, capsys):
    name, *arguments = line.split()
    with pytest.raises(SystemExit) as exit:
        main([name, "--help"])
    assert exit.value.code == 0
    told = capsys.readouterr().out
    assert [option for option in arguments if option.startswith("--") and option not in told] == []


def test_what_is_looked_for_in_the_published_site_is_the_runtime_of_its_demos():
    (path,) = re.findall(r"test -s build/site/(\S+)", text("publish.yml"))
    names = [file["name"] for file in json.loads(LOCK.read_text(encoding="utf-8"))["files"]]
    assert path in {f"assets/runtime/{name}" for name in names}


def test_every_file_whose_links_are_checked_is_there():
    (step,) = [step for name, _, step in STEPS if name == "links.yml" and "lychee" in step["uses"]]
    words = shlex.split(step["with"]["args"])
    inputs = [word for word in words if "/" in word and not word.startswith("^")] + [
        w for w in words if w.endswith(".md")
    ]
    assert {word.partition("/")[0] for word in inputs} >= {"terms", "demos", "README.md"}
    assert [word for word in inputs if not list(ROOT.glob(word))] == []


# --- forms ------------------------------------------------------------------------------------------------


@every_form
def test_every_field_of_a_form_has_an_id_of_its_own(form):
    fields = [
        field for field in yaml.safe_load(form.read_text(encoding="utf-8"))["body"] if field["type"] != "markdown"
    ]
    ids = [field["id"] for field in fields]
    assert len(set(ids)) == len(ids)


def test_the_form_for_errors_has_the_fields_that_links_fill_in():
    form = yaml.safe_load((GITHUB / "ISSUE_TEMPLATE" / "error.yml").read_text(encoding="utf-8"))
    assert [field["id"] for field in form["body"]] == ["page", "what", "should"]


def test_whoever_proposes_a_term_has_searched_for_it_and_says_who_writes_it():
    form = yaml.safe_load((GITHUB / "ISSUE_TEMPLATE" / "term-proposal.yml").read_text(encoding="utf-8"))
    fields = {field.get("id"): field for field in form["body"]}
    assert list(fields) == [None, "term", "duplicate", "why", "demo", "sources", "author"]
    assert all(option["required"] for option in fields["duplicate"]["attributes"]["options"])
    assert "I will write it" in fields["author"]["attributes"]["options"]


def test_every_line_of_codeowners_names_a_file_and_an_owner():
    lines = (GITHUB / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    owned = [line.split() for line in lines if line and not line.startswith("#")]
    assert owned
    for pattern, *owners in owned:
        assert pattern == "*" or list(ROOT.glob(pattern.strip("/")))
        assert owners
        assert all(re.fullmatch(r"@[\w-]+(/[\w-]+)?", owner) for owner in owners)
