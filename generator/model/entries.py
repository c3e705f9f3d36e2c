"""The reference of what an entry may say: terms, comparisons, paths, categories.

One class is the schema, the validator and the JSON Schema. Nothing here reads files or knows about pages.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from demos._run.syntax import Setting
from generator.model.texts import (
    LONGEST_NAME,
    LONGEST_PLAIN,
    Inline,
    Mark,
    Markdown,
    Name,
    Plain,
    linked_texts,
    markdown_texts,
    own_page_only,
)
from generator.text.folding import folded
from generator.text.markdown import words
from generator.text.slugs import slugify
from generator.text.spelling import in_sentence

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
DEMO = r"^[a-z][a-z0-9_]*$"
# What can be no file name on some system or is a page of every site.
RESERVED = frozenset(
    {"index", "404", "con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(10))}
)
# Files of terms/ that hold a list and are no entry.
CATEGORIES, WANTED, ALLOWED_WORDS = "terms/categories.yml", "terms/wanted.yml", "terms/allowed-words.yml"

LISTS = (CATEGORIES, WANTED, ALLOWED_WORDS)

Level = Literal["beginner", "intermediate", "advanced"]

SourceKind = Literal["paper", "textbook", "standard", "documentation", "article", "course", "code"]

PRIMARY: tuple[SourceKind, ...] = ("paper", "textbook", "standard", "documentation")

READING_SPEED = 220  # words a minute, the usual figure for careful reading on a screen
LONGEST_SLUG = 80  # characters

Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=LONGEST_SLUG)]
# With the folder of its page where that was another one than now.
OldSlug = Annotated[
    str, StringConstraints(pattern=rf"^((terms|comparisons|paths)/)?{SLUG[1:]}", max_length=LONGEST_SLUG + 12)
]

DemoName = Annotated[str, StringConstraints(pattern=DEMO, max_length=LONGEST_NAME)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s<>\"'`{}|\\^]+$", max_length=LONGEST_PLAIN)]


def _only(kind: str, fits: Callable[[Any], bool]) -> BeforeValidator:
    """Refuses what does not fit before Pydantic tries to make something of it, as it does of a number for a date."""

    def check(value: Any) -> Any:
        if fits(value):
            return value
        raise PydanticCustomError(f"{kind}_type", "not a {kind}", {"kind": kind})

    return BeforeValidator(check)


Day = Annotated[date, _only("date", lambda value: re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) is not None)]
GivenSetting = Annotated[Setting, _only("setting", lambda value: isinstance(value, Setting))]
Number = Annotated[
    int | float,
    _only("number", lambda value: type(value) in (int, float) and isfinite(value)),  # a bool is an int as well
]


class Entry(BaseModel):
    """What all parts of the glossary have in common: closed and unchangeable."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    # What is remembered of a glossary is mostly entries and their parts. Pydantic would remember of each which fields
    # were given, which nobody asks, and in an order that is another one in every process.

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__

    def __setstate__(self, state: dict[str, Any]) -> None:
        _set(self, "__dict__", state)
        _set(self, "__pydantic_fields_set__", set())
        _set(self, "__pydantic_extra__", None)
        _set(self, "__pydantic_private__", None)


_set = object.__setattr__  # past Pydantic, which lets nobody set a field


class Alias(Entry):
    """Another name of a term. A name alone stands for `{text: name}`."""

    text: Annotated[Name, Mark.VERBATIM] = Field(description="the name itself")  # as people search for it
    link: bool = Field(True, description="false for a word too common to become a link")
    ambiguous: bool = Field(False, description="true where another term has the same acronym")


class DemoUse(Entry):
    """Which demo a page shows, how it is set, and what the reader should see in it. A name alone stands for
    `{module: name}`."""

    module: DemoName = Field(description="the name of its file: neuron stands for demos/neuron.py")
    with_: dict[str, GivenSetting] = Field(
        default_factory=dict, alias="with", description="settings unlike the demo's own"
    )
    caption: Annotated[Inline, Mark.AS_PLAIN_TEXT, Mark.OWN_PAGE] = Field(
        "", description="what is computed, on what data, and what to look for"
    )
    home: bool = Field(False, description="true on the one page that other pages mean when they name the demo")
    hide: Annotated[list[Plain], Mark.VERBATIM] = Field(
        default_factory=list, description="settings that this page shows no control for, by their names in the demo"
    )


