"""The text of one file as an entry, or as sentences about what is wrong with it."""

import re
from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from generator.load.yaml import kind_in_words, parse_yaml, quoted, to_start, with_place, written_at
from generator.model.entries import E_, EXPERIMENTS, FROM_TEXT, KINDS, LONGEST_SLUG, RESERVED, SLUG, Category, Entry
from generator.problems import Problem, Where, counted, did_you_mean, listed, one_of
from generator.text.slugs import slugify


def read_entry(path: str, data: bytes) -> tuple[Entry | None, list[Problem]]:
    """One file of terms/: its entry, or what is wrong with it."""
    folder, _, name = path.rpartition("/")
    if len(name) > LONGEST_SLUG + len(".yml"):
        message = f"the file name has {counted(len(name), 'character')}"
        return None, [Problem(path, message, f"it may have {LONGEST_SLUG} and .yml")]
    slug, _, ending = name.rpartition(".")
    if ending != "yml":
        return None, [Problem(path, "the name of an entry ends in .yml", f"rename it to {slug}.yml")]
    if not re.fullmatch(SLUG, slug):
        better = slugify(slug)
        hint = "use lower-case letters, digits and single hyphens" + (f", as in {better}.yml" if better else "")
        return None, [Problem(path, f"the file name '{slug}' is not a slug", hint)]
    if slug in RESERVED:
        hint = "choose another: some systems or sites need that name for themselves"
        return None, [Problem(path, f"'{slug}' can not be a slug", hint)]
    return parse_entry(path, data, KINDS[folder], slug=slug)


def parse_entry(path: str, data: bytes, kind: type[E_], **extra: Any) -> tuple[E_ | None, list[Problem]]:
    """One entry of a kind from the bytes of its file. `extra` are fields that the file itself may not set."""
    plain, tree, problems = parse_yaml(path, data)
    if tree is None:
        return None, problems
    if not isinstance(plain, dict):
        message = f"an entry is fields and values, and this is {kind_in_words(plain)}"
        return None, problems or [Problem(path, message, to_start(path), (), 1, 1)]
    for key in extra:
        if key in plain:
            problem = Problem(path, f"'{key}' is not written in the file", "take it out: it is the file's name", (key,))
            problems.append(with_place(problem, tree, at_key=True))
    try:
        entry = kind.model_validate({**plain, **extra})
    except ValidationError as error:
        return None, [*problems, *explained(path, error, kind, tree)]
    return (None if problems else entry), problems


def explained(path: str, error: ValidationError, kind: type[Entry], tree: yaml.Node) -> Iterator[Problem]:
    for details in error.errors(include_url=False):
        # Only the way through the file: no word for which of several kinds a value was taken for.
        where = tuple(part for part in details["loc"] if part not in _TAGS)
        if where != ("slug",):  # whoever writes that is told already
            message, hint = _sentence(details, where, kind, written_at(tree, where))
            yield with_place(Problem(path, message, hint, where), tree, at_key=details["type"] == "extra_forbidden")


_TAGS = ("<figure>", "<text>", *EXPERIMENTS)


