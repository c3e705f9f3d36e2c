"""Broken and extreme inputs as data: what is changed in a small project, and the sentence that is told."""

import errno
import os
import subprocess
import sys

import pytest

from generator import cache
from generator.__main__ import main
from generator.cache import keep, kept
from tests.generator.conftest import CATEGORIES, DEMO, PROSE, entry, write_yaml

TWICE = '\n\ndef demo(*, size: Annotated[int, Range(1, 9)] = 2) -> Result:\n    """A.\n\n    size: x\n    """\n'
SECOND = {"slug": "other", "title": "Basics", "scope": "What comes third."}
ROW = {"aspect": "One", "values": {"a": "x", "b": "y"}}


def source(url):
    return {"sources": [{"title": "Thing", "url": url, "year": 1943, "kind": "paper"}]}


DEMOS = [
    # the file, its text, what is told
    ("tiny", DEMO + TWICE, "demos/tiny.py:11:1: demo() is defined twice"),
    ("tiny", DEMO.replace("def demo", "@staticmethod\ndef demo"), "demos/tiny.py:11:1: demo() is decorated"),
    *(
        ("tiny", f"{DEMO}\n{code}\n", (f"demos/tiny.py:{line}:", "demo() is made another thing here"))
        for code, line in [
            ("demo = 5", 23), ("demo: int = 5", 23), ("from random import random as demo", 23), ("import demo", 23),
            ("class demo: pass", 23), ("for demo in []: pass", 23), ("if True:\n    demo = 1", 24),
            ("def f():\n    global demo\n    demo = 1", 24), ("with open('x') as demo: pass", 23),
            ("del demo", 23), ("match 3:\n    case demo: pass", 24),
        ]
    ),
    *(
        ("tiny", f"{DEMO}\n{code}\n", ("demos/tiny.py:23:1: this is not Python: ", why))
        for code, why in [
            ("return 3", "'return' outside function"), ("break", "'break' outside loop"),
            ("await x", "'await' outside"), ("def f(a, a): pass", "'a'"),
            ("from __future__ import annotations", "must occur at the beginning"),
        ]
    ),
    *(
        ("tiny", DEMO.replace("from typing", f"{code}\nfrom typing"), f"demos/tiny.py:6:1: {message}")
        for code, message in [
            ("import generator", "this imports generator, and a demo knows nothing of what is around demos"),
            ("from tests.x import y", "this imports tests, and a demo knows nothing of what is around demos"),
            ("import numpyy", "there is no package numpyy to import\n    hint: did you mean 'numpy'?"),
            ("from demos.tiny import *", "this imports * and does not say what it needs"),
        ]
    ),
    ("tiny", DEMO.replace("loud:", "größe:"), "'größe' is no name for a parameter\n    hint: start with a letter"),
    ("tiny.bak", DEMO, "demos/tiny.bak.py:1:1: 'tiny.bak' can not be the name of a demo"),
    ("record", DEMO, ("no demo can be called 'record': that is a command, as in ", "-m demos record\n")),
    ("null", DEMO, "no demo can be called 'null': that is a word of YAML"),
    ("parts/__main__", DEMO, "demos/parts/__main__.py:1:1: this is no lesson, part, data or machinery"),
    *(
        ("tiny", DEMO.replace("loud:", f"{name}:"), f"the parameter '{name}' has the name of an option that every demo")
        for name in ("json", "save", "help")
    ),
    *(
        (name, DEMO, f"demos/{name}.py:1:1: no demo can be called '{name}': that is {whose}")
        for name, whose in [
            ("random", "a module of Python"), ("token", "a module of Python"), ("copy", "a module of Python"),
            ("tqdm", "a package that demos import"), ("demos", "a package that demos import"),
            ("map", "a word of Python"), ("lambda", "a word of Python"), ("numpy", "a package that demos import"),
        ]
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "message"), DEMOS)
def test_a_demo_that_would_mislead_is_told(project, capsys, name, text, message):
    (project / "demos" / "parts").mkdir(exist_ok=True)
    (project / "demos" / f"{name}.py").write_text(text, encoding="utf-8")
    code, told = said(project, capsys)
    assert code == 1
    assert all(part in told for part in ([message] if isinstance(message, str) else message)), told
    assert "\n    hint: " in told


@pytest.mark.parametrize(
    "code",
    ["if __name__ == '__main__':\n    demo()", "x = [demo for demo in []]", "def f():\n    demo = 1\n    return demo"],
)
def test_what_leaves_demo_as_it_is_is_not(project, capsys, code):
    (project / "demos" / "tiny.py").write_text(f"{DEMO}\n\n{code}\n", encoding="utf-8")
    assert said(project, capsys)[0] == 0


