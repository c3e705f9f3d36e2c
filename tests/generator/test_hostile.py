"""What a stranger may hand in: each is one clear problem with its place, in bounded time, and nothing is written.

Every case goes through the real command. What pages make of hostile texts is in pages/test_hostile.py, and what demos
may try in lessons/test_hostile.py.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import reading
from generator.__main__ import main
from generator.check.rules import check as look_over
from generator.load.glossary import load
from generator.load.places import located
from tests.generator.conftest import CATEGORIES, DEMO, PROSE, ROOT, entry, write_yaml
from tests.patience import within

TERM = f"""\
title: Neuron
category: basics
level: beginner
definition: A neuron is a thing for tests.
explanation: {PROSE}
examples:
  - One thing.
  - Another thing.
misconceptions:
  - wrong: It is big.
    right: It is small.
demo: {{module: tiny, home: true}}
sources:
  - {{title: Thing, url: "https://example.org/things", year: 1943, kind: paper}}
written: 2026-11-23
"""
WINDOWS = sys.platform == "win32"


def contents(folder):
    """Every file and link of a project but what is remembered between runs."""
    return {
        path.relative_to(folder).as_posix(): os.readlink(path) if path.is_symlink() else _seen(path)
        for path in folder.rglob("*")
        if (path.is_symlink() or path.is_file()) and ".cache" not in path.parts
    }


def _seen(path):
    return path.stat().st_size, path.read_bytes() if path.stat().st_size < 100_000_000 else None


@pytest.fixture
def check(project, capsys):
    """Runs the command on the project -> what it told, as one text; and sees that nothing was written."""
    (project / "terms" / "neuron.yml").write_text(TERM, encoding="utf-8")

    def checking(*arguments):
        before = contents(project)
        code = main([*(arguments or ["check"]), "--root", str(project)])
        out, err = capsys.readouterr()
        assert contents(project) == before
        assert "Traceback" not in out + err
        if code == 0:
            assert err == ""
            return ""
        assert (code, out) == (1, "")
        told, _, last = err.rpartition("\n\n")
        assert last.endswith("Nothing was written.\n")
        return told

    return checking


def changed(old, new):
    assert TERM.count(old) == 1, f"{old!r} must occur once"
    return TERM.replace(old, new)


HINT = "\n    hint: "
NEURON = "terms/neuron.yml"


# --- files that are no text -------------------------------------------------------------------------------

UNSEEN = f"{HINT}take it out; most editors do not show it"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 9,
            f"1:1: this is not text in UTF-8{HINT}save the file as UTF-8",
            id="binary",
        ),
        pytest.param(b"PK\3\4\n\0\0\0", f"1:3: the file holds the control character U+0003{UNSEEN}", id="zip"),
        pytest.param(
            changed("A neuron", "Ein künstliches Neuron").encode("latin-1"),
            f"4:18: this is not text in UTF-8{HINT}save the file as UTF-8",
            id="latin-1",
        ),
        pytest.param(TERM.encode("utf-16"), f"1:1: this is not text in UTF-8{HINT}save the file as UTF-8", id="utf-16"),
        pytest.param(b"\xed\xa0\x80", f"1:1: this is not text in UTF-8{HINT}save the file as UTF-8", id="surrogate"),
        pytest.param(
            b"\xef\xbb\xbf" + TERM.encode(),
            f"1:1: the file starts with a byte order mark{HINT}save it as UTF-8 without BOM, or use check --fix",
            id="byte order mark",
        ),
        pytest.param(
            TERM.replace("\n", "\r\n").encode(),
            f"1:14: the lines end in CRLF{HINT}{sys.executable} -m generator check --fix mends this",
            id="CRLF",
        ),
        pytest.param(b"", f"1:1: the file is empty{HINT}start from terms/_template.yml", id="empty"),
        pytest.param(
            TERM.encode() + b"#" * 50_000_000,
            f"1:1: the file has {50_000_000 + len(TERM):,} bytes{HINT}it may have 200,000",
            id="50 MB",
        ),
        pytest.param(
            changed("One thing.", "One\0thing.").encode(),
            f"7:8: the file holds the control character U+0000{UNSEEN}",
            id="NUL",
        ),
        pytest.param(
            changed("One thing.", "\x1b[2JOne thing.").encode(),
            f"7:5: the file holds the control character U+001B{UNSEEN}",
            id="escape",
        ),
        pytest.param(
            changed("One thing.", "One\x85thing.").encode(),
            f"7:8: the file holds the control character U+0085{UNSEEN}",
            id="next line",
        ),
        pytest.param(
            changed("One thing.", "One\u2028thing.").encode(),
            f"7:8: the file holds the invisible character U+2028 (line separator){UNSEEN}",
            id="separator",
        ),
        pytest.param(
            changed("One thing.", "One \u202egniht\u202c.").encode(),
            f"7:9: the file holds the invisible character U+202E (right-to-left override){UNSEEN}",
            id="bidi",
        ),
        pytest.param(
            f"# not \u2066level\u2069 this\n{TERM}".encode(),
            f"1:7: the file holds the invisible character U+2066 (left-to-right isolate){UNSEEN}",
            id="bidi in a comment",
        ),
        pytest.param(
            changed("One thing.", "One\u200bthing.").encode(),
            f"7:8: the file holds the invisible character U+200B (zero width space){UNSEEN}",
            id="zero width",
        ),
        pytest.param(
            changed("title: Neuron", "title: Neu\u00adron").encode(),
            f"1:11: the file holds the invisible character U+00AD (soft hyphen){UNSEEN}",
            id="soft hyphen",
        ),
        pytest.param(
            changed("One thing.", "One\U000e0041thing.").encode(),
            f"7:8: the file holds the invisible character U+E0041 (tag latin capital letter a){UNSEEN}",
            id="tags",
        ),
        pytest.param(
            changed("One thing.", '"One \\u202egniht."').encode(),
            f"7:5: this text holds the invisible character U+202E (right-to-left override){HINT}take the escape out",
            id="bidi as an escape",
        ),
        pytest.param(
            changed("One thing.", '"One\\0thing."').encode(),
            f"7:5: this text holds the control character U+0000{HINT}take the escape out",
            id="NUL as an escape",
        ),
        pytest.param(
            changed("demo: {", 'demo: {"wi\\u200bth": {}, ').encode(),
            "12:8: the name of a field holds the invisible character U+200B (zero width space)"
            f"{HINT}take the escape out",
            id="zero width in a key",
        ),
    ],
)
def test_a_file_that_is_no_honest_text_is_told(check, project, data, told):
    (project / NEURON).write_bytes(data)
    assert check() == f"{NEURON}:{told}"


def test_a_letter_made_of_several_is_no_hidden_one(check, project):
    (project / NEURON).write_text(changed("One thing.", "The emoji 👩\u200d👧 and ❤️ are seen."), encoding="utf-8")
    assert check() == ""
    (project / NEURON).write_text(changed("One thing.", "at\u200dtack"), encoding="utf-8")
    assert check() == f"{NEURON}:7:7: the file holds the invisible character U+200D (zero width joiner){UNSEEN}"


# --- YAML that does more than say something ---------------------------------------------------------------

ANCHOR = "put quotes around a text that starts so, and write values out"
QUOTES = "put quotes around a text that starts so"


def laughs(levels=9):
    """A list of ten, of lists of ten, and so on: a few lines that stand for a billion values."""
    lines = ["bomb: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"b{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, levels)]
    return TERM + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(
            laughs(1), f"16:7: '&a0' is an anchor of YAML, and there are none here{HINT}{ANCHOR}", id="anchor"
        ),
        pytest.param(
            changed("title: Neuron", "title: !!python/object/apply:os.system [id]"),
            f"1:8: '!!python/object/apply:os.system' is a tag of YAML, and there are none here{HINT}{QUOTES}",
            id="python object",
        ),
        pytest.param(
            changed("title: Neuron", "title: !!python/name:os.system ''"),
            f"1:8: '!!python/name:os.system' is a tag of YAML, and there are none here{HINT}{QUOTES}",
            id="python name",
        ),
        pytest.param(
            changed("title: Neuron", "title: !include /etc/passwd"),
            f"1:8: '!include' is a tag of YAML, and there are none here{HINT}{QUOTES}",
            id="unknown tag",
        ),
        pytest.param(
            changed("title: Neuron", "title: !<tag:yaml.org,2002:python/module:os> ''"),
            f"1:8: '!!python/module:os' is a tag of YAML, and there are none here{HINT}{QUOTES}",
            id="verbatim tag",
        ),
        pytest.param(
            "%TAG ! tag:yaml.org,2002:python/\n---\ntitle: !module:os ''\n",
            f"3:8: '!!python/module:os' is a tag of YAML, and there are none here{HINT}{QUOTES}",
            id="tag directive",
        ),
        pytest.param(
            changed("level: beginner", "level: beginner\nlevel: advanced"),
            f"4:1: 'level' is written twice{HINT}keep one of them",
            id="duplicate key",
        ),
        pytest.param(
            changed("right: It is small.", 'right: It is small.\n    "right": It is not.'),
            f"12:5: 'right' is written twice{HINT}keep one of them",
            id="duplicate key in quotes",
        ),
        pytest.param(
            changed("demo: {", "demo: {<<: {module: x}, "),
            f"12:8: there is no field called '<<'{HINT}one of: module, with, caption, home, hide",
            id="merge key",
        ),
        pytest.param(
            changed("home: true", "with: " + "[" * 5000 + "]" * 5000),
            f"12:46: this is nested more than 20 levels deep{HINT}an entry needs five",
            id="deep flow",
        ),
        pytest.param(
            "- " * 5000 + "x",
            f"1:41: this is nested more than 20 levels deep{HINT}an entry needs five",
            id="deep dashes",
        ),
        pytest.param(
            "".join(" " * i + "a:\n" for i in range(600)),
            f"21:21: this is nested more than 20 levels deep{HINT}an entry needs five",
            id="deep blocks",
        ),
        pytest.param(
            TERM + "related: [" + ", ".join(f"t{i}" for i in range(20_000)) + "]\n",
            f"16:10: 20,000 entries stand here{HINT}nothing needs more than 100",
            id="long list",
        ),
        pytest.param(
            TERM + "".join(f"f{i}: x\n" for i in range(15_000)),
            f"1:1: 15,010 entries stand here{HINT}nothing needs more than 100",
            id="many fields",
        ),
        pytest.param(
            TERM + f"{'x' * 500}: y\n",
            f"16:1: '{'x' * 57}…' is too long for the name of a field{HINT}"
            "it stands on one line and has at most 100 characters",
            id="long key",
        ),
        pytest.param(
            TERM + '"a\\n::error::b": y\n',
            f"16:1: 'a ::error::b' is too long for the name of a field{HINT}"
            "it stands on one line and has at most 100 characters",
            id="key of two lines",
        ),
        pytest.param(
            changed("level: beginner", 'level: "beginner\\n::set-output name=x::y"'),
            "3:8: there is no level called 'beginner ::set-output name=x::y'"
            f"{HINT}one of: beginner, intermediate, advanced",
            id="workflow command",
        ),
        pytest.param(
            changed("year: 1943", "year: " + "9" * 100_000),
            "14:61: 'year' must be a whole number, and is text",
            id="long number",
        ),
        pytest.param(
            changed("year: 1943", "year: ١٩٤٣"), "14:61: 'year' must be a whole number, and is text", id="other digits"
        ),
        pytest.param(
            changed("year: 1943", "year: .inf"), "14:61: 'year' must be a whole number, and is text", id="infinity"
        ),
        pytest.param(
            changed("year: 1943", "year: 1e999"),
            "14:61: 'year' must be a whole number, and is the number inf",
            id="overflow",
        ),
    ],
)
def test_yaml_that_is_a_trap_is_told(check, project, text, told):
    (project / NEURON).write_text(text, encoding="utf-8")
    assert check() == f"{NEURON}:{told}"


def test_an_alias_bomb_is_told_without_being_lit(check, project):
    (project / NEURON).write_text(laughs(), encoding="utf-8")
    told = check().split("\n")
    assert told[0] == f"{NEURON}:16:7: '&a0' is an anchor of YAML, and there are none here"
    assert told[-2] == f"{NEURON}:19:36: and 59 more problems"
    assert len(told) == 2 * 31


# --- names ------------------------------------------------------------------------------------------------

LETTERS = f"{HINT}use Latin letters; a Greek one may stand where it looks like no other"
CYRILLIC = "'а' (cyrillic small letter a), which readers can not tell or type"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        pytest.param(
            "title: Neuron",
            "title: Neuron\naliases: [neurаl cell]",
            f"2:11: the alias 'neurаl cell' holds {CYRILLIC}{LETTERS}",
            id="Cyrillic",
        ),
        pytest.param(
            "title: Neuron",
            "title: Neuron\naliases: [ｎeuron cell]",
            "2:11: the alias 'ｎeuron cell' holds 'ｎ' (fullwidth latin small letter n), "
            f"which readers can not tell or type{LETTERS}",
            id="full width",
        ),
        pytest.param(
            "title: Neuron",
            "title: Neuron\naliases: [𝐧euron cell]",
            "2:11: the alias '𝐧euron cell' holds '𝐧' (mathematical bold small n), "
            f"which readers can not tell or type{LETTERS}",
            id="mathematical",
        ),
        pytest.param(
            "title: Neuron",
            "title: Neuron\naliases: [neurοn cell]",
            "2:11: the alias 'neurοn cell' holds 'ο' (greek small letter omicron), "
            f"which readers can not tell or type{LETTERS}",
            id="omicron",
        ),
        pytest.param(
            "title: Neuron",
            "title: Neuron\naliases: [neuron cell x\u0336]",
            "2:11: the alias 'neuron cell x\u0336' holds '\u0336' (combining long stroke overlay), "
            f"which readers can not tell or type{LETTERS}",
            id="loose accent",
        ),
        pytest.param(
            "title: Neuron",
            f"title: Neuron\naliases: [{'x' * 10_000}]",
            f"2:11: 'text' has 10,000 characters{HINT}it may have at most 80",
            id="10,000 characters",
        ),
        pytest.param(
            "title: Neuron",
            f"title: Neuron{' x' * 4_997}",
            f"1:8: 'title' has 10,000 characters{HINT}it may have at most 80",
            id="title of 10,000 characters",
        ),
        pytest.param(
            "title: Neuron",
            f"title: Neuron\naliases: [{'+' * 60}]",
            f"2:11: an alias becomes an address, and this one's would have 299 characters{HINT}it may have 80",
            id="long address",
        ),
        pytest.param(
            "demo: {",
            "related: [nеuron]\ndemo: {",
            f"12:11: 'nеuron' is not a slug{HINT}use lower-case letters, digits and single hyphens: neural-network",
            id="slug with another letter",
        ),
        pytest.param(
            "written: 2026-11-23",
            "written: 2026-11-23\nformer_slugs: [../../index]",
            f"16:16: '../../index' is not a slug{HINT}"
            "use lower-case letters, digits and single hyphens: neural-network",
            id="slug that climbs",
        ),
        pytest.param(
            "demo: {",
            f"prerequisites: [{'x' * 10_000}]\ndemo: {{",
            f"12:17: entry 1 of 'prerequisites' has 10,000 characters{HINT}it may have at most 80",
            id="slug of 10,000 characters",
        ),
        pytest.param(
            "module: tiny",
            "module: ../../tiny",
            f"12:16: '../../tiny' is not the name of a demo{HINT}use lower-case letters, digits and underscores",
            id="demo that climbs",
        ),
        pytest.param(
            "module: tiny",
            'module: "/etc/passwd"',
            f"12:16: '/etc/passwd' is not the name of a demo{HINT}use lower-case letters, digits and underscores",
            id="demo from the top",
        ),
        pytest.param(
            "module: tiny",
            "module: tiny.__main__",
            f"12:16: 'tiny.__main__' is not the name of a demo{HINT}use lower-case letters, digits and underscores",
            id="demo with a dot",
        ),
        pytest.param(
            "demo: {",
            "related: [neuron]\ndemo: {",
            f"12:11: 'neuron' names itself in 'related'{HINT}take it out",
            id="related to itself",
        ),
        pytest.param(
            "demo: {",
            "prerequisites: [neuron]\ndemo: {",
            f"12:17: 'neuron' names itself in 'prerequisites'{HINT}take it out",
            id="circle of 1",
        ),
    ],
)
def test_a_name_that_is_a_trap_is_told(check, project, old, new, told):
    (project / NEURON).write_text(changed(old, new), encoding="utf-8")
    assert check() == f"{NEURON}:{told}"


@pytest.mark.parametrize(
    "name", ["β-VAE", "χ² distance", "μP", "Erdős–Rényi", "Gödel machine", "Nguyễn rule", "R² score"]
)
def test_a_name_as_its_field_writes_it_is_none(check, project, name):
    (project / NEURON).write_text(changed("title: Neuron", f"title: Neuron\naliases: [{name}]"), encoding="utf-8")
    assert check() == ""


@pytest.mark.parametrize("size", [2, 50])
def test_a_circle_of_prerequisites_is_told_once_and_whole(check, project, size):
    names = [f"Thing {chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(size)]
    slugs = [name.lower().replace(" ", "-") for name in names]
    (project / NEURON).write_text(changed("demo: {", "related: [thing-aa]\ndemo: {"), encoding="utf-8")
    for i, name in enumerate(names):
        write_yaml(project / "terms" / f"{slugs[i]}.yml", entry(name, prerequisites=[slugs[(i + 1) % size]]))
    at = (project / "terms" / "thing-aa.yml").read_text(encoding="utf-8").splitlines().index("prerequisites:") + 2
    path = f"terms/{slugs[-1]}.yml" if size > 2 else "terms/thing-ab.yml"
    circle = " -> ".join([slugs[0], *reversed(slugs[1:]), slugs[0]])
    assert check() == f"{path}:{at}:3: the prerequisites go in a circle: {circle}{HINT}take one of them out"


def test_where_everything_needs_everything_only_so_many_circles_are_told(check, project):
    slugs = [f"thing-{chr(97 + i)}" for i in range(20)]
    (project / NEURON).write_text(changed("demo: {", "related: [thing-a]\ndemo: {"), encoding="utf-8")
    for slug in slugs:
        write_yaml(
            project / "terms" / f"{slug}.yml",
            entry(slug.title().replace("-", " "), prerequisites=[other for other in slugs if other != slug]),
        )
    told = [line for line in check().split("\n") if not line.startswith("    ")]
    assert len(told) == 20
    assert all("the prerequisites go in a circle: " in line for line in told)


# --- texts ------------------------------------------------------------------------------------------------

NO_HTML = f"{HINT}write `<` in code or mathematics, or as &lt;"
NOWHERE = f"{HINT}link to a term with [[slug]], or to an address that starts with https://"
UNREAD = f"{HINT}write it as [text](https://…), with no spaces or title in the address"
NO_PICTURE = f"{HINT}take it out, or let the demo draw it"
NO_MATHEMATICS = "this is not mathematics we can show: "
PLAIN = f"{HINT}take it out: a formula is signs alone, and the page says how it looks"
TEXTS = {
    "<script>alert(1)": f"HTML is not shown: <script>{NO_HTML}",
    "<ScRiPt/src=//example.org>": f"HTML is not shown: <ScRiPt/src=//example.org>{NO_HTML}",
    "<img src=x onerror=alert(1)>": f"HTML is not shown: <img src=x onerror=alert(1)>{NO_HTML}",
    "<svg/onload=alert(1)>": f"HTML is not shown: <svg/onload=alert(1)>{NO_HTML}",
    "<!-- x -->": f"HTML is not shown: <!-- x -->{NO_HTML}",
    "<?php x ?>": f"HTML is not shown: <?php x ?>{NO_HTML}",
    "| a | b |\n|---|---|\n| <b> | c |": f"HTML is not shown: <b>{NO_HTML}",
    "[x](javascript:alert(1))": f"this link leads nowhere: [x](javascript:alert(1)){NOWHERE}",
    "[x](JaVaScRiPt:alert(1))": f"this link leads nowhere: [x](JaVaScRiPt:alert(1)){NOWHERE}",
    "[x](&#106;avascript:alert(1))": f"this link leads nowhere: [x](&#106;avascript:alert(1)){NOWHERE}",
    "[x](java&Tab;script:alert(1))": f"this link leads nowhere: [x](java&Tab;script:alert(1)){NOWHERE}",
    "[x](data:text/html;base64,PHN2Zz4=)": f"this link leads nowhere: [x](data:text/html;base64,PHN2Zz4=){NOWHERE}",
    "[x](vbscript:x)": f"this link leads nowhere: [x](vbscript:x){NOWHERE}",
    "[x](file:x)": f"this link leads nowhere: [x](file:x){NOWHERE}",
    "[x](//example.org)": f"this link leads nowhere: [x](//example.org){NOWHERE}",
    "[x](../../../index.md)": f"this link leads nowhere: [x](../../../index.md){NOWHERE}",
    "[x]( javascript:alert(1))": f"this link can not be read: [x]( javascript:alert(1)){UNREAD}",
    "[x](<javascript:alert(1)>)": f"this link leads nowhere: [x](<javascript:alert(1)>){NOWHERE}",
    "[x](https://example.org 'x')": f"this link can not be read: [x]({UNREAD}",
    '[x](https://a.b "onclick=alert(1)")': f"this link can not be read: [x]({UNREAD}",
    "<javascript:alert(1)>": f"HTML is not shown: <javascript:alert(1)>{NO_HTML}",
    "<data:text/html,x>": f"HTML is not shown: <data:text/html,x>{NO_HTML}",
    "![x](https://example.org/x.png)": f"pictures are drawn by demos: ![x](https://example.org/x.png){NO_PICTURE}",
    "![x](data:image/svg+xml,x)": f"pictures are drawn by demos: ![x](data:image/svg+xml,x){NO_PICTURE}",
    "``` {.py onclick=x}\nx": "a ` opens code that does not close: ``` {.py onclick=x} x"
    f"{HINT}close it in the same paragraph, or write \\`",
    "~~~ python title='x'\nx": f"a ~~~ opens code that does not close{HINT}close it with ~~~ on a line of its own",
    r"$\href{javascript:alert(1)}{x}$": rf"{NO_MATHEMATICS}the command \href is not allowed{PLAIN}",
    r"$\style{position:fixed}{x}$": rf"{NO_MATHEMATICS}the command \style is not allowed{PLAIN}",
    r"$\class{x}{x}$": rf"{NO_MATHEMATICS}the command \class is not allowed{PLAIN}",
    r"$\unicode{x202e}$": rf"{NO_MATHEMATICS}the command \unicode is not allowed{HINT}write out what it stands for",
    r"$\newcommand{\a}{\b\b}\a$": rf"{NO_MATHEMATICS}the command \newcommand is not allowed"
    f"{HINT}write out what it stands for",
    r"$\rule{99em}{99em}$": rf"{NO_MATHEMATICS}the command \rule is not allowed{PLAIN}",
    "[[../../index]]": f"there is no term called '../../index'{HINT}write terms/../../index.yml or take it out",
    '--8<-- "/etc/passwd"': "the page shows these marks as they stand: --8<--"
    f"{HINT}put the text itself here: there are no snippets",
    "x {: .y onclick=z }": "the page shows these marks as they stand: {: .y onclick=z }"
    f"{HINT}leave it out: a text gives itself no class and no anchor",
    # What other programs would obey is no problem: it is shown as it stands, as pages/test_hostile.py shows.
    "{{ config }} {% raw %} {# x #}": "",
    "::: generator.load": "",
    "[TOC]": "",
    "```html onclick=alert(1)\n<script>alert(1)</script>\n```": "",
    "`<script>alert(1)</script>`": "",
    r"$\text{<script>alert(1)</script>}$": "",
    "&lt;script&gt;alert(1)&lt;/script&gt;": "",
    "[a <b>](https://example.org)": "",
    "[x][y] and [y]: javascript:alert(1)": "",
}


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_is_a_trap_is_told_or_only_shown(check, project, text):
    write_yaml(project / NEURON, entry(explanation=f"{PROSE}\n\n{text}"))
    told = check()
    place, _, said = told.partition(": ")
    assert said == TEXTS[text]
    assert re.fullmatch(rf"{NEURON}:[56]:1[45]?", place) or not TEXTS[text]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "examples:",
            'formula: [{latex: x, symbols: {"\\\\href{javascript:alert(1)}{x}": y}}]\nexamples:',
            f"6:66: {NO_MATHEMATICS}the command \\href is not allowed{PLAIN}",
        ),
        (
            "demo: {",
            "demo: {<script>alert(1)</script>: x, ",
            f"12:8: there is no field called '<script>alert(1)</script>'{HINT}"
            "one of: module, with, caption, home, hide",
        ),
        (
            "https://example.org/things",
            "javascript:alert(1)//https://",
            "14:25: 'javascript:alert(1)//https://' is not a web address"
            f"{HINT}it starts with https:// and has no spaces",
        ),
        (
            "https://example.org/things",
            "https://example.org/'onclick=alert(1)",
            "14:25: 'https://example.org/'onclick=alert(1)' is not a web address"
            f"{HINT}it starts with https:// and has no spaces",
        ),
        (
            "https://example.org/things",
            "data:text/html,x",
            f"14:25: 'data:text/html,x' is not a web address{HINT}it starts with https:// and has no spaces",
        ),
    ],
)
def test_a_key_or_an_address_that_is_a_trap_is_told(check, project, old, new, told):
    (project / NEURON).write_text(changed(old, new), encoding="utf-8")
    assert check() == f"{NEURON}:{told}"


# --- files in the wrong place, or somewhere else ----------------------------------------------------------

LINK = f"this is a symbolic link{HINT}put the thing itself here: a link may lead anywhere"


@pytest.fixture
def outside(tmp_path_factory):
    """A folder beside the project with a file that is nobody's business."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "secret.yml").write_text("title: [secret", encoding="utf-8")
    (folder / "secret.py").write_text("'''Secret.'''\n", encoding="utf-8")
    (folder / "secret.json").write_text("{}", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("place", "target", "told"),
    [
        ("terms/secret.yml", "secret.yml", f"terms/secret.yml: {LINK}"),
        ("terms/broken.yml", "nowhere.yml", f"terms/broken.yml: {LINK}"),
        ("terms/comparisons", "", f"terms/comparisons: {LINK}"),
        ("terms/paths", "", f"terms/paths: {LINK}"),
        ("demos/secret.py", "secret.py", f"demos/secret.py:1: {LINK}"),
        ("demos/parts/secret.py", "secret.py", f"demos/parts/secret.py:1: {LINK}"),
        ("demos/recorded/tiny.json", "secret.json", f"demos/recorded/tiny.json: {LINK}"),
        ("tests/demos/test_tiny.py", "secret.py", f"tests/demos/test_tiny.py: {LINK}"),
        ("build", "", f"build: {LINK}"),
        ("build/docs", "", f"build/docs: {LINK}"),
        ("build/site", "", f"build/site: {LINK}"),
        (".cache", "", f".cache: {LINK}"),
        (".cache/lessons", "", f".cache/lessons: {LINK}"),
        (".cache/build.lock", "secret.yml", f".cache/build.lock: {LINK}"),
    ],
)
@pytest.mark.parametrize("name", ["check", "build", "site"])
def test_a_link_out_of_the_project_is_told_and_not_followed(check, project, outside, name, place, target, told):
    (project / place).parent.mkdir(parents=True, exist_ok=True)
    (project / place).symlink_to(outside / target)
    before = contents(outside)
    assert check(name) == told
    assert contents(outside) == before


