"""Edge: MkDocs as a program of its own, which makes some pages at a time, shared out over the cores.

Nobody imports this file. It makes what `mkdocs build` makes, byte for byte, which a test holds it to, and three things
are different. It makes only the pages it is asked for, and knows of all others no more than their names, as far as
links need them: a page of this glossary shows of other pages what its own Markdown says. It does not copy what needs no
engine. And it spares the Markdown parser what only passes through, see shortcut.py. What the engine would warn of is
told to who asked.

One request is one line of JSON on standard input, and its answer one line on standard output, so that `serve` can keep
the program, with all that it has imported and compiled, for the next edit.

    {"to": folder, "pages": [the .md files to make], "names": [all .md files], "frame": true, "processes": 0}

"frame" asks for all that belongs to the theme and to no page: its files, the sitemap, and the page for what is not
there. Without a number of processes, there are as many as it has cores and they have pages worth it. Where the system
refuses something, such as to write on a disk that is full, the answer holds "refused": [number, words, file].
"""

import contextlib
import gc
import hashlib
import json
import logging
import os
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import markdown
from mkdocs.commands.build import get_context
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import get_navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import is_error_template

from generator.cache import keep, kept
from generator.output.compiled import Compiled
from generator.output.mkdocs_parser import Parser
from generator.output.shortcut import Unsafe, restore, set_aside
from generator.saving import about

WORTH_A_PROCESS = 40  # pages; below that, to start another process takes as long as to make them
MOST_PROCESSES = 4


class Known(Files):
    """All pages by name, of which one is looked up when a link leads there; remembers which were."""

    def __init__(self, make: Any, names: Iterable[str]) -> None:
        super().__init__([])
        self.make, self.names = make, set(names)
        self.asked: dict[str, None] = {}

    def get_file_from_path(self, path: str) -> File | None:
        name = PurePosixPath(path).as_posix()
        if name not in self.names:
            return None
        self.asked[name] = None
        if name not in self._src_uris:
            self.append(self.make(name))
        return self._src_uris[name]


