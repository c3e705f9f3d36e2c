"""What the tests of pages have in common."""

import pytest

from demos._run.source import read
from generator.config import Site
from generator.output.write import Page
from generator.pages.site import site
from tests.generator.conftest import DEMO, a_comparison, a_glossary, a_path, a_term, lessons_for

SITE = Site("https://example.org/")
SHARED = {"text": "ANN", "ambiguous": True}
TERMS = [
    a_term("Artificial Neuron", "neuron", aliases=["neuron", "Threshold Unit", SHARED], former_slugs=["cell"],
           demo={"module": "tiny", "home": True}),
    a_term("Gradient", category="more", level="advanced", prerequisites=["neuron"], related=["adam"],
           faq=[{"question": "Why gradients?", "answer": "So."}]),
    a_term("Adam", aliases=["λ-rule", SHARED], demo="other", definition="Adam is a rule. Many train with Adam."),
]  # fmt: skip
DEMOS = {"tiny": read("tiny", text=DEMO), "other": read("other", text=DEMO)}


def made(glossary, **changes):
    """Every file of the site, with the pages made."""
    files = site(glossary, lessons_for(glossary, **changes), SITE)
    return {path: content.make() if isinstance(content, Page) else content for path, content in files.items()}


def files_of(*entries, **changes):
    return made(a_glossary(*entries, **changes))


@pytest.fixture(scope="module")
def files():
    return files_of(*TERMS, a_comparison(summary="Both *occur*."), a_path("neuron", "gradient"), demos=DEMOS)
