"""Trained weights: those of a small transformer that has read the glossary, ready for demos/transformer_forward.py.

demos/tiny_gpt.py trained it; `make weights` does so again, and keeps the result with half the digits. What it was made
from, and with what, stands in the file.
"""

import json
from functools import cache
from typing import NamedTuple

import numpy as np

from demos import asset


class Trained(NamedTuple):
    """weights: as demos/transformer_forward.py describes them, float32;  heads: how many attentions work side by side;
    merges: of the tokenizer, pairs of ids;  about: what made it, with the hash of code, text and settings."""

    weights: dict[str, np.ndarray]
    heads: int
    merges: list[tuple[int, int]]
    about: dict[str, object]

    @property
    def context(self):
        """How many tokens it can have in view."""
        return len(self.weights["positions"])


def packed(weights, heads, merges, about):
    """The arrays of the file: weights [..], float16, and the rest beside them."""
    arrays = {name: array.astype(np.float16) for name, array in weights.items()}
    beside = json.dumps({"heads": heads, **about}, sort_keys=True)
    return {**arrays, "merges": np.array(merges, dtype=np.uint16).reshape(-1, 2), "about": np.array(beside)}


def unpacked(arrays):
    """The other way -> Trained"""
    about = json.loads(str(arrays["about"]))
    weights = {name: arrays[name].astype(np.float32) for name in arrays if name not in ("merges", "about")}
    return Trained(weights, about.pop("heads"), [tuple(pair) for pair in arrays["merges"].tolist()], about)


@cache
def trained():
    """The transformer that comes with the demos -> Trained"""
    with np.load(asset("tiny-gpt.npz"), allow_pickle=False) as file:
        return unpacked({name: file[name] for name in file.files})
