"""Rules about experiments, as far as no demo has to run for them. What a run shows is looked at with the lessons."""

from collections.abc import Iterator

from demos._run.settings import BadSetting
from generator.check.rule import EntryInGlossaryRule, EntryRule
from generator.model.entries import AnyEntry, Choice, Goal, Prediction, Settings, Term
from generator.model.glossary import Outline
from generator.model.settings import all_settings, out_of_reach
from generator.problems import Problem, Where, did_you_mean, one_of
from generator.text.figures import conditions


@EntryRule
def experiments_are_complete(entry: AnyEntry) -> Iterator[Problem]:
    """A term has two experiments at least, or none yet. Choices differ, and a goal says of each figure what it must be,
    as in "< 0.001"."""
    if not isinstance(entry, Term):
        return
    if len(entry.experiments) == 1:
        message, hint = "there is only one experiment", "write a second one, best a goal to reach"
        yield Problem(entry.file, message, hint, ("experiments",), kind="unfinished")
    for i, experiment in enumerate(entry.experiments):
        where: Where = ("experiments", i)
        if isinstance(experiment, Choice):
            for j, choice in enumerate(experiment.choices):
                if choice in experiment.choices[:j]:
                    message = f"{choice} is there twice"
                    yield Problem(entry.file, message, "take one out", (*where, "choices", j))
        elif isinstance(experiment, Goal):
            for name, asked in experiment.reach.items():
                if not conditions(asked):
                    message = f"'{asked}' does not say what '{name}' must be"
                    hint = 'write one of <, <=, >, >= and = before a number: "< 0.001", or two joined by "and"'
                    yield Problem(entry.file, message, hint, (*where, "reach", name))
        elif experiment.tolerance < 0:
            message = f"the tolerance {experiment.tolerance} is below zero"
            yield Problem(entry.file, message, "it is a distance", (*where, "tolerance"))


@EntryInGlossaryRule
def experiments_fit_their_demo(glossary: Outline, entry: AnyEntry) -> Iterator[Problem]:
    """An experiment is about a demo of its page, and sets what a reader can set there. Something changes in it: from
    one end to the other, or from what the page shows."""
    for i, experiment in enumerate(entry.experiments if isinstance(entry, Term) else ()):
        assert isinstance(entry, Term)
        where: Where = ("experiments", i)
        use = entry.demo_called(experiment.demo)
        if use is None:
            there = [one.module for one in entry.demos]
            hint = did_you_mean(experiment.demo, there, one_of(there))
            message = f"the page shows no demo called '{experiment.demo}'"
            yield Problem(entry.file, message, hint, (*where, "demo"))
            continue
        demo = glossary.demos.get(use.module)
        if demo is None:
            continue
        try:
            page = all_settings(demo, use.with_)
        except BadSetting:  # which is told of the demo itself
            continue
        filled = []
        for field, given in _settings(experiment):
            at = (*where, field)
            try:
                filled.append(all_settings(demo, page, given))
            except BadSetting as error:
                for message, hint in error.problems:
                    yield Problem(entry.file, message, hint, at)
                continue
            for message, hint in out_of_reach(demo, given):
                yield Problem(entry.file, message, hint, at)
            for name in use.hide:
                if name in given and filled[-1][name] != page[name]:
                    message = f"it sets {name}, which the page hides"
                    hint = f"take {name} out of the 'hide' of the demo, or out of the experiment"
                    yield Problem(entry.file, message, hint, at)
        if isinstance(experiment, Prediction):
            if len(filled) == 2 and filled[0] == filled[1]:
                message = "nothing changes: 'from' and 'to' are the same settings"
                yield Problem(entry.file, message, "let one of them differ", (*where, "to"))
        elif filled and filled[0] == page:
            field = _settings(experiment)[0][0]
            shows = "the answer" if isinstance(experiment, Choice) else "the goal"
            message = f"the page starts at these settings, so it shows {shows} before anybody asks"
            yield Problem(entry.file, message, "let them differ from those of the demo", (*where, field))


def _settings(experiment: Prediction | Choice | Goal) -> list[tuple[str, Settings]]:
    """Each field of an experiment that holds settings."""
    match experiment:
        case Prediction():
            return [("from", experiment.from_), ("to", experiment.to)]
        case Choice():
            return [("settings", experiment.settings)]
        case Goal():
            return [("witness", experiment.witness)]
