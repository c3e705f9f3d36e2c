"""Seconds and memory for glossaries of 100, 1,000 and 10,000 made-up terms.

    python -m bench.scale                      all three sizes, the engine up to 1,000 terms
    python -m bench.scale --sizes 100 1000     other sizes
    python -m bench.scale --no-engine          the generator alone
    python -m bench.scale --engine-all         the engine for every size, which takes minutes
    python -m bench.scale --against REV        beside another version, by turns, see bench/against.py
    python -m bench.scale --pictures           each page with what a real demo draws, and not one small curve

Each made-up term has the shape of a real one, taken in turn: as many words in each text, as many aliases, formulas,
examples, questions, sources and relations. Its prose is made of sentences of the real terms in another order, in which
each mention of a term, each link and each formula is replaced by another, so that there is as much to link and to
convert and no cache helps more than it would in real life. All terms show the code of one real demo of middling length
that builds on nothing. It is not run, and a small curve stands for its result, unless --pictures asks for the real one.

Every row is measured in a process that has done nothing else: cold, and again after one explanation was edited. Memory
is the most that all processes of a stage took together, each shared part counted once (proportional set size), as
bench/memory.py sees it; where the system does not tell, the table says nan. Other work on the machine moves the wall
clock far more than it moves CPU seconds.
"""

import argparse
import contextlib
import json
import os
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from bench.memory import Watcher
from generator.problems import listed

if TYPE_CHECKING:  # the process that prints the table imports nothing that it does not need
    from generator.lessons.teach import Lesson, Lessons
    from generator.model.entries import Term
    from generator.model.glossary import Glossary
    from generator.pages.links import Linker

HERE = Path(__file__).parent.parent
SIZES = [100, 1_000, 10_000]
ENGINE_UP_TO = 1_000
TERMS_PER_PATH = 30
STAGES = ["start", "load", "check", "link", "pages", "total", "engine"]
SAYS = {
    "start": "start Python, import",
    "link": "(linking alone)",
    "pages": "render and write",
    "total": "generator, all",
    "engine": "engine",
}
Row = dict[str, float]  # wall and cpu in seconds, peak in MB


# --- the table ----------------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.scale", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="how many terms")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes other glossaries")
    parser.add_argument("--no-engine", action="store_true", help="leave out the engine, which takes longest")
    parser.add_argument("--engine-all", action="store_true", help=f"the engine also above {ENGINE_UP_TO:,} terms")
    parser.add_argument("--pictures", action="store_true", help="show what the demo really draws, run once beforehand")
    parser.add_argument("--against", metavar="REV", help="take turns with another version, for 1,000 terms")
    parser.add_argument("--same", action="store_true", help="with --against: the same glossary for both")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the glossaries in FOLDER/SIZE")
    given = parser.parse_args()
    if given.against:
        from bench.against import against

        against(given.against, [1_000] if given.sizes == SIZES else given.sizes, given.seed, given.same)
        return
    measured: dict[int, dict[str, dict[str, Row]]] = {}
    with tempfile.TemporaryDirectory(prefix="termlab-bench-") as temporary:
        for size in sorted(given.sizes):
            root = (given.keep or Path(temporary)).resolve() / str(size)
            print(_in_own_process("make", root, size, given.seed, int(given.pictures))["says"], flush=True)
            engine = not given.no_engine and (given.engine_all or size <= ENGINE_UP_TO)
            measured[size] = {
                "cold": _in_own_process("measure", root, int(engine)),
                "after one edit": _in_own_process("edit", root, 0),
            }
            if not given.keep:
                shutil.rmtree(root)
    for state in ("cold", "after one edit"):
        print("\n" + _table(state, {size: found[state] for size, found in measured.items()}))
    if max(measured) >= 10_000:
        total = measured[max(measured)]["cold"]["total"]
        print(f"\n{max(measured):,} terms, cold: {total['wall']:.1f} s of 30, {total['peak']:,.0f} MB of 1,000")
    if 1_000 in measured:
        print(f"one edit among 1,000: {measured[1_000]['after one edit']['total']['wall']:.2f} s of 1")


