"""Whatever stands in a text of an entry, its pages hold no element and no attribute that the templates did not write.

The texts are found in the model and not listed here: an entry of each kind is made with every field filled in, and
each of its texts is replaced by something hostile. Pages go through the engine's own Markdown and a parser of a
browser. What check would refuse is rendered all the same: each of the two has to hold alone.
"""

import json
import re
from collections import Counter
from datetime import date
from functools import cache, lru_cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import html5lib
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from mkdocs.utils import meta
from pydantic import BaseModel, ValidationError

from demos._run.source import SourceProblems, read
from demos._run.unseen import UNSEEN
from generator.config import Site
from generator.exports.search import search_index
from generator.lessons.experiments import jobs_of_experiments
from generator.lessons.run import lesson_key
from generator.lessons.teach import Lesson, Lessons
from generator.model import entries
from generator.model.entries import EXPERIMENTS, Category, Comparison, Goal, Source, Term
from generator.model.entries import Path as Way
from generator.model.glossary import Glossary
from generator.model.texts import LONGEST_NAME, TextKind
from generator.output.write import Page
from generator.pages.site import site
from tests.generator.conftest import DEMO, PROSE, as_html

# --- an entry of each kind with every field filled in -----------------------------------------------------

# What refers to something else, and so can not be any text. Everything else is found by its type.
TIES = {
    (Term, "slug"): "neuron",
    (Term, "category"): "basics",
    (Term, "prerequisites"): ["gradient"],
    (Term, "related"): ["adam"],
    (Term, "former_slugs"): ["old-neuron"],
    (Comparison, "slug"): "neuron-vs-gradient",
    (Way, "slug"): "way",
    (Category, "slug"): "basics",
}


def example(kind: Any, name: str = "", owner: Any = None) -> Any:
    """A value of a type of the model, with everything that may be there. Texts are the marks that are replaced."""
    if (owner, name) in TIES:
        return TIES[owner, name]
    if name in TYPED:
        return TYPED[name]
    kind = getattr(entries, kind) if isinstance(kind, str) else kind  # written in quotes, since it comes later there
    origin, inside = get_origin(kind), get_args(kind)
    if origin is Annotated:
        if any(getattr(one, "pattern", None) for one in inside[1:]):
            return {"url": "https://example.org/a", "module": "tiny", "demo": "tiny"}.get(name, "neuron")
        known = {TextKind.NAME: NAME, TextKind.PLAIN: TEXT}
        plain = [known[one] for one in inside[1:] if isinstance(one, TextKind) and one in known]
        return plain[0] if plain else example(inside[0], name, owner)
    if origin in (Union, UnionType):
        return example(next(one for one in inside if one is not type(None)), name, owner)
    if origin is Literal:
        return inside[0]
    if origin is list:
        return [example(inside[0], name, owner), example(inside[0], name, owner)]
    if origin is dict:
        return {SIDE: example(inside[1], name, owner)}
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return {
            field.alias or key: example(
                Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation, key, kind
            )
            for key, field in kind.model_fields.items()
        }
    return {str: MARKDOWN, int: 1943, bool: False, date: "2026-11-23", float: 1.0}[kind]


NAME, TEXT, MARKDOWN = "a name", "plain text", "Markdown text"
SIDE, OTHER = "one side", "another side"
TYPED = {
    "with_": {"size": SIDE, SIDE: 3},
    "number": "size",
    "term": "neuron",
    "about": "neuron",
    "latex": "x^2",
    "symbols": {"x": TEXT},
    "experiments": [],
    "watch": SIDE,
}


