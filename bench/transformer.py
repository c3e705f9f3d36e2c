"""tiny_gpt and the GPT-2 of the transformers library, side by side: training, memory and writing.

    python -m bench.transformer                            both shapes, plain and compiled
    python -m bench.transformer --shape shipped --rounds 3 --threads 1 --no-compile
    python -m bench.transformer --device cuda              on a graphics card: bfloat16, and GPT-2's whole context

Both sides have the same shape, the same first weights, copied by demos/parts/gpt2_names.py, the same made-up tokens and
the same training loop of demos/tiny_gpt.py, with fused AdamW and no dropout: only the models differ. transformers gets
its best settings: sdpa, no cache in training, the loss straight from the scores, in writing no search, no processors
and no stopping token, and PyTorch's fused form of GPT-2's GELU. GPT2LMHeadModel as published computes it in many small
steps, which is measured as a third side; a compiler fuses them, so compiled there are only two.

Before anything is timed, all sides must find the same loss and write the same tokens. Then they take turns of a few
seconds, each in a process of its own that sleeps while another works, so that noise on the machine hits all alike. The
table tells the median of all turns, and the least and the most. Peak memory is that of training alone.

Floating-point operations are counted as Chowdhery et al. (2022), appendix B, do (https://arxiv.org/abs/2204.02311): for
each token 6 for each weight in a matrix product, the head's included, and 12 · blocks · tokens in view · width in
attention, as if each token looked at all others; masks spare half of that, which is told too. The matrix rate beside it
is measured in the same run: the best of several large square products in the precision of the training.
"""

import argparse
import importlib.metadata
import itertools
import multiprocessing
import os
import platform
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn, Self

import torch
import torch.nn.functional as F
from torch import nn

from bench.scale import forget_peak, peak
from demos import CannotRun
from demos.parts.devices import device_named, in_precision, precision_named
from demos.parts.gpt2_names import from_gpt2, to_gpt2
from demos.parts.sizes import parameters_in
from demos.tiny_gpt import GPT, Shape, generate, optimizer_for, train

SIDES = {"ours": "`tiny_gpt`", "theirs": "`transformers`", "published": "the same with GELU as published"}
ROWS = (1, 8)  # how many texts are written at once
WARM_UP = 3  # steps, the first of which also compiles
Found = dict[str, list[float]]  # what was measured -> one number per turn, for one side


@dataclass(frozen=True)
class Case:
    """What is measured. tokens: in each of `batch` windows of a training step; written: tokens behind each prompt."""

    title: str
    shape: Shape
    tokens: int
    batch: int
    prompt: int = 16
    written: int = 48


@dataclass(frozen=True)
class How:
    """Where and how a process computes. clock: "wall", or "cpu" for the seconds that its threads really worked."""

    device: str
    threads: int
    compiled: bool
    clock: str

    @property
    def precision(self) -> torch.dtype:
        return precision_named("auto", torch.device(self.device))


def cases(device: str) -> dict[str, Case]:
    """On processors GPT-2 small reads a short text, so that a step ends within seconds."""
    shipped, small = Shape(768, 64, 128, 4, 4), Shape(50257, 1024, 768, 12, 12)
    tokens, batch = (1024, 32) if device == "cuda" else (128, 4)
    return {
        "shipped": Case("shipped", shipped, shipped.context, 16),
        "small": Case("GPT-2 small", small, tokens, batch),
    }


def flops_per_token(shape: Shape, tokens: int, attention: float = 1.0) -> float:
    """Forward and backward, for a token in a window of so many. attention: the part of all pairs that is counted."""
    in_products = shape.depth * 12 * shape.width**2 + shape.vocabulary * shape.width
    return 6 * in_products + attention * 12 * shape.depth * tokens * shape.width


# --- what is compared ---------------------------------------------------------------------------------------


