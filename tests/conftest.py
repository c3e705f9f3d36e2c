"""What every test run needs: one thread per process, since two workers share two cores, and no look at the clock."""

import os

import hypothesis
import pytest

# How fast a machine makes up examples is no property of what is tested.
hypothesis.settings.register_profile(
    "any speed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any speed")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")  # nothing is downloaded, and nothing waits for a download to fail


@pytest.hookimpl(optionalhook=True)  # there may be no xdist
def pytest_xdist_make_scheduler(config, log):
    """A file of tests stays in one worker, and so do all tests of the site: what tests share is made once.

    The groups of xdist 3.8 do not hold under pytest 9.2: tests of one group run in all workers.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            file = nodeid.partition("::")[0]
            return "tests/site" if file.startswith("tests/site/") else file

    return ByFile(config, log)
