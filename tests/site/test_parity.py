"""Every demo that runs in a page gives the same figures there as at your desk. New demos need no entry anywhere.

At its defaults, at both ends of every slider, with every choice and with every switch on and off, with all numbers at
the top together and at the bottom, and at two random settings. `make parity` runs these tests; `make test` does not.
`make parity-defaults` runs those at the defaults alone, which is what can be afforded on every system.
The page's limit of time is lifted here: figures are compared, and what took longer than a page allows is listed.
"""

import random
from pathlib import Path

import pytest
import yaml

from demos._run.run import DemoFailed, run, settings
from demos._run.source import names, read, runs_in_browser
from tests.conftest import REMARKS
from tests.demos.results import at
from tests.patience import slowness

pytestmark = [pytest.mark.browser, pytest.mark.parity]

LIVE = [name for name in names() if runs_in_browser(name)]
EXCEPTIONS = {
    entry["demo"]: entry for entry in yaml.safe_load((Path(__file__).parent / "parity.yml").read_text(encoding="utf-8"))
}

# The same worker as in a page, spoken to without one.
WORKER = """async ([base, patience]) => {
  const worker = new Worker(new URL("assets/worker.js", base), {type: "module"});
  const waiting = new Map();
  worker.onmessage = ({data: {id, ok, result, error}}) => {
    const answer = waiting.get(id);
    waiting.delete(id);
    answer?.(ok ? result : {error});
  };
  let ids = 0;
  const ask = (type, rest) => new Promise(resolve => {
    waiting.set(++ids, resolve);
    worker.postMessage({id: ids, type, ...rest});
  });
  const packages = ["numpy"];
  const started = await ask("init", {runtime: new URL("assets/runtime/", base).href, packages, files: [], patience});
  window.outcomesOf = async (demo, every, text) => {
    const manifest = new URL(`assets/demos/${demo}.json`, base);
    const needs = await (await fetch(manifest)).json();
    const files = [{...needs.machinery, unpack: true}, ...needs.modules, ...needs.assets].map(file => (
      {...file, url: new URL(file.path.replace("demos/", ""), manifest).href}));
    const loaded = await ask("load", {packages, files});
    const outcomes = [];
    for (const settings of every) {
      const began = performance.now();
      const found = loaded?.error ? loaded : await ask("run", {demo, settings, text, most: null, fresh: true});
      outcomes.push({numbers: found.numbers, error: found.error, seconds: (performance.now() - began) / 1000});
    }
    return outcomes;
  };
  return started?.error ?? null;
}"""


SECONDS = 4  # that a page allows a run, see worker.js
PATIENCE = 150  # times that, since some demos take longer with all their numbers at the top


def ends(name):
    """One parameter after the other at its ends, the others at their defaults."""
    for parameter in read(name).parameters:
        values = {"bool": (True, False), "choice": parameter.choices, "text": (), "points": (), "pixels": ()}.get(
            parameter.kind, (parameter.low, parameter.high)
        )
        for value in values:
            if value != parameter.default:
                yield {parameter.name: value}


def all_at_once(name):
    """All numbers at the top, all at the bottom, and two random settings."""
    numbers = [parameter for parameter in read(name).parameters if parameter.kind in ("int", "float")]
    if numbers:
        yield {parameter.name: parameter.high for parameter in numbers}
        yield {parameter.name: parameter.low for parameter in numbers}
    yield from random_settings(name)


def random_settings(name):
    """Two of them, drawn from the demo's name and so the same each time."""
    rng = random.Random(name)
    for _ in range(2):
        yield {parameter.name: anywhere(parameter, rng) for parameter in read(name).parameters}


def anywhere(parameter, rng):
    """A random value where a slider can stand, or one of the choices; text stays as it is."""
    low, high, step = parameter.low, parameter.high, parameter.step
    match parameter.kind:
        case "bool":
            return rng.random() < 0.5
        case "choice":
            return rng.choice(parameter.choices)
        case "text" | "points" | "pixels":
            return parameter.default
    if parameter.log:
        value = min(low * (high / low) ** rng.random(), high)
    else:
        value = min(low + step * rng.randint(0, round((high - low) / step)), high)
    return round(value) if parameter.kind == "int" else value


def settings_of(name):
    """What to compare of a demo beside its defaults, without repetition."""
    wanted = [*ends(name), *all_at_once(name)]
    return [given for i, given in enumerate(wanted) if given and given not in wanted[:i]]


def outcome_here(name, given, text=None):
    """The numbers of a run, or the sentence and the remedy with which the demo refuses these settings.

    Raises DemoFailed where it fails: that has a line to blame, and a refusal has none."""
    if text is None:
        found = at(name, given)
        return tuple(found.refused) if found.refused else found.numbers
    try:
        return run(name, given, text)["numbers"]
    except DemoFailed as error:
        if error.line is not None:
            raise
        return error.message, error.hint


def outcome_there(answer):
    """The same of what the page answered; everything else that went wrong in there as text."""
    error = answer.get("error")
    if error and error["kind"] == "failed" and error.get("line") is None:
        return error["message"], error["hint"]
    return f"went wrong: {error}" if error else answer["numbers"]