ENTRIES = [
    # what is changed in the term, what is told
    ({"explanation": f"{PROSE} a&#8203;b"}, "&#8203; stands for the invisible character U+200B (zero width space)"),
    ({"explanation": f"{PROSE} a&#x202E;b"}, "&#x202E; stands for the invisible character U+202E (right-to-left over"),
    ({"explanation": f"{PROSE} [a&zwnj;b](https://example.org/)"}, "&zwnj; stands for the invisible character U+200C"),
    ({"explanation": f"{PROSE} **a&rlm;b**"}, "&rlm; stands for the invisible character U+200F (right-to-left mark)"),
    *(
        ({"explanation": f"{PROSE} a&#{number};b"}, f"&#{number}; stands for no character, and each browser makes")
        for number in ("0", "x0", "128", "xD800", "xFFFE", "1114112", "99999999999")
    ),
    (source("https://example.org/a%E2%80%8B"), "holds %E2%80%8B, the invisible character U+200B (zero width space)"),
    ({"explanation": f"{PROSE} https://example.org/%C2%ADa"}, "holds %C2%AD, the invisible character U+00AD"),
    ({"examples": ["One &shy; thing.", "Another."]}, "&shy; stands for the invisible character U+00AD (soft hyphen)"),
    (source("https://xn--80ak6aa92e.com/"), "the site xn--80ak6aa92e.com is written in letters that readers can not"),
    (source("https://\u0430pple.com/"), "the site \u0430pple.com is written in letters that readers can not tell"),
    ({"explanation": f"{PROSE} [x](https://www.xn--80ak6aa92e.com/)"}, "the site www.xn--80ak6aa92e.com is written in"),
    ({"also": [{"module": "tiny"}]}, "this page shows the demo 'tiny' twice with the same settings"),
    ({"title": "!!!"}, "'!!!' can not be a title"),
    ({"title": "—"}, "'—' can not be a title"),
    ({"explanation": rf"{PROSE} $\alhpa$"}, "the command \\alhpa is not known\n    hint: did you mean \\alpha?"),
    ({"explanation": rf"{PROSE} $\begin{{tikz}}a\end{{tikz}}$"}, "the environment 'tikz' is not known"),
    *(
        ({"explanation": f"{PROSE} ${latex}$"}, message)
        for latex, message in [
            (r"\fracc{1}{2}", "the command \\fracc is not known\n    hint: did you mean \\frac?"),
            (r"\operatornam{a}", "the command \\operatornam is not known\n    hint: did you mean \\operatorname?"),
            (
                r"\begin{matrx}a\end{matrx}",
                "the environment 'matrx' is not known\n    hint: did you mean \\begin{matrix}",
            ),
            ("50%", "a % starts a comment in LaTeX: what follows it would be lost\n    hint: write \\% for percent"),
            (r"a \\% b", "a % starts a comment in LaTeX"),
            (r"\text{100%}", "a % starts a comment in LaTeX"),
            (r"\operatorname", "the name of an operator is missing after \\operatorname\n    hint: write it in braces"),
            (r"\operatorname* x", "the name of an operator is missing after \\operatorname"),
            (r"\operatorname{}", "the name of an operator is empty"),
            (r"\hat", "a command lacks what it is to stand on"),
            (r"\left( x", "a \\left has no \\right"),
        ]
    ),
    ({"explanation": f"{PROSE} []()"}, "this link leads nowhere: []()"),
    ({"explanation": f"{PROSE} [](https://example.org/)"}, "this link has no words: [](https://example.org/)"),
    ({"explanation": f"{PROSE} [ ](https://example.org/)"}, "this link has no words: [ ](https://example.org/)"),
    ({"title": "()"}, "'()' can not be a title"),
    ({"title": "…"}, "'…' can not be a title"),
    ({"explanation": f"{PROSE} [a link][there]"}, "[a link][there]"),
    ({"explanation": f"{PROSE} [a link][]"}, "[a link][]"),
    ({"explanation": f"{PROSE} [[]]"}, "[[]]"),
    ({"explanation": f"{PROSE} [neuron]]"}, "marks as they stand: [neuron]]\n    hint: open the link with [["),
    ({"explanation": f"{PROSE} [neuron|x]]"}, "marks as they stand: [neuron|x]]\n    hint: open the link with [["),
    ({"explanation": f"{PROSE} size}}}} more"}, "marks as they stand: size}}\n    hint: open the figure with {{"),
]


@pytest.mark.parametrize(("changes", "message"), ENTRIES)
def test_an_entry_that_would_mislead_is_told(project, capsys, changes, message):
    write_yaml(project / "terms" / "neuron.yml", entry(**changes))
    code, told = said(project, capsys)
    assert (code, message in told) == (1, True), told
    assert "\n    hint: " in told