class Warned(logging.Handler):
    """What the engine warns of, instead of on the screen."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(f"{record.levelname} -  {record.getMessage()}")


class Part:
    """A part of the theme that is the same on all pages of a folder, but for those that the navigation names."""

    def __init__(self, render: Any) -> None:
        self.render = render
        self.made: dict[str, str] = {}

    def __call__(self, context: Any) -> Iterator[str]:
        page, nav = context["page"], context["nav"]
        if page is None or page in nav.pages:
            yield from self.render(context)
            return
        folder = page.url.rstrip("/").rpartition("/")[0]
        if folder not in self.made:
            self.made[folder] = "".join(self.render(context))
        yield self.made[folder]


PARTS = ("partials/nav.html", "partials/tabs.html", "partials/palette.html")


class Engine:
    """MkDocs, configured once, for any number of requests."""

    def __init__(self, config_file: str, code_cache: Path | None, warned: Warned, **settings: Any) -> None:
        self.warned, self.parent = warned, os.getppid()
        config = load_config(config_file, strict=True, **settings)
        config.plugins.on_startup(command="build", dirty=False)
        self.config = config.plugins.on_config(config)
        self.env = self.config.theme.get_env()
        self.env.bytecode_cache = Compiled()
        self.parser = Parser(self.config)
        self.parts: list[Part] = []
        for name in PARTS:  # of which Jinja keeps one each for all that include it
            template = self.env.get_template(name)
            self.parts.append(part := Part(template.root_render_func))
            template.root_render_func = part
        self.code_cache = code_cache
        self.codes: dict[str, str] = {}

    # --- pages ----------------------------------------------------------------------------------------------

    def pages(self, to: str, pages: Sequence[str], names: Sequence[str], processes: int) -> dict[str, Any]:
        """Makes these pages below a folder -> for each its file and the pages it links to."""
        known = self._known(to, names)
        if not pages:
            return {}
        made = {pages[0]: self._page(known, pages[0])}  # the first one compiles the templates for all
        rest = pages[1:]
        count = processes or min(os.cpu_count() or 1, MOST_PROCESSES, 1 + len(rest) // WORTH_A_PROCESS)
        if count == 1 or sys.platform != "linux":  # elsewhere no process is simply copied
            return made | {name: self._page(known, name) for name in rest}
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context as process_context

        alike = process_context("fork")
        with ProcessPoolExecutor(count - 1, alike, initializer=_share, initargs=(self, known)) as pool:
            others = [pool.submit(_some_pages, rest[start::count]) for start in range(1, count)]
            made |= {name: self._page(known, name) for name in rest[::count]}
            for other in others:
                more, said = other.result()
                made |= more
                self.warned.said += said
        return made

    def _known(self, to: str, names: Sequence[str]) -> Known:
        self.config.site_dir = to
        docs, directories = self.config.docs_dir, self.config.use_directory_urls

        def file(name: str) -> File:
            return File(name, docs, to, directories, inclusion=InclusionLevel.NOT_IN_NAV)

        known = Known(file, names)
        self.nav = get_navigation(known, self.config)  # asks for the pages that it names
        for part in self.parts:
            part.made.clear()
        return known

    def _page(self, known: Known, name: str) -> dict[str, Any]:
        """Makes one page, as the engine's own build() does, with what plugins have to say."""
        if os.getppid() != self.parent:
            os._exit(1)  # nobody waits for this page any more
        config, plugins = self.config, self.config.plugins
        file = known.get_file_from_path(name)
        assert file is not None
        page = file.page or Page(None, file, config)
        known.asked.clear()
        config._current_page = page
        try:
            page = plugins.on_pre_page(page, config=config, files=known)
            page.read_source(config)
            page.markdown = plugins.on_page_markdown(page.markdown or "", page=page, config=config, files=known)
            codes = self._convert(page, known)
            page.content = plugins.on_page_content(page.content or "", page=page, config=config, files=known)
            page.active = True
            context = get_context(self.nav, [], config, page)
            template = self.env.get_template(page.meta.get("template", "main.html"))
            context = plugins.on_page_context(context, page=page, config=config, nav=self.nav)
            html = plugins.on_post_page(template.render(context), page=page, config=config)
        finally:
            page.active = False
            config._current_page = None
        _write(file.abs_dest_path, html.encode("utf-8", errors="xmlcharrefreplace"))
        wanted = {to.src_uri: sorted(anchors) for to, anchors in (page.links_to_anchors or {}).items()}
        for anchor in wanted.pop(name, ()):
            if f'id="{anchor}"' not in html and f'name="{anchor}"' not in html:
                said = f"Doc file '{name}' contains a link '#{anchor}', but there is no such anchor on this page."
                self.warned.said.append(f"WARNING -  {said}")
        links: dict[str, list[str]] = {to: [] for to in known.asked if to != name} | wanted
        # Back to what it was, so that what is made next looks the same whether this page was made before it or not.
        page.markdown, page.content, page.toc, page.meta = None, None, [], {}  # type: ignore[assignment]
        return {"file": file.dest_uri, "links": links, "codes": codes}

    def _convert(self, page: Page, known: Known) -> list[str]:
        """From Markdown to HTML -> what the code on the page is remembered by."""
        codes: list[str] = []

        def code(block: str) -> str:
            key, html = self._code(block)
            codes.append(key)
            return html

        plain = page.markdown or ""
        page.markdown, pieces = set_aside(plain, code)
        warned = len(self.warned.said)
        self.parser.render(page, known)
        try:
            page.content = restore(page.content or "", pieces)
        except Unsafe:
            del self.warned.said[warned:]
            page.markdown = plain
            self.parser.render(page, known)
        return codes

    def _code(self, block: str) -> tuple[str, str]:
        """A fenced block as the engine's own Markdown shows it -> what it is remembered by, and the HTML."""
        extensions, settings = self.config.markdown_extensions, self.config.mdx_configs or {}
        key = hashlib.sha256(repr((versions(), extensions, settings, block)).encode()).hexdigest()[:32]
        if key not in self.codes:
            place = self.code_cache / f"{key}.html" if self.code_cache else None
            known = kept(place) if place else None
            if known is None:
                known = markdown.Markdown(extensions=extensions, extension_configs=settings).convert(block).encode()
                if place:
                    keep(place, known)
            self.codes[key] = known.decode()
        return key, self.codes[key]

    # --- what belongs to no page ----------------------------------------------------------------------------

    def frame(self, to: str, names: Sequence[str]) -> list[str]:
        """Writes what the theme brings along, and what is made from the list of all pages -> the files."""
        config, plugins = self.config, self.config.plugins
        known = self._known(to, names)
        for name in names:
            file = known.get_file_from_path(name)
            assert file is not None
            if file.page is None:
                Page(None, file, config)
        pages = sorted((file for file in known), key=_as_walked)
        theme = Files([])
        theme.add_files_from_theme(self.env, config)
        for file in theme:
            file.dest_dir = to
            file.copy_file()
        written = [file.dest_uri for file in theme]
        for name in config.theme.static_templates:
            template = plugins.on_pre_template(self.env.get_template(name), template_name=name, config=config)
            base = urlsplit(config.site_url or "/").path if is_error_template(name) else "."
            context = get_context(self.nav, pages, config, base_url=base)
            context = plugins.on_template_context(context, template_name=name, config=config)
            text = plugins.on_post_template(template.render(context), template_name=name, config=config)
            if text.strip():
                _write(os.path.join(to, name), text.encode())
                written.append(name)
        plugins.on_post_build(config=config)
        return sorted(written)


