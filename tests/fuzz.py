"""A fuzz target: whatever bytes are handed in, they become an entry that can be shown, or problems with a place.

    pip install 'termlab[fuzz]'                                  on Linux; it is no part of make test
    python -m tests.fuzz -max_total_time=600                     ten minutes, starting from the real entries and demos
    python -m tests.fuzz crash-0123456789                        once more with the input that failed

The first byte says what the rest is: a file of terms/, a text in every place of a term, a formula, the code of a demo,
the result of a demo as JSON, or a checkpoint, of which the sums are made right half of the time. Atheris, which is
libFuzzer for Python, watches which lines an input reaches and goes on from those that reach new ones. What it found is
kept as cases of tests/generator/test_hostile*.py.
"""

import hashlib
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

ROOT = Path(__file__).parent.parent
HARMLESS = (
    "p em strong code pre ul ol li blockquote a br span div table thead tbody tr th td math mrow mi mo mn mtext mspace "
    "mfrac msqrt mroot msub msup msubsup mover munder munderover mtable mtr mtd mstyle mpadded mphantom menclose"
)


def one_input(data: bytes) -> None:
    """Tries one input. Raises whatever is wrong with the program."""
    kind, rest = data[:1], data[1:]
    targets = (a_file, a_text, a_formula, a_demo, a_result, a_checkpoint)
    targets[kind[0] % len(targets) if kind else 0](rest)


def a_file(data: bytes) -> None:
    """The bytes as a file of terms/, of each of its kinds: an entry xor problems, each with a place in the file."""
    from generator.check.rules import look_at
    from generator.load.entry import parse_entry
    from generator.load.fix import mended
    from generator.model.entries import KINDS

    for folder, kind in KINDS.items():
        path = f"{folder}/neuron.yml"
        entry, problems = parse_entry(path, data, kind, slug="neuron")
        assert (entry is None) == bool(problems)
        for problem in [*problems, *(look_at(entry) if entry else ())]:
            assert problem.message
            assert str(problem).startswith(path)
            assert 0 <= problem.line <= data.count(b"\n") + data.count(b"\r") + 2
        mended(path, data)


def a_text(data: bytes) -> None:
    """The bytes as a text: its parts are the text, and what the engine makes of it is harmless."""
    from demos._run.unseen import UNSEEN
    from generator.pages.links import Linker
    from generator.text.markdown import markdown_text, parts, plain_text, shown

    text = UNSEEN.sub("", data.decode("utf-8", "ignore"))[:2000]
    assert "".join(part for _, part in parts(text)) == text
    try:
        written = "".join(shown(kind, part) for kind, part in parts(text) if kind != "wiki")
    except ValueError:  # no mathematics, which check tells
        return
    links = Linker(_glossary()).page(None, [text], lambda slug: f"{slug}.md")
    one_line = " ".join(text.split())  # as every plain text is
    for made in (written, links.prose(written), "x " + markdown_text(one_line), "x " + markdown_text(plain_text(text))):
        _Harmless().feed(_engine()(made))


def a_formula(data: bytes) -> None:
    """The bytes as LaTeX: MathML of known elements, or a sentence that says what is wrong."""
    from generator.text.mathml import CONVERTED, mathml

    latex = data.decode("utf-8", "ignore")[:500]
    try:
        _Harmless().feed(mathml(latex))
    except ValueError as refused:
        _must(str(refused))
    CONVERTED.clear()


def a_demo(data: bytes) -> None:
    """The bytes as the code of a demo: described without being run, or told with a line."""
    from demos._run.source import SourceProblems, read

    text = data.decode("utf-8", "ignore")
    try:
        read("tiny", text=text)
    except SourceProblems as found:
        _must(all(problem.message and problem.line >= 1 for problem in found.problems))


def a_result(data: bytes) -> None:
    """The bytes as the result of a demo: told, or shown as text, as data and as HTML, each finite and harmless."""
    from demos._run.result import NoResult, from_json
    from demos._show import pictures

    try:
        found = from_json(json.loads(data.decode("utf-8", "ignore")))
    except NoResult as wrong:
        _must(str(wrong))
        return
    except (ValueError, RecursionError):  # no JSON
        return
    assert pictures.as_text(found).endswith("\n")
    for item in found["show"]:
        drawn = json.dumps([pictures.vega_lite(item), pictures.extent(item)])
        assert not re.search(r"\b(?:NaN|Infinity)\b", drawn)
        shown = pictures.html(item)
        assert "\n" not in shown
        _Shown().feed(shown)


def a_checkpoint(data: bytes) -> None:
    """The bytes as a checkpoint of a small run: told in a sentence, or what was kept, and nothing that is larger."""
    from demos import CannotRun
    from demos.parts.checkpoints import load

    like, settings = _run_that_is_kept()
    with tempfile.TemporaryDirectory(prefix="termlab-fuzz-") as folder:
        path = Path(folder) / "run.safetensors"
        path.write_bytes(_with_right_sums(data[1:]) if data[:1] > b"\x7f" else data[1:])
        try:
            tensors, losses, trials = load(path, settings, like)
        except CannotRun as refused:
            _must("\x1b" not in str(refused))
            return
    assert {name: tensor.shape for name, tensor in tensors.items()} == {name: one.shape for name, one in like.items()}
    assert all(type(loss) is float for loss in losses)
    assert all(type(step) is int and type(loss) is float for step, loss in trials)


def _with_right_sums(data: bytes) -> bytes:
    """A checkpoint with the sum of its words made right, as a stranger would, so that what lies behind is reached."""
    length = int.from_bytes(data[:8], "little")
    try:
        header = json.loads(data[8 : 8 + length])
        header["__metadata__"]["sum"] = hashlib.sha256(header["__metadata__"]["termlab"].encode()).hexdigest()
        new = json.dumps(header).encode()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return data
    return len(new).to_bytes(8, "little") + new + data[8 + length :]


