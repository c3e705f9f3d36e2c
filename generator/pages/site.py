"""Glossary -> {path: content}: every page, index, redirect and export of the site. Nothing is read or written here.

Pages are planned and not made: write() makes each when its turn comes, and only if its key has changed. A module of
this package that has a function planned() is a kind of page, and one of exports/ that has a function files() an export;
no list names them.
"""

from pathlib import Path

import generator.exports
import generator.pages
from demos._show import pictures
from demos._show.sheet import PALETTE, css
from generator.config import Site
from generator.discovery import offering
from generator.lessons.teach import Lessons
from generator.live.files import page_scripts
from generator.model.glossary import Glossary
from generator.output.write import Content, Page
from generator.pages.keys import Keys
from generator.pages.page import Pages
from generator.pages.sitemap import robots

ASSETS = Path(__file__).parent / "assets"


def site(glossary: Glossary, lessons: Lessons, about: Site, program: str = "") -> dict[str, Content]:
    """Every file of the folder that the engine turns into a site. `program` is the version of what makes them."""
    pages, keys = Pages(glossary, lessons, about), Keys(glossary, lessons, about, program)
    files: dict[str, Content] = {}
    for kind in offering(generator.pages, "planned"):
        files |= {one.path: Page(one.make, keys.of(one.shows)) for one in kind.planned(pages)}
    for export in offering(generator.exports, "files"):
        files |= {path: Page(make, keys.of_export) for path, make in export.files(glossary)}
    files["robots.txt"] = robots(about)
    files["assets/charts.css"] = css() + paper() + pictures.style()
    return files | {f"assets/{file.name}": file for file in sorted([*ASSETS.iterdir(), *page_scripts()])}


def paper() -> str:
    """The colors of charts in print: those of light pages, in a dark page too."""
    light = " ".join(f"{name}: {on_light};" for name, (on_light, _) in PALETTE.items())
    return f'@media print {{ [data-md-color-scheme="slate"] {{ {light} }} }}\n'