@cache
def full(kind: type[BaseModel]) -> dict[str, Any]:
    made = example(kind)
    if kind is Comparison:  # whose sides are what its rows and choices speak of
        sides = [{"label": SIDE, "about": "neuron"}, {"label": OTHER, "about": "gradient"}]
        text, figure = MARKDOWN, {"demo": "tiny", "number": "size", "with": {"size": 3}}
        rows = [{"aspect": TEXT, "values": {SIDE: text, OTHER: cell}} for cell in (text, figure)]
        made |= {"sides": sides, "rows": rows, "choose": {SIDE: text, OTHER: text}}
    if kind is Term:  # whose settings are no values that a demo takes, so experiments are about another one
        made["also"].append({"module": "other", "with": {"size": 3}})
        asked = [example(one) for one in EXPERIMENTS.values()]
        asked[0] |= {"from": {"size": 1}, "to": {"size": 4}, "answer": "rises"}
        asked[1] |= {"settings": {"size": 4}, "choices": [4, 6]}
        asked[2] |= {"reach": {"size": "= 4", OTHER: "< 1"}, "witness": {"size": 4}}
        made["experiments"] = [{**one, "demo": "other"} for one in asked]
    if kind is Way:
        made["steps"] = [{"term": slug, "why": MARKDOWN} for slug in ("gradient", "neuron")]
    return made


def filled(value: Any, nasty: "Nasty", way: tuple[Any, ...] = ()) -> Any:
    """The same value with every text replaced; the way to it makes each one different."""
    if isinstance(value, dict):
        return {nasty.key(key): filled(one, nasty, (*way, key)) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, nasty, (*way, i)) for i, one in enumerate(value)]
    return nasty.text(value, way)


class Nasty:
    """A hostile text for every place, and what stood there afterwards."""

    def __init__(self, hostile: str, place: str = "{} {}", in_markdown: bool = True) -> None:
        self.hostile, self.place, self.in_markdown = hostile, place, in_markdown
        self.plain: dict[tuple[Any, ...], str] = {}
        self.count = 10

    def text(self, value: Any, way: tuple[Any, ...]) -> Any:
        if value in (SIDE, OTHER):
            return self.key(value)
        if value not in (NAME, TEXT, MARKDOWN) or (value == MARKDOWN and not self.in_markdown):
            return value
        self.count += 1
        mark = "q" + "".join(chr(97 + int(digit)) for digit in str(self.count))
        written = self.place.format(self.hostile, mark)
        if value == NAME:
            written = f"{self.hostile[: LONGEST_NAME - 10]} {mark}"
        if value != MARKDOWN:
            self.plain[way] = " ".join(written.split())
        return written

    def key(self, key: str) -> str:
        names = {SIDE: "qy", OTHER: "qz"}
        return " ".join(f"{self.hostile[: LONGEST_NAME - 10]} {names[key]}".split()) if key in names else key


# --- the whole site of such entries ------------------------------------------------------------------------


def glossary_with(nasty: Nasty) -> Glossary:
    """Three terms, two of them short, a comparison, a path and a category, each text of which is replaced."""

    def made(kind: type[BaseModel], **ties: Any) -> Any:
        return kind.model_validate({**filled(full(kind), nasty, (kind.__name__,)), **ties})

    others = [
        Term.model_validate(
            {
                "slug": slug,
                "title": title,
                "category": "basics",
                "level": "advanced",
                "definition": nasty.text(TEXT, (slug,)),
                "explanation": PROSE,
                "examples": ["One.", "Two."],
                "misconceptions": [{"wrong": "No.", "right": "Yes."}],
                "demo": {"module": "tiny", "home": slug == "adam"},
                "written": "2026-11-23",
                "sources": [{"title": "On", "url": "https://example.org/on", "year": 1900, "kind": "paper"}],
                "aliases": [{"text": "Shared", "ambiguous": True}],
            }
        )
        for slug, title in (("gradient", nasty.text(NAME, ("gradient", "title"))), ("adam", "Adam"))
    ]
    term = made(Term)
    hostile = UNSEEN.sub("", nasty.hostile)  # which no demo may hold
    one_line = " ".join(hostile.split())
    code = DEMO.replace(
        '"""Tiny: one number.\n\nSource: made up for these tests.\n"""', f"{hostile + ' x'!r}\n# {one_line}"
    )
    code = code.replace("how big it is", one_line.replace("\\", "/").replace('"', "'") or "x")
    categories = [made(Category), Category(slug="more", title="More", scope="What comes after.")]
    return Glossary(
        terms={one.slug: one for one in (term, *others)},
        comparisons={"neuron-vs-gradient": made(Comparison)},
        paths={"way": made(Way)},
        categories={one.slug: one for one in categories},
        demos={name: read(name, text=code) for name in ("tiny", "other")},
    )


