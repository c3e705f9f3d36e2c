"""What experiments ask, as runs show it: which runs they need, what came out, and what is wrong with an experiment.

Numbers are known by the keys of runs. An experiment is about settings, so the same settings have one key, however they
are written: every value that is the demo's own is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from demos._show.axes import number
from generator.lessons.run import Job, lesson_key
from generator.model.entries import Choice, Experiment, Goal, Prediction, Term
from generator.model.glossary import Glossary
from generator.model.settings import all_settings, unlike_default
from generator.problems import Problem, Where, did_you_mean, listed, one_of
from generator.text.figures import conditions, is_rounded

Settings = Mapping[str, bool | int | float | str]
Numbers = Mapping[str, Mapping[str, float]]  # the key of a run -> its figures


@dataclass(frozen=True)
class Trial:
    """An experiment with its two runs: from where it starts to where it leads. Settings are complete. Of a choice and a
    goal, the start is the page itself."""

    experiment: Experiment
    place: int  # among the demos of the page
    demo: str
    start: Settings
    end: Settings
    keys: tuple[str, str]  # of the two runs
    jobs: tuple[Job, Job]


def trials(glossary: Glossary, term: Term) -> Iterator[Trial]:
    """The experiments of a term, which check has found well as far as it can tell."""
    for i, experiment in enumerate(term.experiments):
        use = term.demo_called(experiment.demo)
        assert use is not None
        demo = glossary.demos[use.module]
        match experiment:
            case Prediction():
                given = (("from", experiment.from_), ("to", experiment.to))
            case Choice():
                given = (("demo", {}), ("settings", experiment.settings))
            case Goal():
                given = (("demo", {}), ("witness", experiment.witness))
        start, end = (all_settings(demo, use.with_, one) for _, one in given)
        jobs = [
            Job(demo.name, unlike_default(demo, filled), term.file, where=("experiments", i, field), drawn=False)
            for (field, _), filled in zip(given, (start, end), strict=True)
        ]
        keys = [lesson_key(job.demo, job.given) for job in jobs]
        yield Trial(experiment, term.demos.index(use), demo.name, start, end, (keys[0], keys[1]), (jobs[0], jobs[1]))


def jobs_of_experiments(glossary: Glossary) -> Iterator[Job]:
    """Every run that an experiment needs."""
    for term in glossary.terms.values():
        for trial in trials(glossary, term):
            yield from trial.jobs if not isinstance(trial.experiment, Choice) else trial.jobs[1:]


def wrong_experiments(glossary: Glossary, numbers: Numbers) -> Iterator[Problem]:
    """Experiments that say something else than the runs show, or that ask for figures which there are none of."""
    for term in glossary.terms.values():
        for i, trial in enumerate(trials(glossary, term)):
            before, after = (numbers.get(key) for key in trial.keys)
            match trial.experiment:
                case Prediction() if before is not None and after is not None:
                    found = _of_prediction(trial, trial.experiment, before, after)
                case Choice() if after is not None:
                    found = _of_choice(trial, trial.experiment, after)
                case Goal() if before is not None and after is not None:
                    found = _of_goal(trial, trial.experiment, before, after)
                case _:  # a run that failed, which is told of the demo
                    continue
            for where, message, hint in found:
                yield Problem(term.file, message, hint, ("experiments", i, *where))


_Wrong = Iterator[tuple[Where, str, str]]


def direction(before: float, after: float, tolerance: float = 0) -> str:
    """Which way a figure goes. Without a tolerance it stays as long as a page shows it the same."""
    if abs(after - before) <= tolerance or number(before) == number(after):
        return "stays"
    return "rises" if after > before else "falls"


def _of_prediction(trial: Trial, asked: Prediction, before: Mapping[str, float], after: Mapping[str, float]) -> _Wrong:
    for figures, field in ((before, "from"), (after, "to")):
        if asked.watch not in figures:
            also = f" at the settings of '{field}'" if asked.watch in before or asked.watch in after else ""
            yield ("watch",), *_no_figure(trial, asked.watch, figures, also)
            return
    start, end = before[asked.watch], after[asked.watch]
    if (right := direction(start, end, asked.tolerance)) != asked.answer:
        ways = (
            f"is {number(start)} before and after"
            if number(start) == number(end)
            else (f"{right}, from {number(start)} to {number(end)}")
        )
        hint = f"write `answer: {right}`, or change the question" + (
            ", or state a tolerance" if asked.answer == "stays" else ""
        )
        yield ("answer",), f"the answer is '{asked.answer}', and '{asked.watch}' {ways}", hint


def _of_choice(trial: Trial, asked: Choice, figures: Mapping[str, float]) -> _Wrong:
    if asked.watch not in figures:
        yield ("watch",), *_no_figure(trial, asked.watch, figures)
        return
    value = figures[asked.watch]
    right = [str(choice) for choice in asked.choices if is_rounded(value, choice)]
    if len(right) != 1:
        which = f"{listed(right)} are all right" if right else "none of the choices is right"
        if len(right) == 2:
            which = f"both {listed(right)} are right"
        yield ("choices",), f"{which}: '{asked.watch}' is {number(value)}", "exactly one must be, to the digits it has"


def _of_goal(trial: Trial, asked: Goal, before: Mapping[str, float], after: Mapping[str, float]) -> _Wrong:
    known = {*after, *trial.end}
    if unknown := [name for name in asked.reach if name not in known]:
        for name in unknown:
            yield ("reach", name), *_no_figure(trial, name, dict.fromkeys((*after, *trial.end), 0.0))
        return
    if not list(_missed(asked, trial.start, before)):
        message = f"the goal is reached as the page starts: {_state(asked, trial.start, before)}"
        yield ("reach",), message, "ask for more"
    if missed := list(_missed(asked, trial.end, after)):
        message = f"the witness does not reach the goal: {_state(asked, trial.end, after, missed)}"
        yield ("witness",), message, "find settings that do, or ask for less"


def _no_figure(trial: Trial, name: str, figures: Mapping[str, float], where: str = "") -> tuple[str, str]:
    return f"the demo '{trial.demo}' reports no '{name}'{where}", did_you_mean(name, figures, one_of(figures))


def _missed(asked: Goal, settings: Settings, figures: Mapping[str, float]) -> Iterator[str]:
    """What of a goal is not reached. A name is that of a figure, or else of a setting."""
    for name, text in asked.reach.items():
        given = figures.get(name, settings.get(name))
        if given is None or not all(condition.holds(given) for condition in conditions(text)):
            yield name


def _state(asked: Goal, settings: Settings, figures: Mapping[str, float], names: list[str] | None = None) -> str:
    """How things stand with what a goal asks for."""
    return listed(
        [
            f"'{name}' is {number(figures.get(name, settings.get(name)))}" + (f", and not {text}" if names else "")
            for name, text in asked.reach.items()
            if names is None or name in names
        ]
    )
