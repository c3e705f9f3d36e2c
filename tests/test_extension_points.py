"""What grows is added in one place: in a copy of the project, each addition is made as its author would make it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def copy(tmp_path):
    """A copy of the project with a glossary of one term."""
    ignored = shutil.ignore_patterns("__pycache__", "recorded", "tiny_gpt.py", "text_generation.py", "*.npz")
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
