"""Rules about sources: a primary one, none twice, each used by a sentence, and everywhere the same."""

import re
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from functools import lru_cache
from typing import NamedTuple

from generator.check.rule import EntryRule, GlossaryRule
from generator.check.unfinished import is_unfinished
from generator.model.entries import PRIMARY, AnyEntry, Path, Source
from generator.model.glossary import Outline
from generator.model.outline import ComparisonOutline, TermOutline
from generator.model.texts import prose
from generator.problems import Problem, Where, listed
from generator.text.markdown import parts
from generator.text.slugs import slugify
from generator.text.web_addresses import disguised, names_a_site, same_page, told_disguised, told_unseen, unseen_in


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
        if host := disguised(source.url):
            yield Problem(entry.file, *told_disguised(host), (*where, "url"))
        elif hidden := unseen_in(source.url):
            yield Problem(entry.file, *told_unseen(source.url, hidden), (*where, "url"))
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
    if any(_stands_in(one, said) for one in (*_last_names(source), str(source.year))):
        return True
    title = " ".join(source.title.split()).casefold()
    return re.split(r"[:,]", title)[0] in said.casefold()


def _stands_in(word: str, text: str) -> bool:
    """Whether a word stands in a text, and not only in a longer word. To compile a pattern for each of the many names
    takes a hundred times longer."""
    at = text.find(word)
    while at != -1:
        end = at + len(word)
        if not (_goes_on(text[at - 1 : at]) or _goes_on(text[end : end + 1])):
            return True
        at = text.find(word, at + 1)
    return False


def _goes_on(character: str) -> bool:
    return character.isalnum() or character == "_"


def _last_names(source: Source) -> tuple[str, ...]:
    return _last_names_in(source.authors or "")


@lru_cache(maxsize=1024)  # three rules ask about each source
def _last_names_in(authors: str) -> tuple[str, ...]:
    people = [name.split()[-1] for name in re.split(r",|;|\band\b", authors) if name.strip()]
    return tuple([name for name in people if name != "others"])


def _addresses(text: str) -> Iterator[str]:
    """The addresses to which a text links."""
    for kind, part in parts(text):
        if kind == "link":
            yield part.rpartition("](")[2].removesuffix(")")
        elif kind == "address":
            yield part.strip("<>").rstrip(".,;:")


@EntryRule
def years_are_those_of_the_sources(entry: AnyEntry) -> Iterator[Problem]:
    """Where a text names an author of a source with a year, as in “Vaswani and others (2017)”, a source by that author
    is of that year."""
    if isinstance(entry, Path):
        return
    years = defaultdict(set)
    for source in entry.sources:
        for name in _last_names(source):
            years[name].add(str(source.year))
    for text in prose(entry):
        for match in cited(text.content):
            name, year = match.groups()
            if year not in years.get(name, {year}):
                others = listed(sorted(years[name]), "and")
                hint = f"look which year is right, or add the source of {year}"
                message = f"'{match[0]}' names {year}, and what {name} wrote among the sources is of {others}"
                yield Problem(entry.file, message, hint, text.where)


def cited(text: str) -> Iterator[re.Match[str]]:
    """Where a text names an author, or the first of several, with a year: as matches of both."""
    # The whole pattern is tried at every word. Most texts have no year, which is seen in a tenth of the time.
    return _CITED.finditer(" ".join(text.split())) if _YEAR.search(text) else iter(())


_YEAR = re.compile(r"(?:1[6-9]|20)\d\d(?!\w)")  # with which each match of the next one ends
_CITED = re.compile(
    r"(?<!\w)([^\W\d_][\w’'-]*)(?: and others| et al\.| and [^\W\d_][\w’'-]*)?(?:,| \() ?(1[6-9]\d\d|20\d\d)(?!\w)"
)


class _Named(NamedTuple):
    """A source where an entry names it."""

    file: str
    where: Where
    source: Source


@GlossaryRule
def sources_agree(glossary: Outline) -> Iterator[Problem]:
    """A source has the same year, title and first author on every page that names it, and a title by the same first
    author has the same year."""
    by_page: dict[Hashable, list[_Named]] = defaultdict(list)
    by_title: dict[Hashable, list[_Named]] = defaultdict(list)
    entries: list[TermOutline | ComparisonOutline] = [*glossary.terms.values(), *glossary.comparisons.values()]
    for entry in entries:
        for i, source in enumerate(entry.sources):
            if names_a_site(source.url) and not is_unfinished(source.title):
                one = _Named(entry.file, ("sources", i), source)
                for group in (
                    by_page[same_page(source.url)],
                    by_title[slugify(source.title), *_last_names(source)[:1]],
                ):
                    if not group or group[-1].file != entry.file:  # twice on a page is told already
                        group.append(one)
    found = [
        problem
        for group in by_page.values()
        for key, is_ in (("year", "of"), ("title", "called"), ("authors", "by"))
        for problem in _unlike(group, key, is_, "look at the work itself, and write the same in both")
    ]
    hint = "write the year of its first publication in both, or say in the title which edition it is"
    said = {(problem.path, problem.where) for problem in found}
    by_titles = [problem for group in by_title.values() for problem in _unlike(group, "year", "of", hint)]
    yield from [*found, *(problem for problem in by_titles if (problem.path, problem.where) not in said)]


def _unlike(group: list[_Named], key: str, is_: str, hint: str) -> Iterator[Problem]:
    """Where a source is not as on most pages; of two pages, where it is not as on the first."""
    if len(group) == 1:  # as nearly all, and to count what a single page says is most of the work
        return
    given = [one for one in group if key != "authors" or one.source.authors]
    usual = Counter(_told(one.source, key) for one in given).most_common(1)
    for one in given:
        if _told(one.source, key) != usual[0][0]:
            other = next(other for other in given if _told(other.source, key) == usual[0][0])
            here, there = (f"{getattr(each.source, key)}" for each in (one, other))
            if key != "year":
                here, there = f"'{here}'", f"'{there}'"
            message = f"the source {one.source.url} is {is_} {here}, and {is_} {there} in {other.file}"
            yield Problem(one.file, message, hint, (*one.where, key))


def _told(source: Source, key: str) -> Hashable:
    """What must be the same: of a title its words, of authors the first."""
    if key == "authors":
        return _last_names(source)[0]
    return slugify(source.title) if key == "title" else source.year