def _as_walked(file: File) -> tuple[Any, ...]:
    """The order in which the engine finds pages: folder by folder, in each the index first."""
    *folders, name = file.src_uri.split("/")
    return folders, name not in ("index.md", "README.md"), name


def _write(place: str, content: bytes) -> None:
    os.makedirs(os.path.dirname(place), exist_ok=True)
    with about(place), open(place, "wb") as file:
        file.write(content)


_shared: tuple[Engine, Known]  # in a process that shares the work


def _share(engine: Engine, known: Known) -> None:
    global _shared
    engine.parent = os.getppid()
    _shared = engine, known


def _some_pages(names: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    engine, known = _shared
    engine.warned.said.clear()
    return {name: engine._page(known, name) for name in names}, engine.warned.said


def versions() -> str:
    """What is at work here; the program that asks says it, so that it is worked out once."""
    return os.environ.get("TERMLAB_ENGINE", "")


@contextlib.contextmanager
def _answers() -> Iterator[Any]:
    """Where answers go: to what was standard output. What else is printed goes to standard error."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        yield answers


def main() -> None:
    root, cache, *site_url = sys.argv[1:]
    os.chdir(root)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the program that asks, and it ends this one
    warned = Warned()
    log = logging.getLogger("mkdocs")
    log.addHandler(warned)
    log.propagate = False
    with _answers() as answers:
        engine: Engine | None = None
        for line in sys.stdin:
            asked = json.loads(line)
            answer: dict[str, Any] = {"warnings": warned.said}
            warned.said.clear()
            try:
                if engine is None:
                    settings = {"site_url": site_url[0]} if site_url else {}
                    engine = Engine("mkdocs.yml", Path(cache), warned, **settings)
                    gc.freeze()  # all of that stays, and need not be looked through for what can go
                    gc.set_threshold(20_000, 20, 20)  # pages are made of many small objects
                answer["pages"] = engine.pages(asked["to"], asked["pages"], asked["names"], asked["processes"])
                if asked["frame"]:
                    answer["frame"] = engine.frame(asked["to"], asked["names"])
            except OSError as error:
                answer["refused"] = error.errno, error.strerror or str(error), error.filename2 or error.filename
            except Exception as error:
                answer["error"] = f"{type(error).__name__}: {error}"
            answers.write(json.dumps(answer) + "\n")
            answers.flush()


if __name__ == "__main__":
    main()
