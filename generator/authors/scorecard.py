"""What a reviewer wants to know of a term, as a table: a row per term, and a mark on what is below expectation.

Nothing here is an error: `check` refuses what must not be, and this shows what could be better. Each expectation is one
line of EXPECTED, and is told below the table.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from demos._run.source import BROWSER_PACKAGES
from generator.authors.agreement import stated_differently
from generator.lessons.experiments import Numbers
from generator.lessons.figures import frozen_figures
from generator.model.entries import PRIMARY, Goal, Level, Term
from generator.model.glossary import Glossary
from generator.model.texts import linked_texts, prose
from generator.pages.links import Linker
from generator.problems import Refused, counted, did_you_mean, listed
from generator.text.markdown import parts, plain_text

SOURCES, EXAMPLES, MISCONCEPTIONS, LED_TO, EXPERIMENTS = 2, 2, 1, 3, 2
GRADE: Mapping[Level, int] = {"beginner": 9, "intermediate": 10, "advanced": 11}

# Words that claim much, and that a second reader tries to prove wrong one by one. Most of them are right.
ABSOLUTE = ("all", "always", "any", "every", "first", "never", "nothing", "oldest", "only")

EXPECTED = f"""\
Expected of a term:

- {SOURCES} sources, one of them primary ({listed(PRIMARY, "or")})
- {EXAMPLES} examples, one with a figure, and {counted(MISCONCEPTIONS, "misconception")}
- a demo whose test compares it with a library that the demo does not use, or says at its top that it compares it with
  what was worked out by hand, follows from a closed form, or was published
- {EXPERIMENTS} experiments, where the demo runs in the page
- no figure of its demo written out as a number, but as {{{{loss at the end}}}}, so that it can not go stale
- {LED_TO} other pages that lead to it: terms, comparisons, paths
- no word in the definition that is neither common English nor a term
- an explanation for grade {listed([f"{grade} ({level})" for level, grade in GRADE.items()], "or")} at most, by the
  formula of Flesch and Kincaid

