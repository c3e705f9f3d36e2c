"""What every test run needs: one thread per process, since two workers share two cores, and no look at the clock."""

import ast
import functools
import os
from collections import Counter
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).parent.parent

# How fast a machine makes up examples is no property of what is tested.
hypothesis.settings.register_profile(
    "any speed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any speed")
if os.environ.get("TERMLAB_ANY_EXAMPLE"):  # where it matters that a test fails, and not how to show it best
    found = [phase for phase in hypothesis.Phase if phase.name not in ("shrink", "explain")]
    hypothesis.settings.register_profile("any example", hypothesis.settings.get_profile("any speed"), phases=found)
    hypothesis.settings.load_profile("any example")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")  # nothing is downloaded, and nothing waits for a download to fail


SITE = "tests/site"
# The fixtures of tests/site/conftest.py that make the whole site, or need it. Other tests there look at small sites.
WHOLE = {"served", "site", "site_url", "pages", "wanted", "wanted_terms", "first_run"}


# Of these files every test takes minutes where it looks at every page, the longest first. Whatever is not named here is
# shorter, and nothing but the time of a run depends on it.
LONG = [f"{SITE}/test_{name}.py" for name in ("parity", "builds", "fit", "one_screen", "demos_live")]


def scope(nodeid):
    """What runs in one worker, since what its tests share is made once: a file.

    A worker that looks at the whole site builds it for itself. That takes seconds with what is remembered of the demos,
    while a worker that had all of these files would still have minutes to go when the others have nothing left. And
    some tests break the site that they look at.
    """
    return nodeid.partition("::")[0]


def starts_programs(path):
    """Whether a file of tests says so: few of its tests take longer than many others."""
    return "subprocess" in path.read_text(encoding="utf-8")


@functools.cache
def needs_the_whole_site(path):
    """Whether a file of tests asks for it, as arguments of its functions or by name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and (node.name.startswith("test_") or node.decorator_list):
            asked = {argument.arg for argument in node.args.args}
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "getfixturevalue"
        ):
            asked = {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
        else:
            continue
        if asked & WHOLE:
            return True
    return False


@pytest.hookimpl(optionalhook=True)  # there may be no xdist
def pytest_xdist_make_scheduler(config, log):
    """Work is handed out by scope, in the order of `longest_first`.

    The groups of xdist 3.8 do not hold under pytest 9.2: tests of one group run in all workers.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return scope(nodeid)

    config.option.loadscopereorder = False  # it would begin with the most tests, and those of a browser take longest
    return ByFile(config, log)


def longest_first(nodeids, root=ROOT):
    """A key that sorts tests in the order in which workers take them: files known to be long, what looks at the whole
    site, what else drives a browser, what starts programs, and then files by their number of tests. Whatever comes last
    is short, so that no worker waits long for the other.
    """
    sizes = Counter(map(scope, nodeids))

    @functools.cache
    def place_of(file):
        of_site = file.startswith(f"{SITE}/")
        return (
            LONG.index(file) if file in LONG else len(LONG),
            not (of_site and needs_the_whole_site(root / file)),
            not of_site,
            not starts_programs(root / file),
            -sizes[file],
            file,
        )

    return lambda nodeid: place_of(scope(nodeid))


def pytest_collection_modifyitems(config, items):
    if hasattr(config, "workerinput"):
        place = longest_first([item.nodeid for item in items])
        items.sort(key=lambda item: place(item.nodeid))


# --- what tests found worth telling beside that they pass --------------------------------------------------------

REMARKS = pytest.StashKey[list]()


def pytest_configure(config):
    config.stash[REMARKS] = []


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["remarks"] = session.config.stash[REMARKS]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    """A worker that was killed has left no remarks."""
    node.config.stash[REMARKS] += getattr(node, "workeroutput", {}).get("remarks", [])


def pytest_terminal_summary(terminalreporter, config):
    if remarks := config.stash[REMARKS]:
        terminalreporter.section("remarks")
        for line in remarks:
            terminalreporter.write_line(line)
