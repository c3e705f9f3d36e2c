"""Every demo that runs in a page gives the same figures there as at your desk. New demos need no entry anywhere.

At its defaults always; with TERMLAB_PARITY=ends (`make parity`) also at both ends of every slider, with every choice
and with every switch on and off.
"""

import os
from pathlib import Path

import pytest
import yaml

from demos._run.run import run
from demos._run.source import names, read, runs_in_browser
from tests.patience import slowness

pytestmark = pytest.mark.browser

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
  window.numbersOf = async (demo, settings) => {
    const manifest = new URL(`assets/demos/${demo}.json`, base);
    const needs = await (await fetch(manifest)).json();
    const files = [...needs.modules, ...needs.assets].map(file => (
      {...file, url: new URL(file.path.replace("demos/", ""), manifest).href}));
    const loaded = await ask("load", {packages, files});
    if (loaded?.error) return loaded;
    const found = await ask("run", {demo, settings, text: null, most: null, fresh: true});
    return found.error ? found : {numbers: found.numbers};
  };
  return started?.error ?? null;
}"""


def extremes(name):
    """One parameter after the other at its ends, the others at their defaults."""
    for parameter in read(name).parameters:
        values = {"bool": (True, False), "choice": parameter.choices, "text": ()}.get(
            parameter.kind, (parameter.low, parameter.high)
        )
        for value in values:
            if value != parameter.default:
                yield {parameter.name: value}


def cases():
    for name in LIVE:
        yield pytest.param(name, {}, id=name)
        if os.environ.get("TERMLAB_PARITY") == "ends":
            for given in extremes(name):
                yield pytest.param(
                    name, given, id=f"{name}-" + ",".join(f"{key}={value}" for key, value in given.items())
                )


@pytest.fixture(scope="module")
def numbers_in_browser(browser, site_url):
    """A function: demo, settings -> its numbers, or the error, from one worker that is started once."""
    page = browser.new_context().new_page()
    page.goto(site_url + "demos/")
    assert page.evaluate(WORKER, [site_url, slowness()]) is None
    yield lambda demo, given: page.evaluate("([demo, given]) => window.numbersOf(demo, given)", [demo, given])
    page.context.close()


@pytest.mark.parametrize(("name", "given"), list(cases()))
def test_the_figures_in_a_page_are_those_at_your_desk(numbers_in_browser, name, given):
    there = numbers_in_browser(name, given)
    assert "numbers" in there, there
    here = run(name, given)["numbers"]
    assert there["numbers"].keys() == here.keys()
    allowed = EXCEPTIONS.get(name, {})
    for number, value in here.items():
        wider = allowed if number in allowed.get("numbers", here) else {}
        close = pytest.approx(value, rel=wider.get("rtol", 1e-9), abs=wider.get("atol", 1e-12))
        assert there["numbers"][number] == close, number


def test_every_exception_names_a_demo_and_a_reason():
    for name, entry in EXCEPTIONS.items():
        assert name in LIVE
        assert 1e-9 <= entry.get("rtol", 1e-9) < 1
        assert set(entry.get("numbers", ())) <= set(run(name)["numbers"]), name
        assert 1e-12 <= entry.get("atol", 1e-12) < 1e-3
        assert len(entry["why"]) > 20