class Ours:
    """demos/tiny_gpt.py"""

    def __init__(self, case: Case, state: dict[str, torch.Tensor]) -> None:
        self.model = GPT(case.shape)
        from_gpt2(state, self.model)

    def trainer(self) -> nn.Module:
        """What turns ids and targets into a loss."""
        return self.model

    def compile_for_writing(self) -> None:
        """The prompt is read once and not compiled, as `transformers` has it, too."""
        plain, fast = self.model.stream, torch.compile(self.model.stream, fullgraph=True)
        self.model.stream = lambda ids, cache: (fast if ids.shape[1] == 1 else plain)(ids, cache)

    def write(self, prompts: torch.Tensor, count: int) -> list[list[int]]:
        written: list[list[int]] = generate(self.model, prompts.tolist(), count, temperature=0)
        return written


class Theirs:
    """GPT2LMHeadModel.  published: with its own GELU"""

    def __init__(self, case: Case, state: dict[str, torch.Tensor], published: bool = False) -> None:
        from transformers import GPT2Config, GPT2LMHeadModel

        shape = case.shape
        self.model = GPT2LMHeadModel(
            GPT2Config(
                vocab_size=shape.vocabulary,
                n_positions=shape.context,
                n_embd=shape.width,
                n_layer=shape.depth,
                n_head=shape.heads,
                activation_function="gelu_new" if published else "gelu_pytorch_tanh",
                resid_pdrop=0.0,
                embd_pdrop=0.0,
                attn_pdrop=0.0,
                bos_token_id=None,
                eos_token_id=None,  # or each step would ask whether all texts have ended
                attn_implementation="sdpa",
            )
        )
        self.model.load_state_dict(state)
        self.options: dict[str, Any] = {}

    def trainer(self) -> nn.Module:
        return _Loss(self.model)

    def compile_for_writing(self) -> None:
        """A cache of fixed size is what the library compiles for."""
        from transformers import CompileConfig

        compiling = CompileConfig()
        compiling._compile_all_devices = True  # else it compiles on graphics cards only
        self.options = {"cache_implementation": "static", "compile_config": compiling}

    @torch.inference_mode()
    def write(self, prompts: torch.Tensor, count: int) -> list[list[int]]:
        self.model.eval()
        seen = torch.ones_like(prompts)  # no padding; given, so that it need not be guessed
        ids = self.model.generate(
            prompts, attention_mask=seen, max_new_tokens=count, do_sample=False, use_cache=True, **self.options
        )
        written: list[list[int]] = ids[:, prompts.shape[1] :].tolist()
        return written


