"""Builders: a valid entry to change one thing in, a glossary around it, and a small project on disk."""

import functools
import shutil
from pathlib import Path
from typing import Any

import hypothesis
import markdown
import pytest
import yaml
from bs4 import BeautifulSoup

from demos._run.source import read
from generator.config import settings
from generator.lessons.experiments import jobs_of_experiments
from generator.lessons.run import lesson_key
from generator.lessons.teach import Lesson, Lessons
from generator.load.glossary import Loaded, load
from generator.model.entries import Category, Comparison, Term
from generator.model.entries import Path as Way
from generator.model.glossary import Glossary
from generator.text.slugs import slugify

# The same examples every time, and no clock: a test is as slow as the machine is busy.
hypothesis.settings.register_profile(
    "steady", derandomize=True, deadline=None, database=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("steady")

ROOT = Path(__file__).parent.parent.parent
CATEGORIES = [
    {"slug": "basics", "title": "Basics", "scope": "What comes first."},
    {"slug": "more", "title": "More", "scope": "What comes after."},
]
# 120 words in which nothing is called like a term of these tests.
PROSE = " ".join(["These words only fill the page, since a page needs some before anybody will read it."] * 8)
DEMO = '''"""Tiny: one number.

Source: made up for these tests.
"""

from typing import Annotated

from demos import Range, Result, Table


def demo(*, size: Annotated[int, Range(1, 9)] = 2, loud: bool = False) -> Result:
    """Change the size.

    size: how big it is
    loud: whether it shouts
    """
    return Result(
        summary=f"The size is {size}.",
        numbers={"size": size, "half of it": size / 2},
        show=[Table("Sizes", ["size"], [[size]])],
    )
'''


def entry(title: str = "Neuron", **changes: Any) -> dict[str, Any]:
    """A valid term as it would come out of YAML. A change to None takes a field away."""
    name = title.lower() if title == title.title() else title
    fields = {
        "title": title,
        "category": "basics",
        "level": "beginner",
        "definition": f"{'An' if title[0] in 'AEIOU' else 'A'} {name} is a thing for tests.",
        "explanation": PROSE,
        "examples": ["One thing.", "Another thing."],
        "misconceptions": [{"wrong": "It is big.", "right": "It is small."}],
        "demo": {"module": "tiny", "home": title == "Neuron"},
        "sources": [{"title": "Thing", "url": "https://example.org/things", "year": 1943, "kind": "paper"}],
        "written": "2026-11-23",
    }
    given = {name: value for name, value in (fields | changes).items() if value is not None}
    order = list(Term.model_fields)  # as check wants it
    return dict(sorted(given.items(), key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order)))


def a_term(title: str = "Neuron", slug: str = "", **changes: Any) -> Term:
    """A valid term; its slug is the address of its title."""
    return Term.model_validate({"slug": slug or slugify(title), **entry(title, **changes)})


def a_comparison(slug: str = "neuron-vs-gradient", **changes: Any) -> Comparison:
    """A valid comparison of the terms neuron and gradient."""
    fields = {
        "title": "Neuron vs. Gradient",
        "sides": ["neuron", "gradient"],
        "summary": "Both are things that occur in tests.",
        "rows": [
            {"aspect": "Kind", "values": {"neuron": "thing", "gradient": "list"}},
            {"aspect": "Size", "values": {"neuron": {"demo": "tiny", "number": "size"}, "gradient": "unknown"}},
        ],
        "choose": {"neuron": "For things.", "gradient": "For lists."},
        "sources": entry()["sources"],
        "written": "2026-11-23",
    }
    return Comparison.model_validate({"slug": slug, **fields, **changes})


def a_path(*slugs: str, **changes: Any) -> Way:
    """A valid path over some terms."""
    fields = {
        "title": "From here to there",
        "summary": "One step after the other.",
        "outcome": "walk",
        "steps": [{"term": slug, "why": f"It is step {i}."} for i, slug in enumerate(slugs, start=1)],
        "written": "2026-11-23",
    }
    return Way.model_validate({"slug": "from-here-to-there", **fields, **changes})


