"""Edge: the files that a person names on the command line, and mending them in place."""

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from demos._run.source import names
from generator.check.relations import mirrored
from generator.load.fix import mended, without
from generator.load.glossary import load
from generator.load.listing import files
from generator.model.entries import MUTANTS
from generator.output.write import put
from generator.problems import Refused, did_you_mean
from generator.reading import content


class NotOurs(Refused):
    """What was named and is no file of the glossary: a sentence and a remedy for each."""


def files_named(root: Path, given: Iterable[Path]) -> frozenset[str]:
    """The files that are meant, as paths below root. Raises NotOurs.

    A file is looked for from here, and then from root. A demo, its test and its recorded results stand for each other.
    """
    found: set[str] = set()
    wrong = []
    for file in given:
        try:
            found |= set(_meant(root, file))
        except NotOurs as error:
            wrong.append(str(error))
    if wrong:
        raise NotOurs("\n".join(wrong))
    return frozenset(found)


def _meant(root: Path, file: Path) -> Iterable[str]:
    # A link is meant as itself, so only the way to it is followed.
    places = [place.parent.resolve() / place.name for place in (Path.cwd() / file, root / file) if place.exists()]
    if not places:
        known = [*(f"demos/{name}.py" for name in names(root / "demos")), *files(root)]
        called = {Path(path).stem: path for path in known}.get(file.stem)
        hint = f"did you mean '{called}'?" if called else did_you_mean(file.as_posix(), known)
        raise NotOurs(_told(f"there is no file {file}", hint))
    place = next((place for place in places if place.is_relative_to(root)), places[0])
    if place.is_dir():
        raise NotOurs(_told(f"{file} is a folder", "name files, or none to check all"))
    path = place.relative_to(root).as_posix() if place.is_relative_to(root) else ""
    if path in files(root) or path == MUTANTS or (place.suffix == ".py" and path.startswith("demos/parts/")):
        return [path]
    if demo := _demo(root, path):
        recorded = (root / "demos" / "recorded").glob(f"{demo}*.json")
        results = [f"demos/recorded/{one.name}" for one in recorded if one.stem.partition("--")[0] == demo]
        return [f"demos/{demo}.py", f"tests/demos/test_{demo}.py", MUTANTS, *results]
    hint = "name a term, comparison or path of terms/, a demo, or the test of a demo"
    raise NotOurs(_told(f"{file} is no file of the glossary", hint))


def _demo(root: Path, path: str) -> str:
    """The demo that a file is, tests or records; empty where it does none of these."""
    folder, _, name = path.rpartition("/")
    stem, _, ending = name.rpartition(".")
    demo = {
        ("demos", "py"): stem,
        ("tests/demos", "py"): stem.removeprefix("test_"),
        ("demos/recorded", "json"): stem.partition("--")[0],
    }.get((folder, ending), "")
    return demo if demo in names(root / "demos") else ""


def _told(message: str, hint: str) -> str:
    return message + (f"\n    hint: {hint}" if hint else "")


def mend(root: Path, asked: Collection[str], cache: Path) -> Iterator[str]:
    """Mends what is mechanical in these files, or in all where none is asked for -> what was done, file by file."""
    asked = [path for path in files(root) if not asked or path in asked]
    for path in asked:
        data, unread = content(root, path)
        found = None if unread else mended(path, data)
        if found and found[1] and _put(root / path, found[0]):
            yield from (f"{path}: {slip.done}" for slip in found[1])
    for earlier, later in mirrored(load(root, cache).glossary):
        for one, other in ((later, earlier), (earlier, later)):
            path = f"terms/{one}.yml"
            if path not in asked:
                continue
            text = without((root / path).read_bytes().decode(), "related", other)
            if text is not None and _put(root / path, text):
                yield f"{path}: took '{other}' out of 'related', since terms/{other}.yml names this term"
            break


def _put(place: Path, text: str) -> bool:
    """Writes a file in one step, so that nobody meets half of it; a link is left alone."""
    return not place.is_symlink() and put(text.encode(), place)