class _Loss(nn.Module):
    """GPT2LMHeadModel with the signature of our model, and without the copies that its own loss makes of the scores."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(self, ids: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        scores = self.model(ids, use_cache=False).logits
        return F.cross_entropy(scores.flatten(0, 1), targets.flatten())


def side_named(name: str, case: Case, state: dict[str, torch.Tensor]) -> Ours | Theirs:
    return Ours(case, state) if name == "ours" else Theirs(case, state, published=name == "published")


# --- measuring: what follows runs in a process for each side ------------------------------------------------


class Worker:
    """One side. Each public method is a request that the main process may send."""

    def __init__(self, name: str, case: Case, how: How, weights: str) -> None:
        torch.set_num_threads(how.threads)
        if name != "ours":
            from transformers import logging

            logging.set_verbosity_error()
        self.name, self.case, self.how, self.weights = name, case, how, weights
        self.device = torch.device(how.device)
        self.paces: dict[object, float] = {}  # seconds that each kind of work takes once
        made = torch.Generator().manual_seed(1)
        V = case.shape.vocabulary
        batches = torch.randint(V, (4, case.batch, case.tokens + 1), generator=made)
        self.batches = list(batches.to(self.device))
        self.prompts = torch.randint(V, (max(ROWS), case.prompt), generator=made).to(self.device)

    def check(self) -> tuple[float, list[list[int]]]:
        """The loss of the first batch and what the model writes, in float32 and not compiled."""
        side = self._fresh(torch.float32)
        with torch.no_grad():
            loss = float(side.trainer().eval()(self.batches[0][:1, :-1], self.batches[0][:1, 1:]))
        return loss, side.write(self.prompts, self.case.written)

    def begin_training(self) -> list[float]:
        """The losses of the first steps. Peak memory is remembered from here on."""
        self._rehearse()
        forget_peak()
        self.loaded = peak()
        model = self._fresh(torch.float32).trainer().train()  # bfloat16 comes from autocast, as it should
        if self.device.type == "cuda":
            torch.cuda.reset_peak_memory_stats()
        optimizer, faster = optimizer_for(model), in_precision(model, self.how.precision)
        faster = torch.compile(faster) if self.how.compiled else faster

        losses_of_steps = train(faster, optimizer, ((1e-4, windows) for windows in itertools.cycle(self.batches)))
        self.step = lambda: next(losses_of_steps)
        losses = [float(self.step()) for _ in range(WARM_UP)]
        self.paces["training"] = 1 / self._per_second(self.step, 1)
        return losses

    def train(self, seconds: float) -> float:
        """Tokens per second."""
        return self.case.batch * self.case.tokens * self._turn("training", self.step, seconds)

    def end_training(self) -> tuple[float, float]:
        """MB at the peak, and how many of them were there before the model was."""
        if self.device.type == "cuda":
            highest, loaded = torch.cuda.max_memory_allocated() / 2**20, 0.0
        else:
            highest, loaded = peak(), self.loaded
        del self.step  # and with it the model, its gradients and the optimizer
        return highest, loaded

    def begin_writing(self, rows: int) -> list[list[int]]:
        """What is written behind so many prompts. The weights are the first ones again."""
        self.side = self._fresh(self.how.precision)
        if self.how.compiled:
            torch.compiler.reset()  # what was compiled for another number of texts would be more general, and slower
            self.side.compile_for_writing()
        written = self._write(rows)
        self.paces[rows] = 1 / self._per_second(lambda: self._write(rows), 1)
        return written

    def write(self, rows: int, seconds: float) -> float:
        """Tokens per second, with what reading the short prompts takes."""
        return rows * self.case.written * self._turn(rows, lambda: self._write(rows), seconds)

    def matrix_rate(self) -> float:
        """Operations per second in the best of several large square products of random numbers."""
        best = 0.0
        for size in (4096, 8192, 16384) if self.device.type == "cuda" else (1024, 2048):
            made = torch.randn(2, size, size, device=self.device).to(self.how.precision)
            product = torch.empty_like(made[0])
            for _ in range(10):
                per_second = self._per_second(lambda m=made, p=product: torch.mm(m[0], m[1], out=p), 5)
                best = max(best, 2 * size**3 * per_second)
        return best

    def _rehearse(self) -> None:
        """A step of a tiny model, so that whatever libraries load on the way is there: it is no part of a model."""
        shape = Shape(8, 8, 8, 1, 1)
        model = side_named(self.name, replace(self.case, shape=shape), to_gpt2(GPT(shape))).trainer()
        list(train(model, optimizer_for(model), [(1e-4, torch.zeros(1, 9, dtype=torch.long))]))

    def _fresh(self, precision: torch.dtype) -> Ours | Theirs:
        state = torch.load(self.weights, mmap=True, weights_only=True)
        side = side_named(self.name, self.case, state)
        side.model.to(self.device, precision)
        return side

    def _write(self, rows: int) -> list[list[int]]:
        return self.side.write(self.prompts[:rows], self.case.written)

    def _turn(self, kind: object, work: Callable[[], object], seconds: float) -> float:
        """How often per second, in about so many."""
        if self.device.type == "cuda":
            work()  # takes back the memory that was left to others, outside the measured time
        return self._per_second(work, max(1, round(seconds / self.paces[kind])))

    def _per_second(self, work: Callable[[], object], times: int) -> float:
        clock = time.perf_counter if self.how.clock == "wall" else time.process_time
        self._wait()
        begun = clock()
        for _ in range(times):
            work()
        self._wait()
        return times / (clock() - begun)

    def _wait(self) -> None:
        """A graphics card works on while Python has long gone ahead."""
        if self.device.type == "cuda":
            torch.cuda.synchronize()


def serve(name: str, case: Case, how: How, weights: str, ask: Connection) -> None:
    """The life of such a process: answers requests, (method, arguments), until there are no more."""
    try:
        worker = Worker(name, case, how, weights)
        while True:
            method, arguments = ask.recv()
            answer = getattr(worker, method)(*arguments)
            if how.device == "cuda":
                torch.cuda.empty_cache()  # leaves the card's memory to the side whose turn is next
            ask.send(answer)
    except torch.OutOfMemoryError:
        ask.send(MemoryError())
    except EOFError:
        pass  # the main process hung up


# --- taking turns -------------------------------------------------------------------------------------------


class Workers:
    """The sides of one comparison, each in its process."""

    def __init__(self, names: Sequence[str], case: Case, how: How, weights: str) -> None:
        start = multiprocessing.get_context("spawn")  # a fork would share the parent's memory, and break CUDA
        self.lines: dict[str, Connection] = {}
        self.processes = []
        for name in names:
            here, there = start.Pipe()
            process = start.Process(target=serve, args=(name, case, how, weights, there))
            process.start()
            there.close()
            self.lines[name] = here
            self.processes.append(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *trouble: object) -> None:
        for line in self.lines.values():
            line.close()  # whoever waits for a request hears that there will be none
        for process in self.processes:
            process.join(timeout=20)
            process.terminate()

    def ask(self, name: str, method: str, *arguments: object) -> Any:
        """What one side answers. Raises MemoryError where its device has no room."""
        line = self.lines[name]
        try:
            line.send((method, arguments))
            answer = line.recv()
        except (EOFError, OSError):
            _stop(f"the process of {name} ended early; what it said about it stands above")
        if isinstance(answer, MemoryError):
            raise answer
        return answer

    def ask_all(self, method: str, *arguments: object, backwards: bool = False) -> dict[str, Any]:
        """One after the other, so that no two ever work at once."""
        names = list(self.lines)[:: -1 if backwards else 1]
        return {name: self.ask(name, method, *arguments) for name in names}


@contextmanager
def weights_of(shape: Shape) -> Iterator[str]:
    """A file with the first weights of all sides, under GPT-2's names."""
    with tempfile.TemporaryDirectory(prefix="termlab-bench-") as folder:
        torch.manual_seed(0)
        path = Path(folder) / "weights.pt"
        torch.save(to_gpt2(GPT(shape)), path)
        yield str(path)