@pytest.mark.parametrize("folder", ["terms", "demos"])
def test_a_whole_folder_that_is_a_link_is_told(check, project, outside, folder):
    (project / folder).rename(outside / folder)
    (project / folder).symlink_to(outside / folder)
    assert check().split("\n")[:2] == f"{folder}: {LINK}".split("\n")


def test_two_files_that_differ_only_in_case_are_told(check, project):
    for name in ("terms/Neuron.yml", "terms/NEURON.YML", "demos/Tiny.py"):
        (project / name).write_text("anything", encoding="utf-8")
    if (project / NEURON).samefile(project / "terms" / "Neuron.yml"):
        pytest.skip("this system takes both for the same file")
    hint = f"{HINT}rename one of them: many systems take both for the same file"
    assert check() == (
        f"demos/Tiny.py:1:1: this name differs from demos/tiny.py only in case{hint}\n"
        f"terms/NEURON.YML:1:1: this name differs from terms/neuron.yml only in case{hint}\n"
        f"terms/Neuron.yml:1:1: this name differs from terms/neuron.yml only in case{hint}"
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (
            "terms/nеuron.yml",
            "terms/nеuron.yml:1:1: the file name 'nеuron' is not a slug"
            f"{HINT}use lower-case letters, digits and single hyphens, as in neuron.yml",
        ),
        (
            "terms/a\x1b[2J\n::error::b.yml",
            "terms/a\\x1b[2J\n    | ::error::b.yml:1:1: the file name 'a\\x1b[2J\n    | ::error::b' is not a slug"
            f"{HINT}use lower-case letters, digits and single hyphens, as in a-2j-error-b.yml",
        ),
        (
            f"terms/{'a' * 120}.yml",
            f"terms/{'a' * 120}.yml:1:1: the file name has 124 characters{HINT}it may have 80 and .yml",
        ),
        (
            "terms/con.yml",
            "terms/con.yml:1:1: 'con' can not be a slug"
            f"{HINT}choose another: some systems or sites need that name for themselves",
        ),
        (
            "demos/Evil.py",
            "demos/Evil.py:1:1: 'Evil' can not be the name of a demo"
            f"{HINT}choose another: lower-case letters, digits and underscores, and no word that systems keep",
        ),
        (
            "demos/аttention.py",
            "demos/аttention.py:1:1: 'аttention' can not be the name of a demo"
            f"{HINT}choose another: lower-case letters, digits and underscores, and no word that systems keep",
        ),
        (
            "demos/aux.py",
            "demos/aux.py:1:1: 'aux' can not be the name of a demo"
            f"{HINT}choose another: lower-case letters, digits and underscores, and no word that systems keep",
        ),
    ],
)
def test_a_file_name_that_is_a_trap_is_told(check, project, name, told):
    if WINDOWS and (not name.isprintable() or name in ("terms/con.yml", "demos/aux.py")):
        pytest.skip("this system has no such file names")
    (project / name).write_text(DEMO if name.endswith(".py") else TERM, encoding="utf-8")
    assert check() == told


