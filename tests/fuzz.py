"""A fuzz target: whatever bytes are handed in, they become an entry that can be shown, or problems with a place.

    pip install 'termlab[fuzz]'                                  on Linux; it is no part of make test
    python -m tests.fuzz -max_total_time=600                     ten minutes, starting from the real entries and demos
    python -m tests.fuzz crash-0123456789                        once more with the input that failed

The first byte says what the rest is: a file of terms/, a text in every place of a term, a formula, or the code of a
demo. Atheris, which is libFuzzer for Python, watches which lines an input reaches and goes on from those that reach new
ones. What it found is kept as cases of tests/generator/test_hostile*.py.
"""

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
    targets = (a_file, a_text, a_formula, a_demo)
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


def _once(make: Callable[[], object]) -> Callable[[], object]:
    made: list[object] = []
    return lambda: made[0] if made else (made.append(make()), made[0])[1]


def _make_engine() -> object:
    from tests.generator.conftest import as_html

    return as_html


def _make_glossary() -> object:
    from tests.generator.conftest import a_glossary, a_term

    return a_glossary(a_term("Neuron"), a_term("Gradient", prerequisites=["neuron"], aliases=["A*", "slope"]))


_engine, _glossary = _once(_make_engine), _once(_make_glossary)


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


def main() -> None:
    """Fuzzes until told to stop; further arguments are libFuzzer's."""
    import atheris

    with atheris.instrument_imports(include=["generator", "demos", "latex2mathml"]):
        import generator.link
        import generator.markdown  # noqa: F401

    with tempfile.TemporaryDirectory(prefix="termlab-fuzz-") as corpus:
        for i, seed in enumerate(seeds()):
            (Path(corpus) / f"seed-{i}").write_bytes(seed)
        atheris.Setup([*sys.argv, corpus], one_input)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
