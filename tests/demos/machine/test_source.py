"""What a demo says about itself: what is read from a good one, and the sentence for each way to get it wrong."""

import pytest

from demos._run.source import (
    SourceProblems,
    assets,
    builds_on,
    closure,
    names,
    packages,
    read,
    read_part,
    runs_in_browser,
)
from demos._run.syntax import Parameter
from tests.demos.machine.spring import GOOD, put


def complaints(name, folder, text=None):
    with pytest.raises(SourceProblems) as caught:
        read(name, folder, text)
    return str(caught.value)


def test_reads_the_words_of_a_demo(folder):
    source = read("spring", folder)
    assert source.summary == "Spring: pull harder, stretch further."
    assert source.doc == "Spring: pull harder, stretch further.\n\nSource: Hooke (1678)"
    assert source.hint == "Pull until it gives."
    assert source.text == GOOD
    assert source.path == folder / "spring.py"


def test_reads_every_kind_of_parameter(folder):
    nothing = {"low": None, "high": None, "step": None, "log": False, "choices": (), "max_length": None}
    nothing |= {"play": False, "stops": 0}
    assert read("spring", folder).parameters == tuple(
        Parameter(**nothing | {"label": about["name"]} | about)
        for about in (
            {"name": "force", "kind": "float", "default": 2.0, "low": -5.0, "high": 5.0, "step": 0.1}
            | {"help": "how hard you pull, in newtons", "line": 16},
            {"name": "coils", "kind": "int", "default": 10, "low": 1, "high": 1000, "step": 1, "log": True}
            | {"help": "how many turns the wire takes", "line": 17},
            {"name": "shape", "kind": "choice", "default": "round", "choices": ("round", "square")}
            | {"help": "of the wire", "line": 18},
            {"name": "size", "kind": "choice", "default": 16, "choices": (16, 32), "help": "of the wire", "line": 19},
            {"name": "damped", "kind": "bool", "default": False, "help": "whether it comes to rest", "line": 20},
            {"name": "note", "kind": "text", "default": "hello", "max_length": 20}
            | {"help": "what to print beside it", "line": 21},
        )
    )


def test_reads_labels_and_how_a_slider_is_driven(folder):
    text = GOOD.replace("Range(-5, 5, 0.1)", "Range(-5, 5, 0.1, label='the pull', play=True, stops=11)")
    text = text.replace('Literal["round", "square"]', 'Annotated[Literal["round", "square"], Label("section")]')
    text = text.replace("damped: bool", "damped: Annotated[bool, demos.Label('at rest')]")
    text = text.replace("Text(max_length=20)", "Text(max_length=20, label='a word')")
    force, coils, shape, size, damped, note = read("spring", folder, text).parameters
    labels = [parameter.label for parameter in (force, coils, shape, size, damped, note)]
    assert labels == ["the pull", "coils", "section", "size", "at rest", "a word"]
    assert (force.play, force.stops, coils.play, coils.stops) == (True, 11, False, 0)
    assert (shape.kind, shape.choices, damped.kind, note.max_length) == ("choice", ("round", "square"), "bool", 20)


def test_a_name_is_its_own_label_with_spaces(folder):
    text = GOOD.replace("force:", "pulling_force:")
    assert read("spring", folder, text).parameters[0].label == "pulling force"


def test_a_number_given_as_a_whole_one_becomes_a_float_where_a_float_is_declared(folder):
    force, coils, *_ = read("spring", folder).parameters
    assert [type(value) for value in (force.default, force.low, force.step)] == [float, float, float]
    assert [type(value) for value in (coils.default, coils.low, coils.step)] == [int, int, int]


@pytest.mark.parametrize("default", [0.3, 0.6, 0.7, 0.9])
def test_a_default_that_no_float_hits_exactly_is_still_on_the_grid(folder, default):
    text = GOOD.replace("Range(-5, 5, 0.1)] = 2", f"Range(0, 1, 0.1)] = {default}")
    assert read("spring", folder, text).parameters[0].default == default