def _in_own_process(task: str, root: Path, *numbers: int) -> dict[str, Any]:
    """Runs a function of this file in a fresh process -> what it found."""
    command = [sys.executable, "-m", "bench.scale", f"--{task}", str(root), *map(str, numbers), repr(time.time())]
    done = subprocess.run(
        command, cwd=HERE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment()
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.returncode)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def environment(**more: str) -> dict[str, str]:
    """The variables of a process that is measured. Python keeps compiled modules, as it does for people who did not ask
    for anything else: to compile those of the generator takes 0.3 s."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | more


def _table(state: str, columns: dict[int, dict[str, Row]]) -> str:
    """Wall, CPU and memory per size, and by what factor CPU grows from one size to the next."""
    sizes = list(columns)
    growth = [f"{small:,}→{large:,}" for small, large in pairwise(sizes)]
    lines = [
        f"{state:22}"
        + "".join(f"{f'{size:,} terms':>26}" for size in sizes)
        + (" " * 4 + "CPU grows" if growth else ""),
        " " * 22 + f"{'wall s':>10}{'CPU s':>8}{'MB':>8}" * len(sizes) + "".join(f"{name:>15}" for name in growth),
    ]
    for stage in STAGES:
        rows = [found.get(stage) for found in columns.values()]
        if any(rows):
            cells = [
                f"{row['wall']:10.2f}{row['cpu']:8.2f}{row['peak']:8,.0f}" if row else f"{'–':>26}" for row in rows
            ]
            factors = [
                f"× {large['cpu'] / small['cpu']:.1f}" if small and large and small["cpu"] > 0.02 else "–"
                for small, large in pairwise(rows)
            ]
            lines.append(
                f"{SAYS.get(stage, stage):22}" + "".join(cells) + "".join(f"{factor:>15}" for factor in factors)
            )
    return "\n".join(lines)


# --- measuring: each function below runs in a process of its own --------------------------------------------


class Clock:
    """Stages by name, each with its seconds and its peak memory."""

    def __init__(self, started: float) -> None:
        self.stages: dict[str, Row] = {}
        self._keep("start", time.time() - started, _cpu(), peak())
        self._watcher = Watcher()

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._watcher.most()
        wall, cpu = time.perf_counter(), _cpu()
        yield
        seconds, worked = time.perf_counter() - wall, _cpu() - cpu
        self._keep(name, seconds, worked, self._watcher.most())

    def total(self, names: Iterable[str]) -> None:
        rows = [self.stages[name] for name in names]
        self._keep(
            "total", sum(row["wall"] for row in rows), sum(row["cpu"] for row in rows), max(row["peak"] for row in rows)
        )

    def _keep(self, name: str, wall: float, cpu: float, peak: float) -> None:
        self.stages[name] = {"wall": wall, "cpu": cpu, "peak": peak}


def _cpu() -> float:
    """Seconds of work of this process and of those it waited for."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def peak() -> float:
    """MB of this process at its largest since forget_peak(), or since its start on systems that can not forget."""
    with contextlib.suppress(OSError, AttributeError):
        status = Path("/proc/self/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024  # type: ignore[index]
    return _megabytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def forget_peak() -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _megabytes(maxrss: int) -> float:
    return maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


def measure(root: Path, engine_too: bool, started: float) -> dict[str, Row]:
    """Every stage once, on the glossary below root, with whatever caches are there."""
    from generator.cache import CHECKED, SITE, program
    from generator.config import about
    from generator.exports.search import after_engine
    from generator.lessons.recordings import stale_recordings
    from generator.load.glossary import load
    from generator.load.verdict import verdict
    from generator.model.texts import linked_texts
    from generator.output.engine import Engine
    from generator.output.finished import renew
    from generator.output.write import write
    from generator.pages.links import Linker
    from generator.pages.site import site

    clock = Clock(started)
    with clock.stage("load"):
        loaded = load(root, cache=root / ".cache" / "terms.pickle")
    glossary, problems = loaded.glossary, loaded.problems
    with clock.stage("check"):
        problems += [*verdict(loaded, root / CHECKED), *stale_recordings(glossary, root)]
    if problems:
        sys.exit("the made-up glossary does not pass the check:\n" + "\n".join(map(str, problems[:20])))
    lessons = _lessons(root)
    with clock.stage("pages"):
        files = site(glossary, lessons, about(root), program())
        write(files, root / "build" / "docs", root / ".cache" / "pages.json")
    clock.total(["start", "load", "check", "pages"])
    with clock.stage("link"):
        linker = Linker(glossary)
        for term in glossary.terms.values():
            texts = linked_texts(term)
            page = linker.page(term, texts, str)
            for text in texts:
                page.markdown(text)
    if engine_too:
        with clock.stage("engine"), Engine(root) as engine:
            renew(root, engine, root / "build" / "site", root / SITE, lambda made: after_engine(made, glossary))
    return clock.stages


def edit(root: Path, started: float) -> dict[str, Row]:
    """The same after one sentence of one term was changed."""
    every = sorted((root / "terms").glob("*.yml"))
    path = every[len(every) // 2]
    before, mark, after = path.read_text(encoding="utf-8").partition("\nexplanation: |\n")
    path.write_text(before + mark + after.replace(". ", ", once more. ", 1), encoding="utf-8")
    return measure(root, False, started)


def _lessons(root: Path) -> "Lessons":
    """The one lesson that was made beforehand."""
    from generator.lessons.run import lesson_key
    from generator.lessons.teach import Lesson, Lessons

    kept = json.loads((root / "lesson.json").read_text(encoding="utf-8"))
    lesson = Lesson(**kept | {"pictures": tuple(kept["pictures"])})
    return Lessons({lesson_key(lesson.demo, {}): lesson}, {lesson.demo: []}, frozenset({lesson.demo}))


# --- making a glossary up -----------------------------------------------------------------------------------

# Places in a sentence, filled in for each page.
MENTION, LINK, OWN, NUMBER = "\x00", "\x01", "\x02", "\x03"


def make(root: Path, size: int, seed: int, pictures: bool) -> dict[str, str]:
    """A project with `size` made-up terms below root -> what it is like, in words."""
    from demos._run.source import closure, names
    from generator.lessons.teach import teach
    from generator.load.glossary import load

    shutil.rmtree(root, ignore_errors=True)
    real = load(HERE).glossary
    (root / "generator").mkdir(parents=True)
    shutil.copy(HERE / "mkdocs.yml", root)
    shutil.copytree(HERE / "generator" / "theme", root / "generator" / "theme")

    demo = _typical(real)
    shutil.copytree(HERE / "demos", root / "demos", ignore=shutil.ignore_patterns("__pycache__", "recorded"))
    needed = closure(demo, root / "demos")
    for name in names(root / "demos"):
        if name not in needed:
            (root / "demos" / f"{name}.py").unlink()
    for part in (root / "demos" / "parts").glob("*.py"):
        if f"parts.{part.stem}" not in needed:
            part.unlink()

    inventor = Inventor(real, size, demo, random.Random(seed))
    for folder in ("terms", "terms/comparisons", "terms/paths"):
        (root / folder).mkdir()
    shutil.copy(HERE / "terms" / "categories.yml", root / "terms")
    for place in range(size):
        (root / "terms" / f"{inventor.slugs[place]}.yml").write_text(inventor.term(place), encoding="utf-8")
    (root / "terms" / "allowed-words.yml").write_text(inventor.allowed_words(), encoding="utf-8")
    for number in range(round(size * len(real.comparisons) / len(real.terms))):
        (root / "terms" / "comparisons" / f"pair-{number}.yml").write_text(
            inventor.comparison(number), encoding="utf-8"
        )
    for number in range(max(1, size // TERMS_PER_PATH)):
        (root / "terms" / "paths" / f"way-{number}.yml").write_text(inventor.way(number), encoding="utf-8")

    loaded = load(root)
    made, problems = loaded.glossary, loaded.problems
    if pictures:
        lessons, more = teach(made, root, cache=root / ".cache" / "lessons")
        problems += more
    if problems:
        sys.exit("the made-up glossary does not load:\n" + "\n".join(map(str, problems[:20])))
    lesson = vars(lessons.of(demo, {}) if pictures else _cheap(demo))
    (root / "lesson.json").write_text(json.dumps(lesson), encoding="utf-8")
    like = _compared(_medians(real, HERE), _medians(made, root))
    drawn = sum(map(len, lesson["pictures"])) / 1000
    return {"says": f"{size:,} made-up terms, each showing {demo}.py and {drawn:,.1f} kB of pictures; {like}"}


def _cheap(demo: str) -> "Lesson":
    """A result as small as one can be: a figure and a curve."""
    from generator.lessons.teach import Lesson

    points = " ".join(f"{x},{100 - x * x / 100:.1f}" for x in range(0, 101, 2))
    curve = f'<svg viewBox="0 0 100 100" role="img" aria-label="A curve"><polyline points="{points}"/></svg>'
    return Lesson(demo, {}, "The loss falls with every step.", {"loss at the end": 0.03125, "steps": 30}, (curve,))


def _typical(real: "Glossary") -> str:
    """The demo of middling length among those that import no other."""
    alone = {name: len(demo.text) for name, demo in real.demos.items() if not demo.imports}
    middle = statistics.median(len(demo.text) for demo in real.demos.values())
    return min(alone, key=lambda name: abs(alone[name] - middle))


def _medians(glossary: "Glossary", root: Path) -> dict[str, float]:
    from generator.model.texts import linked_texts
    from generator.pages.links import Linker
    from generator.text.markdown import parts, words

    linker = Linker(glossary)
    texts = {slug: linked_texts(term) for slug, term in glossary.terms.items()}
    counts = {
        "bytes": lambda term: (root / "terms" / f"{term.slug}.yml").stat().st_size,
        "words": lambda term: sum(map(words, texts[term.slug])),
        "links": lambda term: len(_linked(linker, term)),
        "formulas": lambda term: (
            len(term.formula) + sum(k == "math" for text in texts[term.slug] for k, _ in parts(text))
        ),
        "aliases": lambda term: len(term.aliases),
        "examples": lambda term: len(term.examples),
        "questions": lambda term: len(term.faq),
        "sources": lambda term: len(term.sources),
        "prerequisites": lambda term: len(term.prerequisites),
        "related": lambda term: len(glossary.related[term.slug]),
    }
    return {name: statistics.median(map(count, glossary.terms.values())) for name, count in counts.items()}


def _compared(real: dict[str, float], made: dict[str, float]) -> str:
    shown = ", ".join(f"{name} {made[name]:,g} ({real[name]:,g})" for name in real)
    return f"median per term (of the real ones): {shown}"


def _linked(linker: "Linker", term: "Term") -> set[str]:
    """The terms that a page links to from its texts."""
    from generator.model.texts import linked_texts

    texts = linked_texts(term)
    page = linker.page(term, texts, str)
    for text in texts:
        page.markdown(text)
    return page.linked - {term.slug}


class Inventor:
    """Makes terms up in the shape of real ones."""

    def __init__(self, real: "Glossary", size: int, demo: str, rng: random.Random) -> None:
        from generator.model.entries import Level
        from generator.pages.links import Linker

        self.real, self.size, self.demo, self.rng = real, size, demo, rng
        self.shapes = list(real.terms.values())
        self.targets = [len(_linked(Linker(real), term)) for term in self.shapes]
        self.sentences = list(_sentences(real))
        self.definitions = list[str]()
        self.compared = set[frozenset[int]]()
        self.plain = [sentence for sentence in self.sentences if "$" not in sentence]
        self.tails = [tail for term in self.shapes if (tail := _tail(term))]
        self.syllables = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]
        self.vocabulary = [self._word() for _ in range(200 + size // 3)]
        self.used: set[str] = set()
        self.titles = [self._name(self._shape(place).title) for place in range(size)]
        self.slugs = [title.lower().replace(" ", "-") for title in self.titles]
        # Early terms are needed most, as in life, so that there are hubs.
        self.prerequisites = [
            sorted({int(place * rng.random() ** 2) for _ in range(max(1, len(self._shape(place).prerequisites)))})
            if place else []
            for place in range(size)
        ]  # fmt: skip
        self.levels = list[Level]()  # no term may be easier than what it stands on
        for place, below in enumerate(self.prerequisites):
            given = [self._shape(place).level, *(self.levels[other] for other in below)]
            self.levels.append(max(given, key=get_args(Level).index))

    def _shape(self, place: int) -> "Term":
        return self.shapes[place % len(self.shapes)]

    # --- names ----------------------------------------------------------------------------------------------

    def _word(self) -> str:
        return "".join(self.rng.choices(self.syllables, k=3)) + self.rng.choice("klmnrst")

    def _name(self, like: str) -> str:
        """A new name with as many words as another, or an acronym of four letters for an acronym."""
        from generator.text.spelling import misspelled

        while True:
            words = [self.rng.choice(self.vocabulary) for _ in like.replace("-", " ").split()]
            name = " ".join(words) if len(words) > 1 else self._word()
            if sum(map(str.isupper, like)) >= 2 and " " not in like:
                name = "".join(self.rng.choices("BCDFGHJKLMNPQRSTVWXZ", k=5))
            if name.lower() not in self.used and not any(misspelled(name)):
                self.used.add(name.lower())
                return name

    # --- texts ----------------------------------------------------------------------------------------------

    def _filled(self, sentence: str, own: int, targets: Sequence[int]) -> str:
        def fill(found: re.Match[str]) -> str:
            match found[0]:
                case "\x00":
                    return self.titles[self.rng.choice(targets)] if targets else self.titles[own]
                case "\x01":
                    return f"[[{self.slugs[self.rng.choice(targets)]}]]" if targets else self.titles[own]
                case "\x02":
                    return self.titles[own]
            return str(self.rng.randrange(100_000))

        return re.sub("[\x00-\x03]", fill, sentence)

    def _text(self, like: str, own: int, targets: Sequence[int], sentences: Sequence[str] = ()) -> str:
        """About as many words as another text has, in whole sentences."""
        wanted, found, count = len(like.split()), list[str](), 0
        while count < wanted:
            sentence = self.rng.choice(sentences or self.sentences)
            count += len(sentence.split())
            if not found or count - wanted < len(sentence.split()) / 2:
                found.append(self._filled(sentence, own, targets))
        return " ".join(found)

    def _explanation(self, like: str, own: int, targets: Sequence[int]) -> str:
        from generator.check.texts import EXPLANATION
        from generator.text.markdown import words

        while True:
            text = "\n\n".join(self._text(part, own, targets) for part in like.split("\n\n"))
            if words(text) in EXPLANATION:
                return text

    def _definition(self, own: int) -> str:
        from generator.check.texts import LONGEST_DEFINITION

        while True:
            article, tail = self.rng.choice(self.tails)
            name = self.titles[own]
            text = f"{article} {name} {tail}" if article else f"{name.capitalize()} {tail}"
            if len(text) <= LONGEST_DEFINITION:
                self.definitions.append(text)
                return text

    # --- entries --------------------------------------------------------------------------------------------

    def term(self, place: int) -> str:
        """The file of one term."""
        like, slug = self._shape(place), self.slugs[place]
        distinct = min(self.targets[place % len(self.shapes)], self.size - 1)
        others = self.rng.sample(range(self.size), min(distinct + 1, self.size))
        targets = [other for other in others if other != place][:distinct]

        def text(other: str) -> str:
            return self._text(other, place, targets)

        lines = [f"title: {_quoted(self.titles[place].title())}", "aliases:"]
        for alias in like.aliases:
            link = "true" if alias.link and not alias.ambiguous else "false"
            lines.append(f"  - {{text: {_quoted(self._name(alias.text))}, link: {link}}}")
        if not like.aliases:
            lines[-1] += " []"
        lines += [f"category: {like.category}", f"level: {self.levels[place]}", ""]
        lines += ["definition: >-", _block(self._definition(place), 2), ""]
        lines += ["explanation: |", _block(self._explanation(like.explanation, place, targets), 2), ""]
        if like.formula:
            lines.append("formula:")
            for formula in like.formula:
                own = rf"{formula.latex} \quad ({place})"
                lines += [f"  - latex: {_quoted(own)}", "    symbols:"]
                lines += [f"      {_quoted(symbol)}: {_quoted(means)}" for symbol, means in formula.symbols.items()]
                if not formula.symbols:
                    lines[-1] += " {}"
        examples = [*map(text, like.examples)]
        examples[-1] += _cited(like.sources)
        lines += ["examples:", *(f"  - >-\n{_block(item, 4)}" for item in examples), "", "misconceptions:"]
        for item in like.misconceptions:
            lines += ["  - wrong: >-", _block(text(item.wrong), 6), "    right: >-", _block(text(item.right), 6)]
        lines.append("faq:" if like.faq else "faq: []")
        for question in like.faq:
            lines += [f"  - question: {_quoted(question.question)}", "    answer: >-", _block(text(question.answer), 6)]
        lines += [f"prerequisites: [{', '.join(self.slugs[other] for other in self.prerequisites[place])}]"]
        lines += [f"related: [{', '.join(self._related(place, len(like.related)))}]"]
        home = "true" if place == 0 else "false"
        caption = _block(self._text(like.demo.caption or like.definition, place, targets, self.plain), 4)
        lines += ["demo:", f"  module: {self.demo}", f"  home: {home}", "  caption: >-", caption]
        if like.note:
            lines += ["note: >-", _block(self._text(like.note, place, targets, self.plain), 2)]
        return "\n".join([*lines, "sources:", *self._sources(like.sources, slug), "written: 2026-11-23"]) + "\n"

    def _related(self, place: int, count: int) -> list[str]:
        """Later terms that do not need this one; a relation is written on the earlier side."""
        near = range(place + 1, min(place + 60, self.size))
        free = [other for other in near if place not in self.prerequisites[other]]
        return [self.slugs[other] for other in self.rng.sample(free, min(count, len(free)))]

    def _sources(self, like: Sequence[Any], slug: str) -> Iterator[str]:
        for i, source in enumerate(like):
            yield f"  - title: {_quoted(source.title)}"
            yield f"    url: https://doi.org/10.1000/{slug}/{i}"
            yield f"    year: {source.year}"
            if source.authors:
                yield f"    authors: {_quoted(source.authors)}"
            yield f"    kind: {source.kind}"

    def allowed_words(self) -> str:
        """The file of the words that definitions say and that no made-up term is called."""
        from generator.text.vocabulary import Vocabulary

        known = Vocabulary(self.used)
        words = {word.lower() for text in self.definitions for word in known.undefined(text)}
        return "".join(f"{word}: a real term explains it\n" for word in sorted(words))

    def comparison(self, number: int) -> str:
        """The file of one comparison of two terms."""
        from generator.text.figures import with_figures

        like = list(self.real.comparisons.values())[number % len(self.real.comparisons)]
        while True:  # no two comparisons may be of the same terms
            one, other = self.rng.sample(range(self.size), 2)
            if frozenset((one, other)) not in self.compared:
                break
        self.compared.add(frozenset((one, other)))
        sides = [self.slugs[one], self.slugs[other]]
        targets = self.rng.sample(range(self.size), min(6, self.size))

        def text(wanted: str, sentences: Sequence[str] = ()) -> str:
            return self._text(wanted, one, targets, sentences)

        title = f"{self.titles[one].title()} vs. {self.titles[other].title()}"
        lines = [
            f"title: {_quoted(title)}",
            f"sides: [{', '.join(sides)}]",
            "summary: >-",
            _block(text(like.summary, self.plain), 2),
        ]
        lines.append("rows:")
        for row in like.rows:
            aspect = with_figures(row.aspect, lambda _: str(self.rng.randrange(100_000)))  # of demos that are not here
            lines += [f"  - aspect: {_quoted(aspect)}", "    values:"]
            cells = [cell if isinstance(cell, str) else "" for cell in row.values.values()]
            for side, cell in zip(sides, cells, strict=False):
                lines += [f"      {side}: >-", _block(text(cell or "A figure would stand here."), 8)]
        lines.append("choose:")
        for side, choice in zip(sides, like.choose.values(), strict=False):
            lines += [f"  {side}: >-", _block(text(choice) + _cited(like.sources), 4)]
        return (
            "\n".join([*lines, "sources:", *self._sources(like.sources, f"pair-{number}"), "written: 2026-11-23"])
            + "\n"
        )

    def way(self, number: int) -> str:
        """The file of one path: a term after all that it needs."""
        like = list(self.real.paths.values())[number % len(self.real.paths)]
        while True:
            goal = self.rng.randrange(1, self.size)
            steps, waiting = set[int](), [goal]
            while waiting:
                steps.add(place := waiting.pop())
                waiting += [below for below in self.prerequisites[place] if below not in steps]
            if len(steps) <= 2 * len(like.steps) or goal < 10:
                break
        lines = [f"title: {_quoted(f'To {self.titles[goal]}, way {number}')}"]
        lines += ["summary: >-", _block(self._text(like.summary, goal, [goal], self.plain), 2)]
        lines += ["outcome: >-", _block(self._text(like.outcome, goal, [goal], self.plain), 2), "steps:"]
        for place in sorted(steps):
            lines += [f"  - term: {self.slugs[place]}", "    why: >-"]
            lines.append(_block(self._text(like.steps[0].why, goal, [goal], self.plain), 6))
        return "\n".join([*lines, "written: 2026-11-23"]) + "\n"


def _sentences(real: "Glossary") -> Iterator[str]:
    """Every sentence of the real texts, with places where a term, a link, its own term or a formula stood."""
    from generator.check.sources import cited
    from generator.model.texts import linked_texts
    from generator.pages.links import Linker
    from generator.text.markdown import parts
    from generator.text.spelling import misspelled

    linker = Linker(real)
    for term in real.terms.values():
        for text in linked_texts(term):
            masked = ""
            for kind, part in parts(text):
                if kind == "prose":
                    end = 0
                    for mention in linker.mentions(part):
                        if mention.slug:
                            masked += part[end : mention.start] + (OWN if mention.slug == term.slug else MENTION)
                            end = mention.end
                    masked += part[end:]
                elif kind == "wiki":
                    masked += LINK
                elif kind == "math":
                    fence = "$$" if part.startswith("$$") else "$"
                    masked += f"{fence}{part.strip('$').strip()} + {NUMBER}{fence}".replace(" ", "\x04")
                elif kind == "figure":
                    masked += NUMBER
                elif kind not in ("fence", "heading"):
                    masked += part
            for sentence in re.split(r"(?<=[.?!])\s+(?=\S)", " ".join(masked.split())):
                restored = sentence.replace("\x04", " ")
                whole = not any(kind == "prose" and re.search(r"[`$]", part) for kind, part in parts(restored))
                # Nothing that names an author, nor half of what does ("Kwa et al.", before any other sentence's year):
                # the sources of a made-up term are not those of its sentences.
                said = restored.replace(NUMBER, "2000")  # which may come to be a year
                if whole and not any(misspelled(restored)) and not any(cited(said)) and not said.endswith(" al."):
                    yield restored


def _tail(term: "Term") -> tuple[str, str] | None:
    """A definition without its name: its article, and all from its verb on."""
    opening = term.opening
    if opening is None or opening.verb.lower() != "is":
        return None
    start = re.match(rf"(?:(?:An?|The) )?{re.escape(opening.name)}(?:\s+\([^)]*\))?,? ", term.definition, re.IGNORECASE)
    return (opening.article.replace("An", "A"), term.definition[start.end() :]) if start else None


def _cited(sources: Sequence[Any]) -> str:
    """A sentence that names every source by its year, since a source that no text uses is a problem."""
    years = sorted({source.year for source in sources})
    return f" This goes back to {listed(list(map(str, years)), 'and')}." if years else ""


def _quoted(text: str) -> str:
    """Text in the quotes of JSON, which YAML reads too."""
    return json.dumps(text, ensure_ascii=False)


def _block(text: str, indent: int) -> str:
    """Text in lines of the usual width, indented, as it stands under `|` or `>-`."""
    pad = " " * indent
    paragraphs = [
        textwrap.fill(
            part, 120, initial_indent=pad, subsequent_indent=pad, break_long_words=False, break_on_hyphens=False
        )
        for part in text.split("\n\n")
    ]
    return "\n\n".join(paragraphs)


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] in ("--make", "--measure", "--edit"):
        folder, started = Path(sys.argv[2]), float(sys.argv[-1])
        match sys.argv[1]:
            case "--make":
                found: Any = make(folder, int(sys.argv[3]), int(sys.argv[4]), bool(int(sys.argv[5])))
            case "--measure":
                found = measure(folder, bool(int(sys.argv[3])), started)
            case _:
                found = edit(folder, started)
        print(json.dumps(found))
    else:
        main()