class Formula(Entry):
    """A formula and what its letters mean, in the names the code uses."""

    latex: Annotated[Plain, Mark.VERBATIM] = Field(description="the formula, without dollar signs")
    symbols: Annotated[dict[str, Plain], Mark.PHRASE] = Field(
        default_factory=dict, description="each letter, what it means, and its shape"
    )


class Misconception(Entry):
    """Something that people believe, put right."""

    wrong: Inline = Field(description="what people say")
    right: Inline = Field(description="what is so instead")


class Question(Entry):
    """A question that people ask, with an answer that stands alone."""

    question: Plain = Field(description="as people ask it")
    answer: Inline = Field(description="complete without the rest of the page")


class Source(Entry):
    """Where a reader can check what the page says."""

    title: Annotated[Plain, Mark.VERBATIM] = Field(description="as it stands on the work itself")
    url: Url = Field(description="a web address, best one that stays: https://doi.org/…")
    year: Annotated[int, Field(ge=1600, le=2100)] = Field(description="of its first publication")
    authors: Annotated[Plain | None, Mark.VERBATIM] = Field(
        None, description="first and last names, with commas between people"
    )
    kind: SourceKind = Field(description="what sort of work it is; at least one source is a primary one")


class Review(Entry):
    """Only for a review that a person really made."""

    date: Day = Field(description="when, as in 2026-11-23")
    by: Annotated[Plain, Mark.VERBATIM] = Field(description="the name of the person")


FROM_TEXT: set[str] = set()  # the names of the classes for whose fields a text alone may stand


def _from_text(key: str, kind: type[Entry]) -> BeforeValidator:
    """Lets `- ReLU` stand for `- {text: ReLU}`."""
    FROM_TEXT.add(kind.__name__)
    return BeforeValidator(
        lambda value: {key: value} if isinstance(value, str) else value, json_schema_input_type=str | kind
    )


FigureName = Annotated[Plain, Mark.VERBATIM]  # a name in the Result.numbers of a demo
Settings = dict[str, GivenSetting]
Reason = Annotated[Inline, Mark.AS_PLAIN_TEXT]


class Prediction(Entry):
    """An experiment with `ask`, `to` and `answer`: some settings of a demo change, and the reader says beforehand what
    becomes of one of its figures. The build computes both ends, and refuses a wrong answer."""

    ask: Plain = Field(description="the question, which says what changes, and from what to what")
    demo: DemoName | None = Field(None, description="which of the page's demos, where it is not the first")
    from_: Settings = Field(
        default_factory=dict, alias="from", description="settings before, where they are not those of the page"
    )
    to: Settings = Field(description="settings after, unlike those of the page")
    watch: FigureName = Field(description="the figure that is asked about, by its name on the page")
    answer: Literal["rises", "falls", "stays"] = Field(description="rises, falls, or stays")
    tolerance: Number = Field(
        0, description="by how much a figure that stays may change; without it, it has to look the same"
    )
    because: Reason = Field(description="why: one to three sentences, shown when the reader has answered")


class Choice(Entry):
    """An experiment with `ask` and `choices`: the reader picks the value of a figure at some settings. The build
    computes it, and exactly one choice must be that figure, rounded to the digits of the choice."""

    ask: Plain = Field(description="the question, which names the settings")
    demo: DemoName | None = Field(None, description="which of the page's demos, where it is not the first")
    settings: Settings = Field(description="settings unlike those of the page, which shows the answer for its own")
    watch: FigureName = Field(description="the figure that is asked about, by its name on the page")
    choices: list[Number] = Field(min_length=2, max_length=5, description="numbers, of which one is right")
    because: Reason = Field(description="why: one to three sentences, shown when the reader has answered")


class Goal(Entry):
    """An experiment with `goal`: the reader moves the controls until some figures are as the goal wants them. The
    build proves that it can be reached, and that the page does not start there."""

    goal: Plain = Field(description="what to reach, as one sentence")
    demo: DemoName | None = Field(None, description="which of the page's demos, where it is not the first")
    reach: dict[str, FigureName] = Field(
        min_length=1, description='figures or settings, each with what it must be: "< 0.001", or "> 1 and <= 2"'
    )
    witness: Settings = Field(description="settings at which it is reached, unlike those of the page")
    because: Reason = Field(description="what one learns on the way, shown when the goal is reached")


