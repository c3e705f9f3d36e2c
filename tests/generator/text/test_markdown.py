"""Texts are cut into parts, and each part reaches the reader as it was meant."""

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.text.markdown import leads_to_the_web, markdown_text, parts, plain_text, shown, words
from tests.generator.conftest import as_html


def html(text):
    return as_html("".join(shown(kind, part) for kind, part in parts(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("only prose", [("prose", "only prose")]),
        ("a `b` c", [("prose", "a "), ("code", "`b`"), ("prose", " c")]),
        ("``a`b``", [("code", "``a`b``")]),
        ("`` ` ``", [("code", "`` ` ``")]),
        ("a ` b", [("prose", "a ` b")]),
        ("a `b\n\nc` d", [("prose", "a `b\n\nc` d")]),
        ("$x$", [("math", "$x$")]),
        ("$a\nb$", [("math", "$a\nb$")]),
        ("$$x\ny$$", [("math", "$$x\ny$$")]),
        (r"$\$5$", [("math", r"$\$5$")]),
        ("$5 and $6", [("prose", "$5 and $6")]),
        ("$5,$6", [("prose", "$5,$6")]),
        ("$a\n\nb$", [("prose", "$a\n\nb$")]),
        (r"costs \$5", [("prose", "costs "), ("escape", r"\$"), ("prose", "5")]),
        (r"\\`a`", [("escape", r"\\"), ("code", "`a`")]),
        (r"\`a`", [("escape", r"\`"), ("prose", "a`")]),
        ("```\na\n\n$b$\n```\nc", [("fence", "```\na\n\n$b$\n```"), ("prose", "\nc")]),
        ("~~~~\na\n~~~\n~~~~", [("fence", "~~~~\na\n~~~\n~~~~")]),
        ("```\nopen", [("prose", "```\nopen")]),
        ("# a\nb", [("heading", "# a"), ("prose", "\nb")]),
        ("#a", [("heading", "#a")]),
        ("a #1", [("prose", "a #1")]),
        ("a\n===\nb", [("prose", "a\n"), ("heading", "==="), ("prose", "\nb")]),
        ("a - b", [("prose", "a - b")]),
        ("> # a", [("heading", "> # a")]),
        ("[[a-b]]", [("wiki", "[[a-b]]")]),
        ("[[a|two\nwords]]", [("wiki", "[[a|two\nwords]]")]),
        ("[[a], [b]]", [("prose", "[[a], [b]]")]),
        ("[a](https://b.c)", [("link", "[a](https://b.c)")]),
        ("[a](https://b.c/d_(e)) f", [("link", "[a](https://b.c/d_(e))"), ("prose", " f")]),
        ("![a](b.png)", [("link", "![a](b.png)")]),
        ("[a [b](c)](d)", [("prose", "[a "), ("link", "[b](c)"), ("prose", "](d)")]),
        ("in [0, 1] and (2)", [("prose", "in [0, 1] and (2)")]),
        ("see https://a.b/c, d", [("prose", "see "), ("address", "https://a.b/c,"), ("prose", " d")]),
        ("<https://a.b>", [("address", "<https://a.b>")]),
        ("a <b>c</b>", [("prose", "a "), ("html", "<b>"), ("prose", "c"), ("html", "</b>")]),
        ("<!-- a -->", [("html", "<!-- a -->")]),
        ("1 < 2 > 1", [("prose", "1 < 2 > 1")]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_parts(text, expected):
    assert list(parts(text)) == expected


PIECES = [
    "`", "``", "```", "~~~", "$", "$$", "\\", "[", "]", "(", ")", "[[", "]]", "|", "<", ">", "<b>", "<script>",
    "</script>", "<!--", "-->", "===", "---", "*", "_", "&", "&lt;", "&#60;", "!", ":", "a", "onclick=a(1)",
    "https://", "javascript:a(1)", "[x](", "[x]:", "word", "\\text{", "}", "{", '"', "'", "^", "# ", "- ", "1. ",
    "> ", "    ", "\n", "\n\n", " ",
]  # fmt: skip
nasty = st.one_of(st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.text(max_size=60))


@given(nasty)
def test_parts_joined_are_the_text(text):
    assert "".join(part for _, part in parts(text)) == text


@pytest.mark.parametrize(
    ("text", "count"),
    [("two words", 2), ("a $x + y + z$ b", 3), ("`a b c`", 1), ("```\na b\nc\n```", 1), ("[[a|b c]] d", 3), ("", 0)],
)
def test_code_and_formulas_count_as_one_word_each(text, count):
    assert words(text) == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*a* **b** c_d", "<p><em>a</em> <strong>b</strong> c_d</p>"),
        ("`<b> *x* $y$`", "<p><code>&#60;b&#62; &#42;x&#42; &#36;y&#36;</code></p>"),
        ("a\n`b`\nc", "<p>a\n<code>b</code>\nc</p>"),
        ("```python\n<b>\n\n_x_\n```", "<pre><code>&#60;b&#62;\n\n&#95;x&#95;\n</code></pre>"),
        ("a <b>c</b> <script>", "<p>a &#60;b&gt;c&#60;/b&gt; &#60;script&gt;</p>"),
        ("<div>\n\na", "<p>&#60;div&gt;</p>\n<p>a</p>"),
        ("[a<b](https://c.d)", '<p><a href="https://c.d">a&lt;b</a></p>'),
        ("[a](javascript:b)", "<p>&#91;a&#93;(javascript:b)</p>"),
        ("[a [b]](javascript:c)", "<p>&#91;a &#91;b]]&#40;javascript:c)</p>"),
        ("[a](javascript:b 'c')", "<p>&#91;a]&#40;javascript:b 'c')</p>"),
        ("[a]:javascript:b\n\n[a]", "<p>&#91;a]&#58;javascript:b</p>\n<p>&#91;a]</p>"),
        ("~~~ python title='&lt;b&gt;'\nx", "<p>&#126;~~ python title='&lt;b&gt;'\nx</p>"),
        ("```\n\nx", "<p>&#96;``</p>\n<p>x</p>"),
        ("x [a\n---\nb](https://c.d)", '<p>x <a href="https://c.d">a --- b</a></p>'),
        ("x [a\n===\nb](c)", "<p>x &#91;a === b&#93;(c)</p>"),
        ("x <b\n---\n>", "<p>x &#60;b --- &gt;</p>"),
        ("- ~~~~\n  x\n  ~~~~", "<ul>\n<li>&#126;&#126;~~\n  x\n  &#126;&#126;~~</li>\n</ul>"),
        ("# a", "<p>&#35; a</p>"),
        ("a\n---", "<p>a\n&#45;--</p>"),
        ("- # a\n- &#35; b", "<ul>\n<li>&#35; a</li>\n<li>&#35; b</li>\n</ul>"),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>"),
        ("> a\n> # b\n> ---", "<blockquote>\n<p>a\n&#62; &#35; b\n&#62; ---</p>\n</blockquote>"),
        (r"\*a\* \$5", "<p>&#42;a&#42; &#36;5</p>"),
        ("<https://a.b>", '<p><a href="https://a.b">https://a.b</a></p>'),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("&lt;b&gt; &amp; c", "<p>&lt;b&gt; &amp; c</p>"),
        ("{{ a }} {% b %}", "<p>{{ a }} {% b %}</p>"),
    ],
)
def test_the_engine_shows_a_text_as_it_was_meant(text, expected):
    assert html(text) == expected


MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML" display="{}"><mrow><mi>x</mi></mrow></math>'


def test_a_formula_at_the_start_of_a_line_does_not_end_the_paragraph():
    inline = f'<span class="tl-math">{MATH.format("inline")}</span>'
    scrolls = 'tabindex="0" role="group" aria-label="Formula"'
    block = f'<span class="tl-math tl-math-block" {scrolls}>{MATH.format("block")}</span>'
    assert html("a\n$x$ b\n$x$ c") == f"<p>a\n{inline} b\n{inline} c</p>"
    assert html("- a\n$x$ b") == f"<ul>\n<li>a\n{inline} b</li>\n</ul>"
    assert html("a\n\n$$x$$\n\nb") == f"<p>a</p>\n<p>{block}</p>\n<p>b</p>"
    assert html("a\n$$x$$ b") == f"<p>a\n{block} b</p>"


HARMLESS = {
    "html", "head", "body", "p", "em", "strong", "code", "pre", "a", "ul", "ol", "li", "blockquote", "hr", "br",
    "span", "div", "table", "thead", "tbody", "tr", "th", "td", "math", "mrow", "mi", "mo", "mn", "mtext", "msub",
    "msup", "msubsup", "mspace", "mfrac", "msqrt", "mroot", "mover", "munder", "munderover", "mtable", "mtr", "mtd",
    "mstyle",
}  # fmt: skip


@given(nasty)
@example("`a\n\n<script>x</script>\n\nb`")
@example("`a\n<script>x</script>\nb`")
@example("```\n<script>x</script>")
@example("~~~\n<b>\n~~~~\n<script>\n")
@example("[<script>x</script>](https://a.b)")
@example("[[a|<script>]]")
@example("$\\text{<script>alert(1)</script>}$")
@example("- [a]:javascript:b\n\n[a]")
@example("[a][b]\n\n[b]:javascript:c")
def test_no_text_becomes_live_html(text):
    try:
        page = html(text.replace("[[", "[ ["))  # links by hand are the linker's
    except ValueError:  # not mathematics, which check refuses
        return
    for element in html5lib.parse(page, namespaceHTMLElements=False).iter():
        name = str(element.tag).rpartition("}")[2]
        assert name in HARMLESS, page
        assert not [key for key in element.attrib if key.startswith("on") or key == "style"], page
        assert name != "a" or element.get("href", "").startswith(("http://", "https://")), page


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40))
def test_plain_text_written_as_markdown_shows_just_that_text(text):
    page = as_html("x " + markdown_text(text))
    assert "".join(html5lib.parse(page).itertext()) == "x " + text


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("*a* **b** _c_ d_e", "a b c d_e"),
        ("2 * 3 and a*", "2 * 3 and a"),
        ("2*3 and **b**c and d*e f*", "2*3 and bc and d*e f"),
        ("`a*b` and $w_1$", "a*b and w_1"),
        ("[[byte-pair-encoding]] or [[bpe|that code]]", "byte pair encoding or that code"),
        ("[[a|A&#42;]] and [[a|*b*]]", "A* and b"),
        ("see [the\n**paper**](https://a.b) at <https://c.d>", "see the paper at https://c.d"),
        ("- a\n- b\n\n1. c", "a b c"),
        (r"\*a\* costs \$5", "*a* costs $5"),
        ("a &lt; b &amp; c", "a < b & c"),
        ("```\nx = 1\n```", "x = 1"),
        ("<b>", "<b>"),
    ],
)
def test_markdown_as_plain_text_is_what_a_reader_sees(text, plain):
    assert plain_text(text) == plain


@given(st.text(max_size=40))
def test_plain_text_survives_the_way_through_markdown(text):
    assert plain_text("x" + markdown_text(text)) == " ".join(("x" + text).split())


def test_only_links_to_the_web_lead_to_the_web():
    assert leads_to_the_web("[a](https://b.c)")
    for other in ("![a](https://b.c)", "[a](b.md)", "[a](javascript:b)", "[a](//b.c)", "[a](ftp://b.c)"):
        assert not leads_to_the_web(other)
