"""What a page loads to run a demo: exactly the files it needs, and the Python end of the conversation."""

import gc
import hashlib
import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from demos._run.run import describe, run
from demos._run.source import DEMOS, closure, names, runs_in_browser
from generator.cache import keep, kept
from generator.live import files as browser
from generator.live.files import SNIPPET, machinery, manifest, modules, site_files, vega_bundle
from generator.live.runtime import Runtime

LIVE = [name for name in names() if runs_in_browser(name)]


# --- the manifest ---------------------------------------------------------------------------------------------


def test_a_manifest_pins_size_and_sum_of_every_file():
    for kind in ("modules", "assets"):
        for file in manifest("byte_pair_encoding")[kind]:
            content = (DEMOS.parent / file["path"]).read_bytes()
            assert (file["size"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_a_manifest_describes_the_parameters_as_the_terminal_does():
    described = json.loads(json.dumps(describe("neuron")))
    assert json.loads(json.dumps(manifest("neuron")))["parameters"] == described["parameters"]
    assert manifest("neuron")["packages"] == ["numpy"]


@pytest.mark.parametrize("name", LIVE)
def test_the_listed_files_are_enough_to_describe_run_and_draw_the_demo(name, tmp_path):
    listed = manifest(name)
    for file in [*listed["modules"], *listed["assets"]]:
        target = tmp_path / file["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((DEMOS.parent / file["path"]).read_bytes())
    asked = json.dumps({"do": "run", "demo": name, "settings": {}, "text": None, "most": None, "fresh": True})
    code = "import json, sys; sys.path[:0] = sys.argv[1:3]; import bridge; print(bridge.answer(sys.argv[3]))"
    bridge = str(Path(browser.__file__).parent / "browser")
    command = [sys.executable, "-I", "-c", code, str(tmp_path), bridge, asked]  # -I: not this copy of demos
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    answer = json.loads(done.stdout or "{}")
    assert "result" in answer, answer or done.stderr
    assert answer["result"]["summary"] == run(name)["summary"]


def test_only_the_modules_that_a_demo_imports_are_listed():
    assert modules("neuron")[-1] == "demos/neuron.py"
    assert [path for path in modules("neuron") if "/_" not in path] == ["demos/neuron.py"]
    below = [f"demos/{name.replace('.', '/')}.py" for name in closure("attention")]
    assert [path for path in modules("attention") if "/_" not in path] == below


def test_what_only_a_terminal_needs_stays_at_home(tmp_path):
    assert {"_run", "_view", "_source"} <= set(machinery())
    assert not {"_recorded", "__main__"} & set(machinery())
    folder = tmp_path / "demos"
    folder.mkdir()
    (folder / "_run.py").write_text(
        "from demos import _a, softmax\nimport demos._b\ndef late():\n    from demos import _c\n"
    )
    (folder / "_view.py").write_text("from demos._a import x\n")
    (folder / "_a.py").write_text("import json\n")
    (folder / "_b.py").write_text("from demos import _run\n")
    assert machinery(folder) == ["_a", "_b", "_run", "_view"]


# --- the files of the site ------------------------------------------------------------------------------------


@pytest.fixture
def some_runtime(monkeypatch, tmp_path):
    (tmp_path / "pyodide.mjs").write_text("export {}")
    found = Runtime({"pyodide.mjs": tmp_path / "pyodide.mjs"}, None)
    monkeypatch.setattr(browser, "runtime_files", lambda say: found)


def test_the_site_gets_manifests_sources_charts_and_python(some_runtime):
    files, problem = site_files(["softmax", "neuron"])
    assert problem is None
    assert {
        "assets/runtime/pyodide.mjs",
        "assets/vega.js",
        "assets/demos/neuron.json",
        "assets/demos/softmax.py",
    } < set(files)
    assert json.loads(str(files["assets/demos/softmax.json"])) == json.loads(json.dumps(manifest("softmax")))
    assert all(path.is_file() for path in files.values() if isinstance(path, Path))


def test_without_python_the_site_gets_no_files_and_the_reason(monkeypatch):
    monkeypatch.setattr(browser, "runtime_files", lambda say: Runtime({}, "not here"))
    assert site_files(["neuron"]) == ({}, "not here")


def test_the_bundle_of_the_charts_is_made_once_and_says_what_it_is(tmp_path):
    made = vega_bundle(tmp_path)
    assert made.startswith("/* Vega ")
    assert "BSD 3-Clause" in made.partition("\n")[0]
    assert SNIPPET.partition(" =")[0] in made
    (place,) = tmp_path.iterdir()
    assert kept(place) == made.encode()
    keep(place, b"what was remembered")
    assert vega_bundle.__wrapped__(tmp_path) == "what was remembered"


# --- the Python end -------------------------------------------------------------------------------------------


@pytest.fixture
def ask(monkeypatch):
    """bridge.py as the worker has it: JSON in, JSON out."""
    path = Path(browser.__file__).parent / "browser" / "bridge.py"
    spec = importlib.util.spec_from_file_location("bridge", path)
    bridge = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bridge)

    def asked(do="run", demo="neuron", settings=None, **more):
        request = {
            "do": do,
            "demo": demo,
            "settings": settings or {},
            "text": None,
            "most": None,
            "fresh": False,
            **more,
        }
        return json.loads(bridge.answer(json.dumps(request)))

    return asked


def edited(find, replace):
    text = (DEMOS / "neuron.py").read_text(encoding="utf-8")
    assert find in text
    return text.replace(find, replace, 1)


def test_a_run_answers_with_the_same_figures_as_the_terminal(ask):
    assert ask(settings={"bias": -0.5})["result"]["numbers"] == run("neuron", {"bias": -0.5})["numbers"]


def test_a_drawing_comes_as_a_specification_with_words_for_who_cannot_see_it(ask):
    view = ask()["result"]["views"][0]
    assert view["spec"]["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    assert view["title"] in view["label"]


def test_a_table_comes_as_html_in_which_every_text_is_escaped(ask):
    view = ask(text=edited('title="Truth table"', 'title="<img src=x onerror=alert(1)>"'))["result"]["views"][2]
    assert "&lt;img" in view["html"]
    assert "<img" not in view["html"]


def test_a_picture_that_did_not_change_is_not_sent_again_unless_it_is_asked_for(ask):
    ask()
    views = ask(settings={"activation": "tanh"})["result"]["views"]
    assert [view is None for view in ask(settings={"activation": "tanh"})["result"]["views"]] == [True] * len(views)
    assert None not in ask(settings={"activation": "tanh"}, fresh=True)["result"]["views"]


def test_a_page_with_room_for_one_picture_gets_one(ask):
    assert len(ask(most=1)["result"]["views"]) == 1


def test_the_data_of_a_picture_is_written_for_people_and_cut_to_two_hundred_rows(ask):
    ask()
    table = ask("table", index=0)["result"]
    assert len(table["rows"]) == 200
    assert table["more"] > 1000
    assert all(isinstance(cell, str) for row in table["rows"] for cell in row)


def test_an_edit_that_changes_the_signature_sends_the_new_parameters(ask):
    result = ask(text=edited("Range(-3, 3, 0.1)] = -1.5", "Range(-9, 9, 0.1)] = -1.5"))["result"]
    assert [p["high"] for p in result["parameters"] if p["name"] == "bias"] == [9]


def test_an_edit_leaves_no_trace_in_the_original(ask):
    ask(text=edited("return squash(x @ w + b)", "return squash(x @ w - b)"))
    assert ask()["result"]["numbers"] == run("neuron")["numbers"]


def test_an_error_names_its_line_and_quotes_it(ask):
    error = ask(text=edited("says_yes = CORNERS", "says_yes = 1 / 0 + CORNERS"))["error"]
    assert (error["kind"], error["own"], error["message"]) == ("failed", True, "ZeroDivisionError: division by zero")
    assert error["code"] == "says_yes = 1 / 0 + CORNERS @ w + bias > 0"


def test_what_is_not_python_is_told_with_its_line(ask):
    error = ask(text=edited("def neuron(", "def neuron(:("))["error"]
    assert error["code"].startswith("def neuron(:(")
    assert "not Python" in error["message"]


def test_a_value_out_of_range_is_told_in_the_words_of_the_terminal(ask):
    error = ask(settings={"bias": 7})["error"]
    assert (error["kind"], error["message"]) == ("setting", "bias is 7, and must lie between -3 and 3")


def test_the_clock_that_rings_like_ctrl_c_is_told_as_too_slow(ask):
    text = edited("    w, squash =", "    raise KeyboardInterrupt\n    w, squash =")
    assert ask(text=text)["error"] == {"kind": "slow"}


def test_a_recursion_without_end_is_told_and_the_next_run_works(ask):
    text = edited("    w, squash =", "    def again(n): return again(n + 1)\n    again(0)\n    w, squash =")
    assert "RecursionError" in ask(text=text)["error"]["message"]
    assert "result" in ask()


def test_new_files_are_imported_anew(ask):
    before = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "demos"}
    try:
        ask("ready", packages=["numpy"])
        assert sys.modules["demos._run"] is not before["demos._run"]
    finally:
        sys.modules.update(before)  # other tests hold on to these
        gc.unfreeze()
