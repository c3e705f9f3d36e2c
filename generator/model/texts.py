"""The kinds of texts that an entry can have, and all texts of an entry, found by the types of its fields.

A field of one of the types below is a text, wherever it stands: alone, in a list, in a group of fields. What its type
does not say of it is a Mark beside the type: `caption: Annotated[Inline, Mark.AS_PLAIN_TEXT]`. Whatever goes through
the texts of an entry, from spelling to links, asks here, so that a new field of an entry is in no list but its class.
"""

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from functools import cache
from types import UnionType
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

from pydantic import AfterValidator, BaseModel, StringConstraints

from generator.problems import Where


class TextKind(Enum):
    """What may stand in a text."""

    NAME = "what something is called"
    PLAIN = "one line, shown as it is"
    INLINE = "Markdown of one paragraph"
    MARKDOWN = "Markdown: paragraphs, lists, mathematics, links"


class Mark(Enum):
    """What is so of some fields, and not of all of their type."""

    AS_PLAIN_TEXT = "Markdown that pages show without its marks, links and mathematics"
    ON_CARDS = "Markdown that cards and search results show as plain text, and its own page as it is"
    PHRASE = "a few words, and no sentence"
    VERBATIM = "written as it stands elsewhere, such as the title of a work or LaTeX; no prose of ours"
    OWN_PAGE = "shown on the page of its entry and on no other; what Help wanted shows is in a key of its own"


# Characters, each about three times what the longest text of its kind has: what is longer is a slip or a trap, and some
# libraries that read such texts take time that grows faster than their length.
LONGEST_NAME = 80
LONGEST_PLAIN = 500
LONGEST_INLINE = 1_200
LONGEST_MARKDOWN = 8_000


def _written(longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)


_one_line = AfterValidator(lambda text: " ".join(text.split()))

Name = Annotated[str, _written(LONGEST_NAME), _one_line, TextKind.NAME]

Plain = Annotated[str, _written(LONGEST_PLAIN), _one_line, TextKind.PLAIN]

Markdown = Annotated[str, _written(LONGEST_MARKDOWN), TextKind.MARKDOWN]

Inline = Annotated[str, _written(LONGEST_INLINE), TextKind.INLINE]


class Text(NamedTuple):
    """One text of an entry."""

    where: Where  # the way to it in the file
    content: str
    kind: TextKind | None  # None for what is no text to read: a slug, an address, a setting
    marks: frozenset[Mark]

    @property
    def is_prose(self) -> bool:
        """Whether readers read it as words of ours."""
        return self.kind is not None and Mark.VERBATIM not in self.marks

    @property
    def is_sentences(self) -> bool:
        """Whether it says something, and does not only name it."""
        return self.is_prose and self.kind is not TextKind.NAME and Mark.PHRASE not in self.marks

    @property
    def is_markdown(self) -> bool:
        return self.kind in (TextKind.INLINE, TextKind.MARKDOWN)

    @property
    def is_linked(self) -> bool:
        """Whether mentions of terms in it become links."""
        return self.is_markdown and Mark.AS_PLAIN_TEXT not in self.marks


def all_texts(entry: BaseModel) -> list[Text]:
    """Every string in an entry but for its slug, in the order of the fields."""
    found: list[Text] = []
    _add_texts_of(entry, (), _fields(type(entry)), found)
    return found


def prose(entry: BaseModel) -> Sequence[Text]:
    """Every text of an entry that readers read as words of ours, in the order of the fields."""
    return _last.of(entry).prose


M = TypeVar("M", bound=BaseModel)


def rewritten(entry: M, change: Callable[[Text], str]) -> M:
    """The entry with something else in the place of each text that readers read as words of ours."""
    return _rewritten(entry, (), _fields_with_prose(type(entry)), change)


def _rewritten(entry: M, where: Where, fields: tuple["_Field", ...], change: Callable[[Text], str]) -> M:
    values = {
        field.name: _rewritten_in(getattr(entry, field.name), field, (*where, field.key), change) for field in fields
    }
    new = entry.model_copy(update=values)
    for name in (
        new.__dict__.keys() - type(entry).model_fields.keys()
    ):  # what was worked out from the texts as they were
        del new.__dict__[name]
    return new


def _rewritten_in(value: Any, field: "_Field", where: Where, change: Callable[[Text], str]) -> Any:
    if isinstance(value, str):
        text = Text(where, value, field.kind, field.marks)
        return change(text) if value and text.is_prose else value
    if isinstance(value, list):
        return [_rewritten_in(one, field, (*where, i), change) for i, one in enumerate(value)]
    if isinstance(value, dict):
        return {key: _rewritten_in(one, field, (*where, key), change) for key, one in value.items()}
    if type(value) in field.inside:
        return _rewritten(value, where, field.inside[type(value)], change)
    return value


