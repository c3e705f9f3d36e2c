"""A page is made again whenever it would be another page, and a page whose key is the same is not even made."""

import shutil
from dataclasses import replace

import pytest

from demos._run.source import read
from generator import cache
from generator.cache import program
from generator.config import Site
from generator.model.entries import Category, Term, Wanted
from generator.model.texts import own_page_only
from generator.output.write import NotMade, Page, write
from generator.pages.site import site
from tests.generator.conftest import (
    CATEGORIES,
    DEMO,
    a_comparison,
    a_glossary,
    a_path,
    a_term,
    entry,
    lessons_for,
)
from tests.generator.conftest import PROSE as WORDS

SITE = Site("https://example.org/")
OTHER = {"module": "other", "home": True, "caption": "See it move."}
FIELDS = {
    "neuron": {"aliases": ["cell"]},
    "gradient": {"prerequisites": ["neuron"], "demo": OTHER, "explanation": f"{WORDS} It is a matter of the neuron."},
    "adam": {"related": ["gradient"], "demo": {"module": "tiny", "with": {"size": 3}}, "examples": ["Fast.", "Slow."]},
}
DEMOS = {"tiny": DEMO, "other": DEMO.replace("Tiny", "Other")}


def edition(*extra, change=(), demos=DEMOS, comparison=(), path=(), about=SITE, lessons=(), results=(), **glossary):
    """All files of a small site in which one thing is other than usual. `change`: a term and fields of it."""
    fields = FIELDS | ({change[0]: FIELDS[change[0]] | change[1]} if change else {})
    made = a_glossary(
        *(a_term(**{"title": slug.title(), "slug": slug} | given) for slug, given in fields.items()),
        a_comparison(**dict(comparison)),
        a_path("neuron", "gradient", **dict(path)),
        *extra,
        **{"demos": {name: read(name, text=text) for name, text in demos.items()}} | glossary,
    )
    taught = lessons_for(made, **dict(lessons))
    shown = {key: replace(lesson, **dict(results)) for key, lesson in taught.shown.items()}
    return site(made, replace(taught, shown=shown), about, "1")


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def written_over(files, folder, cold):
    """Writes an edition over that in a folder -> the pages made for it; and it is as `cold`, written into nothing."""
    made = []

    def noted(name, content):
        return (
            replace(content, make=lambda: made.append(name) or content.make()) if isinstance(content, Page) else content
        )

    write({name: noted(name, content) for name, content in files.items()}, folder / "keyed", folder / "pages.json")
    assert contents(folder / "keyed") == cold
    return set(made)


def cold(files, folder):
    """What an edition is like where nothing was before."""
    write(files, folder)
    return contents(folder)


def made_after(before, after, folder):
    """Writes one edition over the other -> the pages that were made for it; and it is as if written into nothing."""
    write(before, folder / "keyed", folder / "pages.json")
    return written_over(after, folder, cold(after, folder / "cold"))


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    """A folder with the usual edition and what is remembered of it, which tests copy, and its files."""
    folder = tmp_path_factory.mktemp("usual")
    write(edition(), folder / "keyed", folder / "pages.json")
    return folder, contents(folder / "keyed")


@pytest.fixture
def there(usual, tmp_path):
    """A copy of that folder."""
    return shutil.copytree(usual[0], tmp_path / "there")


OWN = {
    "explanation": {"explanation": f"{WORDS} Adam is quick."},
    "examples": {"examples": ["Something.", "Something else."]},
    "misconceptions": {"misconceptions": [{"wrong": "It is slow.", "right": "It is quick."}]},
    "faq": {"faq": [{"question": "Why?", "answer": "So."}]},
    "formula": {"formula": [{"latex": "x^2", "symbols": {"x": "a number"}}]},
    "sources": {"sources": [*entry()["sources"], {**entry()["sources"][0], "url": "https://example.org/others"}]},
    "note": {"note": "It is smaller here."},
    "experiments": {
        "experiments": [
            {"ask": "Why?", "to": {"size": 4}, "watch": "size", "answer": "rises", "because": "So."},
            {"goal": "Go.", "reach": {"size": "> 4"}, "witness": {"size": 6}, "because": "So."},
        ]
    },
    "written": {"written": "2026-11-24"},
    "changed": {"changed": "2026-11-24"},
    "reviewed": {"reviewed": {"date": "2026-11-25", "by": "Somebody"}},
    "caption": {"demo": {"module": "tiny", "with": {"size": 3}, "caption": "Look."}},
}