def lessons_with(glossary: Glossary, hostile: str) -> Lessons:
    """What a demo could say: its sentence, the names of its numbers, and on what it was recorded."""
    cells = [cell for page in glossary.comparisons.values() for row in page.rows for cell in row.values.values()]
    uses = [use for term in glossary.terms.values() for use in term.demos]
    runs = [(use.module, use.with_) for use in uses]
    runs += [(cell.demo, cell.with_) for cell in cells if not isinstance(cell, str)]
    runs += [(job.demo, job.given) for job in jobs_of_experiments(glossary)]
    watched = {one.watch for one in glossary.terms["neuron"].experiments if not isinstance(one, Goal)}
    shown = {
        lesson_key(demo, given): Lesson(
            demo,
            given,
            f"{hostile} said",
            {"size": 2.0, f"{hostile} number": 1.0, **dict.fromkeys(watched, given.get("size", 2))},
            ("<p>Sizes</p>",),
            {"device": f"{hostile} device"},
        )
        for demo, given in runs
    }
    return Lessons(shown, {"tiny": [], "other": []}, frozenset({"tiny", "other"}))


def rendered(nasty: Nasty) -> dict[str, Any]:
    """Every page of the site by its path, parsed as a browser does; and its front matter."""
    glossary = glossary_with(nasty)
    files = site(glossary, lessons_with(glossary, nasty.hostile), Site("https://example.org/", "https://example.org/r"))
    pages = {}
    for path, content in files.items():
        text = content.make() if isinstance(content, Page) else content
        if path.endswith(".md"):
            front, _, body = text.removeprefix("---\n").partition("\n---\n")
            pages[path] = parsed(body)
            pages[f"{path} front"] = yaml.load(front, meta.SafeLoader)  # as the engine reads it
        elif path.endswith(".html"):
            pages[path] = tree(text)
        elif path == "glossary.json":
            json.loads(text)
    json.dumps(search_index(glossary))  # plain text, which the search box shows as such: tests/site/test_hostile.py
    return pages


# Some pages say nothing of any entry, and others nothing that depends on the place of a text.
@lru_cache(maxsize=200)
def parsed(body: str) -> Any:
    return html5lib.parse(as_html(body), namespaceHTMLElements=False)


@lru_cache(maxsize=20)
def tree(page: str) -> Any:
    return html5lib.parse(page, namespaceHTMLElements=False)


def elements(page: Any) -> Counter[tuple[str, ...]]:
    """Elements with the names of their attributes, and how many of each."""
    return Counter(
        tuple(name.rpartition("}")[2] for name in (str(one.tag), *sorted(one.attrib))) for one in page.iter()
    )


def shown_text(page: Any) -> str:
    """What a reader reads, without the data for search engines."""
    for one in page.iter():
        for script in [child for child in one if child.tag == "script"]:
            script.text = ""
    return " ".join("".join(page.itertext()).split())


# What the texts of the glossary may be made of; all else on a page is the template's.
MADE_OF_TEXT = {
    ("p",), ("em",), ("strong",), ("code",), ("pre",), ("ul",), ("ol",), ("ol", "start"), ("li",), ("blockquote",),
    ("br",), ("a", "href"), ("span", "class"), ("span",), ("div", "class"), ("table",), ("thead",), ("tbody",),
    ("tr",), ("th",), ("td",), ("math", "display", "xmlns"), ("mrow",), ("mi",), ("mo",), ("mn",), ("mtext",),
    ("msup",), ("span", "aria-label", "class", "role", "tabindex"),
}  # fmt: skip
BY_LETTER = "terms/index.md"  # has a heading and a list for each letter with which some name begins
NO_LETTER = ("a", "aria-label", "href")  # of the bar there, for names that begin with no letter
LEAD = {"href", "src", "action", "formaction", "srcset", "data", "content"}  # to an address
RUN = {"javascript", "data", "vbscript", "file"}  # schemes that no address of ours has


