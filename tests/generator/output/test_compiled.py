"""A template is compiled once, and again when its text or the program changes."""

import pytest
from jinja2 import DictLoader, Environment

from generator.output import compiled
from generator.output.compiled import Compiled


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """What a template shows in an environment of its own, and whether it was compiled for that."""
    compiled_now = []
    compile_ = Environment.compile
    monkeypatch.setattr(Environment, "compile", lambda *given: (compiled_now.append(given), compile_(*given))[1])

    def show(text, folder=tmp_path / ".cache" / "templates"):
        compiled_now.clear()
        environment = Environment(loader=DictLoader({"page": text}), bytecode_cache=Compiled(folder), autoescape=True)
        return environment.get_template("page").render(name="<b>"), bool(compiled_now)

    return show


def test_a_template_is_compiled_once(shown):
    assert shown("Hello {{ name }}") == ("Hello &lt;b&gt;", True)
    assert shown("Hello {{ name }}") == ("Hello &lt;b&gt;", False)


def test_another_text_is_compiled_again(shown):
    shown("Hello {{ name }}")
    assert shown("Bye {{ name }}") == ("Bye &lt;b&gt;", True)


def test_another_version_of_the_program_compiles_again(shown, monkeypatch):
    shown("Hello {{ name }}")
    monkeypatch.setattr(compiled, "program", lambda: "another")
    assert shown("Hello {{ name }}") == ("Hello &lt;b&gt;", True)


def test_what_somebody_else_put_there_is_not_run(shown, tmp_path):
    shown("Hello {{ name }}")
    for place in (tmp_path / ".cache" / "templates").iterdir():
        place.write_bytes(place.read_bytes()[::-1])
    assert shown("Hello {{ name }}") == ("Hello &lt;b&gt;", True)


def test_nothing_is_kept_behind_a_link(shown, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    shown("Hello {{ name }}", tmp_path / "link")
    assert list((tmp_path / "elsewhere").iterdir()) == []