def test_finds_third_party_packages_anywhere_and_leaves_out_the_standard_library(folder):
    assert read("spring", folder).packages == ("numpy", "torch")


def test_finds_imports_of_other_demos_and_parts_in_every_spelling_and_in_order(folder):
    for name in ("spring", "mass", "rope", "wheel"):
        put(folder, name, "")
    put(folder, "parts.metal", "")
    put(folder, "parts.wood", "")
    code = """
        import demos.wheel
        from demos import Chart, rope
        from demos.mass import weigh
        from demos.parts import wood
        from demos.parts.metal import melt
        from demos.wheel import turn
    """
    put(folder, "clock", code)
    assert read("clock", folder).imports == ("wheel", "rope", "mass", "parts.wood", "parts.metal")


def test_the_footer_that_starts_a_demo_counts_as_no_import(folder):
    assert read("spring", folder).imports == ()


def test_finds_the_files_that_a_demo_opens(folder):
    (folder / "data" / "digits.npz").write_bytes(b"")
    put(folder, "clock", 'data = asset("digits.npz")\nagain = demos.asset("digits.npz")')
    assert read("clock", folder).assets == ("digits.npz",)


def test_lists_demos_and_neither_parts_nor_private_files(folder):
    put(folder, "parts.metal", "")
    put(folder, "clock", "")
    (folder / "_run.py").write_text("")
    (folder / "__init__.py").write_text("")
    assert names(folder) == ["clock", "spring"]


def test_a_part_needs_no_demo_function(folder):
    put(folder, "parts.metal", "import numpy", doc="Metal: what springs are made of.")
    part = read_part("parts.metal", folder)
    assert (part.summary, part.parameters, part.packages) == ("Metal: what springs are made of.", (), ("numpy",))


def test_edited_text_stands_in_for_the_file(folder):
    source = read("spring", folder, GOOD.replace('"hello"', '"bye"'))
    assert source.parameters[-1].default == "bye"


def test_an_edit_of_the_same_length_is_seen_at_once(folder):
    assert read("spring", folder).parameters[0].default == 2
    (folder / "spring.py").write_text(GOOD.replace("= 2,", "= 3,"))
    assert read("spring", folder).parameters[0].default == 3


def test_nothing_of_a_demo_is_run(folder):
    put(folder, "clock", "raise SystemExit('run!')")
    assert read("clock", folder).summary == "Words: about it."


TYPES = (
    "\nhint: use Annotated[float, Range(low, high, step)], Annotated[int, Range(low, high)], Literal['a', 'b'], bool, "
    "Annotated[str, Text(max_length=200)], Annotated[Sequence[tuple[float, float]], Points(x=(0, 1), y=(0, 1))], "
    "or Annotated[Sequence[Sequence[float]], Pixels(8, 8)]"
)


FORCE = "force: Annotated[float, Range(-5, 5, 0.1)] = 2"


COILS = "coils: Annotated[int, Range(1, 1000, log=True)] = 10"


SHAPE = 'shape: Literal["round", "square"] = "round"'


NOTE = 'note: Annotated[str, Text(max_length=20)] = "hello"'


