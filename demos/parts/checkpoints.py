"""Checkpoints: a training run on disk, so that nothing is lost when it is stopped.

A checkpoint holds the model, the optimizer, the steps done, and the settings and the text of the run. The learning
rate, the place in the text and the random numbers of a step follow from the settings and the number of the step alone,
so they need no room of their own, and a run that goes on draws what it would have drawn.

Source: https://docs.pytorch.org/docs/stable/generated/torch.load.html (weights_only)
"""

import os
from pathlib import Path

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