def check(case: Case, how: How, weights: str) -> float:
    """All sides must agree in float32, or nothing is worth timing -> the matrix rate in the precision of training."""
    with Workers(list(SIDES), case, how, weights) as workers:
        checked = workers.ask_all("check")
        must_agree(checked)
        rate: float = workers.ask("ours", "matrix_rate")
    loss, written = checked["ours"]
    _say(f"all sides find a loss of {loss:.4f} and write the same {sum(map(len, written)):,} tokens")
    return rate


def must_agree(checked: dict[str, tuple[float, list[list[int]]]]) -> None:
    """The same loss to five digits and the same tokens."""
    loss, written = checked["ours"]
    for name, (other, text) in checked.items():
        if not abs(other - loss) <= 1e-5 * loss:
            _stop(f"the losses differ: {loss} in ours and {other} in {name}")
        if text != written:
            _stop(f"ours and {name} write different tokens")


def compare(case: Case, how: How, weights: str, rate: float, rounds: int, seconds: float) -> dict[str, Found]:
    """Measures in turns -> what was found for each side.  rate: of matrix products, operations per second"""
    names = ["ours", "theirs"] if how.compiled else list(SIDES)
    found: dict[str, Found] = {name: {} for name in names}

    def take_turns(what: str, method: str, *arguments: object) -> None:
        for turn in range(rounds):
            for name, speed in workers.ask_all(method, *arguments, seconds, backwards=turn % 2 == 1).items():
                found[name].setdefault(what, []).append(speed)
            latest = ", ".join(f"{name} {found[name][what][-1]:,.0f}" for name in names)
            _say(f"  {what}, round {turn + 1} of {rounds}: {latest} tokens per second")

    with Workers(names, case, how, weights) as workers:
        must_be_close(workers.ask_all("begin_training"), how.precision)
        take_turns("training", "train")
        for name, (highest, loaded) in workers.ask_all("end_training").items():
            found[name] |= {"peak": [highest], "of the model": [highest - loaded]}
        for name in names:
            found[name]["share"] = [
                flops_per_token(case.shape, case.tokens) * speed / rate for speed in found[name]["training"]
            ]
        for rows in ROWS:
            may_agree(workers.ask_all("begin_writing", rows))
            take_turns(f"writing {rows}", "write", rows)
    return found