SLIPS = [
    # what stands in the file, what is written instead, what is said
    (
        "def demo(\n",
        "def show(\n",
        "demos/spring.py:1: there is no function demo()\nhint: add: def demo(*, …) -> Result:",
    ),
    ("def demo(\n", "def demo(\n  +", "demos/spring.py:15: this is not Python: invalid syntax"),
    (
        "    *,\n    force",
        "    *more,\n    force",
        "demos/spring.py:15: the parameter 'more' takes any number of values\nhint: name every setting on its own",
    ),
    (") -> Result:", "):", "demos/spring.py:14: demo() does not say that it returns a Result\nhint: add: -> Result"),
    (
        ") -> Result:",
        ") -> dict:",
        "demos/spring.py:14: demo() does not say that it returns a Result\nhint: add: -> Result",
    ),
    (FORCE, "force=2", f"demos/spring.py:16: the parameter 'force' has no type{TYPES}"),
    (
        FORCE,
        FORCE.removesuffix(" = 2"),
        "demos/spring.py:16: the parameter 'force' has no default\nhint: a demo runs before anybody sets anything",
    ),
    (
        FORCE,
        "force: float = 2",
        f"demos/spring.py:16: the parameter 'force' has a type that is not known here: float{TYPES}",
    ),
    (
        FORCE,
        "force: Annotated[float, Text(9)] = 2",
        "demos/spring.py:16: the parameter 'force' has a type that is not known here: Annotated[float, Text(9)]"
        + TYPES,
    ),
    (
        "Range(-5, 5, 0.1)",
        "Range(-5, 10 / 2, 0.1)",
        "demos/spring.py:16: the parameter 'force' has bounds that are computed: Range(-5, 10 / 2, 0.1)"
        "\nhint: write numbers and words out",
    ),
    (
        "Range(-5, 5, 0.1)",
        "Range(-5, 5, 0.1, False, 'pull')",
        "demos/spring.py:16: the parameter 'force' has bounds that cannot be read: Range(-5, 5, 0.1, False, 'pull')"
        "\nhint: they are low, high, step, log, label, play, stops",
    ),
    (
        "Range(-5, 5, 0.1)",
        "Range(-5, 5, 0.1, label=WORDS)",
        "demos/spring.py:16: the parameter 'force' has bounds that are computed: Range(-5, 5, 0.1, label=WORDS)"
        "\nhint: write numbers and words out",
    ),
    (
        "Range(-5, 5, 0.1)",
        "Range(-5, 5, 0.1, label=3)",
        "demos/spring.py:16: the parameter 'force' has a Range whose label is 3, which is not text",
    ),
    (
        "Range(-5, 5, 0.1)",
        "Range(-5, 5, 0.1, label='how hard  you pull')",
        "demos/spring.py:16: the parameter 'force' has the label 'how hard  you pull', which is not one line of words"
        "\nhint: one space between words",
    ),
    (
        "Range(-5, 5, 0.1)",
        f"Range(-5, 5, 0.1, label='{'x' * 41}')",
        "demos/spring.py:16: the parameter 'force' has a label of 41 characters, and there is room for 40"
        "\nhint: say the rest in its line of the docstring",
    ),
    (
        "Range(-5, 5, 0.1)",
        "Range(-5, 5, 0.1, label='Coils')",
        "demos/spring.py:17: the parameters 'force' and 'coils' are both called 'coils'\nhint: give one another label",
    ),
    (
        "Range(-5, 5, 0.1)",
        "Range(-5, 5, 0.1, play=1)",
        "demos/spring.py:16: the parameter 'force' has a Range whose play is 1, which is not True or False",
    ),
    (
        "Range(-5, 5, 0.1)",
        "Range(-5, 5, 0.1, stops=1)",
        "demos/spring.py:16: the parameter 'force' has a Range whose stops are 1, which is not a whole number from 2 "
        "to 121\nhint: leave it out for the usual number",
    ),
    (
        "Range(-5, 5, 0.1)",
        "Range(-5, 5, 0.1, stops=True)",
        "demos/spring.py:16: the parameter 'force' has a Range whose stops are True, which is not a whole number "
        "from 2 to 121\nhint: leave it out for the usual number",
    ),
    (
        "damped: bool",
        "damped: Annotated[bool, Label(size)]",
        "demos/spring.py:20: the parameter 'damped' has bounds that are computed: Label(size)"
        "\nhint: write numbers and words out",
    ),
    (
        "damped: bool",
        "damped: Annotated[bool, Label()]",
        "demos/spring.py:20: the parameter 'damped' has bounds without words: Label()",
    ),
    (
        "Text(max_length=20)",
        "Text(max_length=20, label=b'x')",
        "demos/spring.py:21: the parameter 'note' has a Text whose label is b'x', which is not text",
    ),
    (
        "Annotated[str, Text(max_length=20)]",
        "Annotated[Annotated[str, Text(max_length=20)], Label('x')]",
        "demos/spring.py:21: the parameter 'note' has a label beside its bounds: "
        "Annotated[Annotated[str, Text(max_length=20)], Label('x')]"
        "\nhint: write the label into its Range or Text: Range(1, 9, label='size')",
    ),
    (
        "Range(-5, 5, 0.1)",
        "Range(-5, hihg=5)",
        "demos/spring.py:16: the parameter 'force' has bounds that cannot be read: Range(-5, hihg=5)"
        "\nhint: they are low, high, step, log, label, play, stops",
    ),
    (
        "Range(-5, 5, 0.1)",
        "Range(high=5)",
        "demos/spring.py:16: the parameter 'force' has bounds without low: Range(high=5)",
    ),
    (
        "Range(-5, 5, 0.1)",
        "Range(5, -5, 0.1)",
        "demos/spring.py:16: the parameter 'force' has a Range from 5 to -5, which is empty"
        "\nhint: put the smaller end first",
    ),
    (
        "Range(-5, 5, 0.1)",
        "Range(-5, 5, 0)",
        "demos/spring.py:16: the parameter 'force' has a Range with the step 0, which must be above zero",
    ),
    (
        "Range(-5, 5, 0.1)",
        "Range(-5, 5, 3)",
        "demos/spring.py:16: the parameter 'force' has a Range whose upper end cannot be reached"
        "\nhint: steps of 3 from -5 miss the end 5",
    ),
    (
        "Range(-5, 5, 0.1)",
        "Range(-5, True)",
        "demos/spring.py:16: the parameter 'force' has a Range whose high is True, which is not a number",
    ),
    (
        "Range(1, 1000, log=True)",
        "Range(0, 1000, log=True)",
        "demos/spring.py:17: the parameter 'coils' has a Range spaced by factors that starts at 0, "
        "which must be above zero",
    ),
    (
        "Range(1, 1000, log=True)",
        "Range(1, 1000, log=1)",
        "demos/spring.py:17: the parameter 'coils' has a Range whose log is 1, which is not True or False",
    ),
    (
        "Range(1, 1000, log=True)",
        "Range(1, 10, 0.5)",
        "demos/spring.py:17: the parameter 'coils' has a Range whose step is 0.5, which is not a whole number",
    ),
    (
        FORCE,
        FORCE + " + 1",
        "demos/spring.py:16: the parameter 'force' has a default that is computed\nhint: write the value out",
    ),
    (
        FORCE,
        FORCE.replace("= 2", "= 9"),
        "demos/spring.py:16: the parameter 'force' has the default 9, which is not between -5 and 5",
    ),
    (
        FORCE,
        FORCE.replace("= 2", "= 2.25"),
        "demos/spring.py:16: the parameter 'force' has the default 2.25, which steps of 0.1 from -5 do not reach"
        "\nhint: the nearest are 2.2 and 2.3",
    ),
    (
        FORCE,
        FORCE.replace("= 2", "= True"),
        "demos/spring.py:16: the parameter 'force' has the default True, which is not a number",
    ),
    (
        COILS,
        COILS.replace("= 10", "= 1.5"),
        "demos/spring.py:17: the parameter 'coils' has the default 1.5, which is not a whole number",
    ),
    (
        SHAPE,
        SHAPE.replace('= "round"', '= "rond"'),
        "demos/spring.py:18: the parameter 'shape' has the default 'rond', which is not one of its choices"
        "\nhint: did you mean 'round'?",
    ),
    (
        SHAPE,
        SHAPE.replace('= "round"', '= "zzz"'),
        "demos/spring.py:18: the parameter 'shape' has the default 'zzz', which is not one of its choices"
        "\nhint: choose one of 'round', 'square'",
    ),
    (
        "Literal[16, 32]",
        'Literal[16, "32"]',
        "demos/spring.py:19: the parameter 'size' mixes kinds of choices\nhint: let all be text, or all whole numbers",
    ),
    (
        "Literal[16, 32]",
        "Literal[16, 16]",
        "demos/spring.py:19: the parameter 'size' needs at least two choices, all different",
    ),
    (
        "damped: bool = False",
        "damped: bool = 0",
        "demos/spring.py:20: the parameter 'damped' has the default 0, which is not True or False",
    ),
    (
        NOTE,
        NOTE.replace("hello", "hello" * 5),
        "demos/spring.py:21: the parameter 'note' has a default of 25 characters, and takes at most 20",
    ),
    (
        "Text(max_length=20)",
        "Text(0)",
        "demos/spring.py:21: the parameter 'note' has a Text whose max_length is 0, "
        "which is not a whole number above zero",
    ),
    (
        "    shape: of the wire\n",
        "",
        "demos/spring.py:18: the parameter 'shape' is not explained"
        "\nhint: add a line to the docstring of demo(): 'shape: what it does'",
    ),
    (
        "    shape: of the wire\n",
        "    shape: of the wire\n    shapes: of wires\n",
        "demos/spring.py:14: the docstring of demo() explains 'shapes', and there is no such parameter"
        "\nhint: did you mean 'shape'?",
    ),
    (
        "import json",
        "from demos._run import run",
        "demos/spring.py:6: this imports '_run', which is private\nhint: demos share only what has a public name",
    ),
    (
        "import json",
        "from demos import *",
        "demos/spring.py:6: this imports * and does not say what it needs"
        "\nhint: name it: a reader wants to know where a word comes from",
    ),
    (
        "damped: bool = False",
        "Damped: bool = False",
        "demos/spring.py:14: the docstring of demo() explains 'damped', and there is no such parameter"
        "\nhint: did you mean 'Damped'?"
        "\ndemos/spring.py:20: 'Damped' is no name for a parameter"
        "\nhint: start with a letter from a to z, and go on with these, digits and underscores; a label may say more",
    ),
    (
        "damped: bool = False",
        "damped: bool = False, no_damped: bool = False",
        "demos/spring.py:20: the parameter 'no_damped' is not explained"
        "\nhint: add a line to the docstring of demo(): 'no_damped: what it does'"
        "\ndemos/spring.py:20: the parameter 'no_damped' has the name by which 'damped' is switched off"
        "\nhint: give it another name",
    ),
    *(
        (
            SHAPE,
            SHAPE.replace('"round", ', f'"round", {choice!r}, '),
            f"demos/spring.py:18: the parameter 'shape' has the choice {choice!r}, which nobody can read or type"
            "\nhint: name it in words that start with no minus",
        )
        for choice in ("", " ", "--json", "a\u200bb")
    ),
    (
        "import json",
        "from demos.spring import _half",
        "demos/spring.py:6: this imports '_half', which is private\nhint: demos share only what has a public name",
    ),
    (
        "import json",
        "from demos.spirng import bounce",
        "demos/spring.py:6: there is no demos/spirng.py to import\nhint: did you mean 'spring'?",
    ),
    (
        "import json",
        "from demos import Chrat",
        "demos/spring.py:6: there is no demos/Chrat.py to import\nhint: did you mean 'Chart'?",
    ),
    (
        "import json",
        "from .mass import weigh",
        "demos/spring.py:6: this import is relative\nhint: write it out: from demos.NAME import …",
    ),
    ("import json", 'asset("digits.npz")', "demos/spring.py:6: there is no demos/data/digits.npz"),
    ("import json", 'asset("../spring.py")', "demos/spring.py:6: there is no demos/data/../spring.py"),
    (
        "import json",
        "asset(name)",
        "demos/spring.py:6: asset() does not name its file literally"
        '\nhint: write it out, asset("digits.npz"): the page ships the files that it finds so',
    ),
]