Experiment = Prediction | Choice | Goal

# What Pydantic calls the kinds of experiments in the way to a value, and which they are.
EXPERIMENTS: dict[str, type[Experiment]] = {"<prediction>": Prediction, "<choice>": Choice, "<goal>": Goal}


def _experiment(value: Any) -> str:
    """Which kind of experiment is meant: by its class, or by the fields that only one kind has."""
    for tag, kind in EXPERIMENTS.items():
        if isinstance(value, kind):
            return tag
    if isinstance(value, dict) and not value.keys().isdisjoint(("goal", "reach", "witness")):
        return "<goal>"
    if isinstance(value, dict) and not value.keys().isdisjoint(("choices", "settings")):
        return "<choice>"
    return "<prediction>"


AnyExperiment = Annotated[
    Annotated[Prediction, Tag("<prediction>")] | Annotated[Choice, Tag("<choice>")] | Annotated[Goal, Tag("<goal>")],
    Discriminator(_experiment),
]


FORMER = (
    "slugs that its file had before: pages at the old addresses lead here, for good; with the folder where it was an"
    " entry of another kind, as in comparisons/a-vs-b"
)

CHANGED = "when what it says was last changed; a mended comma or link is no change"


class FiledEntry(Entry):
    """An entry that is a file of its own, whose name is the slug."""

    folder: ClassVar[str]  # of its file, below the project
    pages: ClassVar[str]  # of its page, below the site
    slug: SkipJsonSchema[Slug]
    if TYPE_CHECKING:  # every kind has them, between its other fields
        title: Name
        written: Day
        changed: Day | None
        former_slugs: list[OldSlug]

    @property
    def last_changed(self) -> date:
        """The day since which it says what it says."""
        return self.changed or self.written

    @property
    def file(self) -> str:
        """Where it is written down: terms/neuron.yml."""
        return f"{self.folder}/{self.slug}.yml"

    @property
    def page(self) -> str:
        """Its page, below build/docs: terms/neuron.md."""
        return f"{self.pages}/{self.slug}.md"

    @property
    def old_places(self) -> list[str]:
        """Where its page was before, below the site: terms/nerve."""
        return [old if "/" in old else f"{self.pages}/{old}" for old in self.former_slugs]

    @cached_property
    def digest(self) -> str:
        """Changes with everything that stands in the entry."""
        return _digest(self.model_dump_json())

    @cached_property
    def shared_digest(self) -> str:
        """Changes with everything that other pages than its own may show of it."""
        return _digest(self.model_dump_json(exclude=own_page_only(type(self))))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy. What was worked out from the fields is kept only where none of them changes."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys() if update else ():
            del copied.__dict__[name]
        return copied


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