def must_be_close(losses: dict[str, list[float]], precision: torch.dtype) -> None:
    """The losses of the first steps; bfloat16 has only three digits, and each side rounds elsewhere."""
    far = 1e-4 if precision == torch.float32 else 2e-2
    for name, others in losses.items():
        for step, (ours, other) in enumerate(zip(losses["ours"], others, strict=True), start=1):
            if not abs(other - ours) <= far * ours:
                _stop(f"at step {step} the losses differ: {ours} in ours and {other} in {name}")


def may_agree(written: dict[str, list[list[int]]]) -> None:
    """What is timed is told to be the same or not: rounding may tip a favorite in bfloat16 or when compiled."""
    for name, texts in written.items():
        if texts != written["ours"]:
            pairs = [pair for two in zip(texts, written["ours"], strict=True) for pair in zip(*two, strict=True)]
            _say(f"  of the {len(pairs)} tokens that {name} writes, {sum(a == b for a, b in pairs)} are those of ours")


# --- the table ----------------------------------------------------------------------------------------------


MEASURES = {
    "training": "training, tokens per second",
    "share": "training, share of the matrix rate",
    "peak": "peak memory in training, MB",
    "of the model": "of which not there before the model, MB",
    "writing 1": "writing one text, tokens per second",
    "writing 8": "writing eight, tokens per second",
}


def table(compared: Sequence[tuple[Case, How, dict[str, Found]]]) -> str:
    """A row for each measure, as Markdown. A ratio is that of medians, ours to theirs."""
    shown = (SIDES["ours"], SIDES["theirs"], "ratio", SIDES["published"], "ratio")
    lines = [_row(["shape, windows × tokens", "compiled", "", *shown]), "|---|---|---|---:|---:|---:|---:|---:|"]
    for case, how, found in compared:
        for what, says in MEASURES.items():
            ours = found["ours"][what]
            if what == "of the model" and ours == found["ours"]["peak"]:
                continue  # memory of a graphics card holds nothing else
            where = f"{case.title}, {case.batch} × {case.tokens}"
            cells = [where, "yes" if how.compiled else "no", says, _cell(what, ours)]
            for name in ("theirs", "published"):
                if name in found:
                    theirs = found[name][what]
                    ratio = statistics.median(ours) / statistics.median(theirs)
                    cells += [_cell(what, theirs), f"{ratio:.2f}" if what != "share" else ""]
                else:
                    cells += ["", ""]
            lines.append(_row(cells))
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cell(what: str, numbers: Sequence[float]) -> str:
    """The median, and where there were several turns the least and the most."""
    form = "{:.0%}" if what == "share" else "{:,.0f}" if min(numbers) >= 100 else "{:,.1f}"
    told = form.format(statistics.median(numbers))
    return told if len(numbers) == 1 else f"{told} ({form.format(min(numbers))}–{form.format(max(numbers))})"


