"""What grows is added in one place: in a copy of the project, each addition is made as its author would make it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def copy(tmp_path):
    """A copy of the project with a glossary of one term."""
    ignored = shutil.ignore_patterns("recorded", "tiny_gpt.py", "text_generation.py", "*.npz")
    for folder in ("generator", "demos"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=ignored)
    for demo in (tmp_path / "demos").glob("[a-z]*.py"):
        if demo.stem not in ("neuron", "activation_functions"):
            demo.unlink()
    (tmp_path / "terms").mkdir()
    for name in ("neuron.yml", "categories.yml"):
        text = (ROOT / "terms" / name).read_text(encoding="utf-8")
        (tmp_path / "terms" / name).write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    return tmp_path


MADE = """
import sys
from pathlib import Path
from generator.config import Site
from generator.lessons.teach import teach
from generator.load.glossary import load
from generator.output.write import write
from generator.pages.site import site
root = Path.cwd()
glossary = load(root).glossary
lessons, problems = teach(glossary, root, root / ".cache" / "lessons")
assert not problems, problems
write(site(glossary, lessons, Site("https://example.org/")), root / "build" / "docs")
"""


def made(project):
    """The Markdown of the copy -> the folder. In so small a glossary it is no matter what is unfinished."""
    environment = {**os.environ, "PYTHONPATH": str(project)}
    subprocess.run([sys.executable, "-c", MADE], cwd=project, env=environment, check=True)
    return project / "build" / "docs"


def test_an_export_is_one_new_file(copy):
    (copy / "generator" / "exports" / "titles.py").write_text(
        '''"""The titles of all terms, one a line."""


def files(glossary):
    yield "titles.txt", lambda: "\\n".join(term.title for term in glossary.terms.values()) + "\\n"
''',
        encoding="utf-8",
    )
    assert (made(copy) / "titles.txt").read_text(encoding="utf-8") == "Artificial Neuron\n"
    assert (made(copy) / "glossary.json").exists()


def test_an_export_that_follows_the_engine_is_one_new_file(copy):
    (copy / "generator" / "exports" / "count.py").write_text(
        '''"""How many terms there are, beside the finished site."""


def after_engine(made, glossary):
    (made / "count.txt").write_text(str(len(glossary.terms)))
''',
        encoding="utf-8",
    )
    code = (
        "import sys, generator.exports; from pathlib import Path; from generator.discovery import offering;"
        "from generator.load.glossary import load; glossary = load(Path.cwd()).glossary;"
        "made = Path('made'); made.mkdir();"
        "[export.after_engine(made, glossary) for export in offering(generator.exports, 'after_engine')]"
    )
    subprocess.run([sys.executable, "-c", code], cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, check=True)
    assert (copy / "made" / "count.txt").read_text() == "1"
    assert json.loads((copy / "made" / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]


def test_a_kind_of_page_is_one_new_module_and_its_template(copy):
    (copy / "generator" / "pages" / "formulas.py").write_text(
        '''"""All formulas on one page."""

from functools import partial

from generator.pages.page import Planned


def planned(pages):
    yield Planned("formulas.md", partial(_page, pages))


def found(glossary):
    yield {"location": "formulas/", "title": "Formulas", "text": "All formulas of the glossary."}


def _page(pages):
    formulas = [(term, item.latex) for term in pages.glossary.terms.values() for item in term.formula]
    return pages.page("formulas.md.j2", "formulas.md", formulas=formulas)
''',
        encoding="utf-8",
    )
    (copy / "generator" / "templates" / "formulas.md.j2").write_text(
        "# Formulas\n{% for term, latex in formulas %}\n- {{ term.title }}: {{ latex }}, {{ href(term.page) }}\n"
        "{% endfor %}",
        encoding="utf-8",
    )
    page = (made(copy) / "formulas.md").read_text(encoding="utf-8")
    assert page.startswith("# Formulas\n")
    assert "- Artificial Neuron: " in page
    assert "../terms/neuron/" in page
    code = (
        "from pathlib import Path; from generator.exports.search import search_index;"
        "from generator.load.glossary import load;"
        "print([doc['title'] for doc in search_index(load(Path.cwd()).glossary)['docs']])"
    )
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    told = subprocess.run([sys.executable, "-c", code], cwd=copy, env=environment, capture_output=True, text=True)
    assert "'Formulas'" in told.stdout


def commanded(project, *arguments):
    """A command of the generator in the copy -> what it says of problems."""
    command = [sys.executable, "-m", "generator", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(project)}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, encoding="utf-8")
    return done.stdout + done.stderr


def insert(place, before, text):
    """Puts a text before the only place where another stands in a file."""
    whole = place.read_text(encoding="utf-8")
    assert whole.count(before) == 1, before
    place.write_text(whole.replace(before, text + before), encoding="utf-8")


def test_a_rule_is_one_function_in_the_file_of_its_subject_or_in_a_new_one(copy):
    rules = copy / "generator" / "check"
    insert(
        rules / "sources.py",
        "@EntryRule\ndef sources(",
        '''@EntryRule
def sources_are_old(entry: AnyEntry) -> Iterator[Problem]:
    """Each source is older than its readers."""
    for i, source in enumerate(() if isinstance(entry, Path) else entry.sources):
        yield Problem(entry.file, f"{source.year} is not long ago", "wait", ("sources", i, "year"))


''',
    )
    (rules / "titles.py").write_text(
        '''"""Rules about titles."""

from collections.abc import Iterator

from generator.check.rule import GlossaryRule
from generator.model.glossary import Outline
from generator.problems import Problem


@GlossaryRule
def titles_are_short(glossary: Outline) -> Iterator[Problem]:
    """A title has no more than four letters."""
    for term in glossary.terms.values():
        if len(term.title) > 4:
            yield Problem(term.file, f"'{term.title}' is a long title", "shorten it", ("title",))
''',
        encoding="utf-8",
    )
    for told in (commanded(copy, "check"), commanded(copy, "check", "terms/neuron.yml")):
        assert "1943 is not long ago" in told
        assert "'Artificial Neuron' is a long title" in told
    guide = (made(copy) / "contribute" / "how-to-write-a-term.md").read_text(encoding="utf-8")
    assert "<li>Each source is older than its readers.</li>" in guide
    assert "<li>A title has no more than four letters.</li>" in guide


@pytest.fixture
def with_history(copy):
    """The copy with one field more of a term, in the model, on the page and in the template, and with a second term."""
    insert(
        copy / "generator" / "model" / "entries.py",
        "    formula: Annotated[list[Formula]",
        '    history: Annotated[Markdown, Mark.OWN_PAGE] = Field("", description="where the idea comes from")\n',
    )
    insert(copy / "generator" / "pages" / "term.py", "        formulas=[", "        history=text(term.history),\n")
    insert(
        copy / "generator" / "templates" / "term.md.j2",
        "{% if formulas %}",
        "{% if history %}\n\n## History\n\n{{ history }}\n{% endif %}\n",
    )
    shutil.copy(ROOT / "terms" / "activation-function.yml", copy / "terms")
    return copy


def tell(project, history):
    """Gives the neuron this history."""
    shutil.copy(ROOT / "terms" / "neuron.yml", project / "terms")
    lines = [f"  {line}" if line else "" for line in history.splitlines()]
    insert(project / "terms" / "neuron.yml", "\nformula:\n", "\n".join(["\nhistory: |", *lines, ""]))


def test_the_texts_of_a_new_field_are_checked_like_all_others(with_history):
    before = commanded(with_history, "check")
    tell(with_history, "It was recieved well:\n- in TODO\n- in $\\nowhere{$, by [[nobody]], see https://nowhere")
    told = commanded(with_history, "check")
    for message in (
        "'recieved' is misspelled",
        "'TODO' says that this text is not finished",
        "this is not mathematics we can show",
        "there is no term called 'nobody'",
        "the address https://nowhere names no site",
        "an empty line",  # before the list
    ):
        assert message in told
        assert message not in before
    tell(with_history, "It is old.")
    assert commanded(with_history, "check") == before
    assert "history" not in commanded(with_history, "check", "terms/activation-function.yml")


KEYS = f"""{MADE}
import json
files = site(glossary, lessons, Site("https://example.org/"))
keys = {{path: page.key for path, page in files.items() if hasattr(page, "key")}}
Path("keys.json").write_text(json.dumps(keys), encoding="utf-8")
"""


def test_the_texts_of_a_new_field_are_linked_counted_and_in_the_key_of_their_page(with_history):
    def edition(history):
        tell(with_history, history)
        neuron = with_history / "terms" / "neuron.yml"  # whose other texts shall not have the link
        told = neuron.read_text(encoding="utf-8")
        assert told.count("[[activation-function]]") == 1
        told = told.replace("[[activation-function]]", "curve").replace("an activation function", "a curve")
        neuron.write_text(told, encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": str(with_history)}
        subprocess.run([sys.executable, "-c", KEYS], cwd=with_history, env=environment, check=True)
        page = (with_history / "build" / "docs" / "terms" / "neuron.md").read_text(encoding="utf-8")
        return page, json.loads((with_history / "keys.json").read_text(encoding="utf-8"))

    page, keys = edition("Its activation function was a step of $x^2$.")
    assert "## History\n\nIts [activation function](activation-function.md) was a step of <span" in page
    longer, other_keys = edition(" ".join(["Its activation function was a step."] * 200))
    minutes = [int(re.search(r"(\d+) min read", one)[1]) for one in (page, longer)]
    assert minutes[1] >= minutes[0] + 4
    changed = {path for path in keys if keys[path] != other_keys[path]}
    assert changed == {"terms/neuron.md", "search/texts/neuron.json", "glossary.json", "assets/names.json", "ladder.md"}
