"""Rules about sources: a primary one, and none twice."""

from collections.abc import Iterator

from generator.check.rule import EntryRule
from generator.model.entries import PRIMARY, AnyEntry, Path, slugify
from generator.problems import Problem, Where, listed
from generator.text.web_addresses import names_a_site, same_page


@EntryRule
def sources(entry: AnyEntry) -> Iterator[Problem]:
    """At least one source is a primary one, and none is named twice."""
    if isinstance(entry, Path):
        return
    if not any(source.kind in PRIMARY for source in entry.sources):
        hint = f"name at least one {listed(PRIMARY, 'or')}"
        yield Problem(entry.file, "no source is a primary one", hint, ("sources",))
    pages = [same_page(source.url) if names_a_site(source.url) else "" for source in entry.sources]
    for i, source in enumerate(entry.sources):
        where: Where = ("sources", i)
        if not pages[i]:
            hint = "copy the whole address from the browser"
            yield Problem(entry.file, f"the address {source.url} names no site", hint, (*where, "url"))
            continue
        for other, page in zip(entry.sources[:i], pages, strict=False):
            if page == pages[i]:
                as_ = "" if other.url == source.url else f", here and as {other.url}"
                yield Problem(entry.file, f"the source {source.url} is named twice{as_}", "keep one", (*where, "url"))
                break
            if slugify(other.title) == slugify(source.title) and (other.authors or source.authors) == source.authors:
                hint = "keep one, or say in the title which part or edition it is"
                yield Problem(entry.file, f"the source '{source.title}' is named twice", hint, (*where, "title"))
                break
