"""The pages for those who write: how to add a term and a demo, and what there is to do."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from generator.config import url
from generator.model.glossary import Glossary
from generator.pages.guide import CONTROLS, GUIDE, groups, rules, sizes, values, vocabulary
from generator.pages.page import Pages, Planned, card
from generator.pages.upkeep import upkeep
from generator.text.slugs import slugify


def planned(pages: Pages) -> Iterator[Planned]:
    """The guide and the list of what there is to do."""
    index, wanted, term, demo = GUIDE
    propose = pages.site.issue_url("term-proposal.yml")
    cards = [card(path, *GUIDE[path]) for path in GUIDE if path != index]
    for path, template, shown in (
        (index, "contribute.md.j2", {"cards": cards}),
        (wanted, "help-wanted.md.j2", {"upkeep": upkeep(pages.glossary), "propose_url": propose}),
        (term, "write-term.md.j2", {"values": values(), "files": groups(), "rules": rules()}),
        (
            demo,
            "write-demo.md.j2",
            {"controls": CONTROLS.values(), "vocabulary": vocabulary(), "sizes": sizes()},
        ),
    ):
        title, description = GUIDE[path]
        make = partial(pages.page, template, path, title=title, description=description, **shown)
        yield Planned(path, make, shows=shown)


def found(glossary: Glossary) -> Iterator[dict[str, Any]]:
    """What search finds these pages by, and the terms that nobody has written yet."""
    for path, (title, description) in GUIDE.items():
        yield {"location": url(path), "title": title, "kind": "guide", "text": description}
    for wish in glossary.wanted:
        location = f"{url('contribute/help-wanted.md')}#{slugify(wish.title)}"
        yield {"location": location, "title": wish.title, "kind": "wanted", "text": wish.why, "names": wish.typed}