class Term(FiledEntry):
    """One term of the glossary: one file, whose name is the slug."""

    folder = pages = "terms"
    title: Name = Field(description="as a reader would write it")
    aliases: list[Annotated[Alias, _from_text("text", Alias)]] = Field(
        default_factory=list, description="acronyms, synonyms, plurals that matter"
    )
    category: Annotated[Plain, Mark.VERBATIM] = Field(description="a slug of categories.yml")
    level: Level = Field(description="beginner, intermediate, or advanced")
    definition: Plain = Field(description="at most two sentences and 300 characters, starting with the term")
    explanation: Annotated[Markdown, Mark.OWN_PAGE] = Field(
        description="120 to 450 words: intuition, mechanism, why it matters or where it fails"
    )
    formula: Annotated[list[Formula], Mark.OWN_PAGE] = Field(
        default_factory=list, description="what it says in symbols; many terms have none"
    )
    examples: Annotated[list[Inline], Mark.OWN_PAGE] = Field(
        min_length=2, description="concrete, with numbers where there are any"
    )
    misconceptions: Annotated[list[Misconception], Mark.OWN_PAGE] = Field(
        min_length=1, description="what people believe, and what is so"
    )
    faq: Annotated[list[Question], Mark.OWN_PAGE] = Field(
        default_factory=list, description="the standard questions are generated"
    )
    prerequisites: list[Slug] = Field(default_factory=list, description="what to know first")
    related: list[Slug] = Field(default_factory=list, description="written on one side, shown on both")
    demo: Annotated[DemoUse, _from_text("module", DemoUse)] = Field(description="what the page shows happening")
    also: list[Annotated[DemoUse, _from_text("module", DemoUse)]] = Field(
        default_factory=list, description="further demos for the page, shown below the first"
    )
    note: Annotated[Inline | None, Mark.AS_PLAIN_TEXT, Mark.OWN_PAGE] = Field(
        None, description="what is scripted or scaled down in the demo"
    )
    experiments: Annotated[list[AnyExperiment], Mark.OWN_PAGE] = Field(
        default_factory=list,
        max_length=4,
        description="two to four questions that the demo answers and goals to reach in it",
    )
    sources: Annotated[list[Source], Mark.OWN_PAGE] = Field(min_length=1, description="the primary source first")
    written: Annotated[Day, Mark.OWN_PAGE] = Field(description="when, as in 2026-11-23")
    changed: Annotated[Day | None, Mark.OWN_PAGE] = Field(None, description=CHANGED)
    reviewed: Annotated[Review | None, Mark.OWN_PAGE] = Field(None, description="only when a person really reviewed it")
    nolink: Annotated[list[Plain], Mark.VERBATIM] = Field(
        default_factory=list, description="words that do not become links on this page"
    )
    former_slugs: list[OldSlug] = Field(default_factory=list, description=FORMER)

    @cached_property
    def demos(self) -> tuple[DemoUse, ...]:
        """All demos of the page, in their order there."""
        return (self.demo, *self.also)

    def demo_called(self, name: str | None) -> DemoUse | None:
        """The demo of the page that is meant by a name, and the first one without a name; None where there is none."""
        return next((use for use in self.demos if name in (None, use.module)), None)

    @property
    def demo_places(self) -> list[tuple[tuple[str | int, ...], DemoUse]]:
        """The same, each with the way to it in the entry."""
        return [(("demo",), self.demo), *((("also", i), use) for i, use in enumerate(self.also))]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Title and aliases."""
        return (self.title, *(alias.text for alias in self.aliases))

    @cached_property
    def opening(self) -> "Opening | None":
        """How the definition starts; None where it does not start with one of the term's names."""
        return Opening.of(self)

    @cached_property
    def in_sentence(self) -> str:
        """The name as it stands in the middle of a sentence: "neural network", but "Adam" and "BPE"."""
        if self.opening is None:
            return self.title
        name = self.opening.name
        if self.opening.article:  # not the first word of its sentence, so spelled as it should be
            return name
        prose = " ".join([self.definition, *linked_texts(self)])
        people = " ".join(source.authors or "" for source in self.sources)
        return in_sentence(name, self.names, " ".join(prose.split()), people)

    @cached_property
    def minutes(self) -> int:
        """How long it takes to read its texts, in minutes, at least one."""
        return max(1, round(sum(words(one.content) for one in markdown_texts(self)) / READING_SPEED))

    @property
    def with_article(self) -> str:
        """The name with its article: "a neural network", "an embedding", "attention"."""
        article = self.opening.article.lower() if self.opening else ""
        return f"{article} {self.in_sentence}".strip()

    @property
    def is_plural(self) -> bool:
        """Whether it is "embeddings are" and not "an embedding is"."""
        return self.opening is not None and self.opening.verb == "are"


@dataclass(frozen=True)
class Opening:
    """The first words of a definition, from which questions take their grammar: "A | neural network | is"."""

    article: str
    name: str
    verb: str

    @classmethod
    def of(cls, term: Term) -> "Opening | None":
        text = term.definition
        article = _ARTICLE.match(text)
        for start in (article.end(), 0) if article else (0,):
            for name in sorted(term.names, key=len, reverse=True):
                end = start + len(name)
                if folded(text[start:end]) == folded(name) and (verb := _VERB.match(text, end)):
                    return cls(text[:start].strip(), text[start:end], verb[1].lower())
        return None


_ARTICLE = re.compile(r"(?:an?|the) ", re.IGNORECASE)
_VERB = re.compile(r"(?: \([^)]*\))?,? (is|are)\b")


class Figure(Entry):
    """A cell of a comparison that the demo computes, so that it can not go stale."""

    demo: DemoName = Field(description="the name of its file: neuron stands for demos/neuron.py")
    number: Annotated[Plain, Mark.VERBATIM] = Field(description="a name in the demo's Result.numbers")
    with_: dict[str, GivenSetting] = Field(
        default_factory=dict, alias="with", description="settings unlike the demo's own"
    )


