"""Demos in processes of their own, which can be killed, or share one run among them.

They are forked from a server that has loaded PyTorch and read the glossary once, and so start in a moment. Where there
is no such server, on Windows, each starts from nothing.
"""

import contextlib
import json
import multiprocessing
import os
import signal
import socket
import sys
from pathlib import Path

import demos
from demos.__main__ import main

METHODS = multiprocessing.get_all_start_methods()
CONTEXT = multiprocessing.get_context("forkserver" if "forkserver" in METHODS else "spawn")
CONTEXT.set_forkserver_preload(["tests.demos.elsewhere_loaded"])
END = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has one way to end a process, and it is at once
KILLED = -END if hasattr(signal, "SIGKILL") else END  # the exit code


def call(work, *arguments):
    """Begins a function of a module elsewhere -> the process"""
    process = CONTEXT.Process(target=work, args=arguments)
    process.start()
    return process


def start(arguments, out, kill_at=None, **environment):
    """Begins `python -m demos ARGUMENTS` elsewhere, its output in the file `out` and what it tells in `out`.err.

    kill_at: the step in which it is killed, as by kill -9: done, but not yet kept -> the process
    """
    return call(_command, list(map(str, arguments)), str(out), kill_at, environment)


def run(arguments, out, kill_at=None, **environment):
    """The same, and waits -> exit code, which is negative for a killed one."""
    process = start(arguments, out, kill_at, **environment)
    process.join()
    return process.exitcode


def run_together(count, arguments, folder):
    """Several processes that share one run, as torchrun starts them -> exit codes; outputs in folder/0, folder/1 .."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    meeting = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": str(count)}
    ranks = [{"RANK": str(rank), "LOCAL_RANK": str(rank)} for rank in range(count)]
    processes = [start(arguments, folder / here["RANK"], **meeting, **here) for here in ranks]
    for process in processes:
        process.join()
    return [process.exitcode for process in processes]


def told(out):
    """What a process wrote to standard output and to standard error."""
    return tuple(Path(f"{out}{ending}").read_text(encoding="utf-8") for ending in ("", ".err"))


def result(out):
    """The result that a process printed as JSON."""
    return json.loads(told(out)[0])


def _command(arguments, out, kill_at, environment):
    os.environ.update(environment)
    if kill_at is not None:
        demos.watchers.append(lambda done, *_: kill_this() if done == kill_at else None)
    with (
        open(out, "w", encoding="utf-8", buffering=1) as output,
        open(f"{out}.err", "w", encoding="utf-8", buffering=1) as errors,
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(errors),
    ):
        code = main(arguments)
        if "torch" in sys.modules and sys.modules["torch"].cuda.is_initialized():
            print("CUDA was touched", file=errors)
    sys.exit(code)


def kill_this():
    """As kill -9 would."""
    os.kill(os.getpid(), END)
