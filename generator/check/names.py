"""Rules about what things are called: titles, other names, slugs, and the addresses that they become."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.check.rule import EntryRule, GlossaryRule, HistoryRule
from generator.model.entries import CATEGORIES, KINDS, LONGEST_SLUG, RESERVED, WANTED, AnyEntry, Comparison, Term
from generator.model.glossary import Outline
from generator.model.outline import EntryOutline, TermOutline
from generator.model.texts import TextKind, prose
from generator.problems import Problem, Where, counted, did_you_mean
from generator.text.lookalikes import letter_in_words, lookalike
from generator.text.markdown import start_of
from generator.text.name_marks import marks_in_name
from generator.text.slugs import slugify


@dataclass(frozen=True)
class _Owner:
    """To whom an address belongs: the slug of a term, or nothing where several share it as an acronym."""

    slug: str
    role: str  # of what is called so
    text: str

    def in_words(self, text: str, key: str) -> str:
        """How a text that leads to the same address stands to this, as the end of a sentence."""
        if text.casefold() == self.text.casefold() or key in (text, self.text):
            return f"is already the {self.role} of '{self.slug}'"
        return f"becomes the address '{key}', like the {self.role} '{self.text}' of '{self.slug}'"


@GlossaryRule
def unique_names(glossary: Outline) -> Iterator[Problem]:
    """No two terms claim the same address: slugs, titles, aliases and old slugs all lead somewhere."""
    owners = {slug: _Owner(slug, "slug", slug) for slug in glossary.terms}
    shared = {text for text, slugs in glossary.ambiguous.items() if len(slugs) > 1}
    for text in sorted(shared):  # its page is nobody's, so that a third term can not take the address
        owners.setdefault(slugify(text), _Owner("", "alias", text))
    for slug, term in glossary.terms.items():
        own, before = set[str](), set[str]()
        for text, where, what in _claims(term):
            key = slugify(text)
            mine = _Owner(slug, what, text)
            owner = owners.setdefault(key, mine) if key else mine
            shares = what == "alias" and text in shared and slug in glossary.ambiguous[text]
            if not owner.slug and not shares:
                hint = "give it another name, or take it out"
                if what == "alias":
                    hint = f"mark it as {{text: {owner.text}, ambiguous: true}} here too, or take it out"
                yield Problem(term.file, f"the {what} '{text}' is a shared acronym of other terms", hint, where)
            elif not owner.slug and text != owner.text:
                message = f"the acronyms '{text}' and '{owner.text}' become the same address, '{key}'"
                yield Problem(term.file, message, "spell them alike, or take one out", where)
            elif owner.slug and owner.slug != slug:
                said = owner.in_words(text, key)
                if said.startswith("is"):
                    hint = "give it to one of them"
                    if what == "alias" and owner.role != "slug":
                        hint += f", or mark it as {{text: {text}, ambiguous: true}} in both"
                else:
                    hint = "give one of them another name: an address has no signs but letters, digits and hyphens"
                yield Problem(term.file, f"the {what} '{text}' {said}", hint, where)
            elif (key in before or key == slug) if what == "old slug" else key in own:
                # A title or an alias may lead here from the same address today, and be changed tomorrow.
                yield Problem(term.file, f"the {what} '{text}' says nothing new", "take it out", where)
            elif key == slug and shares:
                hint = "rename the file: the acronym gets a page of its own"
                yield Problem(term.file, f"the slug '{slug}' is a shared acronym", hint, where)
            (before if what == "old slug" else own).add(key)


@GlossaryRule
def old_slugs_lead_to_one_place(glossary: Outline) -> Iterator[Problem]:
    """An old slug of a comparison or a path is the slug of no other, now or before."""
    kinds: list[tuple[str, Mapping[str, EntryOutline]]] = [
        ("comparison", glossary.comparisons),
        ("path", glossary.paths),
    ]
    for kind, entries in kinds:
        owners = {slug: f"the slug of the {kind} '{slug}'" for slug in entries}
        for slug, entry in entries.items():
            for i, old in enumerate(entry.former_slugs):
                if "/" in old:  # of another kind of page
                    continue
                where: Where = ("former_slugs", i)
                mine = f"an old slug of the {kind} '{slug}'"
                owner = owners.setdefault(old, mine)
                if old == slug or old in entry.former_slugs[:i]:
                    yield Problem(entry.file, f"the old slug '{old}' says nothing new", "take it out", where)
                elif owner != mine:
                    yield Problem(
                        entry.file, f"the old slug '{old}' is already {owner}", "give it to one of them", where
                    )


@HistoryRule
def renamed_files_leave_their_slug(glossary: Outline, renames: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    """An entry whose file was renamed has the old slug in `former_slugs`, so that links to its old page lead here, even
    where a title leads here from there today. Only git knows what files were called, so only where it has their
    history is this told."""
    there = {one.file for one in glossary.entries}
    for entry in glossary.entries:
        given = [*entry.former_slugs]
        for old in renames.get(entry.file, ()):
            folder, _, name = old.rpartition("/")
            slug = name.removesuffix(".yml")
            if f"{KINDS[folder].pages}/{slug}" in entry.old_places or old in there:
                continue
            if entry.file.rpartition("/")[0] != folder:
                slug = f"{KINDS[folder].pages}/{slug}"
            message = f"this file was {old}, and nothing keeps the old address leading here"
            hint = f"write `former_slugs: [{', '.join([*given, slug])}]` as its last field"
            yield Problem(entry.file, message, hint, ("title",), kind="unfinished")


@GlossaryRule
def old_addresses_of_other_kinds_lead_to_one_place(glossary: Outline) -> Iterator[Problem]:
    """An old address with its folder, as in comparisons/a-vs-b, is that of another kind of page, and nobody else's."""
    owners = {entry.page.removesuffix(".md"): f"the page of {entry.file}" for entry in glossary.entries}
    for address, slug in glossary.addresses.items():
        owners.setdefault(f"terms/{address}", f"a name of terms/{slug}.yml")
    for entry in glossary.entries:
        for place in entry.old_places:
            if place not in [old for old in entry.former_slugs if "/" in old]:
                owners.setdefault(place, f"an old address of {entry.file}")
    for entry in glossary.entries:
        own = entry.page.partition("/")[0]
        for i, old in enumerate(entry.former_slugs):
            folder, slash, slug = old.rpartition("/")
            if not slash:
                continue
            mine = f"an old address of {entry.file}"
            owner = owners.setdefault(old, mine)
            if folder == own:
                message = f"the old address '{old}' is one of the same kind of page"
                yield Problem(entry.file, message, f"write it as {slug}", ("former_slugs", i))
            elif old in entry.former_slugs[:i]:
                message = f"the old address '{old}' says nothing new"
                yield Problem(entry.file, message, "take it out", ("former_slugs", i))
            elif owner != mine:
                message = f"the old address '{old}' is already {owner}"
                yield Problem(entry.file, message, "give it to one of them", ("former_slugs", i))


