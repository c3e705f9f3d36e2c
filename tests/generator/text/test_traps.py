"""Each trap of Markdown is one: the engine shows what its author did not mean, and the remedy helps."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from generator.model.texts import markdown_texts
from generator.text.markdown import parts, shown
from generator.text.traps import _IN_A_LINE, _LINE_WITH_A_MARK, _SIGN_OF_A_MARK, _UNKNOWN, traps
from tests.generator.conftest import as_html, ours
from tests.generator.text.test_markdown import nasty


def html(text):
    """What the engine makes of a text, with characters as they are."""
    return bare(as_html("".join(shown(kind, part) for kind, part in parts(text))))


def bare(page):
    """HTML in which no character is written as its number, since which are is no matter here."""
    return re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), page)


def told(text, **how):
    return [f"{message} | {hint}" for message, hint in traps(text, **how)]


NO_LIST = "put an empty line before the list, or no line break before the sign"
LIST = "<ul>\n<li>b</li>\n<li>c</li>\n</ul>"
RULES = "headings and rules are made by the page"
NO_RULE = "start a paragraph instead, or escape it with a backslash"
FOUR = "set it off by four spaces"
BETWEEN = "put a sentence between the two lists, or let all entries start alike"
COUNTS = r", or write {}\. where no list is meant: a list counts its entries from 1"
NO_MATHEMATICS = "this is no mathematics, and the page shows its signs"
DOLLARS = "put it between dollars, as in $x_i$, or in code where it is meant as it stands"
TABLE = "| a | b |\n|---|---|\n| 1 | 2 |"


@pytest.mark.parametrize(
    ("text", "expected", "seen", "mended", "meant"),
    [
        ("a:\n- b\n- c", f"this is part of the paragraph before it, and no list: - b | {NO_LIST}",
         "<p>a:\n- b\n- c</p>", "a:\n\n- b\n- c", f"<p>a:</p>\n{LIST}"),
        ("a:\n* b\n* c", f"this is part of the paragraph before it, and no list: * b | {NO_LIST}",
         "<p>a:\n* b\n* c</p>", "a:\n\n* b\n* c", f"<p>a:</p>\n{LIST}"),
        ("a:\n1. b\n2. c", f"this is part of the paragraph before it, and no list: 1. b | {NO_LIST}",
         "<p>a:\n1. b\n2. c</p>", "a:\n\n1. b\n2. c", "<p>a:</p>\n<ol>\n<li>b</li>\n<li>c</li>\n</ol>"),
        ("- b\n\n    d\n- c", f"this is part of the paragraph before it, and no list: - c | {NO_LIST}",
         "<ul>\n<li>\n<p>b</p>\n<p>d\n- c</p>\n</li>\n</ul>", "- b\n\n    d\n\n- c",
         "<ul>\n<li>\n<p>b</p>\n<p>d</p>\n</li>\n<li>\n<p>c</p>\n</li>\n</ul>"),
        ("1) b\n2) c", "this makes no list: 1) b | start entries with - or 1. and a space",
         "<p>1) b\n2) c</p>", "1. b\n2. c", "<ol>\n<li>b</li>\n<li>c</li>\n</ol>"),
        ("• b\n• c", "this makes no list: • b | start entries with - or 1. and a space",
         "<p>• b\n• c</p>", "- b\n- c", LIST),
        ("- a\n  - b\n  - c", f"this is no list in a list: - b | {FOUR}",
         "<ul>\n<li>a</li>\n<li>b</li>\n<li>c</li>\n</ul>", "- a\n    - b\n    - c",
         f"<ul>\n<li>a{LIST}\n</li>\n</ul>"),
        ("1. a\n   - b\n   - c", f"this is no list in a list: - b | {FOUR}",
         "<ol>\n<li>a</li>\n<li>b</li>\n<li>c</li>\n</ol>", "1. a\n    - b\n    - c",
         f"<ol>\n<li>a{LIST}\n</li>\n</ol>"),
        ("- a\n\n  b", f"this does not belong to the entry before it: b | {FOUR}",
         "<ul>\n<li>a</li>\n</ul>\n<p>b</p>", "- a\n\n    b", "<ul>\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n</ul>"),
        ("2017. It was", r"'2017.' starts a list here | write 2017\. or begin with another word",
         "<ol>\n<li>It was</li>\n</ol>", r"2017\. It was", "<p>2017&#46; It was</p>"),
        ("a\n\n    b", "four spaces make code of this: b | take the spaces away, or put code between lines of ```",
         '<p>a</p>\n<div class="highlight"><pre><span></span><code>b\n</code></pre></div>',
         "a\n\n```\nb\n```", "<p>a</p>\n<pre><code>b\n</code></pre>"),
        ("\ta", "four spaces make code of this: a | take the spaces away, or put code between lines of ```",
         '<div class="highlight"><pre><span></span><code>a\n</code></pre></div>', "a", "<p>a</p>"),
        ("a\n> b", r"this becomes a quotation: > b | put an empty line before it where it is one, or else write \>",
         "<p>a</p>\n<blockquote>\n<p>b</p>\n</blockquote>", "a\n\\> b", "<p>a\n&#62; b</p>"),
        ("***", f"{RULES}: *** | {NO_RULE}", "<hr />", r"\*\*\*", "<p>&#42;&#42;&#42;</p>"),
        ("_ _ _", f"{RULES}: _ _ _ | {NO_RULE}", "<hr />", r"\_ _ _", "<p>&#95; _ _</p>"),
        ("- - -", f"{RULES}: - - - | {NO_RULE}", "<hr />", r"\- - -", "<p>&#45; - -</p>"),
        (f"a\n{TABLE}", "this is no table: | a | b | | put an empty line before it",
         f"<p>a\n{TABLE}</p>", f"a\n\n{TABLE}",
         "<p>a</p>\n<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n"
         "<td>2</td>\n</tr>\n</tbody>\n</table>"),
        ("| a |\n|---|\n| 1 | 2 |", r"this line of a table has 2 cells, and its head has 1: | 1 | 2 | | "
                                    r"write as many in each line, and \| for a bar inside a cell",
         "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n</tr>\n</tbody>\n</table>",
         "| a |\n|---|\n| 1 \\| 2 |",
         "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1 &#124; 2</td>\n</tr>\n</tbody>\n"
         "</table>"),
        ("~~~\na", "a ~~~ opens code that does not close | close it with ~~~ on a line of its own",
         "<p>&#126;~~\na</p>", "~~~\na\n~~~", "<pre><code>a\n</code></pre>"),
        ("- a\n\n    ```\n    b\n    ```",
         "this is no block of code: ``` b ``` | let ``` start its line, outside of lists",
         "<ul>\n<li>\n<p>a</p>\n<p><code>b</code></p>\n</li>\n</ul>",
         "- a\n\n```\nb\n```", "<ul>\n<li>a</li>\n</ul>\n<pre><code>b\n</code></pre>"),
        ("2*3*4", r"this becomes emphasis inside a word: 2*3*4 | "
                  r"write \* or $\cdot$ for a product, or leave the whole word in emphasis",
         "<p>2<em>3</em>4</p>", r"2\*3\*4", "<p>2&#42;3&#42;4</p>"),
        ("a **b", r"a * opens emphasis that does not close: **b | "
                  r"close it in the same paragraph, with no space inside, or write \*",
         "<p>a **b</p>", "a **b**", "<p>a <strong>b</strong></p>"),
        ("a *b\n\nc* d", [r"a * opens emphasis that does not close: *b | "
                          r"close it in the same paragraph, with no space inside, or write \*",
                          r"a * opens emphasis that does not close: * d | "
                          r"close it in the same paragraph, with no space inside, or write \*"],
         "<p>a *b</p>\n<p>c* d</p>", "a *b c* d", "<p>a <em>b c</em> d</p>"),
        ("**a b **c", r"a * opens emphasis that does not close: **a b **c | "
                      r"close it in the same paragraph, with no space inside, or write \*",
         "<p>**a b **c</p>", "**a b** c", "<p><strong>a b</strong> c</p>"),
        ("__init__", "this becomes bold: __init__ | write `__init__` for code, or **init** for bold",
         "<p><strong>init</strong></p>", "`__init__`", "<p><code>&#95;&#95;init&#95;&#95;</code></p>"),
        ("a  \nb", "two spaces break the line after: a | take the spaces away, or make two paragraphs",
         "<p>a<br />\nb</p>", "a\nb", "<p>a\nb</p>"),
        ("!!! note\n    a", "the page shows these marks as they stand: !!! note | "
                            "say it in a sentence: there are no boxes and tabs inside a text",
         "<p>!!! note\n    a</p>", "Note: a", "<p>Note: a</p>"),
        ("a ~~b~~ c", "the page shows these marks as they stand: ~~b~~ | leave out what is struck through",
         "<p>a ~~b~~ c</p>", "a c", "<p>a c</p>"),
        ("a[^1]", "the page shows these marks as they stand: [^1] | "
                  "write [text](https://…), or add it to the sources: there are no footnotes",
         "<p>a[^1]</p>", "a [b](https://c.de)", '<p>a <a href="https://c.de">b</a></p>'),
        ("- [ ] b\n- c", "the page shows these marks as they stand: - [ ] | leave the box out",
         "<ul>\n<li>[ ] b</li>\n<li>c</li>\n</ul>", "- b\n- c", LIST),
        ("- a\n\n1. b", f"this goes on with the list of - before it: 1. b | {BETWEEN}",
         "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>", "- a\n\nd\n\n1. b",
         "<ul>\n<li>a</li>\n</ul>\n<p>d</p>\n<ol>\n<li>b</li>\n</ol>"),
        ("1. a\n- b\n- c", f"this goes on with the list of 1. before it: - b | {BETWEEN}",
         "<ol>\n<li>a</li>\n<li>b</li>\n<li>c</li>\n</ol>", "1. a\n2. b\n3. c",
         "<ol>\n<li>a</li>\n<li>b</li>\n<li>c</li>\n</ol>"),
        ("3. a\n3. b", ["the page shows 1. for this: 3. a | start at 1" + COUNTS.format(3),
                       "the page shows 2. for this: 3. b | write 2." + COUNTS.format(3)],
         "<ol>\n<li>a</li>\n<li>b</li>\n</ol>", "1. a\n2. b", "<ol>\n<li>a</li>\n<li>b</li>\n</ol>"),
        ("1. a\n2. b\n\n1. c", "the page shows 3. for this: 1. c | write 3." + COUNTS.format(1),
         "<ol>\n<li>a</li>\n<li>\n<p>b</p>\n</li>\n<li>\n<p>c</p>\n</li>\n</ol>", "1. a\n2. b\n\nd\n\n1. c",
         "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n<p>d</p>\n<ol>\n<li>c</li>\n</ol>"),
        ("0. a", "the page shows 1. for this: 0. a | start at 1" + COUNTS.format(0),
         "<ol>\n<li>a</li>\n</ol>", r"0\. a", "<p>0&#46; a</p>"),
        ("1. a\n\nb\n\n2. c", "the page shows 1. for this: 2. c | start at 1" + COUNTS.format(2),
         "<ol>\n<li>a</li>\n</ol>\n<p>b</p>\n<ol>\n<li>c</li>\n</ol>", "1. a\n\n    b\n\n2. c",
         "<ol>\n<li>\n<p>a</p>\n<p>b</p>\n</li>\n<li>\n<p>c</p>\n</li>\n</ol>"),
        (r"a \(x_i\) b", f"{NO_MATHEMATICS}: \\(x_i\\) | {DOLLARS}", "<p>a (x_i) b</p>",
         "a (x) b", "<p>a (x) b</p>"),
        ("\\[y\\]", f"{NO_MATHEMATICS}: \\[y\\] | {DOLLARS}", "<p>[y]</p>", "`[y]`", "<p><code>[y]</code></p>"),
        (r"a \frac{1}{2} b", f"{NO_MATHEMATICS}: \\frac{{1}} | {DOLLARS}", r"<p>a \frac{1}{2} b</p>",
         r"a `\frac{1}{2}` b", r"<p>a <code>\frac{1}{2}</code> b</p>"),
        (r"an \alpha of 2", f"{NO_MATHEMATICS}: \\alpha | {DOLLARS}", r"<p>an \alpha of 2</p>",
         "an α of 2", "<p>an α of 2</p>"),
        ("[[neuron] a", "the page shows these marks as they stand: [[neuron] | close the link with ]]",
         "<p>[[neuron] a</p>", "[[neuron]] a", "<p>[[neuron]] a</p>"),
        ("[neuron]] a", "the page shows these marks as they stand: [neuron]] | open the link with [[",
         "<p>[neuron]] a</p>", "[[neuron]] a", "<p>[[neuron]] a</p>"),
        ("a loss}} b", "the page shows these marks as they stand: loss}} | open the figure with {{, or put "
         "what is code between marks of `", "<p>a loss}} b</p>", "a {{loss}} b", "<p>a {{loss}} b</p>"),
    ],
)  # fmt: skip
def test_a_trap_is_told_the_engine_falls_in_and_the_remedy_helps(text, expected, seen, mended, meant):
    assert told(text) == ([expected] if isinstance(expected, str) else expected)
    assert html(text) == bare(seen)
    assert told(mended) == []
    assert html(mended) == bare(meant)


@pytest.mark.parametrize(
    "text",
    [
        "It was published in\n2017. The rest is known.",  # the engine makes no list of it either
        "A good guess has\n1. A better one has less.",
        "The mean is (1\n+ 0 + 9) / 3, about 3.",
        "1. five\n2. six",
        "1. five\n1. six\n1. seven",
        "- a\n\nSo:\n\n1. b\n2. c\n\nAnd:\n\n- d",
        "- a\n    1. b\n    2. c\n- d\n    1. e",
        "1. a\n    - b\n    - c\n2. d\n\n    e\n\n3. f",
        "- a\n\n```\n2. b\n```\n\n1. c",
        "a * b, 2 * 3 and *c*, **d**, ***e***, *f **g** h*",
        "- *a*: b\n- **c**: d",
        "- a\n    - b\n    - c\n\n    d\n- e".replace("\n- e", "\n\n- e"),
        "- a\n  goes on",
        "x_1 and y_2, `__init__`, $a*b*c$, $$\n- 1\n$$",
        "> a\n> b",
        "a\n\n> b",
        "In [0, 1], [[1, 2], [3, 4]] and [[neuron]]",
        "| a | b |\n|:--|--:|\n| `x|y` | $|x|$ |",
        "a\nb - c\nd",
        "```\n- a\n    b  \n***\n```",
        "",
        r"\[MASK\] and \[0, 1\], a\*b, \_x\_, \\alpha, C:\temp\alpha and [a]\(b\)",
        r"$\alpha$, `\beta`, $$\frac{1}{2}$$ and a \ b",
    ],
)
def test_what_the_engine_shows_as_meant_is_no_trap(text):
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n\nb", "the page shows one paragraph here, and a second starts: b"),
        ("a\n\n```\nb\n```", "the page shows one paragraph here, and a second starts: ```"),
        ("- a\n- b", "the page shows one paragraph here, and no lines of their own: - a"),
        ("a:\n- b", "the page shows one paragraph here, and no lines of their own: - b"),
        ("a\n1. b\n2. c", "the page shows one paragraph here, and no lines of their own: 1. b"),
        ("> a", "the page shows one paragraph here, and no lines of their own: > a"),
        (TABLE, "the page shows one paragraph here, and no lines of their own: | a | b |"),
    ],
)
def test_a_text_of_one_paragraph_has_no_blocks(text, expected):
    hint = "say it in one paragraph, without lists, tables, quotations and blocks of code"
    assert told(text, one_paragraph=True) == [f"{expected} | {hint}"]


def test_a_text_of_one_paragraph_may_go_over_several_lines_and_has_the_traps_inside_of_lines():
    assert told("a\nb 1 -\n  c (1\n+ 0)", one_paragraph=True) == []
    assert told("a **b", one_paragraph=True) == told("a **b") != []


AS_THEY_STAND = "the page shows these marks as they stand"


@pytest.mark.parametrize(
    ("text", "marks", "hint"),
    [
        ("a ==mark== b", "==mark==", "write **…** for what is to stand out"),
        ("a ==two words==.", "==two words==", "write **…** for what is to stand out"),
        ("press ++ctrl+c++ now", "++ctrl+c++", "write keys as `Ctrl+C`, and leave other marks out"),
        ("H~2~O", "~2~", "write H₂O, or $x_2$ for mathematics"),
        ("CO~2~ is", "~2~", "write H₂O, or $x_2$ for mathematics"),
        ("x^2^ is", "^2^", "write x², or $x^2$ for mathematics"),
        ("^^new^^", "^^new^^", "write x², or $x^2$ for mathematics"),
        ("a :smile: b", ":smile:", "say it in words, or put the sign itself"),
        ("a :+1: b :material-alert:", ":material-alert:", "say it in words, or put the sign itself"),
        ("a word{.cls}", "{.cls}", "leave it out: a text gives itself no class and no anchor"),
        ("a word{#id}", "{#id}", "leave it out: a text gives itself no class and no anchor"),
        ("*b*{: .c}", "{: .c}", "leave it out: a text gives itself no class and no anchor"),
        ("a {++add++}", "{++add++}", "write the text as it is to be read: there are no tracked changes"),
        ("a {--out--}", "{--out--}", "write the text as it is to be read: there are no tracked changes"),
        ("a {~~b~>c~~}", "{~~b~>c~~}", "write the text as it is to be read: there are no tracked changes"),
        ("a {>>note<<}", "{>>note<<}", "write the text as it is to be read: there are no tracked changes"),
        ('--8<-- "a.md"', "--8<--", "put the text itself here: there are no snippets"),
        ("Term\n:   what it is", ": what it is",
         "say it in a sentence, or in a list that starts with - **term**: and goes on"),
        ("see [the paper][1]", "[the paper][1]", "write [text](https://…)"),
        ("see [the paper][]", "[the paper][]", "write [text](https://…)"),
        ("[1]: https://example.org", "[1]: https://x", "write [text](https://…) where the link is to stand"),
        ("[p]: <https://example.org>", "[p]: https://x", "write [text](https://…) where the link is to stand"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("one_paragraph", [False, True])
def test_marks_of_other_engines_are_told_since_the_page_shows_them(text, marks, hint, one_paragraph):
    assert told(text, one_paragraph=one_paragraph) == [f"{AS_THEY_STAND}: {marks} | {hint}"]
    assert "".join(BeautifulSoup(html(text), "html.parser").get_text().split()).count("".join(marks[:4].split())) == 1
    assert told(f"`` {text} ``") == []


@pytest.mark.parametrize(
    "text",
    [
        "a == b and c==d, `x ==y== z`, 1 === 2",
        "C++ and C++20, i++ and ++i, A++",
        "about ~5 and ~6, from ~5-~6, ~/folder",
        "2^n and 2^2^n, x^2 and y^2",
        "at 10:30:15, a:b:c, std::vec::new, Note: this: that, see: [[neuron]]: yes",
        "the set {0, 1}, {.5, 1}, {a: 1}, {{size}}",
        "a -- b --x-- c",
        "a[0][1], [0, 1][2, 3], [CLS]: the first, [1]: one",
        "[CLS][MASK] and [SEP][SEP]",
        "[MASK]: a token\n[1] and [2]",
    ],
)
def test_signs_that_are_no_marks_are_no_trap(text):
    assert told(text) == []


@given(nasty, st.booleans())
def test_any_text_can_be_looked_at(text, one_paragraph):
    for message, hint in traps(text, one_paragraph=one_paragraph):
        assert message
        assert hint
        assert "\n" not in message


def test_no_text_of_the_glossary_falls_into_a_trap():
    glossary = ours().glossary
    texts = [
        text.content for entry in (*glossary.terms.values(), *glossary.paths.values()) for text in markdown_texts(entry)
    ]
    assert len(texts) > 500
    assert [message for text in texts for message, _ in traps(text)] == []


OF_OTHER_ENGINES = [
    "~~a~~", "==a==", "++a++", "{++a++}", "a~1~", "x^2^", "^^a^^", ":ab:", "{.x}", "{: x}", "{ #x}", "-8<-", "[ab][cd]",
    "!!! a", "??? a", "=== a", "[^1]", "[a]: http://x", ": a", "- [ ] a", "[[a]", "[a]]", "a}}",
    "[[ ]]", "a", " ", "\n", "{", "]",
]  # fmt: skip


@pytest.mark.parametrize("pattern", [pattern for pattern, _ in _UNKNOWN], ids=lambda pattern: pattern.pattern)
def test_every_kind_of_mark_is_among_those_below(pattern):
    assert any(pattern.search(mark) for mark in OF_OTHER_ENGINES)


@given(st.lists(st.sampled_from(OF_OTHER_ENGINES), max_size=5).map("".join))
def test_a_text_in_which_no_sign_is_found_has_none_of_the_marks(text):
    if not _SIGN_OF_A_MARK.search(text):
        assert not any(pattern.search(text) for pattern in _IN_A_LINE)
        if not _LINE_WITH_A_MARK.search(text):
            assert not any(pattern.search(text) for pattern, _ in _UNKNOWN)
