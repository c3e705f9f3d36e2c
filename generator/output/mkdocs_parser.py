"""The Markdown parser as the engine sets it up for a page, with less work and the same result.

The engine makes a parser for every page, and lets an HTML parser of its own look for the names of places, which are
looked for here in the finished page. And the parser tries every kind of mark on every piece of text, whether the text
has such a mark or not. A test compares what comes out with what the engine makes alone.
"""

from typing import Any

import markdown
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page, _ExtractTitleTreeprocessor, _RelativePathTreeprocessor
from mkdocs.structure.toc import get_toc

# What must stand in a text for a pattern to match, by the name under which the parser knows the pattern. Others are
# tried on every text.
SIGNS = {
    "backtick": "`", "escape": "\\", "reference": "[", "link": "[", "image_link": "![", "image_reference": "![",
    "short_reference": "[", "short_image_ref": "![", "autolink": "<", "automail": "<", "linebreak": "  \n",
    "html": "<", "entity": "&",
}  # fmt: skip


class Parser:
    """One parser for all pages of a site."""

    def __init__(self, config: MkDocsConfig) -> None:
        self.config = config
        self.markdown = markdown.Markdown(
            extensions=config.markdown_extensions, extension_configs=config.mdx_configs or {}
        )
        self.markdown.treeprocessors.register(_Inline(self.markdown), "inline", 20)  # in the place of the usual one

    def render(self, page: Page, files: Files) -> None:
        """What Page.render() does, but for the names of places."""
        parser = self.markdown.reset()
        links, title = _RelativePathTreeprocessor(page.file, files, self.config), _ExtractTitleTreeprocessor()
        links._register(parser)
        title._register(parser)
        page.content = parser.convert(page.markdown or "")
        page.toc = get_toc(getattr(parser, "toc_tokens", []))
        page._title_from_render = title.title
        page.links_to_anchors = links.links_to_anchors


class _Inline(InlineProcessor):  # type: ignore[misc]
    """Tries on a text only the patterns whose sign is in it."""

    def __init__(self, parser: markdown.Markdown) -> None:
        super().__init__(parser)
        named = {id(parser.inlinePatterns[name]): sign for name, sign in SIGNS.items() if name in parser.inlinePatterns}
        self.patterns: list[tuple[Any, str]] = [(one, named.get(id(one), "")) for one in parser.inlinePatterns]

    def _InlineProcessor__handleInline(self, data: Any, patternIndex: int = 0) -> Any:  # noqa: N802
        if isinstance(data, AtomicString):
            return data
        start = 0
        while patternIndex < len(self.patterns):
            pattern, sign = self.patterns[patternIndex]
            matched = False
            if sign in data:
                data, matched, start = self._InlineProcessor__applyPattern(pattern, data, patternIndex, start)
            if not matched:
                patternIndex, start = patternIndex + 1, 0
        return data