# What the list of pages that could use a hand shows of a term.
EXPORTS = {"glossary.json", "assets/names.json"}  # which may say anything of any entry
IN_THE_LIST = {"sources", "written", "reviewed"}


@pytest.mark.parametrize("field", OWN)
def test_an_edit_to_prose_makes_one_page_the_export_and_what_lists_such_pages(field, there, tmp_path):
    listed = {"contribute/help-wanted.md"} if field in IN_THE_LIST else set()
    listed |= {"index.md"} if field == "written" else set()  # which names the newest terms
    changed = edition(change=("adam", OWN[field]))
    made = written_over(changed, there, cold(changed, tmp_path / "cold"))
    assert made == {"terms/adam.md", "search/texts/adam.json", *EXPORTS} | listed


def test_a_longer_step_makes_its_paths_anew_and_their_list_which_tell_minutes(there, tmp_path):
    changed = edition(
        change=("gradient", {"explanation": f"{WORDS} It is a matter of the neuron. " + "So it is. " * 300})
    )
    made = written_over(changed, there, cold(changed, tmp_path / "cold"))
    told = {"ladder.md", "paths/index.md", "paths/from-here-to-there.md"}
    assert made == {"terms/gradient.md", "search/texts/gradient.json", *EXPORTS} | told


def test_every_field_that_counts_as_prose_was_tried():
    own = own_page_only(Term)
    assert set(own) - {"demo", "also"} | {"caption"} == set(OWN)
    assert own["demo"] == {"caption": True}
    assert own["also"] == {"__all__": {"caption": True}}
    assert set(own) <= set(Term.model_fields)