@pytest.mark.parametrize(("find", "replace", "said"), SLIPS, ids=[slip[2].splitlines()[0] for slip in SLIPS])
def test_each_slip_is_told_with_its_line(folder, find, replace, said):
    assert GOOD.count(find) == 1
    text = GOOD.replace(find, replace)
    assert complaints("spring", folder, text) == said


def test_two_sliders_that_play_are_told(folder):
    text = GOOD.replace("0.1)", "0.1, play=True)").replace("log=True)", "log=True, play=True)")
    told = "demos/spring.py:17: the parameters 'force' and 'coils' can both be played"
    assert complaints("spring", folder, text) == f"{told}\nhint: let one of them play: the one whose way is the story"


def test_every_positional_parameter_is_told(folder):
    hint = "\nhint: put a star first, demo(*, …), so that every setting is named"
    assert complaints("spring", folder, GOOD.replace("    *,\n", "")) == "\n".join(
        f"demos/spring.py:{line}: the parameter '{name}' can be given by position{hint}"
        for line, name in enumerate(["force", "coils", "shape", "size", "damped", "note"], start=15)
    )


def test_a_missing_docstring_is_told_for_the_file_and_for_demo(folder):
    assert complaints("spring", folder, "def demo() -> Result:\n    return 1") == (
        "demos/spring.py:1: the file has no docstring\nhint: start it with the idea in one line, then its Source:\n"
        "demos/spring.py:1: demo() has no docstring\nhint: say in one sentence what to try"
    )


