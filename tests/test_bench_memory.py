"""The benchmark of the generator counts the memory of all processes together, and what they share once."""

import os
import subprocess
import sys

import pytest

from bench.memory import CAN_TELL, Watcher, together

pytestmark = pytest.mark.skipif(not CAN_TELL, reason="only Linux tells")
HOLDS = "held = b'x' * 80_000_000; print(flush=True); input()"


@pytest.fixture
def child():
    process = subprocess.Popen([sys.executable, "-c", HOLDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    yield process
    process.communicate()


def test_what_a_process_started_counts_and_what_is_left_out_does_not(child):
    mine = together(os.getpid(), without=child.pid)
    assert together(os.getpid()) - mine > 75
    assert together(child.pid) > 75


def test_the_most_is_told_of_what_was_freed_since_and_then_forgotten():
    watcher = Watcher()
    before = watcher.most()
    subprocess.run([sys.executable, "-c", f"{HOLDS.partition(';')[0]}; import time; time.sleep(1)"], check=True)
    assert watcher.most() - before > 75
    assert watcher.most() - before < 75
    watcher.close()
