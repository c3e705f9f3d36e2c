"""Processes: which device to compute on, and how several processes share one training run.

Started alone, a program is the whole world. Started by `torchrun`, it finds its rank, the number of processes and their
meeting point in the environment, and joins them: over NCCL where each has a graphics card, else over Gloo.

Source: https://docs.pytorch.org/docs/stable/elastic/run.html
"""

import os
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist

from demos import CannotRun


@dataclass(frozen=True)
class World:
    """Where this process stands. rank: its number among `size` processes; device: where it computes."""

    rank: int
    size: int
    device: torch.device

    @property
    def is_first(self):
        """Whether this is the one process that speaks and writes files."""
        return self.rank == 0


def device_named(name, local_rank=0):
    """The device that "auto", "cpu", "cuda" or "mps" means here; asking costs nothing where there is no such device."""
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


@contextmanager
def world(device="auto"):
    """Joins the other processes for as long as the block lasts -> World."""
    size, rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
    place = device_named(device, int(os.environ.get("LOCAL_RANK", "0")))
    if size == 1:
        yield World(0, 1, place)
        return
    if place.type == "mps":
        raise CannotRun("several processes can not share an Apple chip", "compute on --device cpu")
    if place.type == "cuda":
        torch.cuda.set_device(place)
    dist.init_process_group("nccl" if place.type == "cuda" else "gloo")
    try:
        yield World(rank, size, place)
    finally:
        dist.destroy_process_group()


def mean_over(value, world):
    """The mean of a tensor over all processes, the same in each."""
    if world.size > 1:
        value = value.clone()
        dist.all_reduce(value)
        value /= world.size
    return value


def precision_named(name, device):
    """The type that "auto", "float32" or "bfloat16" means for matrix products on a device.

    bfloat16 keeps the range of float32 with a third of its digits. Graphics cards multiply it several times as fast, as
    do a few processors; most processors and Apple's chips gain little, so there "auto" stays with float32.
    """
    if name == "auto":
        name = "bfloat16" if device.type == "cuda" and torch.cuda.is_bf16_supported() else "float32"
    return getattr(torch, name)


def name_of(device):
    """What people call it: the name of the graphics card, or how many threads compute."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    threads = torch.get_num_threads()
    return device.type if device.type != "cpu" else f"cpu with {threads} thread{'s' * (threads != 1)}"
