"""Edge: the finished site: pages that the engine makes, pages that are kept from the last site, files that are linked.

A page of the site depends on its own Markdown, on the theme, the configuration and the engine, and on no other page:
what it shows of others stands in its Markdown. As long as all these stay the same it is kept. Links from page to page
are therefore checked here, over all pages, and not by the engine, which sees only those that it makes.
"""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.cache import CODE, keep, kept
from generator.output.engine import Engine, EngineFailed, engine_key
from generator.output.folders import folder_beside, swap_in
from generator.saving import beside

Seen = tuple[int, int]  # size and time of a file


@dataclass
class Made:
    """A page as it was made: from which Markdown, into which file, and with which links."""

    source: list[Any]  # sum, size and time of the Markdown
    file: str
    seen: list[int]
    links: dict[str, list[str]]  # page it links to -> anchors on it
    codes: list[str]  # what its code is remembered by


@dataclass
class Finished:
    """What is remembered of a finished site."""

    key: str = ""
    pages: dict[str, Made] = field(default_factory=dict)
    frame: dict[str, list[int]] = field(default_factory=dict)  # files of the theme
    names: str = ""  # the sum of the names of all pages, with which the frame was made
    static: dict[str, Seen] = field(default_factory=dict)  # files that need no engine; not remembered between builds
    files: set[str] = field(default_factory=set)  # all of these, but for what exports added; not remembered either

    def save(self, place: Path) -> None:
        """Remembers it from one build to the next."""
        pages = {name: vars(made) for name, made in self.pages.items()}
        known = {"key": self.key, "pages": pages, "frame": self.frame, "names": self.names}
        keep(place, json.dumps(known).encode())


