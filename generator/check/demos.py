"""Rules about demos: each exists, takes its settings, has a home and a test, and is shown."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from demos._run.settings import BadSetting, fill
from generator.check.rule import GlossaryRule
from generator.model.entries import MUTANTS
from generator.model.glossary import Outline
from generator.problems import Problem, Where, did_you_mean, listed


@GlossaryRule
def demos_exist(glossary: Outline) -> Iterator[Problem]:
    """Every demo that an entry names is there, and takes the settings that it is given."""
    for term in glossary.terms.values():
        for where, use in term.demo_places:
            yield from _demo_use(glossary, term.file, where, "module", use.module, use.with_)
    for comparison in glossary.comparisons.values():
        for i, row in enumerate(comparison.rows):
            for key, cell in row.values.items():
                if not isinstance(cell, str):
                    at: Where = ("rows", i, "values", key)
                    yield from _demo_use(glossary, comparison.file, at, "demo", cell.demo, cell.with_)


def _demo_use(
    glossary: Outline, path: str, where: Where, field: str, name: str, given: Mapping[str, Any]
) -> Iterator[Problem]:
    source = glossary.demos.get(name)
    if source is None:
        if f"demos/{name}.py" not in glossary.unread:
            hint = did_you_mean(name, glossary.demos, f"write demos/{name}.py")
            yield Problem(path, f"there is no demo called '{name}'", hint, (*where, field))
        return
    try:
        fill(name, source.parameters, given)
    except BadSetting as error:
        for message, hint in error.problems:
            yield Problem(path, message, hint, (*where, "with"))


@GlossaryRule
def hidden_settings_exist(glossary: Outline) -> Iterator[Problem]:
    """What a page shows no control for is a setting of its demo, and one that can be changed is left."""
    for term in glossary.terms.values():
        for where, use in term.demo_places:
            if use.module not in glossary.demos:
                continue
            has = [parameter.name for parameter in glossary.demos[use.module].parameters]
            for i, name in enumerate(use.hide):
                if name not in has:
                    hint = did_you_mean(name, has) or f"it has {', '.join(has) or 'nothing that can be set'}"
                    message = f"the demo '{use.module}' has no setting called '{name}' that could be hidden"
                    yield Problem(term.file, message, hint, (*where, "hide", i))
            if has and not set(has) - set(use.hide):
                message = f"every setting of the demo '{use.module}' is hidden, so nothing can be changed"
                yield Problem(term.file, message, "leave one", (*where, "hide"))


@GlossaryRule
def no_page_shows_the_same_twice(glossary: Outline) -> Iterator[Problem]:
    """A page shows a demo twice only with other settings or other controls."""
    for term in glossary.terms.values():
        seen = list[tuple[str, Mapping[str, Any], tuple[str, ...]]]()
        for where, use in term.demo_places:
            one = use.module, dict(use.with_), tuple(sorted(use.hide))
            if one in seen:
                message = f"this page shows the demo '{use.module}' twice with the same settings"
                yield Problem(term.file, message, "give one of them other settings, or take it out", (*where, "module"))
            seen.append(one)


@GlossaryRule
def one_home_each(glossary: Outline) -> Iterator[Problem]:
    """Each demo has one page that other pages mean when they name it."""
    for name, users in glossary.demo_users.items():
        homes = [
            (slug, where)
            for slug in users
            for where, use in glossary.terms[slug].demo_places
            if use.module == name and use.home
        ]
        if len(homes) > 1:
            for slug, where in homes:
                message = f"the demo '{name}' has {len(homes)} homes: {listed([home for home, _ in homes])}"
                hint = "keep `home: true` in one of them"
                yield Problem(glossary.terms[slug].file, message, hint, (*where, "home"))
        elif not homes and len(users) > 1 and glossary.is_whole:
            message = f"the demo '{name}' has no home among the terms that show it: {listed(users)}"
            hint = "write `home: true` in one of them"
            yield Problem(glossary.terms[users[0]].file, message, hint, ("demo",), kind="unfinished")


@GlossaryRule
def demos_are_shown(glossary: Outline) -> Iterator[Problem]:
    """Every demo is on the page of some term."""
    for name, source in glossary.demos.items():
        if glossary.terms and glossary.is_whole and name not in glossary.demo_users:
            hint = f"write a term with `demo: {name}`"
            yield Problem(f"demos/{source.path.name}", "no term shows this demo", hint, line=1)


@GlossaryRule
def demos_are_tested(glossary: Outline) -> Iterator[Problem]:
    """Each demo has a test, and a deliberate bug that the test must notice, where there are any."""
    planted = set(_PLANTED.findall(glossary.tests.get(MUTANTS, "")))
    for name, demo in glossary.demos.items() if glossary.tests else ():
        path, test = f"demos/{demo.path.name}", f"tests/demos/test_{name}.py"
        if test not in glossary.tests and test not in glossary.unread:
            hint = f"write {test}: hold its results against a library, or against what is known beforehand"
            yield Problem(path, "this demo has no test", hint, line=1, kind="unfinished")
        if name not in planted and MUTANTS in glossary.tests:
            hint = f"add one to {MUTANTS}, and see with `make mutants` that the test notices it"
            yield Problem(path, "no deliberate bug is planted in this demo", hint, line=1, kind="unfinished")


_PLANTED = re.compile(r"^- *\{? *file: *[\"']?demos/(\w+)\.py", re.MULTILINE)