def a_glossary(*entries: Term | Comparison | Way, **changes: Any) -> Glossary:
    """A glossary of these entries, with two categories and the one demo that entries of these tests show."""
    fields = {
        "terms": {one.slug: one for one in entries if isinstance(one, Term)},
        "comparisons": {one.slug: one for one in entries if isinstance(one, Comparison)},
        "paths": {one.slug: one for one in entries if isinstance(one, Way)},
        "categories": {category["slug"]: Category(**category) for category in CATEGORIES},
        "demos": {"tiny": read("tiny", text=DEMO)},
    }
    return Glossary(**fields | changes)


@functools.cache
def ours() -> Loaded:
    """Our own terms and demos, read once for all tests of a worker, none of which changes what it gets."""
    return load(ROOT)


def lessons_for(glossary: Glossary, **changes: Any) -> Lessons:
    """What the demo would have shown on every page, without running it."""
    cells = [cell for page in glossary.comparisons.values() for row in page.rows for cell in row.values.values()]
    uses = [(use.module, use.with_) for term in glossary.terms.values() for use in term.demos]
    uses += [(cell.demo, cell.with_) for cell in cells if not isinstance(cell, str)]
    shown = {
        lesson_key(demo, given): Lesson(
            demo, given, "The size is 2.", {"size": 2, "half of it": 1.0}, ("<p>Sizes</p>",)
        )
        for demo, given in uses
    }
    for job in jobs_of_experiments(glossary):
        size = job.given.get("size", 2)
        numbers = {"size": size, "half of it": size / 2}
        shown.setdefault(
            lesson_key(job.demo, job.given), Lesson(job.demo, job.given, f"The size is {size}.", numbers, ())
        )
    return Lessons(**{"shown": shown, "builds_on": {name: [] for name in glossary.demos}, **changes})


def _engine() -> markdown.Markdown:
    config = settings(ROOT)
    listed = [one if isinstance(one, dict) else {one: {}} for one in config["markdown_extensions"]]
    extensions = {"tables": {}, "fenced_code": {}} | {name: given for one in listed for name, given in one.items()}
    return markdown.Markdown(extensions=list(extensions), extension_configs=extensions)


ENGINE = _engine()


def as_html(text: str) -> str:
    """Markdown as the engine reads it: with its own extensions, and those of mkdocs.yml."""
    return ENGINE.reset().convert(text)


def as_page(text: str) -> tuple[dict[str, Any], BeautifulSoup]:
    """A page as a browser sees it: its front matter, and its body."""
    front, _, body = text.removeprefix("---\n").partition("\n---\n")
    return yaml.safe_load(front), BeautifulSoup(as_html(body), "html5lib")


def write_yaml(path: Path, data: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(data, sort_keys=False, allow_unicode=True), encoding="utf-8")


def copy_machinery(to: Path) -> None:
    """What runs and shows demos, without any demo."""

    def others(folder: str, names: list[str]) -> list[str]:
        return [name for name in names if folder == str(ROOT / "demos") and (name[0] != "_" or name == "__pycache__")]

    shutil.copytree(ROOT / "demos", to, ignore=others)


def with_runtime(folder: Path) -> None:
    """Lets a project have the Python for its pages where ours has it, as a link and not as a copy."""
    (folder / ".cache").mkdir()
    if (ROOT / ".cache" / "pyodide").is_dir():
        (folder / ".cache" / "pyodide").symlink_to(ROOT / ".cache" / "pyodide")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one term and one demo, which runs in processes of its own just as the real ones do."""
    write_yaml(tmp_path / "terms" / "neuron.yml", entry())
    write_yaml(tmp_path / "terms" / "categories.yml", CATEGORIES)
    copy_machinery(tmp_path / "demos")
    (tmp_path / "demos" / "tiny.py").write_text(DEMO, encoding="utf-8")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    return tmp_path
