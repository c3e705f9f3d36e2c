"""What one file can not know is told, with its place and its remedy; a clean glossary is told nothing."""

from generator.check.rules import check
from generator.load.glossary import load
from generator.load.places import located
from tests.generator.check.conftest import GRADIENT, NEURON, told
from tests.generator.conftest import PROSE, ROOT, a_comparison, a_path, entry, ours, write_yaml


def test_a_clean_glossary_is_told_nothing():
    assert told(NEURON, GRADIENT, a_comparison(), a_path("neuron", "gradient")) == []
    assert told(NEURON) == []


def test_the_real_glossary_is_told_nothing():
    loaded = ours()
    glossary, problems = loaded.glossary, loaded.problems
    assert [str(problem) for problem in located(ROOT, [*problems, *check(glossary)])] == []


def test_what_could_not_be_read_is_not_told_to_be_missing(project):
    shared = {"aliases": [{"text": "ANN", "ambiguous": True}]}
    write_yaml(project / "terms" / "gradient.yml", entry("Gradient", related=["loss", "neuron"], **shared))
    write_yaml(project / "terms" / "adam.yml", entry("Adam", demo="broken", explanation=f"{PROSE} [[loss]]"))
    (project / "terms" / "loss.yml").write_text("title: [", encoding="utf-8")
    (project / "terms" / "neuron.yml").write_text("title: [", encoding="utf-8")  # the home of tiny
    (project / "terms" / "categories.yml").write_text("[", encoding="utf-8")
    (project / "demos" / "broken.py").write_text("(", encoding="utf-8")
    (project / "demos" / "other.py").write_bytes((project / "demos" / "tiny.py").read_bytes())
    loaded = load(project)
    glossary, problems = loaded.glossary, loaded.problems
    told = [str(problem).partition("\n")[0] for problem in located(project, [*problems, *check(glossary)])]
    assert told == [
        "demos/broken.py:1:1: this is not Python: '(' was never closed",
        "terms/categories.yml:2:1: this is not valid YAML: a value is missing here, or a bracket is not closed",
        "terms/loss.yml:2:1: this is not valid YAML: a value is missing here, or a bracket is not closed",
        "terms/neuron.yml:2:1: this is not valid YAML: a value is missing here, or a bracket is not closed",
    ]


def test_a_problem_found_here_is_told_with_its_line(project):
    write_yaml(project / "terms" / "neuron.yml", entry(related=["nowhere"], examples=["One.", "Open ` tick."]))
    lines = (project / "terms" / "neuron.yml").read_text(encoding="utf-8").splitlines()
    problems = located(project, check(load(project).glossary))
    assert [lines[problem.line - 1][problem.column - 1 :] for problem in problems] == ["Open ` tick.", "nowhere"]
