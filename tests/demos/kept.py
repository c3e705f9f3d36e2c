"""Checkpoints of demos/tiny_gpt.py as somebody else reads them: by the library whose form they have."""

import json

from safetensors import safe_open


def kept(path):
    """What a checkpoint holds -> {"settings", "losses", "trials", "tensors", "model"}, the last two by name."""
    with safe_open(path, "pt") as file:
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 -- it is no dictionary
        told = json.loads(file.metadata()["termlab"])
    model = {name.removeprefix("model."): tensor for name, tensor in tensors.items() if name.startswith("model.")}
    return {**{name: told[name] for name in ("settings", "losses", "trials")}, "tensors": tensors, "model": model}