Absolute words ({listed(ABSOLUTE)}) are counted and not judged: a second reader checks each.
So are numbers that two pages state of the same thing: they may mean two quantities, or one of them is wrong."""

# Of what a test imports, these are no second opinion: what demos are written in, and what tests are made with.
NO_REFERENCE = frozenset({"demos", "tests", "generator", "numpy", "pytest", "hypothesis", "yaml"})
# How a test says that somebody else knows the value: words of the text at its top.
SAYS_SO = ("by hand", "closed form", "published", "textbook", "paper")

COLUMNS = (
    "Term", "Level", "Sources", "Examples", "Misconceptions", "Demo: tested against", "Experiments",
    "Figures written out", "Led to by", "Undefined words",
    "Grade", "Absolute words",
)  # fmt: skip


class NoTerm(Refused):
    """Which term there is none of: a sentence and a remedy."""


def terms_named(glossary: Glossary, names: Iterable[str]) -> list[str]:
    """The slugs of terms that are called by any of their names. Raises NoTerm at the first that is no name of one."""
    slugs = []
    for name in names:
        name = name.removeprefix("terms/").removesuffix(".yml")  # `check` takes files, so this does too
        slug = glossary.addresses.get(name) or glossary.addresses.get(name.casefold().replace(" ", "-"))
        if slug is None and glossary.has_term(name):
            raise NoTerm(f"terms/{name}.yml can not be read\n    hint: `check` says why")
        if slug is None:
            hint = did_you_mean(name, glossary.terms, "the name of its file is the name of a term")
            raise NoTerm(f"there is no term called '{name}'\n    hint: {hint}")
        slugs.append(slug)
    return list(dict.fromkeys(slugs))


def touched(glossary: Glossary, paths: Iterable[str]) -> list[str]:
    """The slugs of terms that changed files are about: their own, their demos, and the tests of their demos."""
    found: set[str] = set()
    for path in paths:
        if match := _FILES.fullmatch(path):
            term, test, demo = match.groups()
            found |= {term} & glossary.terms.keys() if term else set(glossary.demo_users.get(test or demo, ()))
    return sorted(found)


_FILES = re.compile(r"terms/([^/]+)\.yml|tests/demos/test_(\w+)\.py|demos/(\w+)\.py")


def scorecard(
    glossary: Glossary,
    slugs: Sequence[str],
    unread: Sequence[str] = (),
    numbers: Numbers = MappingProxyType({}),
) -> str:
    """The table of these terms in Markdown, what is below expectation in words, and what is expected.

    unread: files that would have been looked at too, had they been readable. numbers: the figures that pages show, by
    the keys of the runs that computed them, as far as they are known.
    """
    missing = f"\nNot looked at, since it can not be read, as `check` says: {listed(unread)}.\n" if unread else ""
    if not slugs:
        return f"No term to look at.\n{missing}"
    leading = led_to_by(glossary)
    rows = {slug: list(_row(glossary, glossary.terms[slug], leading[slug], numbers)) for slug in slugs}
    below = [
        f"- {row[0]}: {listed([cell.below for cell in row if cell.below])}."
        for slug, row in rows.items() if any(cell.below for cell in row)
    ]  # fmt: skip
    told = ["Below what is expected:", "", *below] if below else ["Nothing is below what is expected."]
    table = _table([list(COLUMNS), *([str(cell) for cell in row] for row in rows.values())])
    return "\n".join([*table, "", *told, "", *_stated(glossary, slugs), EXPECTED]) + "\n" + missing


# --- what is looked at ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Fact:
    """A cell of the table, and in words what is below expectation in it, if anything."""

    shown: str  # Markdown
    below: str = ""

    def __str__(self) -> str:
        return f"⚠ {self.shown}" if self.below else self.shown


def _row(glossary: Glossary, term: Term, leading: set[str], numbers: Numbers) -> Iterator[_Fact]:
    yield _Fact(_safe(term.title))
    yield _Fact(term.level)
    yield _sources(term)
    yield _examples(term)
    yield _Fact(str(len(term.misconceptions)))
    yield _demos(glossary, term)
    yield _experiments(glossary, term)
    yield _frozen(term, numbers)
    few = f"only {counted(len(leading), 'page')} lead to it" if len(leading) > 1 else "hardly a page leads to it"
    yield _Fact(str(len(leading)), few if len(leading) < LED_TO else "")
    words = [_safe(word) for word in glossary.vocabulary.undefined(term.definition)]
    are = "is" if len(words) == 1 else "are"
    nowhere = f"{listed([f'“{word}”' for word in words])} in its definition {are} explained nowhere"
    yield _Fact(", ".join(words) or "none", nowhere if words else "")
    grade = reading_grade(term.explanation)
    hard = f"its explanation reads like grade {grade:.1f}"
    yield _Fact(f"{grade:.1f}", hard if round(grade, 1) > GRADE[term.level] else "")
    yield _absolute_words(term)


def _sources(term: Term) -> _Fact:
    count, primary = len(term.sources), sum(source.kind in PRIMARY for source in term.sources)
    shown = f"{count} ({primary} primary)"
    if not primary:
        return _Fact(shown, "no source is a primary one")
    return _Fact(shown, "only one source" if count < SOURCES else "")


def _examples(term: Term) -> _Fact:
    count, figures = len(term.examples), sum(re.search(r"\d", example) is not None for example in term.examples)
    return _Fact(f"{count} ({figures} with figures)", "" if figures else "no example has a figure")


def _demos(glossary: Glossary, term: Term) -> _Fact:
    """The demos of a page and what their tests compare them with."""
    shown, below = [], []
    for name in dict.fromkeys(use.module for use in term.demos):
        others = references(glossary, name)
        if others is None:
            below.append(f"its demo `{name}` has no test")
        elif not others:
            below.append(f"the test of `{name}` compares it with nothing independent")
        against = "no test" if others is None else ", ".join(map(_safe, others)) or "nothing"
        shown.append(f"`{name}`: {against}")
    return _Fact("; ".join(shown), ", ".join(below))


def _experiments(glossary: Glossary, term: Term) -> _Fact:
    count, goals = len(term.experiments), sum(isinstance(one, Goal) for one in term.experiments)
    shown = f"{count} ({counted(goals, 'goal')})"
    demo = glossary.demos.get(term.demo.module)
    if demo is None or not BROWSER_PACKAGES.issuperset(demo.packages) or count >= EXPERIMENTS:
        return _Fact(shown)
    return _Fact(shown, "only one experiment" if count else "no experiment")


def _frozen(term: Term, numbers: Numbers) -> _Fact:
    """Numbers in texts that a demo of the page computes."""
    found = list(frozen_figures(term, numbers))
    said = [f"{one.written} in its {one.where[0]} is `{one.figure}`" for one in found]
    return _Fact(str(len(found)), listed(said))


def _absolute_words(term: Term) -> _Fact:
    """How often the sentences of a term claim something of all cases, or a first. A misconception is wrong anyway."""
    texts = [text for text in prose(term) if text.is_sentences and text.where[-1] != "wrong"]
    said = " ".join(part for text in texts for kind, part in parts(text.content) if kind == "prose").casefold()
    counts = Counter(word for word in re.findall(r"[^\W_]+", said) if word in ABSOLUTE)
    each = ", ".join(f"{word} {count}" for word, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
    return _Fact(f"{counts.total()} ({each})" if counts else "0")


def references(glossary: Glossary, demo: str) -> list[str] | None:
    """What the test of a demo holds against it: libraries that the demo itself does not use, and what the text at the
    top of the test says was known beforehand. None where there is no test that can be read."""
    try:
        tree = ast.parse(glossary.tests[f"tests/demos/test_{demo}.py"])
    except (KeyError, SyntaxError, ValueError):
        return None
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
    }  # fmt: skip
    own = glossary.demos[demo].packages if demo in glossary.demos else ()
    libraries = sorted(imported - NO_REFERENCE - sys.stdlib_module_names - {*own})
    says = (ast.get_docstring(tree) or "").casefold()
    return [*libraries, *(words for words in SAYS_SO if words in says)]


def _stated(glossary: Glossary, slugs: Sequence[str]) -> list[str]:
    """The lines that tell what these terms and other pages state of the same thing with different values."""
    rows = [
        [_safe(one.thing), one.what, _safe("; ".join(
            f"{slug}: {', '.join(quantity.written for quantity in said)}" for slug, said in one.values.items()
        ))]
        for one in stated_differently(glossary) if one.values.keys() & set(slugs)
    ]  # fmt: skip
    if not rows:
        return []
    head = "Stated of one thing with different values, which a second reader compares:"
    return [head, "", *_table([["Thing", "Number of", "Page: value"], *rows]), ""]


def led_to_by(glossary: Glossary) -> dict[str, set[str]]:
    """slug -> the pages from which a reader is led to it, each once: terms that are related to it, need it, are needed
    for it or mention it; comparisons about it; paths through it."""
    linker = Linker(glossary)
    found: dict[str, set[str]] = {slug: set() for slug in glossary.terms}
    for slug, term in glossary.terms.items():
        to = {*glossary.related[slug], *glossary.leads_to[slug], *term.prerequisites}
        to |= {mention.slug for text in _prose(term) for mention in linker.mentions(text)}
        for other in (to & found.keys()) - {slug}:
            found[other].add(f"terms/{slug}")
    for slug, pages in found.items():
        pages |= {f"comparisons/{page}" for page in glossary.compared_in.get(slug, ())}
        pages |= {f"paths/{way.slug}" for way in glossary.paths_through.get(slug, ())}
    return found


def _prose(term: Term) -> Iterator[str]:
    """The prose of the texts in which mentions become links."""
    for text in linked_texts(term):
        for kind, part in parts(text):
            if kind == "prose":
                yield part
            elif kind == "wiki":
                yield part[2:-2].partition("|")[0].replace("-", " ")


# --- how hard it is to read -------------------------------------------------------------------------------


def reading_grade(markdown: str) -> float:
    """The school grade that a text asks for, by Flesch and Kincaid: longer sentences and longer words ask for more.

    A formula or a piece of code counts as one short word. Source: Kincaid, Fishburne, Rogers & Chissom (1975),
    https://apps.dtic.mil/sti/citations/ADA006655
    """
    blocks = re.split(r"\n[ \t]*(?:\n|(?=(?:[-+*]|\d+[.)])[ \t]))", markdown)
    texts = [plain_text("".join("x" if kind in _ONE_WORD else part for kind, part in parts(block))) for block in blocks]
    words = [word for text in texts for word in _WORD.findall(text)]
    if not words:
        return 0.0
    sentences = sum(max(1, len(_SENTENCE.findall(text))) for text in texts if _WORD.search(text))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """About how many syllables an English word has: groups of vowels, without a silent e at the end.

    On the explanations of this glossary, the mean is 1 % below that of the CMU Pronouncing
    Dictionary, which is 0.2 of a grade.
    """
    return max(1, len(re.findall(r"[aeiouy]+", _SILENT.sub("", word.casefold()))))


_ONE_WORD = ("math", "code", "fence", "figure")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_SENTENCE = re.compile(r"[.?!]+[\"')\]”’]*(?=\s|$)")
# Silent: make, makes, learned. Spoken: table, classes, added.
_SILENT = re.compile(r"(?<=[^aeiouy])(?:(?<![^aeiouy]l)e|(?<![sxzcg])(?<![cs]h)es|(?<![td])ed)$")

# --- as Markdown ------------------------------------------------------------------------------------------


def _safe(text: str) -> str:
    """Plain text for a table: nothing in it is Markdown or HTML, and nothing ends its cell."""
    return re.sub(r"([\\`*_\[\]<|~&])", r"\\\1", " ".join(text.split()))


def _table(rows: list[list[str]]) -> Iterator[str]:
    """Rows of a Markdown table, padded so that it reads in a terminal too."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for i, row in enumerate(rows):
        yield "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        if i == 0:
            yield "|" + "|".join("-" * (width + 2) for width in widths) + "|"
