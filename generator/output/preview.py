"""Edge: the site that `serve` shows, in a folder of its own, since it may show what is not finished.

It is made like the finished site, and then renewed file by file, by an engine that stays.
"""

import os
from pathlib import Path
from types import TracebackType

from generator.cache import PREVIEW
from generator.output.engine import Engine, engine_key
from generator.output.finished import Finished, finish, link, remove, renew
from generator.output.folders import rescue

SEARCH = "search/search_index.json"  # which exports write, when they know the glossary


class Preview:
    """The folder build/preview, made when renew() is called for the first time."""

    def __init__(self, root: Path, url: str) -> None:
        self.root, self.place = root, root / "build" / "preview"
        self.engine = Engine(root, url)
        self.engine.start()  # which imports what it needs while the Markdown is written
        self.finished: Finished | None = None
        self.renewed = False

    def __enter__(self) -> "Preview":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.engine.close()
        if self.finished is not None:
            self.finished.save(self.root / PREVIEW)

    def renew(self) -> None:
        """Brings the preview up to build/docs; `renewed` says whether that changed anything. Raises EngineFailed."""
        self.renewed = False
        if self.finished is None:
            rescue(self.place)
            self.finished, _ = renew(self.root, self.engine, self.place, self.root / PREVIEW, self._keep_search)
            self.renewed = True
            return
        before = self.finished
        if engine_key(self.root, self.engine.site_url) != before.key:
            self.engine.close()  # it was configured otherwise
        now, new = finish(self.root, self.engine, self.place, before, self.place)
        remove(before.files - now.files, self.place)
        self.finished = now
        self.renewed = bool(new) or now.frame != before.frame or now.static != before.static

    def _keep_search(self, made: Path) -> None:
        """Lets search work with what was known last, until exports know better."""
        if (self.place / SEARCH).is_file():
            os.makedirs((made / SEARCH).parent, exist_ok=True)
            link(str(self.place / SEARCH), str(made / SEARCH))
