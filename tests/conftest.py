"""What every test run needs: one thread per process, since two workers share two cores, and no look at the clock."""

import os
from collections import Counter

import hypothesis
import pytest

# How fast a machine makes up examples is no property of what is tested.
hypothesis.settings.register_profile(
    "any speed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any speed")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")  # nothing is downloaded, and nothing waits for a download to fail


# Tests of the site that look at small sites of their own, or at none: these need not wait for the whole one.
APART = {"test_experiments.py", "test_hand.py", "test_hostile.py", "test_serve.py"}
SITE = "tests/site"


def scope(nodeid):
    """What runs in one worker, since what tests share is made once: a file, and of the site all that look at it."""
    file = nodeid.partition("::")[0]
    folder, _, name = file.rpartition("/")
    return SITE if folder == SITE and name not in APART else file


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


def longest_first(nodeids):
    """A key that sorts tests in the order in which workers take them: the site, which takes a worker longest, what else
    drives a browser, and then files by their number of tests. Whatever comes last is short, so that no worker waits
    long for the other.
    """
    scopes = Counter(map(scope, nodeids))

    def place(nodeid):
        ours = scope(nodeid)
        return ours != SITE, not ours.startswith(f"{SITE}/"), -scopes[ours], ours

    return place


def pytest_collection_modifyitems(config, items):
    if hasattr(config, "workerinput"):
        place = longest_first([item.nodeid for item in items])
        items.sort(key=lambda item: place(item.nodeid))