def markdown_texts(entry: BaseModel) -> Sequence[Text]:
    """Those of them that are Markdown."""
    return _last.of(entry).markdown


def linked_texts(entry: BaseModel) -> list[str]:
    """What stands in those whose mentions of terms become links."""
    return [text.content for text in prose(entry) if text.is_linked]


class _Last:
    """The texts of the entry that was asked about last: check asks for the same ones rule after rule.

    An entry is known by being the same object, which can not be changed.
    """

    def __init__(self) -> None:
        self.entry: BaseModel | None = None
        self.prose: tuple[Text, ...] = ()
        self.markdown: tuple[Text, ...] = ()

    def of(self, entry: BaseModel) -> "_Last":
        if entry is not self.entry:
            found: list[Text] = []
            _add_texts_of(entry, (), _fields_with_prose(type(entry)), found)
            self.entry, self.prose = entry, tuple(found)
            self.markdown = tuple(text for text in found if text.is_markdown)
        return self


_last = _Last()


def spoken(entry: BaseModel) -> str:
    """All that an entry says in sentences, text below text: where to look for what it speaks of."""
    return "\n".join(text.content for text in prose(entry) if text.is_sentences)


@cache
def own_page_only(kind: type[BaseModel]) -> dict[str, Any]:
    """The fields of a kind of entry that only its own page shows, as Pydantic's `exclude` takes them."""
    found: dict[str, Any] = {}
    for field in _fields(kind):
        if Mark.OWN_PAGE in field.marks:
            found[field.name] = True
        elif inside := {key: one for inner in field.inside for key, one in own_page_only(inner).items()}:
            found[field.name] = {"__all__": inside} if field.is_many else inside
    return found


class _Field(NamedTuple):
    """What the type of a field says about the texts in it."""

    name: str
    key: str  # in the file
    kind: TextKind | None  # of its strings, alone or in lists and groups with names
    marks: frozenset[Mark]
    inside: dict[type[BaseModel], tuple["_Field", ...]]  # the classes of its groups of fields, and theirs
    is_many: bool

    @property
    def has_prose(self) -> bool:
        return (self.kind is not None and Mark.VERBATIM not in self.marks) or any(
            field.has_prose for fields in self.inside.values() for field in fields
        )


def _add_texts_of(entry: BaseModel, where: Where, fields: tuple[_Field, ...], found: list[Text]) -> None:
    values = entry.__dict__  # twice as fast as getattr(), and check asks for the texts of every entry
    for field in fields:
        if value := values[field.name]:
            _add_texts_in(value, field, (*where, field.key), found)


def _add_texts_in(value: Any, field: _Field, where: Where, found: list[Text]) -> None:
    if isinstance(value, str):
        if value:
            found.append(Text(where, value, field.kind, field.marks))
    elif isinstance(value, list):
        for i, one in enumerate(value):
            _add_texts_in(one, field, (*where, i), found)
    elif isinstance(value, dict):
        for key, one in value.items():
            _add_texts_in(one, field, (*where, key), found)
    elif type(value) in field.inside:
        _add_texts_of(value, where, field.inside[type(value)], found)


@cache
def _fields(kind: type[BaseModel], outer: frozenset[Mark] = frozenset()) -> tuple[_Field, ...]:
    """The fields of a class. `outer` are the marks of the field in which it stands."""
    hints = get_type_hints(kind, include_extras=True)
    found = []
    for name, info in kind.model_fields.items():
        if name != "slug":  # the name of the file
            inside = list(_inside(hints[name]))
            kinds = [one for one in inside if isinstance(one, TextKind)]
            marks = outer.union(one for one in inside if isinstance(one, Mark))
            groups = {one: _fields(one, marks) for one in inside if isinstance(one, type)}
            is_many = any(get_origin(one) in (list, dict) for one in (hints[name], *get_args(hints[name])))
            found.append(_Field(name, info.alias or name, kinds[0] if kinds else None, marks, groups, is_many))
    return tuple(found)


@cache
def _fields_with_prose(kind: type[BaseModel]) -> tuple[_Field, ...]:
    return _with_prose(_fields(kind))


def _with_prose(fields: tuple[_Field, ...]) -> tuple[_Field, ...]:
    return tuple(
        field._replace(inside={kind: _with_prose(inner) for kind, inner in field.inside.items()})
        for field in fields if field.has_prose
    )  # fmt: skip


def _inside(hint: Any) -> Iterator[Any]:
    """The kinds of texts, marks and groups of fields in a type."""
    origin = get_origin(hint)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        yield hint
    elif origin is Annotated:
        bare, *metadata = get_args(hint)
        yield from _inside(bare)
        yield from (one for one in metadata if isinstance(one, TextKind | Mark))
    elif origin is dict:
        yield from _inside(get_args(hint)[1])  # keys are names that the file gives
    elif origin in (list, Union, UnionType):
        for one in get_args(hint):
            yield from _inside(one)
