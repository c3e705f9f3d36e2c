"""Experiments as a page shows them: a fold each, with what the page's script needs to play it."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from demos._show.axes import number
from generator.lessons.experiments import Numbers, Settings, Trial, trials
from generator.model.entries import Choice, Goal, Prediction, Term
from generator.model.glossary import Glossary
from generator.text.figures import conditions, in_prose, is_rounded
from generator.text.markdown import plain_text

ANSWERS = {"rises": "It rises", "falls": "It falls", "stays": "It stays the same"}
ABOUT = ANSWERS | {"stays": "It stays about the same"}  # where it may change a little


def experiments_shown(glossary: Glossary, numbers: Numbers, term: Term) -> list[list[SimpleNamespace]]:
    """For each demo of the page its experiments, in the order of the file."""
    shown: list[list[SimpleNamespace]] = [[] for _ in term.demos]
    for trial in trials(glossary, term):
        shown[trial.place].append(_shown(trial, numbers))
    return shown


def _shown(trial: Trial, numbers: Numbers) -> SimpleNamespace:
    experiment = trial.experiment
    data: dict[str, Any] = {"start": dict(trial.start), "end": dict(trial.end)}
    match experiment:
        case Prediction():
            before, after = (_figure(numbers[key][experiment.watch]) for key in trial.keys)
            ways = ABOUT if experiment.tolerance else ANSWERS
            answer = f"{ways[experiment.answer]}: “{experiment.watch}” "
            answer += f"is {after} before and after." if before == after else f"goes from {before} to {after}."
            data |= {"answers": [[text, way == experiment.answer] for way, text in ways.items()]}
        case Choice():
            value = numbers[trial.keys[1]][experiment.watch]
            right = [is_rounded(value, choice) for choice in experiment.choices]
            texts = [in_prose(f"{choice:,}") for choice in experiment.choices]
            best = texts[right.index(True)]
            answer = f"“{experiment.watch}” is {_figure(value)}{'' if best == _figure(value) else f', so {best}'}."
            data |= {"answers": list(zip(texts, right, strict=True))}
        case Goal():
            answer = f"One way: {', '.join(_changes(trial.start, trial.end))}."
            data |= {
                "reach": [
                    [name, condition.compare, condition.value]
                    for name, text in experiment.reach.items() for condition in conditions(text)
                ]
            }  # fmt: skip
    question = experiment.goal if isinstance(experiment, Goal) else experiment.ask
    data |= {"kind": type(experiment).__name__.lower(), "outcome": answer}
    return SimpleNamespace(question=question, answer=answer, because=plain_text(experiment.because), data=data)


def _figure(value: float) -> str:
    """A figure as the page shows it."""
    return in_prose(number(value))


def _changes(start: Settings, end: Settings) -> Iterator[str]:
    """Each control that has to be moved, and where to."""
    for name, value in end.items():
        if value != start[name]:
            shown = ("on" if value else "off") if isinstance(value, bool) else value
            words = in_prose(f"{shown:g}") if isinstance(shown, float) else str(shown)
            yield f"{name.replace('_', ' ')} {words}"