@pytest.mark.skipif(WINDOWS, reason="there are no named pipes")
def test_a_pipe_is_told_and_not_waited_for(check, project):
    os.mkfifo(project / "terms" / "pipe.yml")
    assert check() == f"terms/pipe.yml: this is no file{HINT}put a plain file here, or take it out"


def test_a_file_that_nobody_may_read_is_told(check, monkeypatch):
    def refuse(path, mode):
        if str(path).endswith("neuron.yml"):
            raise PermissionError(13, "Permission denied", path)
        return open(path, mode)

    monkeypatch.setattr(reading, "open", refuse, raising=False)  # whoever runs this test may read everything
    assert check() == f"{NEURON}:1:1: this file can not be read: Permission denied{HINT}see who may read it"


# --- demos, which are read and not run --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "told"),
    [
        pytest.param(
            b"\x7fELF\x02\x01\x01\0",
            f"1:1: the file holds the control character U+007F{HINT}take it out, or write it as an escape",
            id="binary",
        ),
        pytest.param(DEMO.encode("utf-16"), f"1:1: this file is not UTF-8 text{HINT}save it as UTF-8", id="utf-16"),
        pytest.param(
            f"# -*- coding: utf-7 -*-\n{DEMO}".encode(),
            f"1:1: the file says that it is written in utf-7{HINT}take that out: demos are UTF-8",
            id="utf-7",
        ),
        pytest.param(
            DEMO.encode() + b"#" * 50_000_000,
            f"1:1: the file has {50_000_000 + len(DEMO):,} bytes{HINT}it may have 200,000",
            id="50 MB",
        ),
        pytest.param(
            f"{DEMO}\nx = 1  # \u2066if admin\u2069\n".encode(),
            "23:1: the file holds the invisible character U+2066 (left-to-right isolate)"
            f"{HINT}take it out, or write it as an escape",
            id="bidi",
        ),
        pytest.param(
            f"{DEMO}\nx = {'(' * 500}{')' * 500}\n".encode(),
            "23:1: this is not Python: too many nested parentheses",
            id="deep parentheses",
        ),
        pytest.param(
            f"{DEMO}\nx = {'+'.join('1' * 5000)}\n".encode(), "1:1: this is nested too deeply to be read", id="deep sum"
        ),
        pytest.param(
            f"{DEMO}\nx = a{'.b' * 5000}\n".encode(), "1:1: this is nested too deeply to be read", id="deep dots"
        ),
        pytest.param(
            DEMO.replace("Range(1, 9)", "Range(0, 1e999)").encode(),
            "11:1: the parameter 'size' has a Range whose high is inf, which is not a whole number",
            id="infinite slider",
        ),
        pytest.param(
            DEMO.replace("int, Range(1, 9)", "float, Range(0, 1e999)").encode(),
            "11:1: the parameter 'size' has a Range whose upper end cannot be reached"
            f"{HINT}steps of 1 from 0 miss the end inf",
            id="endless slider",
        ),
        pytest.param(
            DEMO.replace("from typing", "import socket\nfrom typing").encode(),
            f"6:1: this imports socket: a demo needs no network{HINT}put the data it needs into demos/data",
            id="socket",
        ),
        pytest.param(
            DEMO.replace("from typing", "from urllib.request import urlopen\nfrom typing").encode(),
            f"6:1: this imports urllib.request: a demo needs no network{HINT}put the data it needs into demos/data",
            id="urllib",
        ),
        pytest.param(
            DEMO.replace("from typing", "from urllib import request\nfrom typing").encode(),
            f"6:1: this imports urllib.request: a demo needs no network{HINT}put the data it needs into demos/data",
            id="urllib by another way",
        ),
        pytest.param(
            DEMO.replace("    return", "    import http.client\n    return").encode(),
            f"17:5: this imports http: a demo needs no network{HINT}put the data it needs into demos/data",
            id="http inside a function",
        ),
        pytest.param(
            DEMO.replace(
                "    return", "    from demos import asset\n    asset('../../etc/passwd')\n    return"
            ).encode(),
            "18:5: there is no demos/data/../../etc/passwd",
            id="asset that climbs",
        ),
        pytest.param(
            DEMO.replace("    return", "    from demos import asset\n    asset('/etc/passwd')\n    return").encode(),
            "18:5: there is no demos/data//etc/passwd",
            id="asset from the top",
        ),
        pytest.param(
            DEMO.replace("    return", "    from demos import asset\n    asset('link.txt')\n    return").encode(),
            "18:5: there is no demos/data/link.txt",
            id="asset that is a link",
        ),
    ],
)
def test_a_demo_that_is_a_trap_is_told_when_it_is_read(check, project, data, told):
    (project / "demos" / "data").mkdir(exist_ok=True)
    (project / "demos" / "data" / "link.txt").symlink_to("/etc/hosts")
    (project / "demos" / "tiny.py").write_bytes(data)
    assert check().replace(f"{HINT}did you mean 'link.txt'?", "") == f"demos/tiny.py:{told}"