_SIGNS = "say in words what it is: nobody can search for signs"


@GlossaryRule
def titles_of_a_kind_differ(glossary: Outline) -> Iterator[Problem]:
    """No two comparisons, no two paths and no two categories have the same title: lists would show one name twice. Each
    title is more than signs."""
    for entries, what in ((glossary.comparisons, "comparison"), (glossary.paths, "path")):
        seen = dict[str, str]()
        for entry in entries.values():
            if not slugify(entry.title):
                yield Problem(entry.file, f"'{entry.title}' can not be a title", _SIGNS, ("title",))
                continue
            other = seen.setdefault(slugify(entry.title), entry.file)
            if other != entry.file:
                message = f"the {what} in {other} has this title too"
                yield Problem(entry.file, message, "give one of them another", ("title",))
    titles = dict[str, str]()
    for i, category in enumerate(glossary.categories.values()):
        if not slugify(category.title):
            yield Problem(CATEGORIES, f"'{category.title}' can not be a title", _SIGNS, (i, "title"))
            continue
        slug = titles.setdefault(slugify(category.title), category.slug)
        if slug != category.slug:
            message = f"the category '{slug}' has the title '{category.title}' too"
            yield Problem(CATEGORIES, message, "give one of them another", (i, "title"))


def _claims(term: TermOutline) -> Iterator[tuple[str, Where, str]]:
    """Every name that leads to a term: what it is, where it stands, and what to call it."""
    yield term.title, ("title",), "title"
    for i, alias in enumerate(term.aliases):
        yield alias.text, ("aliases", i), "alias"
    yield from _old_slugs(term)


def _old_slugs(entry: EntryOutline) -> Iterator[tuple[str, Where, str]]:
    """Old slugs among pages of the same kind."""
    for i, old in enumerate(entry.former_slugs):
        if "/" not in old:
            yield old, ("former_slugs", i), "old slug"


_A = {"title": "a title", "alias": "an alias", "old slug": "an old slug"}


