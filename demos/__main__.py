"""The demos in a terminal.

    python -m demos                              lists them
    python -m demos neuron --weight-1 2          runs one; so does: python demos/neuron.py --weight-1 2
    python -m demos neuron --help                what can be set
    python -m demos record tiny_transformer      runs one and keeps its result in demos/recorded/

Exit code 0: it ran; 1: the demo failed; 2: the command says something that is not possible. With --json, a failure is
printed as {"error": {"message", "hint", "path", "line"}}, and on the error output in words.
"""

import argparse
import contextlib
import errno
import importlib
import json
import os
import re
import shlex
import shutil
import sys
import textwrap
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

import demos
from demos._run import fits, source
from demos._run.recorded import RECORDED, write
from demos._run.run import DemoFailed, Lacking, UnknownDemo, describe, run, settings
from demos._run.settings import BadSetting
from demos._run.source import DEMOS, SourceProblems, read
from demos._run.syntax import did_you_mean
from demos._show.counted import counted
from demos._show.pictures import as_text

ENDINGS = (".svg", ".png", ".html")  # that demos._show.save can write
PATIENCE = 2.0  # seconds before a run shows that it is still at work


def main(argv: Sequence[str] | None = None) -> int:
    """The command line. Prints, and returns the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a console that cannot show ² prints a question mark
        sys.stderr.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        code = _dispatch(arguments)
        sys.stdout.flush()
        return code
    except _Usage as error:
        print(error, file=sys.stderr)
        return 2
    except (BadSetting, UnknownDemo) as error:
        return _failed(error, 2, arguments)
    except BrokenPipeError:  # `| head` has seen enough
        _print_no_more()
        return 141  # what a shell reports for a program that ends this way
    except Lacking as error:
        return _failed(DemoFailed(_lacks(error.package)), 1, arguments)
    except DemoFailed as error:
        return _failed(error, 1, arguments)
    except ModuleNotFoundError as error:  # of what draws an image, or shows that a run is at work
        if not error.name or error.name.partition(".")[0] == "demos":
            raise
        return _failed(DemoFailed(_lacks(error.name.partition(".")[0])), 1, arguments)
    except OSError as error:
        return _failed(error, 1, arguments) if error.errno is None else _refused(error, arguments)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130


def _failed(error: Exception, code: int, arguments: list[str]) -> int:
    """Says what went wrong: to people, and as data to a program that asked for JSON -> the exit code."""
    print(error, file=sys.stderr)
    if "--json" in arguments and arguments[0] != "record" and _speaks():  # to record has no such option
        parts = {name: getattr(error, name, otherwise) for name, otherwise in _ERROR.items()}
        try:
            print(json.dumps({"error": {**parts, "message": parts["message"] or str(error)}}), flush=True)
        except OSError:
            _print_no_more()
    return code


def _lacks(package: str) -> str:
    """Which package this Python lacks, and what to type instead, where the reader stands."""
    title, target = GOT_BY.get(package, (package, ""))
    get = fits.instead(target) if target else f"type {shlex.quote(sys.executable)} -m pip install {package}"
    return f"{sys.executable} lacks {title}, which this demo needs: {get}"


# Import name -> its proper name, and the target of make that installs it.
GOT_BY = {
    "numpy": ("NumPy", "site"),
    "tqdm": ("tqdm", "site"),
    "vl_convert": ("vl-convert", "site"),
    "torch": ("PyTorch", "packages"),
}


def _refused(error: OSError, arguments: list[str]) -> int:
    """Says which file the system refused to read or write, and why -> the exit code."""
    file = error.filename2 or error.filename
    if not file and error.errno in OF_DISKS:  # all files are named but the one that is printed into
        _print_no_more()
        file = "standard output"
    return _failed(OSError(f"{file}: {error.strerror}" if file else str(error)), 1, arguments)


OF_DISKS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


def _print_no_more() -> None:
    """Drops what is still to be printed, where nobody takes it; or Python complains as it leaves."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


_ERROR = {"message": "", "hint": "", "path": "", "line": None}  # the parts of an error, where it has them


