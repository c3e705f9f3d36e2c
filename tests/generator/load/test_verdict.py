"""What check said is remembered, and said again only while everything it was said of is the same."""

import pytest

from generator.check.rules import ENTRY_IN_GLOSSARY_RULES, GLOSSARY_RULES, check
from generator.load import verdict as module
from generator.load.glossary import load
from generator.load.verdict import verdict
from tests.generator.conftest import DEMO, PROSE, entry, write_yaml


@pytest.fixture
def looked_at(monkeypatch):
    """What rules were asked about since last asked: slugs, and "all" for the glossary as a whole."""
    asked = []
    alone, everything = module.look_at_among_others, module.look_at_all
    monkeypatch.setattr(
        module, "look_at_among_others", lambda glossary, one: (asked.append(one.slug), alone(glossary, one))[1]
    )
    monkeypatch.setattr(module, "look_at_all", lambda glossary: (asked.append("all"), everything(glossary))[1])

    def since():
        seen = sorted(asked)
        asked.clear()
        return seen

    return since


@pytest.fixture
def told(project, cache):
    """What is told of the project with what is remembered, which is what is told of it without."""
    write_yaml(
        project / "terms" / "loss.yml", entry("Loss", explanation=f"{PROSE} See [[neuron]].", related=["neuron"])
    )

    def tell():
        loaded = load(project, cache)
        problems = verdict(loaded, cache.with_name("checked.pickle"))
        assert problems == check(load(project).glossary)
        return [(problem.path, problem.message) for problem in problems]

    return tell


def test_nothing_is_looked_at_again_where_nothing_changed(told, looked_at):
    first = told()
    assert looked_at() == ["all", "loss", "neuron"]
    assert told() == first
    assert looked_at() == []


def test_an_edit_to_an_explanation_has_that_entry_looked_at_and_no_other(project, told, looked_at):
    told()
    looked_at()
    write_yaml(project / "terms" / "loss.yml", entry("Loss", explanation=f"{PROSE} See [[gone]].", related=["neuron"]))
    assert ("terms/loss.yml", "there is no term called 'gone'") in told()
    assert looked_at() == ["loss"]
    assert ("terms/loss.yml", "there is no term called 'gone'") in told()  # and is told until it is mended
    assert looked_at() == []


def term_is_gone(project):
    (project / "terms" / "neuron.yml").unlink()


def term_is_called_otherwise(project):
    write_yaml(project / "terms" / "neuron.yml", entry("Neuron", aliases=["gizmo"]))


def relation_is_new(project):
    write_yaml(project / "terms" / "neuron.yml", entry("Neuron", related=["loss"]))


def term_can_not_be_read(project):
    (project / "terms" / "neuron.yml").write_text("title: [", encoding="utf-8")


def list_is_new(project):
    write_yaml(project / "terms" / "allowed-words.yml", {"gizmo": "for tests"})


def wish_is_new(project):
    write_yaml(project / "terms" / "wanted.yml", [{"title": "Neuron", "why": "For tests."}])


def categories_are_others(project):
    write_yaml(project / "terms" / "categories.yml", [{"slug": "rest", "title": "Rest", "scope": "What is left."}])


def demo_takes_other_settings(project):
    (project / "demos" / "tiny.py").write_text(DEMO.replace("loud", "noisy"), encoding="utf-8")


def demo_is_tested(project):
    place = project / "tests" / "demos" / "test_tiny.py"
    place.parent.mkdir(parents=True)
    place.write_text('"""TODO."""\n', encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [term_is_gone, term_is_called_otherwise, relation_is_new, term_can_not_be_read, list_is_new, wish_is_new,
     categories_are_others, demo_takes_other_settings, demo_is_tested],
)  # fmt: skip
def test_whatever_else_changes_has_everything_looked_at(project, told, looked_at, change):
    told()
    looked_at()
    change(project)
    told()
    assert "all" in looked_at()


def test_a_problem_of_the_whole_is_told_again_and_ends_when_it_is_mended(project, told, looked_at):
    relation_is_new(project)
    twice = ("terms/neuron.yml", "the relation to 'loss' is written on both sides")
    assert twice in told() or ("terms/loss.yml", "the relation to 'neuron' is written on both sides") in told()
    looked_at()
    remembered = told()
    assert looked_at() == []
    write_yaml(project / "terms" / "neuron.yml", entry("Neuron"))
    assert told() != remembered


def test_there_are_rules_to_remember_the_verdict_of():
    assert ENTRY_IN_GLOSSARY_RULES
    assert GLOSSARY_RULES