EDITS = {
    "title": {"change": ("neuron", {"title": "Nerve", "definition": "A nerve is a thing for tests."})},
    "definition": {"change": ("neuron", {"definition": "Neurons are things for tests.", "aliases": ["neurons"]})},
    "alias": {"change": ("neuron", {"aliases": ["cell", "matter"]})},
    "link": {"change": ("neuron", {"aliases": [{"text": "cell", "link": False}]})},
    "old slug": {"change": ("neuron", {"former_slugs": ["nerve"]})},
    "related": {"change": ("adam", {"related": ["neuron"]})},
    "prerequisites": {"change": ("adam", {"related": [], "prerequisites": ["gradient"]})},
    "category": {"change": ("neuron", {"category": "more"})},
    "level": {"change": ("neuron", {"level": "advanced"})},
    "nolink": {"change": ("gradient", {"nolink": ["neuron"]})},
    "demo settings": {"change": ("adam", {"demo": {"module": "tiny", "with": {"size": 4}}})},
    "home": {"change": ("adam", {"demo": {"module": "other", "with": {"size": 3}}})},
    "a name in prose": {"change": ("neuron", {"definition": "Neuron is a thing for tests.",
                                              "explanation": f"{WORDS} We call it Neuron."})},
    "code": {"demos": DEMOS | {"other": DEMOS["other"].replace("size / 2", "0.5 * size")}},
    "hint": {"demos": DEMOS | {"other": DEMOS["other"].replace("Change the size", "Turn the size")}},
    "summary": {"demos": DEMOS | {"other": DEMOS["other"].replace("one number", "a single number")}},
    "result": {"results": {"summary": "The size is 3.", "numbers": {"size": 3, "half of it": 1.5}}},
    "picture": {"results": {"pictures": ("<p>Other sizes</p>",)}},
    "builds on": {"lessons": {"builds_on": {"tiny": [], "other": ["tiny"]}}},
    "browser": {"lessons": {"in_browser": frozenset({"tiny"})}},
    "comparison": {"comparison": {"summary": "Both occur in these tests."}},
    "path": {"path": {"title": "Another way"}},
    "categories": {"categories": {one["slug"]: Category(**one | {"title": "First"}) for one in CATEGORIES}},
    "wanted": {"wanted": [Wanted(title="Entropy", why="It grows.")]},
    "address": {"about": Site("https://example.com/")},
    "repository": {"about": Site("https://example.org/", "https://example.com/code")},
    "no runtime": {"about": Site("https://example.org/", no_runtime="No.")},
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_after_any_edit_and_after_it_is_taken_back_the_pages_are_those_of_a_first_build(edit, usual, there, tmp_path):
    edited = edition(**EDITS[edit])
    assert written_over(edited, there, cold(edited, tmp_path / "cold"))
    assert written_over(edition(), there, usual[1])


def test_a_new_term_and_one_that_goes_leave_the_pages_of_a_first_build(tmp_path):
    more = edition(a_term("Matter", demo="other"))
    assert "terms/gradient.md" in made_after(edition(), more, tmp_path / "there")
    assert "terms/gradient.md" in made_after(more, edition(), tmp_path / "back")


def test_a_wish_that_one_more_page_speaks_of_makes_the_list_anew(tmp_path):
    wanted = [Wanted(title="Entropy", why="It grows.")]
    more = edition(wanted=wanted, change=("adam", {"examples": ["Entropy.", "Two."]}))
    made = made_after(edition(wanted=wanted), more, tmp_path)
    assert made == {"terms/adam.md", "search/texts/adam.json", *EXPORTS, "contribute/help-wanted.md"}


def test_where_nothing_changed_nothing_is_made(usual, there):
    assert written_over(edition(), there, usual[1]) == set()


def test_a_change_to_the_code_of_a_demo_makes_its_pages_only(there, tmp_path):
    edited = edition(**EDITS["code"])
    assert written_over(edited, there, cold(edited, tmp_path / "cold")) == {"terms/gradient.md"}


@pytest.mark.parametrize("damage", ["[]", "{", '{"index.md": 1}', '{"index.md": []}'])
def test_a_page_is_made_again_where_its_file_or_the_memory_of_it_is_damaged(damage, tmp_path):
    write(edition(), tmp_path / "keyed", tmp_path / "pages.json")
    (tmp_path / "keyed" / "terms" / "neuron.md").write_text("edited by hand", encoding="utf-8")
    (tmp_path / "keyed" / "terms" / "adam.md").unlink()
    assert write(edition(), tmp_path / "keyed", tmp_path / "pages.json") == (2, 0)
    before = contents(tmp_path / "keyed")
    (tmp_path / "pages.json").write_text(damage, encoding="utf-8")
    assert write(edition(), tmp_path / "keyed", tmp_path / "pages.json") == (0, 0)
    assert contents(tmp_path / "keyed") == before


def test_a_page_that_can_not_be_made_leaves_the_others_and_takes_nothing_away(tmp_path):
    def fails():
        raise ZeroDivisionError

    write({"old.md": "x", "one.md": "1"}, tmp_path / "docs", tmp_path / "pages.json")
    with pytest.raises(NotMade):
        write({"one.md": "2", "two.md": Page(fails, "k")}, tmp_path / "docs", tmp_path / "pages.json")
    assert contents(tmp_path / "docs") == {"old.md": b"x", "one.md": b"2"}


def test_many_pages_are_made_by_several_processes_just_the_same(tmp_path, monkeypatch):
    write(edition(), tmp_path / "alone")
    monkeypatch.setattr("generator.output.write.PARALLEL_FROM", 2)
    count, _ = write(edition(), tmp_path / "together")
    assert contents(tmp_path / "together") == contents(tmp_path / "alone")
    assert count == len(contents(tmp_path / "alone"))


def test_another_version_of_the_program_makes_every_page(tmp_path):
    def pages(version):
        glossary = a_glossary(a_term())
        return {n: c for n, c in site(glossary, lessons_for(glossary), SITE, version).items() if isinstance(c, Page)}

    assert made_after(pages("1"), pages("2"), tmp_path) == set(pages("1"))


@pytest.mark.parametrize("edited", ["render.py", "templates/term.md.j2"])
def test_every_edit_to_code_or_template_is_another_version_of_the_program(edited, tmp_path, monkeypatch):
    (tmp_path / "templates").mkdir()
    for name in ("render.py", "site.py", "templates/term.md.j2"):
        (tmp_path / name).write_text("a", encoding="utf-8")
    monkeypatch.setattr(cache, "HERE", tmp_path)
    before = program.__wrapped__()
    assert program.__wrapped__() == before
    (tmp_path / edited).write_text("b", encoding="utf-8")
    assert program.__wrapped__() != before
