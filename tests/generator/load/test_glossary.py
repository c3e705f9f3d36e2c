"""A project is read whole, and what could not be read is known."""

from generator.load.glossary import load
from tests.generator.conftest import a_term, ours, write_yaml
from tests.generator.load.conftest import COMPARISON, PATH


def test_a_project_is_read_whole(project):
    write_yaml(project / "terms" / "_template.yml", {"title": "Copy me"})
    write_yaml(project / "terms" / "paths" / "way.yml", {"title": "Way"})
    (project / "terms" / "paths" / "way.yml").write_text(PATH, encoding="utf-8")
    (project / "terms" / "comparisons").mkdir()
    (project / "terms" / "comparisons" / "a-vs-b.yml").write_text(COMPARISON, encoding="utf-8")
    (project / "terms" / "README.md").write_text("not an entry", encoding="utf-8")
    loaded = load(project)
    glossary, problems = loaded.glossary, loaded.problems
    assert problems == []
    assert [*glossary.terms, *glossary.comparisons, *glossary.paths] == ["neuron", "a-vs-b", "way"]
    assert [*glossary.categories, *glossary.demos, *glossary.unread] == ["basics", "more", "tiny"]


def test_what_could_not_be_read_is_known(project):
    (project / "terms" / "loss.yml").write_text("[", encoding="utf-8")
    (project / "demos" / "broken.py").write_text("(", encoding="utf-8")
    assert load(project).glossary.unread == {"terms/loss.yml", "demos/broken.py"}


def test_the_real_glossary_is_read_without_a_problem():
    loaded = ours()
    glossary, problems = loaded.glossary, loaded.problems
    assert problems == []
    assert glossary.terms["neuron"].title == "Artificial Neuron"
    assert a_term() != glossary.terms["neuron"]
