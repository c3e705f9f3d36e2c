"""What the search box knows: names, definitions and questions, each page once, and where words of the texts stand.

Edge: the engine leaves an index that is empty, since pages keep themselves out of it; this one takes its place. A kind
of page says by a function found() what of it is to be found. How it is searched is in pages/assets/ranking.js.

The index is loaded when the box is first used, so it has to stay small. It leaves out what only the explanations say:
which words stand in those is in a file for each first letter, loaded when somebody looks for such a word and finds
little in the index, and the sentences themselves are in the files of pages/passages.py.
"""

import hashlib
import json
import string
from collections import defaultdict
from pathlib import Path
from sys import intern
from typing import Any

import generator.pages
from generator.cache import WORDS, keep, kept, program
from generator.discovery import offering
from generator.model.glossary import Glossary
from generator.output.write import put
from generator.pages.passages import passages, place, words

HERE = Path(__file__).parent.parent.parent
OTHER = "0"  # the file of words that begin with a digit
LETTERS = (*string.ascii_lowercase, OTHER)
MOST = 0.5  # of the terms: a word that stands in more of them says nothing about any


def after_engine(made: Path, glossary: Glossary) -> None:
    """Replaces the engine's index in the site that was made, and puts the words of the texts beside it."""
    index = search_index(glossary)
    put(packed(index), made / "search" / "search_index.json")  # in one step: the preview may be reading the old one
    for letter, found in text_words(glossary, index, made).items():
        put(packed({"version": index["version"], "words": found}), made / "search" / "words" / f"{letter}.json")


def packed(data: Any) -> str:
    """Data as JSON that is as short as it can be."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def search_index(glossary: Glossary) -> dict[str, Any]:
    """All that can be found, terms first: of what matches as well as another, the box shows the first on top.

    {"version", "docs": [{"location", "title", "kind", "level"?, "text"?, "names"?, "asked"?, "meanwhile"?}, ...]}, all
    of it plain text, in which what is empty is left out. "version" changes when other pages are in it or their order is
    another.
    """
    docs: list[dict[str, Any]] = [doc for kind in offering(generator.pages, "found") for doc in kind.found(glossary)]
    docs.sort(key=lambda doc: doc.get("kind") != "term")
    version = hashlib.sha256("\n".join(doc["location"] for doc in docs).encode()).hexdigest()[:12]
    return {"version": version, "docs": [{key: value for key, value in doc.items() if value} for doc in docs]}


def text_words(glossary: Glossary, index: dict[str, Any], made: Path) -> dict[str, dict[str, list[int]]]:
    """First letter -> word -> the places in the index of the terms in whose texts it stands.

    Words that the index has for the same term are left out, as are those in more than half of the terms. Texts are
    read from the files of the site, where these are made already.
    """
    found: dict[str, list[int]] = defaultdict(list)
    before, now = _remembered(), dict[str, Words]()
    terms = {f"terms/{slug}/": term for slug, term in glossary.terms.items()}
    for number, doc in enumerate(index["docs"]):
        if doc.get("kind") != "term":
            continue
        term = terms[doc["location"]]
        key = _digest(term.digest, json.dumps(doc))
        if key not in before:
            file = made / place(term)
            said = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else passages(term)
            known = words(" ".join([doc["title"], doc["text"], *doc.get("names", ()), *doc.get("asked", ())]))
            before[key] = tuple(words(" ".join(said)) - known)
        now[key] = before[key]
        for word in now[key]:
            found[word].append(number)
    _remember(now)
    most = max(2, MOST * len(terms))
    by_letter: dict[str, dict[str, list[int]]] = {letter: {} for letter in LETTERS}
    for word in sorted(found):
        if len(found[word]) <= most:
            by_letter[word[0] if word[0] in by_letter else OTHER][word] = found[word]
    return by_letter


# --- what is remembered: to look for the words of all texts takes longer than all else here ---------------------

Words = tuple[str, ...]
_last: dict[str, Words] | None = None  # what a term is and what the index has of it -> the other words of its texts


def _remembered() -> dict[str, Words]:
    """The words that were found the last time, by this process or another of the same version."""
    global _last
    if _last is None:
        version, rows = json.loads((not _is_elsewhere() and kept(HERE / WORDS)) or b"[0, {}]")
        rows = rows if version == program() else {}
        _last = {key: tuple(map(intern, said.split())) for key, said in rows.items()}
    return dict(_last)


def _remember(now: dict[str, Words]) -> None:
    global _last
    if now.keys() != (_last or {}).keys() and not _is_elsewhere():
        keep(HERE / WORDS, json.dumps([program(), {key: " ".join(said) for key, said in now.items()}]).encode())
    _last = now


def _is_elsewhere() -> bool:
    return (HERE / WORDS).parent.is_symlink()  # what is remembered stays in the project


def _digest(*texts: str) -> str:
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=16).hexdigest()
