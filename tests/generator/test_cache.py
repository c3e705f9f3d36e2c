"""What was remembered is believed only where this account wrote it: a branch may bring along any file it likes."""

import errno
import pickle

import platformdirs
import pytest

from generator import cache
from generator.cache import SIZE, _key, keep, kept
from generator.load.glossary import load


@pytest.fixture
def home(monkeypatch, tmp_path):
    """A home folder in which nobody has made a key yet."""
    monkeypatch.setattr(platformdirs, "user_state_path", lambda name: tmp_path / "state" / name)
    _key.cache_clear()
    yield tmp_path / "state"
    _key.cache_clear()


def test_what_is_kept_comes_back_and_nothing_else_is_left(home, tmp_path):
    keep(tmp_path / "cache" / "a", b"data")
    assert kept(tmp_path / "cache" / "a") == b"data"
    keep(tmp_path / "cache" / "a", b"")
    assert kept(tmp_path / "cache" / "a") == b""
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["a"]


def test_another_process_of_the_same_account_believes_it(home, tmp_path):
    keep(tmp_path / "a", b"data")
    _key.cache_clear()
    assert kept(tmp_path / "a") == b"data"


def test_another_account_does_not(home, tmp_path):
    keep(tmp_path / "a", b"data")
    (home / "termlab" / "seal").unlink()
    _key.cache_clear()
    assert kept(tmp_path / "a") is None


@pytest.mark.parametrize(
    "damage",
    [lambda _: b"", lambda found: found[:40], lambda found: found[:-1] + b"!", lambda _: b"no seal at all" * 9],
)
def test_what_is_cut_short_changed_or_without_a_seal_was_never_there(home, tmp_path, damage):
    keep(tmp_path / "a", b"data that is long enough")
    (tmp_path / "a").write_bytes(damage((tmp_path / "a").read_bytes()))
    assert kept(tmp_path / "a") is None
    assert kept(tmp_path / "nowhere") is None


def test_a_file_under_another_name_is_not_believed(home, tmp_path):
    keep(tmp_path / "a", b"data")
    (tmp_path / "a").rename(tmp_path / "b")
    assert kept(tmp_path / "b") is None


def test_without_a_place_for_the_key_everything_works_and_nothing_is_remembered(monkeypatch, tmp_path):
    (tmp_path / "state").write_text("no folder", encoding="utf-8")
    monkeypatch.setattr(platformdirs, "user_state_path", lambda name: tmp_path / "state" / name)
    _key.cache_clear()
    keep(tmp_path / "a", b"data")
    assert kept(tmp_path / "a") == b"data"
    _key.cache_clear()  # the next process
    assert kept(tmp_path / "a") is None
    _key.cache_clear()


def test_a_write_that_fails_leaves_the_old_and_no_litter(home, tmp_path, monkeypatch):
    keep(tmp_path / "cache" / "a", b"old")

    def full(*_):
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(cache.os, "replace", full)
    keep(tmp_path / "cache" / "a", b"new")
    assert kept(tmp_path / "cache" / "a") == b"old"
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["a"]


class Trap:
    """Runs code in whoever unpickles it."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


def test_a_cache_that_a_branch_brings_along_runs_nothing(project):
    trace = project / "trace"
    pickle.loads(pickle.dumps(Trap(trace))).close()
    assert trace.exists()  # the trap works
    trace.unlink()
    for trap in (pickle.dumps(Trap(trace)), b"\0" * SIZE + pickle.dumps(Trap(trace))):
        place = project / ".cache" / "terms.pickle"
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(trap)
        loaded = load(project, place)
        glossary, problems = loaded.glossary, loaded.problems
        assert (list(glossary.terms), problems) == (["neuron"], [])
        assert not trace.exists()
