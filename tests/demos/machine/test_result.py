"""What a demo returns: made into plain data, and the sentence for what can not be shown."""

import json
import re
from itertools import product

import pytest

from demos import Chart, Edge, Graph, Heatmap, Node, Result, Series
from demos._run.result import checked
from demos._show import pictures
from tests.demos.machine.spring import LINE, failure, spring


def test_a_result_is_plain_data_with_the_settings_that_made_it():
    assert spring(given={"force": "1", "coils": 4}) == {
        "demo": "spring",
        "settings": {"force": 1.0, "coils": 4, "shape": "round", "size": 16, "damped": False, "note": "hello"},
        "summary": "It stretches.",
        "numbers": {"stretch": 0.25},
        "show": [
            {
                "type": "table",
                "title": "Settings",
                "columns": ["name", "value"],
                "rows": [
                    ["force", 1.0],
                    ["coils", 4],
                    ["shape", "round"],
                    ["size", 16],
                    ["damped", False],
                    ["note", "hello"],
                ],
            }
        ],
    }


def test_arrays_and_their_scalars_become_lists_and_numbers():
    found = spring(
        "return Result('A.', {'a': np.float32(0.5), 'b': np.int8(3), 'c': np.array(2.0)},"
        " [Heatmap('H', np.eye(2), np.arange(2), ('a', np.str_('b')), overlay=[Series('s', np.arange(2), np.ones(2))]),"
        "  Tokens('T', np.array(['x', 'y']), range(2))])"
    )
    assert found["numbers"] == {"a": 0.5, "b": 3, "c": 2.0}
    assert found["show"][0]["values"] == [[1.0, 0.0], [0.0, 1.0]]
    assert found["show"][0]["columns"] == [0, 1]
    assert found["show"][0]["rows"] == ["a", "b"]
    assert found["show"][0]["overlay"] == [{"name": "s", "x": [0, 1], "y": [1.0, 1.0], "mark": "line", "labels": []}]
    assert found["show"][1] == {"type": "tokens", "title": "T", "pieces": ["x", "y"], "notes": [0, 1]}

    def types(item):
        if isinstance(item, dict | list):
            children = item.values() if isinstance(item, dict) else item
            return {type(item)}.union(*map(types, children))
        return {type(item)}

    assert types(found) == {dict, list, str, int, float, bool}


def test_every_kind_of_picture_arrives():
    found = spring(
        "return Result('A.', {}, [Chart('C', [Series('s', ['a'], [1], mark='bars')]),"
        " Graph('G', [Node('a', 'A', 0, 0), Node('b', 'B', 1, 1)], [Edge('a', 'b')]), Trace('R', [Step('me', 'hi')])])"
    )
    assert [picture["type"] for picture in found["show"]] == ["chart", "graph", "trace"]
    assert found["show"][1]["edges"] == [{"source": "a", "target": "b", "label": "", "weight": 1.0}]
    assert found["show"][2]["steps"] == [{"who": "me", "text": "hi"}]


HERE = f"demos/spring.py:{LINE}: "


A_LINE = "'train', [1, 2], [1, 2]"