@pytest.mark.parametrize("line", ["x = " + "9" * 5000, r"x = '\d'", "x = 1if 2else 3", "x = 0777", "x = 'a", "\tx = 1"])
def test_code_that_python_warns_of_is_told_with_its_line(check, project, line):
    (project / "demos" / "tiny.py").write_text(f"{DEMO}\n{line}\n", encoding="utf-8")
    assert check().startswith("demos/tiny.py:23:")  # in the words of Python, which differ from version to version
    assert "this is not Python: " in check()


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"3",
        b"[]",
        b"{}",
        b'{"fingerprint": 1, "settings": 2, "result": 3, "made_with": 4}',
        *(
            b'{"fingerprint": "", "settings": %s, "result": %s, "made_with": %s}' % parts
            for parts in [
                (b"[]", b'{"summary": "s", "numbers": {}, "show": []}', b"{}"),
                (b'{"size": []}', b'{"summary": "s", "numbers": {}, "show": []}', b"{}"),
                (b"{}", b'{"summary": "s", "numbers": {}, "show": []}', b'{"device": {}}'),
                (b"{}", b'{"summary": 3, "numbers": {}, "show": []}', b"{}"),
                (b"{}", b'{"summary": "s", "numbers": {"a": NaN}, "show": []}', b"{}"),
                (b"{}", b'{"summary": "s", "numbers": {"a": "<script>"}, "show": []}', b"{}"),
                (b"{}", b'{"summary": "s", "numbers": {"a": true}, "show": []}', b"{}"),
                (b"{}", b'{"summary": "s", "numbers": {}, "show": [{"type": "script"}]}', b"{}"),
                (b"{}", b'{"summary": "s", "numbers": {}, "show": [{"type": "table", "title": "t"}]}', b"{}"),
                (
                    b"{}",
                    b'{"summary": "s", "numbers": {}, "show": [{"type": "table", "title": ["t"], "columns": [], '
                    b'"rows": []}]}',
                    b"{}",
                ),
                (
                    b"{}",
                    b'{"summary": "s", "numbers": {}, "show": [{"type": "table", "title": "t", "columns": ["a"], '
                    b'"rows": [[{"a": 1}]]}]}',
                    b"{}",
                ),
                (
                    b"{}",
                    b'{"summary": "s", "numbers": {}, "show": [{"type": "chart", "title": "t", "x": "", "y": "", '
                    b'"log_x": false, "log_y": false, "series": [{"name": "n", "x": [1], "y": [1e999], '
                    b'"mark": "line", "labels": []}]}]}',
                    b"{}",
                ),
                (
                    b"{}",
                    b'{"summary": "s", "numbers": {}, "show": [{"type": "chart", "title": "t", "x": "", "y": "", '
                    b'"log_x": false, "log_y": false, "series": [{"name": "n", "x": [1], "y": [1], '
                    b'"mark": "<b>", "labels": []}]}]}',
                    b"{}",
                ),
            ]
        ),
    ],
)
def test_a_recorded_result_that_is_none_is_told(check, project, damage):
    (project / "demos" / "recorded").mkdir(exist_ok=True)
    (project / "demos" / "recorded" / "tiny.json").write_bytes(damage)
    assert check() == (
        f"demos/recorded/tiny.json:1:1: this file is damaged{HINT}remake it: {sys.executable} -m demos record tiny"
    )


