"""Edge: reads terms/ and demos/ into a glossary, with all that is wrong in their files."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from generator.load.demos import read_demos, read_tests
from generator.load.fix import slips_in
from generator.load.listing import case_twins, entry_files, misplaced_folders
from generator.load.lists import read_allowed_words, read_categories, read_wanted
from generator.load.remembered import Held, read_all
from generator.model import entries as model
from generator.model.entries import ALLOWED_WORDS, CATEGORIES, WANTED, Comparison, Term
from generator.model.glossary import Glossary, Outline
from generator.problems import Problem
from generator.reading import content


@dataclass(frozen=True)
class Loaded:
    """A glossary, and what was found out about its files while they were read."""

    glossary: Glossary
    problems: list[Problem]  # why files could not be read
    findings: Mapping[str, list[Problem]]  # file -> what check says of its entry alone, where that is known
    digests: Mapping[str, str]  # file -> the digest of its content
    shared: str  # the digest of all that rules may know of entries other than the one they look at


def load(root: Path, cache: Path | None = None, only: Collection[str] = (), held: Held | None = None) -> Loaded:
    """Everything below `root`. `cache` is a file that makes the next time fast, and `held` what this program holds of
    the last time, for one that stays.

    Where `only` some files are asked about, other entries may come in outline, as model/outline.py says.
    """
    if cache is not None and cache.parent.is_symlink():
        cache = None  # what is remembered stays in the project
    paths = entry_files(root)
    twins = case_twins(paths)
    paths = [path for path in paths if path not in twins]
    found = read_all(root, paths, cache, only, held)
    read = found.files
    problems = [problem for one in read for problem in one.problems]
    entries = [one.entry for one in read if one.entry is not None]
    categories, bad_categories = read_categories(root)
    wanted, bad_wanted = read_wanted(root)
    allowed_words, bad_words = read_allowed_words(root)
    for path, bad in ((CATEGORIES, bad_categories), (WANTED, bad_wanted), (ALLOWED_WORDS, bad_words)):
        if not bad and (root / path).is_file():
            problems += slips_in(path, content(root, path)[0])
    demos, bad_demos = read_demos(root, cache)
    tests, bad_tests = read_tests(root, demos)
    problems = [*misplaced_folders(root), *twins.values(), *problems, *bad_categories, *bad_wanted, *bad_demos]
    problems += [*bad_tests, *bad_words]
    unread = {path for path, one in zip(paths, read, strict=True) if one.entry is None} | twins.keys()
    unread |= {problem.path for problem in (*bad_categories, *bad_wanted, *bad_demos, *bad_tests, *bad_words)}
    glossary = Glossary(
        terms={entry.slug: entry for entry in entries if isinstance(entry, Term)},
        comparisons={entry.slug: entry for entry in entries if isinstance(entry, Comparison)},
        paths={entry.slug: entry for entry in entries if isinstance(entry, model.Path)},
        categories=categories,
        demos=demos,
        wanted=wanted,
        unread=frozenset(unread),
        tests=tests,
        allowed_words=allowed_words,
    )
    findings = {path: one.findings for path, one in zip(paths, read, strict=True) if one.findings is not None}
    return Loaded(glossary, problems, findings, found.digests, _shared(found.outlines, glossary))


def _shared(outlines: str, glossary: Glossary) -> str:
    """The digest of all that an Outline holds: of entries their outlines, and everything that is no entry."""
    others = {one.name: getattr(glossary, one.name) for one in fields(Outline) if one.name not in _ENTRIES}
    others["unread"] = sorted(glossary.unread)
    return hashlib.sha256(repr((outlines, others)).encode(errors="surrogatepass")).hexdigest()


_ENTRIES = ("terms", "comparisons", "paths")
