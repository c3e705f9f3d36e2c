"""Checkpoints: a run that is killed, wherever it is, goes on as if nothing had been; and nothing else is let in."""

import errno
import io
import json
import os
import pickle
import random
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from demos import CannotRun
from demos._run.run import DemoFailed, run
from demos.parts.checkpoints import FORMAT, MOST_TOLD, Keep, digest_of, load, save, tensors_of
from demos.parts.logbook import Logbook
from tests.demos import elsewhere
from tests.demos.kept import kept

SETTINGS = {"width": 32, "seed": 0}
RUN = {"steps": 7, "width": 16, "depth": 1, "heads": 2, "context": 32, "merges": 400, "batch": 6, "dropout": 0.3}
RUN |= {"device": "cpu", "learning-rate": 0.01, "seed": 5}


def command(path, *more, **changed):
    """python -m demos tiny_gpt, with a checkpoint there."""
    options = RUN | {"checkpoint": path, "checkpoint-every": 1} | changed
    return ["tiny_gpt", "--json", *(word for name, value in options.items() for word in (f"--{name}", value)), *more]


def refused(work, *arguments, **named):
    with pytest.raises(CannotRun) as caught:
        work(*arguments, **named)
    return str(caught.value)


def unreadable(path):
    return (
        f"{path} can not be read as a checkpoint\nhint: it was cut short, or is something else; delete it to begin anew"
    )


def foreign(path):
    return f"{path} is no checkpoint of this program\nhint: name another file"


def state(size=10, value=1.0):
    """Tensors, losses and trials of a run of three steps."""
    model = torch.nn.Linear(size, size)
    optimizer = torch.optim.AdamW(model.parameters())
    model(torch.full((size,), value)).sum().backward()
    optimizer.step()
    return tensors_of(model, optimizer), [value, 1 / 3, 0.1], [[0, 2.5], [3, 1e-9]]


LIKE = state()[0]


@pytest.fixture
def path(tmp_path):
    """A checkpoint."""
    save(tmp_path / "run.safetensors", SETTINGS, *state())
    return tmp_path / "run.safetensors"


# --- kept and read back -------------------------------------------------------------------------------------------


def steps_in(path):
    """How many steps of a run a checkpoint tells of."""
    return len(load(path, SETTINGS, LIKE)[1])


def test_what_is_kept_is_read_back_bit_for_bit(tmp_path):
    given = state()
    save(tmp_path / "run.safetensors", SETTINGS, *given)
    found = load(tmp_path / "run.safetensors", SETTINGS, LIKE)
    assert same_bits(found, given)
    assert os.listdir(tmp_path) == ["run.safetensors"]


def test_the_library_of_this_form_reads_the_same(path):
    tensors, losses, trials = load(path, SETTINGS, LIKE)
    found = kept(path)
    assert same_bits(found["tensors"], tensors)
    assert (found["settings"], found["losses"], found["trials"]) == (SETTINGS, losses, trials)


def test_a_newer_one_takes_the_place_of_the_older(path):
    save(path, SETTINGS, LIKE, [0.5], [])
    assert steps_in(path) == 1
    assert os.listdir(path.parent) == ["run.safetensors"]


def test_a_folder_that_does_not_exist_is_told(tmp_path):
    assert refused(save, tmp_path / "no" / "run.safetensors", SETTINGS, *state()) == (
        f"cannot write the checkpoint {tmp_path / 'no' / 'run.safetensors'}: No such file or directory\n"
        "hint: name a file in a folder that exists, on a disk with room"
    )


@pytest.mark.parametrize("size", [40, 300])
def test_a_full_disk_is_told_and_the_older_one_stays(path, size):
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (6000, before[1]))  # no file may grow beyond this
        told = refused(save, path, SETTINGS, *state(size))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert told == (
        f"cannot write the checkpoint {path}: File too large\n"
        "hint: name a file in a folder that exists, on a disk with room"
    )
    assert steps_in(path) == 3
    assert os.listdir(path.parent) == ["run.safetensors"]


# --- nothing else is let in ---------------------------------------------------------------------------------------


def test_there_must_be_one(tmp_path):
    assert refused(load, tmp_path / "run.safetensors", SETTINGS, LIKE) == (
        f"there is no checkpoint {tmp_path / 'run.safetensors'} to go on from\nhint: leave --resume out to begin"
    )
    assert refused(load, tmp_path, SETTINGS, LIKE).startswith(f"there is no checkpoint {tmp_path} ")