def run_file(path: str) -> NoReturn:
    """What `python demos/neuron.py` does: the same as `python -m demos neuron`, with the same options."""
    folder = Path(path).resolve().parent
    # Python puts the folder of the script first, where a demo could pass for a top-level module.
    sys.path[:] = [str(folder.parent), *(entry for entry in sys.path if Path(entry or ".").resolve() != folder)]
    if DEMOS.resolve() != folder:  # another copy is installed; run the one that was asked for
        for module in [name for name in sys.modules if name.partition(".")[0] == "demos"]:
            del sys.modules[module]
    command = importlib.import_module("demos.__main__")
    sys.exit(command.main([Path(path).stem, *sys.argv[1:]]))


# --- what to do -----------------------------------------------------------------------------------------------


def _dispatch(arguments: list[str]) -> int:
    first = arguments[0] if arguments else None
    if first is None:
        print(_list())
    elif first in ("-h", "--help"):
        print(textwrap.dedent(__doc__ or "").strip())
    elif first.startswith("-"):
        raise _Usage(f"{first} comes before the name of a demo", "python -m demos NAME [options]")
    elif first == "record":
        _record(arguments[1:])
    else:
        _run_one(first.replace("-", "_"), arguments[1:])
    return 0


def _list() -> str:
    """Every demo with its one line, cut to the terminal."""
    names = source.names()
    column = max(map(len, names), default=0) + 2
    lines = []
    for name in names:
        try:
            summary = _without_title(name, read(name).summary)
        except SourceProblems:
            summary = f"(cannot be read; python -m demos {name} says why)"
        lines.append(_cut(f"{name:<{column}}{summary}"))
    return "\n".join([*lines, "", "Run one: python -m demos NAME    What can be set: python -m demos NAME --help"])


def _without_title(name: str, summary: str) -> str:
    """The line without a title that only repeats the name: "Byte-pair encoding: merge …" beside byte_pair_encoding."""
    title, _, rest = summary.partition(": ")
    return rest if re.sub(r"\W", "", title).lower() == name.replace("_", "") else summary


def _run_one(name: str, arguments: list[str]) -> None:
    about = describe(name)
    parser = _parser(about, f"python -m demos {name}")
    output = parser.add_argument_group("output")
    output.add_argument("--json", action="store_true", help="print the result as JSON")
    output.add_argument("--save", metavar="FILE", type=Path, help="draw the pictures into a .svg, .png or .html file")
    options, given = _parse(parser, about, arguments)
    if options.save and not options.save.absolute().parent.is_dir():
        raise _Usage(f"cannot save {options.save}: there is no folder {options.save.parent}")
    if options.save and options.save.suffix.lower() not in ENDINGS:  # said before a run that may take long
        raise _Usage(f"cannot save '{options.save}': its name must end in {', '.join(ENDINGS[:-1])} or {ENDINGS[-1]}")

    with waiting(name):
        data = run(name, given)
    if not _speaks():
        return
    if options.json:
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8")  # JSON is UTF-8, whatever the console is
        print(json.dumps(data, ensure_ascii=False))
    else:
        print(textwrap.fill(about["summary"], _width()), as_text(data, _width()), sep="\n\n", end="")
    if options.save:
        from demos._show.save import save  # only now: a list or a help text need not wait for what it loads

        try:
            save(data, options.save)
        except ValueError as error:
            raise _Usage(str(error)) from error
        except OSError as error:
            raise OSError(f"cannot save {options.save}: {error.strerror}") from error
        print(f"saved {options.save}", file=sys.stderr)


def _record(arguments: list[str]) -> None:
    if not arguments or arguments[0].startswith("-"):
        raise _Usage("record needs the name of a demo", "python -m demos record NAME [options]")
    name = arguments[0].replace("-", "_")
    about = describe(name)
    _, given = _parse(_parser(about, f"python -m demos record {name}"), about, arguments[1:])
    started = time.perf_counter()
    with waiting(name):
        data = run(name, given)
    if not _speaks():
        return
    try:
        path = write(data, time.perf_counter() - started)
    except OSError as error:
        raise OSError(f"cannot keep the result of {name} in {RECORDED}: {error.strerror or error}") from error
    print(f"{data['summary']}\nrecorded in {path.relative_to(DEMOS.parent).as_posix()}")


