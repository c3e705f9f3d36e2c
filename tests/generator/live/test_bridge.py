"""The Python end of a live demo, asked as the worker asks it."""

import importlib.util
import json
from pathlib import Path

import pytest

import generator.live as live

SPEC = importlib.util.spec_from_file_location("bridge", Path(live.__file__).parent / "browser" / "bridge.py")


@pytest.fixture
def ask():
    """A function: the settings and the views of a run of softmax -> all its pictures, as the bridge answers."""
    bridge = importlib.util.module_from_spec(SPEC)
    SPEC.loader.exec_module(bridge)

    def asked(settings, views=None, fresh=True):
        message = {"do": "run", "demo": "softmax", "settings": settings, "text": None, "fresh": fresh}
        ran = json.loads(bridge.answer(json.dumps(message | ({} if views is None else {"views": views}))))["result"]
        others = {"do": "draw", "positions": [*range(1, ran["count"])]}
        return [ran["view"], *json.loads(bridge.answer(json.dumps(others)))["result"]["views"]]

    return asked


def domain(answer, picture=1, along="y"):
    """The ends of an axis of a drawing."""
    for layer in answer[picture]["spec"]["layer"]:
        if "scale" in layer["encoding"].get(along, {}):
            return layer["encoding"][along]["scale"]["domain"]
    return None


def test_a_run_with_views_keeps_the_axes_that_it_is_given(ask):
    plain = domain(ask({}))
    wide = [-100, 100]
    assert domain(ask({}, [None, {"y": wide}, None])) == wide
    assert domain(ask({}, [None, None, None])) == plain


def test_a_picture_is_drawn_again_where_only_its_view_is_another(ask):
    ask({})
    again = ask({}, fresh=False)
    assert again == [None] * len(again)
    views = ask({}, [None, {"y": [-99, 99]}], fresh=False)
    assert [view is not None for view in views] == [i == 1 for i in range(len(views))]


@pytest.mark.parametrize("views", [[], [{"y": [1, 0]}], [None, {"y": "high"}], [None, 3], [None] * 99])
def test_what_is_no_view_changes_nothing(ask, views):
    assert ask({}, views) == ask({})