def test_one_that_was_cut_short_is_refused_wherever_it_was_cut(path):
    whole = path.read_bytes()
    for length in [*range(30), *range(30, len(whole), 97), *range(len(whole) - 30, len(whole))]:
        path.write_bytes(whole[:length])
        assert refused(load, path, SETTINGS, LIKE) == unreadable(path)
    path.write_bytes(whole)
    assert steps_in(path) == 3


def test_a_file_of_anything_else_is_refused(path):
    rng = random.Random(0)
    words = [b"hello\n" * 50, b"{}", b"<html></html>", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04", b"PK\x05\x06"]
    codes = [bytes(rng.choices(b"\x80\x02\x8a.ctqXu(}]0IFN", k=rng.randrange(1, 40))) for _ in range(100)]
    for content in [*words, *codes, *(rng.randbytes(rng.randrange(1, 300)) for _ in range(100))]:
        path.write_bytes(content)
        assert refused(load, path, SETTINGS, LIKE) in (unreadable(path), foreign(path))
    path.write_bytes(words[0])
    assert refused(load, path, SETTINGS, LIKE) == unreadable(path)


def rewritten(path, *, words=None, about=None, table=None):
    """Writes a checkpoint again with other words, sums that fit them, and another table, as a stranger could."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    told = json.loads(header["__metadata__"]["termlab"])
    text = json.dumps({**told, **(words or {})})
    ours = {"termlab": text, "sum": digest_of(text.encode())}
    header["__metadata__"] = ours if about is None else about
    header |= table or {}
    new = json.dumps({name: entry for name, entry in header.items() if entry is not None}).encode()
    path.write_bytes(len(new).to_bytes(8, "little") + new + content[8 + length :])


FOREIGN = [
    {"format": "termlab checkpoint 1"}, {"format": None}, {"settings": None}, {"settings": [1]},
    {"settings": {"a b": 1}},
    {"settings": {"width": [32]}}, {"settings": {"x" * 50: 1}}, {"settings": {"width": "\x1b[31m"}}, {"sums": []},
    {"losses": None}, {"losses": 3}, {"losses": [1]}, {"losses": ["a"]}, {"losses": {"a": 1}}, {"trials": [1]},
    {"trials": [[1]]}, {"trials": [[1, 2]]}, {"trials": [[1.0, 2.0]]}, {"trials": [[True, 2.0]]}, {"trials": None},
]  # fmt: skip


@pytest.mark.parametrize("words", FOREIGN, ids=str)
def test_words_that_no_run_of_ours_tells_are_refused(path, words):
    rewritten(path, words=words)
    assert refused(load, path, SETTINGS, LIKE) == foreign(path)


@pytest.mark.parametrize("about", [{}, {"format": "pt"}, [], "x", {"termlab": 5}, {"termlab": "["}, {"termlab": "[]"}])
def test_safetensors_of_something_else_are_refused(path, about):
    rewritten(path, about=about)
    assert refused(load, path, SETTINGS, LIKE) in (foreign(path), unreadable(path))


OF_ANOTHER_KIND = "does not hold the tensors of this run: model.bias is of another kind"
WEIGHT = {"dtype": "F32", "shape": [10], "data_offsets": [400, 440]}
TABLES = [
    # what the table says instead, what is told
    ({"model.bias": None}, "does not hold the tensors of this run: model.bias is missing"),
    ({"model.bias": {**WEIGHT, "dtype": "F64"}}, OF_ANOTHER_KIND),
    ({"model.bias": {**WEIGHT, "dtype": ["F32"]}}, OF_ANOTHER_KIND),
    ({"model.bias": {**WEIGHT, "shape": [1 << 60]}}, OF_ANOTHER_KIND),
    ({"model.bias": {**WEIGHT, "shape": [-1]}}, OF_ANOTHER_KIND),
    ({"model.bias": {**WEIGHT, "shape": [[[]]]}}, OF_ANOTHER_KIND),
    ({"model.bias": {**WEIGHT, "data_offsets": [0, 40]}}, OF_ANOTHER_KIND),
    ({"model.bias": {**WEIGHT, "data_offsets": [-4, 36]}}, OF_ANOTHER_KIND),
    ({"model.more": WEIGHT}, "does not hold the tensors of this run: 1 more are there"),
    ({"model.bias": {**WEIGHT, "data_offsets": [400, 1 << 70]}}, "can not be read as a checkpoint"),
    ({"model.bias": {**WEIGHT, "data_offsets": [400]}}, "can not be read as a checkpoint"),
    ({"model.bias": {**WEIGHT, "data_offsets": ["a", "b"]}}, "can not be read as a checkpoint"),
    ({"model.bias": 5}, "can not be read as a checkpoint"),
]


@pytest.mark.parametrize(("table", "told"), TABLES)
def test_a_table_of_other_tensors_is_refused_before_a_number_is_read(path, monkeypatch, table, told):
    content = path.read_bytes()
    assert json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])["model.bias"] == WEIGHT
    rewritten(path, table=table)
    monkeypatch.setattr(np, "frombuffer", lambda *_: pytest.fail("a number was read"))
    assert refused(load, path, SETTINGS, LIKE).startswith(f"{path} {told}\nhint: ")


@pytest.mark.parametrize("length", [0, 1 << 40, (1 << 64) - 1, MOST_TOLD + 1])
def test_a_length_that_no_table_has_is_refused_before_anything_is_read(path, monkeypatch, length):
    path.write_bytes(length.to_bytes(8, "little") + bytes(100))
    os.truncate(path, 2 * MOST_TOLD)  # with a hole, so that it takes no room
    monkeypatch.setattr(json, "loads", lambda *_: pytest.fail("the table was read"))
    assert refused(load, path, SETTINGS, LIKE) == unreadable(path)


@pytest.mark.parametrize(
    "deep", [b"[" * 100_000, b'{"a":' * 100_000, b'{"__metadata__": {"termlab": "' + b"[" * 99_999 + b'"}}']
)
def test_a_table_without_a_bottom_is_refused(path, deep):
    path.write_bytes(len(deep).to_bytes(8, "little") + deep)
    assert refused(load, path, SETTINGS, LIKE) in (unreadable(path), foreign(path))


def test_no_flipped_bit_goes_unseen(path):
    whole, rng, told = path.read_bytes(), random.Random(0), set()
    expected = load(path, SETTINGS, LIKE)
    for at in [*range(64), *rng.sample(range(64, 8 * len(whole)), 600)]:
        flipped = bytearray(whole)
        flipped[at // 8] ^= 1 << at % 8
        path.write_bytes(flipped)
        try:
            assert same_bits(load(path, SETTINGS, LIKE), expected)  # a sign between words of the table
            told.add("the same")
        except CannotRun as error:
            told.add(str(error).removeprefix(f"{path} ").partition(":")[0].partition("\n")[0])
    assert told >= {"is damaged", "can not be read as a checkpoint"}


@pytest.mark.parametrize("name", ["model.weight", "model.bias", "optimizer.0.step", "optimizer.1.exp_avg_sq"])
def test_the_tensor_that_was_changed_is_named(path, name):
    content = path.read_bytes()
    [start, _] = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])[name]["data_offsets"]
    flipped = bytearray(content)
    flipped[8 + int.from_bytes(content[:8], "little") + start] ^= 1
    path.write_bytes(flipped)
    assert refused(load, path, SETTINGS, LIKE) == (
        f"{path} is damaged: the tensor {name} is not what was kept\n"
        "hint: it was changed on the way; delete it to begin anew, or bring back a copy"
    )


def test_losses_that_were_changed_are_told(path):
    path.write_bytes(path.read_bytes().replace(b"0.3333", b"0.3334"))
    assert refused(load, path, SETTINGS, LIKE).startswith(f"{path} is damaged: its settings or losses are not what was")


def test_one_that_tells_of_more_steps_than_the_run_has_is_refused(path):
    model = torch.nn.Linear(10, 10)
    optimizer = torch.optim.AdamW(model.parameters())
    keep = Keep(str(path), resume=True)
    assert keep.restore(SETTINGS, model, optimizer, Logbook(3, 1)) == 3
    told = refused(keep.restore, SETTINGS, model, optimizer, Logbook(2, 1))
    assert told.startswith(f"{path} tells of 3 steps, and the run has 2\n")


@pytest.mark.parametrize("other", [torch.ones(3), {"model": {"weight": torch.ones(3)}}, None], ids=str)
@pytest.mark.parametrize("as_zip", [True, False])
def test_a_file_that_pytorch_wrote_is_refused(path, other, as_zip):
    torch.save(other, path, _use_new_zipfile_serialization=as_zip)
    assert refused(load, path, SETTINGS, LIKE) == unreadable(path)


class Evil:
    """Makes a folder as soon as it is unpickled."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


@pytest.mark.parametrize("way", ["in a zip file", "as of old", "a bare pickle"])
def test_a_file_of_a_stranger_runs_nothing(path, tmp_path, way):
    evil = {"format": FORMAT, "settings": SETTINGS, "model": Evil(tmp_path / "caught")}
    if way == "a bare pickle":
        path.write_bytes(pickle.dumps(evil))
    else:
        torch.save(evil, path, _use_new_zipfile_serialization=way == "in a zip file")
    assert refused(load, path, SETTINGS, LIKE) == unreadable(path)
    assert not (tmp_path / "caught").exists()
    torch.load(io.BytesIO(path.read_bytes()), weights_only=False) if way != "a bare pickle" else pickle.loads(
        path.read_bytes()
    )
    assert (tmp_path / "caught").exists()  # it is evil: read carelessly, it strikes


def test_one_of_another_run_is_refused_and_everything_that_differs_is_named(path):
    assert refused(load, path, {"width": 16, "seed": 0}, LIKE) == (
        f"{path} is of another run: width is 32 there and 16 here\nhint: give the settings it was made with"
    )
    assert refused(load, path, {"width": 16, "seed": 2, "text": "abc"}, LIKE) == (
        f"{path} is of another run: width is 32 there and 16 here; seed is 0 there and 2 here; "
        "text is not set there and abc here\nhint: give the settings it was made with"
    )
    assert refused(load, path, {"width": 32}, LIKE) == (
        f"{path} is of another run: seed is 0 there and not set here\nhint: give the settings it was made with"
    )


def test_one_that_may_not_be_read_is_told_and_not_called_damaged(path, monkeypatch):
    def not_allowed(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", not_allowed)
    assert refused(load, path, SETTINGS, LIKE) == f"cannot read the checkpoint {path}: Permission denied"


# --- killed while it is kept --------------------------------------------------------------------------------------


def keep_for_ever(path):
    """Keeps one after the other, each with one number everywhere."""
    for value in range(1_000_000):
        save(path, SETTINGS, {str(i): torch.full((40, 50), float(value)) for i in range(20)}, [float(value)], [])


def killed_before_it_takes_its_place(path):
    os.replace = lambda *_: elsewhere.kill_this()
    save(path, SETTINGS, LIKE, [0.5], [])


def killed_half_written(path):
    def half(number):
        os.truncate(number, os.fstat(number).st_size // 2)
        elsewhere.kill_this()

    os.fsync = half
    save(path, SETTINGS, LIKE, [0.5], [])


@pytest.mark.parametrize("work", [killed_half_written, killed_before_it_takes_its_place])
def test_killed_while_it_writes_it_leaves_the_older_one(path, work):
    process = elsewhere.call(work, path)
    process.join()
    assert process.exitcode != 0
    assert len(os.listdir(path.parent)) == 2  # what it did not finish lies beside it
    assert steps_in(path) == 3
    save(path, SETTINGS, LIKE, [0.5], [])
    assert steps_in(path) == 1


def test_killed_at_any_moment_it_leaves_a_whole_one(tmp_path):
    path, rng, found = tmp_path / "run.safetensors", random.Random(0), set()
    for turn in range(5):
        path.unlink(missing_ok=True)
        process = elsewhere.call(keep_for_ever, path)
        for _ in range(1 + turn):
            before = changed(path)
            while changed(path) == before:
                assert process.is_alive()
                time.sleep(0.001)
        time.sleep(rng.uniform(0, 0.03))
        process.kill()
        process.join()
        tensors, [value], _ = load(path, SETTINGS, {str(i): torch.empty(40, 50) for i in range(20)})
        assert all((weights == value).all() for weights in tensors.values())
        found.add(value)
    assert max(found) > 0


# --- a run that is killed -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that nobody disturbed: its result, and its last checkpoint."""
    folder = tmp_path_factory.mktemp("whole")
    assert elsewhere.run(command(folder / "run.safetensors"), folder / "out") == 0
    return elsewhere.result(folder / "out"), kept(folder / "run.safetensors"), folder / "run.safetensors"


def without_speed(result):
    """All that it found but for how fast it was, which no two runs agree on, and where it was kept."""
    speed = "tokens per second in training"
    return result["show"], {name: value for name, value in result["numbers"].items() if name != speed}


def same_bits(one, other):
    """Whether nested dictionaries and lists of tensors and plain values are the same."""
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same_bits(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same_bits, one, other))
    return one == other


def equal(path, out, whole):
    """Whether a run ended with every bit as the undisturbed one."""
    found = kept(path)
    assert found.keys() == whole[1].keys()
    assert found["losses"] == whole[1]["losses"]
    assert same_bits(found, whole[1])
    assert without_speed(elsewhere.result(out)) == without_speed(whole[0])


def test_the_run_that_is_compared_here_learns_and_leaves_numbers_out(whole):
    assert whole[1]["settings"]["dropout"] == 0.3
    assert len(whole[1]["losses"]) == len(set(whole[1]["losses"])) == 7
    assert np.mean(whole[1]["losses"][-3:]) < np.mean(whole[1]["losses"][:3])


def test_killed_in_every_step_it_ends_with_every_bit_as_if_it_had_not_been(whole, tmp_path):
    path, out = tmp_path / "run.safetensors", tmp_path / "out"
    for step in range(2, 8):
        more = ["--resume"] if step > 2 else []
        assert elsewhere.run(command(path, *more), out, kill_at=step) == elsewhere.KILLED
        assert len(kept(path)["losses"]) == step - 1  # what was done in that step is lost
    assert elsewhere.run(command(path, "--resume"), out) == 0
    equal(path, out, whole)


def test_killed_at_any_moment_it_ends_with_every_bit_as_if_it_had_not_been(whole, tmp_path):
    path, out, rng, more = tmp_path / "run.safetensors", tmp_path / "out", random.Random(1), []
    for _ in range(2):
        process, before = elsewhere.start(command(path, *more), out), changed(path)
        while process.is_alive() and changed(path) == before:
            time.sleep(0.001)
        time.sleep(rng.uniform(0, 0.02))
        process.kill()
        process.join()
        assert path.exists()
        more = ["--resume"]
    assert elsewhere.run(command(path, *more), out) == 0
    equal(path, out, whole)


def changed(path):
    return path.stat().st_mtime_ns if path.exists() else None


def test_where_it_is_kept_now_and_then_it_goes_on_from_the_last_time(whole, tmp_path):
    path, out = tmp_path / "run.safetensors", tmp_path / "out"
    every = {"checkpoint-every": 4}
    assert elsewhere.run(command(path, **every), out, kill_at=3) == elsewhere.KILLED
    assert not path.exists()
    assert elsewhere.run(command(path, "--resume", **every), out) == 1
    told = f"there is no checkpoint {path} to go on from\nhint: leave --resume out to begin\n"
    assert elsewhere.told(out)[1].endswith(told)
    assert elsewhere.run(command(path, **every), out, kill_at=6) == elsewhere.KILLED
    assert len(kept(path)["losses"]) == 4
    assert elsewhere.run(command(path, "--resume", **every), out) == 0
    equal(path, out, whole)


def test_a_run_that_is_over_has_nothing_left_to_do(whole, tmp_path):
    shutil.copy(whole[2], tmp_path / "run.safetensors")
    before = changed(tmp_path / "run.safetensors")
    assert elsewhere.run(command(tmp_path / "run.safetensors", "--resume"), tmp_path / "out") == 0
    assert changed(tmp_path / "run.safetensors") == before
    equal(tmp_path / "run.safetensors", tmp_path / "out", whole)


def test_it_does_not_go_on_with_another_model_or_another_text(whole, tmp_path):
    shutil.copy(whole[2], tmp_path / "run.safetensors")
    out = tmp_path / "out"
    assert elsewhere.run(command(tmp_path / "run.safetensors", "--resume", width=32, steps=8), out) == 1
    assert elsewhere.told(out)[1].endswith(
        f"{tmp_path / 'run.safetensors'} is of another run: "
        "width is 16 there and 32 here; steps is 7 there and 8 here\n"
        "hint: give the settings it was made with\n"
    )
    assert elsewhere.run(command(tmp_path / "run.safetensors", "--resume", merges=200), out) == 1
    text = whole[1]["settings"]["text"]
    told = elsewhere.told(out)[1]
    assert f"is of another run: vocabulary is 656 there and 456 here; text is {text} there and " in told


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"checkpoint": "{path}"}, "{path} is there already\nhint: go on from it with --resume, or name another file"),
        ({"resume": True}, "there is no checkpoint to go on from\nhint: name its file with --checkpoint"),
    ],
)
def test_a_run_neither_writes_over_a_checkpoint_nor_resumes_from_none(path, given, expected):
    before = path.read_bytes()
    given = {name: value.format(path=path) if value == "{path}" else value for name, value in given.items()}
    with pytest.raises(DemoFailed) as caught:
        run("tiny_gpt", given)
    assert str(caught.value) == expected.format(path=path)
    assert path.read_bytes() == before