def _must(holds: object) -> None:
    assert holds


class _Harmless(HTMLParser):
    """Raises AssertionError at an element or an attribute that no text may make."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in HARMLESS.split(" "), tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name != "style" or re.fullmatch(r"text-align: (left|right|center);", value or ""), value
            assert name != "href" or re.match(r"https?://|[\w-]+\.md$", value or ""), value
            assert name not in ("src", "srcset", "action", "formaction", "data"), name


class _Shown(HTMLParser):
    """Raises AssertionError at an element of a picture that could run, load or send something."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in (
            "script",
            "iframe",
            "object",
            "embed",
            "form",
            "input",
            "link",
            "meta",
            "base",
            "foreignobject",
        )
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert not name.endswith("href") or re.match(r"#|data:image/png;base64,", value or ""), value


def _once(make: Callable[[], object]) -> Callable[[], object]:
    made: list[object] = []
    return lambda: made[0] if made else (made.append(make()), made[0])[1]


def _make_engine() -> object:
    from tests.generator.conftest import as_html

    return as_html


def _make_glossary() -> object:
    from tests.generator.conftest import a_glossary, a_term

    return a_glossary(a_term("Neuron"), a_term("Gradient", prerequisites=["neuron"], aliases=["A*", "slope"]))


def _make_run() -> object:
    import torch

    from demos.parts.checkpoints import tensors_of

    model = torch.nn.Linear(3, 2)
    optimizer = torch.optim.AdamW(model.parameters())
    model(torch.ones(3)).sum().backward()
    optimizer.step()
    return tensors_of(model, optimizer), {"width": 32, "text": "abc"}


_engine, _glossary, _run_that_is_kept = _once(_make_engine), _once(_make_glossary), _once(_make_run)


def seeds() -> Iterator[bytes]:
    """Where to start from: real entries, their texts and formulas, real demos."""
    for path in sorted((ROOT / "terms").rglob("*.yml")):
        data = path.read_bytes()
        yield b"\0" + data
        yield b"\1" + data[:1500]
        for latex in re.findall(rb"\$([^$\n]+)\$|latex: (.+)", data)[:3]:
            yield b"\2" + (latex[0] or latex[1])
    for path in sorted((ROOT / "demos").glob("[a-z]*.py")):
        yield b"\3" + path.read_bytes()
    for result in (*small_results(), *_recorded()):
        yield b"\4" + json.dumps(result).encode()
    for kept in _checkpoints():
        yield b"\5\0" + kept
        yield b"\5\xff" + kept


def _recorded() -> Iterator[object]:
    from demos._run.recorded import every

    for recording in every():
        yield {name: recording.result[name] for name in ("summary", "numbers", "show")}


def small_results() -> Iterator[object]:
    """A result with each kind of picture."""
    series = {"name": "s", "x": [1, 2], "y": [0.5, 1e3], "mark": "line", "labels": ["a", "b"]}
    axes = {"title": "T", "x": "x", "y": "y"}
    nodes = [{"name": name, "label": name, "x": x, "y": 0} for x, name in enumerate("ab")]
    edge = {"source": "a", "target": "b", "label": "e", "weight": -2.0}
    cells = {"values": [[1, 2.5], [3, 4]], "columns": ["c", "d"], "rows": ["r", "q"]}
    bars = {**series, "x": ["a", "b"], "mark": "bars"}
    plane = {**cells, "columns": [0, 1], "rows": [0, 1], "overlay": [series], "view": {"x": [0, 1], "y": [0, 2]}}
    for picture in (
        {"type": "chart", **axes, "series": [series], "log_x": False, "log_y": True},
        {"type": "chart", **axes, "series": [bars], "log_x": False, "log_y": False},
        {"type": "heatmap", **axes, **cells, "scale": "diverging", "annotate": True, "overlay": []},
        {"type": "heatmap", **axes, **plane, "scale": "sequential", "annotate": False},
        {"type": "table", "title": "T", "columns": ["a", "b"], "rows": [[1, "x"]]},
        {"type": "tokens", "title": "T", "pieces": ["x", " y"], "notes": [1, 2]},
        {"type": "graph", "title": "T", "nodes": nodes, "edges": [edge]},
        {"type": "trace", "title": "T", "steps": [{"who": "me", "text": "hi"}]},
    ):  # fmt: skip
        yield {"summary": "A.", "numbers": {"a": 1, "b": 0.5}, "show": [picture]}


def _checkpoints() -> Iterator[bytes]:
    from demos.parts.checkpoints import save

    tensors, settings = _run_that_is_kept()
    with tempfile.TemporaryDirectory(prefix="termlab-fuzz-") as folder:
        path = Path(folder) / "run.safetensors"
        for losses, trials in (([], []), ([1.5, 0.25], [[1, 0.5]])):
            save(path, settings, tensors, losses, trials)
            yield path.read_bytes()


def main() -> None:
    """Fuzzes until told to stop; further arguments are libFuzzer's."""
    import atheris

    with atheris.instrument_imports(include=["generator", "demos", "latex2mathml"]):
        one_input(b"")  # each target imports what it tries
        for seed in {seed[:1]: seed for seed in seeds()}.values():
            one_input(seed)

    with tempfile.TemporaryDirectory(prefix="termlab-fuzz-") as corpus:
        for i, seed in enumerate(seeds()):
            (Path(corpus) / f"seed-{i}").write_bytes(seed)
        atheris.Setup([*sys.argv, corpus], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