def test_all_problems_of_a_file_are_told_at_once_in_the_order_of_its_lines(folder):
    text = (
        GOOD.replace("= 2,", "= 9,").replace("import json", "import demos.mass").replace("damped: bool", "damped: int")
    )
    with pytest.raises(SourceProblems) as caught:
        read("spring", folder, text)
    assert [(problem.line, problem.message) for problem in caught.value.problems] == [
        (6, "there is no demos/mass.py to import"),
        (16, "the parameter 'force' has the default 9, which is not between -5 and 5"),
        (20, "the parameter 'damped' has a type that is not known here: int"),
    ]


def test_a_missing_file_is_told_with_the_near_miss(folder):
    assert complaints("sprig", folder) == "demos/sprig.py:1: there is no such file\nhint: did you mean 'spring'?"


def test_a_file_that_is_no_utf8_is_told(folder):
    (folder / "spring.py").write_bytes(b'"""\xff"""')
    assert complaints("spring", folder) == "demos/spring.py:1: this file is not UTF-8 text\nhint: save it as UTF-8"


def test_the_closure_lists_dependencies_first_and_itself_last(ladder):
    assert closure("clock", ladder) == ["mass", "wheel", "spring", "parts.ore", "parts.metal", "clock"]


def test_a_demo_builds_on_what_it_imports_and_parts_are_looked_through(ladder):
    assert builds_on("clock", ladder) == ["wheel", "spring", "mass"]
    assert builds_on("mass", ladder) == []


