"""Checkpoints: a training run on disk, so that nothing is lost when it is stopped.

A checkpoint holds the model, the averages of the optimizer, the losses so far, and the settings and the text of the
run. The learning rate, the place in the text and the random numbers of a step follow from the settings and the number
of the step alone, so they need no room of their own, and a run that goes on draws what it would have drawn.

The file has the form of safetensors: its length in eight bytes, a table in JSON, and the numbers. Nothing in it can be
run, and the table is compared with the model that is to go on before any number is read.

Source: https://github.com/huggingface/safetensors#format
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from demos import CannotRun

FORMAT = "termlab checkpoint 2"
MOST_TOLD = 4_000_000  # bytes of what is no tensor; 20,000 steps of the largest model take a fifth
AVERAGES = ("step", "exp_avg", "exp_avg_sq")  # what AdamW knows of each weight
BROKEN = "it was changed on the way; delete it to begin anew, or bring back a copy"


def save(path, settings, tensors, losses, trials):
    """Writes settings {name: value}, tensors {name: float32} and the course beside the old file, then takes its place.

    Killed at any moment, it leaves the old checkpoint or the new one, and both are whole.
    """
    path = Path(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    numbers = {name: tensor.detach().cpu().numpy().astype("<f4", casting="safe") for name, tensor in tensors.items()}
    sums = {name: digest_of(array.tobytes()) for name, array in numbers.items()}
    told = json.dumps({"format": FORMAT, "settings": settings, "losses": losses, "trials": trials, "sums": sums})
    about = {"termlab": told, "sum": digest_of(told.encode())}
    header = json.dumps({"__metadata__": about, **table_of(tensors)}).encode()
    header += b" " * (-len(header) % 8)  # so that numbers begin where processors like to read them
    try:
        with open(beside, "wb") as file:
            file.write(len(header).to_bytes(8, "little") + header)
            for array in numbers.values():
                file.write(array.tobytes())
            file.flush()
            os.fsync(file.fileno())  # or a power cut could leave the new name without its content
        os.replace(beside, path)
    except OSError as error:
        hint = "name a file in a folder that exists, on a disk with room"
        raise CannotRun(f"cannot write the checkpoint {path}: {error.strerror or error}", hint) from None
    finally:
        beside.unlink(missing_ok=True)


def load(path, settings, like):
    """Reads the tensors, the losses and the trials of a run with just these settings -> {name: tensor}, list, list

    settings: {name: value}, or None for those of the file;  like: {name: tensor} of the shapes that must be there
    Takes no more room than `like` and MOST_TOLD, whoever the file comes from. Raises CannotRun, which says what is
    wrong, for a file that is missing, damaged, no checkpoint or of another run.
    """
    path = Path(path)
    if not path.is_file():
        raise CannotRun(f"there is no checkpoint {path} to go on from", "leave --resume out to begin")
    try:
        with path.open("rb") as file:
            table, told = _header(file, path)
            if settings is not None:
                _same_settings(path, told["settings"], settings)
            _same_table(path, table, table_of(like))
            tensors = {name: _tensor(file, path, name, like[name], told["sums"].get(name)) for name in like}
    except OSError as error:
        raise CannotRun(f"cannot read the checkpoint {path}: {error.strerror}") from None
    return tensors, told["losses"], told["trials"]


def table_of(tensors):
    """Where each tensor stands among the numbers of a file, one after the other."""
    table, end = {}, 0
    for name, tensor in tensors.items():
        start, end = end, end + 4 * tensor.numel()
        table[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [start, end]}
    return table


def _header(file, path):
    """What stands before the numbers: the table, and what is told of the run. Raises CannotRun, as below."""
    size = os.fstat(file.fileno()).st_size
    length = int.from_bytes(file.read(8), "little")
    try:
        if not 0 < length <= min(MOST_TOLD, size - 8):
            raise ValueError
        table = json.loads(file.read(length).decode())
        about = table.pop("__metadata__", {})
        ends = [entry["data_offsets"][1] for entry in table.values()]
        if size != 8 + length + max(ends, default=0):
            raise ValueError
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError):
        hint = "it was cut short, or is something else; delete it to begin anew"
        raise CannotRun(f"{path} can not be read as a checkpoint", hint) from None
    try:
        told = json.loads(about["termlab"])
        ours = told["format"] == FORMAT and _is_told(told)
    except (ValueError, TypeError, KeyError, RecursionError):
        ours = False
    if not ours:
        raise CannotRun(f"{path} is no checkpoint of this program", "name another file")
    if digest_of(about["termlab"].encode("utf-8", "replace")) != about.get("sum"):
        raise CannotRun(f"{path} is damaged: its settings or losses are not what was kept", BROKEN)
    return table, told


def _is_told(told):
    """Whether settings, losses, trials and sums are what save() writes."""
    settings, sums = told["settings"], told["sums"]
    return (
        isinstance(settings, dict)
        and all(name.isidentifier() and len(name) < 40 for name in settings)
        and all(isinstance(value, int | float | str) and str(value).isprintable() for value in settings.values())
        and isinstance(sums, dict)
        and all(type(loss) is float for loss in told["losses"])
        and all([type(part) for part in trial] == [int, float] for trial in told["trials"])
    )


def _same_settings(path, saved, settings):
    differ = [
        f"{name} is {saved.get(name, 'not set')!s:.40} there and {settings.get(name, 'not set')} here"
        for name in {**saved, **settings}
        if saved.get(name) != settings.get(name)
    ]
    if differ:
        raise CannotRun(f"{path} is of another run: {'; '.join(differ)}", "give the settings it was made with")


def _same_table(path, found, expected):
    wrong = [f"{name} is {'of another kind' if name in found else 'missing'}" for name in expected
             if found.get(name) != expected[name]]  # fmt: skip
    more = len(found.keys() - expected.keys())
    wrong += [f"{more} more are there"] if more else []
    if wrong:
        raise CannotRun(f"{path} does not hold the tensors of this run: {wrong[0]}", BROKEN)


def _tensor(file, path, name, like, expected):
    content = file.read(4 * like.numel())
    if digest_of(content) != expected:
        raise CannotRun(f"{path} is damaged: the tensor {name} is not what was kept", BROKEN)
    return torch.from_numpy(np.frombuffer(content, "<f4").astype(np.float32).reshape(tuple(like.shape)))


def digest(ids):
    """A few letters that stand for a text."""
    return digest_of(np.asarray(ids, "<i8").tobytes())[:16]


def digest_of(content):
    """A sum over bytes, which another content does not have."""
    return hashlib.sha256(content).hexdigest()


def tensors_of(model, optimizer):
    """Every tensor of a run by its name: the weights, and the averages of AdamW, which are zero before it begins."""
    kept = {f"model.{name}": tensor for name, tensor in model.state_dict().items()}
    for i, weight in enumerate(weight for group in optimizer.param_groups for weight in group["params"]):
        empty = {"step": torch.zeros(()), "exp_avg": torch.zeros_like(weight), "exp_avg_sq": torch.zeros_like(weight)}
        kept |= {f"optimizer.{i}.{name}": optimizer.state.get(weight, empty)[name] for name in AVERAGES}
    return kept


def restore(path, settings, model, optimizer):
    """Puts what load() reads into a model and its optimizer -> losses, trials"""
    tensors, losses, trials = load(path, settings, tensors_of(model, optimizer))
    averages, groups = {}, optimizer.state_dict()["param_groups"]
    for i in [i for group in groups for i in group["params"]]:
        averages[i] = {name: tensors[f"optimizer.{i}.{name}"] for name in AVERAGES}
    model.load_state_dict({name: tensors[f"model.{name}"] for name in model.state_dict()})
    optimizer.load_state_dict({"state": averages, "param_groups": groups})
    return losses, trials


@dataclass(frozen=True)
class Keep:
    """Whether and where a run is kept.

    path: of the checkpoint, or "" to keep none;  every: after how many steps;  resume: go on from the one that is there
    Raises CannotRun for a path that is taken, and where there is none to go on from.
    """

    path: str = ""
    every: int = 100
    resume: bool = False

    def __post_init__(self):
        if self.resume and not self.path:
            raise CannotRun("there is no checkpoint to go on from", "name its file with --checkpoint")
        if self.path and not self.resume and Path(self.path).exists():
            raise CannotRun(f"{self.path} is there already", "go on from it with --resume, or name another file")

    def restore(self, settings, model, optimizer, log):
        """Puts model, optimizer and Logbook back to where the run was kept -> how many steps had been done by then"""
        if self.resume:
            log.losses, log.trials = restore(self.path, settings, model, optimizer)
            if log.step > log.steps:
                raise CannotRun(f"{self.path} tells of {log.step} steps, and the run has {log.steps}", BROKEN)
        return log.step

    def save(self, settings, model, optimizer, log):
        """Keeps the run, where it is time to."""
        if self.path and (log.step % self.every == 0 or log.step == log.steps):
            save(self.path, settings, tensors_of(model, optimizer), log.losses, log.trials)


NOT_KEPT = Keep()