def differences(name, given, there, here):
    """In sentences, what is not as it is here."""
    shown = ", ".join(f"{key}={value}" for key, value in given.items()) or "defaults"
    if not (isinstance(there, dict) and isinstance(here, dict) and there.keys() == here.keys()):
        return [] if there == here else [f"{name} at {shown}: in a page {there}, here {here}"]
    allowed = EXCEPTIONS.get(name, {})
    if allowed.get("at") == "random" and given not in random_settings(name):
        allowed = {}
    found = []
    for number, value in here.items():
        wider = allowed if number in allowed.get("numbers", here) else {}
        close = pytest.approx(value, rel=wider.get("rtol", 1e-9), abs=wider.get("atol", 1e-12))
        if there[number] != close:
            found.append(f"{name} at {shown}: {number} is {there[number]} in a page, and {value} here")
    return found


@pytest.fixture(scope="module")
def outcomes_in_browser(browser, site_url, request):
    """A function: demo, list of settings, text -> what a page answers to each, from one worker that is started once."""
    page = browser.new_page()
    page.goto(site_url + "demos/")
    assert page.evaluate(WORKER, [site_url, PATIENCE * slowness()]) is None
    slow = []

    def outcomes(demo, every, text=None):
        answers = page.evaluate("(asked) => window.outcomesOf(...asked)", [demo, every, text])
        slow.extend(
            f"{demo} {given} took {answer['seconds']:.1f} s"
            for given, answer in zip(every, answers, strict=True)
            if answer["seconds"] > SECONDS
        )
        return answers

    yield outcomes
    page.close()
    if slow:
        told = f"longer than the {SECONDS} s that a page allows, on a machine that may be busy:"
        request.config.stash[REMARKS].extend([told, *(f"  {line}" for line in slow)])


@pytest.mark.defaults
@pytest.mark.parametrize("name", LIVE)
def test_the_figures_in_a_page_at_the_defaults_are_those_at_your_desk(outcomes_in_browser, name):
    (answer,) = outcomes_in_browser(name, [{}])
    found = differences(name, {}, outcome_there(answer), outcome_here(name, {}))
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", LIVE)
def test_the_figures_in_a_page_are_those_at_your_desk(outcomes_in_browser, name):
    wanted, found = settings_of(name), []
    for given, answer in zip(wanted, outcomes_in_browser(name, wanted), strict=True):
        found += differences(name, given, outcome_there(answer), outcome_here(name, given))
    assert not found, "\n".join(found)


# Stands in for a demo, to see what these tests see.
EDITED = '''"""A sum.

Source: made up
"""

import sys
from typing import Annotated

import numpy as np

from demos import CannotRun, Range, Result, Table


def demo(*, count: Annotated[int, Range(1, 100_000)] = 10) -> Result:
    """Add up.

    count: how many numbers
    """
    if count == 7:
        raise CannotRun("7 can not be shared evenly", "take 8")
    if count == 9:
        raise CannotRun(f"9 is refused on {sys.platform}")
    if count == 11:
        raise ValueError("11")
    return Result("A sum.", {"sum": np.arange(count).sum()}, [Table(title="Sum", columns=["sum"], rows=[[1]])])
'''


def seen(outcomes_in_browser, count):
    """What is found to be different of EDITED."""
    answer = outcomes_in_browser("neuron", [{"count": count}], EDITED)[0]
    return differences("sum", {"count": count}, outcome_there(answer), outcome_here("neuron", {"count": count}, EDITED))


def test_an_overflow_in_a_page_is_seen_and_named(outcomes_in_browser):
    assert seen(outcomes_in_browser, 10) == []
    assert seen(outcomes_in_browser, 100_000) == [
        "sum at count=100000: sum is 704982704 in a page, and 4999950000 here"
    ]


def test_a_demo_refuses_with_the_same_sentence_in_a_page(outcomes_in_browser):
    assert seen(outcomes_in_browser, 7) == []
    assert outcome_here("neuron", {"count": 7}, EDITED) == ("7 can not be shared evenly", "take 8")
    (told,) = seen(outcomes_in_browser, 9)
    assert "in a page ('9 is refused on emscripten', '')" in told
    with pytest.raises(DemoFailed, match="ValueError: 11"):  # to fail is not to refuse
        seen(outcomes_in_browser, 11)


def test_random_settings_are_the_same_each_time_and_can_be_reached():
    for name in LIVE:
        assert list(all_at_once(name)) == list(all_at_once(name))
        for given in all_at_once(name):
            assert settings(name, given).items() >= given.items()


def test_every_exception_names_a_demo_and_a_reason():
    for name, entry in EXCEPTIONS.items():
        assert name in LIVE
        assert entry.get("at", "random") == "random"
        assert 1e-9 <= entry.get("rtol", 1e-9) < 1
        assert set(entry.get("numbers", ())) <= set(at(name).numbers), name
        assert 1e-12 <= entry.get("atol", 1e-12) < 1e-3
        assert len(entry["why"]) > 20