def test_packages_and_files_are_those_of_everything_below(ladder):
    assert packages("clock", ladder) == ["numpy", "scipy"]
    assert assets("clock", ladder) == ["ore.txt"]
    assert assets("wheel", ladder) == []


def test_runs_in_the_browser_with_numpy_alone(ladder):
    assert runs_in_browser("wheel", ladder)
    assert not runs_in_browser("clock", ladder)


def test_a_circle_of_imports_is_shown(folder):
    put(folder, "hen", "from demos.egg import hatch")
    put(folder, "egg", "\nfrom demos.parts.nest import sit")
    put(folder, "parts.nest", "from demos.hen import lay")
    put(folder, "farm", "from demos.hen import lay")
    for question in (closure, builds_on):
        with pytest.raises(SourceProblems) as caught:
            question("farm", folder)
        assert str(caught.value) == (
            "demos/parts/nest.py:2: these imports go in a circle: hen -> egg -> parts.nest -> hen"
            "\nhint: a demo imports only what is simpler than itself; move what both need into the simpler one"
        )


def test_a_demo_that_imports_itself_is_a_circle(folder):
    put(folder, "hen", "from demos.hen import lay")
    with pytest.raises(SourceProblems, match="these imports go in a circle: hen -> hen\n"):
        closure("hen", folder)


def test_a_module_that_does_not_exist_is_told_where_it_is_imported(ladder):
    (ladder / "mass.py").unlink()
    with pytest.raises(SourceProblems) as caught:
        closure("clock", ladder)
    assert str(caught.value) == "demos/wheel.py:2: there is no demos/mass.py to import"
