"""Checkpoints: a training run on disk, so that nothing is lost when it is stopped.

A checkpoint holds the model, the optimizer, the steps done, and the settings and the text of the run. The learning
rate, the place in the text and the random numbers of a step follow from the settings and the number of the step alone,
so they need no room of their own, and a run that goes on draws what it would have drawn.

Source: https://docs.pytorch.org/docs/stable/generated/torch.load.html (weights_only)
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from demos import CannotRun

FORMAT = "termlab checkpoint 1"


def save(path, settings, **state):
    """Writes settings {name: value} and state, tensors and plain values, beside the old file, then takes its place.

    Killed at any moment, it leaves the old checkpoint or the new one, and both are whole.
    """
    path = Path(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(beside, "wb") as file:
            torch.save({"format": FORMAT, "settings": settings, **state}, file)
            file.flush()
            os.fsync(file.fileno())  # or a power cut could leave the new name without its content
        os.replace(beside, path)
    except (OSError, RuntimeError) as error:  # on a full disk PyTorch raises the second while it handles the first
        first = error if isinstance(error, OSError) else error.__context__
        why = getattr(first, "strerror", None) or error
        hint = "name a file in a folder that exists, on a disk with room"
        raise CannotRun(f"cannot write the checkpoint {path}: {why}", hint) from None
    finally:
        beside.unlink(missing_ok=True)


def load(path, settings):
    """Reads the state of a run with just these settings. Runs no code of the file, whoever it comes from.

    Raises CannotRun, which says what is wrong, for a file that is missing, damaged, no checkpoint or of another run.
    """
    path = Path(path)
    if not path.is_file():
        raise CannotRun(f"there is no checkpoint {path} to go on from", "leave --resume out to begin")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except PermissionError as error:
        raise CannotRun(f"cannot read the checkpoint {path}: {error.strerror}") from None
    except Exception:  # what is no checkpoint can make unpickling fail in any way; PyTorch's own words would mislead
        hint = "it was cut short, or is something else; delete it to begin anew"
        raise CannotRun(f"{path} can not be read as a checkpoint", hint) from None
    if not isinstance(state, dict) or state.get("format") != FORMAT or not isinstance(state.get("settings"), dict):
        raise CannotRun(f"{path} is no checkpoint of this program", "name another file")
    saved = state["settings"]
    differ = [
        f"{name} is {saved.get(name, 'not set')} there and {settings.get(name, 'not set')} here"
        for name in {**saved, **settings}
        if saved.get(name) != settings.get(name)
    ]
    if differ:
        raise CannotRun(f"{path} is of another run: {'; '.join(differ)}", "give the settings it was made with")
    return state


def digest(ids):
    """A few letters that stand for a text."""
    return hashlib.sha256(np.asarray(ids, "<i8").tobytes()).hexdigest()[:16]


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
            state = load(self.path, settings)
            model.load_state_dict(state["model"])
            optimizer.load_state_dict(state["optimizer"])
            log.losses, log.trials = state["losses"], state["trials"]
        return log.step

    def save(self, settings, model, optimizer, log):
        """Keeps the run, where it is time to."""
        if self.path and (log.step % self.every == 0 or log.step == log.steps):
            state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
            save(self.path, settings, **state, step=log.step, losses=log.losses, trials=log.trials)


NOT_KEPT = Keep()