RESULTS = [
    # instead of the body of demo(), what is said after the place of demo()
    ("return Result('', {}, [])", HERE + "the summary is empty"),
    ("return Result('One.\\nTwo.', {}, [])", HERE + "the summary has several lines, and must be one sentence"),
    ("return Result('A.', {'loss': np.nan}, [])", HERE + "the number 'loss' is nan, and must be finite"),
    ("return Result('A.', {'loss': -np.inf}, [])", HERE + "the number 'loss' is -inf, and must be finite"),
    (
        "return Result('A.', {'loss': None}, [])",
        HERE + "the number 'loss' is None, and must be a number, text or a list of them",
    ),
    ("return Result('A.', {'loss': 'low'}, [])", HERE + "the number 'loss' is 'low', which is not a number"),
    ("return Result('A.', {'done': True}, [])", HERE + "the number 'done' is true, which is not a number"),
    (
        "return Result('A.', {}, [dict(title='x')])",
        HERE + "picture 1 is a dict, and must be one of Chart, Heatmap, Table, Tokens, Graph, Trace",
    ),
    ("return Result('A.', {}, [Table('', [], [])])", HERE + "picture 1, a table, has no title"),
    ("return Result('A.', {}, [Table(5, [], [])])", HERE + "picture 1, a table, has no title"),
    (
        f"return Result('A.', {{}}, [Chart('Loss', [Series({A_LINE}), Series('test', [0, 1], [0, np.inf])])])",
        HERE + "the chart 'Loss': series[1]: y[1] is inf, and must be finite",
    ),
    (
        "return Result('A.', {}, [Chart('Loss', [Series('test', [0, None], [0, {}])])])",
        HERE + "the chart 'Loss': series[0]: x[1] is None, and must be a number, text or a list of them\n"
        "the chart 'Loss': series[0]: y[1] is a dict, and must be a number, text or a list of them",
    ),
    ("return Result('A.', {}, [Chart('Loss', [])])", HERE + "the chart 'Loss': it has no series"),
    ("return Result('A.', {}, [Graph('Map', [], [])])", HERE + "the graph 'Map': it has no boxes"),
    ("return Result('A.', {}, [Table('List', [], [])])", HERE + "the table 'List': it has no columns"),
    (
        "return Result('A.', {'one\\ntwo': 1}, [])",
        HERE + "the name of a number has several lines, and must be on one",
    ),
    (
        "return Result('A.', {}, [Table('One\\ntwo', ['a'], [])])",
        HERE + "the title of picture 1 has several lines, and must be on one",
    ),
    (
        "return Result('A.', {}, [Chart('Loss', [Series('train', [1, 2, 3], [1, 2])])])",
        HERE + "the chart 'Loss': the series 'train' has 3 values of x and 2 of y",
    ),
    (
        f"return Result('A.', {{}}, [Chart('Loss', [Series({A_LINE}, labels=['a'])])])",
        HERE + "the chart 'Loss': the series 'train' has 1 label for 2 values",
    ),
    (
        f"return Result('A.', {{}}, [Chart('Loss', [Series({A_LINE}, mark='pie')])])",
        HERE + "the chart 'Loss': the series 'train' has the mark 'pie', "
        "which is not one of line, step, area, points, bars",
    ),
    (
        "return Result('A.', {}, [Chart('Loss', [Series('train', ['a', 'b'], [1, 2])])])",
        HERE + "the chart 'Loss': the series 'train' has an x that is not a number, and only bars may have names there",
    ),
    (
        "return Result('A.', {}, [Chart('Loss', [Series('train', [1, 2], ['a', 'b'])])])",
        HERE + "the chart 'Loss': the series 'train' has a y that is not a number",
    ),
    (
        "return Result('A.', {}, [Chart('Loss', [Series('train', [1, 2], [0, 2])], log_y=True)])",
        HERE + "the chart 'Loss': the series 'train' has y = 0, which a logarithmic axis cannot show",
    ),
    (
        "return Result('A.', {}, [Heatmap('Map', np.eye(2), [1, 2], [1, 2, 3])])",
        HERE + "the heatmap 'Map': values has 2 rows, and rows names 3",
    ),
    (
        "return Result('A.', {}, [Heatmap('Map', np.eye(2), [1], [1, 2])])",
        HERE + "the heatmap 'Map': row 1 of values has 2 cells, and columns names 1",
    ),
    (
        "return Result('A.', {}, [Heatmap('Map', [[0, 1], [2, np.nan]], [1, 2], [1, 2])])",
        HERE + "the heatmap 'Map': values[1][1] is nan, and must be finite",
    ),
    (
        "return Result('A.', {}, [Heatmap('Map', np.diag([1.5, np.inf]), [1, 2], [1, 2])])",
        HERE + "the heatmap 'Map': values[1][1] is inf, and must be finite",
    ),
    (
        "return Result('A.', {}, [Heatmap('Map', [['a']], [1], [1])])",
        HERE + "the heatmap 'Map': row 1 of values holds something that is not a number",
    ),
    (
        "return Result('A.', {}, [Heatmap('Map', [[1]], [1], [1], scale='hot')])",
        HERE + "the heatmap 'Map': the scale 'hot' is not one of sequential, diverging",
    ),
    (
        "return Result('A.', {}, [Heatmap('Map', [[1]], [1], [1], overlay=[Series('line', [1], [])])])",
        HERE + "the heatmap 'Map': the overlay 'line' has 1 value of x and 0 of y",
    ),
    (
        "return Result('A.', {}, [Table('T', ['a', 'b'], [[1, 2], [1]])])",
        HERE + "the table 'T': row 2 has 1 cell for 2 columns",
    ),
    (
        "return Result('A.', {}, [Table('T', ['a'], [[[1]]])])",
        HERE + "the table 'T': row 1 holds a cell that is neither text nor a number",
    ),
    ("return Result('A.', {}, [Tokens('T', [1])])", HERE + "the tokens 'T': it holds a piece that is not text"),
    (
        "return Result('A.', {}, [Tokens('T', ['a', 'b'], [1])])",
        HERE + "the tokens 'T': it has 1 note for 2 pieces",
    ),
    (
        "return Result('A.', {}, [Graph('G', [Node('a', '', 0, 0), Node('a', '', 1, 1)], [])])",
        HERE + "the graph 'G': two nodes are called 'a'",
    ),
    (
        "return Result('A.', {}, [Graph('G', [Node('a', '', 0, 0)], [Edge('a', 'b')])])",
        HERE + "the graph 'G': the edge from 'a' to 'b' needs a node 'b', which is not there",
    ),
    (
        "return Result('A.', {}, [Trace('R', [Step('me', 1)])])",
        HERE + "the trace 'R': it holds a step that is not text",
    ),
    (
        "return Result('A.', {'loss': 10**400}, [])",
        HERE + "the number 'loss' is beyond 1.8e+308, where nothing is shown; give its logarithm",
    ),
    ("return Result('A.', {None: 1}, [])", HERE + "a number is called None, and its name must be text"),
    ("return Result('A.', {('a', 'b'): 1}, [])", HERE + "a number is called ('a', 'b'), and its name must be text"),
    ("return Result('A.', {' ': 1}, [])", HERE + "a number is called ' ', and its name must be text"),
    ("return Result('A.', {'loss': 1, 'Loss ': 2}, [])", HERE + "two numbers are called alike: 'loss' and 'Loss '"),
    ("return Result('A.', None, [])", HERE + "numbers is None, and must be a dict of names and numbers"),
    ("return Result('A.', [('loss', 1)], [])", HERE + "numbers is a list, and must be a dict of names and numbers"),
    ("return Result('A.', {}, None)", HERE + "show is None, and must be a list of pictures"),
    ("return Result('A.', {}, 5)", HERE + "show is an int, and must be a list of pictures"),
    (
        "return Result('A\\u202e.', {}, [])",
        HERE + "the summary holds the invisible character U+202E (right-to-left override)",
    ),
    ("return Result('A.', {'lo\\x07ss': 1}, [])", HERE + "the name of a number holds the control character U+0007"),
    (
        "return Result('A.', {}, [Table('T\\u200b', ['a'], [])])",
        HERE + "the title of picture 1 holds the invisible character U+200B (zero width space)",
    ),
    (
        "loop = []\n    loop.append(loop)\n    return Result('A.', {}, [Table('T', ['a'], loop)])",
        HERE + "the table 'T': rows[0][0][0][0][0][0][0] holds lists in lists more than 6 deep",
    ),
    (
        "return Result('A.', {}, [Chart('C', [Series('s', [0, 1], [0, 1e200])])])",
        HERE + "the chart 'C': series[0]: y[1] is beyond 1e+150, where nothing is shown; give its logarithm",
    ),
    (
        "return Result('A.', {}, [Chart('C', [Series('s', [0, 1], [1e-200, 1])], log_y=True)])",
        HERE + "the chart 'C': the series 's' has y = 0, which a logarithmic axis cannot show",
    ),
    ("return Result('A.', {}, [Heatmap('H', [], [], [])])", HERE + "the heatmap 'H': it has no cells"),
    ("return Result('A.', {}, [Heatmap('H', [[], []], [1, 2], [])])", HERE + "the heatmap 'H': it has no cells"),
    (
        "return Result('A.', {}, [Graph('G', [Node(str(i), '', i, 0) for i in range(2000)], [])])",
        HERE + "the graph 'G': it has 2,000 boxes, and a graph shows at most 80",
    ),
    (
        "nodes = [Node(str(i), '', i, 0) for i in range(30)]\n    "
        "return Result('A.', {}, [Graph('G', nodes, [Edge(str(i), str(j)) for i in range(30) for j in range(30)])])",
        HERE + "the graph 'G': it has 900 arrows, and a graph shows at most 120",
    ),
    *(
        (f"return Result('A.', {{}}, [{picture}])", HERE + said)
        for picture, said in [
            (
                "Chart('C', [Series('s' * 301, [1, 2], [0, 1])])",
                "the chart 'C': series[0].name has 301 letters, and a drawing shows at most 300 of a word or line",
            ),
            (
                "Graph('G', [Node('a', 'x' * 9000, 0, 0)], [])",
                "the graph 'G': nodes[0].label has 9,000 letters, and a drawing shows at most 300 of a word or line",
            ),
            (
                "Heatmap('H', [[1]], ['a' * 400], ['b'])",
                "the heatmap 'H': columns[0] has 400 letters, and a drawing shows at most 300 of a word or line",
            ),
            (
                "Chart('C', [Series('s', [0, 1], [0, 1], 'points', ['a', 'b' * 500])])",
                "the chart 'C': series[0].labels[1] has 500 letters, and a drawing shows at most 300 of a word or line",
            ),
            (
                "Chart('C', [Series(str(i), [1], [i]) for i in range(101)])",
                "the chart 'C': it has 101 series, and a picture shows at most 100",
            ),
            (
                "Chart('C', [Series('s', range(50_001), range(50_001))])",
                "the chart 'C': it has 50,001 values, and a picture shows at most 50,000",
            ),
            (
                "Chart('C', [Series('s', [str(i) for i in range(1001)], range(1001), 'bars')])",
                "the chart 'C': it has 1,001 named bars, and a picture shows at most 1,000",
            ),
            (
                "Heatmap('H', [[1]], [1], [1], overlay=[Series('s', range(201), range(201), 'points', ['a'] * 201)])",
                "the heatmap 'H': it has 201 labels, and a picture shows at most 200",
            ),
            (
                "Heatmap('H', np.zeros((400, 300)), range(300), range(400))",
                "the heatmap 'H': it has 120,000 cells, and a heatmap shows at most 100,000",
            ),
            ("Chart('C', [Series('s', 5, 5)])", "the chart 'C': '5' stands where Collection is expected"),
            ("Chart('C', [5])", "the chart 'C': '5' stands where Series is expected"),
            ("Graph('G', [5], [])", "the graph 'G': '5' stands where Node is expected"),
            ("Trace('R', [5])", "the trace 'R': '5' stands where Step is expected"),
            ("Table('T', 5, 5)", "the table 'T': '5' stands where Sequence is expected"),
        ]
    ),
    (
        "return Result('', {'loss': np.nan}, [Chart('C', [])])",
        HERE + "the summary is empty\nthe number 'loss' is nan, and must be finite",
    ),
]


