"""What was read is remembered until it is edited, and hides no problem."""

import os
import pickle
from dataclasses import replace

import pytest

from generator.cache import keep, kept
from generator.check.rules import GLOSSARY_RULES
from generator.load import remembered
from generator.load.glossary import load
from generator.load.remembered import Held, brief
from tests.generator.conftest import entry, ours, write_yaml


@pytest.fixture
def parsed(monkeypatch):
    """The files that were really parsed since last asked."""
    paths = []
    read_entry = remembered.read_entry
    monkeypatch.setattr(remembered, "read_entry", lambda path, data: (paths.append(path), read_entry(path, data))[1])

    def asked():
        seen = [*paths]
        paths.clear()
        return seen

    return asked


def test_what_has_not_changed_is_taken_from_the_cache_and_is_the_same(project, cache, parsed):
    (project / "terms" / "loss.yml").write_text("title: Loss\n", encoding="utf-8")
    first = load(project, cache)
    assert parsed() == ["terms/loss.yml", "terms/neuron.yml"]
    assert load(project, cache) == first
    assert parsed() == []
    assert load(project) == first


def test_an_edited_file_is_read_again_and_a_removed_one_is_forgotten(project, cache, parsed):
    write_yaml(project / "terms" / "loss.yml", entry("Loss"))
    load(project, cache)
    parsed()
    before = os.stat(project / "terms" / "loss.yml")
    write_yaml(project / "terms" / "loss.yml", entry("Moss"))
    os.utime(project / "terms" / "loss.yml", ns=(before.st_atime_ns, before.st_mtime_ns))  # by content, not by clock
    (project / "terms" / "neuron.yml").rename(project / "terms" / "cell.yml")
    glossary = load(project, cache).glossary
    assert parsed() == ["terms/cell.yml", "terms/loss.yml"]
    assert {slug: term.title for slug, term in glossary.terms.items()} == {"cell": "Neuron", "loss": "Moss"}


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda _: b"", lambda _: b"garbage"])
def test_a_damaged_cache_is_no_cache(project, cache, parsed, damage):
    first = load(project, cache)
    cache.write_bytes(damage(cache.read_bytes()))
    parsed()
    assert load(project, cache) == first
    assert parsed() == ["terms/neuron.yml"]


def test_a_cache_of_another_version_is_no_cache(project, cache, parsed):
    load(project, cache)
    version, known = pickle.loads(kept(cache))
    for version_of_other in ("", version + "."):
        keep(cache, pickle.dumps((version_of_other, known)))
        parsed()
        load(project, cache)
        assert parsed() == ["terms/neuron.yml"]


def test_where_one_file_is_asked_about_the_others_come_in_brief(project, cache):
    write_yaml(project / "terms" / "loss.yml", entry("Loss"))
    whole = load(project, cache)
    for place in (cache, None):  # remembered, and read just now
        found = load(project, place, only={"terms/loss.yml"})
        glossary = found.glossary
        assert glossary.terms["loss"] == whole.glossary.terms["loss"]
        assert found.findings == {"terms/loss.yml": whole.findings["terms/loss.yml"]}
        assert glossary.terms["neuron"].definition == whole.glossary.terms["neuron"].definition
        with pytest.raises(AttributeError):
            _ = glossary.terms["neuron"].explanation


def test_no_rule_about_all_entries_needs_what_they_lack_in_brief(monkeypatch):
    glossary = ours().glossary
    broken = replace(
        glossary,
        terms={slug: term for i, (slug, term) in enumerate(glossary.terms.items()) if i % 5},
        demos={name: demo for i, (name, demo) in enumerate(glossary.demos.items()) if i % 5},
        categories={},
        tests={},
    )
    in_brief = replace(
        broken,
        terms={slug: brief(term) for slug, term in broken.terms.items()},
        comparisons={slug: brief(entry) for slug, entry in broken.comparisons.items()},
        paths={slug: brief(entry) for slug, entry in broken.paths.items()},
    )
    found = {rule.says: list(rule(broken)) for rule in GLOSSARY_RULES}
    assert len([name for name in found if found[name]]) > 5
    assert found == {rule.says: list(rule(in_brief)) for rule in GLOSSARY_RULES}


def test_an_edited_file_that_is_asked_about_is_not_waited_for_to_be_remembered(project, cache, parsed):
    write_yaml(project / "terms" / "loss.yml", entry("Loss"))
    load(project, cache)
    before = cache.read_bytes()
    write_yaml(project / "terms" / "loss.yml", entry("Loss", level="advanced"))
    parsed()
    glossary = load(project, cache, only={"terms/loss.yml"}).glossary
    assert glossary.terms["loss"].level == "advanced"
    assert parsed() == ["terms/loss.yml"]
    assert cache.read_bytes() == before
    load(project, cache, only={"terms/neuron.yml"})
    assert parsed() == ["terms/loss.yml"]
    assert cache.read_bytes() != before


def test_many_files_are_read_by_several_processes_just_the_same(project, monkeypatch):
    for number in range(12):
        write_yaml(project / "terms" / f"t{number}.yml", entry(f"Thing {number}"))
    (project / "terms" / "bad.yml").write_text("title: [", encoding="utf-8")
    alone = load(project)
    monkeypatch.setattr(remembered, "PARALLEL_FROM", 2)
    assert load(project) == alone


def test_a_program_that_stays_reads_what_was_edited_and_keeps_the_rest_as_it_is(project, cache, parsed):
    write_yaml(project / "terms" / "loss.yml", entry("Loss"))
    held = Held()
    first = load(project, cache, held=held)
    parsed()
    place = project / "terms" / "loss.yml"
    before = os.stat(place)
    write_yaml(place, entry("Moss"))
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))  # by content, not by clock
    second = load(project, cache, held=held)
    assert parsed() == ["terms/loss.yml"]
    assert second.glossary.terms["neuron"] is first.glossary.terms["neuron"]
    assert second == load(project)
    place.unlink()
    assert load(project, cache, held=held) == load(project)
    write_yaml(place, entry("Loss"))
    assert load(project, cache, held=held) == first
