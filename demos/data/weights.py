"""Trains the transformer that comes with the demos, and keeps its weights and the record of the run.

    python -m demos.data.weights        about ten minutes on one core; `make weights` does the same

Writes demos/data/tiny-gpt.npz and a file in demos/recorded/. The hash in both covers the code of the demo and of all it
imports, the text it reads, and its settings: when one of them changes, tests ask for a new training.
"""

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from demos.__main__ import waiting
from demos._run.fingerprint import fingerprint as fingerprint_of
from demos._run.recorded import made_with, write
from demos._run.run import run
from demos._run.run import settings as settings_of
from demos._run.source import DEMOS

DEMO = "tiny_gpt"
FILE = DEMOS / "data" / "tiny-gpt.npz"
COMMAND = "make weights"
SETTINGS: dict[str, Any] = {"steps": 1600, "width": 128, "depth": 4, "merges": 1000, "dropout": 0.4}


def main() -> int:
    """Trains, writes, and says what was written."""
    import numpy as np
    import torch

    from demos.ngram_lm import read
    from demos.parts import checkpoints, gpt2_names, trained
    from demos.tiny_gpt import GPT, Shape, optimizer_for

    torch.set_num_threads(1)  # sums in the same order on every machine, however many cores it has
    settings = settings_of(DEMO, SETTINGS)
    fingerprint = fingerprint_of(DEMO, settings)  # of what is run now, whatever is edited meanwhile
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.safetensors"
        started = time.perf_counter()
        with waiting(DEMO):
            result = run(DEMO, {**SETTINGS, "checkpoint": str(path)})
        seconds = time.perf_counter() - started
        sizes = (settings[name] for name in ("context", "width", "depth", "heads"))
        model = GPT(Shape(256 + settings["merges"], *sizes))
        checkpoints.restore(path, None, model, optimizer_for(model))
    result["settings"] = settings  # where it was kept makes no difference

    about = {
        "fingerprint": fingerprint,
        "settings": settings,
        "command": COMMAND,
        "made_with": made_with(seconds),
        "bits per byte on the held-out text": result["numbers"]["bits per byte on the held-out text"],
    }
    merges = read("glossary", settings["merges"])[0]
    beside = FILE.with_suffix(".unfinished.npz")
    np.savez_compressed(beside, **trained.packed(gpt2_names.to_arrays(model), settings["heads"], merges, about))
    os.replace(beside, FILE)
    recorded = write(result, seconds)
    print(f"{result['summary']}\nwrote {FILE.name}, {FILE.stat().st_size:,} bytes, and {recorded.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