@GlossaryRule
def ambiguous_names_are_shared(glossary: Outline) -> Iterator[Problem]:
    """An acronym that is marked as ambiguous belongs to two terms or more."""
    for text, slugs in glossary.ambiguous.items():
        if len(slugs) == 1 and glossary.is_whole:
            term = glossary.terms[slugs[0]]
            where = ("aliases", [alias.text for alias in term.aliases].index(text))
            hint = "mark it `ambiguous: true` in the other term too, or take the mark away"
            yield Problem(term.file, f"no other term shares the acronym '{text}'", hint, where)


@EntryRule
def names_become_addresses(entry: AnyEntry) -> Iterator[Problem]:
    """Other names are addresses too, so they keep out of what some systems or the site itself need."""
    for text, where, what in _claims(entry) if isinstance(entry, Term) else _old_slugs(entry):
        key = slugify(text)
        if not key:
            hint = "it becomes an address: use letters or digits"
            yield Problem(entry.file, f"'{text}' can not be {_A[what]}", hint, where)
        elif key in RESERVED:
            hint = "it becomes an address, and some systems or sites need that name for themselves"
            yield Problem(entry.file, f"'{text}' can not be {_A[what]}", hint, where)
        elif len(key) > LONGEST_SLUG:
            message = f"{_A[what]} becomes an address, and this one's would have {counted(len(key), 'character')}"
            yield Problem(entry.file, message, f"it may have {LONGEST_SLUG}", where)


AS_IT_IS = "write it in words: this text is shown as it is"


@EntryRule
def names_hold_no_marks(entry: AnyEntry) -> Iterator[Problem]:
    """No title, alias or side holds marks of Markdown, HTML or LaTeX: a name is shown as it is."""
    for text in prose(entry):
        marks = marks_in_name(text.content) if text.kind is TextKind.NAME else ""
        if marks and not marks.startswith("{{"):  # which figures_can_be_read tells
            yield Problem(entry.file, _SHOWS_MARKS + start_of(marks), AS_IT_IS, text.where)
    for i, alias in enumerate(entry.aliases if isinstance(entry, Term) else ()):
        if marks := marks_in_name(alias.text, tokens=True):
            yield Problem(entry.file, _SHOWS_MARKS + start_of(marks), AS_IT_IS, ("aliases", i))


_SHOWS_MARKS = "the page shows these marks as they stand: "


@GlossaryRule
def lists_hold_no_marks(glossary: Outline) -> Iterator[Problem]:
    """No text in a list holds marks, such as the title of a category or why a term is wanted: it is shown as it is."""
    for path, texts in (
        (CATEGORIES, [{"title": one.title, "scope": one.scope} for one in glossary.categories.values()]),
        (WANTED, [{"title": one.title, "why": one.why} for one in glossary.wanted]),
    ):
        for i, named in enumerate(texts):
            for name, text in named.items():
                if marks := marks_in_name(text):
                    yield Problem(path, _SHOWS_MARKS + start_of(marks), AS_IT_IS, (i, name))


@EntryRule
def names_are_what_they_seem(entry: AnyEntry) -> Iterator[Problem]:
    """No name holds a letter that only looks like the one that readers search for."""
    for name, where, what in _names(entry):
        if wrong := lookalike(name):
            message = f"the {what} '{name}' holds {letter_in_words(wrong)}, which readers can not tell or type"
            yield Problem(entry.file, message, PLAINLY, where)


PLAINLY = "use Latin letters; a Greek one may stand where it looks like no other"


def _names(entry: AnyEntry) -> Iterator[tuple[str, Where, str]]:
    """Everything that an entry calls by a name, the way to it, and what to call it."""
    if isinstance(entry, Term):
        yield from _claims(entry)
        return
    yield entry.title, ("title",), "title"
    for i, side in enumerate(entry.sides if isinstance(entry, Comparison) else ()):
        yield side.key, ("sides", i), "side"


@GlossaryRule
def categories_are_what_they_seem(glossary: Outline) -> Iterator[Problem]:
    """The title of a category holds no letter that only looks like another."""
    for i, category in enumerate(glossary.categories.values()):
        if wrong := lookalike(category.title):
            message = f"the title '{category.title}' holds {letter_in_words(wrong)}, which readers can not tell or type"
            yield Problem(CATEGORIES, message, PLAINLY, (i, "title"))


def no_such_term(glossary: Outline, path: str, slug: str, where: Where) -> Problem:
    called = glossary.addresses.get(slugify(slug))
    hint = f"did you mean '{called}'?" if called else did_you_mean(slug, glossary.terms)
    return Problem(path, f"there is no term called '{slug}'", hint or f"write terms/{slug}.yml or take it out", where)