@pytest.mark.parametrize(("body", "said"), RESULTS, ids=[said.splitlines()[0] for _, said in RESULTS])
def test_a_result_that_can_not_be_shown_gets_a_sentence(body, said):
    assert failure(body) == said


ENDS = [0.0, 5e-324, 1e-149, 1e-20, 1.0, 1 + 2**-52, 1e16 + 2, 1e149, 10**18]


@pytest.mark.parametrize("mark", ["line", "bars", "points", "area", "step"])
@pytest.mark.parametrize("log", [{}, {"log_x": True}, {"log_y": True}, {"log_x": True, "log_y": True}])
def test_what_lies_at_the_ends_of_numbers_is_drawn_or_told(mark, log):
    for a, b in product(ENDS, [*ENDS, *(-end for end in ENDS)]):
        shown_or_told(Chart("C", [Series("s", [a, b], [b, a], mark=mark)], **log))


def test_matrices_and_graphs_at_the_ends_of_numbers_are_drawn_or_told():
    for a, b in product(ENDS, [*ENDS, *(-end for end in ENDS)]):
        for scale in ("sequential", "diverging"):
            shown_or_told(Heatmap("H", [[a, b], [b, a]], [a, b], [b, a], scale=scale))
        shown_or_told(Graph("G", [Node("a", "A", a, b), Node("b", "B", b, a)], [Edge("a", "b", weight=a)]))


@pytest.mark.parametrize("value", [0.0, 1.0, 1e149, -1e149, 5e-324])
@pytest.mark.parametrize("scale", ["sequential", "diverging"])
def test_a_fine_matrix_of_one_value_is_drawn(value, scale):
    shown_or_told(Heatmap("H", [[value] * 40] * 40, range(40), range(40), scale=scale))


def shown_or_told(picture):
    """Whether a picture is told, or drawn with finite numbers alone, as a table and as text."""
    found, problems = checked(Result("A.", {}, [picture]))
    assert all("logarithmic axis cannot show" in problem for problem in problems)
    if not problems:
        item = found["show"][0]
        drawn = json.dumps([pictures.vega_lite(item), pictures.extent(item)])
        assert not re.search(r"\b(?:NaN|Infinity)\b", drawn)
        assert pictures.table_html(item)
        assert pictures.as_text(found)