@pytest.mark.parametrize("value", ["x", "NaN", "1e999", True])
def test_a_recorded_result_of_settings_that_the_demo_does_not_take_is_out_of_date(check, project, value):
    code = DEMO.replace("int, Range(1, 9)", "float, Range(1, 9)")
    (project / "demos" / "tiny.py").write_text(code, encoding="utf-8")
    (project / "demos" / "recorded").mkdir(exist_ok=True)
    result = {"summary": "s", "numbers": {}, "show": []}
    data = {"fingerprint": "", "settings": {"size": value}, "result": result, "made_with": {}}
    (project / "demos" / "recorded" / "tiny.json").write_text(json.dumps(data), encoding="utf-8")
    option = "--size" if value is True else f"--size={value}"
    assert check() == (
        "demos/recorded/tiny.json:1:1: this recorded result is out of date"
        f"{HINT}run: {sys.executable} -m demos record tiny {option}"
    )


def test_a_recorded_giant_is_told(check, project):
    (project / "demos" / "recorded").mkdir(exist_ok=True)
    (project / "demos" / "recorded" / "tiny.json").write_bytes(b" " * 50_000_000)
    assert check() == f"demos/recorded/tiny.json:1:1: the file has 50,000,000 bytes{HINT}it may have 5,000,000"