def remembered(place: Path) -> Finished:
    """What was remembered; nothing where that can not be read or was not remembered by this account."""
    try:
        known = json.loads(kept(place) or b"{}")
        pages = {name: Made(**made) for name, made in known["pages"].items()}
        return Finished(known["key"], pages, known["frame"], known["names"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return Finished()


def renew(
    root: Path, engine: Engine, place: Path, manifest: Path, then: Callable[[Path], None]
) -> tuple[Finished, int]:
    """Makes the site of build/docs and exchanges it for the one at a place -> what it holds, how many pages are new.

    manifest: where is remembered what was made. then: what is still to be done in the new folder before the exchange.
    Raises EngineFailed. At every moment the place holds the old site or the new one, whole.
    """
    made = folder_beside(place)
    try:
        finished, new = finish(root, engine, place, remembered(manifest), made)
        then(made)
        finished.save(manifest)
        swap_in(made, place)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return finished, new


def finish(root: Path, engine: Engine, last: Path, before: Finished, into: Path) -> tuple[Finished, int]:
    """Makes the site of build/docs in a folder -> what it holds, and how many pages the engine had to make.

    last: the site made before, as `before` says. into: a folder that is not there yet, or `last` itself, in which then
    file after file is exchanged. Raises EngineFailed, and then has not touched `last`.
    """
    docs = root / "build" / "docs"
    found = dict(_files(docs))
    names = sorted(name for name in found if name.endswith(".md"))
    now = Finished(engine_key(root, engine.site_url), names=hashlib.sha256("\0".join(names).encode()).hexdigest())
    if now.key != before.key:
        before = Finished(static=before.static)
    waiting = dict[str, list[Any]]()
    for name in names:
        old = before.pages.get(name)
        source = _source(docs, name, found[name], old)
        if old and old.source[0] == source[0] and _seen(last / old.file) == old.seen:
            now.pages[name] = Made(source, old.file, old.seen, old.links, old.codes)
        else:
            waiting[name] = source
    same_frame = before.names == now.names and all(_seen(last / file) == seen for file, seen in before.frame.items())
    if same_frame:
        now.frame = before.frame
    staged = into.with_name(f"{into.name}.new") if into == last else into
    shutil.rmtree(staged, ignore_errors=True)  # of one that was killed
    try:
        staged.mkdir(parents=True)
        if waiting or not same_frame:
            made = engine.make(staged, list(waiting), names, not same_frame)
            for name, said in made["pages"].items():
                seen = _seen(staged / said["file"]) or []
                now.pages[name] = Made(waiting[name], said["file"], seen, said["links"], said["codes"])
            if not same_frame:
                now.frame = {file: _seen(staged / file) or [] for file in made["frame"]}
        new = {made.file for name, made in now.pages.items() if name in waiting}
        if lost := list(_lost(now, lambda file: (staged if file in new else last) / file)):
            raise EngineFailed("The site has links that lead nowhere:\n" + "\n".join(lost))
        now.static = {name: seen for name, seen in found.items() if not name.endswith(".md")}
        fresh = new if same_frame else new | now.frame.keys()
        _put_together(docs, now, before, fresh, last, staged, into)
    except BaseException:
        shutil.rmtree(staged, ignore_errors=True)
        raise
    return now, len(waiting)


def forget_code(root: Path, finished: Finished) -> None:
    """Clears the cache of code that no page shows any more."""
    used = {f"{code}.html" for made in finished.pages.values() for code in made.codes}
    if (root / CODE).is_dir():
        for old in (root / CODE).iterdir():
            if old.name not in used:
                old.unlink(missing_ok=True)


def _source(docs: Path, name: str, seen: Seen, old: Made | None) -> list[Any]:
    """Sum, size and time of a page's Markdown; read only where it was written since it was read last."""
    if old and old.source[1:] == list(seen):
        return old.source
    return [hashlib.sha256((docs / name).read_bytes()).hexdigest(), *seen]


def _lost(now: Finished, place: Callable[[str], Path]) -> Iterator[str]:
    """Links from page to page that lead to no page, or to a place that is not on it. place: where a file of a page is.

    Links within a page were checked when it was made.
    """
    pages: dict[str, str] = {}
    for name, made in now.pages.items():
        for to, anchors in made.links.items():
            if to not in now.pages:
                yield f"Doc file '{name}' contains a link to '{to}', which is not found among documentation files."
            elif anchors:
                page = pages.get(to) or pages.setdefault(to, place(now.pages[to].file).read_text(encoding="utf-8"))
                for anchor in anchors:
                    if f'id="{anchor}"' not in page and f'name="{anchor}"' not in page:
                        yield f"Doc file '{name}' contains a link to '{to}#{anchor}', where there is no such anchor."


def _put_together(
    docs: Path, now: Finished, before: Finished, fresh: set[str], last: Path, staged: Path, into: Path
) -> None:
    """Brings what was made, what is kept and what needs no engine together in one folder."""
    rendered = {made.file for made in now.pages.values()} | now.frame.keys()
    now.files = rendered | now.static.keys()
    folders: set[str] = set()

    def folder(name: str) -> None:
        parent = name.rpartition("/")[0]
        if parent not in folders:
            os.makedirs(f"{into}/{parent}", exist_ok=True)
            folders.add(parent)

    if staged == into:
        for name in rendered - fresh:
            folder(name)
            link(f"{last}/{name}", f"{into}/{name}")
    else:
        for name in fresh:
            folder(name)
            os.replace(f"{staged}/{name}", f"{into}/{name}")
        shutil.rmtree(staged)
    for name, seen in now.static.items():
        if staged == into or before.static.get(name) != seen or name in fresh:
            folder(name)
            link(f"{docs}/{name}", f"{into}/{name}")


def link(source: str, target: str) -> None:
    """The same file under a second name; a copy with the same time where the system can not do that."""
    with contextlib.suppress(OSError):
        os.link(source, target)
        return
    with beside(target) as part:  # it is there already, or the system can not do that
        try:
            os.link(source, part)
        except OSError:
            shutil.copy2(source, part)


def remove(names: Iterable[str], folder: Path) -> None:
    """Removes files, and the folders that are empty without them."""
    for name in names:
        place = folder / name
        place.unlink(missing_ok=True)
        for parent in place.relative_to(folder).parents:
            if parent != Path(".") and (folder / parent).is_dir() and not any((folder / parent).iterdir()):
                (folder / parent).rmdir()


def _seen(place: Path) -> list[int] | None:
    try:
        found = os.stat(place)
    except OSError:
        return None
    return [found.st_size, found.st_mtime_ns]


def _files(folder: Path, below: str = "") -> Iterator[tuple[str, Seen]]:
    """The files that the engine sees, with size and time: none that is hidden, and no templates."""
    for entry in os.scandir(f"{folder}/{below}"):
        if entry.name.startswith(".") or (not below and entry.name == "templates"):
            continue
        if entry.is_dir():
            yield from _files(folder, f"{below}{entry.name}/")
        else:
            found = entry.stat()
            yield below + entry.name, (found.st_size, found.st_mtime_ns)