@cache
def ordinary() -> dict[str, Counter[tuple[str, ...]]]:
    pages = rendered(Nasty("Ordinary"))
    found = {path: elements(page) for path, page in pages.items() if hasattr(page, "iter")}
    return found | {"redirect": next(found[path] for path in found if path.endswith(".html"))}


def intruders(pages: dict[str, Any]) -> list[str]:
    """Everything on the pages of a site that neither a template nor the Markdown of a text makes."""
    found = []
    for path, page in pages.items():
        if path.endswith(" front"):
            # The theme writes these into the page as they are.
            found += [f"{path}: {name}" for name in page.keys() - {"title", "description", "search", "hide", "card"}]
            assert re.fullmatch(r"assets/cards/[a-z0-9/-]+\.png", page["card"]), path
            found += [f"{path}: {page[name]}" for name in ("title", "description") if re.search('[<>"]', page[name])]
        else:
            there, template = elements(page), ordinary()[path if path.endswith(".md") else "redirect"]
            if path == BY_LETTER and there[NO_LETTER] <= 1:
                del there[NO_LETTER]
            found += [f"{path}: {one}" for one in there if one not in template and one not in MADE_OF_TEXT]
            found += [
                f"{path}: {one} {there[one]} times"
                for one in template
                if path != BY_LETTER and one not in MADE_OF_TEXT and there[one] != template[one]
            ]
            for element in page.iter():
                for name, value in element.attrib.items():
                    if name in LEAD and re.sub(r"[\s\x00-\x20]", "", value).partition(":")[0].lower() in RUN:
                        found.append(f"{path}: {name}={value}")
    return found