def test_reading_and_checking_run_nothing_that_a_contributor_wrote(check, project, tmp_path):
    """Every Python file of a pull request would leave a trace if it were imported, and none does."""
    trace = tmp_path / "trace"
    leave = f"import pathlib\npathlib.Path({str(trace)!r}).touch()\n"
    (project / "demos" / "tiny.py").write_text(DEMO.replace("from typing", f"{leave}from typing"), encoding="utf-8")
    others = {
        "demos/parts/part.py": f'"""A part."""\n\n{leave}',
        "demos/conftest.py": DEMO.replace("from typing", f"{leave}from typing"),
        "tests/conftest.py": leave,
        "tests/demos/test_tiny.py": leave,
        "tests/demos/__init__.py": leave,
        "conftest.py": leave,
        "sitecustomize.py": leave,
        "terms/conftest.py": leave,
        "setup.py": leave,
    }
    for name, text in others.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    assert check().split("\n")[0] == "demos/conftest.py:1:1: no term shows this demo"
    assert not trace.exists()
    done = subprocess.run(
        [sys.executable, "-m", "generator", "check", "--root", project], cwd=ROOT, capture_output=True, text=True
    )
    assert "no term shows this demo" in done.stdout + done.stderr
    assert not trace.exists()
    subprocess.run([sys.executable, "demos/tiny.py"], cwd=project, capture_output=True, check=False)
    assert trace.exists(), "the trap works"


