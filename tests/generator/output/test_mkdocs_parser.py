"""The parser that all pages share makes of every text what the engine's own parser makes of it."""

import markdown
import pytest
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from generator.output.mkdocs_parser import SIGNS, Parser
from tests.generator.conftest import ROOT

# Every pattern that the parser knows, alone, in the company of others, and spoiled.
TEXTS = {
    "code": "Write `x * y`, ``a ` b`` and \\`no code`.",
    "a sign by hand": r"A \* star, \[ no link \](a.md), \\ and \_.",
    "a link": "See [the other](other.md), [a *place*](other.md#there) and [the web](https://example.org 'title').",
    "a link with a reference": "See [the other][1] and [1].\n\n[1]: other.md",
    "a picture": "![what *it* shows](picture.png) and ![by reference][2]\n\n[2]: picture.png",
    "addresses": "<https://example.org> and <somebody@example.org>, but 1 < 2 > 0.",
    "a line that breaks": "One  \ntwo\nthree",
    "HTML": "a <b>bold</b> <br/> <!-- note --> word",
    "an entity": "&amp; &#60; &lt;b&gt; AT&T & more",
    "emphasis": "*one* **two** ***three*** _four_ __five__ snake_case_name 2*3*4 * alone _ alone",
    "marks in marks": "**[a `code` *b*](other.md)** and *a **b** c* and [**x** _y_](other.md)",
    "nothing": "Plain words, and no mark at all.",
    "headings and lists": "# A *title*\n\n## Two `x`\n\n- one\n- *two*\n\n    - three\n\n1. a\n2. b",
    "a table": "| a | `b` |\n|---|---|\n| *c* | [d](other.md) |",
    "Markdown in HTML": '<details markdown="1"><summary>*S*</summary>\n\nA *text*.\n\n- [x](other.md)\n\n</details>',
    "a heading twice": "## Same\n\n## Same\n\n### Same",
}


@pytest.fixture(scope="module")
def config():
    made = load_config(str(ROOT / "mkdocs.yml"))
    return made.plugins.on_config(made)


@pytest.fixture
def render(config):
    """What of a page its rendering says, by a way to render it."""

    def rendered(text, by):
        files = Files([File(name, "docs", "site", True) for name in ("page.md", "other.md", "picture.png")])
        page = Page(None, files.get_file_from_path("page.md"), config)
        page.markdown, page.meta = text, {}
        by(page, files)
        links = {to.src_uri: sorted(anchors) for to, anchors in (page.links_to_anchors or {}).items()}
        return page.content, page.title, [str(item) for item in page.toc], links

    return rendered


def test_every_text_becomes_what_the_engine_alone_makes_of_it(config, render):
    ours = Parser(config)
    for name, text in [*TEXTS.items(), *TEXTS.items()]:  # twice, since nothing of a page may stay for the next
        alone = render(text, lambda page, files: page.render(config, files))
        assert render(text, ours.render) == alone, name


def test_a_page_that_fails_leaves_nothing_for_the_next(config, render, monkeypatch):
    ours = Parser(config)
    with monkeypatch.context() as broken:
        broken.setattr("mkdocs.structure.pages._ExtractTitleTreeprocessor.run", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            render("# Broken\n\n<div>\n\nx\n\n</div>", ours.render)
    assert render("## A", ours.render) == render("## A", lambda page, files: page.render(config, files))


def test_the_signs_are_those_of_patterns_that_the_parser_has():
    known = markdown.Markdown().inlinePatterns
    assert [name for name in SIGNS if name not in known] == []


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_pattern_whose_sign_is_not_there_does_not_match(text):
    for name, sign in SIGNS.items():
        if sign not in text:
            pattern = markdown.Markdown().inlinePatterns[name]
            assert not pattern.getCompiledRegExp().search(text), name