HOSTILE = {
    "script": "<script>alert(1)</script>",
    "script in capitals": "<ScRiPt src=//example.org/x.js></sCrIpT >",
    "end of script": "</script><script>alert(1)</script>",
    "half a tag": "<img src=x onerror=alert(1) ",
    "image": '"><img src=x onerror=alert(1)>',
    "single quotes": "'><svg/onload=alert(1)>",
    "event": '" onmouseover="alert(1)" x="',
    "iframe": '<iframe srcdoc="&lt;script&gt;alert(1)&lt;/script&gt;"></iframe>',
    "style": "<style>*{display:none}</style>",
    "form": '<form action="https://example.org"><input name=q><button formaction="javascript:alert(1)">x',
    "base and meta": '<base href="//example.org"><meta http-equiv=refresh content="0;url=//example.org">',
    "comment": "<!-- --> <b>x</b> <!--",
    "declaration": "<!DOCTYPE html><![CDATA[<script>alert(1)</script>]]><?php x ?>",
    "block": '<div markdown="1" onclick=alert(1)>\n\n**x**\n\n</div>',
    "end of the block": "</section></div></details></header><script>alert(1)</script>",
    "math": "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt; &#60;b&#62; &#x3c;i&#x3e; &amp;lt;u&amp;gt;",
    "link": "[x](javascript:alert(1))",
    "link in capitals": "[x](JaVaScRiPt:alert(1))",
    "link with entities": "[x](&#106;&#97;vascript&colon;alert(1)) [x](java&#9;script:alert&lpar;1&rpar;)",
    "link with spaces": "[x]( javascript:alert(1)) [x](java\tscript:alert(1)) [x](<javascript:alert(1)>)",
    "link with a title": '[x](https://example.org \'" onmouseover=alert(1) x=\') [x](https://a.b "<b>")',
    "link with a quote": '[x](https://a.b/"onmouseover="alert(1))',
    "data": "[x](data:text/html;base64,PHNjcmlwdD4=) ![x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "vbscript": "[x](vbscript:msgbox(1)) [x](file:///etc/passwd) [x](//example.org)",
    "picture": '![x](https://example.org/x.png) ![x](x.png "<b>") !["onerror=alert(1)](x)',
    "autolink": "<javascript:alert(1)> <data:text/html,x> <https://a.b/<b>> <a@b.c>",
    "reference": "[x][y] [y] [y]: javascript:alert(1)",
    "reference on lines of its own": "[x][y]\n\n[y]: javascript:alert(1) 'title'\n[y]:\n  javascript:alert(1)",
    "reference around code": "[`x`]: javascript:alert(1)\n\n[`x`] [$x$]: javascript:alert(1)",
    "address": "https://a.b/[x](javascript:alert(1)) https://a.b/<script> https://a.b/`x",
    "wiki": "[[neuron|<script>alert(1)</script>]] [[neuron|x](javascript:alert(1))]]",
    "fence": "```html onclick=alert(1)\n<script>alert(1)</script>\n```",
    "fence with options": '``` { .python #id title="<b>" onclick="alert(1)" }\nx\n```',
    "fence with tildes": "~~~ python title='<img src=x onerror=alert(1)>' hl_lines='1'\nx\n~~~",
    "fence in a list": "- ```html\n  <script>alert(1)</script>\n  ```",
    "open fence": "```\n<script>alert(1)</script>",
    "code": "`<script>alert(1)</script>` ``<b>`` `x",
    "indented": "x\n\n    <script>alert(1)</script>\n\n\t<b>",
    "mathematics": r"$\href{javascript:alert(1)}{x}$ $\text{<script>alert(1)</script>}$ $\style{color:red}{x}$",
    "mathematics that breaks out": r"$\text{</mtext></math><script>alert(1)</script>}$ $x<b>$ $$<img src=x>$$",
    "heading inside a link": "[a\n---\nb](https://a.b) x [c\n===\nd](e) x <b\n---\nc> x [f](https://a.b/\n===\n)",
    "table": "| a | b |\n|---|---|\n| <script> | [x](javascript:alert(1)) |",
    "cell": "x | <b>y</b> | z || \\| |",
    "heading": "# x {#y onclick=alert(1)}\n\nx\n===\n\n## y ##",
    "attributes": 'x {: .md-banner onclick=alert(1) } {: #y }\n{: style="color:red" }',
    "admonition": '!!! danger "<b>x</b>"\n    y\n\n??? note\n    z',
    "snippet": '--8<-- "/etc/passwd"\n\n--8<--\n/etc/passwd\n--8<--',
    "directive": "::: generator.load\n    options:\n      show_source: true",
    "tabs": '=== "x"\n    <script>alert(1)</script>',
    "contents": "[TOC]\n\n[[_TOC_]]",
    "abbreviation": "*[HTML]: <b>x</b>\n\nHTML",
    "footnote": "x[^1]\n\n[^1]: <script>alert(1)</script>",
    "definition list": "x\n:   <script>alert(1)</script>",
    "tasks": "- [x] <b>y</b>\n- [ ] z",
    "Jinja": "{{ 7*7 }} {% raw %} {# x #} {{ config.__class__ }} {%- endraw -%} {{",
    "front matter": "---\ntitle: x\ntemplate: main.html\nhide: [footer]\n---\n\n...",
    "front matter in a line": '" \nsearch: {boost: 9}\ntitle: "x',
    "placeholders of the engine": "\x02wzxhzdk:0\x03 \x02klzzwxh:0000\x03 \x02amp\x03",
    "emphasis": "***a** b_c_ __d__* ~~e~~ ==f== ++g++ ^^h^^ H~2~O",
    "emoji": ":smile: :material-account: :fontawesome-brands-github:",
    "keys": "++ctrl+alt+delete++ (c) (tm) --> 1/2",
    "critic": "{--x--} {++<b>++} {>>y<<} {==z==}",
    "replacement of strings": "\\0 \\1 \\g<0> %s %(x)s {0} {x} $x ${x} \0title \0to",
}
PLACES = {"at the start": "{} {}", "on a line of its own": "x {1}\n\n{0}\n\nx {1}"}


@cache
def looked_at(name: str, place: str) -> tuple[list[str], set[tuple[Any, ...]]]:
    """What a text adds to the pages of the site, and the plain texts that are not shown there as they are."""
    nasty = Nasty(HOSTILE[name], PLACES[place])
    try:
        pages = rendered(nasty)
    except ValueError:
        if not name.startswith("mathematics"):  # which check tells where it can not be shown; plain texts may hold it
            raise
        nasty = Nasty(HOSTILE[name], PLACES[place], in_markdown=False)
        pages = rendered(nasty)
    found = intruders(pages)
    seen = UNSEEN.sub("", " ".join(shown_text(page) for page in pages.values() if hasattr(page, "iter")))
    return found, {way for way, text in nasty.plain.items() if UNSEEN.sub("", text) not in seen}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_adds_anything_to_a_page(name, place):
    assert looked_at(name, place)[0] == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", HOSTILE)
def test_plain_text_is_shown_as_it_is(name, place):
    assert looked_at(name, place)[1] == NEVER_SHOWN


# Words that are not to be linked, and names of settings that get no control.
NEVER_SHOWN = {("Term", "nolink", i) for i in (0, 1)} | {
    ("Term", *place, "hide", i) for place in (("demo",), ("also", 0), ("also", 1)) for i in (0, 1)
}
OBEYED = "{{ 7*7 }} {% raw %} {# x #} {: .x #y } ::: x [TOC] !!! note --8<-- :smile: ++x++ {--x--} ==x== (c) [^1] $(x)"


@cache
def obeyed() -> dict[str, Any]:
    return rendered(Nasty(OBEYED))


@pytest.mark.parametrize("page", ["terms/neuron.md", "comparisons/neuron-vs-gradient.md", "paths/way.md"])
def test_what_other_programs_would_obey_is_shown_in_markdown_too(page):
    seen = shown_text(obeyed()[page])
    assert [word for word in OBEYED.split(" ") if word not in seen] == []
    assert seen.count(OBEYED) >= 3


def test_every_field_of_the_model_is_in_what_is_tried():
    """By construction: a field that is added later is filled in and tried without a word here."""
    for kind in (Term, Comparison, Way, Category):
        assert {field.alias or name for name, field in kind.model_fields.items()} == full(kind).keys()
        kind.model_validate(filled(full(kind), Nasty("x")))
    assert {field.alias or name for name, field in Source.model_fields.items()} == full(Term)["sources"][0].keys()


MARKS = (
    "< > </ <!-- --> <script> </script> <b & &lt; &#60; ; \" ' ` `` ``` ~~~ $ $$ \\ [ ] ( ) ]( ]: [[ ]] | ! # * _ ** x "
    "https://a.b/ javascript: data: onclick= {{ }} {% {: } = === --- ::: !!! ? : / [^1] <a href= \\text{ ^ { &colon;"
)
SPACES = [" ", "    ", "\t", "\n", "\n\n", "\n- ", "\n1. ", "\n> "]
marks = st.lists(st.sampled_from([*MARKS.split(" "), *SPACES]), min_size=1, max_size=14).map("".join)
texts = st.one_of(marks, st.text(min_size=1, max_size=40))


@settings(max_examples=40)
@given(texts.filter(lambda text: text.strip() and not UNSEEN.search(text)))
def test_no_text_that_anybody_could_think_of_adds_anything(text):
    try:
        assert intruders(rendered(Nasty(text))) == []
    except (ValidationError, ValueError, SourceProblems):  # refused, which check tells
        return


def page_of(term: Term) -> str:
    """The page of a term as the engine makes it; empty where it holds what is no mathematics."""
    glossary = Glossary(
        terms={term.slug: term},
        categories={"basics": Category(slug="basics", title="Basics", scope="x")},
        demos={"tiny": read("tiny", text=DEMO)},
    )
    files = site(glossary, lessons_with(glossary, "x"), Site("https://example.org/"))
    page = files[f"terms/{term.slug}.md"]
    assert isinstance(page, Page)
    try:
        return as_html(page.make())
    except ValueError:
        return ""
