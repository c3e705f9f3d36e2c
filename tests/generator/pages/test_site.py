"""Everything has a page, every link lands, and the same glossary makes the same files."""

from pathlib import Path, PurePosixPath

from tests.generator.conftest import a_comparison, a_path, as_page
from tests.generator.pages.conftest import DEMOS, TERMS, files_of


def test_everything_has_a_page(files):
    pages = {path for path in files if path.endswith(".md")}
    assert pages == {
        "index.md", "ladder.md", "terms/index.md", "terms/neuron.md", "terms/gradient.md", "terms/adam.md",
        "terms/ann.md", "categories/index.md", "categories/basics.md", "categories/more.md", "levels/index.md",
        "levels/beginner.md", "levels/intermediate.md", "levels/advanced.md", "comparisons/index.md",
        "comparisons/neuron-vs-gradient.md", "paths/index.md", "paths/from-here-to-there.md", "demos/index.md",
        "contribute/index.md", "contribute/help-wanted.md", "contribute/how-to-write-a-term.md",
        "contribute/how-to-write-a-demo.md",
    }  # fmt: skip


def test_every_page_has_a_title_and_a_description_and_keeps_out_of_the_search_of_the_engine(files):
    for path, content in files.items():
        if path.endswith(".md"):
            front, page = as_page(content)
            assert front["title"], path
            assert front["description"].endswith((".", "?")), path
            assert front["search"] == {"exclude": True}, path
            assert len(page.find_all("h1")) == 1, path


def test_every_link_of_every_page_lands(files):
    addresses = {
        PurePosixPath(path.removesuffix(".md").removesuffix("index")) for path in files if path.endswith(".md")
    }
    for path, content in files.items():
        if not path.endswith(".md"):
            continue
        here = PurePosixPath(path)
        for link in as_page(content)[1].find_all("a", href=True):
            to = link["href"]
            if to.startswith(("https:", "#")):
                continue
            target, _, anchor = to.partition("#")
            if target.endswith(".md"):  # Markdown links start at the file, and the engine turns them into addresses
                assert str(resolved(here.parent / target)) in files, (path, to)
            else:  # raw HTML starts at the address of the page, which is a folder
                folder = here.parent if here.stem == "index" else here.with_suffix("")
                assert resolved(folder / target) in addresses, (path, to)
            if anchor == "try-it":
                assert "## Try it" in files[f"{resolved(folder / target)}.md"], (path, to)


def resolved(path):
    """A path without its dots; fails where it leaves the top."""
    parts = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return PurePosixPath(*parts)


def test_what_pages_load_goes_along(files):
    assert {"assets/termlab.css", "assets/charts.css"} <= set(files)
    for path, content in files.items():
        assert isinstance(content, str | bytes) or (isinstance(content, Path) and content.is_file()), path


def test_the_same_glossary_makes_the_same_files(files):
    again = files_of(*TERMS, a_comparison(summary="Both *occur*."), a_path("neuron", "gradient"), demos=DEMOS)
    assert again == files