# --- bounded time and memory ------------------------------------------------------------------------------

MEGABYTES = 500  # what reading may take at most: the program itself takes about 100
SLOW = [
    "[", "]", "[[", "](", "![", "`", "``", "```\n", "~~~\n", "$", "$$", "\\", "<", "<!", "&", "*", "_", "**a", "__a",
    "#", "> ", "- ", "1. ", "|", "[a](b(c", "[a]: ", "https://", "a.b@", "\t", " \n", "a ", "[[a|", "{", "{%", "*a_b",
    "!!! ", ". ", "A neuron is ", "neuron ", "\\begin{matrix}", "\\left(", "x_1^", "\\frac", "'", '"', "(", ")", "-",
    "=\n", "&#",
]  # fmt: skip


@pytest.mark.skipif(WINDOWS, reason="memory is measured in another way there")
def test_no_text_takes_long_or_much_memory_to_be_refused_or_shown():
    """Patterns of marks at full length in every text of a term, read, checked and shown, with a generous deadline.

    The deadline is no measurement: without limits on what is read, some of these take hours.
    """
    code = f"""
import resource, sys, yaml
from generator.check.rules import look_at
from generator.load.entry import parse_entry
from generator.model.entries import Term
from generator.model.texts import LONGEST_INLINE, LONGEST_MARKDOWN, LONGEST_PLAIN
from tests.generator.pages.test_hostile import page_of
fields = yaml.safe_load({TERM!r})
for unit in {SLOW!r}:
    def fill(length):
        return ("A neuron is " + unit * length)[: length - 1].strip() + "x"
    most = {{"explanation": fill(LONGEST_MARKDOWN), "note": fill(LONGEST_INLINE), "definition": fill(LONGEST_PLAIN),
            "formula": [{{"latex": fill(LONGEST_PLAIN)}}]}}
    for texts in (most, {{"explanation": fill(190_000)}}):
        data = yaml.dump(fields | texts, Dumper=yaml.CSafeDumper, allow_unicode=True).encode()
        term, problems = parse_entry("terms/neuron.yml", data, Term, slug="neuron")
        assert (term is None) == bool(problems), unit
        if term is not None:
            look_at(term)
            page_of(term)
if sys.platform == "linux":  # where getrusage also remembers the size of the process that started this one
    status = open("/proc/self/status").read()
    peak = int(status.partition("VmHWM:")[2].split()[0]) // 2**10
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (2**20 if sys.platform == "darwin" else 2**10)
print("done" if peak < {MEGABYTES} else f"{{peak}} MB")
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=within(600))
    assert (done.stdout, done.stderr) == ("done\n", "")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A project in which one file is replaced again and again."""
    folder = tmp_path_factory.mktemp("shelf")
    write_yaml(folder / "terms" / "categories.yml", CATEGORIES)
    (folder / "demos").mkdir()
    (folder / "demos" / "tiny.py").write_text(DEMO, encoding="utf-8")
    return folder