def about(how: How, rounds: int, seconds: float) -> str:
    """Date, versions, device and precision in a sentence."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("torch", "transformers"))
    device = torch.cuda.get_device_name() if how.device == "cuda" else _processor()
    threads = "" if how.device == "cuda" else f" with {how.threads} thread{'s' * (how.threads != 1)}"
    clock = "" if how.clock == "wall" else ", by seconds of CPU time"
    precision = str(how.precision).removeprefix("torch.")
    return (
        f"Measured on {date.today():%d %B %Y}, Python {platform.python_version()}, {versions}, on {device}{threads}, "
        f"in {precision}: the median of {rounds} turns of about {seconds:g} s{clock} (least–most)."
    )


def counted(case: Case, rate: float) -> str:
    """How the share of the matrix rate came about."""
    whole, half = (flops_per_token(case.shape, case.tokens, part) / 1e6 for part in (1.0, 0.5))
    return (
        f"{case.title}: {whole:,.1f} million operations per token, {half:,.1f} without what the causal mask spares; "
        f"{rate / 1e9:,.0f} billion per second in square products."
    )


def _processor() -> str:
    """The name of the processor, where the system tells it."""
    try:
        match = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        match = None
    return match[1] if match else platform.processor() or platform.machine()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _stop(text: str) -> NoReturn:
    sys.exit(f"bench.transformer: {text}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.transformer", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--device", choices=["auto", "cpu", "cuda"], default="auto", help="where to compute")
    parser.add_argument("--shape", nargs="+", choices=["shipped", "small"], default=["shipped", "small"])
    parser.add_argument("--rounds", type=int, default=5, help="how many turns each side gets")
    parser.add_argument("--seconds", type=float, default=3.0, help="about how long a turn is")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads(), help="of each process")
    parser.add_argument("--batch", type=int, help="windows in a training step; halved until the device has room")
    parser.add_argument("--compile", action=argparse.BooleanOptionalAction, help="only compiled, or not; else both")
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall", help="cpu: on a busy machine, one thread")
    given = parser.parse_args()
    os.environ |= {"OMP_NUM_THREADS": str(given.threads), "HF_HUB_OFFLINE": "1"}
    try:
        device = device_named(given.device).type
    except CannotRun as trouble:
        _stop(str(trouble))
    device = device if device == "cuda" else "cpu"  # auto may say mps, which has no fused attention to compare
    if given.rounds < 1 or given.threads < 1 or (given.batch or 1) < 1:
        _stop("rounds, threads and windows in a batch are 1 or more")
    if given.clock == "cpu" and device == "cuda":
        _stop("seconds of CPU time say nothing about a graphics card")

    compared, remarks = [], []
    for name in given.shape:
        case = cases(device)[name]
        case = replace(case, batch=given.batch or case.batch)
        _say(f"{case.title}: {parameters_in(case.shape):,} parameters")
        with weights_of(case.shape) as weights:
            rate = check(case, How(device, given.threads, False, given.clock), weights)
            remarks.append(counted(case, rate))
            for compiled in (False, True) if given.compile is None else (given.compile,):
                how = How(device, given.threads, compiled, given.clock)
                while True:
                    _say(f"{'compiled' if compiled else 'not compiled'}, {case.batch} windows of {case.tokens} tokens")
                    try:
                        found = compare(case, how, weights, rate, given.rounds, given.seconds)
                        break
                    except MemoryError:
                        if case.batch == 1:
                            _stop(f"there is no room for a single window of {case.title}")
                        case = replace(case, batch=case.batch // 2)
                compared.append((case, how, found))
    print("\n\n".join([about(how, given.rounds, given.seconds), *remarks, table(compared)]))


if __name__ == "__main__":
    main()
