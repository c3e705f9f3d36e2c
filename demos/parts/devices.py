"""Devices: where PyTorch computes, and with how many digits.

Source: https://docs.pytorch.org/docs/stable/amp.html (autocast)
"""

import torch
from torch import nn

from demos import CannotRun


def device_named(name, local_rank=0):
    """The device that "auto", "cpu", "cuda" or "mps" means here; asking costs nothing where there is no such device.

    local_rank: the number of this process on its machine, which is the number of the graphics card that it takes.
    Raises CannotRun where there is no such device.
    """
    has = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if name == "auto":
        name = next(kind for kind in ("cuda", "mps", "cpu") if has[kind])
    if not has[name]:
        there = " and ".join(kind for kind in has if has[kind])
        raise CannotRun(f"there is no {name} device on this machine", f"it has {there}; auto picks the fastest")
    if name == "cuda" and local_rank >= torch.cuda.device_count():
        count = torch.cuda.device_count()
        raise CannotRun(
            f"process {local_rank} on this machine finds no graphics card: there are {count}",
            f"start it with torchrun --nproc-per-node {count}, or compute on --device cpu",
        )
    return torch.device(name, local_rank) if name == "cuda" else torch.device(name)


def name_of(device):
    """What people call it: the name of the graphics card, or how many threads compute."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    threads = torch.get_num_threads()
    return device.type if device.type != "cpu" else f"cpu with {threads} thread{'s' * (threads != 1)}"


def precision_named(name, device):
    """The type that "auto", "float32" or "bfloat16" means for matrix products on a device.

    bfloat16 keeps the range of float32 with a third of its digits. Graphics cards multiply it several times as fast, as
    do a few processors; most processors and Apple's chips gain little, so there "auto" stays with float32.
    """
    if name == "auto":
        name = "bfloat16" if device.type == "cuda" and torch.cuda.is_bf16_supported() else "float32"
    return getattr(torch, name)


def in_precision(model, precision):
    """The same model with its matrix products in another precision; its weights keep all their digits."""
    return model if precision == torch.float32 else _Autocast(model, precision)


class _Autocast(nn.Module):
    def __init__(self, model, precision):
        super().__init__()
        self.model, self.precision = model, precision

    def forward(self, ids, targets):
        with torch.autocast(ids.device.type, self.precision):
            return self.model(ids, targets)
