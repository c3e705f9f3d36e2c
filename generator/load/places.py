"""Edge: reads files again to look up on which line a problem is, which is only needed where there is one."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import yaml

from generator.load.yaml import parse_yaml, with_place
from generator.problems import Problem
from generator.reading import content


def located(root: Path, problems: Iterable[Problem]) -> list[Problem]:
    """The same problems with the line and column that `where` points to, in reading order."""
    trees: dict[str, yaml.Node | None] = {}
    found = []
    for problem in problems:
        if problem.where and not problem.line:
            if problem.path not in trees:
                trees[problem.path] = parse_yaml(problem.path, content(root, problem.path)[0])[1]
            problem = with_place(problem, trees[problem.path])
        found.append(_somewhere(root, problem))
    return sorted(found, key=lambda problem: problem.order)


def _somewhere(root: Path, problem: Problem) -> Problem:
    """The problem with a place in its file: where its line begins, or at the top where no line is to blame."""
    place = root / problem.path
    if problem.column or place.is_symlink() or not place.is_file():
        return problem
    if not problem.line:
        return replace(problem, line=1, column=1)
    line = b"".join(content(root, problem.path)[0].splitlines()[problem.line - 1 : problem.line])
    return replace(problem, column=len(line) - len(line.lstrip()) + 1)