class Side(Entry):
    """One side of a comparison: a term, or a plain label that points into a term's page. A slug alone stands for
    `{about: slug}`."""

    label: Name = Field("", description="what to call it, where that is not the term itself")
    about: Slug = Field(description="the slug of the term")

    @property
    def key(self) -> str:
        """What rows call this side."""
        return self.label or self.about


def _cell(value: Any) -> str:
    return "<figure>" if isinstance(value, dict | Figure) else "<text>"


class Row(Entry):
    """One respect in which the sides differ."""

    aspect: Annotated[Plain, Mark.PHRASE] = Field(description="in what respect, in a word or two")
    values: dict[
        str, Annotated[Annotated[Figure, Tag("<figure>")] | Annotated[Inline, Tag("<text>")], Discriminator(_cell)]
    ] = Field(description="for each side a text, or a figure that a demo computes")


class Comparison(FiledEntry):
    """Two to four ideas side by side. It belongs to neither side, so it is a file of its own."""

    folder, pages = "terms/comparisons", "comparisons"
    title: Name = Field(description="as in: BERT vs. GPT")
    sides: list[Annotated[Side, _from_text("about", Side)]] = Field(
        min_length=2, max_length=4, description="two to four: the slug of a term each, or a label and what it is about"
    )
    summary: Annotated[Markdown, Mark.ON_CARDS] = Field(
        description="what they share, and the one difference that matters most"
    )
    rows: list[Row] = Field(min_length=2, description="in what respects they differ")
    choose: dict[str, Inline] = Field(description="for each side, when to choose it")
    sources: list[Source] = Field(min_length=1, description="the primary source first")
    written: Day = Field(description="when, as in 2026-11-23")
    changed: Day | None = Field(None, description=CHANGED)
    reviewed: Review | None = Field(None, description="only when a person really reviewed it")
    former_slugs: list[OldSlug] = Field(default_factory=list, description=FORMER)


class Path(FiledEntry):
    """A way through the glossary: terms in an order in which each builds on those before."""

    folder, pages = "terms/paths", "paths"
    title: Name = Field(description="as in: From neuron to transformer")
    summary: Annotated[Markdown, Mark.ON_CARDS] = Field(description="whom it is for, and where it leads")
    outcome: Annotated[Inline, Mark.AS_PLAIN_TEXT] = Field(description="what the reader will be able to do at the end")
    prerequisites: list[Slug] = Field(default_factory=list, description="slugs: what to know before the first step")
    steps: list["Rung"] = Field(min_length=2, description="terms, each after those that it needs")
    written: Day = Field(description="when, as in 2026-11-23")
    changed: Day | None = Field(None, description=CHANGED)
    former_slugs: list[OldSlug] = Field(default_factory=list, description=FORMER)


class Rung(Entry):
    """One step of a path."""

    term: Slug = Field(description="the slug of the term")
    why: Annotated[Inline, Mark.AS_PLAIN_TEXT] = Field(description="one line: what this rung adds")


class Category(Entry):
    """One of the subjects into which the glossary is sorted."""

    slug: Slug = Field(description="its address, and what entries write")
    title: Name = Field(description="as readers see it")
    scope: Plain = Field(description="one line: what belongs here")


class Wanted(Entry):
    """A term that somebody hopes to read and nobody has written yet."""

    title: Name = Field(description="as a reader would write it")
    why: Plain = Field(description="one line: what readers would get from it")
    typed: Annotated[list[Name], Mark.VERBATIM] = Field(
        default_factory=list, description="other words that readers look for it with, as ChatGPT for GPT"
    )
    meanwhile: Slug | None = Field(
        None, description="the slug of the term that says most about it, which search shows until it is written"
    )
    issue: Url | None = Field(None, description="where it is talked about")

    @property
    def slug(self) -> str:
        """The slug that the term would have."""
        return slugify(self.title)


# The kinds of entries that are files, by the folder in which they lie.
KINDS: dict[str, type[FiledEntry]] = {kind.folder: kind for kind in (Term, Comparison, Path)}

AnyEntry = Term | Comparison | Path

MUTANTS = "tests/demos/mutants.yml"  # the deliberate bugs that tests of demos must notice

E_ = TypeVar("E_", bound=Entry)
