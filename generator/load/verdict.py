"""Edge: remembers what check said, and asks its rules again where something changed that they can read.

A rule that looks at the glossary as a whole, or at one entry in it, reads of other entries their outlines and no more,
as its type says. As long as all outlines are the same, and all that is no entry, such rules would say the same, but for
entries that were edited. An edit to an explanation changes no outline.
"""

from pathlib import Path

from generator.cache import keep, program
from generator.check.rules import Said, check, look_at_all, look_at_among_others
from generator.load.glossary import Loaded
from generator.load.remembered import pickled, unpickled
from generator.problems import Problem


def verdict(loaded: Loaded, cache: Path | None = None) -> list[Problem]:
    """All that check says of a glossary that was loaded. `cache` is a file that makes the next time fast."""
    if cache is not None and cache.parent.is_symlink():
        cache = None  # what is remembered stays in the project
    before = unpickled(cache)
    known = before if before.get("shared") == loaded.shared else {}
    among_others: dict[str, list[Problem]] = {
        path: problems
        for path, (digest, problems) in known.get("among_others", {}).items()
        if loaded.digests.get(path) == digest
    }
    as_a_whole: list[Problem] | None = known.get("as_a_whole")
    if as_a_whole is None:
        as_a_whole = look_at_all(loaded.glossary)
    for entry in loaded.glossary.entries:
        if entry.file not in among_others:
            among_others[entry.file] = look_at_among_others(loaded.glossary, entry)
    if cache is not None:
        rows = {path: (loaded.digests[path], problems) for path, problems in among_others.items()}
        now = {"shared": loaded.shared, "as_a_whole": as_a_whole, "among_others": rows}
        if now != before:
            keep(cache, pickled((program(), now)))
    return check(loaded.glossary, said=Said(loaded.findings, among_others, as_a_whole))
