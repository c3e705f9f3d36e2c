"""Processes: how several processes share one training run.

Started alone, a program is the whole world. Started by `torchrun`, it finds its rank, the number of processes and their
meeting point in the environment, and joins them: over NCCL where each has a graphics card, else over Gloo.

Source: https://docs.pytorch.org/docs/stable/elastic/run.html
        https://docs.pytorch.org/docs/stable/generated/torch.nn.parallel.DistributedDataParallel.html (no_sync)
"""

import os
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel

from demos import CannotRun
from demos.parts.devices import device_named, in_precision, precision_named


@dataclass(frozen=True)
class World:
    """Where this process stands, and how it computes.

    rank: its number among `size` processes;  device: where it computes;  precision: of matrix products;
    compiled: whether PyTorch compiles the model first
    """

    rank: int
    size: int
    device: torch.device
    precision: torch.dtype = torch.float32
    compiled: bool = False

    @property
    def is_first(self):
        """Whether this is the one process that speaks and writes files."""
        return self.rank == 0


ALONE = World(0, 1, torch.device("cpu"))


@contextmanager
def world(device="auto", precision="auto", compiled=False):
    """Joins the other processes for as long as the block lasts -> World.

    device, precision: names, as demos/parts/devices.py knows them.  Raises CannotRun where there is no such device.
    """
    size, rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
    place = device_named(device, int(os.environ.get("LOCAL_RANK", "0")))
    if size == 1:
        yield World(0, 1, place, precision_named(precision, place), compiled)
        return
    if place.type == "mps":
        raise CannotRun("several processes can not share an Apple chip", "compute on --device cpu")
    if place.type == "cuda":
        torch.cuda.set_device(place)
    dist.init_process_group("nccl" if place.type == "cuda" else "gloo")
    try:
        yield World(rank, size, place, precision_named(precision, place), compiled)
    finally:
        dist.destroy_process_group()


def windows_at_once(batch, accumulate, here):
    """How many windows of a batch a process computes at once, where it takes its own in `accumulate` parts.

    Raises CannotRun where a batch can not be cut into that many parts of the same size.
    """
    parts = accumulate * here.size
    if batch % parts:
        raise CannotRun(f"a batch of {batch} can not be cut into {parts} even parts", f"take a multiple of {parts}")
    return batch // parts


def faster(model, here):
    """The same model with the same weights, as this process computes it in training: in the precision of the World,
    shared with the other processes, which exchange their gradients while they compute them, and compiled."""
    model = in_precision(model, here.precision)
    model = DistributedDataParallel(model) if here.size > 1 else model
    return torch.compile(model) if here.compiled else model


def in_parts(windows, count, model):
    """A batch in so many parts, one after the other, for a machine that has too little memory for the whole.

    windows: [B, ..] -> [B / count, ..] each.  Processes exchange gradients in the last part, when all are summed.
    """
    for i, part in enumerate(windows.chunk(count), start=1):
        with nullcontext() if i == count or not hasattr(model, "no_sync") else model.no_sync():
            yield part


def mean_over(value, here):
    """The mean of a tensor over all processes, the same in each."""
    if here.size > 1:
        value = value.clone()
        dist.all_reduce(value)
        value /= here.size
    return value
