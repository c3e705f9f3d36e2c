"""Edge: freezes the glossary's own prose into the text that language demos learn from.

The text is taken from one commit and named after it, so that a later edit of a term changes no figure that a demo
reports, and anybody can make the same bytes again. What the generator itself writes on pages is no part of it.
"""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree

from generator.load.entry import parse_entry
from generator.load.history import NoHistory, full_name, git
from generator.model.entries import LISTS, Term
from generator.model.texts import prose
from generator.problems import Refused, counted
from generator.saving import whole
from generator.text.markdown import parts
from generator.text.mathml import mathml

FILE = "demos/data/glossary-corpus.json"
LICENSE = "CC BY 4.0"
ONE_IN = 7  # of so many terms, one is held out


class NotFrozen(Refused):
    """Why there is no new corpus: a sentence and a remedy."""


def freeze(root: Path, commit: str = "HEAD") -> str:
    """Writes the corpus from the terms of a commit -> what was done. Raises NotFrozen, and then writes nothing."""
    name, files = _committed(root, commit)
    terms = {}
    for path, data in sorted(files.items()):
        slug = path.removeprefix("terms/").removesuffix(".yml")
        term, problems = parse_entry(path, data, Term, slug=slug)
        if term is None or problems:
            raise NotFrozen(f"{problems[0]}\n    and the corpus is made of commit {name[:12]}, where it still says so")
        terms[slug] = term
    if not terms:
        raise NotFrozen(f"commit {name[:12]} has no terms")
    text = corpus(terms, name)
    whole(root / FILE, text.encode())
    apart = [slug for slug in terms if held_out(slug)]
    what, size = counted(len(terms), "term"), counted(len(text), "character")
    return f"{FILE}: {what} of commit {name[:12]}, {len(apart)} of them held out, {size}"


def corpus(terms: Mapping[str, Term], commit: str) -> str:
    """The file: where the text comes from, and the text of every term on its side of the split, as JSON."""
    titles = {slug: term.in_sentence for slug, term in terms.items()}
    texts = {slug: "\n\n".join(paragraphs(terms[slug], titles)) + "\n" for slug in sorted(terms)}
    sides = {
        "training": {slug: text for slug, text in texts.items() if not held_out(slug)},
        "held_out": {slug: text for slug, text in texts.items() if held_out(slug)},
    }
    about = {
        "about": "the prose of terms/*.yml, made by `python -m generator corpus`; not to be edited by hand",
        "license": LICENSE,
        "commit": commit,
        "sha256": digest(sides),
    }
    return json.dumps(about | sides, ensure_ascii=False, indent=1) + "\n"


def digest(sides: Mapping[str, Mapping[str, str]]) -> str:
    """A fingerprint of the texts, by which an edit of the file shows."""
    return hashlib.sha256(json.dumps(sides, sort_keys=True).encode()).hexdigest()


def held_out(slug: str) -> bool:
    """Whether a term is kept apart for testing. Only its name decides, so no new term moves an old one."""
    return int(hashlib.sha256(slug.encode()).hexdigest(), 16) % ONE_IN == 0


def paragraphs(term: Term, titles: Mapping[str, str]) -> Iterator[str]:
    """What people wrote in a term, as plain paragraphs of one line, in the order of its page."""
    for text in prose(term):
        if text.is_linked:
            yield from plain(text.content, titles)
        elif text.is_sentences and not text.is_markdown:
            yield from plain(text.content.replace("$", r"\$"), titles)


def plain(markdown: str, titles: Mapping[str, str]) -> list[str]:
    """Markdown as paragraphs of plain text; an item of a list is a paragraph, and a fenced program is none."""
    text = "".join(_bare(kind, part, titles) for kind, part in parts(markdown))
    blocks = re.split(r"\n[ \t]*\n|\n[ \t]*(?=(?:[-*+]|\d+\.)[ \t])", "\n" + text)
    lines = (" ".join(re.sub(r"^\s*(?:[-*+]|\d+\.)[ \t]+", "", block).split()) for block in blocks)
    return [line for line in lines if line]


def _bare(kind: str, part: str, titles: Mapping[str, str]) -> str:
    """A part of a Markdown text without its marks."""
    match kind:
        case "prose":
            return re.sub(r"(?<!\n)\*|(?<!\w)_|_(?!\w)", "", part)  # a star that starts a line starts an item
        case "wiki":
            slug, _, words = part[2:-2].partition("|")
            return words.strip() or titles.get(slug.strip(), slug.strip())
        case "link":
            return re.sub(r"^!?\[([^\[\]]*)\].*$", r"\1", part, flags=re.DOTALL)
        case "code":
            return part.strip("`")
        case "math":
            return said(part.strip("$").strip())
        case "escape":
            return part[1]
        case "figure":  # which is computed for pages; its name says what is meant
            return part[2:-2].partition("|")[0].strip()
        case "address":
            return part.strip("<>")
        case "heading":
            return part.lstrip("#").strip()
    return ""  # programs and HTML are not prose


def said(latex: str) -> str:
    """A formula in one line, as one would type it: `\\frac{a}{2} \\cdot x_i^2` is a/2 · x_i^2."""
    return " ".join(_typed(ElementTree.fromstring(mathml(latex))).split())


def _typed(node: ElementTree.Element) -> str:
    inner = [_typed(child) for child in node]
    match node.tag.rpartition("}")[2]:
        case "mfrac":
            return "/".join(map(_together, inner))
        case "msup" | "mover":
            return f"{inner[0]}^{_together(inner[1])}"
        case "msub" | "munder":
            return f"{inner[0]}_{_together(inner[1])}"
        case "msubsup" | "munderover":
            return f"{inner[0]}_{_together(inner[1])}^{_together(inner[2])}"
        case "msqrt":
            return f"√{_together(''.join(inner))}"
        case "mroot":
            return f"root({inner[1]}, {inner[0]})"
        case "mspace":
            return " "
        case "math" | "mrow" | "mstyle":
            return inner[0] if len(inner) == 1 else "".join(_spaced(node, inner))  # {,} is a comma without a space
    return node.text or "".join(inner)


def _spaced(row: ElementTree.Element, inner: list[str]) -> Iterator[str]:
    """The parts of a row with spaces where they are read: around an operator between two things, after a comma."""
    before = ""
    for child, typed in zip(row, inner, strict=True):
        sign = child.tag.rpartition("}")[2] == "mo"
        operator = sign and typed not in "()[]|‖!,.:;/′"
        name = len(typed) > 1 and typed.isalpha()  # a function: ln K, but max(0, x)
        if operator and before and before[-1] not in " (":
            typed = f" {typed} "
        elif sign and typed == ",":
            typed = ", "
        elif re.search(r"[a-z]{2}$", before) and not sign and not name:
            typed = " " + typed
        before = typed
        yield typed


def _together(typed: str) -> str:
    """In brackets where it is more than one number or name."""
    return typed if re.fullmatch(r"[−-]?[\d.,]+|\w+|.", typed) else f"({typed})"


def _committed(root: Path, commit: str) -> tuple[str, dict[str, bytes]]:
    """The full name of a commit, and the files of its terms."""
    try:
        name = full_name(root, commit)
        listed = git(root, "archive", "--format=tar", name, "terms")
    except NoHistory as why:
        raise NotFrozen(f"{why}\n    hint: the corpus is made from a commit of the project") from None
    files = {}
    with tarfile.open(fileobj=io.BytesIO(listed)) as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content and re.fullmatch(r"terms/(?!_)[^/]+\.yml", member.name):
                files[member.name] = content.read()
    return name, {path: content for path, content in files.items() if path not in LISTS}
