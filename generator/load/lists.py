"""Edge: reads the files of terms/ that are lists: categories, terms that are wanted, words that are allowed."""

import os
import re
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from generator.load.entry import explained
from generator.load.yaml import kind_in_words, parse_yaml, with_place
from generator.model.entries import ALLOWED_WORDS, CATEGORIES, E_, RESERVED, WANTED, Category, Wanted
from generator.problems import Problem
from generator.reading import content


def read_categories(root: Path) -> tuple[dict[str, Category], list[Problem]]:
    path = CATEGORIES
    if not os.path.lexists(root / path):
        return {}, [Problem(path, "there is no list of categories", "restore the file")]
    categories, tree, problems = _list_of(Category, root, path)
    if problems:
        return {}, problems
    found: dict[str, Category] = {}
    for i, category in enumerate(categories):
        if category.slug in found:
            problems.append(Problem(path, f"'{category.slug}' is listed twice", "keep one of them", (i, "slug")))
        elif category.slug in RESERVED:
            problems.append(Problem(path, f"'{category.slug}' can not be a slug", "choose another", (i, "slug")))
        found[category.slug] = category
    return found, [with_place(problem, tree) for problem in problems]


def read_wanted(root: Path) -> tuple[list[Wanted], list[Problem]]:
    """The terms that somebody hopes to read. There may be none, and no file."""
    if not os.path.lexists(root / WANTED):
        return [], []
    data, problems = content(root, WANTED)
    lines = data.splitlines()
    if not problems and all(line.lstrip().startswith(b"#") for line in lines if line.strip()):
        return [], []  # all of them were written
    wanted, _, problems = _list_of(Wanted, root, WANTED)
    return wanted, problems


def _list_of(kind: type[E_], root: Path, path: str) -> tuple[list[E_], yaml.Node | None, list[Problem]]:
    """A file that holds a list: its entries, the tree that knows their places, and what is wrong."""
    data, problems = content(root, path)
    if problems:
        return [], None, problems
    plain, tree, problems = parse_yaml(path, data)
    if tree is None or problems:
        return [], tree, problems
    try:
        return TypeAdapter(list[kind]).validate_python(plain), tree, []  # type: ignore[valid-type]
    except ValidationError as error:
        return [], tree, list(explained(path, error, kind, tree))


def read_allowed_words(root: Path) -> tuple[dict[str, str], list[Problem]]:
    """The words that definitions may say although they are neither common nor a term, each with the reason; or none."""
    path = ALLOWED_WORDS
    if not os.path.lexists(root / path):
        return {}, []
    data, problems = content(root, path)
    plain, tree, problems = parse_yaml(path, data) if not problems else (None, None, problems)
    if tree is None or problems:
        return {}, problems
    if not isinstance(plain, dict):
        return {}, [Problem(path, f"this is words with reasons, and not {kind_in_words(plain)}", _A_REASON, (), 1, 1)]
    for word, reason in plain.items():
        if not re.fullmatch(r"[^\W\d_]+", word) or word != word.lower():
            problems.append(Problem(path, f"'{word}' is not one word in small letters", _A_REASON, (word,)))
        elif not isinstance(reason, str) or not reason.strip():
            problems.append(Problem(path, f"'{word}' has no reason", _A_REASON, (word,)))
    return ({} if problems else plain), [with_place(problem, tree, at_key=True) for problem in problems]


_A_REASON = "write each as word: why a reader knows it, or where it is explained"