def _sentence(details: ErrorDetails, where: Where, kind: type[Entry], written: str) -> tuple[str, str]:
    """A sentence and a remedy for what Pydantic found. written: the value as the file spells it, where it is short."""
    type_, context, value = details["type"], details.get("ctx", {}), details["input"]
    names = [part for part in where if isinstance(part, str)]
    name = names[-1] if names else "entry"
    called = f"'{name}'" if where[-1:] == (name,) else "this"
    if where and where[-1:] != (name,):
        called = f"entry {int(where[-1]) + 1} of '{name}'" if names else f"entry {int(where[-1]) + 1}"
    given = quoted(value)
    match type_:
        case "extra_forbidden":
            known = fields_of(kind, details["loc"][:-1])
            return f"there is no field called '{name}'", did_you_mean(name, known, one_of(known))
        case "missing":
            known = fields_of(kind, details["loc"][:-1])
            return f"the field '{name}' is missing", known[name] or "see terms/_template.yml"
        case _ if value is None or value == "" or type_ == "string_too_short":
            return f"{called} is empty", "write it or take it out"
        case "literal_error":
            allowed = re.findall(r"'([^']+)'", str(context["expected"]))
            if isinstance(value, list | dict):
                return f"{called} must be one word, and is {kind_in_words(value)}", one_of(allowed)
            return f"there is no {name} called {given}", did_you_mean(value, allowed, one_of(allowed))
        case "string_pattern_mismatch" if name in ("url", "issue"):
            return f"{given} is not a web address", "it starts with https:// and has no spaces"
        case "string_pattern_mismatch" if name in ("module", "demo"):
            return f"{given} is not the name of a demo", "use lower-case letters, digits and underscores"
        case "string_pattern_mismatch":
            return f"{given} is not a slug", "use lower-case letters, digits and single hyphens: neural-network"
        case "string_too_long":
            return (
                f"{called} has {counted(len(value.strip()), 'character')}",
                f"it may have at most {context['max_length']:,}",
            )
        case "too_short":
            has = f"only {counted(len(value), 'entry')}" if value else "no entries"
            return f"{called} has {has}", f"it needs at least {context['min_length']}"
        case "too_long":
            return f"{called} has {counted(len(value), 'entry')}", f"it may have at most {context['max_length']}"
        case "greater_than_equal" | "less_than_equal":
            return f"{given} can not be the {name}", "a year lies between 1600 and 2100"
    if type_.startswith("date"):
        return f"{given} is not a date", "write it as 2026-11-23"
    if type_.startswith(("int_", "finite")):
        return f"{called} must be a whole number, and is {kind_in_words(value)}", ""
    wanted, hint = _WANTED.get(type_, (f"something else ({details['msg']})", ""))
    is_text = type_ == "string_type" or (type_ == "model_type" and context.get("class_name") in FROM_TEXT)
    if is_text and written and isinstance(value, int | float):  # read as a number, true or false
        said = kind_in_words(value) if isinstance(value, bool) else f"the number {written}"
        return f"{called} must be text, and is {said}", f'put quotes around it: "{written}"'
    if type_ == "string_type" and isinstance(value, dict):
        hint = "put quotes around a text that has a colon, or write it below >-"
    elif type_ == "model_type":
        hint = f"its fields are {listed(list(fields_of(kind, details['loc'])))}"
    return f"{called} must be {wanted}, and is {kind_in_words(value)}", hint


# What Pydantic misses in a value, in words, and the usual remedy.
_WANTED = {
    "string_type": ("text", "put quotes around it"),
    "list_type": ("a list", "write each entry on a line of its own, after a dash"),
    "dict_type": ("fields and values", "write each as name: value"),
    "model_type": ("fields and values", ""),
    "number_type": ("a number", "write it in digits, as in 0.25"),
    "bool_type": ("true or false", ""),
    "bool_parsing": ("true or false", ""),
    "setting_type": ("a number, text, true or false", "settings are what the demo's controls can be set to"),
}


def fields_of(kind: type[BaseModel], where: Where) -> dict[str, str]:
    """The fields allowed at a place, with their descriptions."""
    for part in where:
        if part in EXPERIMENTS:
            kind = EXPERIMENTS[str(part)]
        elif isinstance(part, str):
            named = {info.alias or name: info for name, info in kind.model_fields.items()}
            if part in named:
                kind = _model_in(named[part].annotation) or kind
    return {
        info.alias or name: info.description or ""
        for name, info in kind.model_fields.items()
        if name != "slug" or kind is Category  # of entries, the file name is the slug
    }


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (list, dict, Union, UnionType) or hasattr(annotation, "__metadata__"):
        return next(filter(None, map(_model_in, get_args(annotation))), None)
    return None
