"""The finished site: whoever makes a page, and whenever, it has the same bytes; and no link leads nowhere."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from generator.build import build
from generator.cache import SITE
from generator.output.engine import Engine, EngineFailed, engine_environment, engine_key
from generator.output.finished import Finished, finish, forget_code, link, remembered, renew
from generator.output.preview import Preview
from tests.generator.conftest import ROOT, entry, write_yaml

CODE = "Look:\n\n```python\nx = 1  # <b>\n\n\ny = 2\n```\n\nA formula, $x_1 < 2$, and `code`."


@pytest.fixture
def small(project, monkeypatch):
    """A project of three terms whose pages have been written."""
    monkeypatch.chdir(ROOT)
    shutil.copytree(ROOT / "generator" / "theme", project / "generator" / "theme")
    long = entry()["explanation"] + "\n\n" + CODE
    write_yaml(project / "terms" / "neuron.yml", entry(explanation=long, formula=[{"latex": r"\frac{a}{b}"}]))
    write_yaml(project / "terms" / "gradient.yml", entry("Gradient", prerequisites=["neuron"]))
    write_yaml(project / "terms" / "adam.yml", entry("Adam", prerequisites=["gradient"], aliases=[{"text": "Eve"}]))
    build(project, lambda _: None)
    return project


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def made(project, to, before=None, last=None, processes=0):
    """The site in a folder -> what is remembered of it, and how many pages were new."""
    with Engine(project, processes=processes) as engine:
        return finish(project, engine, last or project / "none", before or Finished(), to)


def edit(project):
    write_yaml(project / "terms" / "gradient.yml", entry("Gradient", prerequisites=["neuron"], examples=["One.", "X."]))
    build(project, lambda _: None)


def differing(one, other):
    return [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)]


def test_the_same_bytes_cold_edited_shared_out_and_from_the_engine_alone(small):
    """Nothing that makes it fast may be seen: a whole build by the engine itself is the measure."""
    first, _ = made(small, small / "first")
    edit(small)
    _, new = made(small, small / "edited", before=first, last=small / "first")
    _, all_new = made(small, small / "cold", processes=1)
    made(small, small / "shared", processes=3)
    assert (new, all_new) == (1, len(list((small / "build" / "docs").rglob("*.md"))))
    cold = contents(small / "cold")
    assert differing(cold, contents(small / "shared")) == []
    (small / "cold" / "search" / "search_index.json").unlink()  # the engine's, in whose place exports put theirs
    assert differing(contents(small / "cold"), contents(small / "edited")) == []
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(small / "alone")]
    subprocess.run(command, cwd=small, env=engine_environment(), check=True)
    alone = contents(small / "alone")
    assert differing(cold, alone) == []
    assert b"sitemap" in alone["sitemap.xml"]
    assert b'<span class="kn">' in alone["terms/neuron/index.html"]


def test_a_page_is_made_anew_when_the_theme_or_the_configuration_or_its_own_file_changes(small):
    place, manifest = small / "build" / "site", small / SITE

    def new():
        with Engine(small) as engine:
            return renew(small, engine, place, manifest, lambda _: None)[1]

    pages = new()
    assert (pages > 10, new()) == (True, 0)
    page = place / "terms" / "neuron" / "index.html"
    page.write_text("somebody else's", encoding="utf-8")
    assert new() == 1
    assert "somebody" not in page.read_text(encoding="utf-8")
    theme = small / "generator" / "theme" / "404.html"
    theme.write_text(theme.read_text(encoding="utf-8").replace("not here", "nowhere"), encoding="utf-8")
    assert new() == pages
    assert "This page is nowhere" in (place / "404.html").read_text(encoding="utf-8")
    config = small / "mkdocs.yml"
    config.write_text(config.read_text(encoding="utf-8").replace("site_name: Termlab", "site_name: Other"), "utf-8")
    assert new() == pages
    assert "Other" in page.read_text(encoding="utf-8")


def test_what_somebody_else_remembered_is_not_believed(small):
    place, manifest = small / "build" / "site", small / SITE
    with Engine(small) as engine:
        renew(small, engine, place, manifest, lambda _: None)
    sealed = manifest.read_bytes()
    manifest.write_bytes(sealed[:-3] + b"0" + sealed[-2:])
    assert remembered(manifest) == Finished()
    manifest.write_bytes(json.dumps({"key": engine_key(small)}).encode())
    assert remembered(manifest) == Finished()
    manifest.write_bytes(sealed)
    assert remembered(manifest).pages


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("[x](gone.md)", "a link 'gone.md', but the target 'terms/gone.md' is not found"),
        ("[x](neuron.md#gone)", "a link to 'terms/neuron.md#gone', where there is no such anchor."),
        ("[x](#gone)", "a link '#gone', but there is no such anchor on this page."),
        ("[x](/gone/)", "an absolute link '/gone/', it was left as is."),
        ("[x](neuron)", "an unrecognized relative link 'neuron', it was left as is."),
    ],
)  # fmt: skip
def test_a_link_that_leads_nowhere_is_told_and_nothing_is_left_behind(small, link, said):
    page = small / "build" / "docs" / "terms" / "adam.md"
    page.write_text(page.read_text(encoding="utf-8") + f"\n{link}\n", encoding="utf-8")
    with pytest.raises(EngineFailed) as failed:
        made(small, small / "site")
    assert f"Doc file 'terms/adam.md' contains {said}" in str(failed.value)
    assert str(failed.value).endswith("\nThe last good site is untouched.")
    assert not (small / "site").exists()


def test_a_link_to_a_page_that_is_there_no_more_is_told_though_the_page_with_the_link_was_kept(small):
    page, other = (small / "build" / "docs" / "terms" / name for name in ("adam.md", "neuron.md"))
    page.write_text(page.read_text(encoding="utf-8") + "\n[x](neuron.md#try-it) [y](neuron.md#try)\n", encoding="utf-8")
    first, _ = made(small, small / "first")
    other.write_text(other.read_text(encoding="utf-8").replace("## Try it", "## Do it"), encoding="utf-8")
    with pytest.raises(EngineFailed, match=r"to 'terms/neuron.md#try-it', where there is no such anchor"):
        made(small, small / "second", first, small / "first")
    other.unlink()
    with pytest.raises(EngineFailed, match=r"'terms/adam.md' contains a link to 'terms/neuron.md', which is not found"):
        made(small, small / "second", first, small / "first")


def test_files_that_need_no_engine_are_not_copied(small):
    made(small, small / "site")
    name = "assets/termlab.css"
    assert os.path.samefile(small / "site" / name, small / "build" / "docs" / name)
    link(str(small / "mkdocs.yml"), str(small / "site" / name))  # in place of what is there
    assert (small / "site" / name).read_bytes() == (small / "mkdocs.yml").read_bytes()


def test_where_the_system_can_not_link_files_are_copied_with_their_time(tmp_path, monkeypatch):
    def refused(*_):
        raise OSError

    monkeypatch.setattr(os, "link", refused)
    (tmp_path / "one").write_text("1", encoding="utf-8")
    link(str(tmp_path / "one"), str(tmp_path / "other"))
    assert (tmp_path / "other").read_text(encoding="utf-8") == "1"
    assert (tmp_path / "other").stat().st_mtime_ns == (tmp_path / "one").stat().st_mtime_ns


def test_code_that_no_page_shows_is_forgotten(small):
    finished, _ = made(small, small / "site")
    kept = set((small / ".cache" / "code").iterdir())
    assert kept
    (small / ".cache" / "code" / "old.html").write_text("old", encoding="utf-8")
    forget_code(small, finished)
    assert set((small / ".cache" / "code").iterdir()) == kept


def test_the_preview_is_renewed_file_by_file_to_what_a_new_one_would_be(small):
    with Preview(small, "http://127.0.0.1:8000/") as preview:
        preview.renew()
        assert preview.renewed
        same = preview.place / "terms" / "neuron" / "index.html"
        before = same.stat()
        preview.renew()
        assert not preview.renewed
        edit(small)
        preview.renew()
        assert preview.renewed
        assert os.path.samestat(same.stat(), before)
        write_yaml(small / "terms" / "loss.yml", entry("Loss", related=["gradient"]))
        (small / "terms" / "adam.yml").unlink()
        build(small, lambda _: None)
        preview.renew()
        assert not (preview.place / "terms" / "adam").exists()
        here = contents(preview.place)
    made(small, small / "anew")
    there = contents(small / "anew")
    there.pop("search/search_index.json")
    here.pop("search/search_index.json", None)
    assert differing(here, there) == []


def test_an_engine_that_can_not_start_says_why(small):
    (small / "mkdocs.yml").write_text("site_name: x\nsite_url: http://x/\ntheme: {name: nobody}\n", encoding="utf-8")
    with pytest.raises(EngineFailed, match="theme"):
        made(small, small / "site")
