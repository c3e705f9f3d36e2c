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


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups; those of the site are named already
def pytest_collection_modifyitems(items):
    """A file of tests stays in one worker, so that what its tests share is made once."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
