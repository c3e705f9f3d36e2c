"""Sizes: how many numbers a model of demos/tiny_gpt.py learns, and about how much memory it takes to train it."""

from demos.parts.devices import name_of
from demos.parts.processes import windows_at_once


def parameters_in(shape):
    """How many numbers a model of this shape learns."""
    V, N, C, blocks = shape.vocabulary, shape.context, shape.width, shape.depth
    return V * C + N * C + blocks * (12 * C * C + 13 * C) + 2 * C


def expected_bytes(shape, windows):
    """About how much memory training takes: weights, gradients and two averages, and what the backward pass needs.

    windows: how many of them are computed at once
    """
    per_token = shape.depth * 18 * shape.width + 3 * shape.vocabulary
    return 4 * (4 * parameters_in(shape) + windows * shape.context * per_token)


def needs(shape, run, here):
    """What a training run will take, in a line.  Raises CannotRun where its batch can not be shared evenly."""
    memory = expected_bytes(shape, windows_at_once(run.batch, run.accumulate, here))
    kind, together = str(here.precision).removeprefix("torch."), f"{here.size} process{'es' * (here.size > 1)}"
    return (
        f"{parameters_in(shape):,} parameters; {run.steps:,} steps of {run.batch * shape.context:,} tokens; "
        f"{together} on {name_of(here.device)} in {kind}, with about {memory / 1e6:,.0f} MB each"
    )
