"""What a page loads to run a demo: exactly the files it needs, and the Python end of the conversation."""

import gc
import hashlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import bs4
import pytest

from demos._run.run import describe, run
from demos._run.source import DEMOS, closure, machinery_files, names, runs_in_browser
from demos._show.pictures import KINDS
from generator.cache import keep, kept
from generator.live import files as browser
from generator.live.files import ARCHIVE, SNIPPET, archive, machinery, manifest, modules, site_files, vega_bundle
from generator.live.runtime import Runtime
from tests.demos.results import at

LIVE = [name for name in names() if runs_in_browser(name)]


# --- the manifest ---------------------------------------------------------------------------------------------


def test_a_manifest_pins_size_and_sum_of_every_file():
    for kind in ("modules", "assets"):
        for file in manifest("byte_pair_encoding")[kind]:
            content = (DEMOS.parent / file["path"]).read_bytes()
            assert (file["size"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_a_manifest_pins_the_archive_that_the_site_gets(some_runtime):
    shared, packed = manifest("neuron")["machinery"], site_files(["neuron"])[0][f"assets/{ARCHIVE}"]
    assert shared == {"path": ARCHIVE, "size": len(packed), "sha256": hashlib.sha256(packed).hexdigest()}
    assert manifest("byte_pair_encoding")["machinery"] == shared


def test_a_manifest_describes_the_parameters_as_the_terminal_does():
    described = json.loads(json.dumps(describe("neuron")))
    assert json.loads(json.dumps(manifest("neuron")))["parameters"] == described["parameters"]
    assert manifest("neuron")["packages"] == ["numpy"]


@pytest.mark.parametrize("name", LIVE)
def test_the_listed_files_are_enough_to_describe_run_and_draw_the_demo(name, tmp_path):
    listed = manifest(name)
    zipfile.ZipFile(io.BytesIO(archive())).extractall(tmp_path)
    for file in [*listed["modules"], *listed["assets"]]:
        target = tmp_path / file["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((DEMOS.parent / file["path"]).read_bytes())
    asked = json.dumps({"do": "run", "demo": name, "settings": {}, "text": None, "fresh": True})
    code = "import json, sys; sys.path[:0] = sys.argv[1:3]; import bridge; print(bridge.answer(sys.argv[3]))"
    bridge = str(Path(browser.__file__).parent / "browser")
    command = [sys.executable, "-I", "-c", code, str(tmp_path), bridge, asked]  # -I: not this copy of demos
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    answer = json.loads(done.stdout or "{}")
    assert "result" in answer, answer or done.stderr
    assert answer["result"]["summary"] == at(name).summary


def test_only_the_modules_that_a_demo_imports_are_listed():
    assert modules("neuron") == ["demos/neuron.py"]
    assert modules("attention") == [f"demos/{name.replace('.', '/')}.py" for name in closure("attention")]
    assert len(modules("attention")) > 1


# --- the archive ----------------------------------------------------------------------------------------------


def test_the_archive_holds_what_runs_and_draws_in_a_page_and_nothing_else():
    held = {"__init__", "_run.__init__", "_show.__init__"} | {f"_show.{kind}" for kind in KINDS}
    held |= {f"_run.{name}" for name in ("fits", "points", "result", "run", "settings", "source", "syntax", "unseen")}
    held |= {
        f"_show.{name}" for name in ("axes", "colors", "counted", "graph_layout", "html", "marks", "pictures", "sheet")
    }
    assert machinery() == sorted(held)


def test_what_only_a_terminal_or_the_build_needs_stays_at_home():
    here = {".".join(path.relative_to(DEMOS).with_suffix("").parts) for path in machinery_files()}
    at_home = {"_show.columns", "_show.save", "_show.svg", "_show.paint", "__main__"}
    at_home |= {"_run.recorded", "_run.fingerprint", "_run.sweep"}
    assert here - set(machinery()) == at_home


def test_imports_are_followed_where_a_file_is_loaded_and_not_into_its_functions(tmp_path):
    folder = tmp_path / "demos"
    (folder / "_show").mkdir(parents=True)
    (folder / "_run.py").write_text(
        "from demos import _a, softmax\nimport demos._show.b\ndef late():\n    import demos._c\n"
    )
    (folder / "_a.py").write_text("import json\n")
    (folder / "_c.py").write_text("")
    (folder / "_show" / "b.py").write_text("from demos._show.d import x\n")
    (folder / "_show" / "d.py").write_text("from demos import _run\n")
    assert machinery(folder, ["_run"]) == ["_a", "_run", "_show.__init__", "_show.b", "_show.d"]


def test_the_archive_holds_the_files_as_they_are():
    with zipfile.ZipFile(io.BytesIO(archive())) as packed:
        assert packed.namelist() == [f"demos/{module.replace('.', '/')}.py" for module in machinery()]
        for path in packed.namelist():
            assert packed.read(path) == (DEMOS.parent / path).read_bytes()


def test_the_same_files_are_the_same_archive_whenever_they_were_written_and_whoever_may_read_them(tmp_path):
    for path in machinery_files():
        copy = tmp_path / path.relative_to(DEMOS.parent)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        copy.chmod(0o600)
        os.utime(copy, (1e9, 1e9))
    assert archive(tmp_path / "demos") == archive()


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
        f"assets/{ARCHIVE}",
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
            "views": None,
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


def test_a_drawing_comes_as_a_specification_and_a_frame_with_words_for_who_cannot_see_it(ask):
    view = ask()["result"]["view"]
    assert view["spec"]["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    frame = bs4.BeautifulSoup(view["html"], "html5lib").figure
    assert frame.figcaption.text in frame.find(role="img")["aria-label"]
    assert frame.svg["viewBox"].startswith("0 0 440 ")
    assert not frame.svg.contents


def test_a_table_comes_as_html_in_which_every_text_is_escaped(ask):
    ask(text=edited('"Truth table"', '"<img src=x onerror=alert(1)>"'))
    (view,) = ask("draw", positions=[2])["result"]["views"]
    assert "&lt;img" in view["html"]
    assert "<img" not in view["html"]


def test_a_picture_that_did_not_change_is_not_sent_again_unless_it_is_asked_for(ask):
    def shown(**more):
        result = ask(settings={"activation": "tanh"}, **more)["result"]
        others = ask("draw", positions=[*range(1, result["count"])])["result"]["views"]
        return [result["view"], *others]

    ask()
    assert None not in shown()
    assert [view is None for view in shown()] == [True] * 3
    assert None not in shown(fresh=True)


def test_a_run_draws_the_main_picture_only_and_the_others_when_they_are_wanted(ask):
    result = ask(fresh=True)["result"]
    assert result["count"] == 3
    assert result["view"]["html"].startswith('<figure class="tl-figure tl-heatmap">')
    views = ask("draw", positions=[2, 1])["result"]["views"]
    assert ["tl-table" in view["html"] for view in views] == [True, False]
    assert ask("draw", positions=[1])["result"]["views"] == [None]


def test_the_data_of_a_picture_is_a_table_of_at_most_two_hundred_rows(ask):
    ask()
    table = bs4.BeautifulSoup(ask("table", index=0)["result"]["html"], "html5lib")
    assert len(table.tbody.find_all("tr")) == 200
    assert table.p.text.startswith("The first 200 rows; ")


def test_an_edit_that_changes_the_signature_sends_the_new_parameters(ask):
    result = ask(text=edited("Range(-3, 3, 0.1)] = -1.5", "Range(-9, 9, 0.1)] = -1.5"))["result"]
    assert [p["high"] for p in result["parameters"] if p["name"] == "bias"] == [9]


def test_an_edit_leaves_no_trace_in_the_original(ask):
    ask(text=edited("return squash(x @ w + b)", "return squash(x @ w - b)"))
    assert ask()["result"]["numbers"] == run("neuron")["numbers"]


def test_an_error_names_its_line_and_quotes_it(ask):
    error = ask(text=edited("verdict = closest(right)", "verdict = closest(1 / 0)"))["error"]
    assert (error["kind"], error["own"], error["message"]) == ("failed", True, "ZeroDivisionError: division by zero")
    assert error["code"] == "gate, verdict = closest(1 / 0)"


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


def test_between_loads_no_run_looks_at_the_files_again_and_an_edit_is_seen(ask, monkeypatch):
    before = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "demos"}
    try:
        ask("ready", packages=["numpy"])
        first = ask()["result"]
        with monkeypatch.context() as gone:
            gone.setattr(sys.modules["demos._run.source"], "text_of", lambda *_: pytest.fail("a file was read again"))
            assert ask()["result"]["figures"] == first["figures"]
        assert ask(text=edited("1 / (1 + ", "2 / (1 + "))["result"]["figures"] != first["figures"]
        assert ask()["result"]["figures"] == first["figures"]
    finally:
        sys.modules.update(before)  # other tests hold on to these
        gc.unfreeze()


def test_new_files_are_imported_anew(ask):
    before = {name: module for name, module in sys.modules.items() if name.partition(".")[0] == "demos"}
    try:
        ask("ready", packages=["numpy"])
        assert sys.modules["demos._run"] is not before["demos._run"]
    finally:
        sys.modules.update(before)  # other tests hold on to these
        gc.unfreeze()