PIECES = [
    *TERM.splitlines(), "", "  ", "- ", "{", "]", "&a", "*a", "? ", "!!int x", "\t", "a: ", "<<: ", "---", "...",
    "%TAG", "|", ">-", "title: \u0430", "aliases: [\u202e]", "related: [neuron]", "faq: []", "'", '"', "\r", "\0",
    "#",
]  # fmt: skip
files = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.sampled_from(PIECES)).map(lambda lines: "\n".join(lines).encode()),
    st.tuples(st.integers(0, len(TERM)), st.integers(0, 40), st.binary(max_size=20)).map(
        lambda cut: TERM.encode()[: cut[0]] + cut[2] + TERM.encode()[cut[0] + cut[1] :]
    ),
)


@given(files)
def test_whatever_a_file_holds_it_becomes_a_term_or_is_told_with_its_line(shelf, data):
    (shelf / NEURON).write_bytes(data)
    loaded = load(shelf)
    glossary, problems = loaded.glossary, loaded.problems
    told = located(shelf, [*problems, *look_over(glossary)])
    assert bool(glossary.terms) != any(problem.kind == "error" for problem in problems)
    for problem in told:
        assert problem.message
        if problem.path == NEURON:
            assert 1 <= problem.line <= data.count(b"\n") + data.count(b"\r") + 2
            assert problem.column >= 1


@pytest.mark.skipif(WINDOWS, reason="a hole in a file takes all its room")
def test_a_giant_is_never_read_into_memory(check, project):
    """A file of ten gigabytes, most of it a hole, is refused as fast as one of one megabyte."""
    for name in ("terms/giant.yml", "demos/giant.py"):
        with open(project / name, "wb") as file:
            file.truncate(10_000_000_000)
    assert check() == (
        f"demos/giant.py:1:1: the file has 10,000,000,000 bytes{HINT}it may have 200,000\n"
        f"terms/giant.yml:1:1: the file has 10,000,000,000 bytes{HINT}it may have 200,000"
    )


def test_paths_are_told_with_forward_slashes_and_inside_the_project(check, project):
    (project / "terms" / "gone.yml").write_text("[", encoding="utf-8")
    assert str(Path(project)) not in check()


# --- mending, which writes --------------------------------------------------------------------------------


def test_mending_never_writes_through_a_link(project, outside, capsys):
    untidy = TERM.replace("\n", " \r\n").encode()
    (outside / "secret.yml").write_bytes(untidy)
    (project / NEURON).write_bytes(untidy)
    (project / "terms" / "linked.yml").symlink_to(outside / "secret.yml")
    (project / "terms" / "broken.yml").symlink_to(outside / "nowhere.yml")
    (project / ".cache").symlink_to(outside)
    (project / "terms" / "paths").symlink_to(outside)
    for files in ([], [str(project / "terms" / "linked.yml")], [str(project / "terms" / "paths" / "secret.yml")]):
        main(["check", "--fix", "--root", str(project), *files])
    assert "Traceback" not in "".join(capsys.readouterr())
    assert (outside / "secret.yml").read_bytes() == untidy
    assert sorted(path.name for path in outside.iterdir()) == ["secret.json", "secret.py", "secret.yml"]
    assert (project / "terms" / "linked.yml").is_symlink()
    assert b"\r" not in (project / NEURON).read_bytes(), "mending works"


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\r\n", b"\0 \r\n", b"- " * 5000, b"a: b \r\n" * 9_000, laughs().encode()]
)
def test_mending_leaves_what_is_no_text_of_ours(project, capsys, data):
    (project / NEURON).write_bytes(data)
    main(["check", "--fix", "--root", str(project)])
    assert "Traceback" not in "".join(capsys.readouterr())
    assert re.sub(rb"\s", b"", (project / NEURON).read_bytes()) == re.sub(rb"\s", b"", data)