@pytest.mark.parametrize(
    "text", [r"$50\%$", r"$\text{100\%}$", r"$\operatorname{softmax}(x)$", r"$\operatorname*{arg\,max}_x$", "a[0][1]"]
)
def test_what_is_written_as_it_should_be_is_fine(project, capsys, text):
    write_yaml(project / "terms" / "neuron.yml", entry(explanation=f"{PROSE} {text}"))
    assert said(project, capsys)[0] == 0


@pytest.mark.parametrize("text", ["a &amp; b", "a&nbsp;b", "x &lt; y", "`&#8203;`", "R&D; more", "&#65;"])
def test_entities_of_what_is_seen_are_fine(project, capsys, text):
    write_yaml(project / "terms" / "neuron.yml", entry(explanation=f"{PROSE} {text}"))
    assert said(project, capsys)[0] == 0


def test_the_same_demo_with_other_settings_is_fine(project, capsys):
    write_yaml(project / "terms" / "neuron.yml", entry(also=[{"module": "tiny", "with": {"size": 3}}]))
    assert said(project, capsys)[0] == 0


FILES = [
    # a file below the project, its text, what is told
    ("terms/neuron.yml", "...\n", "terms/neuron.yml:1:1: this is not valid YAML: a value is missing here"),
    ("terms/neuron.yml", "[,]\n", "terms/neuron.yml:1:2: this is not valid YAML: a value is missing here"),
    ("terms/neuron.yml", "? {a: b}\n: c\n", "terms/neuron.yml:1:3: braces or brackets stand here where a field is"),
    ("terms/neuron.yml", "? [a, b]\n: c\n", "terms/neuron.yml:1:3: braces or brackets stand here where a field is"),
    (
        "terms/neuron.yml",
        "{a: b}: c\n",
        "terms/neuron.yml:1:1: braces or brackets stand here where a field is expected",
    ),
]


@pytest.mark.parametrize(("path", "text", "message"), FILES)
def test_yaml_that_is_no_entry_is_told(project, capsys, path, text, message):
    (project / path).write_text(text, encoding="utf-8")
    code, told = said(project, capsys)
    assert (code, message in told) == (1, True), told


@pytest.mark.parametrize("text", ["", "\n", "# none is left\n"])
def test_a_list_of_wishes_may_be_empty(project, capsys, text):
    (project / "terms" / "wanted.yml").write_text(text, encoding="utf-8")
    assert said(project, capsys)[0] == 0


def test_two_of_a_title_are_told(project, capsys):
    write_yaml(project / "terms" / "categories.yml", [*CATEGORIES, SECOND])
    message = "terms/categories.yml:8:10: the category 'basics' has the title 'Basics' too\n    hint: give one of them"
    assert message in said(project, capsys)[1]


GRADIENT = entry("Gradient", related=["neuron"])
VERSUS = {
    "title": "Neuron vs. Gradient", "sides": ["neuron", "gradient"], "summary": "Both are things that occur in tests.",
    "rows": [
        {"aspect": "Kind", "values": {"neuron": "thing", "gradient": "list"}},
        {"aspect": "Size", "values": {"neuron": "big", "gradient": "unknown"}},
    ],
    "choose": {"neuron": "For things.", "gradient": "For lists."}, "sources": entry()["sources"],
    "written": "2026-11-23",
}  # fmt: skip
WAY = {
    "title": "From here to there", "summary": "One step after the other.", "outcome": "walk",
    "steps": [{"term": "neuron", "why": "It is first."}, {"term": "gradient", "why": "It is second."}],
    "written": "2026-11-23",
}  # fmt: skip
SIGNS = "can not be a title\n    hint: say in words what it is"
OTHERS = [
    # files below terms/ beside two terms and a comparison, what is told
    (
        {"comparisons/other.yml": {**VERSUS, "title": "Gradient vs. Neuron", "sides": ["gradient", "neuron"]}},
        "terms/comparisons/other.yml:2:1: terms/comparisons/neuron-vs-gradient.yml compares the same",
    ),
    ({"comparisons/neuron-vs-gradient.yml": {**VERSUS, "title": "?!"}}, f"neuron-vs-gradient.yml:1:8: '?!' {SIGNS}"),
    ({"paths/a.yml": {**WAY, "title": "—"}}, f"terms/paths/a.yml:1:8: '—' {SIGNS}"),
    ({"categories.yml": [{**CATEGORIES[0], "title": "!!!"}]}, f"terms/categories.yml:2:10: '!!!' {SIGNS}"),
    ({"wanted.yml": [3]}, "terms/wanted.yml:1:3: entry 1 must be fields and values, and is the number 3"),
    (
        {"comparisons/neuron-vs-gradient.yml": {**VERSUS, "sides": ["neuron", "neuron"]}},
        "the row 'Kind' speaks of 'gradient', which is no side\n    hint: it can only be neuron",
    ),
]


