"""Edge: reads terms/ and demos/ into a glossary, with all that is wrong in their files."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.load.demos import read_demos, read_tests
from generator.load.fix import slips_in
from generator.load.listing import case_twins, entry_files, misplaced_folders
from generator.load.lists import read_allowed_words, read_categories, read_wanted
from generator.load.remembered import read_all
from generator.model import entries as model
from generator.model.entries import ALLOWED_WORDS, CATEGORIES, WANTED, Comparison, Term
from generator.model.glossary import Glossary
from generator.problems import Problem
from generator.reading import content


@dataclass(frozen=True)
class Loaded:
    """A glossary, and what was found out about its files while they were read."""

    glossary: Glossary
    problems: list[Problem]  # why files could not be read
    findings: Mapping[str, list[Problem]]  # file -> what check says of its entry alone, where that is known


def load(root: Path, cache: Path | None = None, only: Collection[str] = ()) -> Loaded:
    """Everything below `root`. `cache` is a file that makes the next time fast.

    Where `only` some files are asked about, other entries may come in outline, as model/outline.py says.
    """
    if cache is not None and cache.parent.is_symlink():
        cache = None  # what is remembered stays in the project
    paths = entry_files(root)
    twins = case_twins(paths)
    paths = [path for path in paths if path not in twins]
    read = read_all(root, paths, cache, only)
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
    return Loaded(glossary, problems, findings)
