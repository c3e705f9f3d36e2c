"""Rules about sources: a primary one, none twice, and each used by a sentence."""

import re
from collections.abc import Iterator

from generator.check.rule import EntryRule
from generator.check.unfinished import is_unfinished
from generator.model.entries import PRIMARY, AnyEntry, Path, Source, slugify
from generator.model.texts import prose
from generator.problems import Problem, Where, listed
from generator.text.markdown import parts
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
    titles = [slugify(source.title) for source in entry.sources]
    for i, source in enumerate(entry.sources):
        where: Where = ("sources", i)
        if not pages[i]:
            hint = "copy the whole address from the browser"
            yield Problem(entry.file, f"the address {source.url} names no site", hint, (*where, "url"))
            continue
        for other, page, title in zip(entry.sources[:i], pages, titles, strict=False):
            if page == pages[i]:
                as_ = "" if other.url == source.url else f", here and as {other.url}"
                yield Problem(entry.file, f"the source {source.url} is named twice{as_}", "keep one", (*where, "url"))
                break
            if title == titles[i] and (other.authors or source.authors) == source.authors:
                hint = "keep one, or say in the title which part or edition it is"
                yield Problem(entry.file, f"the source '{source.title}' is named twice", hint, (*where, "title"))
                break


@EntryRule
def sources_are_used(entry: AnyEntry) -> Iterator[Problem]:
    """Every source is used by a text, which names the last name of an author, the title or what stands in it before a
    colon or comma, or the year (“GPT-2 (2019)”), or links to it."""
    if isinstance(entry, Path):
        return
    texts = [text.content for text in prose(entry)]
    said = " ".join("\n".join(texts).split())
    linked = {same_page(url) for text in texts if "://" in text for url in _addresses(text) if names_a_site(url)}
    for i, source in enumerate(entry.sources):
        if is_unfinished(source.title):
            continue  # which is told already
        if not _is_named(source, said) and not (names_a_site(source.url) and same_page(source.url) in linked):
            hint = "say what rests on it in a sentence, with its authors and year, or take it out"
            yield Problem(
                entry.file, f"no text uses the source '{source.title}'", hint, ("sources", i), kind="unfinished"
            )


def _is_named(source: Source, said: str) -> bool:
    """Whether a text names a source. The year is enough, since a paper is often called by what it brought."""
    people = [name.split()[-1] for name in re.split(r",|;|\band\b", source.authors or "") if name.strip()]
    named = [*people, str(source.year)]
    # Nearly all names do not occur at all, and to see that takes no pattern, which would have to be compiled.
    if any(re.search(rf"(?<!\w){re.escape(one)}(?!\w)", said) for one in named if one != "others" and one in said):
        return True
    title = " ".join(source.title.split()).casefold()
    return re.split(r"[:,]", title)[0] in said.casefold()


def _addresses(text: str) -> Iterator[str]:
    """The addresses to which a text links."""
    for kind, part in parts(text):
        if kind == "link":
            yield part.rpartition("](")[2].removesuffix(")")
        elif kind == "address":
            yield part.strip("<>").rstrip(".,;:")