@pytest.mark.parametrize(("files", "message"), OTHERS)
def test_what_is_beside_terms_and_would_mislead_is_told(project, capsys, files, message):
    for path, data in ({"gradient.yml": GRADIENT, "comparisons/neuron-vs-gradient.yml": VERSUS} | files).items():
        write_yaml(project / "terms" / path, data)
    code, told = said(project, capsys)
    assert (code, message in told) == (1, True), told


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("neuron.yml", "start from terms/_template.yml"), ("allowed-words.yml", "restore the file"),
        ("categories.yml", "restore the file"), ("comparisons/a.yml", "-m generator new TITLE --compare TERM TERM"),
        ("paths/a.yml", "-m generator new TITLE --path TERM TERM"),
    ],
)  # fmt: skip
def test_a_file_that_is_empty_is_told_with_how_it_is_written(project, capsys, path, remedy):
    (project / "terms" / path).parent.mkdir(exist_ok=True)
    (project / "terms" / path).write_text("", encoding="utf-8")
    told = said(project, capsys)[1]
    assert f"terms/{path}:1:1: the file is empty\n    hint: " in told
    assert remedy in told


def test_no_demo_runs_where_the_site_can_not_be_built(project, capsys, monkeypatch):
    monkeypatch.setenv("TERMLAB_URL", "nowhere")
    code, told = said(project, capsys, "site")
    assert code == 1
    assert "'nowhere' is no address of a site\n    hint: write where the site will be served" in told
    assert "demos " not in told


def said(project, capsys, *command):
    """What a command says in a project: its exit code, and its words."""
    capsys.readouterr()
    code = main([*(command or ["check"]), "--root", str(project)])
    told = capsys.readouterr()
    return code, told.out + told.err


# --- folders and files that are not what they are to be ---------------------------------------------------------


@pytest.mark.parametrize("path", ["terms/comparisons", "terms/paths"])
def test_a_file_where_a_folder_belongs_is_told(project, capsys, path):
    (project / path).write_text("x", encoding="utf-8")
    message = f"{path}:1:1: a file stands where a folder belongs\n    hint: take it out, or rename it\n"
    assert said(project, capsys) == (1, f"{message}\n1 problem. Nothing was written.\n")


@pytest.mark.parametrize("path", ["demos/other.py", "demos/parts/other.py", "demos/recorded/tiny.json"])
def test_a_folder_where_a_file_belongs_is_told(project, capsys, path):
    (project / path).mkdir(parents=True)
    assert f"{path}: a folder stands where a file belongs\n    hint: take it out" in said(project, capsys)[1]


@pytest.mark.parametrize("term", ["a=", "a= "])
def test_a_label_of_nothing_is_told(project, capsys, term):
    code, told = said(project, capsys, "new", "This vs. That", "--compare", "neuron", term)
    assert (code, f"--compare: '{term}' names no term\n    hint: write it as LABEL=TERM" in told) == (1, True), told


@pytest.mark.parametrize(
    ("path", "kind"),
    [("build", "file"), ("build/docs", "file"), (".cache", "file"), ("build/docs/terms/neuron.md", "folder")],
)
def test_what_stands_in_the_way_is_told_in_two_lines(project, path, kind):
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).write_text("x") if kind == "file" else (project / path).mkdir()
    command = [sys.executable, "-m", "generator", "build", "--root", str(project)]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.returncode == 1
    assert len(ended.stderr.strip().splitlines()) == 2, ended.stderr
    assert str(project / path) in ended.stderr.replace("/.neuron", "/neuron")
    assert f"a {kind} stands where a {'folder' if kind == 'file' else 'file'} belongs: take it out" in ended.stderr


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_what_can_not_be_remembered_is_told_once_and_all_goes_on(tmp_path, monkeypatch, capsys, number):
    def failing(*_):
        raise OSError(number, os.strerror(number))

    cache._forgotten.cache_clear()
    monkeypatch.setattr(os, "replace", failing)
    for name in ("one", "two"):
        keep(tmp_path / name, b"data")
        assert kept(tmp_path / name) is None
    assert capsys.readouterr().err == f"note: nothing is remembered in {tmp_path}: {os.strerror(number)}\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", ["0", "70000", "-1", "http", "8000.5"])
def test_a_port_is_a_number_on_which_a_server_can_listen(project, capsys, port):
    with pytest.raises(SystemExit) as ended:
        main(["serve", f"--port={port}", "--root", str(project)])
    assert ended.value.code == 2
    assert f"'{port}' is no port: these are the numbers from 1 to 65535" in capsys.readouterr().err