# --- options --------------------------------------------------------------------------------------------------


class _Usage(Exception):  # noqa: N818 -- the reader's slip, not the program's
    """A command that cannot be followed: a sentence and what to write instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message + (f"\nhint: {hint}" if hint else ""))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _Usage(message.removeprefix("argument "), f"{self.prog} --help")


def _parser(about: dict[str, Any], program: str) -> _Parser:
    """Options from the parameters of a demo. Values stay text here: `_run.settings` converts and checks them, so
    that all mistakes are told at once."""
    width = min(_width(), 100)
    parser = _Parser(
        prog=program,
        usage=f"{program} [options]",
        description=f"{about['summary']}\n\n{textwrap.fill(about['hint'], width)}",
        epilog=about["doc"].partition("\n")[2].strip(),
        formatter_class=lambda prog: argparse.RawDescriptionHelpFormatter(prog, max_help_position=28, width=width),
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    group = parser.add_argument_group("settings") if about["parameters"] else parser
    for parameter in about["parameters"]:
        option = _option(parameter["name"])
        name, label = parameter["name"].replace("_", " "), parameter["label"]
        said = parameter["help"] if label.casefold() == name else f"{label}: {parameter['help']}"
        help = f"{said} ({_bounds(parameter)})".replace("%", "%%")
        if parameter["kind"] == "bool":
            group.add_argument(option, action=argparse.BooleanOptionalAction, dest=parameter["name"], help=help)
        else:
            metavar = METAVARS[parameter["kind"]]
            group.add_argument(option, metavar=metavar, dest=parameter["name"], help=help)
    return parser


def _parse(parser: _Parser, about: dict[str, Any], arguments: list[str]) -> tuple[argparse.Namespace, dict[str, Any]]:
    """The options of the program, and the settings that were given, checked, all mistakes at once."""
    name, parameters = about["name"], [parameter["name"] for parameter in about["parameters"]]
    if "seed" not in parameters:
        parser.add_argument("--seed", metavar="N", help=argparse.SUPPRESS)
    options, extra = parser.parse_known_args(_joined(arguments))
    given = {key: value for key, value in vars(options).items() if key in parameters}
    known = sorted(option for action in parser._actions for option in action.option_strings)
    problems = []
    for before, word in zip(["", *extra], extra, strict=False):
        option = word.partition("=")[0]
        if word.startswith("-"):
            hint = did_you_mean(option, known) or f"{parser.prog} --help"
            problems.append((f"{name} has no option {option}", hint))
        elif not before.startswith("-") or "=" in before:  # else it belongs to the unknown option before it
            problems.append((f"'{word}' belongs to no option", f"{parser.prog} --help"))
    try:
        settings(name, given)
    except BadSetting as error:
        problems.extend(error.problems)
    if problems:
        raise BadSetting(problems)
    if "seed" not in parameters and hasattr(options, "seed"):
        print(f"{name} uses no randomness, so --seed changes nothing", file=sys.stderr)
    for name, usual in (("json", False), ("save", None)):
        if not hasattr(options, name):
            setattr(options, name, usual)
    return options, given


def _joined(arguments: list[str]) -> list[str]:
    """`--bias -1e-3` as `--bias=-1e-3`, and points the same way: argparse would take it for an option of its own."""
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1].startswith("--") and "=" not in joined[-1] and _starts_with_minus(argument):
            joined[-1] += f"={argument}"
        else:
            joined.append(argument)
    return joined


def _starts_with_minus(text: str) -> bool:
    """Whether it is a negative number, or points that start with one."""
    with contextlib.suppress(ValueError):
        first = text.partition(",")[0]
        return text.startswith("-") and float(first) == float(first)
    return False


METAVARS = {
    "float": "X",
    "int": "N",
    "choice": "WORD",
    "text": "TEXT",
    "points": '"X,Y X,Y …"',
    "pixels": '"ROW ROW …"',
}


def _option(name: str) -> str:
    return "--" + name.replace("_", "-")


def _bounds(parameter: dict[str, Any]) -> str:
    """What a parameter takes, for people: "from -3 to 3, default 1"."""
    default = parameter["default"]
    match parameter["kind"]:
        case "float" | "int":
            return f"from {parameter['low']:.12g} to {parameter['high']:.12g}, default {default:.12g}"
        case "choice":
            *others, last = map(str, parameter["choices"])
            return f"{', '.join(others)} or {last}; default {default}"
        case "bool":
            return f"default {'on' if default else 'off'}"
        case "points":
            x, y, groups = parameter["x"], parameter["y"], parameter["groups"]
            kinds = f", with a group from 0 to {groups - 1} as third number" if groups > 1 else ""
            bounds = f"x from {x[0]:.12g} to {x[1]:.12g}, y from {y[0]:.12g} to {y[1]:.12g}{kinds}"
            return (
                f"at most {counted(parameter['most'], 'point')}, {bounds}; default: {default or 'points of the demo'}"
            )
        case "pixels":
            rows, columns = parameter["size"]
            size = f"{counted(rows, 'row')} of {counted(columns, 'digit')}"
            return f"{size} from 0 to 9; default: {default or 'nothing drawn'}"
        case _:
            shown = default if len(default) <= 30 else default[:30] + "…"
            return f"at most {counted(parameter['max_length'], 'character')}; default: {shown}"


# --- the terminal ---------------------------------------------------------------------------------------------


def _width() -> int:
    return shutil.get_terminal_size().columns


def _cut(line: str) -> str:
    width = _width()
    return line if len(line) <= width else line[: width - 1] + "…"


def _speaks() -> bool:
    """Whether this process is alone, or the one of several, started by torchrun, that prints and writes."""
    return os.environ.get("RANK", "0") == "0"


@contextlib.contextmanager
def waiting(name: str) -> Iterator[None]:
    """After two seconds, a line on the terminal that counts the time, and is gone when the run is over.

    A demo that tells its progress gets a bar instead; what it announces is printed in any case. The run keeps the main
    thread, so that Ctrl-C reaches it; no line and no bar is shown where nobody is watching.
    """
    state: dict[str, Any] = {"done": 0, "total": None, "note": ""}

    def watch(done: int, total: int, note: str) -> None:
        if total:
            state.update(done=done, total=total, note=note)
        elif _speaks():
            from tqdm import tqdm

            tqdm.write(note, file=sys.stderr)  # a line that is being drawn makes room for it

    demos.watchers.append(watch)
    try:
        with _line(name, state) if sys.stderr.isatty() and _speaks() else contextlib.nullcontext():
            yield
    finally:
        demos.watchers.remove(watch)


@contextlib.contextmanager
def _line(name: str, state: dict[str, Any]) -> Iterator[None]:
    """The line itself, drawn from what `state` says at the time."""
    from tqdm import tqdm

    over = threading.Event()
    tqdm.monitor_interval = 0  # no second thread to watch over this one

    def show() -> None:
        if over.wait(PATIENCE):
            return
        columns, rows = shutil.get_terminal_size()  # tqdm stays silent where a terminal does not know its size
        shape = {"ncols": columns, "nrows": rows}
        unknown = "{desc}, {elapsed}"  # no bar: nobody knows how far most demos have come
        with tqdm(desc=f"running {name}", bar_format=unknown, leave=False, file=sys.stderr, **shape) as bar:
            bar.start_t -= PATIENCE  # count from the start of the run
            while not over.wait(0.2):
                if state["total"]:
                    bar.bar_format = "{desc}: {percentage:.0f}%|{bar}| {n}/{total} [{elapsed}<{remaining}{postfix}]"
                    bar.n, bar.total, bar.postfix = state["done"], state["total"], state["note"]
                bar.refresh()

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


if __name__ == "__main__":
    sys.exit(main())
